/*
 * How backstopctl prints a listing, for people and for programs.
 *
 * Reads no clock and no database; `show`, `list` and `add` call it.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

#include "error.h"

#include "ctl_listing.h"

#define HITS_TEXT_MAX sizeof("4294967295 hits")

char *
ctl_answer_format(bs_classes classes, char text[CTL_ANSWER_TEXT_MAX])
{
	(void)snprintf(text, CTL_ANSWER_TEXT_MAX, "127.0.0.%u",
	    (unsigned)(uint8_t)(classes | BS_LISTED));
	return text;
}

char *
ctl_expires_format(uint32_t expires_s, char text[BS_TIME_TEXT_MAX])
{
	if (expires_s == BS_LISTING_FOREVER)
		return strcpy(text, "never");
	return bs_time_format(expires_s, text);
}

void
ctl_json_time(struct bs_json *json, const char *key, uint32_t time_s)
{
	char text[BS_TIME_TEXT_MAX];

	if (time_s == BS_LISTING_FOREVER)
		bs_json_null(json, key);
	else
		bs_json_text(json, key, bs_time_format(time_s, text));
}

void
ctl_json_classes(struct bs_json *json, bs_classes classes)
{
	struct bs_json *names = bs_json_array();

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((classes & bs_class_at(i)) != 0)
			bs_json_text(
			    names, NULL, bs_class_name(bs_class_at(i)));
	}
	bs_json_put(json, "classes", names);
}

uint64_t
ctl_listing_hits(const struct bs_listing *listing)
{
	uint64_t hits = 0;

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((listing->classes & bs_class_at(i)) != 0)
			hits += listing->class[i].hits;
	}
	return hits;
}

static struct bs_json *
by_class_json(const struct bs_listing *listing)
{
	struct bs_json *all = bs_json_object();

	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		const struct bs_listing_class *row = &listing->class[i];
		struct bs_json *one;

		if ((listing->classes & bs_class_at(i)) == 0)
			continue;
		one = bs_json_object();
		bs_json_number(one, "hits", row->hits);
		ctl_json_time(one, "last", row->last_s);
		ctl_json_time(one, "expires", row->expires_s);
		bs_json_number(one, "repeats", row->repeats);
		bs_json_bool(one, "by_hand",
		    (bs_listing_by_hand(listing) & bs_class_at(i)) != 0);
		bs_json_put(all, bs_class_name(bs_class_at(i)), one);
	}
	return all;
}

struct bs_json *
ctl_listing_json(const struct bs_listing *listing)
{
	struct bs_json *json = bs_json_object();
	char text[BS_PREFIX_TEXT_MAX], answer[CTL_ANSWER_TEXT_MAX];

	bs_json_text(json, "prefix", bs_prefix_format(&listing->prefix, text));
	bs_json_text(
	    json, "answer", ctl_answer_format(listing->classes, answer));
	ctl_json_classes(json, listing->classes);
	ctl_json_time(json, "first", listing->first_s);
	ctl_json_time(json, "last", bs_listing_last_s(listing));
	ctl_json_time(json, "expires", bs_listing_expires_last_s(listing));
	bs_json_number(json, "hits", ctl_listing_hits(listing));
	bs_json_bool(json, "manual", listing->manual);
	bs_json_text(json, "reason",
	    listing->reason[0] != '\0' ? listing->reason : NULL);
	bs_json_text(json, "source",
	    listing->exact.family == 0 ? NULL
				       : bs_addr_format(&listing->exact, text));
	bs_json_put(json, "by_class", by_class_json(listing));
	return json;
}

void
ctl_listing_write_json(
    const struct bs_listing *listing, const struct bs_prefix *exempt, FILE *out)
{
	struct bs_json *json = ctl_listing_json(listing);
	char text[BS_PREFIX_TEXT_MAX];

	bs_json_text(json, "exempt",
	    exempt != NULL ? bs_prefix_format(exempt, text) : NULL);
	(void)bs_json_write(&json, out);
}

/* "bounce,callout": one word, so that columns stay columns. */
static void
classes_word(bs_classes classes, char text[BS_CLASSES_TEXT_MAX])
{
	char *to = text;

	bs_classes_format(classes, text);
	for (const char *from = text; *from != '\0'; from++) {
		if (*from != ' ')
			*to++ = *from;
	}
	*to = '\0';
}

void
ctl_listing_write_row(
    const struct bs_listing *listing, const struct bs_prefix *exempt, FILE *out)
{
	char prefix[BS_PREFIX_TEXT_MAX], classes[BS_CLASSES_TEXT_MAX];
	char hidden[BS_PREFIX_TEXT_MAX];
	char last[BS_TIME_TEXT_MAX], expires[BS_TIME_TEXT_MAX];
	struct bs_message reason;

	classes_word(listing->classes, classes);
	bs_message_set(&reason, "%s", listing->reason);
	fprintf(out, "%-18s  %-16s  %s  %s%s%s%s%s%s\n",
	    bs_prefix_format(&listing->prefix, prefix), classes,
	    bs_time_format(bs_listing_last_s(listing), last),
	    ctl_expires_format(bs_listing_expires_last_s(listing), expires),
	    exempt != NULL ? "  [exempt: " : "",
	    exempt != NULL ? bs_prefix_format(exempt, hidden) : "",
	    exempt != NULL ? "]" : "", reason.text[0] != '\0' ? "  " : "",
	    reason.text);
}

/* "3 hits"; none is what a person added. */
static const char *
hits_words(uint32_t hits, char text[HITS_TEXT_MAX])
{
	if (hits == 0)
		return "by hand";
	(void)snprintf(text, HITS_TEXT_MAX, "%" PRIu32 " hit%s", hits,
	    hits == 1 ? "" : "s");
	return text;
}

void
ctl_listing_write_block(const struct bs_listing *listing, FILE *out)
{
	char prefix[BS_PREFIX_TEXT_MAX], time[BS_TIME_TEXT_MAX];
	struct bs_message reason;

	fprintf(out, "    %-10s %s%s\n", "prefix",
	    bs_prefix_format(&listing->prefix, prefix),
	    listing->manual ? " (added or changed by hand)" : "");
	fprintf(out, "    %-10s %s\n", "since",
	    bs_time_format(listing->first_s, time));
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		const struct bs_listing_class *row = &listing->class[i];
		char until[BS_TIME_TEXT_MAX], hits[HITS_TEXT_MAX];

		if ((listing->classes & bs_class_at(i)) == 0)
			continue;
		fprintf(out, "    %-10s %s, last %s, until %s",
		    bs_class_name(bs_class_at(i)), hits_words(row->hits, hits),
		    bs_time_format(row->last_s, time),
		    ctl_expires_format(row->expires_s, until));
		if (row->repeats > 0)
			fprintf(out, ", came back %u time%s", row->repeats,
			    row->repeats == 1 ? "" : "s");
		fputs("\n", out);
	}
	if (listing->reason[0] == '\0')
		return;
	bs_message_set(&reason, "%s", listing->reason);
	fprintf(out, "    %-10s %s\n", "reason", reason.text);
}
