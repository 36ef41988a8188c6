/*
 * Checks of a master file's records, and the messages of all that is wrong
 * with a file.  Knows nothing of ldns: it sees records in wire form.  Called by
 * zonefile.c.
 */
#include "autoconf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "edns.h"
#include "revname.h"
#include "zonefile_names.h"

void
zonefile_fail(
    struct zonefile_errors *errors, unsigned line, const char *format, ...)
{
	const struct zonefile_source *source = errors->source;
	struct bs_message message;
	char what[BS_MESSAGE_MAX];
	va_list arguments;

	if (++errors->count > ZONEFILE_ERRORS_MAX)
		return;
	va_start(arguments, format);
	(void)vsnprintf(what, sizeof(what), format, arguments);
	va_end(arguments);
	bs_message_set(&message, "%s:%u: %s", source->path, line, what);
	source->report(source->context, true, message.text);
}

bool
zonefile_within(const struct zonefile_source *source, const uint8_t *name,
    size_t size, size_t *before_r)
{
	size_t at = 0, before;

	if (size < source->name_size || size > DNAME_SIZE_MAX)
		return false;
	before = size - source->name_size;
	while (at < before)
		at += 1u + name[at];
	if (at != before ||
	    memcmp(name + before, source->name, source->name_size) != 0)
		return false;
	*before_r = before;
	return true;
}

/* --- one record ---------------------------------------------------------- */

/* Types that need answers of a kind the server doesn't give. */
static const struct refused_type {
	uint16_t first, last;
	const char *why; /* "what: remedy" */
} refused_types[] = {
    {DNS_DNAME, DNS_DNAME, "DNAME is not served: write the names one by one"},
    {DNS_DS, DNS_DS, "DS is not served, zones are unsigned: remove it"},
    {DNS_RRSIG, DNS_DNSKEY,
	"DNSSEC records are not served, zones are unsigned: remove them"},
    {DNS_NSEC3, DNS_NSEC3PARAM,
	"DNSSEC records are not served, zones are unsigned: remove them"},
    {0, 0, "no record type is here: write NAME TTL IN TYPE DATA"},
    {DNS_OPT, DNS_OPT, "a meta type is no data: remove it"},
    {128, 255, "a meta type is no data: remove it"},
};

static const char *
refused_why(uint16_t type)
{
	for (size_t i = 0; i < sizeof(refused_types) / sizeof(*refused_types);
	     i++)
		if (type >= refused_types[i].first &&
		    type <= refused_types[i].last)
			return refused_types[i].why;
	return NULL;
}

/* Whether a label of the owner is `*`. */
static bool
is_wildcard(const uint8_t *owner, size_t size)
{
	for (size_t at = 0; at < size; at += 1u + owner[at])
		if (owner[at] == 1 && owner[at + 1] == '*')
			return true;
	return false;
}

/* Whether the label next to the zone's name is an octet or a nibble. */
static bool
is_reversed(const uint8_t *owner, size_t size)
{
	size_t last = 0;

	if (size == 0)
		return false;
	for (size_t at = 0; at < size; at += 1u + owner[at])
		last = at;
	return revname_is_top(owner + last + 1, owner[last]);
}

bool
zonefile_check_record(
    struct zonefile_errors *errors, const struct zonefile_record *record)
{
	const char *why = refused_why(record->type);
	char name[DNAME_TEXT_MAX];

	(void)dname_format(record->owner, record->owner_size, name);
	if (why != NULL)
		zonefile_fail(errors, record->line, "%s", why);
	else if (is_wildcard(record->owner, record->owner_size))
		zonefile_fail(errors, record->line,
		    "%s: wildcards are not served: write the names one by one",
		    name);
	else if (is_reversed(record->owner, record->owner_size))
		zonefile_fail(errors, record->line,
		    "%s: lies among the reversed addresses, which come from "
		    "the database: use a name whose last label is neither a "
		    "number nor a single hexadecimal digit",
		    name);
	else if (record->type == DNS_SOA && record->owner_size > 0)
		zonefile_fail(errors, record->line,
		    "%s: SOA below the zone's own name: write @ before it, "
		    "and a dot after whole names, in $ORIGIN too",
		    name);
	else
		return true;
	return false;
}

/* --- the whole ----------------------------------------------------------- */

static void
fail_second_soa(struct zonefile_errors *errors, unsigned one, unsigned other)
{
	unsigned first = one < other ? one : other;

	zonefile_fail(errors, first == one ? other : one,
	    "a second SOA (the first is in line %u): remove one", first);
}

/* The SOA's mail address is a domain name: an @ in it would be published as
 * one more letter (RFC 1035 section 8). */
