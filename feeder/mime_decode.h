/*
 * What mime.c and mime_report.c share.  For these two alone: it includes GMime.
 */
#ifndef FEED_MIME_DECODE_H
#define FEED_MIME_DECODE_H

#include <stddef.h>

#include <gmime/gmime.h>

/* Parts that lie deeper are not read. */
#define MIME_DEPTH_MAX 60

/*
 * Parses a message; new, to be unreferenced, or NULL where it is none.  It
 * reads its parts from the stream, which must live as long.
 */
GMimeMessage *mime_parse(GMimeStream *stream);

/*
 * Appends decoded bytes of a part until `to` has `max`: as they are where
 * `charset` is NULL or unknown, else made UTF-8 from it.  A part without
 * content appends nothing.
 */
void mime_decode(GMimePart *part, const char *charset, size_t max, GString *to);

#endif
