/*
 * backstopctl history: what happened to an address, in the order of time.
 *
 * Gathers the history of the address and of all prefixes around it, since what
 * a wider listing or an exemption did to it is its history too.  Sightings and
 * renewals are summed up by day; all else is an event with actor and reason.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "history.h"
#include "json.h"

#include "ctl_command.h"
#include "ctl_listing.h"

#define DAY_TEXT_SIZE 10 /* "2026-11-22" */

struct row {
	struct bs_prefix prefix;
	struct bs_history_entry entry;
	bool earlier; /* the sums of days that are no entries any more */
};

struct rows {
	struct row *row; /* owned */
	size_t count, room;
};

/* --- gathering ---------------------------------------------------------- */

static struct row *
append(struct rows *rows, const struct bs_prefix *prefix)
{
	if (rows->count == rows->room) {
		size_t room = rows->room == 0 ? 64 : rows->room * 2;
		struct row *more = realloc(rows->row, room * sizeof(*more));

		if (more == NULL)
			return NULL;
		rows->row = more;
		rows->room = room;
	}
	rows->row[rows->count] = (struct row){.prefix = *prefix};
	return &rows->row[rows->count++];
}

static int
gather_earlier(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    struct rows *rows)
{
	struct bs_history_head head;
	struct row *row;
	int error = bs_snapshot_history_head(snapshot, prefix, &head);

	if (error != BS_OK || head.since_s == 0)
		return error;
	row = append(rows, prefix);
	if (row == NULL)
		return BS_ENOMEM;
	row->earlier = true;
	row->entry.time_s = head.since_s;
	memcpy(row->entry.sum, head.sum, sizeof(head.sum));
	return BS_OK;
}

static int
gather_prefix(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    struct rows *rows)
{
	struct bs_history_entry entry;
	const struct bs_history_entry *after = NULL;
	int error = gather_earlier(snapshot, prefix, rows);

	while (error == BS_OK) {
		struct row *row;

		error =
		    bs_snapshot_history_next(snapshot, prefix, after, &entry);
		if (error != BS_OK)
			break;
		after = &entry;
		row = append(rows, prefix);
		if (row == NULL)
			return BS_ENOMEM;
		row->entry = entry;
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}

static int
compare(const void *left, const void *right)
{
	const struct row *a = left, *b = right;

	if (a->entry.time_s != b->entry.time_s)
		return a->entry.time_s < b->entry.time_s ? -1 : 1;
	if (a->entry.order != b->entry.order)
		return a->entry.order < b->entry.order ? -1 : 1;
	return bs_prefix_compare(&a->prefix, &b->prefix);
}

static int
gather(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    struct rows *rows)
{
	int error = BS_OK;

	for (unsigned bits = 0; error == BS_OK && bits <= prefix->bits;
	     bits++) {
		struct bs_prefix wider = bs_prefix_of(&prefix->addr, bits);

		error = gather_prefix(snapshot, &wider, rows);
	}
	if (error == BS_OK && rows->count > 0)
		qsort(rows->row, rows->count, sizeof(*rows->row), compare);
	return error;
}

/* --- in print ----------------------------------------------------------- */

/* "bounce 12 (11 renewals), callout 3" */
static void
write_sums(const struct bs_history_entry *entry)
{
	const char *comma = "";

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		const struct bs_history_sum *sum = &entry->sum[i];

		if (sum->sightings == 0 && sum->renewals == 0)
			continue;
		printf("%s %s %" PRIu32, comma, bs_class_name(bs_class_at(i)),
		    sum->sightings);
		if (sum->renewals > 0)
			printf(
			    " (%" PRIu32 " renewed a listing)", sum->renewals);
		comma = ",";
	}
}

