/*
 * Master files: whatever is in one, it is read or refused with a message, and
 * what is read can be built into a zone that finds each of its records.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "dns.h"
#include "zone.h"
#include "zonefile.h"

#define NAME "\2bl\4test"
#define SIZE_MAX_BYTES ((size_t)64 * 1024) /* more is slow and tells no more */

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
count(void *context, bool fatal, const char *line)
{
	unsigned *lines = context;

	assert(fatal && strchr(line, '\n') == NULL);
	++*lines;
}

static void
build(const struct zonefile *zonefile)
{
	char name[] = "bl.test", txt[] = "%a";
	struct bs_config_zone config = {.name = name, .txt = txt};
	struct zone *zone = NULL;

	if (zone_new(&config, zonefile, &zone) != BS_OK)
		abort();
	for (size_t i = 0; i < zonefile->count; i++) {
		const struct zonefile_record *record = &zonefile->record[i];
		const struct zone_node *node =
		    zone_find_node(zone, record->owner, record->owner_size);

		assert(node != NULL);
		assert(zone_node_set(node, record->type) != NULL);
	}
	assert(zone->soa != NULL && zone->soa->count == 1);
	zone_free(&zone);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	unsigned lines = 0;
	struct zonefile_source source = {
	    .path = "bl.test.zone",
	    .name = (const uint8_t *)NAME,
	    .name_size = sizeof(NAME),
	    .where = "backstop.conf:1: zone",
	    .report = count,
	    .context = &lines,
	};
	struct zonefile *zonefile = NULL;
	int result;

	if (size > SIZE_MAX_BYTES)
		return 0;
	result = zonefile_parse(&source, (const char *)bytes, size, &zonefile);
	assert((result == BS_OK) == (lines == 0));
	if (result != BS_OK)
		return 0;
	build(zonefile);
	zonefile_free(&zonefile);
	return 0;
}
