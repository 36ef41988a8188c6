/*
 * DNS over TCP, bytes in, bytes out: the first byte says in what pieces the
 * others come.  Whatever comes, and in whatever pieces, the answers are those
 * that each message would get alone, in their order, and no buffer is left.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "dns.h"
#include "respond.h"
#include "server_fixture.h"
#include "tcpanswer.h"

#define SMALL 512
#define BLOCK ((size_t)2 * TCPFRAME_MAX)

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct stream {
	const uint8_t *bytes;
	size_t size;
	size_t expected; /* where the next message begins whose answer comes */
	struct respond_context context;
	struct tcpframe frame;
	uint8_t *small, *block, *out, *alone;
};

/* The next message that has an answer must have just this one. */
static void
check_answer(struct stream *stream, const uint8_t *answer, size_t size)
{
	size_t got = 0;

	while (got == 0) {
		size_t at = stream->expected, message_size;

		assert(stream->size - at >= TCPFRAME_HEAD);
		message_size = bs_get_be16(stream->bytes + at);
		at += TCPFRAME_HEAD;
		assert(message_size >= DNS_HEADER_SIZE);
		assert(stream->size - at >= message_size);
		got = respond_tcp(&stream->context, stream->bytes + at,
		    message_size, stream->alone);
		stream->expected = at + message_size;
	}
	assert(got == size);
	assert(memcmp(stream->alone, answer, size) == 0);
	assert((answer[2] & DNS_TC) == 0);
}

static enum tcpframe_state
answer_all(struct stream *stream, size_t most)
{
	enum tcpframe_state state;

	do {
		struct tcpanswer out = {stream->out, BLOCK, 0};
		size_t count = most, at = 0;

		state = tcpanswer_batch(
		    &stream->frame, &stream->context, &out, &count);
		assert(count <= most && out.size <= BLOCK);
		while (at < out.size) {
			size_t size = bs_get_be16(stream->out + at);

			at += TCPFRAME_HEAD;
			assert(
			    size >= DNS_HEADER_SIZE && at + size <= out.size);
			check_answer(stream, stream->out + at, size);
			at += size;
		}
	} while (state == TCPFRAME_WHOLE);
	return state;
}

/* As tcpconn.c does. */
static void
fit(struct stream *stream)
{
	size_t need = tcpframe_need(&stream->frame);

	if (need > stream->frame.room)
		tcpframe_move(&stream->frame, stream->block, BLOCK);
	else if (stream->frame.bytes == stream->block && need <= SMALL)
		tcpframe_move(&stream->frame, stream->small, SMALL);
}

/* What is not taken has no whole message, or one that is none. */
static void
check_rest(const struct stream *stream, enum tcpframe_state state)
{
	size_t at = stream->expected;

	while (stream->size - at >= TCPFRAME_HEAD) {
		size_t size = bs_get_be16(stream->bytes + at);

		if (size < DNS_HEADER_SIZE) {
			assert(state == TCPFRAME_BAD);
			return;
		}
		at += TCPFRAME_HEAD;
		if (stream->size - at < size) {
			assert(state == TCPFRAME_PART);
			return;
		}
		assert(respond_tcp(&stream->context, stream->bytes + at, size,
			   stream->alone) == 0);
		at += size;
	}
	assert(state == (at < stream->size ? TCPFRAME_PART : TCPFRAME_EMPTY));
}

static void
run(struct stream *stream, uint8_t pattern)
{
	enum tcpframe_state state = TCPFRAME_EMPTY;
	size_t at = 0, piece = 1u + (pattern & 0x0fu) * (pattern & 0x0fu) * 8u;

	while (at < stream->size && state != TCPFRAME_BAD) {
		size_t room;
		uint8_t *space = tcpframe_space(&stream->frame, &room);

		assert(room > 0);
		if (room > piece)
			room = piece;
		if (room > stream->size - at)
			room = stream->size - at;
		memcpy(space, stream->bytes + at, room);
		tcpframe_added(&stream->frame, room);
		at += room;
		state = answer_all(stream, 1u + (pattern >> 4));
		if (state != TCPFRAME_BAD)
			fit(stream);
	}
	check_rest(stream, state);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct zone_table *zones;
	struct stream stream = {.context.lookup = fixture_lookup()};

	if (zones == NULL)
		zones = fixture_zones();
	if (size == 0)
		return 0;
	stream.context.zones = zones;
	stream.bytes = bytes + 1;
	stream.size = size - 1;
	stream.small = malloc(SMALL);
	stream.block = malloc(BLOCK);
	stream.out = malloc(BLOCK);
	stream.alone = malloc(RESPOND_TCP_MAX);
	assert(stream.small != NULL && stream.block != NULL &&
	       stream.out != NULL && stream.alone != NULL);
	stream.frame = (struct tcpframe){.bytes = stream.small, .room = SMALL};
	run(&stream, bytes[0]);
	free(stream.small);
	free(stream.block);
	free(stream.out);
	free(stream.alone);
	return 0;
}
