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
	    reason[0] != '\0' ? reason : "added");
	if (error == BS_OK)
		*new_r = !listed || old.classes != new.classes;
	return error;
}

/* --- removing ------------------------------------------------------------ */

/* When it was removed before, so that that note need not be trimmed. */
static int
forget_removal(struct bs_writer *writer, MDB_val *key)
{
	struct bs_trim trim = {.kind = BS_TRIM_REMOVED, .size = key->mv_size};
	uint8_t bytes[BS_TRIM_KEY_MAX];
	MDB_val value, trim_key = {.mv_data = bytes};
	uint32_t removed_s;
	int error = bs_writer_fetch(writer, BS_TABLE_REMOVED, key, &value);

	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_time_decode(value.mv_data, value.mv_size, &removed_s) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	trim.time_s = removed_s > UINT32_MAX - BS_STORE_REMOVED_S
			  ? UINT32_MAX
			  : removed_s + BS_STORE_REMOVED_S;
	memcpy(trim.key, key->mv_data, key->mv_size);
	trim_key.mv_size = bs_trim_key(&trim, bytes);
	error = bs_writer_del(writer, BS_TABLE_TRIM, &trim_key);
	return error == BS_ENOTFOUND ? BS_OK : error;
}

static int
note_removal(struct bs_writer *writer, const struct bs_prefix *prefix)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX], time[BS_TIME_VALUE_SIZE];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value = {.mv_size = sizeof(time), .mv_data = time};
	struct bs_trim trim = {.kind = BS_TRIM_REMOVED, .size = key.mv_size};
	int error = forget_removal(writer, &key);

	if (error != BS_OK)
		return error;
	bs_time_encode(writer->now_s, time);
	error = bs_writer_put(writer, BS_TABLE_REMOVED, &key, &value, 0);
	if (error != BS_OK)
		return error;
	trim.time_s = writer->now_s > UINT32_MAX - BS_STORE_REMOVED_S
			  ? UINT32_MAX
			  : writer->now_s + BS_STORE_REMOVED_S;
	memcpy(trim.key, bytes, key.mv_size);
	return bs_writer_trim_at(writer, &trim);
}

int
bs_writer_remove(struct bs_writer *writer, const struct bs_prefix *prefix,
    const char *reason)
{
	struct bs_listing old;
	int error = bs_writer_get(writer, prefix, &old);

	if (error != BS_OK)
		return error;
	if (strlen(reason) > BS_JOURNAL_REASON_MAX)
		return BS_ETOOLONG;
	error = note_removal(writer, prefix);
	if (error != BS_OK)
		return error;
	return bs_writer_replace(
	    writer, &old, NULL, reason[0] != '\0' ? reason : "removed");
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
