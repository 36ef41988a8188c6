/*
 * Takes a report of abuse (RFC 5965) apart: its fields and what is attached, as
 * bytes.  What they say is left to arf.c and report.c.  Nothing of GMime's
 * outlives mime_read_report.  Called by judge.c, for report.c.
 */
#include "autoconf.h"

#include <string.h>

#include <gmime/gmime.h>

#include "mime_decode.h"
#include "mime_report.h"
#include "returned.h"

#define REPORT_FIELDS_MAX ((size_t)64 * 1024) /* more than are read */

/* Keeps decoded bytes. */
static void
keep_part(GMimePart *object, size_t max, char **bytes_r, size_t *size_r)
{
	GMimeDataWrapper *content = g_mime_part_get_content(object);
	GString *text = g_string_new(NULL);
	struct part part = {0};

	if (content != NULL) {
		part.encoding = mime_encoding(content);
		part.bytes = mime_raw_bytes(content, &part.size);
	}
	mime_decode_bytes(&part, max, text);
	*size_r = text->len;
	*bytes_r = g_string_free(text, FALSE);
}

static void
keep_message(struct mime_report *report, GMimeMessagePart *part)
{
	GMimeMessage *message = g_mime_message_part_get_message(part);

	if (message == NULL || report->messages++ > 0)
		return;
	report->message = g_mime_object_to_string(GMIME_OBJECT(message), NULL);
	report->message_size =
	    report->message != NULL ? strlen(report->message) : 0;
}

static void
read_report_leaf(struct mime_report *report, GMimePart *part)
{
	GMimeContentType *type =
	    g_mime_object_get_content_type(GMIME_OBJECT(part));

	if (g_mime_content_type_is_type(type, "message", "feedback-report")) {
		if (report->fields == NULL)
			keep_part(part, REPORT_FIELDS_MAX, &report->fields,
			    &report->fields_size);
	} else if (g_mime_content_type_is_type(
		       type, "text", "rfc822-headers")) {
		if (report->messages++ == 0)
			keep_part(part, RETURNED_HEADER_MAX, &report->message,
			    &report->message_size);
	}
}

static void
read_report_part(void *context, GMimeObject *object)
{
	struct mime_report *report = context;

	if (GMIME_IS_MESSAGE_PART(object))
		keep_message(report, GMIME_MESSAGE_PART(object));
	else if (GMIME_IS_PART(object))
		read_report_leaf(report, GMIME_PART(object));
}

void
mime_read_report(const char *bytes, size_t size, struct mime_report *report_r)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, size);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	*report_r = (struct mime_report){0};
	if (message != NULL) {
		mime_walk(g_mime_message_get_mime_part(message),
		    read_report_part, report_r);
		g_object_unref(message);
	}
	g_object_unref(parser);
	g_object_unref(stream);
}

void
mime_report_free(struct mime_report *report)
{
	g_free(report->fields);
	g_free(report->message);
	*report = (struct mime_report){0};
}
