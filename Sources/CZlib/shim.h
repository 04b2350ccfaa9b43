/* zlib's inflateInit2 is a macro. */
#ifndef MAGPIE_CZLIB_H
#define MAGPIE_CZLIB_H

#include <zlib.h>

/* Begins to unpack gzip, whose header is checked (RFC 1952). */
static inline int czlib_begin_gunzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

#endif
