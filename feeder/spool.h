/*
 * The bytes of one message while it is received and judged: in memory up to a
 * bound, then in a file that has no name.  What is added is in memory at first;
 * whoever fills a spool sees to it that it is written (spoolwrite.h) before
 * there is more than the bound, and that all of it is before it is read.
 */
#ifndef FEED_SPOOL_H
#define FEED_SPOOL_H

#include <stdbool.h>
#include <stddef.h>

#include "error.h"

#define SPOOL_MEMORY_MAX ((size_t)64 * 1024)

struct spool;

/* `folder` (borrowed) is where large messages go.  NULL: no memory. */
struct spool *spool_new(const char *folder);
/* The file goes with it. */
void spool_free(struct spool **spool);

/* Memory only.  BS_ENOMEM; what a write before failed of (spool_write). */
int spool_add(struct spool *spool, const char *bytes, size_t size);

/* Whether it is to be written now: there is more in memory than the bound, or,
 * of a message that is `complete`, a part in memory and a part in the file. */
bool spool_is_due(const struct spool *spool, bool complete);

/* Writes what is in memory into the file; it may take as long as the disk does.
 * Any thread, as long as nobody else uses the spool.  BS_EFULL: the disk is, or
 * would have no reserve left (reserve.h); BS_EIO: spool_add says so too from now
 * on. */
int spool_write(struct spool *spool);

size_t spool_size(const struct spool *spool);

/* All bytes, borrowed until the next spool_add; NULL where they are in a file.
 * This and what follows: of a spool of which no write is due. */
const char *spool_bytes(const struct spool *spool);

/* The file, borrowed; -1 where they are in memory.  Read it with pread. */
int spool_file(const struct spool *spool);

/* The file once more, to be read only; owned.  -1: there is none, or no /proc. */
int spool_lend(const struct spool *spool);

/* Reads up to `size` bytes from `offset` on; *size_r how many, 0 at the end.
 * BS_EIO.  Any thread, as long as nobody adds. */
int spool_read(const struct spool *spool, size_t offset, char *bytes,
    size_t size, size_t *size_r);

/* A file in the folder that has no name, empty; -1 (errno). */
int spool_open_unnamed(const char *folder);

#endif
