/* PCRE2 for strings of bytes. Its functions are macros that add the width to their names, so Swift
   calls them by their whole names: pcre2_compile_8. */
#ifndef MAGPIE_CPCRE2_H
#define MAGPIE_CPCRE2_H

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

#endif
