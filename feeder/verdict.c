/*
 * Prints judgements, for people and as JSON Lines.  mailfiles.c finds and
 * reads the mail, the judge judges; nothing is decided or stored here.
 */
#include "autoconf.h"

#include <string.h>

#include "judging.h"
#include "json.h"
#include "mailfiles.h"
#include "stdfiles.h"
#include "utf8.h"
#include "verdict.h"

struct verdict {
	const struct verdict_job *job;
	struct judging *judging;
	bool broken; /* the output takes no more */
};

/* --- a line -------------------------------------------------------------- */

/* A line that is made piece by piece: a call of stdio for each takes longer than
 * what it does. */
struct line {
	FILE *out;
	size_t size;
	char text[2048];
};

static void
flush(struct line *line)
{
	(void)fwrite(line->text, 1, line->size, line->out);
	line->size = 0;
}

static void
put(struct line *line, const char *text, size_t size)
{
	while (size > 0) {
		size_t room = sizeof(line->text) - line->size;
		size_t piece = size < room ? size : room;

		memcpy(line->text + line->size, text, piece);
		line->size += piece;
		text += piece;
		size -= piece;
		if (line->size == sizeof(line->text))
			flush(line);
	}
}

static void
put_plain(struct line *line, const char *text)
{
	put(line, text, strlen(text));
}

/* Outside bytes must not end a line or move a terminal's cursor. */
static void
put_text(struct line *line, const char *text)
{
	while (*text != '\0') {
		size_t plain = 0, size;

		while (text[plain] >= ' ' && text[plain] < 127)
			plain++;
		put(line, text, plain);
		text += plain;
		if (*text == '\0')
			return;
		size = bs_utf8_plain(text);
		put(line, size == 0 ? "?" : text, size == 0 ? 1 : size);
		text += size == 0 ? 1 : size;
	}
}

static void
put_number(struct line *line, size_t number)
{
	char digits[24];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	put(line, digits + at, sizeof(digits) - at);
}

/* "-20", and "20" or with `plus` "+20" */
static void
put_signed(struct line *line, int number, const char *plus)
{
	put_plain(line, number < 0 ? "-" : plus);
	put_number(line, number < 0 ? -(unsigned)number : (unsigned)number);
}

/* --- one judgement ------------------------------------------------------- */

/* "; +20 subject has "undeliver" [bounce-subject-en, bounce.yaml:12]" */
static void
put_reasons(struct line *line, const struct judgement *judgement)
{
	for (size_t i = 0; i < judgement->reason_count; i++) {
		const struct judge_reason *reason = &judgement->reason[i];

		put_plain(line, i == 0 ? ": " : "; ");
		put_signed(line, reason->weight, "+");
		put_plain(line, " ");
		put_text(line, reason->text);
		if (reason->rule[0] == '\0')
			continue;
		put_plain(line, " [");
		put_plain(line, reason->rule);
		put_plain(line, ", ");
		put_text(line, reason->file);
		put_plain(line, ":");
		put_number(line, reason->line);
		put_plain(line, "]");
	}
}

/* "bounce (failed), score 145 of 75" */
static void
put_class(struct line *line, const struct judgement *judgement)
{
	put_plain(line, judge_kind_name(judgement->kind));
	if (judgement->type != JUDGE_TYPE_NONE) {
		put_plain(line, " (");
		put_plain(line, judge_type_name(judgement->type));
		put_plain(line, ")");
	}
	if (judgement->threshold == 0)
		return;
	if (judgement->nearest != judgement->kind) {
		put_plain(line, ", nearest ");
		put_plain(line, judge_kind_name(judgement->nearest));
		put_plain(line, " with score ");
	} else {
		put_plain(line, ", score ");
	}
	put_signed(line, judgement->score, "");
	put_plain(line, " of ");
	put_signed(line, judgement->threshold, "");
}

/* ", source 192.0.2.99 (topmost Received: ...)" */
static void
put_source(struct line *line, const struct judgement *judgement)
{
	char source[BS_ADDR_TEXT_MAX];

	if (judgement->has_source) {
		put_plain(line, ", source ");
		put_plain(line, bs_addr_format(&judgement->source, source));
	} else {
		put_plain(line, ", no source");
	}
	if (judgement->source_reason[0] == '\0')
		return;
	put_plain(line, " (");
	put_text(line, judgement->source_reason);
	put_plain(line, ")");
}

void
verdict_write(const struct judgement *judgement, const char *path, size_t index,
    FILE *out)
{
	struct line line;

	line.out = out;
	line.size = 0;
	put_text(&line, path);
	if (index > 0) {
		put_plain(&line, "#");
		put_number(&line, index);
	}
	put_plain(&line, ": ");
	put_class(&line, judgement);
	put_source(&line, judgement);
	put_reasons(&line, judgement);
	put_plain(&line, "\n");
	flush(&line);
}

/* An empty text is unknown: null. */
static void
json_known(struct bs_json *json, const char *key, const char *text)
{
	bs_json_text(json, key, text[0] == '\0' ? NULL : text);
}

