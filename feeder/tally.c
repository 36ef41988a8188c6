/*
 * Counts what became of the messages of a scan and writes the summary.
 * scan.c counts into it; nothing is decided here.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <string.h>

#include "progress.h"
#include "reserved.h"
#include "tally.h"

#define LABEL_WIDTH 18

struct outcome_row {
	const char *label; /* in words */
	const char *key;   /* in JSON */
	const char *help;
};

static const struct outcome_row outcome_table[BS_OUTCOME_COUNT] = {
    [BS_OUTCOME_LISTED] = {"listed", "listed",
	"now answered for: new, or of a class that is new"},
    [BS_OUTCOME_RENEWED] = {"renewed", "renewed",
	"were listed already: they stay longer"},
    [BS_OUTCOME_COUNTED] = {"counted", "counted", "not listed"},
    [BS_OUTCOME_REPEAT] = {"repeats", "repeats",
	"messages that were counted before: nothing changed"},
    [BS_OUTCOME_OLD] = {"too old", "old",
	"received longer ago than their class stays listed"},
    [BS_OUTCOME_REMOVED] = {"removed since", "removed",
	"received before their source was taken off the list"},
    [BS_OUTCOME_EXEMPT] = {"exempt", "exempt",
	"from what is exempt by command or configuration"},
    [BS_OUTCOME_GENUINE] = {"genuine", "genuine_by_tag",
	"answers to our own mail, by their tags"},
    [BS_OUTCOME_HELD] = {"held", "held",
	"their feed lists too much: see backstopctl feed"},
    [BS_OUTCOME_WAITING] = {"waiting", "waiting",
	"listed when they have waited: see `publish-delay`"},
    [BS_OUTCOME_RESERVED] = {"reserved space", "reserved",
	"from addresses that are never listed"},
};

static const char *const skip_keys[MAIL_SKIP_COUNT] = {
    [MAIL_SKIP_EMPTY] = "empty",
    [MAIL_SKIP_BINARY] = "binary",
    [MAIL_SKIP_TEXT] = "no_header",
    [MAIL_SKIP_SPECIAL] = "special",
    [MAIL_SKIP_LINK] = "folder_link",
    [MAIL_SKIP_DANGLING] = "dangling_link",
    [MAIL_SKIP_GONE] = "gone",
    [MAIL_SKIP_DEEP] = "too_deep",
};

const char *
tally_outcome_label(enum bs_outcome outcome)
{
	return outcome_table[outcome].label;
}

const char *
tally_outcome_key(enum bs_outcome outcome)
{
	return outcome_table[outcome].key;
}

const char *
tally_outcome_help(enum bs_outcome outcome)
{
	return outcome_table[outcome].help;
}

/* --- counting ------------------------------------------------------------ */

/* The reason with "..." for each address in it, so that equal ones add up. */
static void
without_addresses(const char *text, char general_r[JUDGE_TEXT_MAX])
{
	size_t used = 0;

	for (const char *c = text; *c != '\0' && used < JUDGE_TEXT_MAX - 4;) {
		size_t word = strcspn(c, " "), size = word == 0 ? 1 : word;
		struct bs_addr addr;

		if (bs_addr_parse(c, word, &addr) == BS_OK) {
			memcpy(general_r + used, "...", 3);
			used += 3;
		} else {
			if (size > JUDGE_TEXT_MAX - 1 - used)
				size = JUDGE_TEXT_MAX - 1 - used;
			memcpy(general_r + used, c, size);
			used += size;
		}
		c += word == 0 ? 1 : word;
	}
	general_r[used] = '\0';
}

/* One more for a reason; the last row takes those that find no room. */
static void
count_reason(struct tally *tally, const char *text)
{
	size_t i = 0;

	while (
	    i < tally->reason_count && strcmp(tally->reason[i].text, text) != 0)
		i++;
	if (i == TALLY_REASONS_MAX)
		i--;
	if (i == tally->reason_count) {
		tally->reason_count++;
		(void)snprintf(tally->reason[i].text,
		    sizeof(tally->reason[i].text), "%s",
		    i == TALLY_REASONS_MAX - 1 ? "other reasons" : text);
	}
	tally->reason[i].count++;
}

void
tally_judgement(
    struct tally *tally, const struct judgement *judgement, size_t size)
{
	tally->read++;
	tally->bytes += size;
	tally->kind[judgement->kind][judgement->type]++;
	tally->truncated += judgement->truncated;
	if (judgement->kind < JUDGE_FORGED && !judgement->has_source) {
		char general[JUDGE_TEXT_MAX];

		without_addresses(judgement->source_reason, general);
		tally->no_source++;
		count_reason(tally, general);
	}
}

