/*
 * backstopctl remove: ends listings at once.
 *
 * Checks all of them first, so that one command is all or nothing. An address
 * that is listed only as part of something wider is not taken out of it: says
 * which listing that is, and how to end it.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>

#include "ctl_command.h"

/* The narrowest listing around a prefix that is wider than it. */
static int
find_wider(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_prefix *wider_r)
{
	for (unsigned bits = prefix->bits; bits-- > 0;) {
		struct bs_prefix wider = bs_prefix_of(&prefix->addr, bits);
		struct bs_listing listing;
		int error = bs_writer_get(writer, &wider, &listing);

		if (error == BS_OK)
			*wider_r = wider;
		if (error != BS_ENOTFOUND)
			return error;
	}
	return BS_ENOTFOUND;
}

static void
say_covered(const struct bs_prefix *prefix, const struct bs_prefix *wider)
{
	char text[BS_PREFIX_TEXT_MAX], wider_text[BS_PREFIX_TEXT_MAX];

	bs_prefix_format(prefix, text);
	bs_prefix_format(wider, wider_text);
	ctl_say("%s: is listed only as part of %s: `backstopctl remove %s` "
		"ends all of that, `backstopctl exempt add %s` takes this out "
		"of it",
	    text, wider_text, wider_text, text);
}

/* Whether the prefix is to be listed, see ctl_waiting.h; BS_ENOTFOUND. */
static int
check_waits(struct bs_writer *writer, const struct bs_prefix *prefix)
{
	int error = BS_ENOTFOUND;

	for (size_t i = 0; i < BS_CLASS_COUNT && error == BS_ENOTFOUND; i++) {
		struct bs_waiting waiting;

		error =
		    bs_writer_waits(writer, prefix, bs_class_at(i), &waiting);
	}
	return error;
}

/* Whether a prefix is listed as such, or is to be; says what is wrong where it
 * is not. */
static int
check_prefix(struct bs_writer *writer, const struct bs_prefix *prefix)
{
	char text[BS_PREFIX_TEXT_MAX];
	struct bs_listing listing;
	struct bs_prefix wider;
	int error = bs_writer_get(writer, prefix, &listing);

	if (error == BS_ENOTFOUND)
		error = check_waits(writer, prefix);
	if (error != BS_ENOTFOUND)
		return error;
	error = find_wider(writer, prefix, &wider);
	if (error == BS_OK) {
		say_covered(prefix, &wider);
		return BS_ENOTFOUND;
	}
	if (error != BS_ENOTFOUND)
		return error;
	bs_prefix_format(prefix, text);
	if (bs_prefix_is_single(prefix))
		ctl_say("%s: is not listed: nothing to remove", text);
	else
		ctl_say("%s: is not listed as such: `backstopctl list "
			"--prefix %s` shows what is inside",
		    text, text);
	return error;
}

static int
check_all(const struct ctl *ctl, struct bs_writer *writer,
    const struct bs_prefix *prefix)
{
	size_t count = ctl->options->argument_count, missing = 0;

	for (size_t i = 0; i < count; i++) {
		int error = check_prefix(writer, &prefix[i]);

		if (error == BS_ENOTFOUND)
			missing++;
		else if (error != BS_OK)
			return error;
	}
	if (missing > 0 && count > 1)
		ctl_say("remove: %zu of %zu not listed: nothing was removed",
		    missing, count);
	return missing > 0 ? BS_ENOTFOUND : BS_OK;
}

/* One that is given twice is removed once. */
static int
remove_all(const struct ctl *ctl, struct bs_writer *writer,
    const struct bs_prefix *prefix, const char *reason)
{
	for (size_t i = 0; i < ctl->options->argument_count; i++) {
		int error = bs_writer_remove(writer, &prefix[i], reason);

		if (error != BS_OK && error != BS_ENOTFOUND)
			return error;
	}
	return BS_OK;
}

/* Listings inside a prefix have their own evidence, and stay. */
static void
tell_inside(const struct ctl *ctl, const struct bs_prefix *prefix)
{
	char text[BS_PREFIX_TEXT_MAX];
	bool any;

	if (bs_prefix_is_single(prefix) ||
	    bs_snapshot_any_inside(
		ctl->snapshot, prefix, BS_CLASSES_ALL, &any) != BS_OK ||
	    !any)
		return;
	bs_prefix_format(prefix, text);
	ctl_say("note: listings inside %s stay: `backstopctl list --prefix %s` "
		"shows them",
	    text, text);
}

/* What was removed may still be answered, by a wider listing. */
static void
tell(const struct ctl *ctl, const struct bs_prefix *prefix)
{
	char text[BS_PREFIX_TEXT_MAX], wider[BS_PREFIX_TEXT_MAX];
	struct bs_cover cover = {.classes = 0};
	bool known = bs_snapshot_cover(ctl->snapshot, &prefix->addr,
			 BS_CLASSES_ALL, &cover) == BS_OK;
	bool still = known && cover.classes != 0 &&
		     bs_prefix_covers(&cover.widest, prefix);

	bs_prefix_format(prefix, text);
	if (still)
		bs_prefix_format(&cover.widest, wider);
	ctl_tell_removed(ctl, text, "removed", still ? wider : NULL);
	if (still)
		ctl_say("note: %s is still answered as part of %s: "
			"`backstopctl remove %s` ends all of that, "
			"`backstopctl exempt add %s` takes this out of it",
		    text, wider, wider, text);
	else
		tell_inside(ctl, prefix);
}

static enum bs_exit
check_and_remove(
    struct ctl *ctl, const struct bs_prefix *prefix, const char *reason)
{
	struct bs_writer *writer = NULL;
	enum bs_exit exit_code = ctl_begin(ctl, &writer);
	int error;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	error = check_all(ctl, writer, prefix);
	if (error == BS_OK)
		error = remove_all(ctl, writer, prefix, reason);
	if (error == BS_OK)
		return ctl_commit(ctl, &writer);
	bs_writer_abort(&writer);
	if (error == BS_ENOTFOUND)
		return BS_EXIT_NO;
	return ctl_store_failed(ctl, "nothing was removed", error);
}

static enum bs_exit
remove_by_operator(struct ctl *ctl)
{
	struct bs_prefix *prefix = ctl_parse_arguments(ctl);
	enum bs_exit exit_code = BS_EXIT_NO;
	const char *reason;

	if (prefix == NULL || !ctl_parse_reason(ctl, &reason))
		goto out;
	exit_code = ctl_open_store(ctl, BS_STORE_WRITE);
	if (exit_code == BS_EXIT_OK)
		exit_code = check_and_remove(ctl, prefix, reason);
	if (exit_code == BS_EXIT_OK)
		exit_code = ctl_open_snapshot(ctl, BS_STORE_WRITE);
	if (exit_code != BS_EXIT_OK)
		goto out;
	for (size_t i = 0; i < ctl->options->argument_count; i++)
		tell(ctl, &prefix[i]);
out:
	free(prefix);
	return exit_code;
}

enum bs_exit
ctl_remove(struct ctl *ctl)
{
	if (ctl->options->given[CTL_SELF] || ctl->options->given[CTL_BY])
		return ctl_remove_self(ctl);
	return remove_by_operator(ctl);
}
