/*
 * Judges the mail of files by a crew of processes.  scan.c and verdict.c put in
 * what mailfiles.c reads and are told of the judgements; what they make of
 * those is theirs.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "judging.h"
#include "report.h"

struct judging {
	struct judging_setup setup;
	struct crew *crew;
	struct judging_answer answer; /* the one that is told of */
};

/* What is kept of a message while it is judged. */
struct ticket {
	struct judging_mail mail;
	bool cut;
	char path[];
};

/* --- in the other process -------------------------------------------------- */

/* Of what a report hands in; piece->kind is the reporter's number from 1. */
static void
work_report(const struct judging_setup *setup, const struct crew_piece *piece,
    struct judging_answer *answer)
{
	struct judge_text report = {
	    (char *)(uintptr_t)piece->bytes, piece->size};
	struct judge_text attached;

	report_judge(setup->judge, &setup->config->reporter[piece->kind - 1],
	    &report, &answer->judgement, &attached);
	if (setup->hash != NULL && attached.bytes != NULL)
		answer->has_sighting =
		    judge_sighting(setup->hash, attached.bytes, attached.size,
			&answer->judgement, &answer->sighting);
	free(attached.bytes);
}

/* A crew_work. */
static void
work(void *context, const struct crew_piece *piece, void *result)
{
	struct judging *judging = context;
	const struct judging_setup *setup = &judging->setup;
	struct judging_answer *answer = result;

	if (piece->kind > 0) {
		work_report(setup, piece, answer);
		return;
	}
	judge_message(
	    setup->judge, piece->bytes, piece->size, &answer->judgement);
	if (setup->hash != NULL)
		answer->has_sighting = judge_sighting(setup->hash, piece->bytes,
		    piece->size, &answer->judgement, &answer->sighting);
}

/* --- here ------------------------------------------------------------------ */

static void
say_died(
    const struct judging *judging, const struct ticket *ticket, const char *why)
{
	struct bs_message message;
	char index[24] = "";

	if (ticket->mail.index > 0)
		(void)snprintf(
		    index, sizeof(index), "#%zu", ticket->mail.index);
	bs_message_set(&message,
	    "%.600s%s: the process that read this message died of it (%s): it "
	    "is skipped; keep it, it is worth a bug report",
	    ticket->path, index, why);
	messages_failed(judging->setup.messages, &message);
}

static void
note_cut(const struct ticket *ticket, struct judgement *judgement)
{
	if (!ticket->cut || judgement->truncated)
		return;
	judgement->truncated = true;
	(void)snprintf(judgement->truncated_why,
	    sizeof(judgement->truncated_why), "larger than %zu bytes",
	    JUDGE_MESSAGE_MAX);
}

/* A crew_done. */
static int
on_done(
    void *context, void *context_of_piece, const void *result, const char *why)
{
	struct judging *judging = context;
	struct ticket *ticket = context_of_piece;
	int rc = BS_OK;

	if (result == NULL) {
		say_died(judging, ticket, why);
	} else {
		memcpy(&judging->answer, result, sizeof(judging->answer));
		note_cut(ticket, &judging->answer.judgement);
		rc = judging->setup.done(
		    judging->setup.context, &ticket->mail, &judging->answer);
	}
	free(ticket);
	return rc == BS_OK ? BS_OK : CREW_STOPPED;
}

static void
on_dropped(void *context, void *ticket)
{
	(void)context;
	free(ticket);
}

static void
say_no_process(const struct judging *judging)
{
	struct bs_message message;

	bs_message_set(&message,
	    "a process to judge mail in cannot be started: %s: close other "
	    "programs, then try again",
	    strerror(errno));
	messages_error(judging->setup.messages, message.text);
}

/* What the crew says, as a walk does. */
static int
as_walk(const struct judging *judging, int rc)
{
	if (rc == BS_ESYSTEM)
		say_no_process(judging);
	return rc == BS_OK ? BS_OK : MAILFILES_STOPPED;
}

int
judging_new(const struct judging_setup *setup, struct judging **judging_r)
{
	struct judging *judging = calloc(1, sizeof(*judging));
	struct crew_setup crew = {
	    .jobs = setup->jobs == 0 ? 1 : setup->jobs,
	    .answer_size = sizeof(struct judging_answer),
	    .work = work,
	    .done = on_done,
	    .dropped = on_dropped,
	    .context = judging,
	};
	int error = judging == NULL ? BS_ENOMEM : BS_OK;

	if (error == BS_OK) {
		judging->setup = *setup;
		error = crew_new(&crew, &judging->crew);
	}
	if (error == BS_OK) {
		*judging_r = judging;
		return BS_OK;
	}
	if (error == BS_ESYSTEM)
		say_no_process(judging);
	else
		messages_error(setup->messages,
		    "out of memory: close other programs, then try again");
	free(judging);
	return error;
}

void
judging_free(struct judging **judging)
{
	if (*judging == NULL)
		return;
	crew_free(&(*judging)->crew);
	free(*judging);
	*judging = NULL;
}

int
judging_put(struct judging *judging, const char *path, const struct mail *mail,
    uint32_t file_s)
{
	size_t path_size = strlen(path) + 1;
	struct ticket *ticket = malloc(sizeof(*ticket) + path_size);
	struct crew_piece piece = {
	    .bytes = mail->bytes, .size = mail->size, .ticket = ticket};

	if (ticket == NULL)
		return BS_ENOMEM;
	memcpy(ticket->path, path, path_size);
	ticket->mail.path = ticket->path;
	ticket->mail.index = mail->index;
	ticket->mail.size = mail->size;
	ticket->mail.file_s = file_s;
	ticket->mail.reporter = report_of_path(judging->setup.config, path);
	if (ticket->mail.reporter != NULL)
		piece.kind = 1 + (uint64_t)(ticket->mail.reporter -
					    judging->setup.config->reporter);
	ticket->cut = mail->cut;
	return as_walk(judging, crew_put(judging->crew, &piece));
}

int
judging_drain(struct judging *judging)
{
	return as_walk(judging, crew_drain(judging->crew));
}