void
tally_untag(struct tally *tally, enum judge_kind without, enum judge_type type)
{
	tally->kind[JUDGE_GENUINE][type]--;
	tally->kind[without][type]++;
}

void
tally_outcome(struct tally *tally, const struct bs_sighting *sighting,
    enum bs_outcome outcome)
{
	const struct bs_reserved *reserved;

	tally->outcome[outcome]++;
	if (outcome == BS_OUTCOME_COUNTED && !sighting->lists)
		tally->kept++;
	if (outcome != BS_OUTCOME_RESERVED)
		return;
	reserved = bs_reserved_find(&sighting->source);
	tally->documentation += reserved != NULL && reserved->documentation;
}

void
tally_skip(struct tally *tally, const char *path, enum mail_skip why)
{
	if (tally->skipped[why]++ > 0)
		return;
	(void)snprintf(tally->skip_example[why], TALLY_EXAMPLE_MAX, "%s", path);
	bs_text_clean(tally->skip_example[why]);
}

/* --- sums ---------------------------------------------------------------- */

static uint64_t
kind_total(const struct tally *tally, size_t kind)
{
	uint64_t total = 0;

	for (size_t type = 0; type < JUDGE_TYPE_COUNT; type++)
		total += tally->kind[kind][type];
	return total;
}

static uint64_t
skip_total(const struct tally *tally)
{
	uint64_t total = 0;

	for (size_t why = 0; why < MAIL_SKIP_COUNT; why++)
		total += tally->skipped[why];
	return total;
}

/* The index of the most frequent reason below `limit` in the order of (count,
 * index); reason_count when there is none. */
static size_t
next_reason(const struct tally *tally, size_t previous)
{
	const struct tally_reason *reason = tally->reason;
	size_t best = tally->reason_count;

	for (size_t i = 0; i < tally->reason_count; i++) {
		if (previous < tally->reason_count &&
		    (reason[i].count > reason[previous].count ||
			(reason[i].count == reason[previous].count &&
			    i <= previous)))
			continue;
		if (best == tally->reason_count ||
		    reason[i].count > reason[best].count)
			best = i;
	}
	return best;
}

/* --- in words ------------------------------------------------------------ */

static void
line(FILE *out, const char *label, uint64_t count, const char *help)
{
	fprintf(out, "%-*s %8" PRIu64 "%s%s\n", LABEL_WIDTH, label, count,
	    help[0] == '\0' ? "" : "  ", help);
}

/* "  bounce   392  371 failed, 21 delayed" */
static void
write_kind(const struct tally *tally, size_t kind, FILE *out)
{
	const char *separator = "  ";

	if (kind_total(tally, kind) == 0)
		return;
	fprintf(out, "  %-*s %8" PRIu64, LABEL_WIDTH - 2,
	    judge_kind_name((enum judge_kind)kind), kind_total(tally, kind));
	for (size_t type = JUDGE_TYPE_NONE + 1; type < JUDGE_TYPE_COUNT;
	     type++) {
		if (tally->kind[kind][type] == 0)
			continue;
		fprintf(out, "%s%" PRIu64 " %s", separator,
		    tally->kind[kind][type],
		    judge_type_name((enum judge_type)type));
		separator = ", ";
	}
	fputc('\n', out);
}

static void
write_read(const struct tally *tally, FILE *out)
{
	char size[PROGRESS_SIZE_TEXT_MAX], help[80];

	(void)snprintf(help, sizeof(help), "messages, %s in %.1f s",
	    progress_format_size(tally->bytes, size), tally->seconds);
	line(out, "read", tally->read, help);
	for (size_t kind = 0; kind < JUDGE_KIND_COUNT; kind++)
		write_kind(tally, kind, out);
	if (tally->truncated > 0)
		line(out, "cut", tally->truncated,
		    "judged by their beginning: past a limit");
}

static void
write_counted(const struct tally *tally, FILE *out)
{
	uint64_t counted = tally->outcome[BS_OUTCOME_COUNTED];

	if (tally->kept > 0)
		line(out, "  never list", tally->kept,
		    "delays, receipts and the like");
	if (counted > tally->kept)
		line(out, "  too few so far", counted - tally->kept,
		    "`policy` of the configuration says how many it takes");
}

static void
write_outcomes(const struct tally *tally, FILE *out)
{
	for (size_t i = 0; i < BS_OUTCOME_COUNT; i++) {
		if (tally->outcome[i] == 0 && i != BS_OUTCOME_LISTED)
			continue;
		line(out, outcome_table[i].label, tally->outcome[i],
		    outcome_table[i].help);
		if (i == BS_OUTCOME_COUNTED)
			write_counted(tally, out);
	}
	if (tally->documentation > 0)
		line(out, "  documentation", tally->documentation,
		    "a trial may list them: `documentation-space: yes`");
	if (tally->unwritten > 0)
		line(out, "not written", tally->unwritten,
		    "scan the same again: it continues with these");
}

