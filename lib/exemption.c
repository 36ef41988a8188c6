/*
 * Exemption records to bytes and back.  Pure: lib/store_exempt.c keeps them.
 *
 * Value: version, by whom, since_s (4), size of the actor, size of the reason;
 * then the actor, the reason.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"
#include "error.h"
#include "exemption.h"

#define HEADER_SIZE 8

size_t
bs_exemption_encode(
    const struct bs_exemption *exemption, uint8_t value[BS_EXEMPTION_VALUE_MAX])
{
	size_t actor_size = strnlen(exemption->actor, BS_JOURNAL_ACTOR_MAX);
	size_t reason_size =
	    strnlen(exemption->reason, BS_EXEMPTION_REASON_MAX);

	assert(exemption->by != 0 && (exemption->by & ~BS_EXEMPT_ALL) == 0);
	value[0] = BS_EXEMPTION_VERSION;
	value[1] = exemption->by;
	bs_put_be32(value + 2, exemption->since_s);
	value[6] = (uint8_t)actor_size;
	value[7] = (uint8_t)reason_size;
	memcpy(value + HEADER_SIZE, exemption->actor, actor_size);
	memcpy(
	    value + HEADER_SIZE + actor_size, exemption->reason, reason_size);
	return HEADER_SIZE + actor_size + reason_size;
}

int
bs_exemption_decode(const struct bs_prefix *prefix, const uint8_t *value,
    size_t size, struct bs_exemption *exemption_r)
{
	struct bs_exemption exemption = {.prefix = *prefix};
	const uint8_t *text;

	if (size < 1)
		return BS_ECORRUPT;
	if (value[0] != BS_EXEMPTION_VERSION)
		return BS_EVERSION;
	if (size < HEADER_SIZE || value[1] == 0 ||
	    (value[1] & ~BS_EXEMPT_ALL) != 0)
		return BS_ECORRUPT;
	if (value[6] > BS_JOURNAL_ACTOR_MAX ||
	    value[7] > BS_EXEMPTION_REASON_MAX ||
	    size != (size_t)HEADER_SIZE + value[6] + value[7])
		return BS_ECORRUPT;
	text = value + HEADER_SIZE;
	if (memchr(text, '\0', size - HEADER_SIZE) != NULL)
		return BS_ECORRUPT;
	exemption.by = value[1];
	exemption.since_s = bs_get_be32(value + 2);
	memcpy(exemption.actor, text, value[6]);
	memcpy(exemption.reason, text + value[6], value[7]);
	*exemption_r = exemption;
	return BS_OK;
}
