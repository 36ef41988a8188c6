/*
 * History records of schema 3 and 4, to be upgraded: see history4.c.  Pure.
 */
#ifndef BS_HISTORY4_H
#define BS_HISTORY4_H

#include <stddef.h>
#include <stdint.h>

#include "history.h"

#define BS_HISTORY4_VERSION 1
/* Time and order, behind the prefix in an entry's key. */
#define BS_HISTORY4_TAIL 5

/* An entry; time and order are from the last five bytes of its key.
 * BS_EVERSION, BS_ECORRUPT. */
int bs_history4_decode(const uint8_t time_order[BS_HISTORY4_TAIL],
    const uint8_t *value, size_t size, struct bs_history_entry *entry_r);
/* BS_EVERSION, BS_ECORRUPT. */
int bs_history4_head_decode(
    const uint8_t *value, size_t size, struct bs_history_head *head_r);

#endif