static void
write_no_source(const struct tally *tally, FILE *out)
{
	uint64_t shown = 0;
	size_t i = tally->reason_count;

	if (tally->no_source == 0)
		return;
	line(out, "no source", tally->no_source,
	    "no host to be trusted handed them over");
	for (size_t n = 0; n < TALLY_REASONS_SHOWN; n++) {
		i = next_reason(tally, i);
		if (i == tally->reason_count)
			break;
		line(out, "", tally->reason[i].count, tally->reason[i].text);
		shown += tally->reason[i].count;
	}
	if (shown < tally->no_source)
		line(out, "", tally->no_source - shown, "for other reasons");
}

static void
write_skipped(const struct tally *tally, FILE *out)
{
	if (skip_total(tally) > 0)
		line(out, "skipped", skip_total(tally), "files");
	for (size_t why = 0; why < MAIL_SKIP_COUNT; why++) {
		char help[TALLY_EXAMPLE_MAX + 120];

		if (tally->skipped[why] == 0)
			continue;
		(void)snprintf(help, sizeof(help), "%s (%s%s)",
		    mail_skip_text((enum mail_skip)why),
		    tally->skip_example[why],
		    tally->skipped[why] > 1 ? ", ..." : "");
		line(out, "", tally->skipped[why], help);
	}
	if (tally->failed > 0)
		line(out, "unreadable", tally->failed,
		    "files or folders: see the messages");
}

void
tally_write(const struct tally *tally, FILE *out)
{
	write_read(tally, out);
	write_outcomes(tally, out);
	write_no_source(tally, out);
	write_skipped(tally, out);
	if (tally->interrupted)
		fputs("stopped before the end: scan the same again to go on\n",
		    out);
}

/* --- as JSON ------------------------------------------------------------- */

static struct bs_json *
json_kinds(const struct tally *tally)
{
	struct bs_json *kinds = bs_json_object();

	for (size_t kind = 0; kind < JUDGE_KIND_COUNT; kind++) {
		struct bs_json *row = bs_json_object();

		bs_json_number(row, "messages", kind_total(tally, kind));
		for (size_t type = JUDGE_TYPE_NONE + 1; type < JUDGE_TYPE_COUNT;
		     type++) {
			if (tally->kind[kind][type] > 0)
				bs_json_number(row,
				    judge_type_name((enum judge_type)type),
				    tally->kind[kind][type]);
		}
		bs_json_put(kinds, judge_kind_name((enum judge_kind)kind), row);
	}
	return kinds;
}

static struct bs_json *
json_reasons(const struct tally *tally)
{
	struct bs_json *reasons = bs_json_array();
	size_t i = tally->reason_count;

	while ((i = next_reason(tally, i)) < tally->reason_count) {
		struct bs_json *row = bs_json_object();

		bs_json_text(row, "reason", tally->reason[i].text);
		bs_json_number(row, "messages", tally->reason[i].count);
		bs_json_put(reasons, NULL, row);
	}
	return reasons;
}

static struct bs_json *
json_skipped(const struct tally *tally)
{
	struct bs_json *skipped = bs_json_object();

	for (size_t why = 0; why < MAIL_SKIP_COUNT; why++)
		bs_json_number(skipped, skip_keys[why], tally->skipped[why]);
	return skipped;
}

int
tally_write_json(const struct tally *tally, FILE *out)
{
	struct bs_json *json = bs_json_object();

	bs_json_number(json, "read", tally->read);
	bs_json_number(json, "bytes", tally->bytes);
	bs_json_real(json, "seconds", tally->seconds);
	bs_json_put(json, "classes", json_kinds(tally));
	bs_json_number(json, "cut", tally->truncated);
	for (size_t i = 0; i < BS_OUTCOME_COUNT; i++)
		bs_json_number(json, outcome_table[i].key, tally->outcome[i]);
	bs_json_number(json, "counted_never_list", tally->kept);
	bs_json_number(json, "reserved_documentation", tally->documentation);
	bs_json_number(json, "not_written", tally->unwritten);
	bs_json_number(json, "no_source", tally->no_source);
	bs_json_put(json, "no_source_reasons", json_reasons(tally));
	bs_json_number(json, "skipped", skip_total(tally));
	bs_json_put(json, "skipped_reasons", json_skipped(tally));
	bs_json_number(json, "unreadable", tally->failed);
	bs_json_bool(json, "complete", !tally->interrupted);
	return bs_json_write(&json, out);
}
