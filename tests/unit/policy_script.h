/*
 * The policy as a table of cases that a mail admin would recognise: each row is
 * a name, a configuration, and a short script of what comes in and what is to
 * be seen then.  A script knows no clock and no database: it runs in a world,
 * of which there are two, the naive model over the pure policy
 * (policy_model.c) and the real store (test_store_policy.c).
 *
 * A script is steps, each ended by ";":
 *
 *	TIME CLASS SOURCE [WORD...] : OUTCOME     a sighting
 *	TIME remove PREFIX                        by the operator
 *	TIME add PREFIX CLASS UNTIL               by the operator
 *	TIME exempt PREFIX | TIME exempt nothing  all that is exempt from now on
 *	TIME listing PREFIX : nothing | CLASS until TIME | CLASS N hits
 *	TIME answer ADDRESS : nothing | CLASS[,CLASS...]
 *
 * TIME counts from the row's start: "0", "3d", "4w-1s"; it is the time of
 * reading, and of receiving unless a word says another one.  Words of a
 * sighting: "trap=N" (1), "at=TIME" received then, "msg=N" the very message N,
 * "live" through a live door, "notice" a kind that is kept and never lists,
 * "feed=NAME" ("local").  SOURCE may have {A-B} once, in decimal: that many
 * sightings with the same outcome.
 */
#ifndef POLICY_SCRIPT_H
#define POLICY_SCRIPT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "store.h"

#define POLICY_START_S 1800000000u

struct policy_row {
	const char *name;
	const char *config; /* lines of backstop.conf, "" for the defaults */
	const char *script;
};

/* The tables, by idea; *count_r rows. */
const struct policy_row *policy_rows_what(size_t *count_r);
const struct policy_row *policy_rows_when(size_t *count_r);
const struct policy_row *policy_rows_again(size_t *count_r);
const struct policy_row *policy_rows_ipv6(size_t *count_r);

/* What a script runs in; `state` is the world's own. */
struct policy_world {
	void *state;
	enum bs_outcome (*see)(void *state, const struct bs_policy *policy,
	    uint32_t now_s, const struct bs_sighting *sighting);
	void (*add)(void *state, uint32_t now_s, const struct bs_prefix *prefix,
	    enum bs_class class, uint32_t expires_s);
	void (*remove)(
	    void *state, uint32_t now_s, const struct bs_prefix *prefix);
	/* Lets time pass, then says what is listed as exactly that. */
	bool (*get)(void *state, uint32_t now_s, const struct bs_prefix *prefix,
	    struct bs_listing *listing_r);
};

/* Runs a row; fails the test at the first step that is not as it says. */
void policy_script_run(
    const struct policy_row *row, const struct policy_world *world);

#endif
