/* libcurl sets and reads options through variadic functions, which Swift can't call. Each function
   here is one of them with one type of argument; which options take it stands in curl's manual. */
#ifndef MAGPIE_CCURL_H
#define MAGPIE_CCURL_H

#define CURL_DISABLE_TYPECHECK
#include <curl/curl.h>

/* Macros of curl.h that Swift does not see. */
static const long ccurl_global_default = CURL_GLOBAL_DEFAULT;
static const CURLversion ccurl_version_now = CURLVERSION_NOW;

static const long ccurl_auth_basic = (long)CURLAUTH_BASIC;

/* Options of an easy handle. */

static inline CURLcode ccurl_easy_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_easy_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_easy_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_easy_set_list(
    CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}

/* For CURLOPT_WRITEFUNCTION and CURLOPT_HEADERFUNCTION. */
static inline CURLcode ccurl_easy_set_write(
    CURL *easy, CURLoption option, curl_write_callback value) {
    return curl_easy_setopt(easy, option, value);
}

static inline CURLcode ccurl_easy_set_progress(CURL *easy, curl_xferinfo_callback value) {
    return curl_easy_setopt(easy, CURLOPT_XFERINFOFUNCTION, value);
}

/* Facts about an easy handle's last transfer; what can't be told is 0 or null. */

static inline long ccurl_easy_long(CURL *easy, CURLINFO info) {
    long value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

static inline curl_off_t ccurl_easy_offset(CURL *easy, CURLINFO info) {
    curl_off_t value = 0;
    return curl_easy_getinfo(easy, info, &value) == CURLE_OK ? value : 0;
}

static inline void *ccurl_easy_private(CURL *easy) {
    char *value = NULL;
    return curl_easy_getinfo(easy, CURLINFO_PRIVATE, &value) == CURLE_OK ? value : NULL;
}

/* The caller frees the list. */
static inline struct curl_slist *ccurl_easy_cookies(CURL *easy) {
    struct curl_slist *value = NULL;
    return curl_easy_getinfo(easy, CURLINFO_COOKIELIST, &value) == CURLE_OK ? value : NULL;
}

/* Options of a multi handle and of a share. */

static inline CURLMcode ccurl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

static inline CURLMcode ccurl_multi_set_socket(
    CURLM *multi, curl_socket_callback callback, void *data) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
    return code == CURLM_OK ? curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, data) : code;
}

static inline CURLSHcode ccurl_share_add(CURLSH *share, curl_lock_data data) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, data);
}

#endif
