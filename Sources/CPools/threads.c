#define _GNU_SOURCE
#include "CPools.h"

#include <pthread.h>
#include <stdio.h>

void pools_name_this_thread(const char *name) {
#ifdef __APPLE__
    pthread_setname_np(name);
#else
    char cut[16];
    snprintf(cut, sizeof cut, "%s", name);
    pthread_setname_np(pthread_self(), cut);
#endif
}

int pools_initialize_mutex(pthread_mutex_t *mutex) {
#ifdef PTHREAD_ADAPTIVE_MUTEX_INITIALIZER_NP
    pthread_mutexattr_t attributes;
    pthread_mutexattr_init(&attributes);
    pthread_mutexattr_settype(&attributes, PTHREAD_MUTEX_ADAPTIVE_NP);
    int error = pthread_mutex_init(mutex, &attributes);
    pthread_mutexattr_destroy(&attributes);
    return error;
#else
    return pthread_mutex_init(mutex, NULL);
#endif
}
