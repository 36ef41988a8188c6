/*
 * What a person has the writer do: listings added and removed by hand, and the
 * reset that backstopd appends when what it serves beside listings is new.
 * A removal is remembered, so that mail received before it never lists again.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>

#include "store_private.h"
#include "testpoint.h"

/* --- adding -------------------------------------------------------------- */

static int
check_add(struct bs_writer *writer, const struct bs_prefix *prefix,
    bs_classes classes, uint32_t expires_s, const char *reason)
{
	if (writer->failed != BS_OK)
		return writer->failed;
	if (classes == 0 || (classes & ~BS_CLASSES_ALL) != 0)
		return BS_EINVAL;
	if (expires_s <= writer->now_s)
		return BS_ERANGE;
	if (strlen(reason) > BS_LISTING_REASON_MAX)
		return BS_ETOOLONG;
	if (bs_testpoint_never(prefix))
		return BS_ERESERVED;
	return writer->full ? BS_EFULL : BS_OK;
}

int
bs_writer_add(struct bs_writer *writer, const struct bs_prefix *prefix,
    bs_classes classes, uint32_t expires_s, const char *reason, bool *new_r)
{
	struct bs_listing old, new = {.prefix = *prefix};
	bool listed;
	int error = check_add(writer, prefix, classes, expires_s, reason);

	if (error != BS_OK)
		return error;
	error = bs_writer_get(writer, prefix, &old);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	listed = error == BS_OK;
	if (listed)
		new = old;
	else
		new.first_s = writer->now_s;
	/* of an older one it is not known which: they all stay */
	new.by_hand = bs_listing_by_hand(&new) | classes;
	new.classes |= classes;
	new.manual = true;
	/* with none given, what was said before still holds */
	if (reason[0] != '\0')
		(void)snprintf(new.reason, sizeof(new.reason), "%s", reason);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		struct bs_listing_class *class = &new.class[i];

		if ((classes & bs_class_at(i)) == 0)
			continue;
		class->last_s = writer->now_s;
		if (class->expires_s < expires_s)
			class->expires_s = expires_s;
	}
	error = bs_writer_replace(writer, listed ? &old : NULL, &new,
	    BS_HISTORY_ADDED, reason[0] != '\0' ? reason : "added");
	if (error == BS_OK)
		*new_r = !listed || old.classes != new.classes;
	return error;
}

/* --- removing ------------------------------------------------------------ */

/* What a person took off is not held against the host. */
static int
forget_past(struct bs_writer *writer, const struct bs_prefix *prefix)
{
	int error = BS_OK;

	for (size_t i = 0; error == BS_OK && i < BS_CLASS_COUNT; i++) {
		struct bs_policy_past past;

		error =
		    bs_writer_take_past(writer, prefix, bs_class_at(i), &past);
	}
	return error;
}

/* Nothing of it is to be listed by what was seen until now. */
static int
forget_all(struct bs_writer *writer, const struct bs_prefix *prefix)
{
	int error = bs_writer_make_room(writer);

	if (error == BS_OK)
		error = bs_writer_note_removed(writer, prefix);
	if (error == BS_OK)
		error = forget_past(writer, prefix);
	return error == BS_OK ? bs_writer_forget_sightings(writer, prefix)
			      : error;
}

/* Ends a listing, and what is remembered of earlier ones; waits: the prefix is
 * to be listed, or more of it. */
static int
take_off(struct bs_writer *writer, const struct bs_prefix *prefix,
    enum bs_history_kind kind, const char *reason)
{
	struct bs_listing old;
	bool waits;
	int error = bs_writer_get(writer, prefix, &old);
	bool listed = error == BS_OK;

	if (listed && strlen(reason) > BS_JOURNAL_REASON_MAX)
		return BS_ETOOLONG;
	if (error == BS_OK || error == BS_ENOTFOUND)
		error = bs_writer_wait_no_more(
		    writer, prefix, BS_CLASSES_ALL, &waits);
	if (error == BS_OK && !listed && !waits)
		error = BS_ENOTFOUND;
	if (error != BS_OK)
		return error;
	error = forget_all(writer, prefix);
	if (error != BS_OK || !listed)
		return error;
	return bs_writer_replace(
	    writer, &old, NULL, kind, reason[0] != '\0' ? reason : "removed");
}

int
bs_writer_remove(struct bs_writer *writer, const struct bs_prefix *prefix,
    const char *reason)
{
	return take_off(writer, prefix, BS_HISTORY_REMOVED, reason);
}

int
bs_writer_take_off_self(
    struct bs_writer *writer, const struct bs_prefix *prefix)
{
	return take_off(
	    writer, prefix, BS_HISTORY_SELF, "asked for by who is listed");
}

/* --- resets ------------------------------------------------------------- */

int
bs_writer_reset(struct bs_writer *writer, const uint8_t digest[BS_KEYHASH_SIZE],
    const char *reason, bool *changed_r)
{
	struct bs_journal_entry entry = {.kind = BS_JOURNAL_RESET};
	char name[] = BS_META_DIGEST;
	uint8_t bytes[BS_KEYHASH_SIZE];
	MDB_val key = {.mv_size = strlen(name), .mv_data = name}, value;
	int error = writer->failed;

	if (error == BS_OK)
		error = bs_writer_fetch(writer, BS_TABLE_META, &key, &value);
	if (error == BS_OK && value.mv_size == sizeof(bytes) &&
	    memcmp(value.mv_data, digest, sizeof(bytes)) == 0) {
		*changed_r = false;
		return BS_OK;
	}
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	memcpy(bytes, digest, sizeof(bytes));
	value.mv_size = sizeof(bytes);
	value.mv_data = bytes;
	error = bs_writer_put(writer, BS_TABLE_META, &key, &value, 0);
	if (error != BS_OK)
		return error;
	(void)snprintf(entry.reason, sizeof(entry.reason), "%s", reason);
	error = bs_writer_journal(writer, &entry);
	if (error == BS_OK)
		*changed_r = true;
	return error;
}
