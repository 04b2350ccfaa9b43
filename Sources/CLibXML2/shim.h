/* libxml2 hides some of its functions behind macros and variables, which Swift can't see or may not
   touch. Each function here is one of them. */
#ifndef MAGPIE_CLIBXML2_H
#define MAGPIE_CLIBXML2_H

/* Debian's libxml2 drags in the headers of ICU, which Foundation has a copy of, and the two clash. What
   is left out with them is the end of a struct that is only ever pointed to. */
#include <libxml/xmlversion.h>
#undef LIBXML_ICU_ENABLED

#include <libxml/HTMLparser.h>
#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <libxml/tree.h>
#include <libxml/xmlIO.h>
#include <libxml/xmlerror.h>
#include <libxml/xpath.h>
#include <libxml/xpathInternals.h>

/* xmlFree is a variable that holds a function. */
static inline void clibxml2_free(void *memory) {
    xmlFree(memory);
}

/* xmlParserVersion may be a variable or a macro: 20914 for 2.9.14. */
static inline const char *clibxml2_version(void) {
    return xmlParserVersion;
}

static inline void clibxml2_ignore(void *data, const char *format, ...) {
    (void)data;
    (void)format;
}

/* Keeps the library from writing to standard error; holds for the calling thread. */
static inline void clibxml2_be_quiet(void) {
    xmlSetGenericErrorFunc(NULL, clibxml2_ignore);
}

#endif
