/*
 * A ring of digests.  What a message is told by is its beginning and its size: who
 * wants to can make another one each time, and gains nothing by it.  Called by
 * room.c.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "killers.h"

static bool
make_digest(const struct spool *spool, uint8_t digest_r[BS_DIGEST_SIZE])
{
	char *bytes = malloc(KILLERS_LOOKS_AT);
	struct bs_digest *digest = bs_digest_new();
	size_t used = 0, got = 1;
	int rc = bytes != NULL && digest != NULL ? BS_OK : BS_ENOMEM;

	while (rc == BS_OK && got > 0 && used < KILLERS_LOOKS_AT) {
		rc = spool_read(
		    spool, used, bytes + used, KILLERS_LOOKS_AT - used, &got);
		used += rc == BS_OK ? got : 0;
	}
	if (digest != NULL) {
		if (rc == BS_OK)
			bs_digest_add(digest, bytes, used);
		if (bs_digest_end(&digest, digest_r) != BS_OK)
			rc = BS_ESYSTEM;
	}
	free(bytes);
	return rc == BS_OK;
}

static size_t
known(const struct killers *killers)
{
	return killers->count < KILLERS_MAX ? (size_t)killers->count
					    : KILLERS_MAX;
}

static struct killer *
find(struct killers *killers, uint64_t size,
    const uint8_t digest[BS_DIGEST_SIZE])
{
	for (size_t i = 0; i < known(killers); i++) {
		struct killer *killer = &killers->killer[i];

		if (killer->size == size &&
		    memcmp(killer->digest, digest, BS_DIGEST_SIZE) == 0)
			return killer;
	}
	return NULL;
}

struct killer *
killers_find(struct killers *killers, const struct spool *spool)
{
	uint64_t size = spool_size(spool);
	uint8_t digest[BS_DIGEST_SIZE];

	for (size_t i = 0; i < known(killers); i++) {
		if (killers->killer[i].size == size)
			return make_digest(spool, digest)
				   ? find(killers, size, digest)
				   : NULL;
	}
	return NULL;
}

struct killer *
killers_note(struct killers *killers, const struct spool *spool)
{
	uint64_t size = spool_size(spool);
	uint8_t digest[BS_DIGEST_SIZE];
	struct killer *killer;

	if (!make_digest(spool, digest))
		return NULL;
	killer = find(killers, size, digest);
	if (killer != NULL)
		return killer;
	killer = &killers->killer[killers->count++ % KILLERS_MAX];
	*killer = (struct killer){.size = size};
	memcpy(killer->digest, digest, BS_DIGEST_SIZE);
	return killer;
}

void
killers_forget(struct killers *killers)
{
	killers->count = 0;
}
