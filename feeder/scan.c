/*
 * Scans mail into the database: mailfiles.c finds and reads, the judge judges,
 * lib/store keeps and lists.  Called by main.c.
 *
 * Sightings are gathered first and then written in groups (group.c): the
 * database is never locked while a file, or a slow standard input, is read.
 * Outcomes are counted when they are on disk.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "group.h"
#include "judging.h"
#include "keyhash.h"
#include "scan.h"
#include "store.h"

struct scan {
	const struct scan_job *job;
	struct tally *tally;
	struct bs_store *store;
	struct bs_keyhash *hash;
	bool broken; /* the database takes no more */

	struct group *group;
	struct judging *judging;
};

uint32_t
scan_received_s(
    const struct judgement *judgement, uint32_t file_s, uint32_t now_s)
{
	uint32_t received_s = file_s;

	if (received_s == 0 || received_s > now_s)
		received_s = now_s;
	/* a copy of an old file is new, and old mail lists nobody */
	if (judgement->received_s != 0 &&
	    (judgement->received_is_ours || judgement->received_s < received_s))
		received_s = judgement->received_s;
	return received_s < now_s ? received_s : now_s;
}

/* --- writing ------------------------------------------------------------- */

/* What was counted as genuine has a tag that is worn. */
static void
untag(struct scan *scan, uintptr_t ticket)
{
	tally_untag(scan->tally, (enum judge_kind)(ticket / JUDGE_TYPE_COUNT),
	    (enum judge_type)(ticket % JUDGE_TYPE_COUNT));
}

/* A group_done. */
static void
on_written(void *context, const struct group_entry *entry)
{
	struct scan *scan = context;

	if (entry->error != BS_OK) {
		scan->tally->unwritten++;
		return;
	}
	if (entry->sighting.has_tag && entry->outcome != BS_OUTCOME_GENUINE)
		untag(scan, (uintptr_t)entry->ticket);
	tally_outcome(scan->tally, &entry->sighting, entry->outcome);
}

/* What writing said; after a failure the database gets no more. */
static void
note_written(struct scan *scan, int error, const struct bs_message *message)
{
	struct bs_message line;

	if (error == BS_OK)
		return;
	scan->broken = true;
	bs_message_set(&line,
	    "%.800s: then scan the same again: it goes on where this one ended",
	    message->text);
	messages_error(scan->job->messages, line.text);
}

static void
flush_group(struct scan *scan)
{
	struct bs_message message;

	if (!scan->broken)
		note_written(
		    scan, group_flush(scan->group, &message), &message);
}

/* --- one message --------------------------------------------------------- */

/* What a message is without its tag, for when that turns out to be worn. */
static void *
ticket_of(const struct judgement *judgement)
{
	const struct judge_proof *proof = &judgement->proof;

	return (void *)((uintptr_t)proof->kind * JUDGE_TYPE_COUNT +
			(uintptr_t)judgement->type);
}

static void
gather(struct scan *scan, const struct judging_answer *answer)
{
	struct bs_message message;

	note_written(scan,
	    group_add(scan->group, &answer->sighting,
		ticket_of(&answer->judgement), &message),
	    &message);
}

/* A judging_done. */
static int
on_judged(void *context, const struct judging_mail *mail,
    struct judging_answer *answer)
{
	struct scan *scan = context;
	struct judgement *judgement = &answer->judgement;
	struct bs_sighting *sighting = &answer->sighting;

	sighting->door = BS_DOOR_FILES;
	(void)snprintf(sighting->feed, sizeof(sighting->feed), "%s",
	    mail->reporter != NULL ? mail->reporter->feed : BS_FEED_LOCAL);
	sighting->received_s = scan_received_s(
	    judgement, mail->file_s, bs_clock_now_s(scan->job->clock));
	if (!judge_tag_holds(judgement, sighting->received_s)) {
		judge_untag(judgement, JUDGE_TAG_OLD);
		sighting->has_tag = false;
	}
	tally_judgement(scan->tally, judgement, mail->size);
	progress_message(scan->job->progress);
	if (answer->has_sighting)
		gather(scan, answer);
	return scan->broken ? MAILFILES_STOPPED : BS_OK;
}

static int
on_message(
    void *context, const char *path, const struct mail *mail, uint32_t file_s)
{
	struct scan *scan = context;

	return judging_put(scan->judging, path, mail, file_s);
}

static void
on_skipped(void *context, const char *path, enum mail_skip why, bool named)
{
	struct scan *scan = context;

	tally_skip(scan->tally, path, why);
	messages_skipped(scan->job->messages, path, why, named);
}

static void
on_failed(void *context, const struct bs_message *message)
{
	struct scan *scan = context;

	messages_failed(scan->job->messages, message);
}

static void
on_progress(void *context, size_t bytes)
{
	struct scan *scan = context;

	progress_bytes(scan->job->progress, bytes);
}

/* --- the scan ------------------------------------------------------------ */

