/*
 * DNS over TCP as a stream of bytes: each message has its length before it in
 * two octets (RFC 1035 section 4.2.2), and they come in pieces of any size
 * (RFC 7766 section 8).  Finds the messages in a buffer that it is given and
 * that bounds what a client can make us keep.  Pure.
 *
 *	read into tcpframe_space, tell tcpframe_added how much it was,
 *	call tcpframe_next until it gives no whole message.
 */
#ifndef SERVER_TCPFRAME_H
#define SERVER_TCPFRAME_H

#include <stddef.h>
#include <stdint.h>

#define TCPFRAME_HEAD 2                       /* octets of the length */
#define TCPFRAME_MAX (TCPFRAME_HEAD + 0xffff) /* the longest message */

struct tcpframe {
	uint8_t *bytes; /* borrowed */
	size_t room;    /* of `bytes`; TCPFRAME_HEAD or more */
	size_t start;   /* of what was not yet given out */
	size_t end;     /* of what came */
};

enum tcpframe_state {
	TCPFRAME_EMPTY, /* nothing is left */
	TCPFRAME_PART,  /* a message has begun */
	TCPFRAME_WHOLE, /* here is one */
	TCPFRAME_BAD,   /* shorter than a DNS header: this is no DNS */
};

/* Where bytes that come next are to be put, and how many may be.  None only
 * if the message that has begun is too large for the buffer.  What tcpframe_next
 * gave is gone then. */
uint8_t *tcpframe_space(struct tcpframe *frame, size_t *size_r);

/* That so many were put there. */
void tcpframe_added(struct tcpframe *frame, size_t size);

/* The next message, where it is whole: it lies in the buffer until
 * tcpframe_space or tcpframe_move.  After TCPFRAME_BAD there is no sense in
 * what follows. */
enum tcpframe_state tcpframe_next(
    struct tcpframe *frame, const uint8_t **message_r, size_t *size_r);

/* The room that the message which has begun needs with its length, as far as
 * that is known; 0 where none has. */
size_t tcpframe_need(const struct tcpframe *frame);

/* How many bytes came that were not given out. */
size_t tcpframe_left(const struct tcpframe *frame);

/* Goes on in another buffer, which has room for what is left. */
void tcpframe_move(struct tcpframe *frame, uint8_t *bytes, size_t room);

#endif
