/*
 * Listings that ended by time: what makes who comes back a repeater.  Table
 * past has one record for a prefix and class, from the end of its listing until
 * it is listed again, a person takes it off, or BS_STORE_PAST_S are over.
 * Noted by store_expiry.c, asked for by store_sighting.c.
 */
#include "autoconf.h"

#include <string.h>

#include "store_private.h"

/* The record's key, and when it may go. */
static struct bs_trim
trim_of(const struct bs_prefix *prefix, enum bs_class class, uint32_t ended_s)
{
	struct bs_trim trim = {.kind = BS_TRIM_PAST};

	trim.size = bs_sighting_group(prefix, class, trim.key);
	trim.time_s = bs_store_later(ended_s, BS_STORE_PAST_S);
	return trim;
}

int
bs_writer_take_past(struct bs_writer *writer, const struct bs_prefix *prefix,
    enum bs_class class, struct bs_policy_past *past_r)
{
	struct bs_trim trim = trim_of(prefix, class, 0);
	MDB_val key = {.mv_size = trim.size, .mv_data = trim.key}, value;
	struct bs_policy_past past;
	int error = bs_writer_fetch(writer, BS_TABLE_PAST, &key, &value);

	*past_r = (struct bs_policy_past){0};
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_past_decode(value.mv_data, value.mv_size, &past) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	error = bs_writer_del(writer, BS_TABLE_PAST, &key);
	trim = trim_of(prefix, class, past.ended_s);
	if (error == BS_OK)
		error = bs_writer_trim_not(writer, &trim);
	if (error == BS_OK)
		*past_r = past;
	return error;
}

int
bs_writer_note_past(struct bs_writer *writer, const struct bs_listing *listing,
    enum bs_class class)
{
	const struct bs_listing_class *ended =
	    &listing->class[bs_class_index(class)];
	struct bs_policy_past past;
	struct bs_trim trim =
	    trim_of(&listing->prefix, class, ended->expires_s);
	uint8_t bytes[BS_PAST_VALUE_SIZE];
	MDB_val key = {.mv_size = trim.size, .mv_data = trim.key};
	MDB_val value = {.mv_size = sizeof(bytes), .mv_data = bytes};
	int error;

	/* a person's doing says nothing of the host; and where the map is
	 * full, ending listings must not need room */
	if (ended->hits == 0 || ended->expires_s == 0 || writer->full)
		return BS_OK;
	error = bs_writer_take_past(writer, &listing->prefix, class, &past);
	if (error != BS_OK)
		return error;
	past.ended_s = ended->expires_s;
	past.repeats = ended->repeats;
	bs_past_encode(&past, bytes);
	error = bs_writer_put(writer, BS_TABLE_PAST, &key, &value, 0);
	return error == BS_OK ? bs_writer_trim_at(writer, &trim) : error;
}
