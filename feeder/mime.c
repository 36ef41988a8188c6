/*
 * The door to GMime 3: turns a bounded message into facts.  No files but mime*
 * include GMime or GLib, and nothing of theirs outlives mime_read.  The header
 * is mime_header.c's; where the parts are is said by outline.c, for usual mail,
 * or by GMime's parser (mime_tree.c), and mime_decode.c decodes them.  Here each
 * part's text is read, only as far as FACTS_TEXT_MAX.
 */
#include "autoconf.h"

#include <string.h>

#include <gmime/gmime.h>

#include "bulk.h"
#include "dsn.h"
#include "fold.h"
#include "html.h"
#include "mime.h"
#include "mime_decode.h"
#include "mime_header.h"
#include "mime_tree.h"
#include "returned.h"
#include "text.h"

#define STATUS_MAX ((size_t)32 * 1024)

/* Facts, and what their strings lie in. */
struct reading {
	struct facts facts; /* first: what the callers see */
	struct mime_memory memory;
	struct parts parts;
	GString *plain; /* decoded, UTF-8, not folded */
	GString *html;
};

void
mime_start(void)
{
	g_mime_init();
}

void
mime_stop(void)
{
	g_mime_shutdown();
}

/* --- parts --------------------------------------------------------------- */

/* Keeps the header of the first returned message, which lies in what is read or in
 * the facts' memory. */
static void
keep_returned(struct reading *reading, const char *header, size_t size)
{
	struct facts *facts = &reading->facts;

	if (facts->returned != NULL)
		return;
	facts->returned_size = MIN(size, RETURNED_HEADER_MAX);
	facts->returned = header;
}

static void
keep_returned_copy(struct reading *reading, const char *header, size_t size)
{
	size_t kept = MIN(size, RETURNED_HEADER_MAX);

	if (reading->facts.returned == NULL)
		keep_returned(reading,
		    mime_memory_copy(&reading->memory, header, kept), kept);
}

/* The size of a header, up to its empty line, or of all that is kept. */
static size_t
header_size(const char *bytes, size_t size)
{
	const char *end = bytes + MIN(size, RETURNED_HEADER_MAX);

	return (size_t)(bulk_find_empty(bytes, end) - bytes);
}

static void
read_returned_message(struct reading *reading, const struct part *part)
{
	if (part->bytes != NULL && part->size > 0)
		keep_returned(
		    reading, part->bytes, header_size(part->bytes, part->size));
}

static void
read_returned_headers(struct reading *reading, const struct part *part)
{
	GString *header = g_string_new(NULL);

	mime_decode_bytes(part, RETURNED_HEADER_MAX, header);
	keep_returned_copy(reading, header->str, header->len);
	g_string_free(header, TRUE);
}

static void
read_text(const struct part *part, GString *to)
{
	mime_decode_text(part, FACTS_TEXT_MAX, to);
	if (to->len < FACTS_TEXT_MAX)
		g_string_append_c(to, '\n');
}

static void
read_status(struct reading *reading, const struct part *part)
{
	struct facts *facts = &reading->facts;
	GString *bytes = g_string_new(NULL);

	mime_decode_bytes(part, STATUS_MAX, bytes);
	dsn_parse(bytes->str, bytes->len, &facts->dsn);
	facts->status_text =
	    mime_fold(&reading->memory, bytes->str, bytes->len);
	(void)fold_blanks(facts->status_text, facts->status_text);
	g_string_free(bytes, TRUE);
}

static void
read_part(struct reading *reading, const struct part *part)
{
	struct facts *facts = &reading->facts;

	facts->has_executable = facts->has_executable || part->runs;
	facts->has_document = facts->has_document || part->shows;
	switch (part->kind) {
	case PART_TEXT:
		read_text(part, reading->plain);
		break;
	case PART_HTML:
		read_text(part, reading->html);
		break;
	case PART_STATUS:
		facts->has_status_part = true;
		read_status(reading, part);
		break;
	case PART_DISPOSITION:
		facts->has_disposition_part = true;
		read_status(reading, part);
		break;
	case PART_FEEDBACK:
		facts->has_feedback_part = true;
		break;
	case PART_HEADERS:
		facts->has_returned_headers = true;
		read_returned_headers(reading, part);
		break;
	case PART_MESSAGE:
		facts->has_returned_message = true;
		read_returned_message(reading, part);
		break;
	case PART_OTHER:
		break;
	}
}

/* --- all of it ----------------------------------------------------------- */

/*
 * Moves the fields that concern the body to the end of the header: all that
 * GMime has to see of it.  Returns where they start.
 */
