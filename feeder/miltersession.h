/*
 * One SMTP session as the milter sees it: what the mail server tells of it in,
 * messages to traps out to `serve`, and what is to become of each.  Knows
 * nothing of libmilter, whose door is milter.c.
 *
 * Of mail to nobody but real recipients nothing is kept and nothing is said.
 */
#ifndef FEED_MILTERSESSION_H
#define FEED_MILTERSESSION_H

#include <sys/socket.h>

#include "milterrules.h"

/* What becomes of a message. */
enum milter_verdict {
	MILTER_PASS,
	MILTER_TAKE_OFF, /* its traps; the others get it */
	MILTER_DISCARD,
	MILTER_REFUSE,
	MILTER_TEMPFAIL,
};

struct miltersession;

/* `box` and `control` (to serve) are borrowed; `peer` is the client, NULL or of
 * another family where it is a program of the same host.  NULL: no memory. */
struct miltersession *miltersession_new(
    struct milterrules_box *box, int control, const struct sockaddr *peer);
/* The client is gone: as miltersession_abort before it. */
void miltersession_free(struct miltersession **session);

void miltersession_helo(struct miltersession *session, const char *name);

/*
 * What the mail server says of the client besides, "NAME [ADDRESS]" (the macro
 * `_`).  Where that is another address than the session's nobody is its source
 * any more: libmilter may pass over a client that follows in one connection.
 */
void miltersession_client(struct miltersession *session, const char *text);

/* The client has told the mail server who it is: a user of that, and no source. */
void miltersession_user(struct miltersession *session);

/* MAIL; `utf8` where SMTPUTF8 was said. */
void miltersession_mail(
    struct miltersession *session, const char *sender, bool utf8);

/* Behind MAIL: the mail server's own address, as far as it says (`{daemon_addr}`,
 * `{if_addr}`).  A client that has it is a program on that host, and no source but
 * where it is one of `relays`. */
void miltersession_server(struct miltersession *session, const char *text);

/* A probe of an address says no size at MAIL, or that of a few header lines. */
#define MILTER_PROBE_SIZE_MAX 2000

/* The size that was said at MAIL (RFC 1870), in decimal digits: who says one beyond
 * MILTER_PROBE_SIZE_MAX has a message, and is no callout where the mail server refuses
 * DATA, which nobody tells us. */
void miltersession_size(struct miltersession *session, const char *digits);

/* A recipient that the mail server accepts. */
void miltersession_rcpt(struct miltersession *session, const char *recipient);

/* DATA.  False: no trap, the rest of the message is not for us. */
bool miltersession_data(struct miltersession *session);

/* A header field; what of `value` is folded has LF or CRLF. */
void miltersession_header(
    struct miltersession *session, const char *name, const char *value);
void miltersession_end_of_header(struct miltersession *session);
void miltersession_body(
    struct miltersession *session, const void *bytes, size_t size);

/* The end of the message: waits until serve has it on disk, where what becomes of
 * it depends on that. */
enum milter_verdict miltersession_end(struct miltersession *session);

/* The recipients of the message that has ended which are traps, each as the mail
 * server wrote it; NULL behind the last one.  Borrowed until the next sender. */
const char *miltersession_trap(
    const struct miltersession *session, size_t number);

/* The message is not going on: without DATA it may have been a callout. */
void miltersession_abort(struct miltersession *session);

/* What becomes of a message to traps, and to others besides, that is kept or
 * could not be.  Pure. */
enum milter_verdict miltersession_choose(
    const struct bs_config *config, bool others, bool kept);

/* Whether that depends on its being kept.  Pure. */
bool miltersession_waits(const struct bs_config *config, bool others);

#endif
