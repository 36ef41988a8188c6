/*
 * Delivery status (RFC 3464) and disposition notifications (RFC 8098): the
 * fields of the machine-readable part of a report.
 */
#ifndef FEED_DSN_H
#define FEED_DSN_H

#include <stdbool.h>
#include <stddef.h>

#define DSN_STATUS_MAX 16
#define DSN_MTA_MAX 200

enum dsn_action {
	DSN_ACTION_NONE, /* missing or unknown */
	DSN_FAILED,
	DSN_DELAYED,
	DSN_DELIVERED,
	DSN_RELAYED,
	DSN_EXPANDED,
};

struct dsn {
	enum dsn_action action;          /* the worst of all recipients' */
	char status[DSN_STATUS_MAX];     /* of that recipient: "5.1.1" or "" */
	char reporting_mta[DSN_MTA_MAX]; /* host name characters only, or "" */
	size_t recipients; /* Final-Recipient or Original-Recipient groups */
	size_t known_fields;
	bool has_diagnostic;
	bool has_disposition; /* a Disposition field: a read receipt */
};

/*
 * Reads the fields of `size` bytes, blocks separated by empty lines.  Unknown
 * fields and lines that are none are passed over.
 */
void dsn_parse(const char *bytes, size_t size, struct dsn *dsn_r);

/* "failed" …; "" for DSN_ACTION_NONE. */
const char *dsn_action_name(enum dsn_action action);

#endif
