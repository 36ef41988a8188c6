/*
 * backstopctl purge: takes sightings back, and says what that ends.
 *
 * Step by step, each in a transaction of its own, so that the feeder is not
 * kept waiting; a dry run does all of it in one, and forgets it. What is chosen
 * by the options is lib/store_purge.c's to find, and what is left of a listing
 * lib/store_rejudge.c's to judge.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_listing.h"
#include "ctl_time.h"

#define STEP 2000 /* sightings looked at in one transaction */

/* --- what is chosen ----------------------------------------------------- */

static bool
parse_feed(const struct ctl *ctl, struct bs_purge *purge)
{
	const char *feed = ctl->options->value[CTL_FEED];

	if (feed == NULL)
		return true;
	if (strlen(feed) > BS_FEED_NAME_MAX || feed[0] == '\0') {
		ctl_say("--feed: %s: no name of a feed: write one of `feed` in "
			"%s, or %s for our own traps",
		    feed, ctl->config->path, BS_FEED_LOCAL);
		return false;
	}
	(void)snprintf(purge->feed, sizeof(purge->feed), "%s", feed);
	if (strcmp(feed, BS_FEED_LOCAL) != 0 &&
	    bs_policy_feed(purge->policy, feed) == NULL)
		ctl_say("note: %s: no feed of that name in %s", feed,
		    ctl->config->path);
	return true;
}

static bool
parse_prefix(const struct ctl *ctl, struct bs_purge *purge)
{
	const char *text = ctl->options->value[CTL_PREFIX];
	unsigned bits = purge->policy->ipv6_bits;

	if (text == NULL)
		return true;
	if (!ctl_parse_prefix(text, &purge->prefix))
		return false;
	purge->has_prefix = true;
	if (purge->prefix.addr.family == BS_IPV6 && purge->prefix.bits > bits) {
		purge->prefix =
		    bs_prefix_of(&purge->prefix.addr, (uint8_t)bits);
		ctl_say("note: sightings of IPv6 are kept by /%u: takes that",
		    bits);
	}
	return true;
}

static bool
parse_times(const struct ctl *ctl, struct bs_purge *purge)
{
	const char *since = ctl->options->value[CTL_SINCE];
	const char *until = ctl->options->value[CTL_UNTIL];

	purge->until_s = UINT32_MAX;
	if (since != NULL &&
	    !ctl_time_parse("--since", since, ctl->now_s, &purge->since_s))
		return false;
	if (until != NULL &&
	    !ctl_time_parse("--until", until, ctl->now_s, &purge->until_s))
		return false;
	if (purge->since_s < purge->until_s)
		return true;
	ctl_say("--until: is not after --since: nothing lies between");
	return false;
}

static enum bs_exit
parse(const struct ctl *ctl, struct bs_purge *purge)
{
	const struct ctl_options *options = ctl->options;

	if (!options->given[CTL_CLASS] && !options->given[CTL_FEED] &&
	    !options->given[CTL_PREFIX] && !options->given[CTL_SINCE] &&
	    !options->given[CTL_UNTIL]) {
		ctl_say("purge: says nothing of what: give --class, --feed, "
			"--prefix, --since or --until; --class all is "
			"everything");
		return BS_EXIT_USAGE;
	}
	purge->policy = &ctl->config->policy;
	if (!ctl_parse_classes(ctl, BS_CLASSES_ALL, &purge->classes) ||
	    !parse_feed(ctl, purge) || !parse_prefix(ctl, purge) ||
	    !parse_times(ctl, purge))
		return BS_EXIT_NO;
	return BS_EXIT_OK;
}

/* --- what becomes of it ------------------------------------------------- */

static const char *
what_becomes(const struct bs_purge_change *change)
{
	if (change->new_classes == 0)
		return "ends";
	if (change->old_classes == 0)
		return "listed";
	return change->old_classes == change->new_classes ? "stays" : "changes";
}

static void
put_classes(struct bs_json *json, const char *key, bs_classes classes)
{
	struct bs_json *names = bs_json_array();

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((classes & bs_class_at(i)) != 0)
			bs_json_text(
			    names, NULL, bs_class_name(bs_class_at(i)));
	}
	bs_json_put(json, key, names);
}

static void
tell(void *context, const struct bs_purge_change *change)
{
	const struct ctl *ctl = context;
	char prefix[BS_PREFIX_TEXT_MAX];
	char old[BS_CLASSES_TEXT_MAX], new[BS_CLASSES_TEXT_MAX];
	struct bs_json *json;

	bs_prefix_format(&change->prefix, prefix);
	if (!ctl->options->given[CTL_JSON]) {
		printf("%s: %s: %s -> %s\n", prefix, what_becomes(change),
		    change->old_classes == 0
			? "not listed"
			: bs_classes_format(change->old_classes, old),
		    change->new_classes == 0
			? "not listed"
			: bs_classes_format(change->new_classes, new));
		return;
	}
	json = bs_json_object();
	bs_json_text(json, "prefix", prefix);
	bs_json_text(json, "class", bs_class_name(change->class));
	bs_json_text(json, "becomes", what_becomes(change));
	put_classes(json, "old", change->old_classes);
	put_classes(json, "new", change->new_classes);
	(void)bs_json_write(&json, stdout);
}

static void
sum_up(const struct ctl *ctl, const struct bs_purge_walk *walk)
{
	bool dry = ctl->options->given[CTL_DRY_RUN];

	ctl_say("%s%" PRIu64 " sightings taken back; listings judged anew: "
		"%" PRIu64 " changed, %" PRIu64 " stay",
	    dry ? "dry run, nothing is changed: " : "", walk->sightings,
	    walk->ended, walk->stayed);
}

/* --- the command -------------------------------------------------------- */

static enum bs_exit
purge_steps(struct ctl *ctl, const struct bs_purge *purge)
{
	bool dry = ctl->options->given[CTL_DRY_RUN];
	struct bs_purge_walk walk = {.done = false};
	struct bs_writer *writer = NULL;
	enum bs_exit exit_code = BS_EXIT_OK;

	while (exit_code == BS_EXIT_OK && !walk.done) {
		int error;

		if (writer == NULL)
			exit_code = ctl_begin(ctl, &writer);
		if (exit_code != BS_EXIT_OK)
			break;
		error = bs_writer_purge(writer, purge, &walk, STEP);
		if (error != BS_OK)
			exit_code =
			    ctl_store_failed(ctl, "purging stopped", error);
		else if (!dry)
			exit_code = ctl_commit(ctl, &writer);
	}
	bs_writer_abort(&writer);
	if (exit_code == BS_EXIT_OK)
		sum_up(ctl, &walk);
	return exit_code;
}

enum bs_exit
ctl_purge(struct ctl *ctl)
{
	struct bs_purge purge = {.told = tell, .context = ctl};
	enum bs_exit exit_code = ctl_load_config(ctl);

	if (exit_code == BS_EXIT_OK)
		exit_code = parse(ctl, &purge);
	if (exit_code == BS_EXIT_OK)
		exit_code = ctl_open_store(ctl, BS_STORE_WRITE);
	return exit_code == BS_EXIT_OK ? purge_steps(ctl, &purge) : exit_code;
}
