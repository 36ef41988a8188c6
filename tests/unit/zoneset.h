/*
 * Listings and exemptions in memory, a few of them: as input of zonecontent.h,
 * as lookup of the query path (content.h), and as the plain truth about an
 * address that both have to agree with.
 */
#ifndef TESTS_ZONESET_H
#define TESTS_ZONESET_H

#include "content.h"
#include "zonecontent.h"

#define ZONESET_MAX 64

struct zoneset {
	struct {
		struct bs_prefix prefix;
		bs_classes classes;
	} listing[ZONESET_MAX]; /* in the order of bs_prefix_compare */
	size_t listings;
	struct bs_prefix exemption[ZONESET_MAX]; /* in order */
	size_t exemptions;
	size_t listings_read, exemptions_read; /* zoneset_input's */
};

/* Adds one; a prefix that is there already gets the classes too.  All of these
 * end the process where there is no room or a text is wrong. */
void zoneset_list(
    struct zoneset *set, const struct bs_prefix *prefix, bs_classes classes);
void zoneset_exempt(struct zoneset *set, const struct bs_prefix *prefix);

/* Adds "198.51.0.0/16=autoreply 198.51.100.7=bounce,virus !198.51.100.8":
 * listings with their classes, and exemptions. */
void zoneset_parse(struct zoneset *set, const char *text);

/* The set from its start, for bs_zonecontent_start; one at a time. */
struct bs_zonecontent_input zoneset_input(struct zoneset *set);

/* A lookup that answers as store.h says. */
struct lookup zoneset_lookup(struct zoneset *set);

/*
 * The truth by design, of one address: what covers it, nothing where it is
 * exempt; test points and what is never listed included (`test_r`).
 */
struct bs_cover zoneset_truth(const struct zoneset *set,
    const struct bs_addr *addr, bs_classes served, bool *test_r);

/* Whether any address in a prefix gets an answer by zoneset_truth. */
bool zoneset_any(const struct zoneset *set, const struct bs_prefix *prefix,
    bs_classes served);

#endif
