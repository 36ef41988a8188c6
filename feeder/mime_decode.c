/*
 * From GMime's tree to its parts, and from a part to its bytes, its transfer
 * encoding and charset undone by GMime.  No more is decoded than is asked for.
 * What the parts say is left to the callers: mime.c, mime_tree.c and
 * mime_report.c.
 */
#include "autoconf.h"

#include <string.h>

#include "fold.h"
#include "mime_decode.h"

#define DEPTH_MAX 60 /* parts that lie deeper are not read */

static void
walk_from(GMimeObject *object, int depth, mime_found *found, void *context)
{
	GMimeMultipart *multipart;
	int count;

	if (depth > DEPTH_MAX || object == NULL)
		return;
	if (!GMIME_IS_MULTIPART(object)) {
		found(context, object);
		return;
	}
	multipart = GMIME_MULTIPART(object);
	count = g_mime_multipart_get_count(multipart);
	for (int i = 0; i < count; i++)
		walk_from(g_mime_multipart_get_part(multipart, i), depth + 1,
		    found, context);
}

void
mime_walk(GMimeObject *object, mime_found *found, void *context)
{
	walk_from(object, 0, found, context);
}

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

/* Whether ASCII bytes in that charset are what they are in UTF-8; not so in all
 * (ISO-2022, HZ, UTF-7, UTF-16). */
static bool
extends_ascii(const char *charset)
{
	static const char *const families[] = {
	    "iso-8859-", "windows-125", "koi8-", "gb2312", "euc-"};

	for (size_t i = 0; i < G_N_ELEMENTS(families); i++) {
		if (g_ascii_strncasecmp(
			charset, families[i], strlen(families[i])) == 0)
			return true;
	}
	return false;
}

/* Programs and gateways call UTF-8 by the names of what their users have; by chance
 * no other text is that. */
static bool
is_utf8_after_all(const char *charset, const GString *bytes)
{
	return (g_ascii_strncasecmp(charset, "iso-8859-", 9) == 0 ||
		   g_ascii_strncasecmp(charset, "windows-125", 11) == 0) &&
	       g_utf8_validate(bytes->str, (gssize)bytes->len, NULL);
}

static void
convert(const char *charset, size_t max, const GString *bytes, GString *to)
{
	GMimeFilter *filter = g_mime_filter_charset_new(charset, "UTF-8");
	char *text = bytes->str;
	size_t size = bytes->len, space;

	if (filter != NULL) /* else a charset that nobody knows */
		g_mime_filter_complete(
		    filter, bytes->str, bytes->len, 0, &text, &size, &space);
	if (to->len < max)
		g_string_append_len(to, text, (gssize)MIN(size, max - to->len));
	if (filter != NULL)
		g_object_unref(filter);
}

/* Loading a charset's table costs more than all else of a message. */
void
mime_decode_text(const struct part *part, size_t max, GString *to)
{
	size_t before = to->len;
	GString *bytes;

	if (part->charset[0] == '\0') {
		mime_decode_bytes(part, max, to);
		return;
	}
	bytes = g_string_new(NULL);
	mime_decode_bytes(part, max, bytes);
	if ((extends_ascii(part->charset) &&
		fold_is_ascii(bytes->str, bytes->len)) ||
	    is_utf8_after_all(part->charset, bytes))
		g_string_append_len(to, bytes->str,
		    (gssize)MIN(bytes->len, max - MIN(before, max)));
	else
		convert(part->charset, max, bytes, to);
	g_string_free(bytes, TRUE);
}
