/*
 * What the server tells of itself in class CHAOS (RFC 4892): its name and its
 * version, where the configuration gives them.  Pure.
 */
#ifndef SERVER_CHAOS_H
#define SERVER_CHAOS_H

#include "guard.h"

/* The text for a name (lower case, `size` bytes with the root label); NULL:
 * there is none, or it is not told. */
const char *chaos_find(
    const struct guard *guard, const uint8_t *name, size_t size);

#endif