static void
check_contact(struct zonefile_errors *errors, const struct zonefile_record *soa)
{
	size_t at = 0, size = soa->data_size;

	while (at < size && soa->data[at] != 0) /* past the name server */
		at += 1u + soa->data[at];
	at++;
	if (at >= size || soa->data[at] >= size - at ||
	    memchr(soa->data + at + 1, '@', soa->data[at]) == NULL)
		return;
	zonefile_fail(errors, soa->line,
	    "SOA: an @ in the mail address: write a dot for it, as in "
	    "hostmaster.bl.example.");
}

static void
check_apex(struct zonefile_errors *errors, const struct zonefile *zonefile)
{
	const struct zonefile_record *soa = NULL;
	bool has_ns = false;

	if (zonefile->count == 0) {
		zonefile_fail(errors, 1,
		    "no records, not even an SOA: add lines like `@ SOA ns "
		    "hostmaster 1 1h 15m 4w 5m` and `@ NS ns`");
		return;
	}
	for (size_t i = 0; i < zonefile->count; i++) {
		const struct zonefile_record *record = &zonefile->record[i];

		if (record->owner_size > 0)
			break;
		has_ns = has_ns || record->type == DNS_NS;
		if (record->type != DNS_SOA)
			continue;
		if (soa != NULL)
			fail_second_soa(errors, soa->line, record->line);
		soa = record;
	}
	if (soa == NULL)
		zonefile_fail(errors, 1,
		    "no SOA record: add a line like `@ SOA ns hostmaster 1 1h "
		    "15m 4w 5m`");
	else
		check_contact(errors, soa);
	if (!has_ns)
		zonefile_fail(errors, 1,
		    "no NS record for the zone's own name: add a line like "
		    "`@ NS ns`");
}

/* Whether a name server has an address in the file, or needs none there since
 * it lies outside of the zone. */
static bool
has_address(const struct zonefile_source *source,
    const struct zonefile *zonefile, const struct zonefile_record *server)
{
	uint8_t name[DNAME_SIZE_MAX];
	size_t before;

	if (server->data_size > sizeof(name))
		return true;
	for (size_t i = 0; i < server->data_size; i++)
		name[i] = dname_lower(server->data[i]);
	if (!zonefile_within(source, name, server->data_size, &before))
		return true;
	for (size_t i = 0; i < zonefile->count; i++) {
		const struct zonefile_record *record = &zonefile->record[i];

		if ((record->type == DNS_A || record->type == DNS_AAAA) &&
		    record->owner_size == before &&
		    memcmp(record->owner, name, before) == 0)
			return true;
	}
	return false;
}

/* A name server in the zone that has no address can't be found. */
static void
check_name_servers(
    struct zonefile_errors *errors, const struct zonefile *zonefile)
{
	for (size_t i = 0; i < zonefile->count; i++) {
		const struct zonefile_record *record = &zonefile->record[i];
		char name[DNAME_TEXT_MAX];

		if (record->type != DNS_NS ||
		    has_address(errors->source, zonefile, record))
			continue;
		(void)dname_format(record->data, record->data_size, name);
		zonefile_fail(errors, record->line,
		    "NS %s: lies in this zone and has no address here: add "
		    "its A or AAAA record",
		    name);
	}
}

#define RECORD_HEAD_SIZE 12 /* owner's pointer, type, class, TTL, size */
#define ALIAS_SIZE_MAX (RECORD_HEAD_SIZE + DNAME_SIZE_MAX)
/* What is left of the longest message beside header, question, aliases, OPT. */
#define SET_SIZE_MAX                                                 \
	((size_t)UINT16_MAX - DNS_HEADER_SIZE - DNAME_SIZE_MAX - 4 - \
	    EDNS_SIZE_MAX - ZONEFILE_ALIASES_MAX * ALIAS_SIZE_MAX)

static bool
same_set(const struct zonefile_record *a, const struct zonefile_record *b)
{
	return a->type == b->type && a->owner_size == b->owner_size &&
	       memcmp(a->owner, b->owner, a->owner_size) == 0;
}

/* A set is answered whole or, by any transport, not at all. */
static void
check_sets(struct zonefile_errors *errors, const struct zonefile *zonefile)
{
	const struct zonefile_record *record = zonefile->record;
	size_t size = 0;

	for (size_t i = 0; i < zonefile->count; i++) {
		size_t before =
		    i > 0 && same_set(&record[i - 1], &record[i]) ? size : 0;
		char name[DNAME_TEXT_MAX];

		size = before + RECORD_HEAD_SIZE + record[i].data_size;
		if (size <= SET_SIZE_MAX || before > SET_SIZE_MAX)
			continue;
		(void)dname_format(record[i].owner, record[i].owner_size, name);
		zonefile_fail(errors, record[i].line,
		    "%s: has more records of this type than an answer can "
		    "hold (64 kB): remove some",
		    name);
	}
}

void
zonefile_check_whole(
    struct zonefile_errors *errors, const struct zonefile *zonefile)
{
	check_apex(errors, zonefile);
	check_sets(errors, zonefile);
	check_name_servers(errors, zonefile);
	zonefile_check_names(errors, zonefile);
}
