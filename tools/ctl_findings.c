/*
 * Runs the store's check in a child process and prints what it finds.  Called
 * by ctl_check.c and ctl_replace.c.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "child.h"
#include "json.h"
#include "store_admin.h"

#include "ctl_findings.h"

/* What a child has found, in memory that it shares. */
struct shared {
	struct bs_verify_progress progress;
	struct bs_store_due due;
};

/* What the child works with. */
struct checking {
	const struct ctl *ctl;
	const char *file; /* NULL: the database */
	struct shared *shared;
};

static void
on_found(void *context, const struct bs_finding *finding)
{
	const struct checking *checking = context;

	if (checking->shared->progress.findings > CTL_FINDINGS_SHOWN)
		return;
	if (checking->ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_text(json, "table", finding->table);
		bs_json_text(
		    json, "key", finding->key[0] != '\0' ? finding->key : NULL);
		bs_json_text(json, "what", finding->what);
		bs_json_text(json, "remedy", finding->remedy);
		(void)bs_json_write(&json, stdout);
	} else {
		printf("%s%s%s: %s: %s\n", finding->table,
		    finding->key[0] != '\0' ? " " : "", finding->key,
		    finding->what, finding->remedy);
	}
	/* the next record may be the end of us */
	(void)fflush(stdout);
}

static int
open_it(const struct checking *checking, struct bs_store **store_r)
{
	const char *database = checking->ctl->config->database;
	struct bs_message message;
	int error;

	if (checking->file != NULL)
		error = bs_store_open_file(
		    checking->file, BS_STORE_READ, false, store_r, &message);
	else
		error =
		    bs_store_open(database, BS_STORE_READ, store_r, &message);
	if (error != BS_OK)
		ctl_say("%s", message.text);
	return error;
}

/* What lies beside the database. */
static void
look_ahead(const struct checking *checking, struct bs_store *store)
{
	struct bs_message message;

	if (checking->file == NULL &&
	    bs_store_look_ahead(store, &checking->shared->due, &message) !=
		BS_OK)
		ctl_say("%s", message.text);
}

/* In the child: an exit code. */
static int
check(void *context)
{
	struct checking *checking = context;
	struct bs_verify verify = {.found = on_found,
	    .context = checking,
	    .progress = &checking->shared->progress};
	struct bs_store *store = NULL;
	int error = open_it(checking, &store);

	if (error != BS_OK) /* damage is a finding, said already */
		return error == BS_ECORRUPT ? BS_EXIT_NO : BS_EXIT_ENVIRONMENT;
	error = bs_store_verify(store, &verify);
	if (error == BS_OK)
		look_ahead(checking, store);
	bs_store_free(&store);
	if (error != BS_OK)
		ctl_say("table %s: can't be read to its end after %" PRIu64
			" records: %s: the file is damaged: stop all programs "
			"and restore a backup",
		    verify.progress->table, verify.progress->records,
		    bs_strerror((enum bs_error)error));
	if (error != BS_OK || verify.progress->findings > 0)
		return BS_EXIT_NO;
	return BS_EXIT_OK;
}

static void
say_crash(
    const struct bs_verify_progress *progress, const struct bs_child_end *end)
{
	ctl_say("table %s: reading it crashes after %" PRIu64
		" records (signal %d): pages of the file are damaged: stop all "
		"programs and restore a backup",
	    progress->table[0] != '\0' ? progress->table : "meta",
	    progress->records, end->signal);
}

enum bs_exit
ctl_find(
    const struct ctl *ctl, const char *file, struct ctl_findings *findings_r)
{
	struct checking checking = {.ctl = ctl, .file = file};
	struct bs_child_end end = {.code = BS_EXIT_ENVIRONMENT};
	struct ctl_findings findings = {0};

	checking.shared = bs_child_share(sizeof(*checking.shared));
	if (checking.shared == NULL ||
	    bs_child_run(check, &checking, &end) != BS_OK) {
		ctl_say("no process to check in: raise the limits of processes "
			"and memory (ulimit -u -v)");
		end.code = BS_EXIT_ENVIRONMENT;
	} else {
		findings.records = checking.shared->progress.records;
		findings.findings = checking.shared->progress.findings;
		findings.due = checking.shared->due;
		if (end.crashed)
			say_crash(&checking.shared->progress, &end);
	}
	bs_child_unshare(checking.shared, sizeof(*checking.shared));
	if (findings.findings > CTL_FINDINGS_SHOWN)
		ctl_say("only the first %d findings of %" PRIu64 " are shown",
		    CTL_FINDINGS_SHOWN, findings.findings);
	if (end.crashed)
		end.code = BS_EXIT_NO;
	findings.damaged = end.code == BS_EXIT_NO && findings.findings == 0;
	*findings_r = findings;
	return (enum bs_exit)end.code;
}
