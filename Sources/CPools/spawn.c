#define _GNU_SOURCE
#include "CPools.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>

extern char **environ;

#define WORKER_VARIABLE "SWIFT_POOLS_WORKER"
const char *const pools_worker_variable = WORKER_VARIABLE;

/// The environment with the worker's variable in front; the caller frees the array.
static char **worker_environment(void) {
    size_t count = 0;
    while (environ[count]) count++;
    char **all = malloc((count + 2) * sizeof *all);
    if (!all) return NULL;
    all[0] = (char *)WORKER_VARIABLE "=1";
    memcpy(all + 1, environ, (count + 1) * sizeof *all);
    return all;
}

static int prepare_attributes(posix_spawnattr_t *attributes) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
#ifdef __APPLE__
    flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#endif
    int error = posix_spawnattr_setsigmask(attributes, &none);
    if (!error) error = posix_spawnattr_setsigdefault(attributes, &all);
    if (!error) error = posix_spawnattr_setpgroup(attributes, 0);
    if (!error) error = posix_spawnattr_setflags(attributes, flags);
    return error;
}

static int prepare_descriptors(posix_spawn_file_actions_t *actions, int socket) {
    int error = posix_spawn_file_actions_adddup2(actions, socket, pools_worker_socket);
    if (!error) error = posix_spawn_file_actions_addopen(actions, 0, "/dev/null", O_RDONLY, 0);
#ifdef __APPLE__
    if (!error) error = posix_spawn_file_actions_addinherit_np(actions, 1);
    if (!error) error = posix_spawn_file_actions_addinherit_np(actions, 2);
#else
    if (!error)
        error = posix_spawn_file_actions_addclosefrom_np(actions, pools_worker_socket + 1);
#endif
    return error;
}

int pools_spawn_worker(const char *path, int socket, pid_t *pid) {
    posix_spawnattr_t attributes;
    posix_spawn_file_actions_t actions;
    int error = posix_spawnattr_init(&attributes);
    if (error) return error;
    error = posix_spawn_file_actions_init(&actions);
    if (!error) {
        error = prepare_attributes(&attributes);
        if (!error) error = prepare_descriptors(&actions, socket);
        char **environment = worker_environment();
        char *arguments[] = {(char *)path, NULL};
        if (!environment) error = ENOMEM;
        if (!error) error = posix_spawn(pid, path, &actions, &attributes, arguments, environment);
        free(environment);
        posix_spawn_file_actions_destroy(&actions);
    }
    posix_spawnattr_destroy(&attributes);
    return error;
}
