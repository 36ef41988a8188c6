/*
 * Hands a message to a hash without what differs from mailbox to mailbox: line
 * ends, an mbox's From_ line, fields of mailbox programs, our side's Received
 * lines, empty lines at the end.  What else is hashed with it is judge.c's
 * business, which calls it.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <string.h>

#include "line.h"
#include "mailhash.h"

#define SHORT_LINE ((size_t)80) /* bytes, as the lines of most texts */

size_t
mailhash_from_line(const char *bytes, size_t size)
{
	struct line_reader reader;
	struct line line;

	if (size < 5 || memcmp(bytes, "From ", 5) != 0)
		return 0;
	reader = line_reader_start(bytes, size);
	return line_next(&reader, &line) ? (size_t)(reader.next - bytes) : 0;
}

/* Whether a field is left out: one that mailbox programs add, change and drop,
 * or one of our side's Received lines, so many of which are still to come. */
static bool
is_left_out(const struct line *line, size_t *received_ours)
{
	static const struct line_name names[] = {LINE_NAME("Status"),
	    LINE_NAME("X-Status"), LINE_NAME("X-UID"), LINE_NAME("X-Keywords"),
	    LINE_NAME("Content-Length"), LINE_NAME("Lines"),
	    LINE_NAME("X-Mozilla-Status"), LINE_NAME("X-Mozilla-Status2"),
	    LINE_NAME("X-Mozilla-Keys"), LINE_NAME("X-UIDL"),
	    LINE_NAME("X-IMAP"), LINE_NAME("X-IMAPbase"),
	    LINE_NAME("Received")};
	size_t count = sizeof names / sizeof *names;
	size_t found = line_find_field(line, names, count);

	if (found < count - 1)
		return true;
	if (found == count || *received_ours == 0)
		return false;
	(*received_ours)--;
	return true;
}

/* Lines on their way to the hash, which takes its time for each call. */
struct hashing {
	struct bs_keyhash *hash;
	const char *end; /* of the message */
	size_t used;
	char bytes[8192];
};

static void
flush(struct hashing *hashing)
{
	bs_keyhash_add(hashing->hash, hashing->bytes, hashing->used);
	hashing->used = 0;
}

static void
hash_bytes(struct hashing *hashing, const char *bytes, size_t size)
{
	flush(hashing);
	bs_keyhash_add(hashing->hash, bytes, size);
	hashing->bytes[hashing->used++] = '\n';
}

/* Short lines are copied with what is behind them, as far as it is the
 * message's; the next line overwrites it. */
static void
hash_line(struct hashing *hashing, const struct line *line)
{
	bool is_short = line->size <= SHORT_LINE &&
			(size_t)(hashing->end - line->text) >= SHORT_LINE;
	char *to;

	if (line->size + SHORT_LINE > sizeof hashing->bytes) {
		hash_bytes(hashing, line->text, line->size);
		return;
	}
	if (line->size + SHORT_LINE > sizeof hashing->bytes - hashing->used)
		flush(hashing);
	to = hashing->bytes + hashing->used;
	if (is_short)
		memcpy(to, line->text, SHORT_LINE);
	else
		memcpy(to, line->text, line->size);
	to[line->size] = '\n';
	hashing->used += line->size + 1;
}

static void
hash_empty_lines(struct hashing *hashing, size_t count)
{
	const struct line empty = {hashing->end, 0};

	while (count-- > 0)
		hash_line(hashing, &empty);
}

/* Hashes the header; what is left out takes its continuation lines along. */
static void
hash_header(
    struct hashing *hashing, struct line_reader *reader, size_t received_ours)
{
	struct line line;
	bool left_out = false;

	while (line_next(reader, &line) && line.size > 0) {
		if (!line_is_continuation(&line))
			left_out = is_left_out(&line, &received_ours);
		if (!left_out)
			hash_line(hashing, &line);
	}
	hash_empty_lines(hashing, 1);
}

/* A body whose lines end in LF alone is hashed as it is, but for the empty lines at
 * its end. */
static bool
hash_plain_body(struct hashing *hashing, const struct line_reader *reader)
{
	const char *body = reader->next;
	size_t size = (size_t)(reader->end - body);

	if (reader->newline != '\n' || size == 0 ||
	    memchr(body, '\r', size) != NULL)
		return false;
	while (size > 0 && body[size - 1] == '\n')
		size--;
	if (size > 0)
		hash_bytes(hashing, body, size);
	return true;
}

/* Empty lines count when another line follows them. */
static void
hash_body(struct hashing *hashing, struct line_reader *reader)
{
	struct line line;
	size_t empty = 0;

	while (line_next(reader, &line)) {
		if (line.size == 0) {
			empty++;
			continue;
		}
		hash_empty_lines(hashing, empty);
		empty = 0;
		hash_line(hashing, &line);
	}
}

void
mailhash_add(struct bs_keyhash *hash, const char *bytes, size_t size,
    size_t received_ours)
{
	struct hashing hashing;
	struct line_reader reader;
	size_t skip = mailhash_from_line(bytes, size);

	hashing.hash = hash;
	hashing.end = bytes + size;
	hashing.used = 0;
	reader = line_reader_start(bytes + skip, size - skip);
	hash_header(&hashing, &reader, received_ours);
	if (!hash_plain_body(&hashing, &reader))
		hash_body(&hashing, &reader);
	flush(&hashing);
}
