/*
 * Compares outline.c with GMime's parser, part by part.  For test_outline.c and
 * fuzz_outline.c.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "bounds.h"
#include "header.h"
#include "mime_tree.h"
#include "outline.h"
#include "outline_oracle.h"

/* A returned message that may have a boundary of the notice's: outline.c says
 * how the two differ there. */
static bool
has_word(const struct part *part, const char *word)
{
	size_t size = strlen(word);

	for (size_t i = 0; i + size <= part->size; i++) {
		if (strncasecmp(part->bytes + i, word, size) == 0)
			return true;
	}
	return false;
}

static bool
may_differ(const struct parts *parts)
{
	for (size_t i = 0; i < parts->count; i++) {
		const struct part *part = &parts->part[i];

		if (part->kind == PART_MESSAGE && has_word(part, "boundary"))
			return true;
	}
	return false;
}

static void
compare_part(const struct part *part, const struct part *other)
{
	assert(part->kind == other->kind);
	if (part->kind == PART_MESSAGE) /* GMime's has its header only */
		return;
	assert(part->encoding == other->encoding);
	assert(part->runs == other->runs);
	assert(part->shows == other->shows);
	assert(strcmp(part->charset, other->charset) == 0);
	assert(part->size == other->size);
	assert(part->size == 0 ||
	       memcmp(part->bytes, other->bytes, part->size) == 0);
}

static void
compare(const struct parts *parts, const struct parts *other)
{
	assert(strcmp(parts->content_type, other->content_type) == 0);
	assert(strcmp(parts->report_type, other->report_type) == 0);
	assert(parts->count == other->count);
	for (size_t i = 0; i < parts->count; i++)
		compare_part(&parts->part[i], &other->part[i]);
}

/* As mime.c asks it: with the fields that concern the body alone. */
static void
ask_gmime(const struct bounds_result *bounded, const struct parts *parts)
{
	struct header_reader reader =
	    header_start(bounded->bytes, bounded->size);
	struct outline_content content = {0};
	struct mime_memory memory = {0};
	char *bytes = malloc(bounded->size + 1);
	struct header_field field;
	struct parts other;
	size_t size = 0;

	assert(bytes != NULL);
	while (header_next(&reader, &field)) {
		if (!outline_content_add(&content, &field))
			continue;
		memcpy(
		    bytes + size, field.name, (size_t)(field.end - field.name));
		size += (size_t)(field.end - field.name);
	}
	memcpy(bytes + size, reader.next, (size_t)(reader.end - reader.next));
	size += (size_t)(reader.end - reader.next);
	if (size == 0) /* no field and no body; to GMime nothing is no part */
		bytes[size++] = '\n';
	parts_start(&other);
	mime_tree_read(bytes, size, &memory, &other);
	compare(parts, &other);
	parts_clear(&other);
	mime_memory_free(&memory);
	free(bytes);
}

bool
outline_oracle(
    const char *bytes, size_t size, struct parts *parts_r, char **bytes_r)
{
	struct outline_content content = {0};
	struct bounds_result bounded;
	struct header_reader reader;
	struct header_field field;
	struct parts parts;
	bool plain;

	assert(bounds_apply(bytes, size, &bounded));
	parts_start(&parts);
	reader = header_start(bounded.bytes, bounded.size);
	while (header_next(&reader, &field))
		(void)outline_content_add(&content, &field);
	plain = reader.next == reader.end || *reader.next == '\n';
	plain =
	    plain && outline_read(&content, header_body(&reader),
			 (size_t)(reader.end - header_body(&reader)), &parts);
	if (plain && !may_differ(&parts))
		ask_gmime(&bounded, &parts);
	if (plain && parts_r != NULL) {
		*parts_r = parts; /* few enough to lie in it */
		assert(parts.part == parts.few);
		parts_r->part = parts_r->few;
		*bytes_r = bounded.bytes;
		return true;
	}
	parts_clear(&parts);
	free(bounded.bytes);
	return plain;
}
