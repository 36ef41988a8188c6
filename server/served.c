/*
 * Reloads, and takes the database up and down.  Both are prepared beside what
 * is served and then handed over to the workers at once.  Called by server.c
 * and control.c.
 */
#include "autoconf.h"

#include <unistd.h>

#include "clock.h"
#include "served.h"

/* --- who is told --------------------------------------------------------------- */

/* The log, and who asked for the reload. */
struct audience {
	const struct bs_log *log;
	bs_config_report *report;
	void *context;
};

/* bs_config_report */
static void
tell(void *context, bool fatal, const char *line)
{
	const struct audience *audience = context;

	bs_log(
	    audience->log, fatal ? BS_LOG_ERROR : BS_LOG_WARNING, "%s", line);
	if (audience->report != NULL)
		audience->report(audience->context, fatal, line);
}

/* --- a reload -------------------------------------------------------------------- */

static const struct bs_config *
started_with(const struct served *served)
{
	return served->started != NULL ? served->started
				       : served->generation->config;
}

/* The generation before goes, but for what the server was started with. */
static void
replace_generation(struct served *served, struct generation *new)
{
	if (served->started == NULL) {
		served->started = served->generation->config;
		served->generation->config = NULL;
	}
	generation_free(&served->generation);
	served->generation = new;
	served->generations++;
}

static struct counting_from
counted(const struct served *served)
{
	return (struct counting_from){
	    served->workers.counters, served->workers.count};
}

/* Has the workers answer by a generation from the database as it is. */
static int
hand_over(struct served *served, const struct generation *generation)
{
	const struct database *database = &served->database;

	return workers_hand_over(
	    &served->workers, &(struct serving){.generation = generation,
				  .store = database->store,
				  .filter = database->filter});
}

/* Reads all, also where some of it is wrong, so that all is told at once. */
static int
read_files(
    struct served *served, struct audience *audience, struct generation **new_r)
{
	struct generation *new;
	int result = generation_new(served->path, tell, audience, &new);

	if (result != BS_OK)
		return result;
	result = generation_load_zones(new, tell, audience);
	if (result == BS_OK)
		result = generation_follows(served->generation, new,
		    started_with(served), tell, audience);
	if (result != BS_OK) {
		generation_free(&new);
		return result;
	}
	generation_inherit(served->generation, new);
	*new_r = new;
	return BS_OK;
}

/*
 * The workers have the new generation before the journal says that something
 * changed: secondaries that hear of it must not be given the old.  What can't
 * be written is taken back.
 */
static int
put_in_place(struct served *served, struct generation *new, bool *changed_r,
    struct bs_message *message)
{
	struct database *database = &served->database;
	const struct counting_from from = counted(served);
	struct bs_writer *writer = NULL;
	int result = BS_OK;

	*changed_r = false;
	bs_message_set(message, "out of memory: add some");
	if (database->store != NULL)
		result =
		    database_note(database, new, &writer, changed_r, message);
	if (result != BS_OK)
		return result;
	result = counting_assign(
	    &served->counting, served->generation->zones, new->zones, &from);
	if (result == BS_OK)
		result = hand_over(served, new);
	if (result != BS_OK) {
		if (writer != NULL)
			bs_writer_abort(&writer);
		return result;
	}
	if (writer != NULL)
		result = bs_writer_commit(&writer, message);
	/* there is as much memory as there was a moment ago: the old one's */
	while (
	    result != BS_OK && hand_over(served, served->generation) != BS_OK)
		;
	if (result == BS_OK && database->store != NULL)
		database_limit(database, new->config);
	return result;
}

static int
take_up(struct served *served, struct audience *audience)
{
	struct generation *new = NULL;
	struct bs_message message;
	bool changed;
	int result = read_files(served, audience, &new);

	if (result != BS_OK)
		return result;
	result = put_in_place(served, new, &changed, &message);
	if (result != BS_OK) {
		tell(audience, true, message.text);
		generation_free(&new);
		return result;
	}
	replace_generation(served, new);
	bs_log(served->log, BS_LOG_INFO, "reloaded: %zu zone%s%s",
	    new->zones->count, new->zones->count == 1 ? "" : "s",
	    changed ? ", the serial moved" : ", nothing new in their content");
	return BS_OK;
}

enum bs_exit
served_reload(struct served *served, bs_config_report *report, void *context)
{
	struct audience audience = {served->log, report, context};
	int result = take_up(served, &audience);

	if (result == BS_OK)
		return BS_EXIT_OK;
	if (result == BS_EACCES)
		tell(&audience, true,
		    "a file must be readable for the user that backstopd has "
		    "become, in a folder of those that its configuration named "
		    "at the start; else restart it");
	served->refused++;
	bs_log(
	    served->log, BS_LOG_ERROR, "not reloaded: all is served as before");
	return result == BS_ECONFIG ? BS_EXIT_NO : BS_EXIT_ENVIRONMENT;
}

/* --- the database ------------------------------------------------------------------ */

void
served_watch(struct served *served)
{
	struct database *database = &served->database;

	if (database->store != NULL &&
	    database_is_lost(database, served->generation->config->database) &&
	    workers_hand_over(&served->workers,
		&(struct serving){.generation = served->generation}) == BS_OK)
		database_close(database);
	if (database->store == NULL &&
	    database_open(database, served->generation) &&
	    hand_over(served, served->generation) != BS_OK)
		database_close(database); /* next time, with more memory */
}

/* --- numbers ----------------------------------------------------------------------- */

void
served_tell(const struct served *served, counting_take *take, void *context)
{
	const struct counting_from from = counted(served);
	const struct database *database = &served->database;
	uint64_t uptime_ns = bs_clock_monotonic_ns() - served->started_ns;
	struct filter_keeper_stats filter = {0};

	if (database->filter != NULL)
		filter = filter_keeper_stats(database->filter);
	take(context, "server", "pid", (uint64_t)getpid());
	take(context, "server", "uptime", uptime_ns / 1000000000u);
	take(context, "server", "workers", served->workers.count);
	take(context, "server", "generation", served->generations);
	take(context, "server", "reloads", served->generations - 1);
	take(context, "server", "reloads_refused", served->refused);
	take(context, "server", "database", database->store != NULL);
	take(context, "server", "database_errors",
	    atomic_load(&served->workers.shared.failures));
	take(context, "server", "tcp_refused",
	    atomic_load(&served->workers.shared.refused));
	take(context, "server", "filters_built", filter.built);
	take(context, "server", "filter_bytes", filter.size_bytes);
	counting_tell(
	    &served->counting, served->generation->zones, &from, take, context);
}

void
served_free(struct served *served)
{
	database_close(&served->database);
	generation_free(&served->generation);
	bs_config_free(&served->started);
	counting_free(&served->counting);
}