static struct bs_json *
json_reasons(const struct judgement *judgement)
{
	struct bs_json *reasons = bs_json_array();

	for (size_t i = 0; i < judgement->reason_count; i++) {
		struct bs_json *row = bs_json_object();

		bs_json_integer(row, "weight", judgement->reason[i].weight);
		bs_json_text(row, "text", judgement->reason[i].text);
		json_known(row, "rule", judgement->reason[i].rule);
		json_known(row, "file", judgement->reason[i].file);
		bs_json_integer(row, "line", judgement->reason[i].line);
		bs_json_put(reasons, NULL, row);
	}
	return reasons;
}

int
verdict_write_json(const struct judgement *judgement, const char *path,
    size_t index, FILE *out)
{
	struct bs_json *json = bs_json_object();
	char source[BS_ADDR_TEXT_MAX] = "";

	if (judgement->has_source)
		bs_addr_format(&judgement->source, source);
	bs_json_text(json, "path", path);
	if (index > 0)
		bs_json_number(json, "index", index);
	bs_json_text(json, "class", judge_kind_name(judgement->kind));
	json_known(json, "type", judge_type_name(judgement->type));
	bs_json_bool(json, "lists", judgement->lists);
	bs_json_integer(json, "score", judgement->score);
	bs_json_integer(json, "threshold", judgement->threshold);
	json_known(json, "nearest",
	    judgement->threshold > 0 ? judge_kind_name(judgement->nearest)
				     : "");
	json_known(json, "source", source);
	json_known(json, "source_reason", judgement->source_reason);
	json_known(json, "status", judgement->status);
	json_known(json, "action", judgement->action);
	json_known(json, "reporting_mta", judgement->reporting_mta);
	json_known(json, "subject", judgement->subject);
	json_known(json, "cut", judgement->truncated_why);
	bs_json_put(json, "reasons", json_reasons(judgement));
	return bs_json_write(&json, out);
}

/* --- the walk ------------------------------------------------------------ */

/* A judging_done. */
static int
on_judged(void *context, const struct judging_mail *mail,
    struct judging_answer *answer)
{
	struct verdict *verdict = context;
	const struct verdict_job *job = verdict->job;
	struct judgement *judgement = &answer->judgement;

	if (!judge_tag_holds(judgement, judgement->received_s != 0
					    ? judgement->received_s
					    : mail->file_s))
		judge_untag(judgement, JUDGE_TAG_OLD);
	if (job->json)
		(void)verdict_write_json(
		    judgement, mail->path, mail->index, job->out);
	else
		verdict_write(judgement, mail->path, mail->index, job->out);
	verdict->broken = ferror(job->out) != 0;
	return verdict->broken ? MAILFILES_STOPPED : BS_OK;
}

static int
on_message(
    void *context, const char *path, const struct mail *mail, uint32_t file_s)
{
	struct verdict *verdict = context;

	return judging_put(verdict->judging, path, mail, file_s);
}

static void
on_skipped(void *context, const char *path, enum mail_skip why, bool named)
{
	struct verdict *verdict = context;

	messages_skipped(verdict->job->messages, path, why, named);
}

static void
on_failed(void *context, const struct bs_message *message)
{
	struct verdict *verdict = context;

	messages_failed(verdict->job->messages, message);
}

static void
on_progress(void *context, size_t bytes)
{
	(void)context;
	(void)bytes;
}

/* Walks all paths; what is judged meanwhile comes out in their order. */
static int
walk(struct verdict *verdict, char *const path[], size_t path_count)
{
	struct mailfiles_handler handler = {
	    .context = verdict,
	    .message = on_message,
	    .skipped = on_skipped,
	    .failed = on_failed,
	    .progress = on_progress,
	};
	struct mailfiles *files;
	int rc = mailfiles_new(
	    &handler, verdict->job->stop, JUDGE_MESSAGE_MAX, &files);

	if (rc != BS_OK)
		return rc;
	for (size_t i = 0; rc == BS_OK && i < path_count; i++)
		rc = mailfiles_read(files, path[i]);
	mailfiles_free(&files);
	if (judging_drain(verdict->judging) != BS_OK && rc == BS_OK)
		rc = MAILFILES_STOPPED;
	return rc;
}

void
verdict(const struct verdict_job *job, char *const path[], size_t path_count)
{
	struct verdict verdict = {.job = job};
	struct judging_setup setup = {
	    .judge = job->judge,
	    .config = job->config,
	    .jobs = job->jobs,
	    .done = on_judged,
	    .context = &verdict,
	    .messages = job->messages,
	};
	int rc;

	if (judging_new(&setup, &verdict.judging) != BS_OK)
		return;
	rc = walk(&verdict, path, path_count);
	judging_free(&verdict.judging);
	if (rc == BS_ENOMEM)
		messages_error(job->messages,
		    "out of memory: close other programs, then try again");
	if (rc != BS_OK && !(verdict.broken && bs_stdfiles_reader_gone()))
		messages_exit(job->messages, BS_EXIT_ENVIRONMENT);
}
