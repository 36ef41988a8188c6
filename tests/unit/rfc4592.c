/*
 * See rfc4592.h.  All names that exist (section 2.2.2: those with records and
 * all above them) are kept in a hash table of their texts.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rfc4592.h"

struct name {
	char *text;
	const void *data; /* NULL: exists by what is below it */
};

struct rfc4592_zone {
	struct name *slot;
	size_t size; /* a power of 2 */
	size_t used, count;
};

static void *
must(void *memory)
{
	if (memory == NULL)
		abort();
	return memory;
}

struct rfc4592_zone *
rfc4592_new(void)
{
	struct rfc4592_zone *zone = must(calloc(1, sizeof(*zone)));

	zone->size = 64;
	zone->slot = must(calloc(zone->size, sizeof(*zone->slot)));
	return zone;
}

void
rfc4592_free(struct rfc4592_zone **zone)
{
	for (size_t i = 0; i < (*zone)->size; i++)
		free((*zone)->slot[i].text);
	free((*zone)->slot);
	free(*zone);
	*zone = NULL;
}

/* Where a name is, or would be. */
static struct name *
find(const struct rfc4592_zone *zone, const char *text)
{
	uint32_t hash = 2166136261u;
	size_t at;

	for (const char *c = text; *c != '\0'; c++)
		hash = (hash ^ (uint8_t)*c) * 16777619u;
	at = hash & (zone->size - 1);
	while (zone->slot[at].text != NULL &&
	       strcmp(zone->slot[at].text, text) != 0)
		at = (at + 1) & (zone->size - 1);
	return &zone->slot[at];
}

static void
grow(struct rfc4592_zone *zone)
{
	struct rfc4592_zone larger = *zone;

	if (2 * zone->used < zone->size)
		return;
	larger.size = 4 * zone->size;
	larger.slot = must(calloc(larger.size, sizeof(*larger.slot)));
	for (size_t i = 0; i < zone->size; i++)
		if (zone->slot[i].text != NULL)
			*find(&larger, zone->slot[i].text) = zone->slot[i];
	free(zone->slot);
	*zone = larger;
}

/* The name without its first label; NULL: it is the zone's. */
static const char *
parent(const char *name)
{
	const char *dot = strchr(name, '.');

	if (*name == '\0')
		return NULL;
	return dot != NULL ? dot + 1 : "";
}

/* Makes a name exist; returns it. */
static struct name *
make(struct rfc4592_zone *zone, const char *text)
{
	struct name *name;

	grow(zone);
	name = find(zone, text);
	if (name->text == NULL) {
		name->text = must(strdup(text));
		zone->used++;
	}
	return name;
}

void
rfc4592_add(struct rfc4592_zone *zone, const char *text, const void *data)
{
	struct name *name = make(zone, text);

	if (name->data != NULL) {
		(void)fprintf(stderr, "%s: twice in the zone\n", text);
		abort();
	}
	name->data = data;
	zone->count++;
	while ((text = parent(text)) != NULL)
		(void)make(zone, text);
}

size_t
rfc4592_count(const struct rfc4592_zone *zone)
{
	return zone->count;
}

static bool
exists(const struct rfc4592_zone *zone, const char *text)
{
	return *text == '\0' || find(zone, text)->text != NULL;
}

static struct rfc4592_answer
answer_of(const struct name *name)
{
	return (struct rfc4592_answer){
	    name->data != NULL ? RFC4592_ANSWER : RFC4592_NODATA, name->data};
}

struct rfc4592_answer
rfc4592_ask(const struct rfc4592_zone *zone, const char *name)
{
	const char *encloser = name;
	const struct name *source;
	char wildcard[512];

	if (*name == '\0')
		return (struct rfc4592_answer){.kind = RFC4592_NODATA};
	if (exists(zone, name))
		return answer_of(find(zone, name));
	/* section 3.3.1: the closest encloser, then the source of synthesis */
	while (!exists(zone, encloser))
		encloser = parent(encloser);
	(void)snprintf(wildcard, sizeof(wildcard), "*%s%s",
	    *encloser != '\0' ? "." : "", encloser);
	source = find(zone, wildcard);
	if (source->text == NULL)
		return (struct rfc4592_answer){.kind = RFC4592_NXDOMAIN};
	return answer_of(source);
}
