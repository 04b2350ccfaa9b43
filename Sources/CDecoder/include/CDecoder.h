#ifndef MAGPIE_CDECODER_H
#define MAGPIE_CDECODER_H

#include <stddef.h>

/// libgd, found when the program runs: neither its header nor the library is needed to build or to start
/// magpie. Its functions are declared here as they have been since 2.1 (libgd.so.3, 2013).

/// How a picture was found.
enum decoder_verdict {
    /// All of it was decoded.
    decoder_decoded,
    /// It is damaged, or breaks a limit.
    decoder_refused,
    /// The library does not read this format.
    decoder_unread,
};

/// Loads a library, once for the process; 0, or -1 if it is not there or lacks what is needed.
int decoder_load(const char *library);

/// The version of the loaded library.
const char *decoder_version(void);

/// Decodes a picture. One thread at a time may call it.
///
/// `format` is one of `ImageFormat`'s names. `reason` gets what the library says of a refused one, empty if it
/// says nothing.
enum decoder_verdict decoder_decode(const char *format, const void *bytes, int count, char *reason,
                                    size_t capacity);

/// Prepares a process that will decode what strangers made: a crash is silent and leaves no core file, what
/// libraries write to standard output and error is thrown away.
void decoder_prepare_process(void);

/// Bounds the memory of the process, in bytes, and the time until `decoder_disarm`, in seconds: it is ended by
/// SIGALRM if that passes.
void decoder_arm(unsigned long long memory, unsigned seconds);
void decoder_disarm(void);

#endif
