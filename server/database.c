/*
 * Opens and watches the database for the server.  A server without one runs on
 * and answers SERVFAIL, so that resolvers ask another name server, and takes up
 * answering when the database comes (back).  Called by server.c and reload.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "database.h"
#include "exempting.h"

/* --- looking at the file --------------------------------------------------- */

static struct database_look
look_at(const char *folder)
{
	char path[PATH_MAX];
	struct stat status;
	int size = snprintf(path, sizeof(path), "%s/data.mdb", folder);

	if (size < 0 || (size_t)size >= sizeof(path))
		return (struct database_look){0};
	if (stat(path, &status) != 0)
		return (struct database_look){.hidden = errno == EACCES};
	return (struct database_look){
	    .device = status.st_dev,
	    .inode = status.st_ino,
	    .size = status.st_size,
	    .changed = status.st_mtim,
	};
}

static bool
looks_same(const struct database_look *a, const struct database_look *b)
{
	return a->device == b->device && a->inode == b->inode &&
	       a->size == b->size && a->changed.tv_sec == b->changed.tv_sec &&
	       a->changed.tv_nsec == b->changed.tv_nsec;
}

void
database_init(struct database *database, const struct bs_log *log,
    const char *folder, bool make, bool doubt)
{
	*database = (struct database){
	    .log = log,
	    .make = make,
	    .doubted = doubt,
	    .seen = look_at(folder),
	};
}

/* --- what a generation says of it -------------------------------------------- */

int
database_note(struct database *database, const struct generation *generation,
    struct bs_writer **writer_r, bool *changed_r, struct bs_message *message)
{
	const struct bs_config *config = generation->config;
	struct bs_writer *writer;
	int result = bs_writer_begin(database->store,
	    bs_clock_now_s(&bs_clock_system), "backstopd", &writer, message);

	if (result != BS_OK)
		return result;
	result = bs_writer_reset(writer, generation->digest,
	    "zone files or settings changed", changed_r);
	if (result == BS_OK)
		result = exempting_apply(
		    database->log, config, database->store, writer);
	if (result == BS_OK) {
		*writer_r = writer;
		return BS_OK;
	}
	bs_message_set(message,
	    "%s: %s: free some space, or stop all programs and restore a "
	    "backup",
	    config->database, bs_strerror(result));
	bs_writer_abort(&writer);
	return result;
}

static int
note_and_commit(struct database *database, const struct generation *generation,
    struct bs_message *message)
{
	struct bs_writer *writer;
	bool changed = false;
	int result =
	    database_note(database, generation, &writer, &changed, message);

	if (result == BS_OK)
		result = bs_writer_commit(&writer, message);
	if (result == BS_OK && changed)
		bs_log(database->log, BS_LOG_INFO,
		    "zone files or settings are new: the serial moved");
	return result;
}

/* --- opening ----------------------------------------------------------------- */

/* Says why there is none, unless that is known. */
static void
tell(struct database *database, const struct bs_config *config,
    const struct bs_message *why)
{
	if (strcmp(why->text, database->told.text) == 0)
		return;
	database->told = *why;
	/* the line is 0 where the folder is the default */
	bs_log(database->log, BS_LOG_ERROR,
	    "%s:%u: database: %s (answering SERVFAIL until then)", config->path,
	    config->database_line > 0 ? config->database_line : 1, why->text);
}

/* Whether it may be tried: one that came into doubt when it has changed, one
 * that was there when it is there again. */
static bool
may_open(struct database *database, const struct bs_config *config)
{
	struct database_look now = look_at(config->database);
	struct bs_message why;

	if (database->doubted && looks_same(&now, &database->seen)) {
		bs_message_set(&why,
		    "%s: reading it has ended this server several times: stop "
		    "all programs and restore a backup",
		    config->database);
		tell(database, config, &why);
		return false;
	}
	database->doubted = false;
	if (!database->make && now.inode == 0 && !now.hidden) {
		bs_message_set(&why,
		    "%s/data.mdb: has gone: put it back, or restore a backup",
		    config->database);
		tell(database, config, &why);
		return false;
	}
	return true;
}

void
database_limit(struct database *database, const struct bs_config *config)
{
	bs_store_limit_journal(
	    database->store, config->journal_records, config->journal_age_s);
}

/* Without a filter all is answered from the database: no reason to end. */
static void
make_filter(struct database *database)
{
	struct bs_message message;
	int result =
	    filter_keeper_new(database->store, &database->filter, &message);

	if (result == BS_OK)
		result = filter_keeper_start(database->filter, &message);
	if (result != BS_OK)
		bs_log(database->log, BS_LOG_WARNING, "%s", message.text);
}

/* A full disk is no reason to leave questions unanswered. */
static bool
bring_up_to_date(struct database *database, const struct generation *generation,
    struct bs_message *why)
{
	int result;

	database_limit(database, generation->config);
	result = note_and_commit(database, generation, why);
	if (result != BS_OK && result != BS_EFULL) {
		bs_store_free(&database->store);
		return false;
	}
	if (result == BS_EFULL)
		bs_log(database->log, BS_LOG_WARNING, "%s:%u: database: %s",
		    generation->config->path, generation->config->database_line,
		    why->text);
	return true;
}

bool
database_open(struct database *database, const struct generation *generation)
{
	const struct bs_config *config = generation->config;
	struct bs_message why;

	if (database->store != NULL)
		return true;
	if (!may_open(database, config))
		return false;
	if (bs_store_open(config->database, BS_STORE_WRITE, &database->store,
		&why) != BS_OK ||
	    !bring_up_to_date(database, generation, &why)) {
		tell(database, config, &why);
		return false;
	}
	if (database->told.text[0] != '\0')
		bs_log(database->log, BS_LOG_INFO,
		    "%s: the database is back: answering again",
		    config->database);
	database->told.text[0] = '\0';
	database->make = false;
	make_filter(database);
	return true;
}

bool
database_is_lost(struct database *database, const char *folder)
{
	int error = bs_store_check_files(database->store, NULL);

	if (error == BS_OK)
		return false;
	bs_message_set(&database->told,
	    error == BS_EACCES
		? "%s: data.mdb or lock.mdb may no longer be looked at: "
		  "answering SERVFAIL until it may"
		: "%s: data.mdb or lock.mdb was removed or replaced: answering "
		  "SERVFAIL until there is a database to open",
	    folder);
	bs_log(database->log, BS_LOG_ERROR, "%s", database->told.text);
	return true;
}

void
database_close(struct database *database)
{
	filter_keeper_free(&database->filter);
	bs_store_free(&database->store);
}
