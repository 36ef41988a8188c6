/*
 * backstopctl add: lists addresses and prefixes by hand.
 *
 * Checks all of them first, so that one command is all or nothing, and says of
 * each that is refused why and what to do. What a listing is and how it gets
 * into the journal is the store's business.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_exemption.h"
#include "ctl_listable.h"
#include "ctl_listing.h"

struct addition {
	bs_classes classes;
	uint32_t expires_s;
	const char *reason; /* borrowed */
};

struct result {
	struct bs_listing listing;
	bool is_new;
	bool exempt; /* by: */
	struct bs_exemption exemption;
};

static void
say_refused(size_t refused, size_t count)
{
	ctl_say("add: %zu of %zu refused: nothing was added", refused, count);
}

static bool
check_all(const struct ctl *ctl, const struct bs_prefix *prefix)
{
	size_t refused = 0, count = ctl->options->argument_count;

	for (size_t i = 0; i < count; i++) {
		if (!ctl_may_list(ctl, ctl->options->arguments[i], &prefix[i]))
			refused++;
	}
	if (refused > 0 && count > 1)
		say_refused(refused, count);
	return refused == 0;
}

static int
write_json(const struct result *result)
{
	struct bs_json *json = ctl_listing_json(&result->listing);
	char exempt[BS_PREFIX_TEXT_MAX];

	bs_json_bool(json, "new", result->is_new);
	bs_json_text(json, "exempt",
	    result->exempt ? bs_prefix_format(&result->exemption.prefix, exempt)
			   : NULL);
	return bs_json_write(&json, stdout);
}

static void
write_text(const struct result *result)
{
	const struct bs_listing *listing = &result->listing;
	char prefix[BS_PREFIX_TEXT_MAX], expires[BS_TIME_TEXT_MAX];
	char classes[BS_CLASSES_TEXT_MAX], answer[CTL_ANSWER_TEXT_MAX];
	struct bs_message exempt;

	bs_prefix_format(&listing->prefix, prefix);
	bs_classes_format(listing->classes, classes);
	ctl_expires_format(bs_listing_expires_last_s(listing), expires);
	printf("%s: %s (%s), ", prefix,
	    result->is_new ? "listed" : "was listed, renewed", classes);
	if (result->exempt) {
		ctl_exemption_words(&result->exemption, &exempt);
		printf("but exempt by %s: not served until that goes",
		    exempt.text);
	} else {
		printf(
		    "answer %s", ctl_answer_format(listing->classes, answer));
	}
	printf(", until %s\n", expires);
}

/* A host has a whole /64 to send from (RFC 6177), and the feeder lists that. */
static void
hint_ipv6(const struct bs_prefix *prefix)
{
	struct bs_prefix wide;
	char text[BS_PREFIX_TEXT_MAX], wide_text[BS_PREFIX_TEXT_MAX];

	if (prefix->addr.family != BS_IPV6 || !bs_prefix_is_single(prefix))
		return;
	wide = bs_prefix_of(&prefix->addr, 64);
	ctl_say("note: %s is one address alone: its host can send from all of "
		"%s",
	    bs_prefix_format(prefix, text), bs_prefix_format(&wide, wide_text));
}

/* What the configuration exempts and backstopd has not read yet would be
 * served meanwhile: refused.  BS_ERESERVED after having said so. */
static int
check_applied(const struct ctl *ctl, struct bs_writer *writer,
    const struct bs_prefix *prefix)
{
	const struct bs_policy *policy = &ctl->config->policy;
	char text[BS_PREFIX_TEXT_MAX], range[BS_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < policy->exempt_count; i++) {
		const struct bs_prefix *exempt = &policy->exempt[i];
		struct bs_exemption known;
		int error;

		if (!bs_prefix_covers(exempt, prefix) &&
		    !bs_prefix_covers(prefix, exempt))
			continue;
		error = bs_writer_exempt_covering(writer, exempt, &known);
		if (error == BS_OK)
			continue;
		if (error != BS_ENOTFOUND)
			return error;
		ctl_say("%s: %s is exempt in %s, and backstopd has not read "
			"that yet: `backstopctl reload` first, or take it "
			"out there",
		    bs_prefix_format(prefix, text),
		    bs_prefix_format(exempt, range), ctl->config->path);
		return BS_ERESERVED;
	}
	return BS_OK;
}

