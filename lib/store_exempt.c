/*
 * Exemptions come and go, by command or by the configuration.  What is listed
 * is not touched: only the journal is told which answers that alters, in the
 * transaction that does it.
 *
 * One exemption alters the answers of the listings inside it, and, where a
 * listing is wider, its own; but none that another exemption hides already.
 * All that one call alters is one cause: past a limit the changes that it put
 * into the journal are taken out again, and one reset stands for them.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* What one cause has put into the journal. */
struct telling {
	struct bs_writer *writer;
	const char *reason;
	size_t count;
	bool reset;
};

/* --- the journal -------------------------------------------------------- */

static int
put_reset(struct telling *telling)
{
	struct bs_journal_entry entry = {.kind = BS_JOURNAL_RESET};

	telling->reset = true;
	(void)snprintf(
	    entry.reason, sizeof(entry.reason), "%s", telling->reason);
	return bs_writer_journal(telling->writer, &entry);
}

/* The changes told so far are the journal's last: takes them out. */
static int
take_back(struct telling *telling)
{
	struct bs_writer *writer = telling->writer;

	for (; telling->count > 0; telling->count--) {
		uint8_t bytes[8];
		MDB_val key = {.mv_size = sizeof(bytes), .mv_data = bytes};
		int error;

		bs_put_be64(bytes, writer->state.number);
		error = bs_writer_del(writer, BS_TABLE_JOURNAL, &key);
		/* a small journal is trimmed meanwhile */
		if (error != BS_OK && error != BS_ENOTFOUND)
			return error;
		writer->state.number--;
	}
	writer->journal_first_known = false;
	return BS_OK;
}

/* Tells that what a prefix gets from listings is served no more, or again. */
static int
tell(struct telling *telling, const struct bs_prefix *prefix,
    bs_classes classes, bool exempting)
{
	struct bs_writer *writer = telling->writer;
	struct bs_journal_entry entry = {
	    .kind = BS_JOURNAL_CHANGE,
	    .prefix = *prefix,
	    .old_classes = exempting ? classes : 0,
	    .new_classes = exempting ? 0 : classes,
	};
	int error;

	if (telling->reset || classes == 0)
		return BS_OK;
	if (telling->count >= writer->store->limits.changes) {
		error = take_back(telling);
		return error == BS_OK ? put_reset(telling) : error;
	}
	(void)snprintf(
	    entry.reason, sizeof(entry.reason), "%s", telling->reason);
	error = bs_writer_journal(writer, &entry);
	if (error == BS_OK)
		telling->count++;
	return error;
}

/* --- which answers change ----------------------------------------------- */

/* What all listings give to the whole of a prefix. */
static int
classes_covering(struct bs_writer *writer, const struct bs_prefix *prefix,
    bs_classes *classes_r)
{
	enum bs_table table = bs_store_listing_table(prefix->addr.family);
	const uint64_t *counts = prefix->addr.family == BS_IPV4
				     ? writer->state.count4
				     : writer->state.count6;

	*classes_r = 0;
	for (unsigned bits = 0; bits <= prefix->bits; bits++) {
		struct bs_prefix wider = bs_prefix_of(&prefix->addr, bits);
		uint8_t bytes[BS_LISTING_KEY_MAX];
		MDB_val key = {.mv_data = bytes}, value;
		int error;

		if (counts[bits] == 0)
			continue;
		key.mv_size = bs_listing_key(&wider, bytes);
		error = bs_writer_fetch(writer, table, &key, &value);
		if (error == BS_ENOTFOUND)
			continue;
		if (error != BS_OK)
			return error;
		*classes_r |= bs_listing_classes(value.mv_data, value.mv_size);
	}
	return BS_OK;
}

/* Tells of one listing, unless another exemption hides it. */
static int
tell_listing(struct telling *telling, const struct bs_prefix *prefix,
    const MDB_val *value, bool exempting)
{
	bs_classes classes = bs_listing_classes(value->mv_data, value->mv_size);
	bool hidden;
	int error = bs_exempt_hides(&telling->writer->exempt, prefix, &hidden);

	if (error == BS_OK && classes == 0)
		error = BS_ECORRUPT;
	if (error != BS_OK)
		return bs_writer_spoil(telling->writer, error, MDB_CORRUPTED);
	return hidden ? BS_OK : tell(telling, prefix, classes, exempting);
}

/* Walks what is narrower than the exemption and inside it. */
static int
walk_inside(struct telling *telling, MDB_cursor *cursor,
    const struct bs_prefix *exempt, bool exempting)
{
	uint8_t bytes[BS_LISTING_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_listing_key(exempt, bytes), .mv_data = bytes};
	MDB_val value;
	int code = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);

	for (; code == MDB_SUCCESS && !telling->reset;
	     code = mdb_cursor_get(cursor, &key, &value, MDB_NEXT)) {
		struct bs_prefix found;
		int error =
		    bs_listing_key_parse(key.mv_data, key.mv_size, &found);

		if (error != BS_OK)
			return bs_writer_spoil(
			    telling->writer, error, MDB_CORRUPTED);
		if (!bs_prefix_covers(exempt, &found))
			return BS_OK;
		if (found.bits == exempt->bits)
			continue; /* told with those that are wider */
		error = tell_listing(telling, &found, &value, exempting);
		if (error != BS_OK)
			return error;
	}
	if (code == MDB_SUCCESS || code == MDB_NOTFOUND)
		return BS_OK;
	return bs_writer_spoil(telling->writer, bs_store_error(code), code);
}

