/*
 * See server_fixture.h.  Listings and exemptions are short tables, so that a
 * test's reader sees all there is.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server_fixture.h"
#include "zoneset.h"

const char fixture_master[] =
    "$TTL 3600\n"
    "@	SOA	ns hostmaster 1 1h 15m 4w 300\n"
    "	NS	ns\n"
    "	NS	ns.example.\n"
    "	TXT	\"a list for tests\"\n"
    "ns	A	192.0.2.53\n"
    "	AAAA	2001:db8::53\n"
    "WWW	A	192.0.2.80\n"
    "deep.er	TXT	\"below a name without records\"\n"
    /* aliases */
    "alias	CNAME	Www\n"
    "Alias2	CNAME	aliaS\n"
    "to-listed	CNAME	99.2.0.192\n"
    "to-wide	CNAME	1.2.51.198\n"
    "to-empty	CNAME	192\n"
    "to-nothing	CNAME	nothing\n"
    "to-outside	CNAME	www.example.\n"
    "to-cut	CNAME	x.Sub\n"
    "to-class	CNAME	99.2.0.192.autoreply\n"
    /* delegations: one elsewhere, one of a zone that is served too */
    "sub	NS	ns.sub\n"
    "	NS	ns\n"
    "	NS	ns.example.\n"
    "ns.sub	A	192.0.2.54\n"
    "	AAAA	2001:db8::54\n"
    "callout	NS	ns\n";

static const struct {
	const char *prefix;
	bs_classes classes;
} listings[] = {
    {"192.0.2.99", BS_BOUNCE},
    {"192.0.2.100", BS_BOUNCE | BS_CALLOUT},
    {"198.51.0.0/16", BS_AUTOREPLY},
    {"198.51.100.7", BS_BOUNCE},
    {"203.0.112.0/22", BS_VIRUS},
    {"2.4.0.0/16", BS_BOUNCE}, /* labels look like nibbles */
    {"2001:db8::1", BS_BOUNCE},
    {"2001:db8:1:2::/64", BS_CALLOUT},
    /* with what is exempt, below */
    {"11.22.33.0/24", BS_BOUNCE},
    {"12.1.0.0/16", BS_BOUNCE},
    {"12.1.2.9", BS_VIRUS},
    {"13.1.1.1", BS_BOUNCE},
    {"14.0.0.0/8", BS_VIRUS},
    {"15.1.1.0/24", BS_BOUNCE},
    {"16.1.1.0/24", BS_BOUNCE},
    {"2a00:1:2:3::/64", BS_BOUNCE},
};
#define LISTINGS (sizeof(listings) / sizeof(*listings))

static const char *const exemptions[] = {
    "11.22.33.7",                      /* a hole */
    "12.1.2.0/24",                     /* a hole with a listing in it */
    "13.0.0.0/8",                      /* all of a listing */
    "14.1.2.3",                        /* a hole far below */
    "15.1.1.0/25", "15.1.1.128/25",    /* all of a listing, in two parts */
    "16.1.1.0/25", "16.1.1.192/26",    /* all but a quarter */
    "2a00:1:2:3::25", "198.18.0.0/15", /* nothing listed there */
};
#define EXEMPTIONS (sizeof(exemptions) / sizeof(*exemptions))

static struct bs_prefix
parse(const char *text)
{
	struct bs_prefix prefix;

	if (bs_prefix_parse(text, strlen(text), &prefix) != 0)
		abort();
	return prefix;
}

struct lookup
fixture_lookup(void)
{
	static struct zoneset set;
	struct lookup lookup;
	struct bs_prefix prefix;

	memset(&set, 0, sizeof(set));
	for (size_t i = 0; i < LISTINGS; i++) {
		prefix = parse(listings[i].prefix);
		zoneset_list(&set, &prefix, listings[i].classes);
	}
	for (size_t i = 0; i < EXEMPTIONS; i++) {
		prefix = parse(exemptions[i]);
		zoneset_exempt(&set, &prefix);
	}
	lookup = zoneset_lookup(&set);
	lookup.serial = FIXTURE_SERIAL;
	return lookup;
}

static void
report(void *context, bool fatal, const char *line)
{
	(void)context;
	(void)fatal;
	(void)fprintf(stderr, "%s\n", line);
}

static struct zone *
make_zone(char *name, bs_classes classes, bool flat, bool shutdown)
{
	char txt[] = BS_CONFIG_TXT_DEFAULT;
	struct bs_config_zone config = {
	    .name = name,
	    .classes = classes,
	    .ttl_s = 900,
	    .txt = txt,
	    .flat = flat,
	    .shutdown = shutdown,
	};
	uint8_t wire[DNAME_SIZE_MAX];
	struct zonefile_source source = {
	    .path = "bl.test.zone",
	    .name = wire,
	    .where = "backstop.conf:1: zone",
	    .report = report,
	};
	struct zonefile *zonefile = NULL;
	struct zone *zone = NULL;

	if (dname_parse(name, wire, &source.name_size) != 0 ||
	    zonefile_parse(&source, fixture_master, strlen(fixture_master),
		&zonefile) != 0 ||
	    zone_new(&config, zonefile, &zone) != 0)
		abort();
	zonefile_free(&zonefile);
	return zone;
}

struct zone_table *
fixture_zones(void)
{
	char all[] = "bl.test", callout[] = "callout.bl.test";
	char flat[] = "flat.test.", autoreply[] = "autoreply.bl.test";
	char closed[] = "closed.test";
	struct zone *zones[] = {
	    make_zone(all, BS_CLASSES_ALL, false, false),
	    make_zone(callout, BS_CALLOUT, false, false),
	    make_zone(flat, BS_CLASSES_ALL, true, false),
	    make_zone(autoreply, BS_AUTOREPLY, false, false),
	    make_zone(closed, BS_CLASSES_ALL, false, true),
	};
	struct zone_table *table = NULL;

	if (zone_table_new(zones, sizeof(zones) / sizeof(*zones), &table) != 0)
		abort();
	return table;
}

const struct zone *
fixture_zone(const struct zone_table *zones, const char *name)
{
	for (size_t i = 0; i < zones->count; i++)
		if (strcmp(zones->zone[i]->text, name) == 0)
			return zones->zone[i];
	abort();
}
