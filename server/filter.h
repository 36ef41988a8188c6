/*
 * The filter: what may be listed, in a few bits a listing, so that questions
 * about all the rest are answered without the database.  It errs on one side
 * only: "may be" of what is not listed is possible, "is not" of what is listed
 * is not.  Nothing is ever taken out; filter_keeper.h replaces it as a whole.
 *
 * A listing is put in by itself and by what it lies in at a few lengths, its
 * gates: where a gate is shut nothing longer is listed behind it.  So one look
 * is enough for most addresses, and names above addresses are asked for too.
 *
 * All threads may add and ask at the same time.  Who must find what another
 * added has to know by its own means that it was (an acquire of what the adder
 * released).
 */
#ifndef SERVER_FILTER_H
#define SERVER_FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ipprefix.h"

struct filter;

/* No filter is larger: past that it errs more often. */
#define FILTER_BYTES_MAX ((size_t)24 << 20)

/* An empty one for so many listings of each family, a quarter more being no
 * harm; NULL: out of memory. */
struct filter *filter_new(uint64_t listings_ipv4, uint64_t listings_ipv6);
void filter_free(struct filter **filter);

size_t filter_size_bytes(const struct filter *filter);

void filter_add(struct filter *filter, const struct bs_prefix *listing);

/* Whether a listing may hold all of the prefix (it may be it). */
bool filter_may_cover(
    const struct filter *filter, const struct bs_prefix *prefix);

/* Whether a listing may lie inside the prefix (it may be it). */
bool filter_may_hold(
    const struct filter *filter, const struct bs_prefix *prefix);

/* Which listings may hold an IPv4 address. */
enum filter_said {
	FILTER_NONE,
	FILTER_SINGLE, /* only that of the address itself */
	FILTER_ANY,
};
enum filter_said filter_ask_ipv4(
    const struct filter *filter, const struct bs_addr *addr);

/* Has the memory fetched that is looked at first for an address, while the
 * caller does something else; `single`: for its own listing too. */
void filter_expect(
    const struct filter *filter, const struct bs_addr *addr, bool single);

#endif