static char *
put_content_fields(char *header, char *end)
{
	struct header_reader reader =
	    header_start(header, (size_t)(end - header));
	struct header_field field;
	struct outline_content content = {0};
	GPtrArray *fields = g_ptr_array_new();
	char *to = end;

	header_skip_from(&reader);
	while (header_next(&reader, &field)) {
		if (!outline_content_add(&content, &field))
			continue;
		g_ptr_array_add(fields, header + (field.name - header));
		g_ptr_array_add(fields, header + (field.end - header));
	}
	for (guint i = fields->len; i > 0; i -= 2) {
		char *start = fields->pdata[i - 2];
		size_t size = (size_t)((char *)fields->pdata[i - 1] - start);

		to -= size;
		memmove(to, start, size);
	}
	g_ptr_array_free(fields, TRUE);
	return to;
}

/* Finds the parts of a message that has a header. */
static void
find_parts(struct reading *reading, const struct outline_content *content,
    const struct header_reader *header, char *bytes)
{
	const char *body = header_body(header);
	const char *start;

	if (outline_read(
		content, body, (size_t)(header->end - body), &reading->parts))
		return;
	parts_clear(&reading->parts);
	reading->facts.by_gmime = true;
	start = put_content_fields(bytes, bytes + (header->next - bytes));
	mime_tree_read(start, (size_t)(header->end - start), &reading->memory,
	    &reading->parts);
}

static bool
is_empty(const GString *string)
{
	return strspn(string->str, " \t\r\n") == string->len;
}

/* Where MIME gave no text (no boundary, say) the bare body is read. */
static void
read_bare_body(struct reading *reading, const char *bytes, size_t size)
{
	const char *body = memmem(bytes, size, "\n\n", 2);
	size_t left = body != NULL ? size - (size_t)(body - bytes) : 0;

	if (body != NULL)
		g_string_append_len(
		    reading->plain, body, (gssize)MIN(left, FACTS_TEXT_MAX));
}

/* A bounce that is text alone quotes what it returns, or its header. */
static void
read_returned_text(struct reading *reading)
{
	const GString *text = reading->plain;
	const char *header;

	if (reading->facts.returned != NULL)
		return;
	header = text_find_returned(text->str, text->len, reading->facts.trap);
	if (header != NULL)
		keep_returned_copy(
		    reading, header, text->len - (size_t)(header - text->str));
	else
		keep_returned(reading, "", 0);
}

/* The links of the HTML beside the text.  Those of what it returns are told where
 * the text returns it, too. */
static size_t
count_html_links(struct reading *reading)
{
	const struct facts *facts = &reading->facts;
	char *html = reading->html->str;

	if (!facts->text_is_cut)
		return text_count_links(html);
	(void)fold_text(html, strlen(html), html);
	html_strip(html);
	return text_count_own_links(html, facts->trap);
}

static void
finish_text(struct reading *reading)
{
	struct facts *facts = &reading->facts;
	struct mime_memory *memory = &reading->memory;

	facts->html_only = is_empty(reading->plain) && !is_empty(reading->html);
	if (facts->html_only) {
		facts->text =
		    mime_fold(memory, reading->html->str, reading->html->len);
		html_strip(facts->text);
	} else {
		facts->text =
		    mime_fold(memory, reading->plain->str, reading->plain->len);
	}
	read_returned_text(reading);
	if (facts->status_text == NULL)
		facts->status_text = mime_memory_copy(memory, "", 0);
	text_examine(facts);
	if (!facts->html_only)
		facts->links += count_html_links(reading);
	facts->words = mime_memory_take(memory, strlen(facts->text) + 1);
	(void)fold_blanks(facts->text, facts->words);
}

struct facts *
mime_read(char *bytes, size_t size)
{
	struct reading *reading = g_new(struct reading, 1);
	struct facts *facts = &reading->facts;
	struct header_reader header = header_start(bytes, size);
	struct outline_content content = {0};

	memset(facts, 0, sizeof *facts);
	reading->memory = (struct mime_memory){0};
	reading->plain = g_string_sized_new(4096);
	reading->html = g_string_new(NULL);
	parts_start(&reading->parts);
	header_skip_from(&header);
	mime_header_read(&header, &reading->memory, facts, &content);
	if (header.next == header.end || *header.next == '\n')
		find_parts(reading, &content, &header, bytes);
	_Static_assert(
	    sizeof facts->content_type == sizeof reading->parts.content_type &&
		sizeof facts->report_type == sizeof reading->parts.report_type,
	    "the same room");
	memcpy(facts->content_type, reading->parts.content_type,
	    sizeof facts->content_type);
	memcpy(facts->report_type, reading->parts.report_type,
	    sizeof facts->report_type);
	for (size_t i = 0; i < reading->parts.count; i++)
		read_part(reading, &reading->parts.part[i]);
	parts_clear(&reading->parts);
	if (is_empty(reading->plain) && is_empty(reading->html))
		read_bare_body(reading, bytes, size);
	finish_text(reading);
	g_string_free(reading->plain, TRUE);
	g_string_free(reading->html, TRUE);
	return facts;
}

void
mime_facts_free(struct facts **facts)
{
	struct reading *reading = (struct reading *)(void *)*facts;

	if (reading == NULL)
		return;
	mime_memory_free(&reading->memory);
	g_free(reading);
	*facts = NULL;
}
