/*
 * The header of a message into facts.  For mime.c alone.
 */
#ifndef FEED_MIME_HEADER_H
#define FEED_MIME_HEADER_H

#include "facts.h"
#include "header.h"
#include "mime_memory.h"
#include "outline.h"

/*
 * Reads the fields up to the empty line, where the reader stands then, into
 * facts (all zero before), whose strings lie in `memory`.  What concerns the
 * body goes to *content_r instead (all zero before), borrowed from the message.
 */
void mime_header_read(struct header_reader *reader, struct mime_memory *memory,
    struct facts *facts, struct outline_content *content_r);

/* A copy that is valid UTF-8: what is none is taken for windows-1252. */
char *mime_utf8(struct mime_memory *memory, const char *bytes, size_t size);

/* The same, and folded, see fold.h. */
char *mime_fold(struct mime_memory *memory, const char *bytes, size_t size);

#endif
