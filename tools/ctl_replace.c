/*
 * backstopctl restore, compact and upgrade: another file becomes the database.
 * What it is made from is read in a child process, since a damaged one may
 * crash LMDB; the database itself is held meanwhile, so that no program has it
 * open, and the file that was stays beside the new one.
 */
#include "autoconf.h"

#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "child.h"
#include "json.h"
#include "store_admin.h"

#include "ctl_command.h"
#include "ctl_findings.h"

/* What becomes the database, and how. */
struct replacing {
	struct ctl *ctl;
	const char *verb;   /* "restored" */
	const char *source; /* the file that is read */
	bool restores; /* is checked, and the serial moves past what secondaries
			  may have */
	bool upgrades; /* nothing is done where it is of this version */
	char target[PATH_MAX]; /* the new file */
	struct replaced {      /* shared with the child */
		struct bs_store_brief before, after;
		uint64_t bytes_before, bytes;
		struct bs_store_carried carried;
	} * replaced;
};

/* --- in the child ----------------------------------------------------------- */

static int
say(const struct bs_message *message)
{
	ctl_say("%s", message->text);
	return BS_EXIT_ENVIRONMENT;
}

/* Copies the source into the new file; without its free pages. */
static int
copy(struct replacing *self)
{
	struct bs_message message;
	struct bs_store *store;
	int error = bs_store_open_file(
	    self->source, BS_STORE_READ, true, &store, &message);

	if (error != BS_OK)
		return say(&message);
	error = bs_store_backup(
	    store, self->target, &self->replaced->bytes, &message);
	bs_store_free(&store);
	return error == BS_OK ? BS_EXIT_OK : say(&message);
}

/* The serial goes on from what it was, or from what the backup has, whichever
 * is ahead. */
static int
move_serial(struct replacing *self, struct bs_store *store)
{
	struct replaced *replaced = self->replaced;
	char actor[BS_JOURNAL_ACTOR_MAX + 1];
	struct bs_writer *writer;
	struct bs_message message;
	uint32_t from = replaced->after.serial;
	bool moved;
	int error;

	if (replaced->before.schema != 0 &&
	    (int32_t)(replaced->before.serial - from) > 0)
		from = replaced->before.serial;
	ctl_actor(actor);
	error =
	    bs_writer_begin(store, self->ctl->now_s, actor, &writer, &message);
	if (error != BS_OK)
		return say(&message);
	error = bs_writer_serial_at_least(
	    writer, from + BS_STORE_RESTORE_SERIALS, &moved);
	if (error == BS_OK)
		error = bs_writer_commit(&writer, &message);
	else
		bs_writer_abort(&writer);
	if (error != BS_OK)
		ctl_say("%s: its serial can't be moved: %s: see its disk",
		    self->target, bs_strerror((enum bs_error)error));
	return error == BS_OK ? BS_EXIT_OK : BS_EXIT_ENVIRONMENT;
}

static int
make(void *context)
{
	struct replacing *self = context;
	struct bs_message message;
	struct bs_store *store;
	int exit_code = copy(self);

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	/* a backup of an older version is of its schema */
	if (bs_store_open_file(
		self->target, BS_STORE_WRITE, true, &store, &message) != BS_OK)
		return say(&message);
	if (bs_store_brief(store, &self->replaced->after) != BS_OK)
		exit_code = BS_EXIT_ENVIRONMENT;
	if (exit_code == BS_EXIT_OK && self->restores)
		exit_code = move_serial(self, store);
	if (exit_code == BS_EXIT_OK &&
	    bs_store_brief(store, &self->replaced->after) != BS_OK)
		exit_code = BS_EXIT_ENVIRONMENT;
	bs_store_free(&store);
	return exit_code;
}

static int
write_carried(
    struct replacing *self, struct bs_store *store, struct bs_store *from)
{
	char actor[BS_JOURNAL_ACTOR_MAX + 1];
	struct bs_writer *writer;
	struct bs_message message;
	int error;

	ctl_actor(actor);
	error =
	    bs_writer_begin(store, self->ctl->now_s, actor, &writer, &message);
	if (error != BS_OK)
		return say(&message);
	error = bs_writer_carry(writer, from, &self->replaced->carried);
	if (error == BS_OK)
		error = bs_writer_commit(&writer, &message);
	else
		bs_writer_abort(&writer);
	if (error == BS_OK)
		error = bs_store_brief(store, &self->replaced->after);
	return error == BS_OK ? BS_EXIT_OK : BS_EXIT_ENVIRONMENT;
}

