/*
 * Finds DNS messages in a stream of bytes.  Reading and writing are left to
 * tcpconn.c, what a message means to respond.c.  Called by them and by
 * tcpanswer.c.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "bytes.h"

#include "dns.h"
#include "tcpframe.h"

size_t
tcpframe_left(const struct tcpframe *frame)
{
	return frame->end - frame->start;
}

size_t
tcpframe_need(const struct tcpframe *frame)
{
	size_t left = tcpframe_left(frame);

	if (left == 0)
		return 0;
	if (left < TCPFRAME_HEAD)
		return TCPFRAME_HEAD;
	return TCPFRAME_HEAD + (size_t)bs_get_be16(frame->bytes + frame->start);
}

uint8_t *
tcpframe_space(struct tcpframe *frame, size_t *size_r)
{
	size_t left = tcpframe_left(frame);

	if (left > 0 && frame->start > 0)
		memmove(frame->bytes, frame->bytes + frame->start, left);
	frame->start = 0;
	frame->end = left;
	*size_r = frame->room - left;
	return frame->bytes + left;
}

void
tcpframe_added(struct tcpframe *frame, size_t size)
{
	assert(size <= frame->room - frame->end);
	frame->end += size;
}

enum tcpframe_state
tcpframe_next(struct tcpframe *frame, const uint8_t **message_r, size_t *size_r)
{
	size_t left = tcpframe_left(frame);
	size_t need = tcpframe_need(frame);

	if (left == 0)
		return TCPFRAME_EMPTY;
	if (left < TCPFRAME_HEAD)
		return TCPFRAME_PART;
	if (need < TCPFRAME_HEAD + DNS_HEADER_SIZE)
		return TCPFRAME_BAD;
	if (left < need)
		return TCPFRAME_PART;
	*message_r = frame->bytes + frame->start + TCPFRAME_HEAD;
	*size_r = need - TCPFRAME_HEAD;
	frame->start += need;
	return TCPFRAME_WHOLE;
}

void
tcpframe_move(struct tcpframe *frame, uint8_t *bytes, size_t room)
{
	size_t left = tcpframe_left(frame);

	assert(left <= room);
	if (left > 0)
		memcpy(bytes, frame->bytes + frame->start, left);
	*frame = (struct tcpframe){.bytes = bytes, .room = room, .end = left};
}
