/*
 * Asks the running daemons for their numbers and shows them: each group of counts
 * in the order in which they come.  What they mean is the daemons' business
 * (server/counting.c, feeder/servecount.c).  Called by ctl_stats.c.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "json.h"

#include "ctl_control.h"
#include "ctl_stats_live.h"

#define PATIENCE_S 10

/* What the groups are called for people; others by their own name. */
static const struct {
	const char *group, *title;
} titles[] = {
    {"server", "running server"},
    {"queries", "queries answered, by transport"},
    {"unanswered", "not answered, or told to use TCP"},
    {"type", "queries, by type"},
    {"rcode", "responses, by code"},
    {"class", "listed answers, by class"},
    {"zone", "queries, by zone"},
    {"listed", "listed answers, by zone"},
    {"client", "top clients (sampled)"},
    {"listing", "top listings asked for (sampled)"},
    {"feeder", "running feeder"},
    {"connections", "connections, by door"},
    {"refused", "connections sent away, by door"},
    {"messages", "messages taken in, by door"},
    {"replies", "replies that refuse or put off"},
    {"verdict", "verdicts of the judges"},
    {"mail", "what became of mail"},
};

static const char *
title_of(const char *group)
{
	for (size_t i = 0; i < sizeof(titles) / sizeof(titles[0]); i++) {
		if (strcmp(titles[i].group, group) == 0)
			return titles[i].title;
	}
	return group;
}

static int
ask(struct ctl *ctl, enum ctl_daemon daemon, struct ctl_request *request,
    struct bs_message *message)
{
	enum bs_exit exit_code;

	if (daemon == CTL_SERVER) {
		request->path = ctl->config->control;
		request->program = "backstopd";
	} else {
		request->path = ctl->config->feed_control;
		request->program = "backstop-feed serve";
	}
	request->command = BS_CONTROL_STATS;
	request->patience_s = PATIENCE_S;
	return ctl_control_ask(request, &exit_code, message);
}

/* --- text ---------------------------------------------------------------------- */

struct writing {
	char group[BS_CONTROL_GROUP_MAX + 1]; /* that the last line was of */
};

static void
write_line(void *context, const struct bs_control_line *line)
{
	struct writing *writing = context;

	if (line->kind != BS_CONTROL_COUNT)
		return;
	if (strcmp(writing->group, line->group) != 0) {
		memcpy(writing->group, line->group, sizeof(line->group));
		printf("%s\n", title_of(line->group));
	}
	printf("  %-20s %12" PRIu64 "\n", line->name, line->number);
}

static void
write_daemon(struct ctl *ctl, enum ctl_daemon daemon, const char *title)
{
	struct writing writing = {""};
	struct ctl_request request = {.take = write_line, .context = &writing};
	struct bs_message message;

	if (ask(ctl, daemon, &request, &message) != BS_OK)
		printf("%-22s none: %s\n", title, message.text);
}

void
ctl_stats_live_text(struct ctl *ctl)
{
	write_daemon(ctl, CTL_SERVER, "running server");
	write_daemon(ctl, CTL_FEEDER, "running feeder");
}

/* --- JSON ---------------------------------------------------------------------- */

#define GROUPS_MAX 16

struct collecting {
	size_t count;
	char name[GROUPS_MAX][BS_CONTROL_GROUP_MAX + 1];
	struct bs_json *group[GROUPS_MAX];
};

static void
collect_line(void *context, const struct bs_control_line *line)
{
	struct collecting *all = context;
	size_t i = 0;

	if (line->kind != BS_CONTROL_COUNT)
		return;
	while (i < all->count && strcmp(all->name[i], line->group) != 0)
		i++;
	if (i == GROUPS_MAX)
		return;
	if (i == all->count) {
		memcpy(all->name[i], line->group, sizeof(line->group));
		all->group[i] = bs_json_object();
		all->count++;
	}
	bs_json_number(all->group[i], line->name, line->number);
}

struct bs_json *
ctl_stats_live_json(struct ctl *ctl, enum ctl_daemon daemon)
{
	struct collecting all = {.count = 0};
	struct ctl_request request = {.take = collect_line, .context = &all};
	struct bs_json *json = bs_json_object();
	struct bs_message message;
	bool running = ask(ctl, daemon, &request, &message) == BS_OK;

	bs_json_bool(json, "running", running);
	for (size_t i = 0; i < all.count; i++) {
		if (running)
			bs_json_put(json, all.name[i], all.group[i]);
		else
			bs_json_free(&all.group[i]);
	}
	return json;
}
