"""Small real pictures: one pixel or block in one of four formats, as long as wanted by filling in their comments."""

import struct
import zlib


def png(fill):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
        + chunk(b"fiLl", fill)
        + chunk(b"IDAT", zlib.compress(b"\0\x80"))
        + chunk(b"IEND", b"")
    )


def gif(fill):
    blocks = b"".join(
        bytes([len(piece)]) + piece for piece in (fill[at : at + 255] for at in range(0, len(fill), 255))
    )
    return (
        b"GIF89a\1\0\1\0\x80\0\0\0\0\0\xff\xff\xff"
        + (b"\x21\xfe" + blocks + b"\0")
        + b"\x2c\0\0\0\0\1\0\1\0\0\2\2\x44\1\0\x3b"
    )


def jpeg(fill):
    """A grey block of 8 by 8: both Huffman tables have one code of one bit, and the data is two of them."""

    def segment(marker, data):
        return bytes([0xFF, marker]) + struct.pack(">H", len(data) + 2) + data

    one_code = bytes([1] + [0] * 15) + b"\0"
    return (
        b"\xff\xd8"
        + b"".join(segment(0xFE, fill[at : at + 65_000]) for at in range(0, len(fill), 65_000))
        + segment(0xDB, b"\0" + b"\1" * 64)
        + segment(0xC0, struct.pack(">BHHBBBB", 8, 8, 8, 1, 1, 0x11, 0))
        + segment(0xC4, b"\0" + one_code)
        + segment(0xC4, b"\x10" + one_code)
        + segment(0xDA, b"\1\1\0\0\x3f\0")
        + b"\x3f\xff\xd9"
    )


def webp(fill):
    def chunk(kind, data):
        return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)

    pixel = bytes.fromhex("2f0000001007101111 8888fe0700")
    chunks = chunk(b"VP8X", bytes(10)) + chunk(b"VP8L", pixel) + chunk(b"FILL", fill)
    return chunk(b"RIFF", b"WEBP" + chunks)


FORMATS = {"jpg": jpeg, "gif": gif, "png": png, "webp": webp}
"""How to make a picture of a format around these bytes of filling, by its usual extension."""
