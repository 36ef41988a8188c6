/*
 * Digests: SHA-256 by libcrypto, cut to 16 bytes, to tell whether something
 * changed.  No key; for what must not be guessed there is keyhash.h.
 */
#ifndef BS_DIGEST_H
#define BS_DIGEST_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define BS_DIGEST_SIZE 16

struct bs_digest; /* one running digest */

/* NULL only when out of memory. */
struct bs_digest *bs_digest_new(void);

/* Adds bytes, after their number in 8 bytes, so that "ab", "c" and "a", "bc"
 * differ. */
void bs_digest_add(struct bs_digest *digest, const void *bytes, size_t size);
void bs_digest_add_number(struct bs_digest *digest, uint64_t number);

/* Ends it and frees it.  BS_OK, or BS_ESYSTEM when libcrypto failed anywhere
 * on the way. */
int bs_digest_end(struct bs_digest **digest, uint8_t digest_r[BS_DIGEST_SIZE]);

#endif
