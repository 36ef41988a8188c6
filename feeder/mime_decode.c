/*
 * From bytes to GMime's objects, and from a part back to its bytes, its
 * transfer encoding and charset undone.  No more is decoded than is asked for.
 * What the parts say is left to the callers: mime.c and mime_report.c.
 */
#include "autoconf.h"

#include "mime_decode.h"

GMimeMessage *
mime_parse(GMimeStream *stream)
{
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	return message;
}

/* The bytes of a content as they came, in the message itself; NULL where the
 * stream is of another kind. */
static const char *
raw_bytes(GMimeDataWrapper *content, size_t *size_r)
{
	GMimeStream *stream = g_mime_data_wrapper_get_stream(content);
	GByteArray *array;
	gint64 start, end;

	if (!GMIME_IS_STREAM_MEM(stream))
		return NULL;
	array = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
	start = stream->bound_start;
	end = stream->bound_end >= 0 ? stream->bound_end : array->len;
	if (start < 0 || start > end || end > array->len)
		return NULL;
	*size_r = (size_t)(end - start);
	return (const char *)array->data + start;
}

/* Appends at most `max` bytes of a content, its transfer encoding undone. */
static void
decode_bytes(GMimeDataWrapper *content, size_t max, GString *to)
{
	GMimeEncoding encoding;
	char buffer[8192];
	size_t size = 0;
	const char *bytes = raw_bytes(content, &size);

	g_mime_encoding_init_decode(
	    &encoding, g_mime_data_wrapper_get_encoding(content));
	while (bytes != NULL && size > 0 && to->len < max) {
		size_t step = MIN(size, sizeof buffer / 2);
		size_t got =
		    g_mime_encoding_step(&encoding, bytes, step, buffer);

		g_string_append_len(
		    to, buffer, (gssize)MIN(got, max - to->len));
		bytes += step;
		size -= step;
	}
}

/* The same, and its charset made UTF-8. */
static void
decode_charset(
    GMimeDataWrapper *content, const char *charset, size_t max, GString *to)
{
	GMimeFilter *filter = g_mime_filter_charset_new(charset, "UTF-8");
	GString *bytes;
	char *text;
	size_t size, space;

	if (filter == NULL) { /* a charset that nobody knows */
		decode_bytes(content, max, to);
		return;
	}
	bytes = g_string_new(NULL);
	decode_bytes(content, max, bytes);
	g_mime_filter_complete(
	    filter, bytes->str, bytes->len, 0, &text, &size, &space);
	if (to->len < max)
		g_string_append_len(to, text, (gssize)MIN(size, max - to->len));
	g_string_free(bytes, TRUE);
	g_object_unref(filter);
}

void
mime_decode(GMimePart *part, const char *charset, size_t max, GString *to)
{
	GMimeDataWrapper *content = g_mime_part_get_content(part);

	if (content == NULL)
		return;
	if (charset != NULL)
		decode_charset(content, charset, max, to);
	else
		decode_bytes(content, max, to);
}
