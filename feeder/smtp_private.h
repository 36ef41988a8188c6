/*
 * What the smtp_*.c files share: the state of a session, its replies, and a
 * function for each command.  For them alone.
 */
#ifndef FEED_SMTP_PRIVATE_H
#define FEED_SMTP_PRIVATE_H

#include "smtp_session.h"
#include "smtpcommand.h"
#include "smtpdata.h"

/* RFC 5321 section 4.2.3, RFC 3463 section 3.4 */
#define SMTP_NO_ROOM "Insufficient system storage"

enum smtp_phase {
	SMTP_COMMANDS,
	SMTP_TEXT,    /* DATA was answered 354 */
	SMTP_JUDGING, /* its end was read: not answered yet */
	SMTP_TLS,     /* STARTTLS was answered */
	SMTP_CLOSED,
};

struct smtp_session {
	const struct smtp_settings *settings;
	struct smtp_peer peer;
	struct smtp_sink sink;
	enum smtp_phase phase;

	bool greeted;   /* HELO, EHLO or LHLO came */
	bool unheard;   /* its reply is not sent: nobody can know it */
	bool hasty;     /* the client went on nevertheless */
	bool encrypted; /* TLS is on */
	bool ending;    /* closes behind the message under way */
	bool has_quit;
	uint32_t commands, errors;

	/* the transaction */
	struct envelope envelope;
	bool has_sender; /* MAIL was accepted */
	bool at_fault;   /* ours: what follows is no callout */
	bool forwarded;  /* XFORWARD changed peer or HELO */
	bool local;      /* it said that the message is of the relay's own */

	/* the line that is being read, without its CRLF */
	char line[SMTP_LINE_MAX];
	size_t line_size;
	bool line_cr; /* its last byte was CR */
	bool line_long;

	/* the text */
	enum smtp_data_state data_state;
	uint64_t data_bytes;
	int data_error; /* what the sink failed with */

	char *out; /* owned */
	size_t out_size, out_room;

	char helo[ENVELOPE_HELO_MAX + 1]; /* as HELO or XCLIENT said */
};

/* --- smtp_reply.c -------------------------------------------------------- */

/* A reply line with its code, the enhanced one (RFC 3463; "" for none) and a
 * text; 4xx are our fault, 5xx are errors of the client. */
void smtp_reply(struct smtp_session *session, unsigned code,
    const char *enhanced, const char *format, ...)
    __attribute__((format(printf, 4, 5)));

/* A line of a longer reply; the last one is smtp_reply's. */
void smtp_reply_more(struct smtp_session *session, unsigned code,
    const char *format, ...) __attribute__((format(printf, 3, 4)));

/* --- smtp_session.c ------------------------------------------------------ */

/* The transaction ends without its message: maybe a callout. */
void smtp_transaction_drop(struct smtp_session *session);
/* It ends; sender, recipients and what XFORWARD said are forgotten. */
void smtp_transaction_reset(struct smtp_session *session);
/* Back to the state before HELO (RFC 3207 section 4.2, XCLIENT). */
void smtp_session_reset(struct smtp_session *session);
/* No more commands; output is sent. */
void smtp_session_close(struct smtp_session *session);
void smtp_greet(struct smtp_session *session);

/* --- a function for each command ----------------------------------------- */

typedef void smtp_run(
    struct smtp_session *session, struct smtp_command *command);

smtp_run smtp_run_helo, smtp_run_ehlo, smtp_run_lhlo, smtp_run_starttls;
smtp_run smtp_run_mail, smtp_run_rcpt, smtp_run_data;
smtp_run smtp_run_rset, smtp_run_noop, smtp_run_vrfy, smtp_run_expn;
smtp_run smtp_run_help, smtp_run_quit, smtp_run_unknown, smtp_run_foreign;
smtp_run smtp_run_xclient, smtp_run_xforward;

/* Reads message text; returns how many bytes were used. */
size_t smtp_text_read(
    struct smtp_session *session, const char *bytes, size_t size);

#endif
