/*
 * See zoneset.h.  Everything is found by walking all of the set.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "testpoint.h"
#include "zoneset.h"

/* --- making -------------------------------------------------------------- */

void
zoneset_list(
    struct zoneset *set, const struct bs_prefix *prefix, bs_classes classes)
{
	size_t at = 0;

	while (at < set->listings &&
	       bs_prefix_compare(&set->listing[at].prefix, prefix) < 0)
		at++;
	if (at < set->listings &&
	    bs_prefix_compare(&set->listing[at].prefix, prefix) == 0) {
		set->listing[at].classes |= classes;
		return;
	}
	if (set->listings == ZONESET_MAX)
		abort();
	memmove(&set->listing[at + 1], &set->listing[at],
	    (set->listings++ - at) * sizeof(set->listing[0]));
	set->listing[at].prefix = *prefix;
	set->listing[at].classes = classes;
}

void
zoneset_exempt(struct zoneset *set, const struct bs_prefix *prefix)
{
	size_t at = 0;

	while (at < set->exemptions &&
	       bs_prefix_compare(&set->exemption[at], prefix) < 0)
		at++;
	if (set->exemptions == ZONESET_MAX)
		abort();
	memmove(&set->exemption[at + 1], &set->exemption[at],
	    (set->exemptions++ - at) * sizeof(set->exemption[0]));
	set->exemption[at] = *prefix;
}

void
zoneset_parse(struct zoneset *set, const char *text)
{
	while (*(text += strspn(text, " ")) != '\0') {
		size_t size = strcspn(text, " ");
		size_t exempt = *text == '!', length = strcspn(text, "= ");
		struct bs_prefix prefix;
		bs_classes classes;
		char names[64] = "";

		if (bs_prefix_parse(text + exempt, length - exempt, &prefix) !=
		    0)
			abort();
		if (exempt != 0) {
			zoneset_exempt(set, &prefix);
		} else {
			memcpy(names, text + length + 1, size - length - 1);
			if (bs_classes_parse(names, &classes) != 0)
				abort();
			zoneset_list(set, &prefix, classes);
		}
		text += size;
	}
}

/* --- input of zonecontent ------------------------------------------------ */

static int
next_listing(void *context, struct bs_prefix *prefix_r, bs_classes *classes_r)
{
	struct zoneset *set = context;

	if (set->listings_read == set->listings)
		return BS_ENOTFOUND;
	*prefix_r = set->listing[set->listings_read].prefix;
	*classes_r = set->listing[set->listings_read++].classes;
	return 0;
}

static int
next_exemption(void *context, struct bs_prefix *prefix_r)
{
	struct zoneset *set = context;

	if (set->exemptions_read == set->exemptions)
		return BS_ENOTFOUND;
	*prefix_r = set->exemption[set->exemptions_read++];
	return 0;
}

struct bs_zonecontent_input
zoneset_input(struct zoneset *set)
{
	set->listings_read = set->exemptions_read = 0;
	return (struct bs_zonecontent_input){
	    .context = set,
	    .next_listing = next_listing,
	    .next_exemption = next_exemption,
	};
}

/* --- lookup -------------------------------------------------------------- */

static void
halves(const struct bs_prefix *prefix, struct bs_prefix half[2])
{
	half[0] = half[1] = bs_prefix_of(&prefix->addr, prefix->bits + 1u);
	half[1].addr.octet[prefix->bits / 8] |=
	    (uint8_t)(0x80 >> prefix->bits % 8);
}

/* Whether exemptions leave nothing of a prefix; *inside_r: whether one lies in
 * it, the prefix itself too. */
static bool
is_exempt(
    const struct zoneset *set, const struct bs_prefix *prefix, bool *inside_r)
{
	struct bs_prefix half[2];
	bool ignored;

	*inside_r = false;
	for (size_t i = 0; i < set->exemptions; i++) {
		if (bs_prefix_covers(prefix, &set->exemption[i]))
			*inside_r = true;
		if (bs_prefix_covers(&set->exemption[i], prefix))
			return true;
	}
	if (!*inside_r)
		return false;
	halves(prefix, half);
	return is_exempt(set, &half[0], &ignored) &&
	       is_exempt(set, &half[1], &ignored);
}

