/* zlib's inflateInit2 is a macro. */
#ifndef MAGPIE_CZLIB_H
#define MAGPIE_CZLIB_H

#include <zlib.h>

/* Begins to unpack gzip, whose header is checked (RFC 1952). */
static inline int czlib_begin_gunzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}

/* Begins to pack as gzip; deflateInit2 is a macro, too. */
static inline int czlib_begin_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
