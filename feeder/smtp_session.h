/*
 * One session of SMTP (RFC 5321) or LMTP (RFC 2033) with a client: bytes and
 * events in, replies and actions out.  Does no I/O, reads no clock, logs
 * nothing; smtpconn.c connects it to a socket.
 *
 * The owner hands in what arrives with smtp_session_read, sends what
 * smtp_session_output holds, and asks smtp_session_action what there is to do.
 * While there is an action, or much output waits to be sent, nothing is read:
 * what the client sent ahead (RFC 2920) waits with its owner.
 */
#ifndef FEED_SMTP_SESSION_H
#define FEED_SMTP_SESSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.h"
#include "recipients.h"

/* Nothing more is read while so much output waits. */
#define SMTP_OUTPUT_HIGH 4096

/* What a listener is like; borrowed by all its sessions. */
struct smtp_settings {
	const char *hostname; /* in greeting and replies */
	const struct recipients *recipients;
	bool lmtp;
	bool tls;             /* STARTTLS (RFC 3207) is offered */
	uint64_t size_max;    /* bytes of a message that are kept */
	uint64_t discard_max; /* bytes of one that are read at all */
	uint64_t memory_max;  /* bytes of one that need no disk */
	/* bytes of the disk that mail may take now; NULL: it is not known */
	const uint64_t *spare_bytes;
	uint32_t recipients_max; /* of a message */
	uint32_t commands_max;   /* of a session */
	uint32_t errors_max;     /* of a session */
};

/* Who is at the other end. */
struct smtp_peer {
	bool has_addr;
	struct bs_addr addr;
	bool may_xclient, may_xforward;
};

/* Where a session hands on what it reads. */
struct smtp_sink {
	void *context;
	/* A piece of the message.  Anything but BS_OK: the rest is passed over
	 * and the message answered as envelope_taken_of says. */
	int (*body)(void *context, const char *bytes, size_t size);
	/* The client named a sender and traps that we accepted, and went on
	 * without DATA, by no fault of ours. */
	void (*unused)(void *context, const struct envelope *envelope);
	/* where replies are counted, those of 4xx and of 5xx; NULL: nowhere */
	uint64_t *replies;
};
#define SMTP_REPLIES_4XX 0
#define SMTP_REPLIES_5XX 1

enum smtp_action {
	SMTP_READ,      /* nothing: read on */
	SMTP_MESSAGE,   /* a message is complete: smtp_session_taken */
	SMTP_START_TLS, /* drop all that was read, send the output, then TLS:
			   smtp_session_tls_started */
	SMTP_CLOSE,     /* send the output, then close */
};

struct smtp_session;

/* `settings` is borrowed, `peer` and `sink` are copied.  NULL: no memory. */
struct smtp_session *smtp_session_new(const struct smtp_settings *settings,
    const struct smtp_peer *peer, const struct smtp_sink *sink);
void smtp_session_free(struct smtp_session **session);

/* The greeting. */
void smtp_session_start(struct smtp_session *session);

/* Reads; returns how many bytes were used: all, unless there is an action or
 * output to send first. */
size_t smtp_session_read(
    struct smtp_session *session, const char *bytes, size_t size);

enum smtp_action smtp_session_action(const struct smtp_session *session);

/* Whether it ends because the client said QUIT: it waits for our end now. */
bool smtp_session_has_quit(const struct smtp_session *session);

/* Output that waits, borrowed until the next call; NULL: none. */
const char *smtp_session_output(
    const struct smtp_session *session, size_t *size_r);
/* So much of it is sent. */
void smtp_session_sent(struct smtp_session *session, size_t size);

/* The envelope of the message that is read or complete; borrowed. */
const struct envelope *smtp_session_envelope(
    const struct smtp_session *session);

/* Whether DATA is being received: a slow one is another matter than a slow
 * command. */
bool smtp_session_in_data(const struct smtp_session *session);

/* --- events ------------------------------------------------------------- */

/* Answers the complete message. */
void smtp_session_taken(
    struct smtp_session *session, const struct envelope_result *result);
void smtp_session_tls_started(struct smtp_session *session);
/* The client took too long: 421. */
void smtp_session_time_out(struct smtp_session *session);
/* We end: 421, at once or after the message that is under way.  What the
 * client did so far is no callout. */
void smtp_session_shut_down(struct smtp_session *session);
/* We end, whatever is under way: 421.  The envelope of a complete message stays as
 * it is; there is no answer to it any more. */
void smtp_session_give_up(struct smtp_session *session);
/* Somebody else needs the connection: 421, and no callout. */
void smtp_session_evict(struct smtp_session *session);
/* It has lasted as long as one may, however busy: the same. */
void smtp_session_outlive(struct smtp_session *session);
/* The client is gone. */
void smtp_session_end(struct smtp_session *session);

#endif
