#ifndef MAGPIE_CTEST_SUPPORT_H
#define MAGPIE_CTEST_SUPPORT_H

#include <sys/types.h>

/// Starts a program in a folder, with nothing to read, with its output and errors in files, and without any
/// other open descriptor of this process. 0, or the number of an error.
int test_spawn(
    char *const arguments[], char *const environment[], const char *folder, const char *output,
    const char *errors, pid_t *pid);

#endif
