/*
 * Evidence: what is kept of a sighting to show to the listed host's
 * administrator, and its bytes.  An allow-list of facts, each of a grammar of
 * its own: no body, no recipient, no second.  Pure; the feeder cleans what it
 * found, lib/store_evidence.c keeps it.
 *
 * Key: the prefix that the source lists as.  Value: the newest few sightings of
 * it, the oldest first.
 */
#ifndef BS_EVIDENCE_H
#define BS_EVIDENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"

#define BS_EVIDENCE_VERSION 1
#define BS_EVIDENCE_MAX 10          /* sightings of one prefix */
#define BS_EVIDENCE_HOST_MAX 100    /* bytes of a host name */
#define BS_EVIDENCE_STATUS_MAX 7    /* "5.7.999" */
#define BS_EVIDENCE_SUBJECT_MAX 120 /* bytes */
#define BS_EVIDENCE_HOUR_S 3600u

enum bs_evidence_action { /* RFC 3464 section 2.3.3 */
	BS_ACTION_NONE,
	BS_ACTION_FAILED,
	BS_ACTION_DELAYED,
	BS_ACTION_DELIVERED,
	BS_ACTION_RELAYED,
	BS_ACTION_EXPANDED,
};
#define BS_ACTION_COUNT 6

/* What the notice says, cleaned; each text may be "". */
struct bs_evidence_facts {
	enum bs_evidence_action action;
	char status[BS_EVIDENCE_STATUS_MAX + 1];      /* "5.1.1" */
	char helo[BS_EVIDENCE_HOST_MAX + 1];          /* verified; its domain */
	char reporting_mta[BS_EVIDENCE_HOST_MAX + 1]; /* '*' for what is not
							 shown */
	char subject[BS_EVIDENCE_SUBJECT_MAX + 1];    /* the same, UTF-8 */
};

/* What is kept of one sighting. */
struct bs_evidence {
	enum bs_class class;
	uint32_t hour_s; /* the first second of the hour it was received */
	struct bs_addr source; /* of what it lists as, the first address: who
				  has a /64 could give one to each recipient */
	struct bs_evidence_facts facts;
};

struct bs_evidence_list {
	uint32_t until_s; /* the newest sighting is of use until then */
	uint32_t due_s;   /* when it may go */
	size_t count;
	struct bs_evidence item[BS_EVIDENCE_MAX]; /* the oldest first */
};

#define BS_EVIDENCE_ITEM_MAX                           \
	(1 + 1 + 4 + 17 + 4 + BS_EVIDENCE_STATUS_MAX + \
	    2 * BS_EVIDENCE_HOST_MAX + BS_EVIDENCE_SUBJECT_MAX)
#define BS_EVIDENCE_HEADER_SIZE 10
#define BS_EVIDENCE_VALUE_MAX \
	(BS_EVIDENCE_HEADER_SIZE + BS_EVIDENCE_MAX * BS_EVIDENCE_ITEM_MAX)

/* "failed" …; "" for BS_ACTION_NONE; static storage. */
const char *bs_evidence_action_name(enum bs_evidence_action action);
/* The action of a name in lower case, BS_ACTION_NONE for others. */
enum bs_evidence_action bs_evidence_action_of(const char *name);

/* Whether texts are of the grammar that may be kept: a status code of RFC
 * 3463, '*' for what of it is not shown; a host name in lower case, or '*' in the place of what is not shown;
 * printable UTF-8. */
bool bs_evidence_status_is_sound(const char *text);
bool bs_evidence_host_is_sound(const char *text);
bool bs_evidence_subject_is_sound(const char *text);

/* Puts a sighting, whose texts are sound, among the others by its hour, and
 * lets the oldest go where there are more than `max` (at most BS_EVIDENCE_MAX;
 * 0: keeps nothing). */
void bs_evidence_add(struct bs_evidence_list *list,
    const struct bs_evidence *evidence, size_t max);

/* Takes one sighting of that class and hour out; false where there is none. */
bool bs_evidence_drop(
    struct bs_evidence_list *list, enum bs_class class, uint32_t time_s);

/* Writes the value; returns its size in bytes. */
size_t bs_evidence_encode(
    const struct bs_evidence_list *list, uint8_t value[BS_EVIDENCE_VALUE_MAX]);
/* BS_EVERSION, BS_ECORRUPT: also for a text that is not of its grammar. */
int bs_evidence_decode(
    const uint8_t *value, size_t size, struct bs_evidence_list *list_r);

/* A value as it is stored. */
struct bs_evidence_value {
	size_t size;
	uint8_t bytes[BS_EVIDENCE_VALUE_MAX];
};

/*
 * What decoding it, bs_evidence_add, and encoding come to, and until_s at least;
 * the texts that are there are not looked at: who reads them does that.
 * BS_EVERSION, BS_ECORRUPT: then the value is as it was.
 */
int bs_evidence_put(struct bs_evidence_value *value,
    const struct bs_evidence *evidence, size_t max, uint32_t until_s);

#endif
