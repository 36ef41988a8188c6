/*
 * backstopctl remove --self: a listed host's administrator takes it off.
 *
 * The command for a web page to call, with the address that it was asked from:
 * only that address, or one of its /64, may ask.  lib/store_self.c decides; here
 * each answer becomes a line that says what to do, or JSON.
 */
#include "autoconf.h"

#include <stdio.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_listing.h"

/* Who asks for what. */
struct request {
	struct bs_addr addr, by;
	char text[BS_ADDR_TEXT_MAX], by_text[BS_ADDR_TEXT_MAX];
};

static const char *const answer_names[] = {
    [BS_SELF_REMOVED] = "removed",
    [BS_SELF_NOT_LISTED] = "not listed",
    [BS_SELF_STRANGER] = "not by the address itself",
    [BS_SELF_LOCKED] = "too early",
    [BS_SELF_WIDER] = "part of a wider listing",
};

/* --- what is asked ------------------------------------------------------ */

static bool
parse_one(const char *what, const char *text, struct bs_addr *addr_r)
{
	struct bs_prefix prefix;

	if (!ctl_parse_prefix(text, &prefix))
		return false;
	if (!bs_prefix_is_single(&prefix)) {
		ctl_say(
		    "%s: %s: is a network: write the one address", what, text);
		return false;
	}
	*addr_r = prefix.addr;
	return true;
}

static enum bs_exit
parse(const struct ctl *ctl, struct request *request)
{
	const struct ctl_options *options = ctl->options;

	if (!options->given[CTL_SELF] || !options->given[CTL_BY] ||
	    options->argument_count != 1 || options->given[CTL_REASON]) {
		ctl_say("remove: --self and --by belong together, with one "
			"address and no --reason: write `backstopctl remove "
			"--self ADDRESS --by ADDRESS`");
		return BS_EXIT_USAGE;
	}
	if (!parse_one("remove", options->arguments[0], &request->addr) ||
	    !parse_one("--by", options->value[CTL_BY], &request->by))
		return BS_EXIT_NO;
	bs_addr_format(&request->addr, request->text);
	bs_addr_format(&request->by, request->by_text);
	return BS_EXIT_OK;
}

/* --- what is answered --------------------------------------------------- */

static void
say_refused(const struct request *request, const struct bs_self_result *result)
{
	char prefix[BS_PREFIX_TEXT_MAX], time[BS_TIME_TEXT_MAX];

	if (result->answer == BS_SELF_NOT_LISTED)
		ctl_say("%s: is not listed: nothing to remove", request->text);
	else if (result->answer == BS_SELF_STRANGER)
		ctl_say("%s: can't be removed by %s: ask from the address "
			"itself, or from its IPv6 /64",
		    request->text, request->by_text);
	else if (result->answer == BS_SELF_LOCKED)
		ctl_say("%s: was removed before and is listed again: it can "
			"be removed from %s on; until then, end what sends "
			"the backscatter, or write to the operator",
		    request->text, bs_time_format(result->until_s, time));
	else if (result->answer == BS_SELF_WIDER)
		ctl_say("%s: is listed only as part of %s, which more than "
			"this host caused: ask the operator to remove that, or "
			"to exempt this address",
		    request->text, bs_prefix_format(&result->prefix, prefix));
}

static void
say_removed(const struct request *request, const struct bs_self_result *result)
{
	char prefix[BS_PREFIX_TEXT_MAX], wait[BS_DURATION_TEXT_MAX];

	printf("%s: removed (%s)\n", request->text,
	    bs_prefix_format(&result->prefix, prefix));
	ctl_say("note: if it is listed again, it can be removed again when "
		"that listing is %s old",
	    bs_duration_format(result->next_lockout_s, wait));
}

static int
write_json(const struct request *request, const struct bs_self_result *result)
{
	struct bs_json *json = bs_json_object();
	bool removed = result->answer == BS_SELF_REMOVED;
	bool locked = result->answer == BS_SELF_LOCKED;
	bool named = removed || locked || result->answer == BS_SELF_WIDER;
	char prefix[BS_PREFIX_TEXT_MAX];

	bs_json_text(json, "address", request->text);
	bs_json_text(json, "by", request->by_text);
	bs_json_bool(json, "removed", removed);
	bs_json_text(json, "answer", answer_names[result->answer]);
	bs_json_text(json, "prefix",
	    named ? bs_prefix_format(&result->prefix, prefix) : NULL);
	ctl_json_time(
	    json, "until", locked ? result->until_s : BS_LISTING_FOREVER);
	if (removed)
		bs_json_number(json, "next_lockout_s", result->next_lockout_s);
	return bs_json_write(&json, stdout);
}

/* --- the command -------------------------------------------------------- */

/* Asks the database, and commits what it did. */
static enum bs_exit
ask(struct ctl *ctl, const struct request *request,
    struct bs_self_result *result_r)
{
	char actor[BS_JOURNAL_ACTOR_MAX + 1];
	struct bs_writer *writer;
	struct bs_message message;
	int error;

	bs_self_actor(&request->by, actor);
	if (bs_writer_begin(ctl->store, ctl->now_s, actor, &writer, &message) !=
	    BS_OK) {
		ctl_say("%s", message.text);
		return BS_EXIT_ENVIRONMENT;
	}
	error = bs_writer_remove_self(
	    writer, &request->addr, &request->by, result_r);
	if (error == BS_OK && result_r->answer == BS_SELF_REMOVED)
		return ctl_commit(ctl, &writer);
	bs_writer_abort(&writer);
	if (error != BS_OK)
		return ctl_store_failed(ctl, "nothing was removed", error);
	return BS_EXIT_NO;
}

enum bs_exit
ctl_remove_self(struct ctl *ctl)
{
	struct request request;
	struct bs_self_result result;
	enum bs_exit exit_code = parse(ctl, &request);

	if (exit_code == BS_EXIT_OK)
		exit_code = ctl_open_store(ctl, BS_STORE_WRITE);
	if (exit_code == BS_EXIT_OK)
		exit_code = ask(ctl, &request, &result);
	else
		return exit_code;
	if (exit_code == BS_EXIT_ENVIRONMENT)
		return exit_code;
	if (ctl->options->given[CTL_JSON])
		(void)write_json(&request, &result);
	if (result.answer != BS_SELF_REMOVED)
		say_refused(&request, &result);
	else if (!ctl->options->given[CTL_JSON])
		say_removed(&request, &result);
	return exit_code;
}
