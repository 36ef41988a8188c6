/*
 * backstopctl stats: what the database holds, in numbers; ctl_stats_live.c has
 * those of the running daemons.
 *
 * The store counts; here is only how it looks.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_due.h"
#include "ctl_stats_live.h"

static void
write_count(const char *name, uint64_t count, const char *note)
{
	printf("%-22s %12" PRIu64 "%s%s\n", name, count,
	    note[0] != '\0' ? "  " : "", note);
}

/* About when; nothing where it is unknown. */
static void
write_time(const char *name, uint32_t time_s, const char *note)
{
	char text[BS_TIME_TEXT_MAX];

	if (time_s != 0)
		printf("%-22s %s%s%s\n", name, bs_time_format(time_s, text),
		    note[0] != '\0' ? "  " : "", note);
}

static void
write_text(const struct bs_store_stats *stats, const struct bs_store_due *due)
{
	write_count("listings, IPv4", stats->listings_ipv4, "");
	write_count("listings, IPv6", stats->listings_ipv6, "");
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		char name[32];

		(void)snprintf(
		    name, sizeof(name), "  %s", bs_class_name(bs_class_at(i)));
		write_count(name, stats->listings_class[i], "");
	}
	write_count("exemptions", stats->exemptions, "");
	write_count("overdue", stats->overdue,
	    stats->overdue > 0 ? "(`backstopctl expire` ends them)" : "");
	write_count("sightings", stats->sightings, "");
	write_count("  in ahead.log only", due->sightings, ctl_due_note(due));
	write_count("messages remembered", stats->seen, "");
	write_count("held listings", stats->held,
	    stats->held > 0 ? "(a feed lists too much: `backstopctl feed list`)"
			    : "");
	write_count("waiting to be public", stats->waiting,
	    stats->waiting > 0 ? "(see `publish-delay`)" : "");
	write_count("evidence records", stats->evidence, "");
	write_count("history records", stats->history, "");
	write_count("journal entries", stats->journal_entries, "");
	write_count("journal number", stats->journal_number, "");
	write_count("journal's oldest", stats->journal_first, "");
	if (stats->journal_keep != 0)
		write_count("kept for secondaries", stats->journal_keep,
		    stats->journal_lost != 0
			? "(and some of it is gone: they transfer all)"
			: "");
	write_count("SOA serial", stats->serial, "");
	write_time("newest write", stats->written_s, "");
	write_time("clock doubted since", stats->leap_s,
	    "(nothing ends for a day, or till `backstopctl expire "
	    "--confirm`)");
	write_count("file, bytes", stats->file_bytes, "");
	write_count("used, bytes", stats->used_bytes, "");
	write_count("map, bytes", stats->map_bytes, "");
	write_count("readers", stats->readers, "");
}

static void
put_time(struct bs_json *json, const char *key, uint32_t time_s)
{
	char text[BS_TIME_TEXT_MAX];

	bs_json_text(
	    json, key, time_s != 0 ? bs_time_format(time_s, text) : NULL);
}

static int
write_json(struct ctl *ctl, const struct bs_store_stats *stats,
    const struct bs_store_due *due)
{
	struct bs_json *json = bs_json_object();
	struct bs_json *classes = bs_json_object();

	bs_json_number(json, "listings_ipv4", stats->listings_ipv4);
	bs_json_number(json, "listings_ipv6", stats->listings_ipv6);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		bs_json_number(classes, bs_class_name(bs_class_at(i)),
		    stats->listings_class[i]);
	bs_json_put(json, "listings_class", classes);
	bs_json_number(json, "exemptions", stats->exemptions);
	bs_json_number(json, "overdue", stats->overdue);
	bs_json_number(json, "sightings", stats->sightings);
	bs_json_number(json, "ahead", due->sightings);
	bs_json_number(json, "seen", stats->seen);
	bs_json_number(json, "held", stats->held);
	bs_json_number(json, "waiting", stats->waiting);
	bs_json_number(json, "evidence", stats->evidence);
	bs_json_number(json, "history", stats->history);
	bs_json_number(json, "journal_entries", stats->journal_entries);
	bs_json_number(json, "journal_number", stats->journal_number);
	bs_json_number(json, "journal_first", stats->journal_first);
	bs_json_number(json, "journal_keep", stats->journal_keep);
	bs_json_number(json, "journal_lost", stats->journal_lost);
	put_time(json, "written", stats->written_s);
	put_time(json, "clock_doubted", stats->leap_s);
	bs_json_number(json, "serial", stats->serial);
	bs_json_number(json, "file_bytes", stats->file_bytes);
	bs_json_number(json, "used_bytes", stats->used_bytes);
	bs_json_number(json, "map_bytes", stats->map_bytes);
	bs_json_number(json, "readers", stats->readers);
	bs_json_put(json, "server", ctl_stats_live_json(ctl, CTL_SERVER));
	bs_json_put(json, "feeder", ctl_stats_live_json(ctl, CTL_FEEDER));
	return bs_json_write(&json, stdout);
}

enum bs_exit
ctl_stats(struct ctl *ctl)
{
	struct bs_store_stats stats;
	struct bs_store_due due;
	enum bs_exit exit_code = ctl_open_snapshot(ctl, BS_STORE_READ);
	int error;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	error = bs_snapshot_stats(ctl->snapshot, ctl->now_s, &stats);
	if (error != BS_OK)
		return ctl_store_failed(ctl, "counting", error);
	due = ctl_due_find(ctl);
	if (!ctl->options->given[CTL_JSON]) {
		write_text(&stats, &due);
		ctl_stats_live_text(ctl);
	} else if (write_json(ctl, &stats, &due) == BS_ENOMEM)
		return ctl_store_failed(ctl, "stats", BS_ENOMEM);
	return BS_EXIT_OK;
}
