/*
 * What of a disk mail may take: what anybody may send must not take the room
 * that the database needs to go on.
 */
#ifndef FEED_RESERVE_H
#define FEED_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

/* What stays free of a file system: a tenth of it, or so many bytes. */
#define RESERVE_MAX ((uint64_t)256 << 20)

/* How many more bytes of mail may be written in the folder; UINT64_MAX where the
 * system can't tell, as the write will.  Any thread. */
uint64_t reserve_spare(const char *folder);

/* Whether `size` more bytes may be.  Any thread. */
bool reserve_allows(const char *folder, uint64_t size);

#endif
