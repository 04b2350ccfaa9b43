#ifndef POOLS_CPOOLS_H
#define POOLS_CPOOLS_H

#include <pthread.h>
#include <sys/types.h>

/// What Pools needs of the system and Swift cannot say: functions behind feature macros, and a spawn
/// whose types differ from system to system.

/// Names the calling thread for debuggers and `ps -L`; Linux keeps 15 bytes.
void pools_name_this_thread(const char *name);

/// Prepares a mutex that is held for moments only: where the system can, waiting for it begins awake.
int pools_initialize_mutex(pthread_mutex_t *mutex);

/// The environment variable that tells a process that it is a worker.
extern const char *const pools_worker_variable;

/// The descriptor of a worker's socket to its pool.
enum { pools_worker_socket = 3 };

/// Starts `path` as a worker: `socket` becomes descriptor 3, standard input is empty, output and error
/// stay what they are, every other descriptor is closed. No signal is blocked or ignored in it, and it
/// has a process group of its own, so that a Ctrl-C at the terminal reaches its parent alone.
/// 0, or an error number.
int pools_spawn_worker(const char *path, int socket, pid_t *pid);

/// Two connected stream sockets that no child process inherits, whose writers get no SIGPIPE.
/// `pools_receive` on the first returns at least every `patience` seconds, on the second it waits for ever.
/// 0, or an error number.
int pools_connect(int ends[2], int patience);

/// Sends all of it: 0, or -1 if the other end is gone.
int pools_send(int socket, const void *bytes, size_t count);

/// How `pools_receive` ended when it received nothing.
enum {
    /// The other end is gone.
    pools_gone = 0,
    /// The patience ran out.
    pools_quiet = -1,
    /// The other end is gone, and had not read all that was sent to it. Only Linux tells.
    pools_unread = -2,
};

/// Receives at most `count` bytes: how many, or one of the above.
ssize_t pools_receive(int socket, void *bytes, size_t count);

/// Sleeps until the other end is gone.
void pools_await_hangup(int socket);

/// Whether a child has ended; it can still be signalled without hitting a stranger. With `wait` it sleeps
/// until the child has.
int pools_has_ended(pid_t pid, int wait);

/// Takes the status of a child that has ended, after which its number may become another's.
/// 0, or -1 if somebody else has taken it.
int pools_reap(pid_t pid, int *status);

#endif
