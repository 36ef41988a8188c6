/*
 * Makes sightings.  Several traps in one message are one sighting with several
 * traps: one hit, and each of them is one that the source has hit.  Called by
 * room.c.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "batv.h"
#include "bytes.h"
#include "clock.h"
#include "reserved.h"
#include "roomsight.h"
#include "strput.h"
#include "utf8.h"

/* --- the source ---------------------------------------------------------- */

static bool
is_relay(const struct bs_config *config, const struct bs_addr *addr)
{
	return bs_prefix_any_has(config->relays, config->relay_count, addr);
}

/* Whether samples' addresses may be listed is the policy's to say. */
static bool
may_be_source(const struct bs_addr *addr)
{
	const struct bs_reserved *reserved = bs_reserved_find(addr);

	return reserved == NULL || reserved->documentation;
}

bool
roomsight_source(const struct bs_config *config,
    const struct envelope *envelope, const struct judgewire_answer *answer,
    struct bs_addr *source_r)
{
	struct bs_addr source = envelope->peer;

	if (!envelope->has_peer)
		return false;
	if (is_relay(config, &source)) {
		if (answer == NULL || !answer->has_source)
			return false;
		source = answer->source;
	}
	if (!may_be_source(&source))
		return false;
	*source_r = source;
	return true;
}

/* --- traps --------------------------------------------------------------- */

static int
compare_hashes(const void *a, const void *b)
{
	return memcmp(a, b, BS_KEYHASH_SIZE);
}

/* The hashes of all traps, sorted, to be freed; NULL: no memory. */
static uint8_t *
hash_traps(struct bs_keyhash *hash, const struct envelope *envelope)
{
	uint8_t *hashes = calloc(envelope->trap_count, BS_KEYHASH_SIZE);
	size_t count = 0;

	for (size_t i = 0; hashes != NULL && i < envelope->recipient_count;
	     i++) {
		const struct envelope_recipient *one = &envelope->recipient[i];
		char name[ENVELOPE_ADDRESS_MAX + 1];

		if (one->kind != RECIPIENT_TRAP)
			continue;
		(void)strput(name, 0, sizeof(name), one->address);
		bs_batv_strip(name); /* one trap, whatever its tag */
		bs_utf8_lower(name);
		bs_keyhash_start(hash, "trap");
		bs_keyhash_add(hash, name, strlen(name));
		bs_keyhash_end(hash, hashes + count++ * BS_KEYHASH_SIZE);
	}
	if (hashes != NULL)
		qsort(hashes, count, BS_KEYHASH_SIZE, compare_hashes);
	return hashes;
}

/* The first traps of those that are sorted, each once. */
static void
put_traps(const uint8_t *traps, size_t count, struct bs_sighting *sighting)
{
	memcpy(sighting->trap, traps, BS_KEYHASH_SIZE);
	sighting->more_count = 0;
	for (size_t i = 1; i < count; i++) {
		const uint8_t *one = traps + i * BS_KEYHASH_SIZE;

		if (memcmp(one, one - BS_KEYHASH_SIZE, BS_KEYHASH_SIZE) == 0)
			continue;
		if (sighting->more_count == BS_POLICY_MORE_TRAPS_MAX)
			return;
		memcpy(sighting->more[sighting->more_count++], one,
		    BS_KEYHASH_SIZE);
	}
}

/* Source and traps; what comes before tells messages and callouts apart. */
static void
finish(struct bs_keyhash *hash, const struct envelope *envelope,
    const uint8_t *traps, struct bs_sighting *sighting)
{
	const struct bs_addr *source = &sighting->source;

	bs_keyhash_add(hash, &source->family, 1);
	bs_keyhash_add(hash, source->octet, sizeof(source->octet));
	bs_keyhash_add(hash, traps, envelope->trap_count * BS_KEYHASH_SIZE);
	bs_keyhash_end(hash, sighting->identity);
	put_traps(traps, envelope->trap_count, sighting);
	sighting->door = BS_DOOR_LIVE;
	memcpy(sighting->feed, BS_FEED_LOCAL, sizeof(BS_FEED_LOCAL));
}

/* What a judge's answer says of it. */
static void
take_answer(const struct judgewire_answer *answer, struct bs_sighting *sighting)
{
	sighting->class = answer->class;
	sighting->lists = answer->lists;
	sighting->facts = answer->facts;
	sighting->has_tag = answer->has_tag;
	memcpy(sighting->tag, answer->tag, sizeof(sighting->tag));
}

int
roomsight_message(struct bs_keyhash *hash, const struct envelope *envelope,
    const struct judgewire_answer *answer, const struct bs_addr *source,
    struct bs_sighting *sighting_r)
{
	uint8_t *traps = hash_traps(hash, envelope);

	if (traps == NULL)
		return BS_ENOMEM;
	sighting_r->source = *source;
	take_answer(answer, sighting_r);
	bs_keyhash_start(hash, "live");
	bs_keyhash_add(hash, answer->digest, sizeof(answer->digest));
	finish(hash, envelope, traps, sighting_r);
	free(traps);
	return BS_OK;
}

int
roomsight_callout(struct bs_keyhash *hash, const struct envelope *envelope,
    const struct bs_addr *source, struct bs_sighting *sighting_r)
{
	uint8_t *traps = hash_traps(hash, envelope);
	uint8_t day[4];

	if (traps == NULL)
		return BS_ENOMEM;
	sighting_r->source = *source;
	sighting_r->class = BS_CALLOUT;
	sighting_r->lists = true;
	bs_put_be32(day, sighting_r->received_s / BS_DAY_S);
	bs_keyhash_start(hash, "callout");
	bs_keyhash_add(hash, day, sizeof(day));
	bs_keyhash_add(hash, envelope->sender, strlen(envelope->sender) + 1);
	finish(hash, envelope, traps, sighting_r);
	free(traps);
	return BS_OK;
}

int
roomsight_report(struct bs_keyhash *hash, const struct bs_config *config,
    const char *feed, const struct judgewire_answer *answer,
    struct bs_sighting *sighting_r)
{
	if (!answer->has_source || !may_be_source(&answer->source) ||
	    is_relay(config, &answer->source))
		return BS_ENOTFOUND;
	sighting_r->source = answer->source;
	take_answer(answer, sighting_r);
	if (answer->received_s != 0 &&
	    answer->received_s < sighting_r->received_s)
		sighting_r->received_s = answer->received_s;
	bs_keyhash_start(hash, "trap");
	bs_keyhash_add(hash, answer->trap, strlen(answer->trap));
	bs_keyhash_end(hash, sighting_r->trap);
	bs_keyhash_start(hash, "report");
	bs_keyhash_add(hash, answer->digest, sizeof(answer->digest));
	bs_keyhash_end(hash, sighting_r->identity);
	sighting_r->door = BS_DOOR_FILES;
	(void)snprintf(sighting_r->feed, sizeof(sighting_r->feed), "%s", feed);
	return BS_OK;
}
