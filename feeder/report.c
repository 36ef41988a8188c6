/*
 * Judges what reporters hand in.  mime_report.c takes the report apart, arf.c reads
 * its fields, judge.c judges what is attached; here both are put together, with
 * one rule above all: an address that two witnesses do not agree on is none.
 * Called by judging.c and judgework.c.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arf.h"
#include "mime_report.h"
#include "report.h"
#include "reserved.h"
#include "source.h"

static void
refuse(struct judgement *judgement, const char *why)
{
	memset(judgement, 0, sizeof *judgement);
	judgement->kind = JUDGE_NONE;
	judgement->reason_count = 1;
	snprintf(judgement->reason[0].text, JUDGE_TEXT_MAX,
	    "report refused: %s", why);
	snprintf(judgement->source_reason, JUDGE_TEXT_MAX, "report refused");
}

static void
no_source(struct judgement *judgement, const char *why)
{
	judgement->has_source = false;
	snprintf(judgement->source_reason, JUDGE_TEXT_MAX, "%s", why);
}

/* Reports of messages that are no abuse, or of a sender's own failures. */
static bool
hands_in(const struct arf *arf)
{
	static const char *const types[] = {"abuse", "fraud", "virus", "other"};

	for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
		if (strcmp(arf->type, types[i]) == 0)
			return true;
	}
	return false;
}

/* Takes the report's Source-IP. */
static void
take_source_ip(const struct arf *arf, struct judgement *judgement)
{
	const struct bs_reserved *reserved = bs_reserved_find(&arf->source);

	if (reserved != NULL && !reserved->documentation) {
		no_source(judgement, "Source-IP is reserved space");
		return;
	}
	judgement->has_source = true;
	judgement->source = arf->source;
	snprintf(judgement->source_reason, JUDGE_TEXT_MAX,
	    "Source-IP of the report");
}

static void
find_source(const struct bs_config_reporter *reporter, const struct arf *arf,
    struct judgement *judgement)
{
	bool reads_lines = reporter->by_count > 0 || reporter->hops > 0;

	if (!reads_lines) /* what was seen of a peer is not of that one */
		judgement->evidence.helo[0] = '\0';
	if (!reads_lines && (arf == NULL || !arf->has_source))
		no_source(judgement,
		    "no Source-IP, and reporter[].hops and by are not set");
	else if (!reads_lines)
		take_source_ip(arf, judgement);
	else if (judgement->has_source && arf != NULL && arf->has_source &&
		 bs_addr_compare(&judgement->source, &arf->source) != 0)
		no_source(judgement,
		    "Source-IP and the attached Received lines disagree");
	if (judgement->received_s == 0 && arf != NULL)
		judgement->received_s = arf->arrival_s;
}

static struct source_trust
trust_of(const struct bs_config_reporter *reporter)
{
	return (struct source_trust){
	    .relays = reporter->relays,
	    .relay_count = reporter->relay_count,
	    .by = reporter->by,
	    .by_count = reporter->by_count,
	    .hops = reporter->hops,
	};
}

/* What is wrong with it, or NULL. */
static const char *
look_at(const struct mime_report *report, struct arf *arf_r)
{
	const char *wrong;

	if (report->messages == 0)
		return "no message is attached";
	if (report->messages > 1)
		return "more than one message is attached: hand in one at a "
		       "time";
	if (report->fields == NULL)
		return NULL;
	wrong = arf_parse(report->fields, report->fields_size, arf_r);
	if (wrong == NULL && !hands_in(arf_r))
		return "its Feedback-Type hands in no abuse";
	return wrong;
}

void
report_judge(const struct judge *judge,
    const struct bs_config_reporter *reporter, const struct judge_text *report,
    struct judgement *judgement_r, struct judge_text *attached_r)
{
	struct source_trust trust = trust_of(reporter);
	struct mime_report parts;
	struct arf arf = {0};
	const char *wrong;

	*attached_r = (struct judge_text){0};
	if (!judge_take_apart(report, &parts)) {
		refuse(judgement_r, "out of memory");
		return;
	}
	wrong = look_at(&parts, &arf);
	if (wrong != NULL) {
		refuse(judgement_r, wrong);
		mime_report_free(&parts);
		return;
	}
	judge_message_by(
	    judge, &trust, parts.message, parts.message_size, judgement_r);
	find_source(reporter, parts.fields != NULL ? &arf : NULL, judgement_r);
	attached_r->size = parts.message_size;
	attached_r->bytes = parts.message;
	parts.message = NULL;
	mime_report_free(&parts);
}

/* --- who reports ----------------------------------------------------------- */

const struct bs_config_reporter *
report_of_peer(const struct bs_config *config, const struct bs_addr *peer)
{
	if (bs_prefix_any_has(config->relays, config->relay_count, peer))
		return NULL;
	for (size_t i = 0; i < config->reporter_count; i++) {
		const struct bs_config_reporter *one = &config->reporter[i];

		if (bs_prefix_any_has(one->from, one->from_count, peer))
			return one;
	}
	return NULL;
}

static bool
is_inside(const char *path, const char *folder)
{
	size_t size = strlen(folder);

	while (size > 1 && folder[size - 1] == '/')
		size--;
	return strncmp(path, folder, size) == 0 &&
	       (path[size] == '/' || path[size] == '\0');
}

const struct bs_config_reporter *
report_of_path(const struct bs_config *config, const char *path)
{
	char *real = config->reporter_count > 0 ? realpath(path, NULL) : NULL;
	const struct bs_config_reporter *found = NULL;

	for (size_t i = 0; i < config->reporter_count && real != NULL; i++) {
		const struct bs_config_reporter *one = &config->reporter[i];

		for (size_t k = 0; k < one->folder_count; k++) {
			char *folder = realpath(one->folders[k].path, NULL);

			if (folder != NULL && is_inside(real, folder))
				found = one;
			free(folder);
		}
	}
	free(real);
	return found;
}
