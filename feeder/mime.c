/*
 * The door to GMime 3: turns a bounded message into facts.  No files but mime*
 * include GMime or GLib, and nothing of theirs outlives mime_read.  Parsing and
 * decoding are in mime_decode.c, reports are taken apart in mime_report.c.
 * What lies inside a returned message is not looked at: it is the trap's forged
 * mail, not the notice.  bounds.c has bounded depth, parts and headers before;
 * here each part's text is decoded only as far as FACTS_TEXT_MAX.
 */
#include "autoconf.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>

#include "utf8.h"

#include "bounds.h"
#include "fold.h"
#include "mime.h"
#include "mime_decode.h"
#include "returned.h"
#include "text.h"

#define STATUS_MAX ((size_t)32 * 1024)

/* What the walk over the parts carries along. */
struct walk {
	struct facts *facts;
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

/* --- strings ------------------------------------------------------------- */

/* New and valid UTF-8: what is none is taken for windows-1252. */
static char *
to_utf8(const char *bytes, size_t size)
{
	char *text;

	if (g_utf8_validate(bytes, (gssize)size, NULL))
		return g_strndup(bytes, size);
	text = g_convert_with_fallback(bytes, (gssize)size, "UTF-8",
	    "WINDOWS-1252", "?", NULL, NULL, NULL);
	if (text == NULL)
		text = g_utf8_make_valid(bytes, (gssize)size);
	return text;
}

/* New and folded, see fold.h. */
static char *
fold(const char *bytes, size_t size)
{
	char *text = to_utf8(bytes, size);

	(void)fold_text(text, strlen(text), text);
	return text;
}

/* No more than `max` bytes, and no character cut in two. */
static size_t
cut(const char *text, size_t max)
{
	size_t size = strnlen(text, max + 4);

	return size <= max ? size : bs_utf8_cut(text, max);
}

/* The address in a header value: in <>, else the first word with an @, else
 * the first word; lower case. */
static void
copy_address(const char *value, char address_r[FACTS_ADDRESS_MAX])
{
	const char *open = strrchr(value, '<');
	const char *start = open != NULL ? open + 1 : value;
	size_t size;

	while (*start == ' ' || *start == '"')
		start++;
	size = strcspn(start, "> \t\r\n,;()");
	if (size >= FACTS_ADDRESS_MAX)
		size = FACTS_ADDRESS_MAX - 1;
	for (size_t i = 0; i < size; i++)
		address_r[i] = g_ascii_tolower(start[i]);
	address_r[size] = '\0';
}

static void
copy_lower(const char *text, char *to, size_t to_size)
{
	char *lower = g_ascii_strdown(text != NULL ? text : "", -1);

	g_strlcpy(to, lower, to_size);
	g_free(lower);
}

/* --- the header ---------------------------------------------------------- */

static void
read_trap(struct facts *facts, const char *name, const char *value)
{
	static const char *const names[] = {
	    "delivered-to", "x-original-to", "envelope-to", "x-envelope-to"};

	if (facts->trap[0] != '\0')
		return;
	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (strcmp(name, names[i]) == 0)
			copy_address(value, facts->trap);
	}
}

static void
read_return_path(struct facts *facts, const char *name, const char *value)
{
	static const char *const names[] = {
	    "return-path", "x-envelope-from", "envelope-from", "x-return-path"};

	for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
		if (facts->has_return_path || strcmp(name, names[i]) != 0)
			continue;
		facts->has_return_path = true;
		copy_address(value, facts->return_path);
		facts->return_path_is_null =
		    facts->return_path[0] == '\0' && strchr(value, '<') != NULL;
	}
}

/* Keeps an address with a tag: in whichever field of a recipient it stands, it
 * is as good a proof. */
static void
read_tagged(struct facts *facts, const char *name, const char *value)
{
	static const char *const names[] = {"to", "cc", "delivered-to",
	    "x-original-to", "envelope-to", "x-envelope-to", "x-rcpt-to",
	    "apparently-to"};
	const char *start;
	size_t i = 0;

	while (i < G_N_ELEMENTS(names) && strcmp(name, names[i]) != 0)
		i++;
	if (i == G_N_ELEMENTS(names))
		return;
	while (facts->tagged_count < FACTS_TAGGED_MAX &&
	       (start = strcasestr(value, "prvs=")) != NULL) {
		size_t size = strcspn(start, "> \t\r\n,;()\"");

		facts->tagged[facts->tagged_count++] = g_strndup(start, size);
		value = start + size;
	}
}