static void
warn_mailbox_by(const struct scan_job *job)
{
	struct bs_message message;

	if (job->config->mailbox_by_count > 0 || job->config->mailbox_hops > 0)
		return;
	bs_message_set(&message,
	    "%.600s: mailbox.by is not set, so any topmost Received line is "
	    "believed: name your MX hosts there, as in `mailbox: {by: "
	    "[mx.trap.example]}`",
	    job->config->path == NULL ? "configuration" : job->config->path);
	messages_warning(job->messages, message.text);
}

/* How much there is to read; 0 when nobody can know. */
static uint64_t
measure(struct mailfiles *files, char *const path[], size_t path_count)
{
	uint64_t total = 0;

	for (size_t i = 0; i < path_count; i++) {
		if (strcmp(path[i], "-") == 0)
			return 0;
		total += mailfiles_measure(files, path[i]);
	}
	return total;
}

static int
walk(struct scan *scan, struct mailfiles *files, char *const path[],
    size_t path_count)
{
	struct progress *progress = scan->job->progress;
	int rc = BS_OK;

	if (progress->stream != NULL)
		progress->total_bytes = measure(files, path, path_count);
	for (size_t i = 0; rc == BS_OK && i < path_count; i++)
		rc = mailfiles_read(files, path[i]);
	if (judging_drain(scan->judging) != BS_OK && rc == BS_OK)
		rc = MAILFILES_STOPPED;
	flush_group(scan);
	progress_clear(progress);
	return rc;
}

static void
scan_paths(struct scan *scan, char *const path[], size_t path_count)
{
	struct mailfiles_handler handler = {
	    .context = scan,
	    .message = on_message,
	    .skipped = on_skipped,
	    .failed = on_failed,
	    .progress = on_progress,
	};
	struct mailfiles *files;
	int rc =
	    mailfiles_new(&handler, scan->job->stop, JUDGE_MESSAGE_MAX, &files);

	if (rc == BS_OK) {
		rc = walk(scan, files, path, path_count);
		mailfiles_free(&files);
	}
	if (rc == BS_ENOMEM)
		messages_error(scan->job->messages,
		    "out of memory: close other programs, or scan less at "
		    "once, then scan the same again");
	scan->tally->interrupted = rc != BS_OK || scan->broken;
	if (scan->tally->interrupted)
		messages_exit(scan->job->messages, BS_EXIT_ENVIRONMENT);
}

static bool
open_group(struct scan *scan)
{
	const struct bs_config *config = scan->job->config;
	const struct group_target target = {
	    .store = scan->store,
	    .policy = &config->policy,
	    .clock = scan->job->clock,
	    .database = config->database,
	    .actor = "feeder",
	};

	return group_new(&target, SCAN_GROUP_MAX, on_written, scan,
		   &scan->group) == BS_OK;
}

/* Opens the database and the key; false when the user was told why not. */
static bool
open_store(struct scan *scan)
{
	const struct bs_config *config = scan->job->config;
	struct bs_message message;
	struct bs_key key;

	if (bs_store_open(config->database, BS_STORE_WRITE, &scan->store,
		&message) != BS_OK ||
	    bs_key_load(config->trap_key, &key, &message) != BS_OK) {
		messages_error(scan->job->messages, message.text);
		return false;
	}
	bs_store_limit_journal(
	    scan->store, config->journal_records, config->journal_age_s);
	scan->hash = bs_keyhash_new(&key);
	explicit_bzero(&key, sizeof(key));
	if (scan->hash == NULL || !open_group(scan)) {
		messages_error(scan->job->messages,
		    "out of memory: close other programs, then scan again");
		return false;
	}
	return true;
}

static bool
open_judging(struct scan *scan)
{
	struct judging_setup setup = {
	    .judge = scan->job->judge,
	    .config = scan->job->config,
	    .hash = scan->hash,
	    .jobs = scan->job->jobs,
	    .done = on_judged,
	    .context = scan,
	    .messages = scan->job->messages,
	};

	return judging_new(&setup, &scan->judging) == BS_OK;
}

bool
scan(const struct scan_job *job, char *const path[], size_t path_count,
    struct tally *tally_r)
{
	struct scan *scan = calloc(1, sizeof(*scan));
	uint64_t start_ns = bs_clock_monotonic_ns();
	bool begun;

	memset(tally_r, 0, sizeof(*tally_r));
	if (scan == NULL) {
		messages_error(job->messages,
		    "out of memory: close other programs, then scan again");
		return false;
	}
	scan->job = job;
	scan->tally = tally_r;
	begun = open_store(scan) && open_judging(scan);
	if (begun) {
		warn_mailbox_by(job);
		scan_paths(scan, path, path_count);
	}
	judging_free(&scan->judging);
	group_free(&scan->group);
	bs_keyhash_free(&scan->hash);
	bs_store_free(&scan->store);
	free(scan);
	tally_r->failed = job->messages->failed;
	tally_r->seconds = (double)(bs_clock_monotonic_ns() - start_ns) / 1e9;
	return begun;
}
