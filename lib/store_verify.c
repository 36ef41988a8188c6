/*
 * Looks at every record of a database: does it decode, is what depends on it
 * there, do the counts agree?  LMDB may crash on damaged pages, so who calls
 * (the tool) does it in a child process; progress says how far it came.
 *
 * A table of checkers, one for each table of the database.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bytes.h"
#include "store_admin.h"
#include "store_ahead_record.h"
#include "store_private.h"
#include "testpoint.h"

struct verifying {
	const struct bs_verify *verify;
	struct bs_store *store;
	MDB_txn *txn;
	struct bs_state state;
	struct bs_state counted; /* count4 to exempt6 */
	uint64_t entries[BS_TABLE_COUNT];
	uint64_t trims[BS_TABLE_COUNT]; /* entries of table trim for it */
	uint64_t expires;               /* listings that end */
	uint64_t journal_last;
};

static const char rebuild[] =
    "restore a backup, or `backstopctl list --json` into a file and import it "
    "into a new database";
static const char harmless[] = "harmless: it goes by itself";

/* --- findings ------------------------------------------------------------- */

#define KEY_TEXT_MAX (2 * 80 + 1)

static void
tell(struct verifying *self, enum bs_table table, const char *key,
    const char *what, const char *remedy)
{
	const struct bs_finding finding = {.table = bs_store_table_name(table),
	    .key = key,
	    .what = what,
	    .remedy = remedy};

	self->verify->progress->findings++;
	self->verify->found(self->verify->context, &finding);
}

static void
hexadecimal(const MDB_val *key, char text[KEY_TEXT_MAX])
{
	const uint8_t *bytes = key->mv_data;
	size_t size = key->mv_size < 80 ? key->mv_size : 80;

	text[0] = '\0';
	for (size_t i = 0; i < size; i++)
		(void)snprintf(text + 2 * i, 3, "%02x", bytes[i]);
}

static void
tell_key(struct verifying *self, enum bs_table table, const MDB_val *key,
    const char *what, const char *remedy)
{
	char text[KEY_TEXT_MAX];

	hexadecimal(key, text);
	tell(self, table, text, what, remedy);
}

static void
tell_prefix(struct verifying *self, enum bs_table table,
    const struct bs_prefix *prefix, const char *what, const char *remedy)
{
	char text[BS_PREFIX_TEXT_MAX];

	tell(self, table, bs_prefix_format(prefix, text), what, remedy);
}

/* --- looking up ----------------------------------------------------------- */

static bool
has_key(
    struct verifying *self, enum bs_table table, const void *bytes, size_t size)
{
	uint8_t copy[BS_TRIM_KEY_MAX];
	MDB_val key = {.mv_size = size, .mv_data = copy}, value;

	memcpy(copy, bytes, size);
	return mdb_get(self->txn, self->store->dbi[table], &key, &value) ==
	       MDB_SUCCESS;
}

static void
count_prefix(uint64_t *count4, uint64_t *count6, const struct bs_prefix *prefix)
{
	if (prefix->addr.family == BS_IPV4)
		count4[prefix->bits]++;
	else
		count6[prefix->bits]++;
}

/* --- listings and when they end ------------------------------------------- */

static void
check_listing(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	uint8_t bytes[BS_EXPIRY_KEY_MAX];
	struct bs_prefix prefix;
	struct bs_listing listing;
	uint32_t first_s;

	if (bs_listing_key_parse(key->mv_data, key->mv_size, &prefix) !=
		BS_OK ||
	    bs_store_listing_table(prefix.addr.family) != table) {
		tell_key(self, table, key, "no prefix", rebuild);
		return;
	}
	count_prefix(self->counted.count4, self->counted.count6, &prefix);
	if (bs_listing_decode(
		&prefix, value->mv_data, value->mv_size, &listing) != BS_OK) {
		tell_prefix(self, table, &prefix, "does not decode", rebuild);
		return;
	}
	if (bs_testpoint_never(&prefix))
		tell_prefix(self, table, &prefix, "must never be listed",
		    "remove it by `backstopctl remove`");
	first_s = bs_listing_expires_first_s(&listing);
	if (first_s == BS_LISTING_FOREVER)
		return;
	self->expires++;
	if (!has_key(self, BS_TABLE_EXPIRY, bytes,
		bs_expiry_key(first_s, &prefix, bytes)))
		tell_prefix(self, table, &prefix,
		    "is not in the index of what ends: it would stay for ever",
		    "remove it by `backstopctl remove`, or add it again");
}

