/*
 * Judges one message: bounds.c bounds the bytes, mime.c reads them, classify.c
 * weighs the facts, received.c finds the source.  Also makes the two keyed
 * hashes that stand for a judged message: its identity and its trap.  All doors
 * of the feeder call it; it keeps nothing between calls.
 */
#include "autoconf.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"

#include "bounds.h"
#include "classify.h"
#include "disclose.h"
#include "genuine.h"
#include "judge.h"
#include "line.h"
#include "maildate.h"
#include "mailhash.h"
#include "mime.h"
#include "mime_report.h"
#include "rulesload.h"
#include "source.h"
#include "strput.h"

struct judge {
	const struct bs_config *config; /* borrowed */
	struct bs_tag_keys tag_keys;    /* none where there is no file */
	struct weigher *weigher;
	bool wordless;
};

static const char *const kind_names[JUDGE_KIND_COUNT] = {
    [JUDGE_BOUNCE] = "bounce",
    [JUDGE_AUTOREPLY] = "autoreply",
    [JUDGE_CHALLENGE] = "challenge",
    [JUDGE_VIRUS] = "virus",
    [JUDGE_SUBSCRIBE] = "subscribe",
    [JUDGE_FORGED] = "forged",
    [JUDGE_GENUINE] = "genuine",
    [JUDGE_NONE] = "none",
};

static const char *const type_names[JUDGE_TYPE_COUNT] = {
    [JUDGE_TYPE_NONE] = "",
    [JUDGE_FAILED] = "failed",
    [JUDGE_DELAYED] = "delayed",
    [JUDGE_DELIVERED] = "delivered",
    [JUDGE_RELAYED] = "relayed",
    [JUDGE_EXPANDED] = "expanded",
    [JUDGE_DISPLAYED] = "displayed",
    [JUDGE_REJECTED] = "rejected",
};

const char *
judge_kind_name(enum judge_kind kind)
{
	return kind_names[kind];
}

const char *
judge_type_name(enum judge_type type)
{
	return type_names[type];
}

void
judge_start(void)
{
	mime_start();
}

void
judge_stop(void)
{
	mime_stop();
}

/* Without the keys that there are, what is genuine could be listed. */
static int
load_tag_keys(struct judge *judge, bs_config_report *report, void *context)
{
	struct bs_message message;
	int error;

	if (judge->config->tag_key == NULL)
		return BS_OK;
	error = bs_tag_keys_load(
	    judge->config->tag_key, &judge->tag_keys, &message);
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		report(context, true, message.text);
	return error == BS_EINVAL ? BS_ECONFIG : error;
}

/* What a judge reads from files. */
static int
load(struct judge *judge, const struct bs_config *config,
    bs_config_report *report, void *context, struct rules **rules_r)
{
	int error;

	judge->config = config;
	error = load_tag_keys(judge, report, context);
	return error == BS_OK ? rulesload(config, report, context, rules_r)
			      : error;
}

int
judge_check(
    const struct bs_config *config, bs_config_report *report, void *context)
{
	struct judge judge = {0};
	struct rules *rules = NULL;
	int error = load(&judge, config, report, context, &rules);

	bs_tag_keys_wipe(&judge.tag_keys);
	if (error == BS_OK)
		rules_free(&rules);
	return error;
}

int
judge_new(const struct bs_config *config, bs_config_report *report,
    void *context, struct judge **judge_r)
{
	struct judge *judge = calloc(1, sizeof(*judge));
	struct rules *rules = NULL;
	int error;

	if (judge == NULL)
		return BS_ENOMEM;
	error = load(judge, config, report, context, &rules);
	if (error == BS_OK)
		error = weigher_new(&rules, &judge->weigher);
	if (error != BS_OK)
		judge_free(&judge);
	else
		*judge_r = judge;
	return error;
}

void
judge_free(struct judge **judge)
{
	if (*judge == NULL)
		return;
	bs_tag_keys_wipe(&(*judge)->tag_keys);
	weigher_free(&(*judge)->weigher);
	free(*judge);
	*judge = NULL;
}

void
judge_without_reasons(struct judge *judge)
{
	judge->wordless = true;
}

static size_t
judged_size(size_t size)
{
	return size < JUDGE_MESSAGE_MAX ? size : JUDGE_MESSAGE_MAX;
}

static void
set_truncated(struct judgement *judgement, const char *why)
{
	if (judgement->truncated)
		return;
	judgement->truncated = true;
	(void)strput(
	    judgement->truncated_why, 0, sizeof judgement->truncated_why, why);
}

/* What may be shown of it to whom it concerns. */
static void
judge_evidence(
    const struct facts *facts, const char *helo, struct judgement *judgement)
{
	const struct disclose_claims claims = {
	    .status = judgement->status,
	    .action = judgement->action,
	    .reporting_mta = judgement->reporting_mta,
	    .helo = helo,
	};

	disclose(facts, &claims, &judgement->evidence);
}

static void
judge_source(const struct source_trust *trust, const struct facts *facts,
    struct judgement *judgement)
{
	struct source source;
	const char *date;

