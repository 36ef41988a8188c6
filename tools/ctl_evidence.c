/*
 * backstopctl evidence: what the list saw of an address, to show to its
 * administrator.
 *
 * The newest few sightings of it, and of the prefixes around and inside it: what
 * evidence.h lets through and nothing else.
 */
#include "autoconf.h"

#include <stdio.h>

#include "evidence.h"
#include "json.h"

#include "ctl_command.h"
#include "ctl_listing.h"

#define HOUR_TEXT_SIZE 13 /* "2026-11-22T03" */

/* --- in print ----------------------------------------------------------- */

static void
write_fact(const char *name, const char *text)
{
	if (text[0] != '\0')
		printf("    %s: %s\n", name, text);
}

static void
write_text(const struct bs_evidence *evidence, const char *source)
{
	const struct bs_evidence_facts *facts = &evidence->facts;
	char time[BS_TIME_TEXT_MAX];

	printf("%.*s  %s  %s\n", HOUR_TEXT_SIZE,
	    bs_time_format(evidence->hour_s, time), source,
	    bs_class_name(evidence->class));
	write_fact("helo", facts->helo);
	write_fact("reporting-mta", facts->reporting_mta);
	write_fact("action", bs_evidence_action_name(facts->action));
	write_fact("status", facts->status);
	write_fact("subject", facts->subject);
}

/* An empty text is unknown: null. */
static void
put_known(struct bs_json *json, const char *key, const char *text)
{
	bs_json_text(json, key, text[0] == '\0' ? NULL : text);
}

static int
write_json(const struct bs_evidence *evidence, const char *source)
{
	const struct bs_evidence_facts *facts = &evidence->facts;
	struct bs_json *json = bs_json_object();

	ctl_json_time(json, "hour", evidence->hour_s);
	bs_json_text(json, "source", source);
	bs_json_text(json, "class", bs_class_name(evidence->class));
	put_known(json, "helo", facts->helo);
	put_known(json, "reporting_mta", facts->reporting_mta);
	put_known(json, "action", bs_evidence_action_name(facts->action));
	put_known(json, "status", facts->status);
	put_known(json, "subject", facts->subject);
	return bs_json_write(&json, stdout);
}

/* --- the command -------------------------------------------------------- */

/* The source is told as what lists: which address of a /64 it was, its owner
 * chose for each message. */
static int
write_list(const struct ctl *ctl, const struct bs_prefix *prefix,
    const struct bs_evidence_list *list)
{
	char source[BS_PREFIX_TEXT_MAX];
	int error = BS_OK;

	(void)bs_prefix_format(prefix, source);

	for (size_t i = 0; error != BS_ENOMEM && i < list->count; i++) {
		if (ctl->options->given[CTL_JSON])
			error = write_json(&list->item[i], source);
		else
			write_text(&list->item[i], source);
	}
	return error == BS_ENOMEM ? error : BS_OK;
}

/* What is kept of the prefixes around one, and of itself. */
static int
write_around(
    const struct ctl *ctl, const struct bs_prefix *prefix, size_t *count)
{
	for (unsigned bits = 0; bits <= prefix->bits; bits++) {
		struct bs_prefix wider = bs_prefix_of(&prefix->addr, bits);
		struct bs_prefix found;
		struct bs_evidence_list list;
		int error = bs_snapshot_evidence_next(
		    ctl->snapshot, &wider, false, &found, &list);

		if (error == BS_ENOTFOUND)
			continue;
		if (error != BS_OK)
			return error;
		if (bs_prefix_compare(&wider, &found) != 0)
			continue;
		*count += list.count;
		error = write_list(ctl, &found, &list);
		if (error != BS_OK)
			return error;
	}
	return BS_OK;
}

/* What is kept of prefixes inside one. */
static int
write_inside(
    const struct ctl *ctl, const struct bs_prefix *prefix, size_t *count)
{
	struct bs_prefix at = *prefix;

	for (;;) {
		struct bs_evidence_list list;
		struct bs_prefix found;
		int error = bs_snapshot_evidence_next(
		    ctl->snapshot, &at, true, &found, &list);

		if (error == BS_ENOTFOUND ||
		    (error == BS_OK && !bs_prefix_covers(prefix, &found)))
			return BS_OK;
		if (error == BS_OK)
			error = write_list(ctl, &found, &list);
		if (error != BS_OK)
			return error;
		*count += list.count;
		at = found;
	}
}

static enum bs_exit
show_one(struct ctl *ctl, const struct bs_prefix *prefix)
{
	char text[BS_PREFIX_TEXT_MAX];
	size_t count = 0;
	int error = write_around(ctl, prefix, &count);

	if (error == BS_OK && !bs_prefix_is_single(prefix))
		error = write_inside(ctl, prefix, &count);
	if (error != BS_OK)
		return ctl_store_failed(ctl, "evidence", error);
	if (count > 0)
		return BS_EXIT_OK;
	ctl_say("%s: there is no evidence: it was not seen, or was added by "
		"hand, or is not listed any more, or the configuration keeps "
		"none (`evidence: 0`)",
	    bs_prefix_format(prefix, text));
	return BS_EXIT_NO;
}

enum bs_exit
ctl_evidence(struct ctl *ctl)
{
	return ctl_show_each(ctl, show_one);
}
