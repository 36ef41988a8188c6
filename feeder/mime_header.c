/*
 * Turns the fields of a message's header into facts: values are unfolded,
 * decoded by GMime where there is something to decode (RFC 2047), and folded;
 * addresses that say who sent it, and to which trap, are taken out.  header.c
 * finds the fields; mime.c calls it.
 */
#include "autoconf.h"

#include <string.h>
#include <strings.h>

#include <gmime/gmime.h>

#include "utf8.h"

#include "bounds.h"
#include "eight.h"
#include "fold.h"
#include "mime_header.h"

/* What else a field tells than its value. */
#define NAMES_TRAP 1u   /* where it was delivered */
#define NAMES_SENDER 2u /* the envelope's */
#define MAY_TAG 4u      /* a recipient, maybe with a tag */
#define IS_RECEIVED 8u

#define HEADERS_STEP 64 /* their list grows by so many */

#define FIELD(name) name, sizeof(name) - 1

static const struct {
	const char *name;
	size_t size;
	unsigned roles;
} fields[] = {
    {FIELD("to"), MAY_TAG},
    {FIELD("cc"), MAY_TAG},
    {FIELD("received"), IS_RECEIVED},
    {FIELD("delivered-to"), NAMES_TRAP | MAY_TAG},
    {FIELD("x-original-to"), NAMES_TRAP | MAY_TAG},
    {FIELD("envelope-to"), NAMES_TRAP | MAY_TAG},
    {FIELD("x-envelope-to"), NAMES_TRAP | MAY_TAG},
    {FIELD("x-rcpt-to"), MAY_TAG},
    {FIELD("apparently-to"), MAY_TAG},
    {FIELD("return-path"), NAMES_SENDER},
    {FIELD("x-envelope-from"), NAMES_SENDER},
    {FIELD("envelope-from"), NAMES_SENDER},
    {FIELD("x-return-path"), NAMES_SENDER},
};

/* --- strings ------------------------------------------------------------- */

char *
mime_utf8(struct mime_memory *memory, const char *bytes, size_t size)
{
	char *text, *copy;

	if (fold_is_ascii(bytes, size) ||
	    g_utf8_validate_len(bytes, size, NULL))
		return mime_memory_copy(memory, bytes, size);
	text = g_convert_with_fallback(bytes, (gssize)size, "UTF-8",
	    "WINDOWS-1252", "?", NULL, NULL, NULL);
	if (text == NULL)
		text = g_utf8_make_valid(bytes, (gssize)size);
	copy = mime_memory_copy(memory, text, strlen(text));
	g_free(text);
	return copy;
}

char *
mime_fold(struct mime_memory *memory, const char *bytes, size_t size)
{
	char *text = mime_utf8(memory, bytes, size);

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

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
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
		address_r[i] = lower(start[i]);
	address_r[size] = '\0';
}

/* --- values -------------------------------------------------------------- */

/* A raw value without folds (RFC 5322 section 2.2.3) and the blanks around it.
 */
static char *
unfold(struct mime_memory *memory, const struct header_field *field)
{
	size_t size = MIN(field->value_size, BOUNDS_FIELD_MAX);
	const char *p = field->value, *end = p + size;
	char *value = mime_memory_take(memory, size + 1);
	char *to = value;

	while (p < end) {
		const char *start = p;
		char c;

		while (end - p >= 8 && *p != ' ' &&
		       !eight_has_control(eight_read(p))) {
			memcpy(to, p, 8);
			to += 8;
			p += 8;
		}
		if (p > start && end - p < 8 &&
		    !eight_has_control(eight_read(end - 8))) {
			/* the last ones, with some of those before them */
			memcpy(to + (end - p) - 8, end - 8, 8);
			to += end - p;
			p = end;
		}
		if (p == end)
			break;
		c = *p == '\t' ? ' ' : *p;
		*to = c;
		to += c != '\n' && c != '\r' && (c != ' ' || to != value);
		p++;
	}
	while (to > value && to[-1] == ' ')
		to--;
	*to = '\0';
	mime_memory_give(memory, (size_t)(value + size - to));
	return value;
}

/* Whether there may be an encoded word. */
static bool
may_be_encoded(const char *value)
{
	while ((value = strchr(value, '=')) != NULL) {
		if (*++value == '?')
			return true;
	}
	return false;
}

/* Where what GMime reads in one go ends: it takes words that follow one another
 * for one text and stops at the padding of the first (=?utf-8?b?...=?=). */
static const char *
padded_word_end(const char *value)
{
	const char *p = value;

	while ((p = strstr(p, "=?=")) != NULL) {
		const char *end = p + 3;

		if (*end == ' ' &&
		    strncmp(end + strspn(end, " "), "=?", 2) == 0)
			return end;
		p = end;
	}
	return value + strlen(value);
}

/* GMime's reading of it. */
static char *
decode(struct mime_memory *memory, const char *value)
{
	GString *whole = g_string_new(NULL);
	char *copy;

	while (*value != '\0') {
		const char *end = padded_word_end(value);
		char *part = g_strndup(value, (gsize)(end - value));
		char *decoded = g_mime_utils_header_decode_text(NULL, part);

		g_string_append(whole, decoded);
		g_free(decoded);
		g_free(part);
		value = *end == '\0' ? end : end + strspn(end, " ");
	}
	copy = mime_memory_copy(memory, whole->str, whole->len);
	g_string_free(whole, TRUE);
	return copy;
}

/* In a Received line nothing is encoded (RFC 2047 section 5): a HELO that is would
 * turn into words of its own. */
static char *
value_of(struct mime_memory *memory, const struct header_field *field,
    unsigned roles)
{
	char *value = unfold(memory, field);

	return (roles & IS_RECEIVED) == 0 && may_be_encoded(value)
		   ? decode(memory, value)
		   : value;
}

