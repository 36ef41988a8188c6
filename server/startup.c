/*
 * Loads and checks what the server stands on: configuration, zones, endpoints,
 * database, in that order.  Mistakes in files are exit code 1; a file, port or
 * database that can't be had is 3; with both it is 1, what to mend first.
 * Called by main.c.
 */
#include "autoconf.h"

#include <unistd.h>

#include "clock.h"
#include "exempting.h"
#include "listen.h"
#include "startup.h"

/* bs_config_report: to the log. */
static void
report(void *context, bool fatal, const char *line)
{
	bs_log(context, fatal ? BS_LOG_ERROR : BS_LOG_WARNING, "%s", line);
}

static void
report_database(const struct bs_log *log, const struct bs_config *config,
    enum bs_log_level level, const char *what)
{
	/* the line is 0 where the folder is the default */
	bs_log(log, level, "%s:%u: database: %s", config->path,
	    config->database_line > 0 ? config->database_line : 1, what);
}

/* --- the parts ----------------------------------------------------------- */

/* Wrong content is 1; what can't be read or bound is the environment's. */
static enum bs_exit
exit_of(int result)
{
	if (result == BS_OK)
		return BS_EXIT_OK;
	return result == BS_ECONFIG ? BS_EXIT_NO : BS_EXIT_ENVIRONMENT;
}

/* Configuration and zones, then the endpoints whatever the zones were like. */
static enum bs_exit
load_files(const struct bs_log *log, const char *path, bool checking,
    struct startup *startup)
{
	struct bs_log copy = *log;
	int result, listening;

	result = bs_config_load(path, report, &copy, &startup->config);
	if (result != BS_OK)
		return exit_of(result);
	result =
	    zone_table_load(startup->config, report, &copy, &startup->zones);
	listening = listen_check(startup->config, checking, report, &copy);
	if (result == BS_ECONFIG || listening == BS_ECONFIG)
		return BS_EXIT_NO;
	return exit_of(result != BS_OK ? result : listening);
}

/* For -t: that it opens, or could be made. */
static enum bs_exit
check_database(const struct bs_log *log, const struct bs_config *config)
{
	struct bs_store *store = NULL;
	struct bs_message message;
	int result =
	    bs_store_open(config->database, BS_STORE_READ, &store, &message);

	bs_store_free(&store);
	if (result == BS_OK)
		return BS_EXIT_OK;
	if (result == BS_ENOTFOUND &&
	    access(config->database, W_OK | X_OK) == 0)
		return BS_EXIT_OK; /* a start makes it */
	report_database(log, config, BS_LOG_ERROR, message.text);
	return BS_EXIT_ENVIRONMENT;
}

/* Tells secondaries, by the journal, when static content has changed, and
 * brings what the configuration exempts into the database. */
static int
note_changes(const struct bs_log *log, struct startup *startup,
    struct bs_message *message)
{
	uint8_t digest[BS_DIGEST_SIZE];
	struct bs_writer *writer;
	bool changed;
	int result = zone_table_digest(startup->zones, digest);

	if (result != BS_OK) {
		bs_message_set(message,
		    "digest of the zones: %s: check "
		    "memory and libcrypto",
		    bs_strerror(result));
		return result;
	}
	result = bs_writer_begin(startup->store,
	    bs_clock_now_s(&bs_clock_system), "backstopd", &writer, message);
	if (result != BS_OK)
		return result;
	result = bs_writer_reset(
	    writer, digest, "zone files or settings changed", &changed);
	if (result == BS_OK)
		result = exempting_apply(
		    log, startup->config, startup->store, writer);
	if (result != BS_OK) {
		bs_message_set(message,
		    "%s: %s: free some space, or stop all programs "
		    "and restore a backup",
		    startup->config->database, bs_strerror(result));
		bs_writer_abort(&writer);
		return result;
	}
	result = bs_writer_commit(&writer, message);
	if (result == BS_OK && changed)
		bs_log(log, BS_LOG_INFO,
		    "zone files or settings are new: "
		    "the serial moved");
	return result;
}

static enum bs_exit
open_database(const struct bs_log *log, struct startup *startup)
{
	struct bs_message message;
	int result = bs_store_open(startup->config->database, BS_STORE_WRITE,
	    &startup->store, &message);

	if (result == BS_OK) {
		bs_store_limit_journal(startup->store,
		    startup->config->journal_records,
		    startup->config->journal_age_s);
		result = note_changes(log, startup, &message);
	}
	if (result == BS_OK)
		return BS_EXIT_OK;
	/* a full disk is no reason to leave questions unanswered */
	if (result == BS_EFULL && startup->store != NULL) {
		report_database(
		    log, startup->config, BS_LOG_WARNING, message.text);
		return BS_EXIT_OK;
	}
	report_database(log, startup->config, BS_LOG_ERROR, message.text);
	return BS_EXIT_ENVIRONMENT;
}

/* --- the whole ----------------------------------------------------------- */

static enum bs_exit
first_failure(enum bs_exit files, enum bs_exit database)
{
	return files != BS_EXIT_OK ? files : database;
}

enum bs_exit
startup_check(const struct bs_log *log, const char *path)
{
	struct startup startup = {0};
	enum bs_exit result = load_files(log, path, true, &startup);

	if (startup.config != NULL)
		result =
		    first_failure(result, check_database(log, startup.config));
	startup_free(&startup);
	return result;
}

enum bs_exit
startup_load(
    const struct bs_log *log, const char *path, struct startup *startup_r)
{
	struct startup startup = {0};
	enum bs_exit result = load_files(log, path, false, &startup);

	/* nothing is written before the rest is known to be right */
	if (result == BS_EXIT_OK)
		result = open_database(log, &startup);
	else if (startup.config != NULL)
		(void)check_database(log, startup.config);
	if (result == BS_EXIT_OK)
		*startup_r = startup;
	else
		startup_free(&startup);
	return result;
}

void
startup_free(struct startup *startup)
{
	bs_store_free(&startup->store);
	zone_table_free(&startup->zones);
	bs_config_free(&startup->config);
}
