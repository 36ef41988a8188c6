/*
 * Keyed hashes: what stands for a trap or a message in the database.  HMAC-
 * SHA-256 by libcrypto, cut to 16 bytes, under a key that lives in a 0600 file
 * of its own and never in the database: without the key nobody can try out
 * which trap a hash stands for.
 */
#ifndef BS_KEYHASH_H
#define BS_KEYHASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define BS_KEYHASH_SIZE 16
#define BS_KEY_SIZE 32

struct bs_key {
	uint8_t octet[BS_KEY_SIZE];
};

/*
 * Reads the key file (64 hex digits and a newline), or makes it, mode 0600,
 * with fresh random bytes where it does not exist (O_EXCL, fsync, rename, so
 * that two programs agree).  Made by root, it gets the owner and group of its
 * folder.  BS_EACCES when others may read it; BS_EINVAL for another content.
 * `message` says which file and what to do.
 */
int bs_key_load(
    const char *path, struct bs_key *key_r, struct bs_message *message);

struct bs_keyhash; /* one running hash */

/* NULL only when out of memory.  The key is copied. */
struct bs_keyhash *bs_keyhash_new(const struct bs_key *key);
/* Starts over with the same key; `domain` keeps kinds of hashes apart:
 * "trap", "message". */
void bs_keyhash_start(struct bs_keyhash *hash, const char *domain);
void bs_keyhash_add(struct bs_keyhash *hash, const void *bytes, size_t size);
void bs_keyhash_end(struct bs_keyhash *hash, uint8_t digest_r[BS_KEYHASH_SIZE]);
void bs_keyhash_free(struct bs_keyhash **hash);

/*
 * HMAC in one step (RFC 2104), for what others must be able to compute as
 * well: SHA-1 is what BATV tags are defined with, where a forger of three
 * octets needs the key and no collision.  BS_OK, or BS_ESYSTEM when libcrypto
 * refuses.
 */
#define BS_HMAC_SHA1_SIZE 20
#define BS_HMAC_SHA256_SIZE 32

struct bs_bytes {
	const void *bytes;
	size_t size;
};

int bs_hmac_sha1(struct bs_bytes key, struct bs_bytes what,
    uint8_t mac_r[BS_HMAC_SHA1_SIZE]);
int bs_hmac_sha256(struct bs_bytes key, struct bs_bytes what,
    uint8_t mac_r[BS_HMAC_SHA256_SIZE]);

/* Whether both are equal, in a time that does not tell where they differ. */
bool bs_secret_equal(const void *a, const void *b, size_t size);

#endif
