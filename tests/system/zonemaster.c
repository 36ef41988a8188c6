/*
 * Zone content as a master file, for another server to serve it: the names that
 * lib/zonecontent.c makes of a real database.  Run by tests/system/zonecontent:
 *
 *	zonemaster fill DATABASE "198.51.0.0/16=autoreply !198.51.100.7 ..."
 *	zonemaster write DATABASE ZONE CLASSES|flat	the records
 *	zonemaster ask ZONE "198.51.0.0/16=..."		names worth asking for
 *
 * It ends with 3 where anything goes wrong: this is a test's own program.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config.h"
#include "store.h"
#include "testpoint.h"
#include "txt.h"
#include "zoneset.h"

#define NOW_S 1795000000u
#define TTL_S 900

static void
must(int error, const struct bs_message *message)
{
	if (error == 0)
		return;
	(void)fprintf(stderr, "zonemaster: %s\n",
	    message != NULL ? message->text : "failed");
	exit(3);
}

/* --- fill ---------------------------------------------------------------- */

static int
fill(const char *path, const char *text)
{
	struct zoneset set = {.listings = 0};
	struct bs_message message = {.text = ""};
	struct bs_store *store;
	struct bs_writer *writer;
	bool ignored;

	zoneset_parse(&set, text);
	must(bs_store_open(path, BS_STORE_WRITE, &store, &message), &message);
	must(
	    bs_writer_begin(store, NOW_S, "test", &writer, &message), &message);
	for (size_t i = 0; i < set.listings; i++)
		must(bs_writer_add(writer, &set.listing[i].prefix,
			 set.listing[i].classes, BS_LISTING_FOREVER, "",
			 &ignored),
		    NULL);
	for (size_t i = 0; i < set.exemptions; i++)
		must(bs_writer_exempt(
			 writer, &set.exemption[i], "a test", &ignored),
		    NULL);
	must(bs_writer_commit(&writer, &message), &message);
	bs_store_free(&store);
	return 0;
}

/* --- write --------------------------------------------------------------- */

/* A walk over both tables of a snapshot. */
struct walk {
	struct bs_snapshot *snapshot;
	bool any_listing, any_exemption;
	struct bs_prefix listing, exemption;
};

static int
next_listing(void *context, struct bs_prefix *prefix_r, bs_classes *classes_r)
{
	struct walk *walk = context;
	struct bs_listing listing;
	int error = bs_snapshot_next(walk->snapshot,
	    walk->any_listing ? &walk->listing : NULL, &listing);

	if (error != 0)
		return error;
	walk->any_listing = true;
	walk->listing = *prefix_r = listing.prefix;
	*classes_r = listing.classes;
	return 0;
}

static int
next_exemption(void *context, struct bs_prefix *prefix_r)
{
	struct walk *walk = context;
	struct bs_exemption exemption;
	int error = bs_snapshot_exempt_next(walk->snapshot,
	    walk->any_exemption ? &walk->exemption : NULL, &exemption);

	if (error != 0)
		return error;
	walk->any_exemption = true;
	walk->exemption = *prefix_r = exemption.prefix;
	return 0;
}

static void
write_name(const struct bs_zonename *name, const char *zone)
{
	char owner[BS_ZONENAME_TEXT_MAX], prefix[BS_PREFIX_TEXT_MAX];
	char classes[BS_CLASSES_TEXT_MAX];
	struct txt_values values = {classes, prefix, zone};
	uint8_t text[TXT_SIZE_MAX];
	size_t size;

	(void)bs_prefix_format(&name->prefix, prefix);
	(void)bs_classes_format(name->classes, classes);
	if (name->test && name->classes == 0)
		values.classes = "test";
	size = txt_write(BS_CONFIG_TXT_DEFAULT, &values, text);
	(void)bs_zonename_format(&name->node, owner);
	(void)printf("%s %d A 127.0.0.%u\n%s %d TXT \"%.*s\"\n", owner, TTL_S,
	    name->answer, owner, TTL_S, (int)size, (const char *)text);
}