static int
add_one(struct bs_writer *writer, const struct bs_prefix *prefix,
    const struct addition *addition, struct result *result_r)
{
	int error = bs_writer_add(writer, prefix, addition->classes,
	    addition->expires_s, addition->reason, &result_r->is_new);

	if (error == BS_OK)
		error = bs_writer_get(writer, prefix, &result_r->listing);
	if (error != BS_OK)
		return error;
	error = bs_writer_exempt_covering(writer, prefix, &result_r->exemption);
	result_r->exempt = error == BS_OK;
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* One transaction for all; the results are kept until it is on disk. */
static enum bs_exit
add_all(struct ctl *ctl, const struct bs_prefix *prefix,
    const struct addition *addition, struct result *result)
{
	size_t refused = 0, count = ctl->options->argument_count;
	struct bs_writer *writer = NULL;
	enum bs_exit exit_code = ctl_begin(ctl, &writer);
	int error = BS_OK;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	for (size_t i = 0; i < count; i++) {
		error = check_applied(ctl, writer, &prefix[i]);
		refused += error == BS_ERESERVED;
		if (error == BS_OK)
			error =
			    add_one(writer, &prefix[i], addition, &result[i]);
		if (error != BS_OK && error != BS_ERESERVED)
			break;
		error = BS_OK;
	}
	if (error == BS_OK && refused == 0)
		return ctl_commit(ctl, &writer);
	bs_writer_abort(&writer);
	if (error != BS_OK)
		return ctl_store_failed(ctl, "nothing was added", error);
	if (count > 1)
		say_refused(refused, count);
	return BS_EXIT_NO;
}

static enum bs_exit
add_and_tell(struct ctl *ctl, const struct bs_prefix *prefix,
    const struct addition *addition)
{
	size_t count = ctl->options->argument_count;
	struct result *result = calloc(count, sizeof(*result));
	enum bs_exit exit_code = BS_EXIT_ENVIRONMENT;

	if (result == NULL) {
		ctl_say("add: out of memory: give fewer at a time");
		return exit_code;
	}
	exit_code = add_all(ctl, prefix, addition, result);
	if (exit_code != BS_EXIT_OK)
		goto out;
	if (!ctl->options->given[CTL_CLASS])
		ctl_say("note: no --class given: bounce taken");
	for (size_t i = 0; i < count; i++) {
		if (ctl->options->given[CTL_JSON])
			(void)write_json(&result[i]);
		else
			write_text(&result[i]);
		hint_ipv6(&prefix[i]);
	}
out:
	free(result);
	return exit_code;
}

enum bs_exit
ctl_add(struct ctl *ctl)
{
	struct bs_prefix *prefix = ctl_parse_arguments(ctl);
	struct addition addition = {.classes = 0};
	enum bs_exit exit_code = BS_EXIT_NO;

	if (prefix == NULL ||
	    !ctl_parse_classes(ctl, BS_BOUNCE, &addition.classes) ||
	    !ctl_parse_reason(ctl, &addition.reason))
		goto out;
	exit_code = ctl_load_config(ctl);
	if (exit_code != BS_EXIT_OK)
		goto out;
	exit_code = BS_EXIT_NO;
	if (!ctl_parse_expires(ctl, addition.classes, &addition.expires_s) ||
	    !check_all(ctl, prefix))
		goto out;
	exit_code = ctl_open_store(ctl, BS_STORE_WRITE);
	if (exit_code == BS_EXIT_OK)
		exit_code = add_and_tell(ctl, prefix, &addition);
out:
	free(prefix);
	return exit_code;
}
