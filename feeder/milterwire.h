/*
 * What the milter (a process of its own) tells `serve` of a message to traps:
 * frames of a kind, a size and that many bytes.  Pure.
 *
 *	SENDER TRAP... TEXT... END	a message; answered by one byte, if END
 *					says that somebody waits for that
 *	SENDER TRAP... UNUSED		a session that went without one
 *	... DROP			no more of this one: forget it
 */
#ifndef FEED_MILTERWIRE_H
#define FEED_MILTERWIRE_H

#include <stddef.h>
#include <stdint.h>

#include "envelope.h"

#define MILTERWIRE_HEAD 3         /* kind, and the size in two bytes */
#define MILTERWIRE_TEXT_MAX 16384 /* bytes of one TEXT */
#define MILTERWIRE_BODY_MAX 1024  /* of any other frame */
#define MILTERWIRE_FRAME_MAX (MILTERWIRE_HEAD + MILTERWIRE_BODY_MAX)

enum milterwire_kind {
	MILTERWIRE_SENDER = 'S',
	MILTERWIRE_TRAP = 'T',
	MILTERWIRE_TEXT = 'X',
	MILTERWIRE_END = 'E',
	MILTERWIRE_UNUSED = 'U',
	MILTERWIRE_DROP = 'D',
};

/* How a message ends. */
struct milterwire_end {
	bool cut;    /* the text was */
	bool waited; /* for its answer */
};

/* The answer to END. */
#define MILTERWIRE_KEPT 'K'
#define MILTERWIRE_LATER 'L'

/* The head of a frame of `size` (at most 65535) bytes. */
void milterwire_put_head(
    enum milterwire_kind kind, size_t size, uint8_t bytes_r[MILTERWIRE_HEAD]);

/* Each writes a whole frame and returns how long it is.  A sender is all of an
 * envelope but its recipients. */
size_t milterwire_put_sender(
    const struct envelope *envelope, uint8_t bytes_r[MILTERWIRE_FRAME_MAX]);
size_t milterwire_put_trap(
    const char *address, uint8_t bytes_r[MILTERWIRE_FRAME_MAX]);
size_t milterwire_put_end(
    struct milterwire_end end, uint8_t bytes_r[MILTERWIRE_FRAME_MAX]);

/* Each reads what stands behind the head.  BS_ECORRUPT leaves the output as it
 * is.  A sender fills all but recipients and `cut`. */
int milterwire_get_sender(
    const uint8_t *bytes, size_t size, struct envelope *envelope_r);
int milterwire_get_trap(const uint8_t *bytes, size_t size,
    char address_r[ENVELOPE_ADDRESS_MAX + 1]);
int milterwire_get_end(
    const uint8_t *bytes, size_t size, struct milterwire_end *end_r);

#endif