	source_find(trust, facts->received, facts->received_count, &source);
	judgement->has_source = source.has_source;
	judgement->source = source.source;
	judgement->received_is_ours = source.top_is_ours;
	judgement->received_ours = source.ours;
	(void)strput(judgement->source_reason, 0,
	    sizeof judgement->source_reason, source.reason);
	if (judgement->kind < JUDGE_FORGED && judgement->has_source)
		judge_evidence(facts, source.helo, judgement);
	if (facts->received_count == 0)
		return;
	date = strrchr(facts->received[0], ';');
	if (date != NULL)
		judgement->received_s = maildate_parse(date + 1);
}

/* --- genuine or not ------------------------------------------------------- */

/* The first reason is none of a rule's. */
static void
set_first_reason(struct judgement *judgement, const char *text)
{
	struct judge_reason *first = &judgement->reason[0];

	first->weight = 0;
	first->rule[0] = first->file[0] = '\0';
	first->line = 0;
	(void)strput(first->text, 0, sizeof first->text, text);
}

/* Puts a reason before all others; the last one may have to go. */
static void
put_reason(struct judgement *judgement, const char *text)
{
	if (judgement->wordless)
		return;
	if (judgement->reason_count < JUDGE_REASONS_MAX)
		judgement->reason_count++;
	memmove(&judgement->reason[1], &judgement->reason[0],
	    (judgement->reason_count - 1) * sizeof judgement->reason[0]);
	set_first_reason(judgement, text);
}

/* What follows from all but the tag: without proof a domain that sends mail is
 * no trap. */
static void
apply(struct judgement *judgement, enum genuine genuine)
{
	if (genuine == GENUINE_RELAY)
		judgement->kind = JUDGE_GENUINE;
	if (genuine == GENUINE_RELAY || genuine == GENUINE_UNKNOWN)
		judgement->lists = false;
	if (genuine != GENUINE_TRAP)
		put_reason(judgement, genuine_text(genuine));
}

static void
judge_genuine(const struct judge *judge, const struct facts *facts,
    struct judgement *judgement)
{
	struct genuine_found found;

	if (judgement->kind >= JUDGE_FORGED)
		return;
	genuine_find(
	    judge->config, &judge->tag_keys, facts, judgement->trap, &found);
	apply(judgement, found.without);
	if (!found.has_tag)
		return;
	judgement->proof.has_tag = true;
	judgement->proof.tag = found.tag;
	judgement->proof.kind = judgement->kind;
	judgement->proof.lists = judgement->lists;
	judgement->kind = JUDGE_GENUINE;
	judgement->lists = false;
	put_reason(judgement, "the message that it answers has a tag of ours");
}

bool
judge_tag_holds(const struct judgement *judgement, uint32_t received_s)
{
	return !judgement->proof.has_tag || received_s == 0 ||
	       bs_tag_holds(&judgement->proof.tag, received_s);
}

void
judge_untag(struct judgement *judgement, const char *why)
{
	if (!judgement->proof.has_tag)
		return;
	judgement->kind = judgement->proof.kind;
	judgement->lists = judgement->proof.lists;
	judgement->proof.has_tag = false;
	put_reason(judgement, why);
}

/* What could not be read at all is ordinary mail, with a reason. */
static void
judge_nothing(struct judgement *judgement, const char *why)
{
	judgement->kind = judgement->nearest = JUDGE_NONE;
	judgement->reason_count = 1;
	set_first_reason(judgement, why);
	(void)strput(judgement->source_reason, 0, JUDGE_TEXT_MAX, why);
}

void
judge_message(const struct judge *judge, const char *bytes, size_t size,
    struct judgement *judgement_r)
{
	struct source_trust trust = source_trust_of(judge->config);

	judge_message_by(judge, &trust, bytes, size, judgement_r);
}

bool
judge_take_apart(const struct judge_text *report, struct mime_report *report_r)
{
	size_t size = judged_size(report->size);
	size_t skip = mailhash_from_line(report->bytes, size);
	struct bounds_result bounded;

	if (!bounds_apply(report->bytes + skip, size - skip, &bounded))
		return false;
	mime_read_report(bounded.bytes, bounded.size, report_r);
	free(bounded.bytes);
	return true;
}

/* Judges what is within bounds; whether it is as it was then. */
static bool
judge_bounded(const struct judge *judge, const struct source_trust *trust,
    const struct bounds_result *bounded, struct judgement *judgement)
{
	struct facts *facts = mime_read(bounded->bytes, bounded->size);
	bool is_kept = !facts->by_gmime;

	classify(judge->weigher, facts, judgement);
	judge_source(trust, facts, judgement);
	(void)strput(judgement->trap, 0, sizeof judgement->trap, facts->trap);
	bs_batv_strip(judgement->trap);
	judge_genuine(judge, facts, judgement);
	mime_facts_free(&facts);
	return is_kept;
}

void
judge_message_lines(const struct judge *judge, const struct source_trust *trust,
    const struct judge_text *message, struct judgement *judgement_r,
    struct judge_text *lines_r)
{
	struct bounds_result bounded;
	size_t size = judged_size(message->size), skip;

