/*
 * A message's facts are some hundred short strings that end together: they are
 * put one behind the other into a few chunks.  Called by mime.c and
 * mime_header.c.
 */
#include "autoconf.h"

#include <string.h>

#include <glib.h>

#include "mime_memory.h"

#define CHUNK_SIZE ((size_t)16 * 1024)
#define ALIGNMENT sizeof(void *)

struct mime_chunk {
	struct mime_chunk *before;
	char bytes[];
};

char *
mime_memory_take(struct mime_memory *memory, size_t size)
{
	char *taken;

	size = (size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
	if (size > memory->left) {
		size_t room = size > CHUNK_SIZE ? size : CHUNK_SIZE;
		struct mime_chunk *chunk = g_malloc(sizeof *chunk + room);

		chunk->before = memory->chunk;
		memory->chunk = chunk;
		memory->next = chunk->bytes;
		memory->left = room;
	}
	taken = memory->next;
	memory->next += size;
	memory->left -= size;
	return taken;
}

char *
mime_memory_copy(struct mime_memory *memory, const char *bytes, size_t size)
{
	char *copy = mime_memory_take(memory, size + 1);

	if (size > 0)
		memcpy(copy, bytes, size);
	copy[size] = '\0';
	return copy;
}

void
mime_memory_give(struct mime_memory *memory, size_t size)
{
	size &= ~(ALIGNMENT - 1);
	memory->next -= size;
	memory->left += size;
}

void
mime_memory_free(struct mime_memory *memory)
{
	struct mime_chunk *chunk = memory->chunk;

	while (chunk != NULL) {
		struct mime_chunk *before = chunk->before;

		g_free(chunk);
		chunk = before;
	}
	*memory = (struct mime_memory){0};
}