static void
check_expiry(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	struct bs_prefix prefix;
	struct bs_listing listing;
	uint32_t time_s;

	(void)value;
	if (bs_expiry_key_parse(key->mv_data, key->mv_size, &time_s, &prefix) !=
	    BS_OK) {
		tell_key(self, table, key, "no time and prefix", rebuild);
		return;
	}
	if (bs_store_get_listing(self->store, self->txn, &prefix, &listing) !=
		BS_OK ||
	    bs_listing_expires_first_s(&listing) != time_s)
		tell_prefix(self, table, &prefix,
		    "is in the index of what ends, and no listing ends then",
		    harmless);
}

/* --- sightings and what is remembered ------------------------------------- */

static void
check_sighting(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	struct bs_sighting_record record;

	if (key->mv_size > BS_SIGHTING_KEY_MAX ||
	    bs_sighting_decode(value->mv_data, value->mv_size, &record) !=
		BS_OK)
		tell_key(self, table, key, "does not decode", rebuild);
}

static void
check_seen(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	uint32_t time_s;

	if (key->mv_size != BS_KEYHASH_SIZE ||
	    bs_time_decode(value->mv_data, value->mv_size, &time_s) != BS_OK)
		tell_key(self, table, key, "does not decode", rebuild);
}

static void
check_tag(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	uint32_t time_s;

	if (key->mv_size > BS_SIGHTING_KEY_MAX ||
	    bs_time_decode(value->mv_data, value->mv_size, &time_s) != BS_OK)
		tell_key(self, table, key, "does not decode", rebuild);
}

static void
check_removed(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	struct bs_prefix prefix;
	uint32_t time_s;

	if (bs_prefix_key_parse(key->mv_data, key->mv_size, &prefix) != BS_OK ||
	    bs_time_decode(value->mv_data, value->mv_size, &time_s) != BS_OK)
		tell_key(self, table, key, "does not decode", rebuild);
}

static void
check_past(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	struct bs_policy_past past;

	if (key->mv_size > BS_SIGHTING_GROUP_MAX ||
	    bs_past_decode(value->mv_data, value->mv_size, &past) != BS_OK)
		tell_key(self, table, key, "does not decode", rebuild);
}

static void
check_trim(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	struct bs_trim trim;
	enum bs_table of;

	(void)value;
	if (bs_trim_key_parse(key->mv_data, key->mv_size, &trim) != BS_OK) {
		tell_key(self, table, key, "does not decode", rebuild);
		return;
	}
	of = bs_store_trimmed_table(trim.kind);
	self->trims[of]++;
	if (!has_key(self, of, trim.key, trim.size))
		tell_key(self, table, key,
		    "says when a record may go that is not there", harmless);
}

/* --- journal, exemptions -------------------------------------------------- */

static void
check_journal(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	struct bs_journal_entry entry;
	uint64_t number;

	if (key->mv_size != 8) {
		tell_key(self, table, key, "no number", rebuild);
		return;
	}
	number = bs_get_be64(key->mv_data);
	if (bs_journal_decode(number, value->mv_data, value->mv_size, &entry) !=
	    BS_OK)
		tell_key(self, table, key, "does not decode", rebuild);
	if (self->journal_last != 0 && number != self->journal_last + 1)
		tell_key(self, table, key, "does not follow the one before",
		    "have secondaries transfer all: `backstopctl serial "
		    "--at-least N`, N above the serial of `backstopctl stats`");
	self->journal_last = number;
}

static void
check_exempt(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	struct bs_exemption exemption;
	struct bs_prefix prefix;

	if (bs_prefix_key_parse(key->mv_data, key->mv_size, &prefix) != BS_OK) {
		tell_key(self, table, key, "no prefix", rebuild);
		return;
	}
	count_prefix(self->counted.exempt4, self->counted.exempt6, &prefix);
	if (bs_exemption_decode(
		&prefix, value->mv_data, value->mv_size, &exemption) != BS_OK)
		tell_prefix(self, table, &prefix, "does not decode", rebuild);
}

/* --- table meta ------------------------------------------------------------ */