/* A raw value without folds (RFC 5322 section 2.2.3) and the blanks around it,
 * new. */
static char *
unfold(const char *raw)
{
	size_t size = strnlen(raw, BOUNDS_FIELD_MAX);
	char *value = g_malloc(size + 1);
	char *to = value;

	for (const char *p = raw; p < raw + size; p++) {
		if (*p == '\t')
			*to++ = ' ';
		else if (*p != '\n' && *p != '\r' && (*p != ' ' || to != value))
			*to++ = *p;
	}
	while (to > value && to[-1] == ' ')
		to--;
	*to = '\0';
	return value;
}

/* The value of a field, new; GMime decodes it where there is something to
 * decode (RFC 2047). */
static char *
value_of(GMimeHeader *header)
{
	const char *raw = g_mime_header_get_raw_value(header);
	const char *value;

	if (raw == NULL)
		return g_strdup("");
	if (strstr(raw, "=?") == NULL)
		return unfold(raw);
	value = g_mime_header_get_value(header);
	return g_strdup(value != NULL ? value : raw);
}

static void
read_header(struct facts *facts, GMimeHeader *header)
{
	struct fact_header *fact = &facts->header[facts->header_count];
	char *value = value_of(header);
	size_t size = cut(value, FACTS_VALUE_MAX);

	fact->name = g_ascii_strdown(g_mime_header_get_name(header), -1);
	fact->value = fold(value, size);
	facts->header_count++;
	if (strcmp(fact->name, "received") == 0 &&
	    facts->received_count < FACTS_RECEIVED_MAX)
		facts->received[facts->received_count++] =
		    g_strndup(value, size);
	read_trap(facts, fact->name, value);
	read_tagged(facts, fact->name, value);
	read_return_path(facts, fact->name, value);
	g_free(value);
}

static const char *
header_value(const struct facts *facts, const char *name)
{
	for (size_t i = 0; i < facts->header_count; i++) {
		if (strcmp(facts->header[i].name, name) == 0)
			return facts->header[i].value;
	}
	return "";
}

/* The first To address: up to its comma, which may lie inside quotes. */
static void
read_first_to(struct facts *facts)
{
	const char *to = header_value(facts, "to");
	const char *end = to;
	bool quoted = false;
	char *first;

	while (*end != '\0' && (*end != ',' || quoted)) {
		if (*end == '"')
			quoted = !quoted;
		end++;
	}
	first = g_strndup(to, (size_t)(end - to));
	copy_address(first, facts->trap);
	g_free(first);
}

/* As it was sent, for who wants to see it. */
static char *
read_subject(GMimeMessage *message)
{
	const char *subject = g_mime_message_get_subject(message);

	if (subject == NULL)
		subject = "";
	return to_utf8(subject, cut(subject, FACTS_VALUE_MAX));
}

static void
read_headers(struct facts *facts, GMimeMessage *message)
{
	GMimeHeaderList *headers =
	    g_mime_object_get_header_list(GMIME_OBJECT(message));
	int count = g_mime_header_list_get_count(headers);

	count = MIN(count, FACTS_HEADERS_MAX);
	facts->header = g_new0(struct fact_header, (size_t)count + 1);
	for (int i = 0; i < count; i++)
		read_header(
		    facts, g_mime_header_list_get_header_at(headers, i));
	copy_address(header_value(facts, "from"), facts->from_address);
	facts->from_name = g_strdup(header_value(facts, "from"));
	facts->subject = g_strdup(header_value(facts, "subject"));
	facts->subject_shown = read_subject(message);
	if (facts->trap[0] == '\0')
		read_first_to(facts);
}

/* --- parts --------------------------------------------------------------- */

static bool
needs_charset(const char *charset)
{
	return charset != NULL &&
	       g_ascii_strcasecmp(charset, "us-ascii") != 0 &&
	       g_ascii_strcasecmp(charset, "utf-8") != 0 &&
	       g_ascii_strcasecmp(charset, "ascii") != 0;
}

/* Keeps the header of the first returned message. */
static void
keep_returned(struct facts *facts, const char *header, size_t size)
{
	if (facts->returned != NULL)
		return;
	facts->returned_size = MIN(size, RETURNED_HEADER_MAX);
	facts->returned = g_strndup(header, facts->returned_size);
}

