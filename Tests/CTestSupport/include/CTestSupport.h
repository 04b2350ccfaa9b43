#ifndef MAGPIE_CTEST_SUPPORT_H
#define MAGPIE_CTEST_SUPPORT_H

#include <sys/types.h>

/// Starts a program in a folder, with nothing to read, with its output and errors in files, and without any
/// other open descriptor of this process. 0, or the number of an error.
int test_spawn(
    char *const arguments[], char *const environment[], const char *folder, const char *output,
    const char *errors, pid_t *pid);

/// Starts a program in a folder, on a terminal of its own of this size, as its first process. 0, or the
/// number of an error; `terminal` becomes the other end.
int test_spawn_on_terminal(
    char *const arguments[], char *const environment[], const char *folder, int columns, int rows,
    int *terminal, pid_t *pid);

/// Changes a terminal's size and tells who works on it.
int test_resize(int terminal, int columns, int rows);

#endif
