/*
 * backstopctl feed: what each feed has listed lately, and what is held of one
 * that lists too much; releases or drops it.
 *
 * Feeds are those of the configuration. What is let go is done in steps, each in
 * a transaction of its own; what a release lists is the policy's to say.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_listing.h"

#define STEP 500 /* let go in one transaction */

/* --- list ----------------------------------------------------------------- */

static void
write_feed(const struct ctl *ctl, const struct bs_policy_feed *feed,
    const struct bs_feed_state *state)
{
	bool this_hour = ctl->now_s - ctl->now_s % 3600 == state->hour_s;
	uint32_t listed = this_hour ? state->listed : 0;
	struct bs_json *json;

	if (!ctl->options->given[CTL_JSON]) {
		printf("%s: %" PRIu32 " of %" PRIu32
		       " new listings this hour, %" PRIu64 " held%s\n",
		    feed->name, listed, feed->max_new_per_hour, state->held,
		    state->lost > 0 ? ", and more that found no room" : "");
		return;
	}
	json = bs_json_object();
	bs_json_text(json, "feed", feed->name);
	bs_json_number(json, "listed_this_hour", listed);
	bs_json_number(json, "max_new_per_hour", feed->max_new_per_hour);
	bs_json_number(json, "held", state->held);
	bs_json_number(json, "lost", state->lost);
	if (state->alarm_s != 0)
		ctl_json_time(json, "alarm", state->alarm_s);
	else
		bs_json_null(json, "alarm");
	(void)bs_json_write(&json, stdout);
}

static enum bs_exit
list_feeds(struct ctl *ctl)
{
	const struct bs_policy *policy = &ctl->config->policy;
	enum bs_exit exit_code = ctl_open_snapshot(ctl, BS_STORE_READ);

	for (size_t i = 0; exit_code == BS_EXIT_OK && i < policy->feed_count;
	     i++) {
		struct bs_feed_state state = {.held = 0};
		int error = bs_snapshot_feed(
		    ctl->snapshot, policy->feed[i].name, &state);

		if (error != BS_OK && error != BS_ENOTFOUND)
			return ctl_store_failed(ctl, "feed", error);
		write_feed(ctl, &policy->feed[i], &state);
	}
	return exit_code;
}

/* --- held ----------------------------------------------------------------- */

static void
write_held(const struct ctl *ctl, const struct bs_held *held)
{
	char prefix[BS_PREFIX_TEXT_MAX], time[BS_TIME_TEXT_MAX];
	struct bs_json *json;

	bs_prefix_format(&held->prefix, prefix);
	if (!ctl->options->given[CTL_JSON]) {
		printf("%-18s  %-9s  %s  %" PRIu32 " sighting%s\n", prefix,
		    bs_class_name(held->class),
		    bs_time_format(held->last_s, time), held->hits,
		    held->hits == 1 ? "" : "s");
		return;
	}
	json = bs_json_object();
	bs_json_text(json, "prefix", prefix);
	bs_json_text(json, "class", bs_class_name(held->class));
	ctl_json_time(json, "first", held->first_s);
	ctl_json_time(json, "last", held->last_s);
	bs_json_number(json, "hits", held->hits);
	(void)bs_json_write(&json, stdout);
}

static enum bs_exit
show_held(struct ctl *ctl, const char *feed)
{
	enum bs_exit exit_code = ctl_open_snapshot(ctl, BS_STORE_READ);
	struct bs_held held;
	int error;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	error = bs_snapshot_held_next(ctl->snapshot, feed, NULL, &held);
	while (error == BS_OK && !ferror(stdout)) {
		write_held(ctl, &held);
		error =
		    bs_snapshot_held_next(ctl->snapshot, feed, &held, &held);
	}
	return error == BS_OK || error == BS_ENOTFOUND
		   ? BS_EXIT_OK
		   : ctl_store_failed(ctl, "feed", error);
}

/* --- release, drop -------------------------------------------------------- */

/* What is let go of, and how. */
struct letting {
	struct ctl *ctl;
	const char *feed;
	const struct bs_prefix *prefix; /* those only; count 0: all */
	size_t count;
	bool release;
	struct bs_held at; /* the last one looked at */
	bool begun, done;
	uint64_t let_go;
};

static bool
is_chosen(const struct letting *letting, const struct bs_held *held)
{
	for (size_t i = 0; i < letting->count; i++) {
		if (bs_prefix_covers(&letting->prefix[i], &held->prefix))
			return true;
	}
	return letting->count == 0;
}

