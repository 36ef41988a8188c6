/*
 * Examines the text of a notice.  A bounce that is plain text (a third of
 * them) has no structure but this: some sentences, reply codes of the remote
 * MTA, and the returned message's header below a line of dashes.  Pure; works
 * on the folded text that mime.c made.
 */
#include "autoconf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "eight.h"
#include "line.h"
#include "quoted.h"
#include "text.h"

/* So many header fields in a row are a returned message; fewer where the trap
 * wrote it, as home-made systems quote two or three lines of it. */
#define RETURNED_FIELDS_MIN 3
#define RETURNED_FIELDS_OURS_MIN 2

static const struct line_name returned_fields[] = {LINE_NAME("received"),
    LINE_NAME("return-path"), LINE_NAME("message-id"), LINE_NAME("from"),
    LINE_NAME("to"), LINE_NAME("subject"), LINE_NAME("date"),
    LINE_NAME("mime-version"), LINE_NAME("content-type"), LINE_NAME("x-mailer"),
    LINE_NAME("reply-to"), LINE_NAME("dkim-signature"), LINE_NAME("x-received"),
    LINE_NAME("delivered-to"), LINE_NAME("content-transfer-encoding"),
    LINE_NAME("sender"), LINE_NAME("cc"), LINE_NAME("x-apparently-from"),
    LINE_NAME("x-originating-ip"), LINE_NAME("references"),
    LINE_NAME("in-reply-to")};

static bool
is_returned_field(const struct line *line)
{
	size_t count = sizeof returned_fields / sizeof *returned_fields;

	return line_find_field(line, returned_fields, count) < count;
}

/* Leaves out quote marks and indentation before a returned header. */
static struct line
unquoted(struct line line)
{
	while (line.size > 0 && (*line.text == ' ' || *line.text == '>' ||
				    *line.text == '|' || *line.text == '\t')) {
		line.text++;
		line.size--;
	}
	return line;
}

/* Whether an address is in a text, in any case.  Its '@' is looked for, which
 * texts have few of. */
static bool
has_address(const char *text, size_t size, const char *address)
{
	size_t length = strlen(address);
	size_t before = strcspn(address, "@");
	bool has_at = before < length;
	const char *end = text + size;

	if (!has_at)
		before = 0;
	while (length > 0 && (size_t)(end - text) >= length) {
		size_t places = (size_t)(end - text) - length + 1;
		const char *at =
		    has_at ? memchr(text + before, '@', places) : text;

		if (at == NULL)
			return false;
		if (strncasecmp(at - before, address, length) == 0)
			return true;
		text = at - before + 1;
	}
	return false;
}

/* Whether the line says that a message is from that address. */
static bool
is_from(const struct line *line, const char *address)
{
	static const struct line_name senders[] = {LINE_NAME("from"),
	    LINE_NAME("return-path"), LINE_NAME("sender"),
	    LINE_NAME("x-envelope-from")};
	size_t count = sizeof senders / sizeof *senders;

	return has_address(line->text, line->size, address) &&
	       line_find_field(line, senders, count) < count;
}

const char *
text_find_returned(const char *text, size_t size, const char *trap)
{
	struct line_reader reader = line_reader_start(text, size);
	struct line line, bare;
	const char *start = NULL;
	size_t fields = 0, wanted = 0;

	while (line_next(&reader, &line)) {
		bare = unquoted(line);
		if (bare.size == 0) {
			fields = 0;
		} else if (is_returned_field(&bare)) {
			if (fields++ == 0) {
				start = line.text;
				wanted = RETURNED_FIELDS_MIN;
			}
			if (is_from(&bare, trap))
				wanted = RETURNED_FIELDS_OURS_MIN;
			if (fields >= wanted)
				return start;
		} else if (fields == 1 && line_field_name_size(&bare) == 0 &&
			   !line_is_continuation(&line)) {
			fields = 0;
		}
	}
	return NULL;
}

bool
text_returns_ours(const struct facts *facts)
{
	struct line_reader reader;
	struct line line;
	bool in_header = false;

	if (!has_address(facts->returned, facts->returned_size, facts->trap))
		return false;
	reader = line_reader_start(facts->returned, facts->returned_size);
	while (line_next(&reader, &line)) {
		line = unquoted(line);
		if (line.size == 0 && in_header)
			return false;
		if (is_from(&line, facts->trap))
			return true;
		in_header = in_header || line.size > 0;
	}
	return false;
}

/* "5.1.1" standing alone: not in an IP address or a version. */
static bool
is_enhanced_status(const char *text, const char *start, const char *end)
{
	if (text + 5 > end ||
	    (text > start &&
		(isalnum((unsigned char)text[-1]) || text[-1] == '.')))
		return false;
	return (text[0] == '4' || text[0] == '5') && text[1] == '.' &&
	       text[2] >= '0' && text[2] <= '7' && text[3] == '.' &&
	       isdigit((unsigned char)text[4]) &&
	       (text + 5 == end || text[5] != '.') &&
	       (text + 6 >= end || !isdigit((unsigned char)text[5]) ||
		   text[6] != '.');
}

/* Digits behind a code are those of a telephone, but for "5.1.1". */
static bool
is_of_phone(const char *text, const char *end)
{
	return end - text >= 2 && isdigit((unsigned char)text[0]) &&
	       text[1] != '.';
}