/* All that an exemption alters; it is not, or no more, among the others. */
static int
tell_answers(
    struct telling *telling, const struct bs_prefix *exempt, bool exempting)
{
	struct bs_writer *writer = telling->writer;
	enum bs_table table = bs_store_listing_table(exempt->addr.family);
	bs_classes classes;
	MDB_cursor *cursor;
	bool hidden;
	int code, error = bs_exempt_hides(&writer->exempt, exempt, &hidden);

	if (error != BS_OK)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	if (hidden)
		return BS_OK;
	error = classes_covering(writer, exempt, &classes);
	if (error == BS_OK)
		error = tell(telling, exempt, classes, exempting);
	if (error != BS_OK)
		return error;
	code = mdb_cursor_open(writer->txn, writer->store->dbi[table], &cursor);
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	error = walk_inside(telling, cursor, exempt, exempting);
	mdb_cursor_close(cursor);
	return error;
}

/* --- records ------------------------------------------------------------ */

static int
put(struct bs_writer *writer, const struct bs_exemption *exemption)
{
	uint8_t key_bytes[BS_PREFIX_KEY_MAX], bytes[BS_EXEMPTION_VALUE_MAX];
	MDB_val key = {.mv_size = bs_prefix_key(&exemption->prefix, key_bytes),
	    .mv_data = key_bytes};
	MDB_val value = {
	    .mv_size = bs_exemption_encode(exemption, bytes), .mv_data = bytes};

	return bs_writer_put(writer, BS_TABLE_EXEMPT, &key, &value, 0);
}

static void
count(struct bs_writer *writer, const struct bs_prefix *prefix, bool more)
{
	uint64_t *number = prefix->addr.family == BS_IPV4
			       ? &writer->state.exempt4[prefix->bits]
			       : &writer->state.exempt6[prefix->bits];

	if (more)
		++*number;
	else if (*number > 0)
		--*number;
	writer->state_changed = true;
	bs_exempt_view_set(&writer->exempt, &writer->state);
}

/* For the history of the prefix, whether or not an answer changes. */
static int
note(struct telling *telling, const struct bs_prefix *prefix,
    enum bs_history_kind kind)
{
	struct bs_history_entry entry = {.kind = kind};

	(void)snprintf(
	    entry.reason, sizeof(entry.reason), "%s", telling->reason);
	return bs_writer_history(telling->writer, prefix, &entry);
}

/* A new one. */
static int
insert(struct telling *telling, const struct bs_exemption *exemption)
{
	int error = tell_answers(telling, &exemption->prefix, true);

	if (error == BS_OK)
		error = put(telling->writer, exemption);
	if (error != BS_OK)
		return error;
	count(telling->writer, &exemption->prefix, true);
	return note(telling, &exemption->prefix, BS_HISTORY_EXEMPTED);
}

/* Takes back what `by` made; the record goes with the last of them. */
static int
take(struct telling *telling, struct bs_exemption *exemption, uint8_t by)
{
	struct bs_writer *writer = telling->writer;
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {.mv_size = bs_prefix_key(&exemption->prefix, bytes),
	    .mv_data = bytes};
	int error;

	exemption->by &= (uint8_t)~by;
	if (by == BS_EXEMPT_COMMAND)
		exemption->actor[0] = exemption->reason[0] = '\0';
	if (exemption->by != 0)
		return put(writer, exemption);
	error = bs_writer_del(writer, BS_TABLE_EXEMPT, &key);
	if (error != BS_OK)
		return error;
	count(writer, &exemption->prefix, false);
	error = note(telling, &exemption->prefix, BS_HISTORY_NOT_EXEMPTED);
	return error == BS_OK ? tell_answers(telling, &exemption->prefix, false)
			      : error;
}

int
bs_writer_exempt_get(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_exemption *exemption_r)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {
	    .mv_size = bs_prefix_key(prefix, bytes), .mv_data = bytes};
	MDB_val value;
	int error = writer->failed;

	if (error == BS_OK)
		error = bs_writer_fetch(writer, BS_TABLE_EXEMPT, &key, &value);
	if (error != BS_OK)
		return error;
	error = bs_exemption_decode(
	    prefix, value.mv_data, value.mv_size, exemption_r);
	return error == BS_OK ? BS_OK
			      : bs_writer_spoil(writer, error, MDB_CORRUPTED);
}

int
bs_writer_exempt_covering(struct bs_writer *writer,
    const struct bs_prefix *prefix, struct bs_exemption *exemption_r)
{
	struct bs_prefix widest;
	int error = writer->failed;

	if (error == BS_OK)
		error = bs_exempt_covering(&writer->exempt, prefix, &widest);
	if (error != BS_OK)
		return error;
	return bs_writer_exempt_get(writer, &widest, exemption_r);
}

