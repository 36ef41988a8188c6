/*
 * Cuts a stream of bytes into messages, for mailfiles.c.
 *
 * Reads through one buffer and gathers one message at a time in another that
 * grows up to the limit; the rest of a longer one is read and dropped.  Lines
 * may be of any length: they are handled in pieces.  What a From_ line is,
 * mbox.c says.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "mailstream.h"
#include "mbox.h"

#define BUFFER_BYTES ((size_t)128 * 1024)
#define MESSAGE_BYTES_MIN ((size_t)64 * 1024)

static_assert(BUFFER_BYTES >= 2 * MBOX_LOOKAHEAD, "room to look ahead");
static_assert(BUFFER_BYTES >= MAIL_LOOK_BYTES, "room to look");

struct mailstream {
	mailstream_read *read;
	void *context;
	bool single, is_mbox;
	bool started;    /* the first bytes have been looked at */
	bool stream_end; /* read said so */
	bool line_start; /* buffer[start] begins a line */
	bool line_empty; /* the line before it was empty */
	size_t index;
	uint32_t from_s; /* of the message under way */

	char *buffer; /* BUFFER_BYTES; not yet used: start to end */
	size_t start, end;

	char *message;
	size_t message_size, message_room, size_max;
	bool cut;
};

static size_t
skip_blank(const char *bytes, size_t size)
{
	size_t i = 0;

	while (
	    i < size && strchr(" \t\r\n", bytes[i]) != NULL && bytes[i] != '\0')
		i++;
	return i;
}

enum mail_look
mail_look(const char *bytes, size_t size)
{
	size_t blank = skip_blank(bytes, size), line;
	const char *end;

	if (blank == size)
		return MAIL_LOOK_EMPTY;
	end = memchr(bytes + blank, '\n', size - blank);
	line = end == NULL ? size - blank : (size_t)(end - bytes) - blank;
	if (memchr(bytes + blank, '\0', line) != NULL)
		return MAIL_LOOK_BINARY;
	if (mbox_is_from(bytes, size))
		return MAIL_LOOK_MBOX;
	if (mbox_is_field(bytes + blank, line) ||
	    mbox_is_quoted(bytes + blank, line))
		return MAIL_LOOK_MESSAGE;
	return MAIL_LOOK_TEXT;
}

int
mailstream_new(mailstream_read *read, void *context, bool single,
    size_t size_max, struct mailstream **stream_r)
{
	struct mailstream *stream = calloc(1, sizeof(*stream));

	if (stream == NULL)
		return BS_ENOMEM;
	stream->read = read;
	stream->context = context;
	stream->single = single;
	stream->size_max = size_max;
	stream->line_start = true;
	stream->line_empty = true;
	stream->message_room =
	    size_max < MESSAGE_BYTES_MIN ? size_max : MESSAGE_BYTES_MIN;
	stream->buffer = malloc(BUFFER_BYTES);
	stream->message = malloc(stream->message_room);
	if (stream->buffer == NULL || stream->message == NULL) {
		mailstream_free(&stream);
		return BS_ENOMEM;
	}
	*stream_r = stream;
	return BS_OK;
}

void
mailstream_free(struct mailstream **stream)
{
	if (*stream == NULL)
		return;
	free((*stream)->message);
	free((*stream)->buffer);
	free(*stream);
	*stream = NULL;
}

/* Has at least `wanted` bytes in the buffer, or all up to the end. */
static int
fill(struct mailstream *stream, size_t wanted)
{
	if (stream->end - stream->start >= wanted || stream->stream_end)
		return BS_OK;
	memmove(stream->buffer, stream->buffer + stream->start,
	    stream->end - stream->start);
	stream->end -= stream->start;
	stream->start = 0;
	while (stream->end < wanted && !stream->stream_end) {
		size_t size = 0;
		int rc =
		    stream->read(stream->context, stream->buffer + stream->end,
			BUFFER_BYTES - stream->end, &size);

		if (rc != BS_OK)
			return rc;
		assert(size <= BUFFER_BYTES - stream->end);
		stream->end += size;
		stream->stream_end = size == 0;
	}
	return BS_OK;
}

static const char *
at(const struct mailstream *stream)
{
	return stream->buffer + stream->start;
}

static size_t
left(const struct mailstream *stream)
{
	return stream->end - stream->start;
}

int
mailstream_look(struct mailstream *stream, enum mail_look *look_r)
{
	int rc = fill(stream, MAIL_LOOK_BYTES);

	if (rc != BS_OK)
		return rc;
	*look_r = mail_look(at(stream),
	    left(stream) < MAIL_LOOK_BYTES ? left(stream) : MAIL_LOOK_BYTES);
	return BS_OK;
}

