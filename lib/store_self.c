/*
 * Removals by who is listed: by the address itself, or from its /64, free and
 * at once (RFC 6471 section 2.2), and by nobody else.  Who is listed again has
 * to wait longer each time, counted from the start of the new listing.
 *
 * Table self counts them for each prefix.  What the operator removes is
 * store_manual.c's; a web page, or `backstopctl remove --self`, calls this.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>

#include "store_private.h"

#define SELF_BITS 64 /* an IPv6 host speaks for so much */

static const uint32_t lockout_s[BS_SELF_LOCKOUTS] = {
    0, 1 * BS_DAY_S, 7 * BS_DAY_S, 28 * BS_DAY_S};

/* What a listing has to have lasted after so many removals. */
static uint32_t
lockout(uint8_t count)
{
	return lockout_s[count < BS_SELF_LOCKOUTS ? count
						  : BS_SELF_LOCKOUTS - 1];
}

void
bs_self_actor(const struct bs_addr *by, char actor_r[BS_JOURNAL_ACTOR_MAX + 1])
{
	char text[BS_ADDR_TEXT_MAX];

	(void)snprintf(actor_r, BS_JOURNAL_ACTOR_MAX + 1, "self:%s",
	    bs_addr_format(by, text));
}

/* What the address may have removed: itself, or its /64. */
static struct bs_prefix
own_prefix(const struct bs_addr *addr)
{
	return addr->family == BS_IPV4 ? bs_prefix_single(addr)
				       : bs_prefix_of(addr, SELF_BITS);
}

/* --- the record --------------------------------------------------------- */

static int
get_record(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_self_record *record_r)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value;
	int error = bs_writer_fetch(writer, BS_TABLE_SELF, &key, &value);

	*record_r = (struct bs_self_record){0};
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_self_decode(value.mv_data, value.mv_size, record_r) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

static struct bs_trim
trim_of(const MDB_val *key, uint32_t last_s)
{
	struct bs_trim trim = {.kind = BS_TRIM_SELF, .size = key->mv_size};

	trim.time_s = bs_store_later(last_s, BS_SELF_KEEP_S);
	memcpy(trim.key, key->mv_data, key->mv_size);
	return trim;
}

static int
count_one_more(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_self_record *record)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX], value_bytes[BS_SELF_VALUE_SIZE];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value = {
	    .mv_size = sizeof(value_bytes), .mv_data = value_bytes};
	struct bs_trim trim = trim_of(&key, record->last_s);
	int error = BS_OK;

	if (record->count > 0)
		error = bs_writer_trim_not(writer, &trim);
	if (error != BS_OK)
		return error;
	if (record->count < UINT8_MAX)
		record->count++;
	record->last_s = writer->now_s;
	bs_self_encode(record, value_bytes);
	error = bs_writer_put(writer, BS_TABLE_SELF, &key, &value, 0);
	trim = trim_of(&key, record->last_s);
	return error == BS_OK ? bs_writer_trim_at(writer, &trim) : error;
}

/* --- what lists the address --------------------------------------------- */

/* The listings around an address, the host's own ones and the wider one. */
struct found {
	size_t count;
	struct bs_prefix own[128 - SELF_BITS + 1];
	uint32_t first_s; /* since when the oldest of them is listed */
	bool has_wider;
	struct bs_prefix wider; /* the narrowest of those */
};

static int
find_listings(struct bs_writer *writer, const struct bs_addr *addr,
    const struct bs_prefix *own, struct found *found)
{
	for (unsigned bits = bs_family_bits(addr->family) + 1; bits-- > 0;) {
		struct bs_prefix prefix = bs_prefix_of(addr, bits);
		struct bs_listing listing;
		int error = bs_writer_get(writer, &prefix, &listing);

		if (error == BS_ENOTFOUND)
			continue;
		if (error != BS_OK)
			return error;
		if (!bs_prefix_covers(own, &prefix)) {
			found->has_wider = true;
			found->wider = prefix;
			return BS_OK;
		}
		found->own[found->count++] = prefix;
		if (found->count == 1 || listing.first_s < found->first_s)
			found->first_s = listing.first_s;
	}
	return BS_OK;
}

/* Whether it is too early; *result then says until when. */
static bool
is_locked(const struct bs_writer *writer, const struct bs_self_record *record,
    const struct found *found, struct bs_self_result *result)
{
	uint32_t wait_s = lockout(record->count);
	uint64_t until_s = (uint64_t)found->first_s + wait_s;

	if (wait_s == 0 || until_s <= writer->now_s)
		return false;
	result->answer = BS_SELF_LOCKED;
	result->until_s = until_s < UINT32_MAX ? (uint32_t)until_s : UINT32_MAX;
	return true;
}

static int
remove_found(struct bs_writer *writer, const struct bs_prefix *own,
    struct found *found, struct bs_self_result *result)
{
	struct bs_self_record record;
	int error = get_record(writer, own, &record);

	result->prefix = found->own[found->count - 1];
	if (error != BS_OK || is_locked(writer, &record, found, result))
		return error;
	for (size_t i = 0; error == BS_OK && i < found->count; i++)
		error = bs_writer_take_off_self(writer, &found->own[i]);
	if (error == BS_OK)
		error = count_one_more(writer, own, &record);
	result->answer = BS_SELF_REMOVED;
	result->next_lockout_s = lockout(record.count);
	return error;
}

int
bs_writer_remove_self(struct bs_writer *writer, const struct bs_addr *addr,
    const struct bs_addr *by, struct bs_self_result *result_r)
{
	struct bs_self_result result = {.answer = BS_SELF_NOT_LISTED};
	struct bs_addr listed = *addr, asking = *by;
	struct found found = {0};
	struct bs_prefix own;
	int error = writer->failed;

	if (error != BS_OK)
		return error;
	bs_addr_unmap(&listed);
	bs_addr_unmap(&asking);
	own = own_prefix(&listed);
	if (!bs_prefix_has(&own, &asking)) {
		result_r->answer = BS_SELF_STRANGER;
		return BS_OK;
	}
	error = find_listings(writer, &listed, &own, &found);
	if (error != BS_OK)
		return error;
	if (found.count > 0) {
		error = remove_found(writer, &own, &found, &result);
	} else if (found.has_wider) {
		result.answer = BS_SELF_WIDER;
		result.prefix = found.wider;
	}
	if (error == BS_OK)
		*result_r = result;
	return error;
}
