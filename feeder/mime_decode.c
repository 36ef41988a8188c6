/*
 * From a part to its bytes, its transfer encoding and charset undone by GMime.
 * No more is decoded than is asked for.  What the parts say is left to the
 * callers: mime.c and mime_report.c.
 */
#include "autoconf.h"

#include "mime_decode.h"

const char *
mime_raw_bytes(GMimeDataWrapper *content, size_t *size_r)
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

enum part_encoding
mime_encoding(GMimeDataWrapper *content)
{
	GMimeContentEncoding encoding =
	    g_mime_data_wrapper_get_encoding(content);

	return encoding == GMIME_CONTENT_ENCODING_BASE64 ? PART_BASE64
	       : encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
		   ? PART_QUOTED
	       : encoding == GMIME_CONTENT_ENCODING_UUENCODE ? PART_UU
							     : PART_PLAIN;
}

static GMimeContentEncoding
encoding_of(enum part_encoding encoding)
{
	return encoding == PART_BASE64 ? GMIME_CONTENT_ENCODING_BASE64
	       : encoding == PART_QUOTED
		   ? GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE
	       : encoding == PART_UU ? GMIME_CONTENT_ENCODING_UUENCODE
				     : GMIME_CONTENT_ENCODING_BINARY;
}

void
mime_decode_bytes(const struct part *part, size_t max, GString *to)
{
	GMimeEncoding encoding;
	char buffer[8192];
	const char *bytes = part->bytes;
	size_t size = bytes != NULL ? part->size : 0;

	if (part->encoding == PART_PLAIN) {
		if (to->len < max)
			g_string_append_len(
			    to, bytes, (gssize)MIN(size, max - to->len));
		return;
	}
	g_mime_encoding_init_decode(&encoding, encoding_of(part->encoding));
	while (size > 0 && to->len < max) {
		size_t step = MIN(size, sizeof buffer / 2);
		size_t got =
		    g_mime_encoding_step(&encoding, bytes, step, buffer);

		g_string_append_len(
		    to, buffer, (gssize)MIN(got, max - to->len));
		bytes += step;
		size -= step;
	}
}

void
mime_decode_text(const struct part *part, size_t max, GString *to)
{
	GMimeFilter *filter = NULL;
	GString *bytes;
	char *text;
	size_t size, space;

	if (part->charset[0] != '\0')
		filter = g_mime_filter_charset_new(part->charset, "UTF-8");
	if (filter == NULL) { /* or a charset that nobody knows */
		mime_decode_bytes(part, max, to);
		return;
	}
	bytes = g_string_new(NULL);
	mime_decode_bytes(part, max, bytes);
	g_mime_filter_complete(
	    filter, bytes->str, bytes->len, 0, &text, &size, &space);
	if (to->len < max)
		g_string_append_len(to, text, (gssize)MIN(size, max - to->len));
	g_string_free(bytes, TRUE);
	g_object_unref(filter);
}
