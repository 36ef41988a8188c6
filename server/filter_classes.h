/*
 * Beside the filter: which classes are listed inside of the wide prefixes that
 * names with few labels stand for.  So a zone of some classes knows at once of
 * a name above nothing but listings of other classes, however many these are.
 *
 * It errs on one side only, as the filter does.  Single IPv4 addresses can be
 * taken out again, where the caller knows what they had (filter_table.h); other
 * listings stay in it.
 *
 * One thread at a time changes it, while others ask.  Who asks has to know by
 * its own means of which state it is (filter_keeper.h).
 */
#ifndef SERVER_FILTER_CLASSES_H
#define SERVER_FILTER_CLASSES_H

#include <stdbool.h>
#include <stddef.h>

#include "class.h"
#include "ipprefix.h"

struct filter_classes;

/* An empty one; NULL: out of memory.  What was not put in costs none. */
struct filter_classes *filter_classes_new(void);
void filter_classes_free(struct filter_classes **classes);

/* The listing has these classes, or may have them. */
void filter_classes_add(struct filter_classes *all,
    const struct bs_prefix *listing, bs_classes classes);

/* An IPv4 address had the classes `old`, by this function, and has `new`. */
void filter_classes_change(struct filter_classes *all,
    const struct bs_addr *addr, bs_classes old, bs_classes new);

/* Whether a listing of one of the `wanted` classes may lie inside the prefix
 * (it may be it). */
bool filter_classes_may_hold(const struct filter_classes *all,
    const struct bs_prefix *prefix, bs_classes wanted);

#endif
