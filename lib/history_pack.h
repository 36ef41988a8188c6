/*
 * Entries of a history record (history.h), altered: see history_pack.c.
 */
#ifndef BS_HISTORY_PACK_H
#define BS_HISTORY_PACK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "history.h"

/* Entries in a row, as bytes. */
struct bs_history_pack {
	size_t size;
	uint8_t bytes[BS_HISTORY_MAX + 4 * BS_HISTORY_ENTRY_MAX];
};

/* A head and entries, as large as they become before they are divided. */
#define BS_HISTORY_VALUE_MAX \
	(BS_HISTORY_HEAD_MAX + sizeof(struct bs_history_pack))

/*
 * The entries with one more: a day is added to what is there of that day, an
 * event stands behind all of its time and before.  Where there are
 * BS_HISTORY_MAX bytes of a day an event takes the place of the last one.
 * BS_ECORRUPT.
 */
int bs_history_insert(const uint8_t *bytes, size_t size,
    const struct bs_history_entry *entry, struct bs_history_pack *pack_r);
/* Appends one that follows those of day `after`; of one record at most. */
void bs_history_append(struct bs_history_pack *pack,
    const struct bs_history_entry *entry, uint32_t after);
/*
 * Divides what is larger than BS_HISTORY_FULL: the first days, up to `most`
 * bytes but at least one, become first_r, the others stay in pack.  false: it is
 * small enough, or one day.
 */
bool bs_history_divide(
    struct bs_history_pack *pack, size_t most, struct bs_history_pack *first_r);

#endif
