#define _GNU_SOURCE
#include "CPools.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>

#ifdef MSG_NOSIGNAL
#define SEND_FLAGS MSG_NOSIGNAL
#else
#define SEND_FLAGS 0
#endif

int pools_connect(int ends[2], int patience) {
#ifdef SOCK_CLOEXEC
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends)) return errno;
#else
    if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends)) return errno;
#endif
    struct timeval time = {.tv_sec = patience};
    for (int end = 0; end < 2; end++) {
#ifndef SOCK_CLOEXEC
        fcntl(ends[end], F_SETFD, FD_CLOEXEC);
#endif
#ifdef SO_NOSIGPIPE
        int on = 1;
        setsockopt(ends[end], SOL_SOCKET, SO_NOSIGPIPE, &on, sizeof on);
#endif
    }
    setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &time, sizeof time);
    return 0;
}

int pools_send(int socket, const void *bytes, size_t count) {
    const char *rest = bytes;
    while (count > 0) {
        ssize_t sent = send(socket, rest, count, SEND_FLAGS);
        if (sent < 0 && errno == EINTR) continue;
        if (sent < 0) return -1;
        rest += sent;
        count -= (size_t)sent;
    }
    return 0;
}

ssize_t pools_receive(int socket, void *bytes, size_t count) {
    while (1) {
        ssize_t received = recv(socket, bytes, count, 0);
        if (received >= 0) return received;
        if (errno == EINTR) continue;
        if (errno == EAGAIN || errno == EWOULDBLOCK) return pools_quiet;
        return errno == ECONNRESET ? pools_unread : pools_gone;
    }
}

void pools_await_hangup(int socket) {
    struct pollfd poll_for = {.fd = socket, .events = 0};
    while (poll(&poll_for, 1, -1) < 0 && errno == EINTR) {}
}
