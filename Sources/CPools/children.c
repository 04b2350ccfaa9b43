#define _GNU_SOURCE
#include "CPools.h"

#include <errno.h>
#include <sys/wait.h>

int pools_has_ended(pid_t pid, int wait) {
    siginfo_t info = {0};
    int options = WEXITED | WNOWAIT | (wait ? 0 : WNOHANG);
    int error;
    while ((error = waitid(P_PID, (id_t)pid, &info, options)) < 0 && errno == EINTR) {}
    // No such child: somebody else has reaped it.
    return error < 0 || info.si_pid == pid;
}

int pools_reap(pid_t pid, int *status) {
    pid_t reaped;
    while ((reaped = waitpid(pid, status, 0)) < 0 && errno == EINTR) {}
    return reaped == pid ? 0 : -1;
}
