/*
 * Has GMime parse a message and writes down what parts it has.  What lies
 * inside a returned message is not looked at: it is the trap's forged mail, not
 * the notice.  bounds.c has bounded depth, parts and headers before.  Called by
 * mime.c for the messages that outline.c leaves to it.
 */
#include "autoconf.h"

#include <stdint.h>
#include <string.h>

#include <gmime/gmime.h>

#include "mime_decode.h"
#include "mime_tree.h"
#include "returned.h"

/* What the walk over the parts carries along. */
struct walk {
	struct parts *parts;
	struct mime_memory *memory;
};

/* Its header. */
static void
read_message(struct walk *walk, GMimeMessagePart *object)
{
	GMimeMessage *message = g_mime_message_part_get_message(object);
	struct part *part = parts_add(walk->parts);
	char *header;

	if (part == NULL)
		return;
	part->kind = PART_MESSAGE;
	if (message == NULL)
		return;
	header = g_mime_object_get_headers(GMIME_OBJECT(message), NULL);
	part->size = header != NULL ? strnlen(header, RETURNED_HEADER_MAX) : 0;
	part->bytes = mime_memory_copy(
	    walk->memory, header != NULL ? header : "", part->size);
	g_free(header);
}

static void
read_leaf(struct walk *walk, GMimePart *object)
{
	GMimeContentType *type =
	    g_mime_object_get_content_type(GMIME_OBJECT(object));
	const char *media = g_mime_content_type_get_media_type(type);
	const char *subtype = g_mime_content_type_get_media_subtype(type);
	const char *charset =
	    g_mime_content_type_get_parameter(type, "charset");
	const char *name = g_mime_part_get_filename(object);
	GMimeDataWrapper *content = g_mime_part_get_content(object);
	struct part *part = parts_add(walk->parts);

	if (part == NULL)
		return;
	if (media != NULL && subtype != NULL)
		part->kind =
		    parts_kind(media, strlen(media), subtype, strlen(subtype));
	if (part->kind == PART_MESSAGE) /* an encoded one */
		part->kind = PART_OTHER;
	if (charset != NULL)
		parts_set_charset(part, charset, strlen(charset));
	part->runs = name != NULL && parts_name_runs(name, strlen(name));
	part->shows = name != NULL && parts_name_shows(name, strlen(name));
	if (content == NULL)
		return;
	part->encoding = mime_encoding(content);
	part->bytes = mime_raw_bytes(content, &part->size);
}

static void
read_object(void *context, GMimeObject *object)
{
	struct walk *walk = context;

	if (GMIME_IS_MESSAGE_PART(object))
		read_message(walk, GMIME_MESSAGE_PART(object));
	else if (GMIME_IS_PART(object))
		read_leaf(walk, GMIME_PART(object));
}

static void
copy_lower(const char *text, char *to, size_t room)
{
	char *lower = g_ascii_strdown(text != NULL ? text : "", -1);

	g_strlcpy(to, lower, room);
	g_free(lower);
}

static void
read_type(struct parts *parts, GMimeObject *object)
{
	GMimeContentType *type = g_mime_object_get_content_type(object);
	char *name = g_mime_content_type_get_mime_type(type);

	copy_lower(name, parts->content_type, sizeof parts->content_type);
	g_free(name);
	copy_lower(g_mime_content_type_get_parameter(type, "report-type"),
	    parts->report_type, sizeof parts->report_type);
}

void
mime_tree_read(const char *bytes, size_t size, struct mime_memory *memory,
    struct parts *parts_r)
{
	struct walk walk = {parts_r, memory};
	GByteArray *borrowed =
	    g_byte_array_new_take((guint8 *)(uintptr_t)bytes, size);
	GMimeStream *stream = g_mime_stream_mem_new_with_byte_array(borrowed);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeObject *object;

	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	object = g_mime_parser_construct_part(parser, NULL);
	if (object != NULL) {
		read_type(parts_r, object);
		mime_walk(object, read_object, &walk);
		g_object_unref(object);
	}
	g_object_unref(parser);
	g_object_unref(stream);
	(void)g_byte_array_steal(borrowed, NULL);
	g_byte_array_unref(borrowed);
}
