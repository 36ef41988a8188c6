/*
 * backstopctl show: what the list says of an address, and why.
 *
 * Gathers every listing that covers it, ORs their classes as the server does,
 * unless an exemption hides them,
 * and says of what is not listed whether it ever could be. Changes nothing.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>

#include "json.h"
#include "testpoint.h"

#include "ctl_command.h"
#include "ctl_due.h"
#include "ctl_exemption.h"
#include "ctl_listing.h"
#include "ctl_waiting.h"

/* The listings that cover a prefix, from the widest to the narrowest. */
struct cover {
	struct bs_prefix prefix;
	bs_classes classes;
	bool inside; /* there are listings inside the prefix, too */
	bool exempt; /* by: */
	struct bs_exemption exemption;
	bool holes; /* only parts of it are exempt */
	size_t count;
	struct bs_listing *listing; /* owned */
	struct ctl_waiting waiting; /* what is not public yet */
};

static void
free_cover(struct cover *cover)
{
	free(cover->listing);
	cover->listing = NULL;
	ctl_waiting_free(&cover->waiting);
}

static bool
is_listed(const struct cover *cover)
{
	return cover->count > 0 && !cover->exempt;
}

/* Whether all of it is exempt, or parts of it are. */
static int
gather_exempt(struct bs_snapshot *snapshot, struct cover *cover)
{
	struct bs_exemption inside;
	int error =
	    bs_snapshot_exempt(snapshot, &cover->prefix, &cover->exemption);

	cover->exempt = error == BS_OK;
	if (error != BS_ENOTFOUND || bs_prefix_is_single(&cover->prefix))
		return error == BS_ENOTFOUND ? BS_OK : error;
	error = bs_snapshot_exempt_next(snapshot, &cover->prefix, &inside);
	cover->holes =
	    error == BS_OK && bs_prefix_covers(&cover->prefix, &inside.prefix);
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* Asks for each prefix length in turn: at most 129 look-ups. */
static int
gather_cover(struct bs_snapshot *snapshot, struct cover *cover)
{
	const struct bs_prefix *prefix = &cover->prefix;
	struct bs_listing *room =
	    calloc((size_t)prefix->bits + 1, sizeof(*room));

	if (room == NULL)
		return BS_ENOMEM;
	cover->listing = room;
	for (unsigned bits = 0; bits <= prefix->bits; bits++) {
		struct bs_prefix wider = bs_prefix_of(&prefix->addr, bits);
		int error =
		    bs_snapshot_get(snapshot, &wider, &room[cover->count]);

		if (error == BS_ENOTFOUND)
			continue;
		if (error != BS_OK)
			return error;
		cover->classes |= room[cover->count++].classes;
	}
	return bs_prefix_is_single(prefix) || cover->count > 0
		   ? BS_OK
		   : bs_snapshot_any_inside(
			 snapshot, prefix, BS_CLASSES_ALL, &cover->inside);
}

/* A test point (RFC 5782 section 5): every zone answers it by itself. */
static bool
is_test_point(const struct bs_prefix *prefix)
{
	bs_classes class;

	return bs_prefix_is_single(prefix) &&
	       bs_testpoint_find(&prefix->addr, BS_CLASSES_ALL, &class);
}

static void
explain_exempt(const struct cover *cover, struct bs_message *why)
{
	struct bs_message exempt;

	ctl_exemption_words(&cover->exemption, &exempt);
	bs_message_set(why, "%s is exempt%s", exempt.text,
	    cover->count > 0 ? ", so what is listed is kept and not served "
			       "until that goes"
			     : "");
}

/* Why an address that is not listed never will be, or is not served, or "". */
static void
explain_unlisted(
    const struct ctl *ctl, const struct cover *cover, struct bs_message *why)
{
	const struct bs_prefix *prefix = &cover->prefix;
	const struct bs_reserved *reserved = ctl_find_reserved(ctl, prefix);
	const struct bs_prefix *exempt = ctl_find_exempt(ctl, prefix);
	char text[BS_PREFIX_TEXT_MAX];

	why->text[0] = '\0';
	if (is_test_point(prefix))
		bs_message_set(why, "a test point, which every zone answers "
				    "by itself (RFC 5782 section 5)");
	else if (cover->exempt)
		explain_exempt(cover, why);
	else if (reserved != NULL)
		bs_message_set(why, "%s is %s (%s), which is never listed",
		    bs_prefix_format(&reserved->prefix, text), reserved->name,
		    reserved->source);
	else if (exempt != NULL)
		bs_message_set(why, "%s is in `exempt` or `relays` of %s",
		    bs_prefix_format(exempt, text), ctl->config->path);
}

static void
write_holes(const struct cover *cover, const char *text)
{
	if (cover->holes)
		printf("    but parts of %s are exempt: "
		       "backstopctl exempt list\n",
		    text);
}

static void
write_text(const struct ctl *ctl, const struct cover *cover)
{
	char text[BS_PREFIX_TEXT_MAX], answer[CTL_ANSWER_TEXT_MAX];
	char classes[BS_CLASSES_TEXT_MAX];
	struct bs_message why;

	bs_prefix_format(&cover->prefix, text);
	if (is_listed(cover)) {
		printf("%s: listed, answer %s (%s)\n", text,
		    ctl_answer_format(cover->classes, answer),
		    bs_classes_format(cover->classes, classes));
		for (size_t i = 0; i < cover->count; i++)
			ctl_listing_write_block(&cover->listing[i], stdout);
		write_holes(cover, text);
		ctl_waiting_write(&cover->waiting, stdout);
		return;
	}
	explain_unlisted(ctl, cover, &why);
	printf("%s: not listed%s%s\n", text, why.text[0] != '\0' ? ": " : "",
	    why.text);
	for (size_t i = 0; i < cover->count; i++)
		ctl_listing_write_block(&cover->listing[i], stdout);
	ctl_waiting_write(&cover->waiting, stdout);
	if (cover->inside)
		printf("    but listings lie inside it: "
		       "backstopctl list --prefix %s\n",
		    text);
}

/* The members that sum up all covering listings. */
static void
put_summary(struct bs_json *json, const struct cover *cover)
{
	const struct bs_listing *narrowest = &cover->listing[cover->count - 1];
	uint32_t first_s = UINT32_MAX, last_s = 0, expires_s = 0;
	const char *reason = NULL;
	char text[BS_PREFIX_TEXT_MAX];
	uint64_t hits = 0;

	for (size_t i = 0; i < cover->count; i++) {
		const struct bs_listing *listing = &cover->listing[i];

		if (listing->first_s < first_s)
			first_s = listing->first_s;
		if (bs_listing_last_s(listing) > last_s)
			last_s = bs_listing_last_s(listing);
		if (bs_listing_expires_last_s(listing) > expires_s)
			expires_s = bs_listing_expires_last_s(listing);
		if (listing->reason[0] != '\0')
			reason = listing->reason;
		hits += ctl_listing_hits(listing);
	}
	bs_json_text(
	    json, "prefix", bs_prefix_format(&narrowest->prefix, text));
	ctl_json_time(json, "first", first_s);
	ctl_json_time(json, "last", last_s);
	ctl_json_time(json, "expires", expires_s);
	bs_json_text(json, "reason", reason);
	bs_json_number(json, "hits", hits);
}

/* The same members where nothing covers the address. */
static void
put_no_summary(struct bs_json *json)
{
	bs_json_null(json, "prefix");
	bs_json_null(json, "first");
	bs_json_null(json, "last");
	bs_json_null(json, "expires");
	bs_json_null(json, "reason");
	bs_json_number(json, "hits", 0);
}

static int
write_json(const struct ctl *ctl, const struct cover *cover)
{
	struct bs_json *json = bs_json_object();
	struct bs_json *listings = bs_json_array();
	char text[BS_PREFIX_TEXT_MAX], answer[CTL_ANSWER_TEXT_MAX];
	bool listed = is_listed(cover);
	struct bs_message why;

	explain_unlisted(ctl, cover, &why);
	bs_json_text(json, "address", bs_prefix_format(&cover->prefix, text));
	bs_json_bool(json, "listed", listed);
	bs_json_text(json, "answer",
	    listed ? ctl_answer_format(cover->classes, answer) : NULL);
	ctl_json_classes(json, listed ? cover->classes : 0);
	if (listed)
		put_summary(json, cover);
	else
		put_no_summary(json);
	bs_json_text(
	    json, "note", !listed && why.text[0] != '\0' ? why.text : NULL);
	bs_json_text(json, "exempt",
	    cover->exempt ? bs_prefix_format(&cover->exemption.prefix, text)
			  : NULL);
	for (size_t i = 0; i < cover->count; i++)
		bs_json_put(
		    listings, NULL, ctl_listing_json(&cover->listing[i]));
	bs_json_put(json, "listings", listings);
	bs_json_put(json, "waiting", ctl_waiting_json(&cover->waiting));
	return bs_json_write(&json, stdout);
}

static enum bs_exit
show_one(struct ctl *ctl, const struct bs_prefix *prefix)
{
	struct cover cover = {.prefix = *prefix};
	int error = gather_cover(ctl->snapshot, &cover);
	enum bs_exit exit_code;

	if (error == BS_OK)
		error = gather_exempt(ctl->snapshot, &cover);
	if (error == BS_OK)
		error = ctl_waiting_find(
		    ctl->snapshot, &cover.prefix, &cover.waiting);
	exit_code = is_listed(&cover) ? BS_EXIT_OK : BS_EXIT_NO;
	if (error != BS_OK)
		exit_code = ctl_store_failed(ctl, "reading", error);
	else if (!ctl->options->given[CTL_JSON])
		write_text(ctl, &cover);
	else if (write_json(ctl, &cover) == BS_ENOMEM)
		exit_code = ctl_store_failed(ctl, "show", BS_ENOMEM);
	free_cover(&cover);
	return exit_code;
}

enum bs_exit
ctl_show(struct ctl *ctl)
{
	enum bs_exit exit_code = ctl_show_each(ctl, show_one);

	/* it may be there */
	if (exit_code == BS_EXIT_NO && ctl->store != NULL)
		ctl_due_hint(ctl);
	return exit_code;
}
