/*
 * backstopctl exempt: what is never served, whatever is listed.
 *
 * add and remove are all or nothing, as those of listings are.  What they alter
 * in answers and in the journal is the store's business; what the configuration
 * exempts is brought into the database by backstopd and is not ours to take
 * out, only to name.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json.h"
#include "suggest.h"

#include "ctl_command.h"
#include "ctl_exemption.h"
#include "ctl_listing.h"

/* Wider than that needs --wide: one slip would empty the list. */
static bool
check_width(const struct ctl *ctl, const struct bs_prefix *prefix)
{
	unsigned wide = prefix->addr.family == BS_IPV4 ? 16 : 32;
	char text[BS_PREFIX_TEXT_MAX];

	if (prefix->bits >= wide || ctl->options->given[CTL_WIDE])
		return true;
	ctl_say("%s: is wider than /%u: add --wide if nothing in it shall be "
		"served",
	    bs_prefix_format(prefix, text), wide);
	return false;
}

/* --- add ----------------------------------------------------------------- */

static void
tell_added(
    const struct ctl *ctl, const struct bs_exemption *exemption, bool is_new)
{
	char text[BS_PREFIX_TEXT_MAX];

	if (ctl->options->given[CTL_JSON]) {
		struct bs_json *json = ctl_exemption_json(exemption);

		bs_json_bool(json, "new", is_new);
		(void)bs_json_write(&json, stdout);
		return;
	}
	printf("%s: %s\n", bs_prefix_format(&exemption->prefix, text),
	    is_new ? "exempt" : "was exempt already");
}

/* One transaction for all; *is_new and *got have room for each. */
static enum bs_exit
add_all(struct ctl *ctl, const struct bs_prefix *prefix, const char *reason,
    struct bs_exemption *got, bool *is_new)
{
	struct bs_writer *writer = NULL;
	enum bs_exit exit_code = ctl_begin(ctl, &writer);
	int error = BS_OK;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	for (size_t i = 0; i < ctl->options->argument_count; i++) {
		error =
		    bs_writer_exempt(writer, &prefix[i], reason, &is_new[i]);
		if (error == BS_OK)
			error =
			    bs_writer_exempt_get(writer, &prefix[i], &got[i]);
		if (error != BS_OK)
			break;
	}
	if (error == BS_OK)
		return ctl_commit(ctl, &writer);
	bs_writer_abort(&writer);
	return ctl_store_failed(ctl, "nothing was exempted", error);
}

static enum bs_exit
add(struct ctl *ctl, const struct bs_prefix *prefix, const char *reason)
{
	size_t refused = 0, count = ctl->options->argument_count;
	struct bs_exemption *got = calloc(count, sizeof(*got));
	bool *is_new = calloc(count, sizeof(*is_new));
	enum bs_exit exit_code = BS_EXIT_NO;

	for (size_t i = 0; i < count; i++)
		refused += !check_width(ctl, &prefix[i]);
	if (got == NULL || is_new == NULL)
		exit_code = ctl_store_failed(ctl, "exempt add", BS_ENOMEM);
	else if (refused == 0)
		exit_code = ctl_open_store(ctl, BS_STORE_WRITE);
	if (exit_code == BS_EXIT_OK)
		exit_code = add_all(ctl, prefix, reason, got, is_new);
	for (size_t i = 0; exit_code == BS_EXIT_OK && i < count; i++)
		tell_added(ctl, &got[i], is_new[i]);
	free(is_new);
	free(got);
	return exit_code;
}

/* --- remove -------------------------------------------------------------- */

/* Says why an exemption can't be taken back. */
static void
say_not_removable(const struct ctl *ctl, const struct bs_prefix *prefix,
    const struct bs_exemption *around)
{
	char text[BS_PREFIX_TEXT_MAX], wider[BS_PREFIX_TEXT_MAX];

	bs_prefix_format(prefix, text);
	bs_prefix_format(&around->prefix, wider);
	if ((around->by & BS_EXEMPT_COMMAND) == 0)
		ctl_say("%s: %s is exempt by the configuration: take it out of "
			"`exempt`, `exempt-files` or `relays` in %s and "
			"`backstopctl reload`",
		    text, wider, ctl->config->path);
	else
		ctl_say("%s: is exempt only as part of %s: `backstopctl exempt "
			"remove %s` ends all of that",
		    text, wider, wider);
}

