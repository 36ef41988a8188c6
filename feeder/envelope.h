/*
 * An envelope: what a live door (SMTP, LMTP, the milter) knows of a message
 * besides its bytes.  A door fills it, the room (room.h) takes it.
 */
#ifndef FEED_ENVELOPE_H
#define FEED_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "ipprefix.h"

#define ENVELOPE_HELO_MAX 255
/* a local part, `@` and a domain (see smtpaddress.h) */
#define ENVELOPE_ADDRESS_MAX 511

/* Who a recipient is to us. */
enum recipient_kind {
	RECIPIENT_UNKNOWN, /* refused */
	RECIPIENT_TRAP,    /* a message to it is a sighting */
	RECIPIENT_ROLE,    /* postmaster and the like: a person reads it */
};

struct envelope_recipient {
	/* owned; lower case, but for a local part with a BATV tag; a trap's is
	 * secret: never logged */
	char *address;
	enum recipient_kind kind;
};

struct envelope {
	bool has_peer; /* the host that handed the message over is known */
	struct bs_addr peer;
	char helo[ENVELOPE_HELO_MAX + 1];      /* as it came, or "" */
	char sender[ENVELOPE_ADDRESS_MAX + 1]; /* "" is the null sender */
	bool utf8;                             /* SMTPUTF8 (RFC 6531) */
	bool cut; /* it was too large: only its head is there */

	struct envelope_recipient *recipient; /* owned */
	size_t recipient_count;
	size_t trap_count, role_count;
};

/* What became of a message, for its traps and for its roles. */
enum envelope_taken {
	ENVELOPE_TAKEN,     /* it is on disk: 250 */
	ENVELOPE_TRY_LATER, /* it is not: 451 4.3.0 */
	ENVELOPE_NO_ROOM,   /* nor is there room for it: 452 4.3.1 */
};

struct envelope_result {
	enum envelope_taken trap, role;
};

/*
 * Adds a recipient; `address` is copied.  BS_ENOMEM.
 */
int envelope_add(
    struct envelope *envelope, const char *address, enum recipient_kind kind);

/* What is answered where keeping it went so (enum bs_error). */
enum envelope_taken envelope_taken_of(int rc);

/* Forgets sender and recipients; peer and helo stay. */
void envelope_reset(struct envelope *envelope);

/* The same recipients for two owners: *to_r is a copy; BS_ENOMEM leaves it
 * untouched. */
int envelope_copy(const struct envelope *envelope, struct envelope *to_r);

#endif