static int
let_go_step(struct letting *letting, struct bs_writer *writer)
{
	for (int i = 0; i < STEP; i++) {
		struct bs_held held;
		int error = bs_writer_held_next(writer, letting->feed,
		    letting->begun ? &letting->at : NULL, &held);

		letting->done = error == BS_ENOTFOUND;
		if (error != BS_OK)
			return letting->done ? BS_OK : error;
		letting->begun = true;
		letting->at = held;
		if (!is_chosen(letting, &held))
			continue;
		error = bs_writer_let_go(writer, &letting->ctl->config->policy,
		    &held, letting->release);
		if (error != BS_OK)
			return error;
		letting->let_go++;
	}
	return BS_OK;
}

static enum bs_exit
let_go(struct letting *letting)
{
	struct ctl *ctl = letting->ctl;
	enum bs_exit exit_code = ctl_open_store(ctl, BS_STORE_WRITE);

	while (exit_code == BS_EXIT_OK && !letting->done) {
		struct bs_writer *writer = NULL;
		int error;

		exit_code = ctl_begin(ctl, &writer);
		if (exit_code != BS_EXIT_OK)
			break;
		error = let_go_step(letting, writer);
		if (error == BS_OK) {
			exit_code = ctl_commit(ctl, &writer);
			continue;
		}
		bs_writer_abort(&writer);
		exit_code = ctl_store_failed(ctl, "feed stopped", error);
	}
	if (exit_code != BS_EXIT_OK)
		return exit_code;
	ctl_say("%s: %" PRIu64 " %s", letting->feed, letting->let_go,
	    letting->release ? "released: the policy has judged them"
			     : "dropped, with their sightings");
	return letting->let_go > 0 ? BS_EXIT_OK : BS_EXIT_NO;
}

static enum bs_exit
parse_and_let_go(struct ctl *ctl, const char *feed, bool release)
{
	struct letting letting = {.ctl = ctl, .feed = feed, .release = release};
	char **argument = ctl->options->arguments + 2;
	size_t count = ctl->options->argument_count - 2;
	struct bs_prefix *prefix = calloc(count + 1, sizeof(*prefix));
	enum bs_exit exit_code = BS_EXIT_OK;

	if (prefix == NULL) {
		ctl_say("arguments: out of memory: give fewer at a time");
		return BS_EXIT_ENVIRONMENT;
	}
	for (size_t i = 0; i < count; i++) {
		if (!ctl_parse_prefix(argument[i], &prefix[i]))
			exit_code = BS_EXIT_NO;
	}
	letting.prefix = prefix;
	letting.count = count;
	if (exit_code == BS_EXIT_OK)
		exit_code = let_go(&letting);
	free(prefix);
	return exit_code;
}

/* --- the command ---------------------------------------------------------- */

static enum bs_exit
wrong_usage(void)
{
	ctl_say("feed: write `feed list`, `feed held NAME`, `feed release NAME "
		"[ADDRESS...]` or `feed drop NAME [ADDRESS...]`");
	return BS_EXIT_USAGE;
}

static enum bs_exit
of_feed(struct ctl *ctl, const char *what, const char *feed)
{
	if (bs_policy_feed(&ctl->config->policy, feed) == NULL) {
		ctl_say("%s: not in `feed` of %s: `backstopctl feed list` "
			"shows those that are",
		    feed, ctl->config->path);
		return BS_EXIT_NO;
	}
	if (strcmp(what, "held") == 0)
		return ctl->options->argument_count == 2 ? show_held(ctl, feed)
							 : wrong_usage();
	return parse_and_let_go(ctl, feed, strcmp(what, "release") == 0);
}

enum bs_exit
ctl_feed(struct ctl *ctl)
{
	const struct ctl_options *options = ctl->options;
	const char *what = options->arguments[0];
	bool list = strcmp(what, "list") == 0;
	enum bs_exit exit_code;

	if (list ? options->argument_count != 1
		 : options->argument_count < 2 ||
		       (strcmp(what, "held") != 0 &&
			   strcmp(what, "release") != 0 &&
			   strcmp(what, "drop") != 0))
		return wrong_usage();
	exit_code = ctl_load_config(ctl);
	if (exit_code != BS_EXIT_OK)
		return exit_code;
	return list ? list_feeds(ctl)
		    : of_feed(ctl, what, options->arguments[1]);
}