/* --- fields -------------------------------------------------------------- */

static void
read_trap(struct facts *facts, const char *value)
{
	if (facts->trap[0] == '\0')
		copy_address(value, facts->trap);
}

static void
read_return_path(struct facts *facts, const char *value)
{
	if (facts->has_return_path)
		return;
	facts->has_return_path = true;
	copy_address(value, facts->return_path);
	facts->return_path_is_null =
	    facts->return_path[0] == '\0' && strchr(value, '<') != NULL;
}

/* Keeps an address with a tag: in whichever field of a recipient it stands, it
 * is as good a proof. */
static void
read_tagged(struct facts *facts, struct mime_memory *memory, const char *value)
{
	const char *start;

	if (strchr(value, '=') == NULL) /* most, and told faster */
		return;
	while (facts->tagged_count < FACTS_TAGGED_MAX &&
	       (start = strcasestr(value, "prvs=")) != NULL) {
		size_t size = strcspn(start, "> \t\r\n,;()\"");

		facts->tagged[facts->tagged_count++] =
		    mime_memory_copy(memory, start, size);
		value = start + size;
	}
}

static unsigned
roles_of(const struct header_field *field)
{
	for (size_t i = 0; i < G_N_ELEMENTS(fields); i++) {
		if (field->name_size == fields[i].size &&
		    (field->name[0] | 0x20) == fields[i].name[0] &&
		    header_is(field, fields[i].name))
			return fields[i].roles;
	}
	return 0;
}

static char *
name_of(struct mime_memory *memory, const struct header_field *field)
{
	char *name = mime_memory_copy(memory, field->name, field->name_size);

	for (size_t i = 0; i < field->name_size; i++)
		name[i] = lower(name[i]);
	return name;
}

static void
read_field(struct facts *facts, struct mime_memory *memory,
    const struct header_field *field, struct fact_header *fact)
{
	unsigned roles = roles_of(field);
	char *value = value_of(memory, field, roles);
	size_t size = cut(value, FACTS_VALUE_MAX);

	fact->name = name_of(memory, field);
	if ((roles & IS_RECEIVED) != 0 &&
	    facts->received_count < FACTS_RECEIVED_MAX)
		facts->received[facts->received_count++] =
		    mime_memory_copy(memory, value, size);
	if ((roles & NAMES_TRAP) != 0)
		read_trap(facts, value);
	if ((roles & MAY_TAG) != 0)
		read_tagged(facts, memory, value);
	if ((roles & NAMES_SENDER) != 0)
		read_return_path(facts, value);
	if (fold_is_ascii(value, size)) {
		(void)fold_text(value, size, value);
		fact->value = value;
	} else {
		fact->value = mime_fold(memory, value, size);
	}
}

/* --- what follows from them ----------------------------------------------- */

/* The first of that name; "" where there is none. */
static char *
header_value(
    struct mime_memory *memory, const struct facts *facts, const char *name)
{
	const char *value = facts_header(facts, name);

	if (value == NULL)
		value = "";
	return mime_memory_copy(memory, value, strlen(value));
}

/* The first To address: up to its comma, which may lie inside quotes. */
static void
read_first_to(struct facts *facts, struct mime_memory *memory)
{
	const char *to = header_value(memory, facts, "to");
	const char *end = to;
	bool quoted = false;

	while (*end != '\0' && (*end != ',' || quoted)) {
		if (*end == '"')
			quoted = !quoted;
		end++;
	}
	copy_address(
	    mime_memory_copy(memory, to, (size_t)(end - to)), facts->trap);
}

/* As it was sent, for who wants to see it. */
static char *
read_subject(struct mime_memory *memory, const struct header_field *field)
{
	const char *subject = unfold(memory, field);

	if (!fold_is_ascii(subject, strlen(subject)) || may_be_encoded(subject))
		subject = decode(memory, subject);
	return mime_utf8(memory, subject, cut(subject, FACTS_VALUE_MAX));
}

/* One more; NULL: there are enough. */
static struct fact_header *
add_header(struct facts *facts, struct mime_memory *memory)
{
	struct fact_header *more;
	size_t count = facts->header_count;

	if (count == FACTS_HEADERS_MAX)
		return NULL;
	if (count % HEADERS_STEP == 0) {
		more = (struct fact_header *)(void *)mime_memory_take(
		    memory, (count + HEADERS_STEP) * sizeof *more);
		if (count > 0)
			memcpy(more, facts->header, count * sizeof *more);
		facts->header = more;
	}
	return &facts->header[facts->header_count++];
}

void
mime_header_read(struct header_reader *reader, struct mime_memory *memory,
    struct facts *facts, struct outline_content *content_r)
{
	struct header_field field;
	struct fact_header *fact;

	while (header_next(reader, &field)) {
		if (field.name_size > 8 && (field.name[0] | 0x20) == 'c' &&
		    strncasecmp(field.name, "Content-", 8) == 0) {
			(void)outline_content_add(content_r, &field);
			continue;
		}
		if (facts->subject_shown == NULL && field.name_size == 7 &&
		    header_is(&field, "Subject"))
			facts->subject_shown = read_subject(memory, &field);
		fact = add_header(facts, memory);
		if (fact != NULL)
			read_field(facts, memory, &field, fact);
	}
	facts->from_name = header_value(memory, facts, "from");
	copy_address(facts->from_name, facts->from_address);
	facts->subject = header_value(memory, facts, "subject");
	if (facts->subject_shown == NULL)
		facts->subject_shown = facts->subject;
	if (facts->trap[0] == '\0')
		read_first_to(facts, memory);
}
