/*
 * One link from the milter as `serve` reads it: bytes in, messages and callouts
 * out.  Does no I/O; milterinlet.c connects it to a socket.
 *
 * The milter's process reads what anybody sends it and may be anybody's by now:
 * what is out of order or beyond a limit ends the link, nothing else.
 */
#ifndef FEED_MILTERINTAKE_H
#define FEED_MILTERINTAKE_H

#include "milterwire.h"

/* Where it hands on what it reads. */
struct milterintake_sink {
	void *context;
	/* A piece of the message.  Anything but BS_OK: the rest is passed over,
	 * and `failed` is true at its end. */
	int (*text)(void *context, const uint8_t *bytes, size_t size);
	/* Traps that went without a message, not by our fault; borrowed. */
	void (*unused)(void *context, const struct envelope *envelope);
	/* What was handed on of this message is for nothing. */
	void (*drop)(void *context);
};

enum milterintake_state {
	MILTERINTAKE_IDLE,
	MILTERINTAKE_ENVELOPE,
	MILTERINTAKE_TEXT,
	MILTERINTAKE_COMPLETE, /* a message: see milterintake_take */
};

struct milterintake {
	struct milterintake_sink sink;
	size_t recipients_max;
	uint64_t size_max; /* bytes of a message that are handed on */

	enum milterintake_state state;
	struct envelope envelope;
	uint64_t size;
	bool failed;
	bool waited; /* for an answer to the complete message */

	uint8_t frame[MILTERWIRE_FRAME_MAX]; /* as far as it is there */
	size_t frame_size;
	size_t text_left; /* of a TEXT */
};

void milterintake_init(struct milterintake *intake,
    const struct milterintake_sink *sink, size_t recipients_max,
    uint64_t size_max);
void milterintake_free(struct milterintake *intake);

/*
 * Reads; *used_r: how many bytes, all unless a message is complete.
 * BS_ECORRUPT: these are no frames in their order; BS_ENOMEM: end the link.
 */
int milterintake_read(struct milterintake *intake, const uint8_t *bytes,
    size_t size, size_t *used_r);

/* Takes the complete message's envelope out, and is ready for the next one.
 * *envelope_r is the caller's. */
void milterintake_take(
    struct milterintake *intake, struct envelope *envelope_r);

#endif
