/*
 * SHA-256 by libcrypto's EVP.  A failure on the way is remembered and told at
 * the end, so that callers add without looking.  Called by server/zone.c for
 * the digest of what is served.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <openssl/evp.h>

#include "bytes.h"
#include "digest.h"

struct bs_digest {
	EVP_MD_CTX *context;
	bool failed;
};

struct bs_digest *
bs_digest_new(void)
{
	struct bs_digest *digest = calloc(1, sizeof(*digest));

	if (digest == NULL)
		return NULL;
	digest->context = EVP_MD_CTX_new();
	if (digest->context == NULL) {
		free(digest);
		return NULL;
	}
	digest->failed =
	    EVP_DigestInit_ex(digest->context, EVP_sha256(), NULL) != 1;
	return digest;
}

void
bs_digest_add_number(struct bs_digest *digest, uint64_t number)
{
	uint8_t octet[8];

	bs_put_be64(octet, number);
	if (EVP_DigestUpdate(digest->context, octet, sizeof(octet)) != 1)
		digest->failed = true;
}

void
bs_digest_add(struct bs_digest *digest, const void *bytes, size_t size)
{
	bs_digest_add_number(digest, size);
	if (EVP_DigestUpdate(digest->context, bytes, size) != 1)
		digest->failed = true;
}

int
bs_digest_end(struct bs_digest **digest, uint8_t digest_r[BS_DIGEST_SIZE])
{
	uint8_t whole[EVP_MAX_MD_SIZE];
	bool done;

	done = EVP_DigestFinal_ex((*digest)->context, whole, NULL) == 1 &&
	       !(*digest)->failed;
	if (done)
		memcpy(digest_r, whole, BS_DIGEST_SIZE);
	EVP_MD_CTX_free((*digest)->context);
	free(*digest);
	*digest = NULL;
	return done ? BS_OK : BS_ESYSTEM;
}
