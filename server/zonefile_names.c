/*
 * Checks of names against each other.  What can't be answered as it is written
 * is refused here, with the line, rather than answered some other way.  Called
 * by zonefile_check.c.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "dns.h"
#include "zonefile_names.h"

/* --- finding --------------------------------------------------------------- */

/* As records are sorted. */
static int
compare_owner(
    const struct zonefile_record *record, const uint8_t *owner, size_t size)
{
	if (record->owner_size != size)
		return record->owner_size < size ? -1 : 1;
	return memcmp(record->owner, owner, size);
}

/* An owner's first record of a type, NULL for none. */
static const struct zonefile_record *
find(const struct zonefile *zonefile, const uint8_t *owner, size_t size,
    uint16_t type)
{
	size_t from = 0, to = zonefile->count;

	while (from < to) {
		size_t middle = from + (to - from) / 2;
		const struct zonefile_record *record =
		    &zonefile->record[middle];
		int order = compare_owner(record, owner, size);

		if (order < 0 || (order == 0 && record->type < type))
			from = middle + 1;
		else
			to = middle;
	}
	if (from < zonefile->count &&
	    compare_owner(&zonefile->record[from], owner, size) == 0 &&
	    zonefile->record[from].type == type)
		return &zonefile->record[from];
	return NULL;
}

/* The labels that a record's name as data has before the zone's, in lower
 * case; false where it lies outside. */
static bool
target_of(const struct zonefile_source *source,
    const struct zonefile_record *record, uint8_t labels_r[DNAME_SIZE_MAX],
    size_t *size_r)
{
	if (record->data_size > DNAME_SIZE_MAX)
		return false;
	for (size_t i = 0; i < record->data_size; i++)
		labels_r[i] = dname_lower(record->data[i]);
	return zonefile_within(source, labels_r, record->data_size, size_r);
}

static bool
same_owner(const struct zonefile_record *a, const struct zonefile_record *b)
{
	return compare_owner(a, b->owner, b->owner_size) == 0;
}

/* --- aliases --------------------------------------------------------------- */

/* RFC 1034 section 3.6.2: where there is a CNAME there is nothing else. */
static void
check_alone(struct zonefile_errors *errors, const struct zonefile *zonefile,
    size_t at, const char *name)
{
	const struct zonefile_record *record = &zonefile->record[at];
	const struct zonefile_record *other = NULL;

	if (at + 1 < zonefile->count && same_owner(record, record + 1))
		other = record + 1;
	else if (at > 0 && same_owner(record, record - 1) &&
		 record[-1].type != DNS_CNAME)
		other = record - 1;
	if (other != NULL)
		zonefile_fail(errors, record->line,
		    "%s: has a CNAME, and another record in line %u: remove "
		    "one of the two",
		    name, other->line);
}

static void
check_chain(struct zonefile_errors *errors, const struct zonefile *zonefile,
    const struct zonefile_record *record, const char *name)
{
	const struct zonefile_record *at = record;
	uint8_t labels[DNAME_SIZE_MAX];
	size_t size;

	for (unsigned i = 0; i < ZONEFILE_ALIASES_MAX; i++) {
		if (!target_of(errors->source, at, labels, &size))
			return;
		at = find(zonefile, labels, size, DNS_CNAME);
		if (at == NULL)
			return;
	}
	zonefile_fail(errors, record->line,
	    "%s: more than %d aliases one behind the other, or a circle of "
	    "them: write the last one's target instead",
	    name, ZONEFILE_ALIASES_MAX);
}

static void
check_alias(struct zonefile_errors *errors, const struct zonefile *zonefile,
    size_t at, const char *name)
{
	const struct zonefile_record *record = &zonefile->record[at];

	if (record->owner_size == 0) {
		zonefile_fail(errors, record->line,
		    "a CNAME for the zone's own name, which has SOA and NS: "
		    "write the address records themselves");
		return;
	}
	check_alone(errors, zonefile, at, name);
	check_chain(errors, zonefile, record, name);
}

/* --- delegations ------------------------------------------------------------ */

/* The first NS record of the topmost cut that an owner lies at or below. */
static const struct zonefile_record *
cut_of(const struct zonefile *zonefile, const struct zonefile_record *record)
{
	const struct zonefile_record *found = NULL;

	for (size_t at = 0; at < record->owner_size;
	     at += 1u + record->owner[at]) {
		const struct zonefile_record *servers = find(zonefile,
		    record->owner + at, record->owner_size - at, DNS_NS);

		if (servers != NULL)
			found = servers;
	}
	return found;
}

/* Whether any name server of the file has this name. */
static bool
is_server(const struct zonefile_errors *errors, const struct zonefile *zonefile,
    const struct zonefile_record *record)
{
	uint8_t labels[DNAME_SIZE_MAX];
	size_t size;

	for (size_t i = 0; i < zonefile->count; i++)
		if (zonefile->record[i].type == DNS_NS &&
		    target_of(
			errors->source, &zonefile->record[i], labels, &size) &&
		    compare_owner(record, labels, size) == 0)
			return true;
	return false;
}

static void
check_below(struct zonefile_errors *errors, const struct zonefile *zonefile,
    const struct zonefile_record *record, const char *name)
{
	const struct zonefile_record *cut = cut_of(zonefile, record);
	char cut_name[DNAME_TEXT_MAX];

	if (cut == NULL || (record->type == DNS_NS && same_owner(cut, record)))
		return;
	if ((record->type == DNS_A || record->type == DNS_AAAA) &&
	    is_server(errors, zonefile, record))
		return;
	(void)dname_format(cut->owner, cut->owner_size, cut_name);
	zonefile_fail(errors, record->line,
	    "%s: %s is delegated in line %u, so nobody is told this: write it "
	    "into the file of that zone",
	    name, cut_name, cut->line);
}

#define RECORD_HEAD_SIZE 12

/* All NS records of a cut; reported at the first of them. */
static void
check_servers(struct zonefile_errors *errors, const struct zonefile *zonefile,
    size_t at, const char *name)
{
	const struct zonefile_record *record = &zonefile->record[at];
	size_t size = 0;

	if (at > 0 && record[-1].type == DNS_NS &&
	    same_owner(record, record - 1))
		return;
	for (; at < zonefile->count && zonefile->record[at].type == DNS_NS &&
	       same_owner(record, &zonefile->record[at]);
	     at++)
		size += RECORD_HEAD_SIZE + zonefile->record[at].data_size;
	if (size > ZONEFILE_SERVERS_MAX)
		zonefile_fail(errors, record->line,
		    "%s: its NS records have more than %d bytes: leave some "
		    "out",
		    name, ZONEFILE_SERVERS_MAX);
}

/* --- all --------------------------------------------------------------------- */

void
zonefile_check_names(
    struct zonefile_errors *errors, const struct zonefile *zonefile)
{
	for (size_t i = 0; i < zonefile->count; i++) {
		const struct zonefile_record *record = &zonefile->record[i];
		char name[DNAME_TEXT_MAX];

		(void)dname_format(record->owner, record->owner_size, name);
		if (record->type == DNS_CNAME)
			check_alias(errors, zonefile, i, name);
		else if (record->type == DNS_NS && record->owner_size > 0)
			check_servers(errors, zonefile, i, name);
		check_below(errors, zonefile, record, name);
	}
}