static int
write_zone(const char *path, const char *zone, const char *classes)
{
	struct bs_zonecontent_settings settings = {
	    BS_CLASSES_ALL, false, false};
	struct walk walk = {.snapshot = NULL};
	struct bs_zonecontent_input input = {
	    &walk, next_listing, next_exemption};
	struct bs_message message = {.text = ""};
	struct bs_zonecontent content;
	struct bs_zonename name;
	struct bs_store *store;
	int error;

	settings.flat = strcmp(classes, "flat") == 0;
	if (!settings.flat)
		must(bs_classes_parse(classes, &settings.served), NULL);
	must(bs_store_open(path, BS_STORE_READ, &store, &message), &message);
	must(bs_snapshot_new(store, &walk.snapshot, &message), &message);
	must(bs_snapshot_renew(walk.snapshot), NULL);
	bs_zonecontent_start(&content, &input, &settings);
	while ((error = bs_zonecontent_next(&content, &name)) == 0)
		write_name(&name, zone);
	must(error == BS_ENOTFOUND ? 0 : error, NULL);
	bs_snapshot_free(&walk.snapshot);
	bs_store_free(&store);
	return 0;
}

/* --- ask ----------------------------------------------------------------- */

/* An address, all names above it, and some below each of these. */
static void
ask_address(const struct bs_addr *addr, const char *zone)
{
	unsigned step = bs_zonename_step(addr->family);

	for (unsigned bits = bs_family_bits(addr->family); bits > 0;
	     bits -= step) {
		struct bs_prefix node = bs_prefix_of(addr, bits);
		char text[BS_ZONENAME_TEXT_MAX], *name = text;

		(void)bs_zonename_format(&node, text);
		if (strncmp(text, "*.", 2) == 0)
			name += 2;
		(void)printf("%s.%s\nx.%s.%s\n*.%s.%s\nx.*.%s.%s\n", name, zone,
		    name, zone, name, zone, name, zone);
		(void)printf("7.%s.%s\na.%s.%s\n10.%s.%s\n", name, zone, name,
		    zone, name, zone);
	}
}

static struct bs_addr
moved(struct bs_addr addr, int by)
{
	for (size_t i = bs_family_octets(addr.family); i-- > 0;) {
		addr.octet[i] = (uint8_t)(addr.octet[i] + by);
		if (addr.octet[i] != (by > 0 ? 0 : 0xff))
			break;
	}
	return addr;
}

/* Its ends and what is beside them. */
static void
ask_prefix(const struct bs_prefix *prefix, const char *zone)
{
	struct bs_addr last = bs_prefix_last(prefix);
	struct bs_addr before = moved(prefix->addr, -1);
	struct bs_addr after = moved(last, 1);

	ask_address(&before, zone);
	ask_address(&prefix->addr, zone);
	ask_address(&last, zone);
	ask_address(&after, zone);
}

static int
ask(const char *zone, const char *text)
{
	struct zoneset set = {.listings = 0};

	zoneset_parse(&set, text);
	for (size_t i = 0; i < set.listings; i++)
		ask_prefix(&set.listing[i].prefix, zone);
	for (size_t i = 0; i < set.exemptions; i++)
		ask_prefix(&set.exemption[i], zone);
	for (unsigned i = 0; i < BS_TESTPOINT_COUNT; i++) {
		struct bs_addr addr = bs_testpoint_at(BS_IPV4, i);

		ask_address(&addr, zone);
		addr = bs_testpoint_at(BS_IPV6, i);
		ask_address(&addr, zone);
	}
	return 0;
}

int
main(int argc, char **argv)
{
	if (argc == 4 && strcmp(argv[1], "fill") == 0)
		return fill(argv[2], argv[3]);
	if (argc == 5 && strcmp(argv[1], "write") == 0)
		return write_zone(argv[2], argv[3], argv[4]);
	if (argc == 4 && strcmp(argv[1], "ask") == 0)
		return ask(argv[2], argv[3]);
	(void)fprintf(stderr, "zonemaster: see the head of its source\n");
	return 3;
}
