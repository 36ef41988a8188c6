/*
 * The addresses of SMTP: the paths of MAIL and RCPT (RFC 5321 section 4.1.2,
 * RFC 6531 section 3.3).  Pure.
 *
 * Reads what hosts really send: a blank after the colon, no angle brackets,
 * dots beside dots.  A source route is read and dropped (RFC 5321 appendix C).
 */
#ifndef FEED_SMTPADDRESS_H
#define FEED_SMTPADDRESS_H

#include <stdbool.h>
#include <stddef.h>

#include "envelope.h"
#include "error.h"

/* RFC 5321 section 4.5.3.1.1 asks for 64 at least; bounce addresses with a tag
 * and the original address in them are longer. */
#define SMTP_LOCAL_MAX 255
#define SMTP_DOMAIN_MAX 255
#define SMTP_LABEL_MAX 63
#define SMTP_ULABEL_MAX 252 /* bytes of UTF-8 (RFC 5890 section 4.2) */
#define SMTP_ROUTE_MAX 20   /* hosts of a source route */

struct smtp_address {
	bool null; /* <> */
	bool utf8; /* has bytes beyond ASCII: needs SMTPUTF8 */
	char local[SMTP_LOCAL_MAX + 1];   /* quotes and backslashes taken off */
	char domain[SMTP_DOMAIN_MAX + 1]; /* as written, "" where there is
					     none; a literal with its brackets
					   */
};

/*
 * Reads a path at the beginning of `text` (`size` bytes, no NUL needed).
 * *used_r: how many bytes it takes; what follows is the end or a blank.
 * BS_EINVAL: malformed; BS_ETOOLONG: a part is longer than its limit.
 */
int smtp_address_parse(const char *text, size_t size,
    struct smtp_address *address_r, size_t *used_r);

/* Writes "local@domain", or the local part alone where there is no domain (""),
 * neither longer than in a struct smtp_address. */
void smtp_address_join(const char *local, const char *domain,
    char name_r[ENVELOPE_ADDRESS_MAX + 1]);

#endif
