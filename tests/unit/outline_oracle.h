/*
 * Holds the outline of a message against what GMime says of it.
 */
#ifndef TEST_OUTLINE_ORACLE_H
#define TEST_OUTLINE_ORACLE_H

#include <stdbool.h>
#include <stddef.h>

#include "parts.h"

/*
 * Reads a message (after bounds.h's limits) by outline.c and by GMime.  False
 * where outline.c leaves it to GMime, or it is no message.  Asserts that both
 * found the same; sets *parts_r (borrows what *bytes_r is; both to be cleared
 * by the caller) where it is not NULL.  judge_start before.
 */
bool outline_oracle(
    const char *bytes, size_t size, struct parts *parts_r, char **bytes_r);

#endif
