/*
 * Reads what ctl_listing.c writes, strictly: a listing that means something
 * else than its line says is worse than none.  Pure; ctl_import.c calls it.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "json_read.h"

#include "ctl_listing_read.h"

static int
wrong(struct bs_message *message, const char *key, const char *instead)
{
	bs_message_set(message, "%s: %s", key, instead);
	return BS_EINVAL;
}

/* A time, null (for ever) where `ever`. */
static int
read_time(const struct bs_json_value *object, const char *key, bool ever,
    uint32_t *time_s_r, struct bs_message *message)
{
	const char *text;
	int error = bs_json_get_text(object, key, &text);

	if (error == BS_ENOTFOUND && ever && bs_json_has(object, key)) {
		*time_s_r = BS_LISTING_FOREVER;
		return BS_OK;
	}
	if (error == BS_OK)
		error = bs_time_parse(text, time_s_r);
	return error == BS_OK ? BS_OK
			      : wrong(message, key,
				    "not a time: write 2026-11-22T03:00:00Z");
}

static int
read_prefix(const struct bs_json_value *object, struct bs_prefix *prefix_r,
    struct bs_message *message)
{
	const char *text;
	int error = bs_json_get_text(object, "prefix", &text);

	if (error == BS_OK)
		error = bs_prefix_parse(text, strlen(text), prefix_r);
	if (error != BS_OK)
		return wrong(message, "prefix",
		    "not an address or prefix: write 192.0.2.99 or "
		    "2001:db8::/64");
	bs_prefix_unmap(prefix_r);
	return BS_OK;
}

static int
read_counts(const struct bs_json_value *object, struct bs_listing_class *class,
    struct bs_message *message)
{
	uint64_t hits = 0, repeats = 0;
	int error = bs_json_get_number(object, "hits", UINT32_MAX, &hits);

	if (error != BS_OK && error != BS_ENOTFOUND)
		return wrong(message, "hits", "not a number from 0 to 2^32-1");
	error = bs_json_get_number(object, "repeats", UINT8_MAX, &repeats);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return wrong(message, "repeats", "not a number from 0 to 255");
	class->hits = (uint32_t)hits;
	class->repeats = (uint8_t)repeats;
	return BS_OK;
}

static int
read_class(const struct bs_json_value *object, struct bs_listing_class *class,
    bool *by_hand_r, struct bs_message *message)
{
	int error;

	error = read_time(object, "last", false, &class->last_s, message);
	if (error == BS_OK)
		error = read_time(
		    object, "expires", true, &class->expires_s, message);
	if (error == BS_OK)
		error = read_counts(object, class, message);
	if (error != BS_OK)
		return error;
	*by_hand_r = false;
	error = bs_json_get_bool(object, "by_hand", by_hand_r);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return wrong(message, "by_hand", "not true or false");
	return BS_OK;
}

static int
read_classes(const struct bs_json_value *object, struct bs_listing *listing,
    struct bs_message *message)
{
	const struct bs_json_value *all;
	size_t count = 0;

	if (bs_json_get_object(object, "by_class", &all) != BS_OK)
		return wrong(message, "by_class",
		    "missing: write an object with a member for each class");
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		const struct bs_json_value *one;
		bool by_hand;
		int error = bs_json_get_object(
		    all, bs_class_name(bs_class_at(i)), &one);

		if (error == BS_ENOTFOUND)
			continue;
		if (error != BS_OK)
			return wrong(message, bs_class_name(bs_class_at(i)),
			    "not an object");
		error = read_class(one, &listing->class[i], &by_hand, message);
		if (error != BS_OK)
			return error;
		listing->classes |= bs_class_at(i);
		if (by_hand)
			listing->by_hand |= bs_class_at(i);
		count++;
	}
	if (count == 0 || count != bs_json_count(all))
		return wrong(message, "by_class",
		    "no class, or one that is none: take of bounce, "
		    "autoreply, challenge, virus, callout, subscribe");
	return BS_OK;
}

static int
read_source(const struct bs_json_value *object, struct bs_listing *listing,
    struct bs_message *message)
{
	const char *text;
	int error = bs_json_get_text(object, "source", &text);

	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error == BS_OK)
		error = bs_addr_parse(text, strlen(text), &listing->exact);
	if (error == BS_OK && bs_prefix_has(&listing->prefix, &listing->exact))
		return BS_OK;
	return wrong(message, "source", "not an address inside the prefix");
}

static bool
is_plain(const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			return false;
	}
	return true;
}

static int
read_reason(const struct bs_json_value *object, struct bs_listing *listing,
    struct bs_message *message)
{
	const char *text;
	int error = bs_json_get_text(object, "reason", &text);

	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK || strlen(text) > BS_LISTING_REASON_MAX ||
	    !is_plain(text))
		return wrong(message, "reason",
		    "not a text of one line and at most 200 bytes");
	(void)snprintf(listing->reason, sizeof(listing->reason), "%s", text);
	return BS_OK;
}

/* Files that say of no class whether it is by hand say "manual" only: then it is
 * not known which are. */
static int
read_manual(const struct bs_json_value *object, struct bs_listing *listing,
    struct bs_message *message)
{
	int error = bs_json_get_bool(object, "manual", &listing->manual);

	if (error == BS_ENOTFOUND)
		listing->manual = listing->by_hand != 0;
	else if (error != BS_OK)
		return wrong(message, "manual", "not true or false");
	if (listing->by_hand != 0 && !listing->manual)
		return wrong(message, "manual",
		    "false, but a class is by_hand: make one of them fit");
	return BS_OK;
}

static int
read_listing(const struct bs_json_value *object, struct bs_listing *listing,
    struct bs_message *message)
{
	int error = read_prefix(object, &listing->prefix, message);

	if (error == BS_OK)
		error = read_classes(object, listing, message);
	if (error == BS_OK)
		error = read_time(
		    object, "first", false, &listing->first_s, message);
	if (error == BS_OK)
		error = read_source(object, listing, message);
	if (error == BS_OK)
		error = read_reason(object, listing, message);
	if (error == BS_OK)
		error = read_manual(object, listing, message);
	return error;
}

int
ctl_listing_read(const char *line, size_t size, struct bs_listing *listing_r,
    struct bs_message *message)
{
	struct bs_listing listing = {.classes = 0};
	struct bs_json_value *object;
	int error = bs_json_read(line, size, &object, message);

	if (error != BS_OK)
		return error;
	error = read_listing(object, &listing, message);
	bs_json_value_free(&object);
	if (error == BS_OK)
		*listing_r = listing;
	return error;
}
