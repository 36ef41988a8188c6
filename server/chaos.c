/*
 * The four names of class CHAOS that servers are asked by.  Called by
 * respond.c.
 */
#include "autoconf.h"

#include <string.h>

#include "chaos.h"

static const struct {
	const char *name; /* in wire form */
	size_t size;      /* with the root label */
	bool version;
} names[] = {
    {"\2id\6server", 11, false},
    {"\10hostname\4bind", 15, false},
    {"\7version\6server", 16, true},
    {"\7version\4bind", 14, true},
};

const char *
chaos_find(const struct guard *guard, const uint8_t *name, size_t size)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (names[i].size == size &&
		    memcmp(names[i].name, name, size) == 0)
			return names[i].version ? guard->version
						: guard->identity;
	return NULL;
}
