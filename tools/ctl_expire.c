/*
 * backstopctl expire: ends all listings that are overdue.
 *
 * Step by step, each in a transaction of its own, so that the feeder is not
 * held up for long.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"

#include "ctl_command.h"

/* How many are overdue before we begin. */
static enum bs_exit
count_overdue(struct ctl *ctl, uint64_t *overdue_r)
{
	struct bs_store_stats stats;
	int error = bs_snapshot_stats(ctl->snapshot, ctl->now_s, &stats);

	bs_snapshot_release(ctl->snapshot);
	if (error != BS_OK)
		return ctl_store_failed(ctl, "counting", error);
	*overdue_r = stats.overdue;
	return BS_EXIT_OK;
}

static enum bs_exit
say_held(const struct ctl *ctl, const struct bs_tidied *tidied)
{
	char now[BS_TIME_TEXT_MAX], written[BS_TIME_TEXT_MAX];

	ctl_say("the clock says %s, but the newest write was about %s: nothing "
		"ends for a day: set the clock right, or, if it is, add "
		"--confirm",
	    bs_time_format(ctl->now_s, now),
	    bs_time_format(tidied->written_s, written));
	return BS_EXIT_NO;
}

static enum bs_exit
expire_step(struct ctl *ctl, uint64_t *left_r)
{
	struct bs_writer *writer = NULL;
	enum bs_exit exit_code = ctl_begin(ctl, &writer);
	struct bs_tidied tidied;
	size_t ended;
	int error = BS_OK;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	if (ctl->options->given[CTL_CONFIRM])
		error = bs_writer_believe_clock(writer);
	if (error == BS_OK)
		error = bs_writer_expire(
		    writer, BS_STORE_EXPIRY_STEP, &ended, left_r);
	bs_writer_tidied(writer, &tidied);
	if (error == BS_OK && tidied.held) {
		bs_writer_abort(&writer);
		return say_held(ctl, &tidied);
	}
	if (error == BS_OK && ended == 0 && *left_r > 0)
		error = BS_ECORRUPT; /* or we would try for ever */
	if (error == BS_OK)
		return ctl_commit(ctl, &writer);
	bs_writer_abort(&writer);
	return ctl_store_failed(ctl, "ending overdue listings", error);
}

enum bs_exit
ctl_expire(struct ctl *ctl)
{
	bool dry = ctl->options->given[CTL_DRY_RUN];
	enum bs_exit exit_code =
	    ctl_open_snapshot(ctl, dry ? BS_STORE_READ : BS_STORE_WRITE);
	uint64_t overdue = 0, left = 1;

	if (exit_code == BS_EXIT_OK)
		exit_code = count_overdue(ctl, &overdue);
	while (exit_code == BS_EXIT_OK && left > 0 && !dry)
		exit_code = expire_step(ctl, &left);
	if (exit_code != BS_EXIT_OK)
		return exit_code;
	if (ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_number(json, "ended", overdue);
		(void)bs_json_write(&json, stdout);
	} else {
		printf("%s: %" PRIu64 " overdue\n", dry ? "would end" : "ended",
		    overdue);
	}
	return BS_EXIT_OK;
}
