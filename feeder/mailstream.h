/*
 * One stream of bytes (a file, standard input), one message after the other:
 * an mbox has many, anything else is one.  Told apart by looking at the first
 * bytes.  Memory is bounded by one message of at most JUDGE_MESSAGE_MAX bytes,
 * however large the stream is.
 */
#ifndef FEED_MAILSTREAM_H
#define FEED_MAILSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"

/* What the first bytes of a stream look like. */
enum mail_look {
	MAIL_LOOK_MBOX,
	MAIL_LOOK_MESSAGE,
	MAIL_LOOK_EMPTY,  /* nothing, or nothing but blank lines */
	MAIL_LOOK_BINARY, /* has NUL bytes where a header should be */
	MAIL_LOOK_TEXT,   /* does not begin with a header field */
};

/* How many bytes are looked at. */
#define MAIL_LOOK_BYTES 4096

/* Pure. `size` bytes, MAIL_LOOK_BYTES of them if the stream has as many. */
enum mail_look mail_look(const char *bytes, size_t size);

/*
 * Where the bytes come from: up to `size` of them, how many in *size_r, 0 at
 * the end.  BS_EIO when reading fails; what it returns but BS_OK ends the
 * stream and is handed through.
 */
typedef int mailstream_read(
    void *context, char *bytes, size_t size, size_t *size_r);

struct mail {
	const char *bytes; /* valid until the next call */
	size_t size;
	size_t index;    /* in an mbox: from 1, else 0 */
	uint32_t from_s; /* date of its From_ line; 0: none */
	bool cut;        /* it was longer: this is its beginning */
};

struct mailstream;

/*
 * `single`: one message whatever it looks like (a Maildir's); a From_ line
 * before its header is left out.  `size_max` is JUDGE_MESSAGE_MAX but in tests.
 * `context` is borrowed.  BS_ENOMEM.
 */
int mailstream_new(mailstream_read *read, void *context, bool single,
    size_t size_max, struct mailstream **stream_r);
void mailstream_free(struct mailstream **stream);

/* Reads the first bytes and looks at them; BS_OK, or what `read` said.  To be
 * called before mailstream_next, which gives what it can in any case. */
int mailstream_look(struct mailstream *stream, enum mail_look *look_r);

/*
 * The next message.  BS_ENOTFOUND at the end; BS_ENOMEM; what `read` said when
 * it failed: what had been read of a message until then is lost.
 */
int mailstream_next(struct mailstream *stream, struct mail *mail_r);

#endif
