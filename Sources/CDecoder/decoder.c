#include "CDecoder.h"

#include <dlfcn.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef void *(*decode_function)(int count, void *bytes);
typedef void *(*decode_jpeg_function)(int count, void *bytes, int ignores_warnings);
typedef void (*error_function)(int priority, const char *format, va_list arguments);

static struct {
    const char *format;
    const char *name;
    decode_function decode;
} readers[] = {
    {"png", "gdImageCreateFromPngPtr", NULL},   {"gif", "gdImageCreateFromGifPtr", NULL},
    {"webp", "gdImageCreateFromWebpPtr", NULL}, {"bmp", "gdImageCreateFromBmpPtr", NULL},
    {"tiff", "gdImageCreateFromTiffPtr", NULL}, {"avif", "gdImageCreateFromAvifPtr", NULL},
    {"heic", "gdImageCreateFromHeifPtr", NULL},
};
enum { reader_count = sizeof readers / sizeof *readers };

static decode_jpeg_function decode_jpeg;
static void (*destroy)(void *image);
static const char *(*version)(void);

// What the library said of the picture in hand: a damage first, else its first words.
static char said[256];
static int is_damaged;

/// libjpeg fills what is missing with grey and goes on; only its warnings tell. Bytes between two segments
/// are all that it forgives here: some cameras write them.
static int tells_damage(const char *message) {
    return strstr(message, "remature end") ||
           (strstr(message, "Corrupt JPEG data") && !strstr(message, "extraneous bytes"));
}

static void note(int priority, const char *format, va_list arguments) {
    (void)priority;
    char message[sizeof said];
    vsnprintf(message, sizeof message, format, arguments);
    message[strcspn(message, "\n")] = 0;
    int damage = tells_damage(message);
    if (!said[0] || (damage && !is_damaged)) memcpy(said, message, sizeof said);
    is_damaged |= damage;
}

int decoder_load(const char *library) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) return -1;
    if (version) {
        dlclose(handle);
        return 0;
    }
    void (*set_error_function)(error_function) =
        (void (*)(error_function))dlsym(handle, "gdSetErrorMethod");
    decode_jpeg = (decode_jpeg_function)dlsym(handle, "gdImageCreateFromJpegPtrEx");
    destroy = (void (*)(void *))dlsym(handle, "gdImageDestroy");
    const char *(*found)(void) = (const char *(*)(void))dlsym(handle, "gdVersionString");
    if (!set_error_function || !destroy || !found) {
        dlclose(handle);
        return -1;
    }
    for (int index = 0; index < reader_count; index++)
        readers[index].decode = (decode_function)dlsym(handle, readers[index].name);
    set_error_function(note);
    version = found;
    return 0;
}

const char *decoder_version(void) { return version ? version() : ""; }

enum decoder_verdict decoder_decode(const char *format, const void *bytes, int count, char *reason,
                                    size_t capacity) {
    decode_function decode = NULL;
    int is_jpeg = strcmp(format, "jpeg") == 0;
    for (int index = 0; index < reader_count; index++)
        if (strcmp(format, readers[index].format) == 0) decode = readers[index].decode;
    if (is_jpeg ? !decode_jpeg : !decode) return decoder_unread;
    said[0] = 0;
    is_damaged = 0;
    // The library only reads the bytes, though it does not say so.
    void *image = is_jpeg ? decode_jpeg(count, (void *)bytes, 0) : decode(count, (void *)bytes);
    if (image) destroy(image);
    snprintf(reason, capacity, "%s", said);
    return image && !is_damaged ? decoder_decoded : decoder_refused;
}
