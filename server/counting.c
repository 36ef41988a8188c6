/*
 * Adds up what workers count while they count, and names it.  Each number is
 * read by itself: two of them may be a query apart.  Called by the main thread:
 * served.c and controller.c.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "counting.h"
#include "error.h"

/* --- names --------------------------------------------------------------------- */

struct number_name {
	unsigned number;
	const char *name;
};

static const struct number_name type_names[] = {
    {1, "A"},
    {2, "NS"},
    {5, "CNAME"},
    {6, "SOA"},
    {12, "PTR"},
    {15, "MX"},
    {16, "TXT"},
    {28, "AAAA"},
    {33, "SRV"},
    {35, "NAPTR"},
    {43, "DS"},
    {46, "RRSIG"},
    {47, "NSEC"},
    {48, "DNSKEY"},
    {52, "TLSA"},
    {64, "SVCB"},
    {65, "HTTPS"},
    {99, "SPF"},
    {251, "IXFR"},
    {252, "AXFR"},
    {255, "ANY"},
    {COUNTERS_TYPES - 1, "other"},
};

static const struct number_name rcode_names[] = {
    {0, "NOERROR"},
    {1, "FORMERR"},
    {2, "SERVFAIL"},
    {3, "NXDOMAIN"},
    {4, "NOTIMP"},
    {5, "REFUSED"},
    {16, "BADVERS"},
    {23, "BADCOOKIE"},
};

#define COUNT_OF(table) (sizeof(table) / sizeof((table)[0]))

/* The name, or PREFIX and the number in `text`. */
static const char *
name_of(const struct number_name *table, size_t rows, unsigned number,
    char text[16], const char *prefix)
{
	for (size_t i = 0; i < rows; i++) {
		if (table[i].number == number)
			return table[i].name;
	}
	(void)snprintf(text, 16, "%s%u", prefix, number);
	return text;
}

/* --- sums ---------------------------------------------------------------------- */

static uint64_t
read_counter(const counter *one)
{
	return atomic_load_explicit(one, memory_order_relaxed);
}

/* Of the counter that lies `offset` bytes into each worker's. */
static uint64_t
sum(const struct counting_from *from, size_t offset)
{
	uint64_t total = 0;

	for (size_t i = 0; i < from->count; i++) {
		const char *base = (const char *)from->counters[i];

		total += read_counter(
		    (const counter *)(const void *)(base + offset));
	}
	return total;
}

#define SUM(from, member) sum(from, offsetof(struct counters, member))
#define SUM_AT(from, member, index) \
	sum(from, offsetof(struct counters, member) + (index) * sizeof(counter))
#define SUM_ZONE(from, member, index)                               \
	sum(from,                                                   \
	    offsetof(struct counters, zone) +                       \
		(index) * sizeof(((struct counters *)0)->zone[0]) + \
		offsetof(__typeof__(((struct counters *)0)->zone[0]), member))

/* --- slots --------------------------------------------------------------------- */

static bool
is_zone_of(const struct zone_table *table, const char *name)
{
	for (size_t i = 0; table != NULL && i < table->count; i++) {
		if (strcmp(table->zone[i]->text, name) == 0)
			return true;
	}
	return false;
}

static void
free_slots(struct counting *counting, const struct zone_table *now)
{
	for (size_t i = 0; i < COUNTERS_ZONES; i++) {
		struct counting_slot *slot = &counting->slot[i];

		if (slot->zone == NULL || is_zone_of(now, slot->zone))
			continue;
		free(slot->zone);
		slot->zone = NULL;
	}
}

static struct counting_slot *
find_slot(struct counting *counting, const char *zone)
{
	struct counting_slot *first = NULL;

	for (size_t i = 0; i < COUNTERS_ZONES; i++) {
		struct counting_slot *slot = &counting->slot[i];

		if (slot->zone != NULL && strcmp(slot->zone, zone) == 0)
			return slot;
		if (slot->zone == NULL && first == NULL)
			first = slot;
	}
	return first;
}