/* The listings that cover a prefix, exempt or not. */
static struct bs_cover
covering(const struct zoneset *set, const struct bs_prefix *covered,
    bs_classes served)
{
	struct bs_cover found = {0};

	for (size_t i = 0; i < set->listings; i++) {
		const struct bs_prefix *prefix = &set->listing[i].prefix;

		if (!bs_prefix_covers(prefix, covered) ||
		    (set->listing[i].classes & served) == 0)
			continue;
		if (found.classes == 0)
			found.widest = *prefix;
		found.narrowest = *prefix; /* wide ones come first */
		found.classes |= set->listing[i].classes & served;
	}
	return found;
}

/* From so many bits on the prefix around an address holds no exemption. */
static unsigned
clear_of(const struct zoneset *set, const struct bs_prefix *prefix)
{
	unsigned clear = 0;

	for (size_t i = 0; i < set->exemptions; i++) {
		const struct bs_prefix *exempt = &set->exemption[i];
		unsigned bits =
		    bs_addr_common_bits(&exempt->addr, &prefix->addr) + 1;

		if (exempt->addr.family != prefix->addr.family)
			continue;
		if (bits > prefix->bits + 1u)
			bits = prefix->bits + 1u;
		if (bits > clear)
			clear = bits;
	}
	return clear;
}

static int
cover_prefix(void *context, const struct bs_prefix *covered, bs_classes served,
    struct bs_cover *cover_r, unsigned *clear_r)
{
	const struct zoneset *set = context;
	bool inside;

	*cover_r = (struct bs_cover){0};
	if (!is_exempt(set, covered, &inside))
		*cover_r = covering(set, covered, served);
	*clear_r = clear_of(set, covered);
	return 0;
}

static int
cover(void *context, const struct bs_addr *addr, bs_classes served,
    struct bs_cover *cover_r)
{
	struct bs_prefix single = bs_prefix_single(addr);
	unsigned ignored;

	return cover_prefix(context, &single, served, cover_r, &ignored);
}

static int
any_inside(void *context, const struct bs_prefix *outer, bs_classes served,
    bool *any_r)
{
	const struct zoneset *set = context;
	bool ignored;

	*any_r = false;
	for (size_t i = 0; i < set->listings; i++)
		if (bs_prefix_covers(outer, &set->listing[i].prefix) &&
		    (set->listing[i].classes & served) != 0 &&
		    !is_exempt(set, &set->listing[i].prefix, &ignored))
			*any_r = true;
	return 0;
}

struct lookup
zoneset_lookup(struct zoneset *set)
{
	return (struct lookup){
	    .context = set,
	    .cover = cover,
	    .cover_prefix = cover_prefix,
	    .any_inside = any_inside,
	};
}

/* --- the truth ----------------------------------------------------------- */

struct bs_cover
zoneset_truth(const struct zoneset *set, const struct bs_addr *addr,
    bs_classes served, bool *test_r)
{
	const struct bs_prefix single = bs_prefix_single(addr);
	struct bs_cover found = {.widest = single, .narrowest = single};
	struct bs_addr unmapped = *addr;

	*test_r = bs_testpoint_find(addr, served, &found.classes);
	if (*test_r)
		return found;
	bs_addr_unmap(&unmapped);
	if (bs_testpoint_never(&single) || unmapped.family != addr->family)
		return found;
	for (size_t i = 0; i < set->exemptions; i++)
		if (bs_prefix_has(&set->exemption[i], addr))
			return found;
	return covering(set, &single, served);
}

/* Whether anything of a family begins or ends inside a prefix. */
static bool
is_divided(const struct zoneset *set, const struct bs_prefix *prefix)
{
	static const struct bs_prefix mapped = {
	    .addr = {.family = BS_IPV6, .octet = {[10] = 0xff, [11] = 0xff}},
	    .bits = 96,
	};

	for (size_t i = 0; i < set->listings; i++)
		if (bs_prefix_covers(prefix, &set->listing[i].prefix))
			return true;
	for (size_t i = 0; i < set->exemptions; i++)
		if (bs_prefix_covers(prefix, &set->exemption[i]))
			return true;
	return bs_prefix_covers(prefix, &mapped) ||
	       bs_testpoint_never(prefix) ||
	       bs_testpoint_inside(prefix, BS_CLASSES_ALL);
}

bool
zoneset_any(const struct zoneset *set, const struct bs_prefix *prefix,
    bs_classes served)
{
	struct bs_prefix half[2];
	bool test;

	if (bs_prefix_is_single(prefix) || !is_divided(set, prefix))
		return zoneset_truth(set, &prefix->addr, served, &test)
			       .classes != 0 ||
		       test;
	halves(prefix, half);
	return zoneset_any(set, &half[0], served) ||
	       zoneset_any(set, &half[1], served);
}
