/*
 * Beside the filter: the listings of single IPv4 addresses with their classes,
 * exact, in 4 bytes each and as many again of room, so that most hits of a list
 * that is not too large are answered without the database.
 *
 * Who reads has to know by its own means of which state the table is: one
 * thread at a time changes it, while others read (filter_keeper.h).
 */
#ifndef SERVER_FILTER_TABLE_H
#define SERVER_FILTER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "ipprefix.h"

/* Past so many addresses there is no table: the larger the list, the less
 * memory there is for each. */
#define FILTER_TABLE_MAX 1250000u

struct filter_table;

/* For so many addresses, and some more; NULL: too many, or out of memory. */
struct filter_table *filter_table_new(uint64_t addresses);
void filter_table_free(struct filter_table **table);

size_t filter_table_size_bytes(const struct filter_table *table);

/* The classes of an IPv4 address become these, 0: it is not listed.  False:
 * there is no room, and the table is not complete any more. */
bool filter_table_set(
    struct filter_table *table, const struct bs_addr *addr, bs_classes classes);

/* The classes of an IPv4 address, 0 where there are none. */
bs_classes filter_table_get(
    const struct filter_table *table, const struct bs_addr *addr);

/* Has the memory fetched that filter_table_get needs. */
void filter_table_expect(
    const struct filter_table *table, const struct bs_addr *addr);

#endif
