/*
 * What mime*.c share.  For these alone: it includes GMime.
 */
#ifndef FEED_MIME_DECODE_H
#define FEED_MIME_DECODE_H

#include <stddef.h>

#include <gmime/gmime.h>

#include "parts.h"

typedef void mime_found(void *context, GMimeObject *object);

/* Tells of each part that is no multipart, in the order of the message; of what
 * lies inside a returned message nothing is told. */
void mime_walk(GMimeObject *object, mime_found *found, void *context);

/* The bytes of a content as they came, in the memory that was parsed; NULL
 * where the stream is of another kind. */
const char *mime_raw_bytes(GMimeDataWrapper *content, size_t *size_r);

/* The transfer encoding of a content. */
enum part_encoding mime_encoding(GMimeDataWrapper *content);

/* Appends a part's bytes, its transfer encoding undone, until `to` has `max`. */
void mime_decode_bytes(const struct part *part, size_t max, GString *to);

/* The same, and its charset made UTF-8, where it has a known one. */
void mime_decode_text(const struct part *part, size_t max, GString *to);

#endif
