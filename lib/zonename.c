/*
 * Where a name of what is listed may stand, and its text.  Which names there
 * are is zonecontent.c's business, reading names is server/revname.c's.
 */
#include "autoconf.h"

#include <stdio.h>

#include "zonename.h"

unsigned
bs_zonename_step(uint8_t family)
{
	return family == BS_IPV4 ? 8 : 4;
}

bool
bs_zonename_may_stand(const struct bs_prefix *node)
{
	if (node->addr.family == BS_IPV6)
		return node->bits >= 16;
	for (unsigned i = 0; i < node->bits / 8; i++)
		if (node->addr.octet[i] > 9)
			return true;
	return false;
}

char *
bs_zonename_format(
    const struct bs_prefix *node, char text[BS_ZONENAME_TEXT_MAX])
{
	unsigned step = bs_zonename_step(node->addr.family);
	size_t used = 0;

	text[0] = '\0';
	if (!bs_prefix_is_single(node))
		used = (size_t)snprintf(text, BS_ZONENAME_TEXT_MAX, "*");
	for (unsigned i = node->bits / step; i-- > 0;) {
		unsigned value = step == 8    ? node->addr.octet[i]
				 : i % 2 == 0 ? node->addr.octet[i / 2] >> 4
					      : node->addr.octet[i / 2] & 0xfu;

		used += (size_t)snprintf(text + used,
		    BS_ZONENAME_TEXT_MAX - used, step == 8 ? "%s%u" : "%s%x",
		    used > 0 ? "." : "", value);
	}
	return text;
}
