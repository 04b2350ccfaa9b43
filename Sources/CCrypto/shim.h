#ifndef MAGPIE_CCRYPTO_H
#define MAGPIE_CCRYPTO_H

#include <openssl/crypto.h>
#include <openssl/evp.h>

#endif
