/*
 * Cuts a master file into entries.  ldns would read the file itself, but runs
 * past an unterminated quote to the file's end and can't say where the mistake
 * was; so quotes, parentheses and comments are handled here and ldns sees one
 * whole entry at a time.  Called by zonefile.c.
 */
#include "autoconf.h"

#include <stdbool.h>

#include "zonetext.h"

/* An entry being read. */
struct reader {
	struct zonetext *from;
	struct zonetext_entry *entry;
	size_t size;         /* bytes of entry->text so far */
	bool blank;          /* nothing but blanks so far */
	bool quoted;         /* between quotes */
	unsigned paren_line; /* of an open parenthesis; 0: none */
	const char *error;   /* the first thing wrong, "what: remedy" */
	unsigned error_line;
};

struct zonetext
zonetext_start(const char *text, size_t size)
{
	return (struct zonetext){.text = text, .size = size, .line = 1};
}

static void
fail(struct reader *reader, unsigned line, const char *error)
{
	if (reader->error != NULL)
		return;
	reader->error = error;
	reader->error_line = line;
}

static void
put(struct reader *reader, char c)
{
	if (c != ' ')
		reader->blank = false;
	if (reader->size + 1 < ZONETEXT_ENTRY_MAX)
		reader->entry->text[reader->size++] = c;
	else
		fail(reader, reader->entry->line,
		    "record longer than 8191 bytes: split it");
}

/* A blank between fields: one is enough, and more are too much for ldns. */
static void
put_blank(struct reader *reader)
{
	if (reader->size == 0 || reader->entry->text[reader->size - 1] != ' ')
		put(reader, ' ');
}

/* A character that is not part of a quoted string. */
static void
read_plain(struct reader *reader, char c)
{
	unsigned line = reader->from->line;

	if (c == '(' && reader->paren_line != 0) {
		fail(reader, line,
		    "second ( inside parentheses: close the first with )");
	} else if (c == '(') {
		reader->paren_line = line;
		put_blank(reader);
	} else if (c == ')') {
		if (reader->paren_line == 0)
			fail(reader, line, ") without (: remove it");
		reader->paren_line = 0;
		put_blank(reader);
	} else if (c == '"') {
		reader->quoted = true;
		put(reader, c);
	} else if (c == ' ' || c == '\t' || c == '\r') {
		put_blank(reader);
	} else {
		put(reader, c);
	}
}

/* One character of the text; false when it ended the entry. */
static bool
read_one(struct reader *reader)
{
	struct zonetext *from = reader->from;
	unsigned line = from->line;
	char c = from->text[from->at++];

	if (c == '\n') {
		from->line++;
		if (reader->quoted)
			fail(reader, line,
			    "quote not closed on its line: add a \"");
		reader->quoted = false;
		if (reader->paren_line != 0)
			put_blank(reader);
		return reader->paren_line != 0;
	}
	if ((c >= 0 && c < ' ' && c != '\t' && c != '\r') || c == 0x7f) {
		fail(reader, line,
		    "control character (a NUL byte, say): remove it, or "
		    "write \\DDD");
	} else if (c == '\\' && from->at < from->size &&
		   from->text[from->at] >= ' ') {
		put(reader, c);
		put(reader, from->text[from->at++]);
	} else if (reader->quoted) {
		reader->quoted = c != '"';
		put(reader, c);
	} else if (c == ';') {
		while (from->at < from->size && from->text[from->at] != '\n')
			from->at++;
	} else {
		read_plain(reader, c);
	}
	return true;
}

static void
read_entry(struct reader *reader)
{
	struct zonetext *from = reader->from;

	while (from->at < from->size && read_one(reader))
		continue;
	if (reader->quoted)
		fail(reader, from->line,
		    "quote not closed on its line: add a \"");
	if (reader->paren_line != 0)
		fail(reader, reader->paren_line,
		    "( is never closed: add a ) after the last field");
	while (reader->size > 0 && reader->entry->text[reader->size - 1] == ' ')
		reader->size--;
	reader->entry->text[reader->size] = '\0';
}

int
zonetext_next(struct zonetext *zonetext, struct zonetext_entry *entry_r,
    struct bs_message *message)
{
	while (zonetext->at < zonetext->size) {
		struct reader reader = {
		    .from = zonetext, .entry = entry_r, .blank = true};

		entry_r->line = zonetext->line;
		read_entry(&reader);
		if (reader.error != NULL) {
			entry_r->line = reader.error_line;
			bs_message_set(message, "%s", reader.error);
			return BS_EINVAL;
		}
		if (!reader.blank)
			return BS_OK;
	}
	return BS_ENOTFOUND;
}
