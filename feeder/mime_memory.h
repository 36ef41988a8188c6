/*
 * Memory that is given back all at once: the strings of a message's facts.
 * For mime*.c alone.
 */
#ifndef FEED_MIME_MEMORY_H
#define FEED_MIME_MEMORY_H

#include <stddef.h>

/* All zero: empty. */
struct mime_memory {
	struct mime_chunk *chunk;
	char *next; /* free bytes of the chunk */
	size_t left;
};

/* `size` bytes, aligned for pointers, until mime_memory_free; never NULL, as GLib's. */
char *mime_memory_take(struct mime_memory *memory, size_t size);

/* A copy of `size` bytes, and a NUL. */
char *mime_memory_copy(
    struct mime_memory *memory, const char *bytes, size_t size);

/* Gives the last `size` bytes of what was taken last back, or a few less. */
void mime_memory_give(struct mime_memory *memory, size_t size);

void mime_memory_free(struct mime_memory *memory);

#endif