	*lines_r = (struct judge_text){0};
	/* the reasons, most of it, are written as they are counted */
	memset(judgement_r, 0, offsetof(struct judgement, reason));
	judgement_r->wordless = judge->wordless;
	if (size < message->size)
		set_truncated(judgement_r, "the message is longer than 32 MB");
	skip = mailhash_from_line(message->bytes, size);
	if (!bounds_apply(message->bytes + skip, size - skip, &bounded)) {
		judge_nothing(judgement_r, "out of memory");
		return;
	}
	if (bounded.cut != NULL)
		set_truncated(judgement_r, bounded.cut);
	if (judge_bounded(judge, trust, &bounded, judgement_r) &&
	    bounded.has_all && size == message->size)
		*lines_r = (struct judge_text){bounded.bytes, bounded.size};
	else
		free(bounded.bytes);
}

struct judge_text
judge_lines_behind(const struct judge_text *lines,
    const struct judge_text *heads, const struct judge_text *message)
{
	static const struct judge_text nothing;
	const char *head = heads->bytes, *end = head + heads->size;
	size_t skip = mailhash_from_line(message->bytes, message->size);
	struct judge_text own = *lines;

	/* a line that is both's, or one that only a CR ends where there is no LF */
	if (lines->bytes == NULL || heads->size == 0 || end[-1] != '\n' ||
	    line_reader_start(message->bytes + skip, message->size - skip)
		    .newline != '\n')
		return nothing;
	for (; head < end; head++) {
		const char *lf;

		if (*head != '\n')
			continue;
		lf = memchr(own.bytes, '\n', own.size);
		if (lf == NULL)
			return nothing;
		own.size -= (size_t)(lf + 1 - own.bytes);
		own.bytes += lf + 1 - own.bytes;
	}
	return own;
}

void
judge_message_by(const struct judge *judge, const struct source_trust *trust,
    const char *bytes, size_t size, struct judgement *judgement_r)
{
	struct judge_text message = {(char *)(uintptr_t)bytes, size};
	struct judge_text lines;

	judge_message_lines(judge, trust, &message, judgement_r, &lines);
	free(lines.bytes);
}

/* --- identity -------------------------------------------------------------- */

/* What a message had around it, when it is no file: of fixed size but for the
 * trap, so that no two messages share bytes. */
struct circumstances {
	const struct bs_addr *source; /* NULL: none */
	uint32_t received_s;
	const char *trap;
};

static void
hash_circumstances(struct bs_keyhash *hash, const struct circumstances *around)
{
	const struct bs_addr *addr = around->source;
	uint8_t source[1 + sizeof addr->octet + 4] = {0};

	if (addr != NULL) {
		source[0] = addr->family;
		memcpy(source + 1, addr->octet, sizeof addr->octet);
	}
	bs_put_be32(source + sizeof source - 4, around->received_s);
	bs_keyhash_add(hash, source, sizeof source);
	bs_keyhash_add(hash, around->trap, strlen(around->trap) + 1);
}

void
judge_identity(struct bs_keyhash *hash, const char *bytes, size_t size,
    const struct judgement *judgement, uint8_t identity_r[BS_KEYHASH_SIZE])
{
	const struct circumstances around = {
	    judgement->has_source ? &judgement->source : NULL,
	    judgement->received_s, judgement->trap};

	bs_keyhash_start(hash, "message");
	hash_circumstances(hash, &around);
	mailhash_add(hash, bytes, judged_size(size), judgement->received_ours);
	bs_keyhash_end(hash, identity_r);
}

void
judge_digest(struct bs_keyhash *hash, const char *bytes, size_t size,
    size_t received_ours, uint8_t digest_r[BS_KEYHASH_SIZE])
{
	const struct circumstances none = {NULL, 0, ""};

	bs_keyhash_start(hash, "message");
	hash_circumstances(hash, &none);
	mailhash_add(hash, bytes, judged_size(size), received_ours);
	bs_keyhash_end(hash, digest_r);
}

void
judge_trap(struct bs_keyhash *hash, const struct judgement *judgement,
    uint8_t trap_r[BS_KEYHASH_SIZE])
{
	bs_keyhash_start(hash, "trap");
	bs_keyhash_add(hash, judgement->trap, strlen(judgement->trap));
	bs_keyhash_end(hash, trap_r);
}

bool
judge_sighting(struct bs_keyhash *hash, const char *bytes, size_t size,
    const struct judgement *judgement, struct bs_sighting *sighting_r)
{
	const struct judge_proof *proof = &judgement->proof;

	if (!judgement->has_source ||
	    (judgement->kind >= JUDGE_FORGED && !proof->has_tag))
		return false;
	sighting_r->source = judgement->source;
	sighting_r->class = judgement->class;
	sighting_r->facts = judgement->evidence;
	sighting_r->lists = proof->has_tag ? proof->lists : judgement->lists;
	sighting_r->has_tag = proof->has_tag;
	memcpy(sighting_r->tag, proof->tag.id, sizeof sighting_r->tag);
	judge_identity(hash, bytes, size, judgement, sighting_r->identity);
	judge_trap(hash, judgement, sighting_r->trap);
	return true;
}
