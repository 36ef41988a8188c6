/*
 * DNS over TCP as a stream: whatever the pieces it comes in, the same messages
 * are found and answered in their order.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "bytes.h"
#include "dns.h"
#include "server_fixture.h"
#include "tcpanswer.h"
#include "tcpframe.h"

#define MESSAGES_MAX 4
#define SMALL 512
#define ROOM ((size_t)2 * TCPFRAME_MAX)

static const size_t pieces[] = {1, 2, 3, 13, 511, ROOM};
#define PIECES (sizeof(pieces) / sizeof(*pieces))

static const struct {
	const char *name;
	size_t size[MESSAGES_MAX]; /* of messages */
	unsigned count;
	size_t cut; /* bytes that don't come */
	const char *expected;
} rows[] = {
    {"nothing", {0}, 0, 0, "empty"},
    {"one", {40}, 1, 0, "40 empty"},
    {"several", {40, 12, 300}, 3, 0, "40 12 300 empty"},
    {"a header", {12}, 1, 0, "12 empty"},
    {"shorter than a header", {11}, 1, 0, "bad"},
    {"of no bytes", {0}, 1, 0, "bad"},
    {"of one byte", {1}, 1, 0, "bad"},
    {"good ones, then a short one", {40, 41, 3, 40}, 4, 0, "40 41 bad"},
    {"half a length", {40}, 1, 41, "part"},
    {"a length alone", {40}, 1, 40, "part"},
    {"one byte missing", {40}, 1, 1, "part"},
    {"of the second one byte", {40, 40}, 2, 41, "40 part"},
    {"fills the buffer", {510, 510}, 2, 0, "510 510 empty"},
    {"too long for the buffer", {511, 40}, 2, 0, "511 40 empty"},
    {"the longest", {65535}, 1, 0, "65535 empty"},
    {"the longest but a byte", {65535}, 1, 1, "part"},
    {"the longest between others", {40, 65535, 40}, 3, 0, "40 65535 40 empty"},
    {"two of the longest", {65535, 65535}, 2, 0, "65535 65535 empty"},
};

/* The octets of message `i`, for each its own. */
static uint8_t
octet(unsigned i, size_t at)
{
	return (uint8_t)(at * 7 + i);
}

static size_t
make_stream(size_t row, uint8_t *bytes)
{
	size_t size = 0;

	for (unsigned i = 0; i < rows[row].count; i++) {
		bs_put_be16(bytes + size, (uint16_t)rows[row].size[i]);
		size += TCPFRAME_HEAD;
		for (size_t k = 0; k < rows[row].size[i]; k++)
			bytes[size++] = octet(i, k);
	}
	return size - rows[row].cut;
}

/* What a reader does: a larger buffer where it takes one, the small one when
 * it does no more. */
static void
fit(struct tcpframe *frame, uint8_t *small, uint8_t *large)
{
	size_t need = tcpframe_need(frame);

	if (need > frame->room)
		tcpframe_move(frame, large, ROOM);
	else if (frame->bytes == large && need <= SMALL)
		tcpframe_move(frame, small, SMALL);
}

static const char *const ends[] = {
    [TCPFRAME_EMPTY] = "empty",
    [TCPFRAME_PART] = "part",
    [TCPFRAME_BAD] = "bad",
};

/* Reads the stream in pieces; what was found, in words. */
static void
read_stream(size_t row, size_t piece, char text[128])
{
	uint8_t *stream = malloc(2 * ROOM), *large = malloc(ROOM);
	uint8_t *small = malloc(SMALL);
	struct tcpframe frame = {.bytes = small, .room = SMALL};
	size_t size = make_stream(row, stream), at = 0, message_size, space;
	enum tcpframe_state state;
	const uint8_t *message;
	unsigned count = 0;

	text[0] = '\0';
	do {
		uint8_t *into = tcpframe_space(&frame, &space);

		assert_true(space > 0);
		if (space > piece)
			space = piece;
		if (space > size - at)
			space = size - at;
		memcpy(into, stream + at, space);
		tcpframe_added(&frame, space);
		at += space;
		while ((state = tcpframe_next(&frame, &message,
			    &message_size)) == TCPFRAME_WHOLE) {
			for (size_t i = 0; i < message_size; i++)
				assert_int_equal(message[i], octet(count, i));
			sprintf(text + strlen(text), "%zu ", message_size);
			count++;
		}
		if (state != TCPFRAME_BAD)
			fit(&frame, small, large);
	} while (at < size && state != TCPFRAME_BAD);
	strcat(text, ends[state]);
	if (state == TCPFRAME_EMPTY)
		assert_ptr_equal(frame.bytes, small);
	free(stream);
	free(large);
	free(small);
}

static void
finds_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		for (size_t k = 0; k < PIECES; k++) {
			char text[128];

			print_message("%s, %zu\n", rows[i].name, pieces[k]);
			read_stream(i, pieces[k], text);
			assert_string_equal(text, rows[i].expected);
		}
	}
}

/* --- answers -------------------------------------------------------------- */

/* 2.0.0.127.bl.test A, or a response, which is not answered. */
static size_t
put_query(uint8_t *bytes, uint16_t id, bool is_response)
{
	static const uint8_t query[] = "\0\0\1\0\0\1\0\0\0\0\0\0"
				       "\1"
				       "2\1"
				       "0\1"
				       "0\3"
				       "127\2bl\4test\0"
				       "\0\1\0\1";
	size_t size = sizeof(query) - 1;

	bs_put_be16(bytes, (uint16_t)size);
	memcpy(bytes + 2, query, size);
	bs_put_be16(bytes + 2, id);
	bytes[4] = is_response ? DNS_QR : bytes[4];
	return 2 + size;
}

/* In batches of 3, into room for one answer more than the longest. */
static void
answers_in_order(void **state)
{
	struct zone_table *zones = fixture_zones();
	struct respond_context context = {
	    .zones = zones,
	    .lookup = fixture_lookup(),
	};
	size_t room = TCPFRAME_MAX + 49;
	uint8_t *in = malloc(SMALL), *out = malloc(room);
	struct tcpframe frame = {.bytes = in, .room = SMALL};
	enum tcpframe_state found;
	uint16_t id = 0;
	size_t taken = 0;

	(void)state;
	for (uint16_t i = 0; i < 8; i++)
		frame.end += put_query(in + frame.end, i, i == 5);
	do {
		struct tcpanswer answer = {out, room, 0};
		size_t count = 3, at = 0;

		found = tcpanswer_batch(&frame, &context, &answer, &count);
		taken += count;
		assert_in_range(count, 0, 3);
		for (; at < answer.size; id++) {
			if (id == 5) /* the response */
				continue;
			assert_int_equal(bs_get_be16(out + at + 2), id);
			assert_int_equal(bs_get_be16(out + at + 8), 1);
			at += 2u + bs_get_be16(out + at);
		}
		assert_int_equal(at, answer.size);
	} while (found == TCPFRAME_WHOLE);
	assert_int_equal(found, TCPFRAME_EMPTY);
	assert_int_equal(taken, 8);
	assert_int_equal(id, 8);
	free(in);
	free(out);
	zone_table_free(&zones);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(finds_messages),
	    cmocka_unit_test(answers_in_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