/* Nothing exempts it: so it is served where it is listed, or never is. */
static void
say_not_exempt(const struct ctl *ctl, const struct bs_prefix *prefix)
{
	const struct bs_reserved *reserved = ctl_find_reserved(ctl, prefix);
	char text[BS_PREFIX_TEXT_MAX], space[BS_PREFIX_TEXT_MAX];

	bs_prefix_format(prefix, text);
	if (reserved == NULL)
		ctl_say("%s: is not exempt: `backstopctl exempt list` shows "
			"what is",
		    text);
	else
		ctl_say("%s: is not exempt, so there is nothing to take back: "
			"%s is %s (%s), which is never listed",
		    text, bs_prefix_format(&reserved->prefix, space),
		    reserved->name, reserved->source);
}

/* BS_ENOTFOUND after having said why. */
static int
check_removable(const struct ctl *ctl, struct bs_writer *writer,
    const struct bs_prefix *prefix)
{
	struct bs_exemption exemption;
	int error = bs_writer_exempt_get(writer, prefix, &exemption);

	if (error == BS_OK && (exemption.by & BS_EXEMPT_COMMAND) != 0)
		return BS_OK;
	if (error == BS_OK) {
		say_not_removable(ctl, prefix, &exemption);
		return BS_ENOTFOUND;
	}
	if (error == BS_ENOTFOUND)
		error = bs_writer_exempt_covering(writer, prefix, &exemption);
	if (error == BS_ENOTFOUND)
		say_not_exempt(ctl, prefix);
	if (error != BS_OK)
		return error;
	say_not_removable(ctl, prefix, &exemption);
	return BS_ENOTFOUND;
}

static void
tell_removed(const struct ctl *ctl, const struct bs_prefix *prefix)
{
	char text[BS_PREFIX_TEXT_MAX], wider[BS_PREFIX_TEXT_MAX];
	struct bs_exemption around;
	bool still =
	    bs_snapshot_exempt(ctl->snapshot, prefix, &around) == BS_OK;

	bs_prefix_format(prefix, text);
	if (still)
		bs_prefix_format(&around.prefix, wider);
	ctl_tell_removed(
	    ctl, text, "no longer exempt by command", still ? wider : NULL);
	if (still)
		ctl_say("note: %s is still exempt, by %s%s: `backstopctl "
			"exempt list` shows all",
		    text, wider,
		    (around.by & BS_EXEMPT_CONFIG) != 0
			? " of the configuration"
			: "");
}

static int
remove_all(struct ctl *ctl, struct bs_writer *writer,
    const struct bs_prefix *prefix, const char *reason)
{
	size_t count = ctl->options->argument_count, missing = 0;
	int error = BS_OK;

	for (size_t i = 0; i < count; i++) {
		error = check_removable(ctl, writer, &prefix[i]);
		missing += error == BS_ENOTFOUND;
		if (error != BS_OK && error != BS_ENOTFOUND)
			return error;
	}
	if (missing > 0)
		return BS_ENOTFOUND;
	for (size_t i = 0; i < count; i++) {
		error = bs_writer_unexempt(writer, &prefix[i], reason);
		/* given twice: taken back once */
		if (error != BS_OK && error != BS_ENOTFOUND)
			return error;
	}
	return BS_OK;
}