/* Carries over from the database that is, if it can be read. */
static int
carry(void *context)
{
	struct replacing *self = context;
	struct bs_store *store = NULL, *from = NULL;
	struct bs_message message;
	char data[PATH_MAX];
	int exit_code = BS_EXIT_ENVIRONMENT;

	(void)snprintf(
	    data, sizeof(data), "%s/data.mdb", self->ctl->config->database);
	if (bs_store_open_file(data, BS_STORE_READ, false, &from, NULL) ==
		BS_OK &&
	    bs_store_open_file(
		self->target, BS_STORE_WRITE, true, &store, &message) == BS_OK)
		exit_code = write_carried(self, store, from);
	bs_store_free(&store);
	bs_store_free(&from);
	return exit_code;
}

/* What the database is now; quiet, since it may be what has to be replaced. */
static int
look_before(void *context)
{
	struct replacing *self = context;
	char data[PATH_MAX];
	struct bs_store *store;
	struct stat status;

	(void)snprintf(
	    data, sizeof(data), "%s/data.mdb", self->ctl->config->database);
	if (stat(data, &status) == 0)
		self->replaced->bytes_before = (uint64_t)status.st_size;
	if (bs_store_open_file(data, BS_STORE_READ, false, &store, NULL) !=
	    BS_OK)
		return BS_EXIT_NO;
	(void)bs_store_brief(store, &self->replaced->before);
	bs_store_free(&store);
	return BS_EXIT_OK;
}

/* --- the parent -------------------------------------------------------------- */

static enum bs_exit
run_in_child(struct replacing *self, int (*work)(void *context))
{
	struct bs_child_end end;

	if (bs_child_run(work, self, &end) != BS_OK) {
		ctl_say("no process can be made: %s: raise the limit of "
			"processes (ulimit -u)",
		    strerror(errno));
		return BS_EXIT_ENVIRONMENT;
	}
	if (!end.crashed)
		return (enum bs_exit)end.code;
	ctl_say("%s: reading it crashes (signal %d): its pages are damaged: "
		"restore another backup",
	    self->source, end.signal);
	return BS_EXIT_NO;
}

/* What people did since the backup was made stays done. */
static void
carry_over(struct replacing *self)
{
	struct bs_child_end end;

	if (self->replaced->bytes_before == 0)
		return;
	if (self->replaced->before.schema != 0 &&
	    bs_child_run(carry, self, &end) == BS_OK && !end.crashed &&
	    end.code == BS_EXIT_OK)
		return;
	self->replaced->carried = (struct bs_store_carried){0};
	ctl_say("note: the database that was can't be read: who was removed or "
		"exempt since the backup was made is listed again: do that "
		"anew");
}

static void
write_carried_text(const struct bs_store_carried *carried)
{
	if (carried->removals + carried->exemptions == 0)
		return;
	printf("kept from since the backup: %" PRIu64 " removals, %" PRIu64
	       " exemptions\n",
	    carried->removals, carried->exemptions);
}

static bool
is_new_enough(const struct replacing *self)
{
	return self->upgrades &&
	       self->replaced->before.schema == BS_STORE_SCHEMA;
}

/* The file that an earlier one left is left as it is. */
static void
write_nothing_done(const struct replacing *self)
{
	const struct bs_store_brief *is = &self->replaced->before;
	const char *database = self->ctl->config->database;
	struct bs_json *json;

	if (!self->ctl->options->given[CTL_JSON]) {
		printf("%s: of this version (schema %u), nothing to upgrade: "
		       "%" PRIu64 " listings, serial %" PRIu32 "\n",
		    database, (unsigned)is->schema, is->listings, is->serial);
		return;
	}
	json = bs_json_object();
	bs_json_text(json, "database", database);
	bs_json_text(json, "done", "nothing");
	bs_json_number(json, "listings", is->listings);
	bs_json_number(json, "serial", is->serial);
	(void)bs_json_write(&json, stdout);
}

static void
write_result(const struct replacing *self)
{
	const struct replaced *replaced = self->replaced;
	const char *database = self->ctl->config->database;
	struct bs_json *json;

	if (!self->ctl->options->given[CTL_JSON]) {
		printf("%s: %s: %" PRIu64 " listings, serial %" PRIu32
		       ", %" PRIu64 " bytes (%" PRIu64 " before); the file "
		       "that was is %s/%s\n",
		    database, self->verb, replaced->after.listings,
		    replaced->after.serial, replaced->bytes,
		    replaced->bytes_before, database, BS_STORE_OLD_NAME);
		write_carried_text(&replaced->carried);
		return;
	}
	json = bs_json_object();
	bs_json_text(json, "database", database);
	bs_json_text(json, "done", self->verb);
	bs_json_number(json, "listings", replaced->after.listings);
	bs_json_number(json, "serial", replaced->after.serial);
	bs_json_number(json, "bytes", replaced->bytes);
	bs_json_number(json, "bytes_before", replaced->bytes_before);
	if (self->restores) {
		bs_json_number(json, "removals", replaced->carried.removals);
		bs_json_number(
		    json, "exemptions", replaced->carried.exemptions);
	}
	(void)bs_json_write(&json, stdout);
}