static void
read_returned_message(struct facts *facts, GMimeMessagePart *part)
{
	GMimeMessage *message = g_mime_message_part_get_message(part);
	char *header;

	if (message == NULL)
		return;
	header = g_mime_object_get_headers(GMIME_OBJECT(message), NULL);
	if (header != NULL)
		keep_returned(facts, header, strlen(header));
	g_free(header);
}

static void
read_returned_headers(struct facts *facts, GMimePart *part)
{
	GString *header = g_string_new(NULL);

	mime_decode(part, NULL, RETURNED_HEADER_MAX, header);
	keep_returned(facts, header->str, header->len);
	g_string_free(header, TRUE);
}

/* A bounce that is text alone quotes it, or its header. */
static void
read_returned_text(struct facts *facts, const GString *text)
{
	const char *header = text_find_returned(text->str, text->len);

	if (header != NULL)
		keep_returned(
		    facts, header, text->len - (size_t)(header - text->str));
	else
		keep_returned(facts, "", 0);
}

static void
read_text(struct walk *walk, GMimePart *part, bool is_html)
{
	GString *to = is_html ? walk->html : walk->plain;
	const char *charset = g_mime_object_get_content_type_parameter(
	    GMIME_OBJECT(part), "charset");

	mime_decode(
	    part, needs_charset(charset) ? charset : NULL, FACTS_TEXT_MAX, to);
	if (to->len < FACTS_TEXT_MAX)
		g_string_append_c(to, '\n');
}

static void
read_status(struct walk *walk, GMimePart *part)
{
	GString *bytes = g_string_new(NULL);

	mime_decode(part, NULL, STATUS_MAX, bytes);
	dsn_parse(bytes->str, bytes->len, &walk->facts->dsn);
	g_free(walk->facts->status_text);
	walk->facts->status_text = fold(bytes->str, bytes->len);
	(void)fold_blanks(walk->facts->status_text);
	g_string_free(bytes, TRUE);
}

static bool
name_runs(const char *name)
{
	static const char *const endings[] = {".exe", ".zip", ".scr", ".pif",
	    ".bat", ".com", ".cmd", ".js", ".jse", ".vbs", ".wsf", ".lnk",
	    ".cpl", ".hta", ".rar", ".7z", ".iso", ".img", ".jar", ".ace",
	    ".htm", ".html", ".shtml"};
	size_t size = name != NULL ? strlen(name) : 0;

	for (size_t i = 0; i < G_N_ELEMENTS(endings); i++) {
		size_t ending = strlen(endings[i]);

		if (size > ending &&
		    g_ascii_strcasecmp(name + size - ending, endings[i]) == 0)
			return true;
	}
	return false;
}

static void
read_leaf(struct walk *walk, GMimePart *part)
{
	struct facts *facts = walk->facts;
	GMimeContentType *type =
	    g_mime_object_get_content_type(GMIME_OBJECT(part));

	if (g_mime_content_type_is_type(type, "message", "delivery-status") ||
	    g_mime_content_type_is_type(
		type, "message", "global-delivery-status")) {
		facts->has_status_part = true;
		read_status(walk, part);
	} else if (g_mime_content_type_is_type(
		       type, "message", "disposition-notification") ||
		   g_mime_content_type_is_type(
		       type, "message", "global-disposition-notification")) {
		facts->has_disposition_part = true;
		read_status(walk, part);
	} else if (g_mime_content_type_is_type(
		       type, "message", "feedback-report")) {
		facts->has_feedback_part = true;
	} else if (g_mime_content_type_is_type(
		       type, "text", "rfc822-headers") ||
		   g_mime_content_type_is_type(
		       type, "message", "global-headers")) {
		facts->has_returned_headers = true;
		read_returned_headers(facts, part);
	} else if (g_mime_content_type_is_type(type, "text", "html")) {
		read_text(walk, part, true);
	} else if (g_mime_content_type_is_type(type, "text", "*") ||
		   strcmp(facts->content_type, "") == 0) {
		read_text(walk, part, false);
	}
	if (name_runs(g_mime_part_get_filename(part)))
		facts->has_executable = true;
}

