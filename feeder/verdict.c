/*
 * Prints judgements, for people and as JSON Lines.  mailfiles.c finds and
 * reads the mail, the judge judges; nothing is decided or stored here.
 */
#include "autoconf.h"

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

/* --- one judgement ------------------------------------------------------- */

/* Outside bytes must not end a line or move a terminal's cursor. */
static void
put_text(const char *text, FILE *out)
{
	while (*text != '\0') {
		size_t plain = 0, size;

		while (text[plain] >= ' ' && text[plain] < 127)
			plain++;
		(void)fwrite(text, 1, plain, out);
		text += plain;
		if (*text == '\0')
			return;
		size = bs_utf8_plain(text);
		fwrite(size == 0 ? "?" : text, 1, size == 0 ? 1 : size, out);
		text += size == 0 ? 1 : size;
	}
}

/* As fprintf, but for the time that takes: a message has some twenty. */
static void
put_number(unsigned number, FILE *out)
{
	char digits[12];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + number % 10);
		number /= 10;
	} while (number > 0);
	(void)fwrite(digits + at, 1, sizeof(digits) - at, out);
}

/* "+20" */
static void
put_weight(int weight, FILE *out)
{
	(void)putc(weight < 0 ? '-' : '+', out);
	put_number(weight < 0 ? -(unsigned)weight : (unsigned)weight, out);
}

/* "; +20 subject has "undeliver" [bounce-subject-en, bounce.yaml:12]" */
static void
put_reasons(const struct judgement *judgement, FILE *out)
{
	for (size_t i = 0; i < judgement->reason_count; i++) {
		const struct judge_reason *reason = &judgement->reason[i];

		(void)fputs(i == 0 ? ": " : "; ", out);
		put_weight(reason->weight, out);
		(void)putc(' ', out);
		put_text(reason->text, out);
		if (reason->rule[0] == '\0')
			continue;
		(void)fputs(" [", out);
		(void)fputs(reason->rule, out);
		(void)fputs(", ", out);
		put_text(reason->file, out);
		(void)putc(':', out);
		put_number(reason->line, out);
		(void)putc(']', out);
	}
}

/* "bounce (failed), score 145 of 75" */
static void
put_class(const struct judgement *judgement, FILE *out)
{
	fprintf(out, "%s", judge_kind_name(judgement->kind));
	if (judgement->type != JUDGE_TYPE_NONE)
		fprintf(out, " (%s)", judge_type_name(judgement->type));
	if (judgement->threshold == 0)
		return;
	if (judgement->nearest == judgement->kind)
		fprintf(out, ", score %d of %d", judgement->score,
		    judgement->threshold);
	else
		fprintf(out, ", nearest %s with score %d of %d",
		    judge_kind_name(judgement->nearest), judgement->score,
		    judgement->threshold);
}

void
verdict_write(const struct judgement *judgement, const char *path, size_t index,
    FILE *out)
{
	char source[BS_ADDR_TEXT_MAX];

	put_text(path, out);
	if (index > 0)
		fprintf(out, "#%zu", index);
	fputs(": ", out);
	put_class(judgement, out);
	if (judgement->has_source)
		fprintf(out, ", source %s",
		    bs_addr_format(&judgement->source, source));
	else
		fputs(", no source", out);
	if (judgement->source_reason[0] != '\0') {
		fputs(" (", out);
		put_text(judgement->source_reason, out);
		fputc(')', out);
	}
	put_reasons(judgement, out);
	fputc('\n', out);
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