static void
check_meta(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	static const char clock[] = BS_META_CLOCK, keep[] = BS_META_KEEP;
	static const char ahead[] = BS_META_AHEAD;
	struct bs_clock_record clock_record;
	struct bs_keep keep_record;
	uint64_t epoch;

	if (key->mv_size == sizeof(clock) - 1 &&
	    memcmp(key->mv_data, clock, key->mv_size) == 0 &&
	    bs_clock_decode(value->mv_data, value->mv_size, &clock_record) !=
		BS_OK)
		tell(self, table, clock, "does not decode", rebuild);
	if (key->mv_size == sizeof(keep) - 1 &&
	    memcmp(key->mv_data, keep, key->mv_size) == 0 &&
	    bs_keep_decode(value->mv_data, value->mv_size, &keep_record) !=
		BS_OK)
		tell(self, table, keep, "does not decode", rebuild);
	if (key->mv_size == sizeof(ahead) - 1 &&
	    memcmp(key->mv_data, ahead, key->mv_size) == 0 &&
	    bs_epoch_decode(value->mv_data, value->mv_size, &epoch) != BS_OK)
		tell(self, table, ahead, "does not decode", rebuild);
}

/* --- what waits to become public ------------------------------------------ */

static void
check_waiting(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	uint8_t bytes[BS_WAITING_DUE_MAX];
	struct bs_waiting waiting;

	if (bs_waiting_key_parse(key->mv_data, key->mv_size, &waiting) !=
		BS_OK ||
	    bs_waiting_decode(value->mv_data, value->mv_size, &waiting) !=
		BS_OK)
		tell_key(self, table, key, "does not decode", rebuild);
	else if (!has_key(self, BS_TABLE_PUBLISH, bytes,
		     bs_waiting_due(&waiting, bytes)))
		tell_prefix(self, table, &waiting.prefix,
		    "is not in the index of what waits: it would for ever",
		    "remove it by `backstopctl remove`, or add it");
}

static void
check_publish(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	uint8_t bytes[BS_WAITING_KEY_MAX];
	struct bs_waiting waiting;

	(void)value;
	if (bs_waiting_due_parse(key->mv_data, key->mv_size, &waiting) != BS_OK)
		tell_key(
		    self, table, key, "no time, prefix and class", rebuild);
	else if (!has_key(self, BS_TABLE_WAITING, bytes,
		     bs_waiting_key(&waiting.prefix, waiting.class, bytes)))
		tell_prefix(self, table, &waiting.prefix,
		    "is in the index of what waits, and does not", harmless);
}

/* --- what no other record depends on -------------------------------------- */

static void
check_alone(struct verifying *self, enum bs_table table, const MDB_val *key,
    const MDB_val *value)
{
	if (!bs_store_is_sound(table, key, value))
		tell_key(self, table, key, "does not decode", rebuild);
}

/* --- tables ----------------------------------------------------------------- */

typedef void checker(struct verifying *self, enum bs_table table,
    const MDB_val *key, const MDB_val *value);

static checker *const checkers[BS_TABLE_COUNT] = {
    [BS_TABLE_META] = check_meta,
    [BS_TABLE_LISTING4] = check_listing,
    [BS_TABLE_LISTING6] = check_listing,
    [BS_TABLE_EXPIRY] = check_expiry,
    [BS_TABLE_SIGHTING] = check_sighting,
    [BS_TABLE_SEEN] = check_seen,
    [BS_TABLE_REMOVED] = check_removed,
    [BS_TABLE_PAST] = check_past,
    [BS_TABLE_JOURNAL] = check_journal,
    [BS_TABLE_TRIM] = check_trim,
    [BS_TABLE_EXEMPT] = check_exempt,
    [BS_TABLE_HISTORY] = check_alone,
    [BS_TABLE_SELF] = check_alone,
    [BS_TABLE_EVIDENCE] = check_alone,
    [BS_TABLE_TAG] = check_tag,
    [BS_TABLE_HELD] = check_alone,
    [BS_TABLE_FEED] = check_alone,
    [BS_TABLE_WAITING] = check_waiting,
    [BS_TABLE_PUBLISH] = check_publish,
};