static void
read_part(struct walk *walk, GMimeObject *object, int depth)
{
	if (depth > MIME_DEPTH_MAX || object == NULL)
		return;
	walk->facts->parts++;
	if (GMIME_IS_MULTIPART(object)) {
		GMimeMultipart *multipart = GMIME_MULTIPART(object);
		int count = g_mime_multipart_get_count(multipart);

		for (int i = 0; i < count; i++)
			read_part(walk, g_mime_multipart_get_part(multipart, i),
			    depth + 1);
	} else if (GMIME_IS_MESSAGE_PART(object)) {
		walk->facts->has_returned_message = true;
		read_returned_message(walk->facts, GMIME_MESSAGE_PART(object));
	} else if (GMIME_IS_PART(object)) {
		read_leaf(walk, GMIME_PART(object));
	}
}

static void
read_type(struct facts *facts, GMimeObject *object)
{
	GMimeContentType *type;
	char *name;

	if (object == NULL)
		return;
	type = g_mime_object_get_content_type(object);
	name = g_mime_content_type_get_mime_type(type);
	copy_lower(name, facts->content_type, sizeof facts->content_type);
	g_free(name);
	copy_lower(g_mime_content_type_get_parameter(type, "report-type"),
	    facts->report_type, sizeof facts->report_type);
}

/* Where MIME gave no text (no boundary, say) the bare body is read. */
static void
read_bare_body(struct walk *walk, const char *bytes, size_t size)
{
	const char *body = g_strstr_len(bytes, (gssize)size, "\n\n");
	size_t left = body != NULL ? size - (size_t)(body - bytes) : 0;

	if (body != NULL)
		g_string_append_len(
		    walk->plain, body, (gssize)MIN(left, FACTS_TEXT_MAX));
}

static bool
is_empty(const GString *string)
{
	return strspn(string->str, " \t\r\n") == string->len;
}

static void
finish_text(struct walk *walk)
{
	struct facts *facts = walk->facts;

	facts->html_only = is_empty(walk->plain) && !is_empty(walk->html);
	if (facts->html_only) {
		facts->text = fold(walk->html->str, walk->html->len);
		text_strip_html(facts->text);
	} else {
		facts->text = fold(walk->plain->str, walk->plain->len);
	}
	read_returned_text(facts, walk->plain);
	if (facts->status_text == NULL)
		facts->status_text = g_strdup("");
	text_examine(facts);
	if (!facts->html_only)
		facts->links += text_count_links(walk->html->str);
	facts->words = g_strdup(facts->text);
	(void)fold_blanks(facts->words);
}

struct facts *
mime_read(const char *bytes, size_t size)
{
	struct facts *facts = g_new0(struct facts, 1);
	struct walk walk = {facts, g_string_new(NULL), g_string_new(NULL)};
	GByteArray *borrowed =
	    g_byte_array_new_take((guint8 *)(uintptr_t)bytes, size);
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(borrowed);
	GMimeMessage *message;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	message = mime_parse(stream);
	if (message != NULL) {
		GMimeObject *top = g_mime_message_get_mime_part(message);

		read_headers(facts, message);
		read_type(facts, top);
		read_part(&walk, top, 0);
		g_object_unref(message);
	} else {
		facts->header = g_new0(struct fact_header, 1);
		facts->from_name = g_strdup("");
		facts->subject = g_strdup("");
		facts->subject_shown = g_strdup("");
	}
	if (is_empty(walk.plain) && is_empty(walk.html))
		read_bare_body(&walk, bytes, size);
	g_object_unref(stream);
	(void)g_byte_array_steal(borrowed, NULL);
	g_byte_array_unref(borrowed);
	finish_text(&walk);
	g_string_free(walk.plain, TRUE);
	g_string_free(walk.html, TRUE);
	return facts;
}

void
mime_facts_free(struct facts **facts)
{
	if (*facts == NULL)
		return;
	for (size_t i = 0; i < (*facts)->header_count; i++) {
		g_free((*facts)->header[i].name);
		g_free((*facts)->header[i].value);
	}
	for (size_t i = 0; i < (*facts)->received_count; i++)
		g_free((*facts)->received[i]);
	for (size_t i = 0; i < (*facts)->tagged_count; i++)
		g_free((*facts)->tagged[i]);
	g_free((*facts)->returned);
	g_free((*facts)->header);
	g_free((*facts)->from_name);
	g_free((*facts)->subject);
	g_free((*facts)->subject_shown);
	g_free((*facts)->text);
	g_free((*facts)->words);
	g_free((*facts)->status_text);
	g_free(*facts);
	*facts = NULL;
}
