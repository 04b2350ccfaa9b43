// What Swift does not see of posix_spawn, since glibc shows it only to those who ask for its extensions.
#define _GNU_SOURCE
#include "CTestSupport.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <unistd.h>

int test_spawn(
    char *const arguments[], char *const environment[], const char *folder, const char *output,
    const char *errors, pid_t *pid) {
    const int create = O_WRONLY | O_CREAT | O_TRUNC;
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, 1, output, create, 0600);
    posix_spawn_file_actions_addopen(&actions, 2, errors, create, 0600);
    posix_spawn_file_actions_addchdir_np(&actions, folder);
    short flags = POSIX_SPAWN_SETSIGMASK;
#ifdef __linux__
    posix_spawn_file_actions_addclosefrom_np(&actions, 3);
#else
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, flags);
    int error = posix_spawnp(pid, arguments[0], &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return error;
}

int test_resize(int terminal, int columns, int rows) {
    struct winsize size = {.ws_col = columns, .ws_row = rows};
    return ioctl(terminal, TIOCSWINSZ, &size) == 0 ? 0 : errno;
}

int test_spawn_on_terminal(
    char *const arguments[], char *const environment[], const char *folder, int columns, int rows,
    int *terminal, pid_t *pid) {
    int other = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (other < 0 || grantpt(other) != 0 || unlockpt(other) != 0) return errno;
    const char *name = ptsname(other);
    int error = name == NULL ? errno : test_resize(other, columns, rows);
    if (error != 0) {
        close(other);
        return error;
    }
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, 0, name, O_RDWR, 0);
    posix_spawn_file_actions_adddup2(&actions, 0, 1);
    posix_spawn_file_actions_adddup2(&actions, 0, 2);
    posix_spawn_file_actions_addchdir_np(&actions, folder);
    posix_spawnattr_t attributes;
    posix_spawnattr_init(&attributes);
    sigset_t none;
    sigemptyset(&none);
    posix_spawnattr_setsigmask(&attributes, &none);
    posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSID);
    error = posix_spawnp(pid, arguments[0], &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) close(other);
    *terminal = other;
    return error;
}