/* "550 ", "550-" or "550:" as a remote MTA's reply starts. */
static bool
is_reply_code(const char *text, const char *start, const char *end)
{
	if (text + 4 > end ||
	    (text > start && (isalnum((unsigned char)text[-1]) ||
				 strchr(".-+/$", text[-1]) != NULL)))
		return false;
	return (text[0] == '5' || text[0] == '4') &&
	       (text[1] == '5' || text[1] == '2' || text[1] == '0') &&
	       isdigit((unsigned char)text[2]) &&
	       (text[3] == ' ' || text[3] == '-' || text[3] == ':' ||
		   text[3] == '\n') &&
	       !is_of_phone(text + 4, end);
}

/* Whether one of eight bytes may begin a code: but for their last bit both
 * digits are the same. */
static bool
has_four_or_five(const char *text)
{
	return eight_has((eight_read(text) | EIGHT_OF(1)), '5');
}

static bool
has_reply_code(const char *text, size_t size)
{
	const char *end = text + size;

	for (const char *p = text; p < end; p++) {
		while (end - p >= 8 && !has_four_or_five(p))
			p += 8;
		if (p < end && (*p == '4' || *p == '5') &&
		    (is_reply_code(p, text, end) ||
			is_enhanced_status(p, text, end)))
			return true;
	}
	return false;
}

/* --- addresses ------------------------------------------------------------ */

static bool
is_local_byte(char c)
{
	return isalnum((unsigned char)c) ||
	       (c != '\0' && strchr("._+=-%", c) != NULL);
}

/* How long the domain is that begins there; 0 for none, or one without a dot. */
static size_t
domain_size(const char *text)
{
	size_t size = strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789.-");

	while (size > 0 && (text[size - 1] == '.' || text[size - 1] == '-'))
		size--;
	return memchr(text, '.', size) != NULL ? size : 0;
}

static bool
is_address(const char *text, size_t size, const char *address)
{
	return strlen(address) == size && memcmp(text, address, size) == 0;
}

/* Whether the text names an address besides the trap's and the sender's. */
static bool
names_address(const struct facts *facts)
{
	const char *after = facts->text;

	for (const char *at; (at = strchr(after, '@')) != NULL;
	     after = at + 1) {
		size_t domain = domain_size(at + 1);
		const char *start = at;
		size_t size;

		while (start > after && is_local_byte(start[-1]))
			start--;
		size = (size_t)(at + 1 - start) + domain;
		if (start < at && domain > 0 &&
		    !is_address(start, size, facts->trap) &&
		    !is_address(start, size, facts->from_address))
			return true;
	}
	return false;
}

/* --- links ----------------------------------------------------------------- */

/* Whether the text has that before `end`. */
static bool
ends_with(const char *text, const char *end, const char *word, size_t size)
{
	return (size_t)(end - text) >= size &&
	       memcmp(end - size, word, size) == 0;
}

/* Colons are rarer than what stands before them. */
size_t
text_count_links(const char *text)
{
	size_t links = 0;

	for (const char *p = text; (p = strchr(p, ':')) != NULL; p++)
		links += p[1] == '/' && p[2] == '/' &&
			 (ends_with(text, p, "http", 4) ||
			     ends_with(text, p, "https", 5));
	return links;
}

/* Whether it is there, its '@' as it is or as "%40". */
static bool
begins_with_address(const char *text, const char *address)
{
	for (; *address != '\0'; address++, text++) {
		if (*address == '@' && strncmp(text, "%40", 3) == 0)
			text += 2;
		else if (*text != *address)
			return false;
	}
	return true;
}

bool
text_links_with(const char *text, const char *address)
{
	if (address[0] == '\0')
		return false;
	while ((text = strstr(text, "://")) != NULL) {
		size_t size = strcspn(text, " \t\n<>\"");

		for (const char *end = text + size; text < end; text++) {
			if (begins_with_address(text, address))
				return true;
		}
	}
	return false;
}

size_t
text_count_own_links(char *text, const char *trap)
{
	size_t size = strlen(text);
	const char *returned = text_find_returned(text, size, trap);

	if (returned != NULL) {
		size = (size_t)(returned - text);
		text[size] = '\0';
	}
	(void)quoted_cut(text, &size);
	return text_count_links(text);
}

void
text_examine(struct facts *facts)
{
	size_t whole = strlen(facts->text), size = whole;
	const char *returned =
	    text_find_returned(facts->text, size, facts->trap);

	dsn_parse(facts->text, size, &facts->text_dsn);
	facts->text_has_status_fields = facts->text_dsn.known_fields >= 3 &&
					(facts->text_dsn.recipients > 0 ||
					    facts->text_dsn.status[0] != '\0');
	if (returned != NULL) {
		facts->text_has_returned = true;
		size = (size_t)(returned - facts->text);
		facts->text[size] = '\0';
	}
	facts->text_has_quotes = quoted_cut(facts->text, &size);
	facts->text_is_cut = size < whole;
	facts->text_has_reply_code = has_reply_code(facts->text, size);
	facts->text_names_address = names_address(facts);
	facts->links = text_count_links(facts->text);
}