static void
write_text(const struct row *row)
{
	const struct bs_history_entry *entry = &row->entry;
	char time[BS_TIME_TEXT_MAX], text[BS_PREFIX_TEXT_MAX];
	char old[BS_CLASSES_TEXT_MAX], new[BS_CLASSES_TEXT_MAX];
	bool day = entry->kind == BS_HISTORY_DAY;

	bs_time_format(entry->time_s, time);
	printf("%-20.*s  %s  %s%s:", day ? DAY_TEXT_SIZE : (int)sizeof(time),
	    time, bs_prefix_format(&row->prefix, text),
	    row->earlier ? "since then, earlier " : "",
	    bs_history_kind_name(entry->kind));
	if (day) {
		write_sums(entry);
		putchar('\n');
		return;
	}
	if (entry->old_classes != 0 || entry->new_classes != 0)
		printf(" %s -> %s,",
		    entry->old_classes == 0
			? "not listed"
			: bs_classes_format(entry->old_classes, old),
		    entry->new_classes == 0
			? "not listed"
			: bs_classes_format(entry->new_classes, new));
	printf(" by %s: %s\n", entry->actor, entry->reason);
}

static struct bs_json *
sums_json(const struct bs_history_entry *entry)
{
	struct bs_json *all = bs_json_object();

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		const struct bs_history_sum *sum = &entry->sum[i];
		struct bs_json *one;

		if (sum->sightings == 0 && sum->renewals == 0)
			continue;
		one = bs_json_object();
		bs_json_number(one, "sightings", sum->sightings);
		bs_json_number(one, "renewals", sum->renewals);
		bs_json_put(all, bs_class_name(bs_class_at(i)), one);
	}
	return all;
}

static struct bs_json *
classes_json(bs_classes classes)
{
	struct bs_json *names = bs_json_array();

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((classes & bs_class_at(i)) != 0)
			bs_json_text(
			    names, NULL, bs_class_name(bs_class_at(i)));
	}
	return names;
}

static int
write_json(const struct row *row)
{
	const struct bs_history_entry *entry = &row->entry;
	struct bs_json *json = bs_json_object();
	char text[BS_PREFIX_TEXT_MAX];

	ctl_json_time(json, "time", entry->time_s);
	bs_json_text(json, "prefix", bs_prefix_format(&row->prefix, text));
	bs_json_text(json, "event",
	    row->earlier ? "earlier sightings"
			 : bs_history_kind_name(entry->kind));
	if (entry->kind == BS_HISTORY_DAY) {
		bs_json_put(json, "by_class", sums_json(entry));
		return bs_json_write(&json, stdout);
	}
	bs_json_put(json, "old", classes_json(entry->old_classes));
	bs_json_put(json, "new", classes_json(entry->new_classes));
	bs_json_text(json, "actor", entry->actor);
	bs_json_text(json, "reason", entry->reason);
	return bs_json_write(&json, stdout);
}

/* --- the command -------------------------------------------------------- */

static enum bs_exit
show_one(struct ctl *ctl, const struct bs_prefix *prefix)
{
	struct rows rows = {.row = NULL};
	enum bs_exit exit_code = BS_EXIT_OK;
	char text[BS_PREFIX_TEXT_MAX];
	int error = gather(ctl->snapshot, prefix, &rows);

	for (size_t i = 0; error == BS_OK && i < rows.count; i++) {
		if (!ctl->options->given[CTL_JSON])
			write_text(&rows.row[i]);
		else if (write_json(&rows.row[i]) == BS_ENOMEM)
			error = BS_ENOMEM;
	}
	if (error != BS_OK) {
		exit_code = ctl_store_failed(ctl, "history", error);
	} else if (rows.count == 0) {
		ctl_say("%s: has no history: nothing was seen or done there "
			"within 400 days",
		    bs_prefix_format(prefix, text));
		exit_code = BS_EXIT_NO;
	}
	free(rows.row);
	return exit_code;
}

enum bs_exit
ctl_history(struct ctl *ctl)
{
	return ctl_show_each(ctl, show_one);
}
