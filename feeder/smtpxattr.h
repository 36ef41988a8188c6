/*
 * The attributes of Postfix's XCLIENT and XFORWARD: which client a proxy or a
 * relay of ours speaks for.  Pure.
 */
#ifndef FEED_SMTPXATTR_H
#define FEED_SMTPXATTR_H

#include <stdbool.h>
#include <stddef.h>

#include "envelope.h"
#include "error.h"
#include "ipprefix.h"

struct smtp_xattr {
	bool has_addr;       /* ADDR was there */
	bool addr_known;     /* and was an address, in `addr` */
	struct bs_addr addr; /* a v4-mapped one is IPv4 by now */
	bool has_helo;
	char helo[ENVELOPE_HELO_MAX + 1]; /* "" where unavailable */
	bool local; /* SOURCE=LOCAL: the mail did not come from outside */
};

/*
 * Reads NAME=VALUE pairs, values in xtext (RFC 3461 section 4), with blanks
 * between.  BS_EINVAL: malformed, or no address; BS_ENOTFOUND: an attribute
 * that neither command has; BS_ETOOLONG.
 */
int smtp_xattr_parse(const char *text, size_t size, struct smtp_xattr *attr_r);

#endif
