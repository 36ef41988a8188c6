/*
 * Access lists of any prefixes against the model that looks at each of them
 * (tests/unit/access_model.h).
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "access.h"
#include "access_model.h"

#define PREFIXES_MAX 64 /* of a kind */
#define ITEM_SIZE 8

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

enum kind {
	ALLOW,
	DENY,
	ASK,
};

/* The address of an item: its last six bytes, at both ends of IPv6 ones, where
 * all the others are 0 or all 255. */
static struct bs_addr
addr_of(const uint8_t *item)
{
	struct bs_addr addr = {
	    .family = (item[0] & 1) != 0 ? BS_IPV6 : BS_IPV4};

	if (addr.family == BS_IPV4) {
		memcpy(addr.octet, item + 2, 4);
		return addr;
	}
	memset(addr.octet, (item[0] & 2) != 0 ? 0xff : 0, sizeof(addr.octet));
	memcpy(addr.octet, item + 2, 3);
	memcpy(addr.octet + 13, item + 5, 3);
	return addr;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct bs_prefix prefix[2][PREFIXES_MAX];
	struct access_list list[2] = {{prefix[ALLOW], 0}, {prefix[DENY], 0}};
	struct access *access = NULL;
	size_t items = size / ITEM_SIZE;

	for (size_t i = 0; i < items; i++) {
		const uint8_t *item = bytes + i * ITEM_SIZE;
		struct bs_addr addr = addr_of(item);
		unsigned kind = (item[0] >> 2) % 3u;

		if (kind == ASK || list[kind].count == PREFIXES_MAX)
			continue;
		prefix[kind][list[kind].count++] = bs_prefix_of(
		    &addr, item[1] % (bs_family_bits(addr.family) + 1));
	}
	if (access_new(list[ALLOW], list[DENY], &access) != BS_OK)
		return 0;
	for (size_t i = 0; i < items; i++) {
		struct bs_addr addr = addr_of(bytes + i * ITEM_SIZE);

		assert(access_find(access, &addr) ==
		       access_model(list[ALLOW], list[DENY], &addr));
	}
	access_free(&access);
	return 0;
}
