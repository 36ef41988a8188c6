/*
 * Whether a record of the tables that no other depends on decodes: history,
 * removals by who is listed, evidence, feeds.  For the check of a whole database
 * (store_verify.c), which does the tables that hang together itself.
 */
#include "autoconf.h"

#include "bytes.h"
#include "store_private.h"

/* Whether entries decode; *day_r: that of the first one. */
static bool
entries(const uint8_t *bytes, size_t size, uint32_t *day_r)
{
	struct bs_history_reader reader;
	struct bs_history_entry entry;
	bool first = true;
	int error;

	bs_history_read_begin(&reader, bytes, size);
	while ((error = bs_history_read(&reader, &entry)) == BS_OK) {
		if (first)
			*day_r = reader.day;
		first = false;
	}
	return error == BS_ENOTFOUND;
}

static bool
history(const MDB_val *key, const MDB_val *value)
{
	const uint8_t *bytes = key->mv_data, *record = value->mv_data;
	struct bs_history_head head;
	struct bs_prefix prefix;
	uint32_t day = 0;
	size_t size, used;

	if (bs_prefix_key_parse(bytes, key->mv_size, &prefix) == BS_OK)
		return bs_history_head_decode(
			   record, value->mv_size, &head, &used) == BS_OK &&
		       entries(record + used, value->mv_size - used, &day);
	if (key->mv_size <= BS_HISTORY_TAIL)
		return false;
	size = key->mv_size - BS_HISTORY_TAIL;
	return bs_prefix_key_parse(bytes, size, &prefix) == BS_OK &&
	       bs_history_more_decode(record, value->mv_size, &used) == BS_OK &&
	       entries(record + used, value->mv_size - used, &day) &&
	       day == bs_get_be16(bytes + size);
}

static bool
self(const MDB_val *key, const MDB_val *value)
{
	struct bs_self_record record;
	struct bs_prefix prefix;

	return bs_prefix_key_parse(key->mv_data, key->mv_size, &prefix) ==
		   BS_OK &&
	       bs_self_decode(value->mv_data, value->mv_size, &record) == BS_OK;
}

static bool
evidence(const MDB_val *key, const MDB_val *value)
{
	struct bs_evidence_list list;
	struct bs_prefix prefix;

	return bs_prefix_key_parse(key->mv_data, key->mv_size, &prefix) ==
		   BS_OK &&
	       bs_evidence_decode(value->mv_data, value->mv_size, &list) ==
		   BS_OK;
}

static bool
held(const MDB_val *key, const MDB_val *value)
{
	struct bs_held record;

	return bs_held_key_parse(key->mv_data, key->mv_size, &record) ==
		   BS_OK &&
	       bs_held_decode(value->mv_data, value->mv_size, &record) == BS_OK;
}

static bool
feed(const MDB_val *key, const MDB_val *value)
{
	struct bs_feed_state state;

	return key->mv_size > 0 && key->mv_size <= BS_HELD_FEED_MAX &&
	       bs_feed_state_decode(value->mv_data, value->mv_size, &state) ==
		   BS_OK;
}

bool
bs_store_is_sound(enum bs_table table, const MDB_val *key, const MDB_val *value)
{
	if (table == BS_TABLE_HISTORY)
		return history(key, value);
	if (table == BS_TABLE_EVIDENCE)
		return evidence(key, value);
	if (table == BS_TABLE_HELD)
		return held(key, value);
	if (table == BS_TABLE_FEED)
		return feed(key, value);
	return table == BS_TABLE_SELF && self(key, value);
}