/* Takes the From_ line at the buffer's start. */
static void
take_from_line(struct mailstream *stream)
{
	const char *end = memchr(at(stream), '\n', left(stream));
	size_t size;

	assert(end != NULL); /* mbox_is_from found it */
	size = (size_t)(end - at(stream)) + 1;
	stream->from_s = 0;
	(void)mbox_from_time(at(stream), size, &stream->from_s);
	stream->start += size;
	stream->line_start = true;
	stream->line_empty = false;
}

/* Decides what the stream is and takes what stands before its first message. */
static int
start(struct mailstream *stream)
{
	enum mail_look look;
	int rc = mailstream_look(stream, &look);

	if (rc != BS_OK)
		return rc;
	stream->started = true;
	stream->is_mbox = look == MAIL_LOOK_MBOX && !stream->single;
	if (look == MAIL_LOOK_MBOX)
		take_from_line(stream);
	return BS_OK;
}

/* Appends to the message, up to its limit. */
static int
append(struct mailstream *stream, const char *bytes, size_t size)
{
	size_t room = stream->size_max - stream->message_size;

	if (size > room) {
		stream->cut = true;
		size = room;
	}
	if (stream->message_size + size > stream->message_room) {
		size_t larger = stream->message_room;
		char *moved;

		while (larger < stream->message_size + size)
			larger *= 2;
		if (larger > stream->size_max)
			larger = stream->size_max;
		moved = realloc(stream->message, larger);
		if (moved == NULL)
			return BS_ENOMEM;
		stream->message = moved;
		stream->message_room = larger;
	}
	memcpy(stream->message + stream->message_size, bytes, size);
	stream->message_size += size;
	return BS_OK;
}

/* Takes the rest of a line, or as much of it as the buffer has. */
static int
take_line(struct mailstream *stream)
{
	const char *line = at(stream);
	const char *end = memchr(line, '\n', left(stream));
	size_t size = end == NULL ? left(stream) : (size_t)(end - line) + 1;
	size_t quote = 0;

	if (stream->is_mbox && stream->line_start) {
		stream->line_empty =
		    line[0] == '\n' ||
		    (size == 2 && memcmp(line, "\r\n", 2) == 0);
		quote = mbox_is_quoted(line, size) ? 1 : 0;
	}
	stream->start += size;
	stream->line_start = end != NULL;
	return append(stream, line + quote, size - quote);
}

/* Whether the next message's From_ line is at hand. */
static bool
at_from_line(const struct mailstream *stream)
{
	return stream->is_mbox && stream->line_start && stream->line_empty &&
	       mbox_is_from(at(stream), left(stream));
}

/* Whether the lines end in CR alone but for the last one. */
static bool
is_cr_only(const char *bytes, size_t size)
{
	return size > 2 && memchr(bytes, '\n', size) == bytes + size - 1 &&
	       memchr(bytes, '\r', size - 2) != NULL;
}

/* The empty line before a From_ line belongs to the mbox, and so does the LF
 * that who wrote it had to add to lines that end in CR. */
static void
drop_empty_line(struct mailstream *stream)
{
	size_t size = stream->message_size;

	if (stream->cut || size == 0 || stream->message[size - 1] != '\n')
		return;
	size--;
	if (size > 0 && stream->message[size - 1] == '\r')
		size--;
	if (is_cr_only(stream->message, size))
		size--;
	stream->message_size = size;
}

/* Nothing follows a message that is no mbox's: its rest need not be read. */
static void
drop_rest(struct mailstream *stream)
{
	stream->start = stream->end;
	stream->stream_end = true;
}

static void
hand_over(struct mailstream *stream, struct mail *mail_r)
{
	stream->index++;
	mail_r->bytes = stream->message;
	mail_r->size = stream->message_size;
	mail_r->index = stream->is_mbox ? stream->index : 0;
	mail_r->from_s = stream->from_s;
	mail_r->cut = stream->cut;
}

int
mailstream_next(struct mailstream *stream, struct mail *mail_r)
{
	bool more = false;
	int rc = stream->started ? BS_OK : start(stream);

	stream->message_size = 0;
	stream->cut = false;
	while (rc == BS_OK && (rc = fill(stream, MBOX_LOOKAHEAD)) == BS_OK &&
	       left(stream) > 0) {
		more = at_from_line(stream);
		if (more)
			break;
		rc = take_line(stream);
		if (stream->cut && !stream->is_mbox)
			drop_rest(stream);
	}
	if (rc != BS_OK)
		return rc;
	if (!more && stream->message_size == 0)
		return BS_ENOTFOUND;
	if (stream->is_mbox && stream->line_empty)
		drop_empty_line(stream);
	hand_over(stream, mail_r);
	if (more)
		take_from_line(stream);
	return BS_OK;
}
