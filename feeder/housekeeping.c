/*
 * One round of housekeeping: a step of expiry and trimming, and what there is
 * to tell of it, once and not each minute.  Called by groupqueue.c's thread,
 * which is the one that writes.
 */
#include "autoconf.h"

#include <inttypes.h>

#include "housekeeping.h"

#define MS_NS 1000000u

static bool
tell_held(struct housekeeping *keeping, const struct bs_tidied *tidied,
    uint32_t now_s, struct bs_message *line_r)
{
	char now[BS_TIME_TEXT_MAX], written[BS_TIME_TEXT_MAX];
	bool begins = tidied->held && !keeping->held;

	keeping->held = tidied->held;
	if (begins)
		bs_message_set(line_r,
		    "the clock says %s, but the newest write was about %s: "
		    "nothing ends for a day: set the clock right, or, if it "
		    "is, run `backstopctl expire --confirm`",
		    bs_time_format(now_s, now),
		    bs_time_format(tidied->written_s, written));
	return begins;
}

static bool
tell_lost(struct housekeeping *keeping, const struct bs_tidied *tidied,
    struct bs_message *line_r)
{
	bool begins = tidied->journal_lost > 0 && !keeping->lost;

	keeping->lost = tidied->journal_lost > 0;
	if (begins)
		bs_message_set(line_r,
		    "the journal is at twice its limits: what a secondary has "
		    "not taken goes, it will transfer all: see whether it is "
		    "still there, or raise `journal`");
	return begins;
}

static bool
tell_late(struct housekeeping *keeping, const struct bs_tidied *tidied,
    uint32_t now_s, struct bs_message *line_r)
{
	bool told = keeping->late_told;

	keeping->ended += tidied->ended;
	if (!tidied->more || keeping->late_since_s == 0) {
		keeping->late_since_s = tidied->more ? now_s : 0;
		keeping->ended = tidied->ended;
		keeping->late_told = false;
		return false;
	}
	if (told || now_s - keeping->late_since_s < HOUSEKEEPING_LATE_S)
		return false;
	keeping->late_told = true;
	bs_message_set(line_r,
	    "listings are overdue: %" PRIu64 " ended in the last %" PRIu32
	    " s and more are to follow: `backstopctl expire` ends all",
	    keeping->ended, now_s - keeping->late_since_s);
	return true;
}

/* What failed is told when it begins. */
static bool
tell_failed(struct housekeeping *keeping, int error)
{
	bool begins = error != BS_OK && error != keeping->failed;

	keeping->failed = error;
	return begins;
}

static void
plan(struct housekeeping *keeping, uint64_t start_ns, bool more)
{
	uint64_t now_ns = bs_clock_monotonic_ns(), rest_ns = now_ns - start_ns;

	if (!more)
		rest_ns = (uint64_t)HOUSEKEEPING_MS * MS_NS;
	else if (rest_ns < HOUSEKEEPING_REST_MS * MS_NS)
		rest_ns = HOUSEKEEPING_REST_MS * MS_NS;
	keeping->due_ns = now_ns + rest_ns;
}

static void
clear_readers(struct housekeeping *keeping, uint64_t now_ns)
{
	if (keeping->cleared_ns != 0 &&
	    now_ns - keeping->cleared_ns < (uint64_t)HOUSEKEEPING_MS * MS_NS)
		return;
	keeping->cleared_ns = now_ns;
	(void)bs_store_clear_readers(keeping->store);
}

bool
housekeeping_round(struct housekeeping *keeping, struct bs_message *line_r)
{
	uint64_t start_ns = bs_clock_monotonic_ns();
	uint32_t now_s = bs_clock_now_s(keeping->clock);
	struct bs_tidied tidied = {0};
	int error;

	if (start_ns < keeping->due_ns)
		return false;
	clear_readers(keeping, start_ns);
	error = bs_store_tidy(
	    keeping->store, now_s, keeping->actor, &tidied, line_r);
	plan(keeping, start_ns, error == BS_OK && tidied.more);
	if (error != BS_OK)
		return tell_failed(keeping, error);
	keeping->failed = BS_OK;
	return tell_held(keeping, &tidied, now_s, line_r) ||
	       tell_lost(keeping, &tidied, line_r) ||
	       tell_late(keeping, &tidied, now_s, line_r);
}

static void
plan_ahead(struct housekeeping *keeping)
{
	keeping->ahead_ns =
	    bs_clock_monotonic_ns() + (uint64_t)HOUSEKEEPING_MS * MS_NS;
}

/* There is no file now. */
static bool
try_ahead(struct housekeeping *keeping, struct bs_message *line_r)
{
	struct bs_message why;

	if (keeping->ahead_ns == 0)
		plan_ahead(keeping);
	if (bs_clock_monotonic_ns() < keeping->ahead_ns)
		return false;
	plan_ahead(keeping);
	if (bs_store_write_ahead(keeping->store, &why) != BS_OK)
		return false;
	keeping->ahead_ns = 0;
	bs_message_set(line_r,
	    "ahead.log: can be used now, and what was in it is taken in");
	return true;
}

/* Who looks for a line of each listing must know that there is none. */
static bool
tell_recovered(struct housekeeping *keeping, struct bs_message *line_r)
{
	struct bs_recovered recovered = bs_store_recovered(keeping->store);

	if (recovered.sightings == 0)
		return false;
	bs_message_set(line_r,
	    "ahead.log: %" PRIu64
	    " sightings that were acknowledged and not in "
	    "the database, as a process was killed or a commit failed, are "
	    "taken in; the %" PRIu64 " new listings of them have no line of "
	    "their own: see `backstopctl list --since` and `history`",
	    recovered.sightings, recovered.listings);
	return true;
}

bool
housekeeping_ahead(struct housekeeping *keeping, struct bs_message *line_r)
{
	if (!bs_store_writes_ahead(keeping->store))
		return try_ahead(keeping, line_r);
	return tell_recovered(keeping, line_r) ||
	       bs_store_keep_ahead(keeping->store, line_r) != BS_OK;
}