static int
walk_table(struct verifying *self, enum bs_table table)
{
	struct bs_verify_progress *progress = self->verify->progress;
	MDB_cursor *cursor;
	MDB_val key, value;
	int code = mdb_cursor_open(self->txn, self->store->dbi[table], &cursor);

	(void)snprintf(progress->table, sizeof(progress->table), "%s",
	    bs_store_table_name(table));
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	code = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (code == MDB_SUCCESS) {
		if (checkers[table] != NULL)
			checkers[table](self, table, &key, &value);
		self->entries[table]++;
		progress->records++;
		code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	mdb_cursor_close(cursor);
	return code == MDB_NOTFOUND ? BS_OK : bs_store_error(code);
}

/* --- sums ------------------------------------------------------------------- */

static void
check_count(struct verifying *self, enum bs_table table, uint64_t found,
    uint64_t wanted, const char *of)
{
	char what[128];

	if (found == wanted)
		return;
	(void)snprintf(what, sizeof(what),
	    "%" PRIu64 " records, %" PRIu64 " %s", found, wanted, of);
	tell(self, table, "", what, rebuild);
}

static void
check_sums(struct verifying *self)
{
	static const enum bs_table trimmed[] = {BS_TABLE_SIGHTING,
	    BS_TABLE_SEEN, BS_TABLE_REMOVED, BS_TABLE_PAST, BS_TABLE_SELF,
	    BS_TABLE_EVIDENCE, BS_TABLE_TAG};
	const struct bs_state *state = &self->state, *own = &self->counted;

	if (memcmp(state->count4, own->count4, sizeof(own->count4)) != 0 ||
	    memcmp(state->count6, own->count6, sizeof(own->count6)) != 0)
		tell(self, BS_TABLE_META, BS_META_STATE,
		    "its counts of listings by prefix length are wrong",
		    rebuild);
	if (memcmp(state->exempt4, own->exempt4, sizeof(own->exempt4)) != 0 ||
	    memcmp(state->exempt6, own->exempt6, sizeof(own->exempt6)) != 0)
		tell(self, BS_TABLE_META, BS_META_STATE,
		    "its counts of exemptions by prefix length are wrong",
		    rebuild);
	check_count(self, BS_TABLE_EXPIRY, self->entries[BS_TABLE_EXPIRY],
	    self->expires, "listings that end");
	check_count(self, BS_TABLE_PUBLISH, self->entries[BS_TABLE_PUBLISH],
	    self->entries[BS_TABLE_WAITING], "listings that wait");
	for (size_t i = 0; i < sizeof(trimmed) / sizeof(trimmed[0]); i++)
		check_count(self, trimmed[i], self->entries[trimmed[i]],
		    self->trims[trimmed[i]], "times when they may go");
	if (self->journal_last != state->number)
		check_count(self, BS_TABLE_JOURNAL, self->journal_last,
		    state->number, "is the number of the newest");
}

/* Every page is in a table, in the list of free ones, or lost. */
static void
check_pages(struct verifying *self)
{
	uint64_t unused = 0, used = 2; /* meta pages */
	MDB_envinfo info;
	MDB_stat stat;
	char what[96];

	if (mdb_env_info(self->store->env, &info) != MDB_SUCCESS ||
	    bs_store_free_pages(self->txn, 0, &unused) != BS_OK)
		return;
	for (MDB_dbi dbi = 0; dbi < 2; dbi++) { /* LMDB's own two tables */
		if (mdb_stat(self->txn, dbi, &stat) == MDB_SUCCESS)
			used += stat.ms_branch_pages + stat.ms_leaf_pages +
				stat.ms_overflow_pages;
	}
	for (size_t i = 0; i < BS_TABLE_COUNT; i++) {
		if (mdb_stat(self->txn, self->store->dbi[i], &stat) ==
		    MDB_SUCCESS)
			used += stat.ms_branch_pages + stat.ms_leaf_pages +
				stat.ms_overflow_pages;
	}
	/* others may have committed since: only ours is of one moment */
	if (mdb_txn_id(self->txn) != info.me_last_txnid ||
	    used + unused == info.me_last_pgno + 1)
		return;
	(void)snprintf(what, sizeof(what),
	    "%" PRIu64 " pages of %zu are in use, %" PRIu64 " free", used,
	    info.me_last_pgno + 1, unused);
	tell(self, BS_TABLE_META, "", what,
	    "pages are lost: `backstopctl compact` has them back");
}

static int
verify_all(struct verifying *self)
{
	int error = bs_store_get_state(self->store, self->txn, &self->state);

	if (error != BS_OK) {
		tell(self, BS_TABLE_META, BS_META_STATE, "does not decode",
		    rebuild);
		return BS_OK;
	}
	for (size_t i = 0; error == BS_OK && i < BS_TABLE_COUNT; i++)
		error = walk_table(self, (enum bs_table)i);
	if (error != BS_OK)
		return error;
	check_sums(self);
	check_pages(self);
	return BS_OK;
}

int
bs_store_verify(struct bs_store *store, const struct bs_verify *verify)
{
	struct verifying self = {.verify = verify, .store = store};
	int error,
	    code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &self.txn);

	if (code == MDB_READERS_FULL && bs_store_clear_readers(store) > 0)
		code = mdb_txn_begin(store->env, NULL, MDB_RDONLY, &self.txn);
	if (code != MDB_SUCCESS)
		return bs_store_error(code);
	*verify->progress = (struct bs_verify_progress){.table = ""};
	error = verify_all(&self);
	mdb_txn_abort(self.txn);
	return error;
}