static enum bs_exit
take(struct ctl *ctl, const struct bs_prefix *prefix, const char *reason)
{
	struct bs_writer *writer = NULL;
	enum bs_exit exit_code = ctl_open_store(ctl, BS_STORE_WRITE);
	int error;

	if (exit_code == BS_EXIT_OK)
		exit_code = ctl_begin(ctl, &writer);
	if (exit_code != BS_EXIT_OK)
		return exit_code;
	error = remove_all(ctl, writer, prefix, reason);
	if (error != BS_OK) {
		bs_writer_abort(&writer);
		return error == BS_ENOTFOUND
			   ? BS_EXIT_NO
			   : ctl_store_failed(
				 ctl, "nothing was removed", error);
	}
	exit_code = ctl_commit(ctl, &writer);
	if (exit_code == BS_EXIT_OK)
		exit_code = ctl_open_snapshot(ctl, BS_STORE_WRITE);
	for (size_t i = 0;
	     exit_code == BS_EXIT_OK && i < ctl->options->argument_count; i++)
		tell_removed(ctl, &prefix[i]);
	return exit_code;
}

/* --- the words after exempt ---------------------------------------------- */

static const struct verb {
	const char *name;
	unsigned takes;
	/* NULL: list, which takes no address */
	enum bs_exit (*run)(struct ctl *ctl, const struct bs_prefix *prefix,
	    const char *reason);
} verbs[] = {
    {"add", CTL_TAKES_ALWAYS | CTL_TAKES(CTL_REASON) | CTL_TAKES(CTL_WIDE),
	add},
    {"remove", CTL_TAKES_ALWAYS | CTL_TAKES(CTL_REASON), take},
    {"list", CTL_TAKES_ALWAYS, NULL},
};
#define VERBS (sizeof(verbs) / sizeof(verbs[0]))

static const struct verb *
find_verb(const struct ctl_options *options)
{
	struct bs_suggest suggest;
	const char *word;

	if (options->argument_count == 0) {
		ctl_say("exempt: add, remove or list is missing: write "
			"`backstopctl exempt add ADDRESS`, see `backstopctl "
			"exempt --help`");
		return NULL;
	}
	word = options->arguments[0];
	suggest = bs_suggest_start(word);
	for (size_t i = 0; i < VERBS; i++) {
		if (strcmp(verbs[i].name, word) == 0)
			return &verbs[i];
		bs_suggest_try(&suggest, verbs[i].name);
	}
	ctl_say("exempt: %s: write add, remove or list after `exempt`%s%s%s",
	    word, suggest.best != NULL ? ": did you mean `" : "",
	    suggest.best != NULL ? suggest.best : "",
	    suggest.best != NULL ? "`?" : "");
	return NULL;
}

static bool
check_verb(const struct verb *verb, const struct ctl_options *options)
{
	const struct ctl_option_row *beyond =
	    ctl_options_beyond(options, verb->takes);

	if (beyond != NULL)
		ctl_say("exempt %s: takes no --%s: see `backstopctl exempt "
			"--help`",
		    verb->name, beyond->name);
	else if (verb->run == NULL && options->argument_count > 0)
		ctl_say("exempt %s: %s: one word too many: `backstopctl show` "
			"tells whether an address is exempt",
		    verb->name, options->arguments[0]);
	else if (verb->run != NULL && options->argument_count == 0)
		ctl_say("exempt %s: an address is missing: write `backstopctl "
			"exempt %s ADDRESS`",
		    verb->name, verb->name);
	else
		return true;
	return false;
}

static enum bs_exit
run_verb(struct ctl *ctl, const struct verb *verb)
{
	struct bs_prefix *prefix;
	enum bs_exit exit_code = BS_EXIT_NO;
	const char *reason;

	if (verb->run == NULL)
		return ctl_exempt_list(ctl);
	prefix = ctl_parse_arguments(ctl);
	if (prefix != NULL && ctl_parse_reason(ctl, &reason))
		exit_code = verb->run(ctl, prefix, reason);
	free(prefix);
	return exit_code;
}

enum bs_exit
ctl_exempt(struct ctl *ctl)
{
	const struct ctl_options *all = ctl->options;
	const struct verb *verb = find_verb(all);
	struct ctl_options rest = *all;
	enum bs_exit exit_code = BS_EXIT_USAGE;

	if (verb == NULL)
		return exit_code;
	/* what stands after the verb is as a command's own */
	rest.arguments++;
	rest.argument_count--;
	ctl->options = &rest;
	if (check_verb(verb, &rest))
		exit_code = run_verb(ctl, verb);
	ctl->options = all;
	return exit_code;
}
