/*
 * Master files: the static records of a zone, by ldns, in wire form.  The
 * server's one door to ldns; nothing of it is on the query path.
 *
 * What would be answered wrongly is refused instead: CNAME, DNAME, wildcards,
 * delegations, DNSSEC, and names in the space of reversed addresses, which are
 * the database's.  $INCLUDE and $GENERATE are refused too.
 */
#ifndef SERVER_ZONEFILE_H
#define SERVER_ZONEFILE_H

#include <stddef.h>
#include <stdint.h>

#include "config.h"
#include "dname.h"

#define ZONEFILE_SIZE_MAX ((size_t)64 << 20) /* bytes of a file */
#define ZONEFILE_RECORDS_MAX 100000u
#define ZONEFILE_ERRORS_MAX 20 /* reported of one file */

struct zonefile_record {
	uint8_t owner[DNAME_SIZE_MAX]; /* labels before the zone's name, in
					  lower case, no root label */
	uint8_t owner_size;            /* 0: the apex */
	uint16_t type;
	uint32_t ttl_s;
	uint16_t data_size;
	unsigned line;
	uint8_t *data; /* owned; names in it are not compressed */
};

/* In the order of owner, type, data; none is there twice; exactly one SOA,
 * at the apex, and at least one NS there. */
struct zonefile {
	struct zonefile_record *record;
	size_t count;
};

/* What to read, and where to complain. */
struct zonefile_source {
	const char *path;
	const uint8_t *name; /* of the zone, in lower-case wire form */
	size_t name_size;
	const char *where; /* "FILE:LINE: zone" for what has no line of its
			      own: a missing file */
	bs_config_report *report;
	void *context;
};

/*
 * Reads the file.  Errors are reported, each as "FILE:LINE: what: remedy", all
 * of a file in one run.  BS_EINVAL: bad content; BS_ENOTFOUND, BS_EACCES, BS_EIO
 * (a folder, say), BS_ETOOLONG: it can't be read.  *zonefile_r is new, on success only.
 */
int zonefile_load(
    const struct zonefile_source *source, struct zonefile **zonefile_r);

/* The same from memory; source->path only names it. */
int zonefile_parse(const struct zonefile_source *source, const char *text,
    size_t size, struct zonefile **zonefile_r);

void zonefile_free(struct zonefile **zonefile);

#endif