/* --- by command --------------------------------------------------------- */

int
bs_writer_exempt(struct bs_writer *writer, const struct bs_prefix *prefix,
    const char *reason, bool *new_r)
{
	struct telling telling = {
	    .writer = writer, .reason = reason[0] != '\0' ? reason : "exempt"};
	struct bs_exemption exemption;
	int error = bs_writer_exempt_get(writer, prefix, &exemption);
	bool known = error == BS_OK;
	bool new;

	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	if (strlen(reason) > BS_EXEMPTION_REASON_MAX)
		return BS_ETOOLONG;
	if (!known && writer->full)
		return BS_EFULL;
	if (!known)
		exemption = (struct bs_exemption){
		    .prefix = *prefix, .since_s = writer->now_s};
	new = (exemption.by & BS_EXEMPT_COMMAND) == 0;
	exemption.by |= BS_EXEMPT_COMMAND;
	if (new || reason[0] != '\0') {
		(void)snprintf(exemption.actor, sizeof(exemption.actor), "%s",
		    writer->actor);
		(void)snprintf(
		    exemption.reason, sizeof(exemption.reason), "%s", reason);
	}
	error = known ? put(writer, &exemption) : insert(&telling, &exemption);
	if (error == BS_OK)
		*new_r = new;
	return error;
}

int
bs_writer_unexempt(struct bs_writer *writer, const struct bs_prefix *prefix,
    const char *reason)
{
	struct telling telling = {.writer = writer,
	    .reason = reason[0] != '\0' ? reason : "no longer exempt"};
	struct bs_exemption exemption;
	int error = bs_writer_exempt_get(writer, prefix, &exemption);

	if (error != BS_OK)
		return error;
	if (strlen(reason) > BS_EXEMPTION_REASON_MAX)
		return BS_ETOOLONG;
	if ((exemption.by & BS_EXEMPT_COMMAND) == 0)
		return BS_ENOTFOUND;
	return take(&telling, &exemption, BS_EXEMPT_COMMAND);
}

/* --- by the configuration ----------------------------------------------- */

static int
compare(const void *left, const void *right)
{
	return bs_prefix_compare(left, right);
}

static int
configure_one(
    struct telling *telling, const struct bs_prefix *prefix, size_t *changes)
{
	struct bs_exemption exemption;
	int error = bs_writer_exempt_get(telling->writer, prefix, &exemption);

	if (error == BS_OK && (exemption.by & BS_EXEMPT_CONFIG) != 0)
		return BS_OK;
	if (error != BS_OK && error != BS_ENOTFOUND)
		return error;
	++*changes;
	if (error == BS_OK) {
		exemption.by |= BS_EXEMPT_CONFIG;
		return put(telling->writer, &exemption);
	}
	exemption = (struct bs_exemption){.prefix = *prefix,
	    .by = BS_EXEMPT_CONFIG,
	    .since_s = telling->writer->now_s};
	return insert(telling, &exemption);
}

/* Takes back those that are configured and not among the sorted ones. */
static int
take_others(struct telling *telling, const struct bs_prefix *sorted,
    size_t sorted_count, size_t *changes)
{
	struct bs_exempt_view *view = &telling->writer->exempt;
	struct bs_prefix at = {.addr = {.family = BS_IPV4}};
	struct bs_exemption exemption;
	int error = bs_exempt_seek(view, &at, false, &exemption);

	while (error == BS_OK) {
		at = exemption.prefix;
		if ((exemption.by & BS_EXEMPT_CONFIG) != 0 &&
		    bsearch(&at, sorted, sorted_count, sizeof(*sorted),
			compare) == NULL) {
			++*changes;
			error = take(telling, &exemption, BS_EXEMPT_CONFIG);
		}
		if (error == BS_OK)
			error = bs_exempt_seek(view, &at, true, &exemption);
	}
	if (error == BS_ENOTFOUND)
		return BS_OK;
	return bs_writer_spoil(telling->writer, error, MDB_CORRUPTED);
}

int
bs_writer_exempt_configured(struct bs_writer *writer,
    const struct bs_prefix *prefix, size_t count, size_t *changes_r)
{
	struct telling telling = {
	    .writer = writer, .reason = "exempt by the configuration"};
	struct bs_prefix *sorted = calloc(count + 1, sizeof(*sorted));
	size_t changes = 0;
	int error = writer->failed;

	if (sorted == NULL)
		return BS_ENOMEM;
	for (size_t i = 0; i < count; i++)
		sorted[i] = prefix[i];
	qsort(sorted, count, sizeof(*sorted), compare);
	/* first what comes: what it hides is not told when others go */
	for (size_t i = 0; error == BS_OK && i < count; i++)
		error = configure_one(&telling, &sorted[i], &changes);
	telling.reason = "no longer exempt by the configuration";
	if (error == BS_OK)
		error = take_others(&telling, sorted, count, &changes);
	free(sorted);
	if (error == BS_OK)
		*changes_r = changes;
	return error;
}