int
counting_assign(struct counting *counting, const struct zone_table *now,
    struct zone_table *next, const struct counting_from *from)
{
	free_slots(counting, now);
	for (size_t i = 0; i < next->count; i++) {
		struct zone *zone = next->zone[i];
		struct counting_slot *slot = find_slot(counting, zone->text);
		size_t index;

		if (slot == NULL)
			return BS_ENOMEM;
		index = (size_t)(slot - counting->slot);
		zone->slot = (uint16_t)index;
		if (slot->zone != NULL)
			continue;
		slot->zone = strdup(zone->text);
		if (slot->zone == NULL)
			return BS_ENOMEM;
		slot->asked = SUM_ZONE(from, asked, index);
		slot->listed = SUM_ZONE(from, listed, index);
	}
	return BS_OK;
}

void
counting_free(struct counting *counting)
{
	free_slots(counting, NULL);
}

/* --- telling ------------------------------------------------------------------- */

/* Who is told. */
struct teller {
	counting_take *take;
	void *context;
};

static void
tell(const struct teller *teller, const char *group, const char *name,
    uint64_t number)
{
	teller->take(teller->context, group, name, number);
}

static void
tell_messages(const struct teller *teller, const struct counting_from *from)
{
	tell(teller, "queries", "udp", SUM(from, udp));
	tell(teller, "queries", "tcp", SUM(from, tcp));
	tell(teller, "unanswered", "dropped", SUM(from, dropped));
	tell(teller, "unanswered", "limited", SUM(from, limited));
	tell(teller, "unanswered", "slipped", SUM(from, slipped));
}

static void
tell_numbers(const struct teller *teller, const struct counting_from *from)
{
	char text[16];

	for (unsigned i = 0; i < COUNTERS_TYPES; i++) {
		uint64_t number = SUM_AT(from, type, i);

		if (number > 0)
			tell(teller, "type",
			    name_of(type_names, COUNT_OF(type_names), i, text,
				"TYPE"),
			    number);
	}
	for (unsigned i = 0; i < COUNTERS_RCODES; i++) {
		uint64_t number = SUM_AT(from, rcode, i);

		if (number > 0)
			tell(teller, "rcode",
			    name_of(rcode_names, COUNT_OF(rcode_names), i, text,
				"RCODE"),
			    number);
	}
}

/* An answer that names several classes counts for each. */
static void
tell_classes(const struct teller *teller, const struct counting_from *from)
{
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		enum bs_class class = bs_class_at(i);
		uint64_t total = 0;

		for (size_t j = 0; j < COUNTERS_CLASSES; j++) {
			if ((j << 2 & (unsigned)class) != 0)
				total += SUM_AT(from, classes, j);
		}
		tell(teller, "class", bs_class_name(class), total);
	}
}

static void
tell_zones(const struct counting *counting, const struct teller *teller,
    const struct zone_table *now, const struct counting_from *from)
{
	for (size_t i = 0; i < now->count; i++) {
		size_t slot = now->zone[i]->slot;

		tell(teller, "zone", now->zone[i]->text,
		    SUM_ZONE(from, asked, slot) - counting->slot[slot].asked);
	}
	for (size_t i = 0; i < now->count; i++) {
		size_t slot = now->zone[i]->slot;

		tell(teller, "listed", now->zone[i]->text,
		    SUM_ZONE(from, listed, slot) - counting->slot[slot].listed);
	}
}

/* The sketch that lies `offset` bytes into each worker's counters. */
static void
tell_top(const struct teller *teller, const struct counting_from *from,
    const char *group, size_t offset)
{
	struct sketch_item *item =
	    calloc(from->count + 1, SKETCH_ENTRIES * sizeof(*item));
	size_t count = 0;

	if (item == NULL)
		return;
	for (size_t i = 0; i < from->count; i++) {
		const char *base = (const char *)from->counters[i];

		count += sketch_read(
		    (const struct sketch *)(const void *)(base + offset),
		    item + count);
	}
	count = sketch_merge(item, count);
	for (size_t i = 0; i < count && i < COUNTING_TOP; i++) {
		char text[BS_PREFIX_TEXT_MAX];

		tell(teller, group, bs_prefix_format(&item[i].prefix, text),
		    item[i].count * COUNTERS_SAMPLE);
	}
	free(item);
}

void
counting_tell(const struct counting *counting, const struct zone_table *now,
    const struct counting_from *from, counting_take *take, void *context)
{
	const struct teller teller = {take, context};

	tell_messages(&teller, from);
	tell_numbers(&teller, from);
	tell_classes(&teller, from);
	tell_zones(counting, &teller, now, from);
	tell_top(&teller, from, "client", offsetof(struct counters, clients));
	tell_top(&teller, from, "listing", offsetof(struct counters, listings));
}