/* Whether what was made of a backup will do; says what is wrong with it. */
static enum bs_exit
check_made(const struct replacing *self)
{
	const struct ctl *ctl = self->ctl;
	struct ctl_findings findings;
	enum bs_exit exit_code = ctl_find(ctl, self->target, &findings);

	if (exit_code != BS_EXIT_NO || findings.damaged)
		return exit_code;
	if (ctl->options->given[CTL_CONFIRM])
		return BS_EXIT_OK;
	ctl_say("%s: has %" PRIu64 " findings: restore another one, or add "
		"--confirm to have this one all the same",
	    self->source, findings.findings);
	return BS_EXIT_NO;
}

static enum bs_exit
replace_held(struct replacing *self, struct bs_store_hold *hold)
{
	struct bs_child_end end;
	struct bs_message message;
	enum bs_exit exit_code;

	/* a crash here says that it is damaged, which is why we are called */
	(void)bs_child_run(look_before, self, &end);
	if (is_new_enough(self))
		return BS_EXIT_OK;
	if (bs_store_hold_file(
		hold, self->target, sizeof(self->target), &message) != BS_OK) {
		ctl_say("%s", message.text);
		return BS_EXIT_ENVIRONMENT;
	}
	exit_code = run_in_child(self, make);
	if (exit_code == BS_EXIT_OK && self->restores) {
		carry_over(self);
		exit_code = check_made(self);
	}
	if (exit_code == BS_EXIT_OK &&
	    !self->ctl->options->given[CTL_DRY_RUN] &&
	    bs_store_hold_replace(hold, self->target, &message) != BS_OK) {
		ctl_say("%s", message.text);
		exit_code = BS_EXIT_ENVIRONMENT;
	}
	if (exit_code == BS_EXIT_OK && self->restores &&
	    !self->ctl->options->given[CTL_DRY_RUN])
		bs_store_hold_forget_ahead(hold);
	if (exit_code != BS_EXIT_OK || self->ctl->options->given[CTL_DRY_RUN])
		(void)unlink(self->target);
	return exit_code;
}

static enum bs_exit
replace(struct replacing *self)
{
	struct bs_store_hold *hold = NULL;
	struct bs_message message;
	enum bs_exit exit_code;

	if (bs_store_hold_new(self->ctl->config->database, &hold, &message) !=
	    BS_OK) {
		ctl_say("%s", message.text);
		return BS_EXIT_ENVIRONMENT;
	}
	self->replaced = bs_child_share(sizeof(*self->replaced));
	if (self->replaced == NULL) {
		ctl_say("out of memory: close other programs");
		exit_code = BS_EXIT_ENVIRONMENT;
	} else {
		exit_code = replace_held(self, hold);
	}
	if (exit_code == BS_EXIT_OK && is_new_enough(self))
		write_nothing_done(self);
	else if (exit_code == BS_EXIT_OK)
		write_result(self);
	bs_child_unshare(self->replaced, sizeof(*self->replaced));
	bs_store_hold_free(&hold);
	return exit_code;
}

/* --- the commands ------------------------------------------------------------- */

enum bs_exit
ctl_restore(struct ctl *ctl)
{
	struct replacing self = {.ctl = ctl,
	    .verb = ctl->options->given[CTL_DRY_RUN] ? "would be restored"
						     : "restored",
	    .source = ctl->options->arguments[0],
	    .restores = true};
	enum bs_exit exit_code = ctl_load_config(ctl);

	return exit_code == BS_EXIT_OK ? replace(&self) : exit_code;
}

static enum bs_exit
replace_by_own(struct ctl *ctl, struct replacing *self)
{
	char data[PATH_MAX];
	enum bs_exit exit_code = ctl_load_config(ctl);

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	(void)snprintf(
	    data, sizeof(data), "%s/data.mdb", ctl->config->database);
	self->source = data;
	return replace(self);
}

enum bs_exit
ctl_compact(struct ctl *ctl)
{
	struct replacing self = {.ctl = ctl,
	    .verb = ctl->options->given[CTL_DRY_RUN] ? "would be compacted"
						     : "compacted"};

	return replace_by_own(ctl, &self);
}

/* On a copy, as all of them: what was stays as it was. */
enum bs_exit
ctl_upgrade(struct ctl *ctl)
{
	struct replacing self = {.ctl = ctl,
	    .verb = ctl->options->given[CTL_DRY_RUN] ? "would be upgraded"
						     : "upgraded",
	    .upgrades = true};

	return replace_by_own(ctl, &self);
}
