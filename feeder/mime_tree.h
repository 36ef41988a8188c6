/*
 * The parts of any message, by GMime.  For mime*.c alone.
 */
#ifndef FEED_MIME_TREE_H
#define FEED_MIME_TREE_H

#include <stddef.h>

#include "mime_memory.h"
#include "parts.h"

/*
 * Reads `size` bytes (borrowed by the parts): a header with the fields that
 * concern the body, an empty line, a body.  What the parts have that is not in
 * there lies in `memory`.  parts_r was started; it stays without parts where
 * GMime finds none.
 */
void mime_tree_read(const char *bytes, size_t size, struct mime_memory *memory,
    struct parts *parts_r);

#endif
