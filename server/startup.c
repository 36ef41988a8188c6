/*
 * Loads and checks what the server stands on: configuration, zones, endpoints,
 * and for -t the database, in that order.  Mistakes in files are exit code 1; a
 * file, port or database that can't be had is 3; with both it is 1, what to
 * mend first.  A start goes without its database where need be (database.c).
 * Called by main.c.
 */
#include "autoconf.h"

#include <unistd.h>

#include "privileges.h"
#include "startup.h"
#include "store.h"

/* bs_config_report: to the log. */
static void
report(void *context, bool fatal, const char *line)
{
	bs_log(context, fatal ? BS_LOG_ERROR : BS_LOG_WARNING, "%s", line);
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

/* Of two that were tried whatever the other was like. */
static enum bs_exit
exit_of_both(int first, int second)
{
	if (first == BS_ECONFIG || second == BS_ECONFIG)
		return BS_EXIT_NO;
	return exit_of(first != BS_OK ? first : second);
}

/* That it opens, or could be made. */
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
	/* the line is 0 where the folder is the default */
	bs_log(log, BS_LOG_ERROR, "%s:%u: database: %s", config->path,
	    config->database_line > 0 ? config->database_line : 1,
	    message.text);
	return BS_EXIT_ENVIRONMENT;
}

static enum bs_exit
first_failure(enum bs_exit files, enum bs_exit database)
{
	return files != BS_EXIT_OK ? files : database;
}

/* --- the whole ----------------------------------------------------------- */

enum bs_exit
startup_check(const struct bs_log *log, const char *path)
{
	struct generation *generation = NULL;
	struct bs_log copy = *log;
	enum bs_exit exit_code;
	int zones;
	int result = generation_new(path, report, &copy, &generation);

	if (result != BS_OK)
		return exit_of(result);
	zones = generation_load_zones(generation, report, &copy);
	exit_code = exit_of_both(
	    zones, listen_check(generation->config, report, &copy));
	if (!privileges_check_user(log, generation->config))
		exit_code = BS_EXIT_NO;
	exit_code =
	    first_failure(exit_code, check_database(log, generation->config));
	generation_free(&generation);
	return exit_code;
}

enum bs_exit
startup_load(const struct bs_log *log, const char *path,
    const struct inherited *inherited, struct startup *startup_r)
{
	struct startup startup = {0};
	struct bs_log copy = *log;
	enum bs_exit exit_code;
	int zones;
	int result = generation_new(path, report, &copy, &startup.generation);

	if (result != BS_OK)
		return exit_of(result);
	zones = generation_load_zones(startup.generation, report, &copy);
	exit_code =
	    exit_of_both(zones, listeners_open(log, startup.generation->config,
				    inherited, &startup.listeners));
	if (exit_code == BS_EXIT_OK) {
		*startup_r = startup;
		return exit_code;
	}
	(void)check_database(log, startup.generation->config);
	startup_free(&startup);
	return exit_code;
}

enum bs_exit
startup_read_again(
    const struct bs_log *log, const char *path, struct startup *startup)
{
	struct generation *generation = NULL;
	struct bs_log copy = *log;
	int result = generation_new(path, report, &copy, &generation);

	if (result == BS_OK)
		result = generation_load_zones(generation, report, &copy);
	if (result != BS_OK) {
		generation_free(&generation);
		return exit_of(result);
	}
	generation_inherit(startup->generation, generation);
	generation_free(&startup->generation);
	startup->generation = generation;
	return BS_EXIT_OK;
}

void
startup_free(struct startup *startup)
{
	listeners_close(&startup->listeners);
	generation_free(&startup->generation);
}
