#ifndef MAGPIE_CHOOKS_H
#define MAGPIE_CHOOKS_H

#include <sys/types.h>

/// Starts a program that is looked up in PATH. Input is empty, output goes to standard error, every other
/// descriptor is closed, no signal is blocked or ignored, and it leads a process group of its own, so that a
/// Ctrl-C at the terminal reaches magpie alone. 0, or an error number.
int hook_spawn(char *const arguments[], char *const environment[], pid_t *pid);

/// Sleeps until a child has ended. It keeps its number until `hook_reap`.
void hook_await(pid_t pid);

/// Takes the status of a child that has ended: its exit code, or the signal as a negative number.
int hook_reap(pid_t pid);

/// Kills a child and those of its descendants that stayed in its group.
void hook_kill(pid_t pid);

#endif
