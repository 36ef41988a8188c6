/*
 * A command line of SMTP or LMTP (RFC 5321 section 4.1.1, RFC 2033): its verb
 * and what follows it, and the parameters of MAIL and RCPT.  Pure.
 */
#ifndef FEED_SMTPCOMMAND_H
#define FEED_SMTPCOMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* With its CRLF.  RFC 5321 section 4.5.3.1.4 asks for 512, extensions for more;
 * a long XFORWARD or a UTF-8 address is below that. */
#define SMTP_LINE_MAX 2048

enum smtp_verb {
	SMTP_UNKNOWN,
	SMTP_HELO,
	SMTP_EHLO,
	SMTP_LHLO,
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
	SMTP_RSET,
	SMTP_NOOP,
	SMTP_VRFY,
	SMTP_EXPN,
	SMTP_HELP,
	SMTP_QUIT,
	SMTP_STARTTLS,
	SMTP_XCLIENT,
	SMTP_XFORWARD,
	SMTP_FOREIGN, /* of another protocol: HTTP, PROXY */
};
#define SMTP_VERB_COUNT 17

struct smtp_command {
	enum smtp_verb verb;
	const char *argument; /* into the line: behind the verb and blanks */
	size_t argument_size; /* without trailing blanks */
};

/*
 * Reads a line without its CRLF.  BS_EINVAL where it has a control character
 * or is no UTF-8; a verb that is not known is no error (SMTP_UNKNOWN).
 */
int smtp_command_parse(
    const char *line, size_t size, struct smtp_command *command_r);

/* Takes "FROM:" or "TO:" (any case, a blank before the colon allowed) off the
 * argument; false where it does not begin so. */
bool smtp_command_keyword(struct smtp_command *command, const char *keyword);

/* What MAIL says of the message; RCPT has no parameter here. */
struct smtp_params {
	uint64_t size; /* SIZE= (RFC 1870), 0: not said */
	bool utf8;     /* SMTPUTF8 (RFC 6531) */
	bool body8;    /* BODY=8BITMIME (RFC 6152) */
};

/*
 * Reads what follows the path of MAIL.  BS_EINVAL: malformed;
 * BS_ENOTFOUND: a parameter that we did not offer; BS_ERANGE: a value that is
 * none.
 */
int smtp_params_parse(
    const char *text, size_t size, struct smtp_params *params_r);

#endif
