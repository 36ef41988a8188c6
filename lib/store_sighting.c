/*
 * A sighting comes in: is it new, may its source be listed, is it enough?  The
 * policy decides; here the facts are gathered and the verdict is carried out.
 * Called by the feeder for each message, in one transaction for many.
 *
 * A sighting of an unlisted class is counted in the windows that hold it, those
 * that end with a later sighting too, so that mail read in another order than
 * it came in ends in the same listings.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* What one sighting is about, gathered step by step. */
struct judging {
	struct bs_writer *writer;
	const struct bs_policy *policy;
	const struct bs_sighting *sighting;
	const struct bs_policy_class *rule;
	struct bs_prefix prefix;
	uint32_t received_s;
	struct bs_listing old; /* where facts.listed or has_listing */
	bool has_listing;
	struct bs_policy_facts facts;
	uint32_t newest_s; /* of the sightings that count */
};

/* --- what is known ------------------------------------------------------ */

static int
was_seen(
    struct bs_writer *writer, const struct bs_sighting *sighting, bool *seen_r)
{
	uint8_t identity[BS_KEYHASH_SIZE];
	MDB_val key = {.mv_size = sizeof(identity), .mv_data = identity}, value;
	uint32_t end_s;
	int error;

	memcpy(identity, sighting->identity, sizeof(identity));
	*seen_r = false;
	error = bs_writer_fetch(writer, BS_TABLE_SEEN, &key, &value);
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_time_decode(value.mv_data, value.mv_size, &end_s) != BS_OK)
		return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
	/* past its end it only waits for being trimmed */
	*seen_r = end_s > writer->now_s;
	return BS_OK;
}

static int
get_removed(struct judging *judging)
{
	uint8_t bytes[BS_PREFIX_KEY_MAX];
	MDB_val key = {.mv_size = bs_prefix_key(&judging->prefix, bytes),
	    .mv_data = bytes};
	MDB_val value;
	int error =
	    bs_writer_fetch(judging->writer, BS_TABLE_REMOVED, &key, &value);

	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_time_decode(value.mv_data, value.mv_size,
		&judging->facts.removed_s) != BS_OK)
		return bs_writer_spoil(
		    judging->writer, BS_ECORRUPT, MDB_CORRUPTED);
	return BS_OK;
}

/* The listing and the last removal; the counts are still 0. */
static int
gather(struct judging *judging)
{
	const struct bs_sighting *sighting = judging->sighting;
	int error =
	    bs_writer_get(judging->writer, &judging->prefix, &judging->old);

	if (error != BS_OK && error != BS_ENOTFOUND)
		return bs_writer_spoil(judging->writer, error, MDB_CORRUPTED);
	judging->has_listing = error == BS_OK;
	judging->facts = (struct bs_policy_facts){
	    .listed = judging->has_listing &&
		      (judging->old.classes & sighting->class) != 0,
	    .received_s = judging->received_s,
	    .now_s = judging->writer->now_s,
	};
	judging->newest_s = judging->received_s;
	return get_removed(judging);
}

/* --- counting ----------------------------------------------------------- */

/* Walks the sightings of one prefix and class in the order of time. */
struct walk {
	struct bs_writer *writer;
	MDB_cursor *cursor;
	uint8_t key[BS_SIGHTING_KEY_MAX]; /* the group, then the start */
	size_t group_size;
	size_t steps; /* left */
	uint32_t time_s;
	struct bs_sighting_record record;
};

struct window {
	uint32_t hits, traps;
	uint8_t trap[BS_POLICY_HITS_MAX][BS_KEYHASH_SIZE];
};

/* The first one at or after start_s (MDB_SET_RANGE), or the next one
 * (MDB_NEXT); BS_ENOTFOUND after the last one of the group. */
static int
step(struct walk *walk, MDB_cursor_op op, uint32_t start_s)
{
	MDB_val key = {.mv_size = walk->group_size + 4, .mv_data = walk->key};
	MDB_val value;
	int code;

	if (walk->steps == 0)
		return BS_ENOTFOUND;
	walk->steps--;
	bs_put_be32(walk->key + walk->group_size, start_s);
	code = mdb_cursor_get(walk->cursor, &key, &value, op);
	if (code == MDB_NOTFOUND)
		return BS_ENOTFOUND;
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(
		    walk->writer, bs_store_error(code), code);
	if (key.mv_size != walk->group_size + 12 ||
	    memcmp(key.mv_data, walk->key, walk->group_size) != 0)
		return BS_ENOTFOUND;
	walk->time_s =
	    bs_get_be32((const uint8_t *)key.mv_data + walk->group_size);
	if (bs_sighting_decode(value.mv_data, value.mv_size, &walk->record) ==
	    BS_OK)
		return BS_OK;
	return bs_writer_spoil(walk->writer, BS_ECORRUPT, MDB_CORRUPTED);
}

static void
count_trap(struct window *window, const uint8_t trap[BS_KEYHASH_SIZE])
{
	for (uint32_t i = 0; i < window->traps; i++) {
		if (memcmp(window->trap[i], trap, BS_KEYHASH_SIZE) == 0)
			return;
	}
	if (window->traps < BS_POLICY_HITS_MAX)
		memcpy(window->trap[window->traps++], trap, BS_KEYHASH_SIZE);
}

static bool
is_enough(const struct bs_policy_class *rule, const struct window *window)
{
	return window->hits >= rule->hits && window->traps >= rule->traps;
}

/* Counts the sightings from start_s to end_s, until there are enough. */
static int
count_window(struct walk *walk, const struct bs_policy_class *rule,
    uint32_t start_s, uint32_t end_s, struct window *window)
{
	int error = step(walk, MDB_SET_RANGE, start_s);

	window->hits = window->traps = 0;
	while (error == BS_OK && walk->time_s <= end_s) {
		if (walk->record.lists) {
			window->hits++;
			count_trap(window, walk->record.trap);
		}
		if (is_enough(rule, window))
			return BS_OK;
		error = step(walk, MDB_NEXT, start_s);
	}
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* A window begins where it may, but after the last removal. */
static uint32_t
window_start(const struct judging *judging, uint32_t end_s)
{
	uint32_t window_s = judging->rule->window_s;
	uint32_t start_s = end_s > window_s ? end_s - window_s : 0;

	if (judging->facts.removed_s >= start_s &&
	    judging->facts.removed_s != 0)
		return judging->facts.removed_s + 1;
	return start_s;
}

/* The time of the next sighting that lists, after `after_s` and within the
 * window of the one under judgement; BS_ENOTFOUND. */
static int
next_end(struct walk *walk, const struct judging *judging, uint32_t after_s,
    uint32_t *end_s_r)
{
	int error;

	if (after_s == UINT32_MAX)
		return BS_ENOTFOUND;
	error = step(walk, MDB_SET_RANGE, after_s + 1);
	while (error == BS_OK && !walk->record.lists)
		error = step(walk, MDB_NEXT, after_s + 1);
	if (error != BS_OK)
		return error;
	if (window_start(judging, walk->time_s) > judging->received_s)
		return BS_ENOTFOUND;
	*end_s_r = walk->time_s;
	return BS_OK;
}

/* The window that ends with this sighting, then those with later ones. */
static int
count_windows(struct judging *judging, struct walk *walk)
{
	struct window window;
	uint32_t end_s = judging->received_s;
	int error;

	do {
		error = count_window(walk, judging->rule,
		    window_start(judging, end_s), end_s, &window);
		if (error != BS_OK)
			return error;
		judging->facts.hits = window.hits;
		judging->facts.traps = window.traps;
		judging->newest_s = end_s;
		if (is_enough(judging->rule, &window))
			return BS_OK;
		error = next_end(walk, judging, end_s, &end_s);
	} while (error == BS_OK);
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* Counts what the policy asks for, the sighting itself included. */
static int
count_sightings(struct judging *judging)
{
	struct bs_writer *writer = judging->writer;
	struct walk walk = {.writer = writer, .steps = BS_STORE_WINDOW_STEPS};
	int code, error;

	if (judging->rule->hits <= 1 && judging->rule->traps <= 1) {
		judging->facts.hits = judging->facts.traps = 1;
		return BS_OK;
	}
	walk.group_size = bs_sighting_group(
	    &judging->prefix, judging->sighting->class, walk.key);
	code = mdb_cursor_open(
	    writer->txn, writer->store->dbi[BS_TABLE_SIGHTING], &walk.cursor);
	if (code != MDB_SUCCESS)
		return bs_writer_spoil(writer, bs_store_error(code), code);
	error = count_windows(judging, &walk);
	mdb_cursor_close(walk.cursor);
	return error;
}

/* --- keeping ------------------------------------------------------------ */

/* time_s + length_s; the last second of all means for ever, so not that. */
static uint32_t
later(uint32_t time_s, uint32_t length_s)
{
	uint64_t sum_s = (uint64_t)time_s + length_s;

	return sum_s < BS_LISTING_FOREVER ? (uint32_t)sum_s
					  : BS_LISTING_FOREVER - 1;
}

/* Until when the sighting may count for anything. */
static uint32_t
useful_until(const struct judging *judging)
{
	uint32_t longest_s = bs_policy_longest_s(judging->policy);

	if (judging->rule->window_s > longest_s)
		longest_s = judging->rule->window_s;
	return later(judging->received_s, longest_s);
}

static int
keep_sighting(struct judging *judging)
{
	const struct bs_sighting *sighting = judging->sighting;
	struct bs_sighting_record record = {.lists = sighting->lists};
	struct bs_trim trim = {
	    .time_s = useful_until(judging), .kind = BS_TRIM_SIGHTING};
	uint8_t bytes[BS_SIGHTING_VALUE_SIZE];
	MDB_val key = {.mv_data = trim.key};
	MDB_val value = {.mv_size = sizeof(bytes), .mv_data = bytes};
	int error;

	memcpy(record.trap, sighting->trap, sizeof(record.trap));
	bs_sighting_encode(&record, bytes);
	trim.size =
	    bs_sighting_group(&judging->prefix, sighting->class, trim.key);
	trim.size = bs_sighting_key(
	    trim.key, trim.size, judging->received_s, sighting->identity);
	key.mv_size = trim.size;
	error =
	    bs_writer_put(judging->writer, BS_TABLE_SIGHTING, &key, &value, 0);
	return error == BS_OK ? bs_writer_trim_at(judging->writer, &trim)
			      : error;
}

/* The identity: the same message is not counted again. */
static int
keep_identity(struct judging *judging)
{
	struct bs_writer *writer = judging->writer;
	struct bs_trim trim = {
	    .time_s =
		later(writer->now_s, bs_policy_longest_s(judging->policy)),
	    .kind = BS_TRIM_SEEN,
	    .size = BS_KEYHASH_SIZE,
	};
	uint8_t bytes[BS_TIME_VALUE_SIZE];
	MDB_val key = {.mv_size = trim.size, .mv_data = trim.key};
	MDB_val value = {.mv_size = sizeof(bytes), .mv_data = bytes};
	int error;

	memcpy(trim.key, judging->sighting->identity, BS_KEYHASH_SIZE);
	bs_time_encode(trim.time_s, bytes);
	error = bs_writer_put(writer, BS_TABLE_SEEN, &key, &value, 0);
	return error == BS_OK ? bs_writer_trim_at(writer, &trim) : error;
}

/* --- listing ------------------------------------------------------------ */

/* Lists the prefix, or renews it: nothing ever ends earlier by a sighting. */
static int
list(struct judging *judging, enum bs_outcome *outcome_r)
{
	enum bs_class bit = judging->sighting->class;
	struct bs_listing new = {
	    .prefix = judging->prefix, .first_s = judging->writer->now_s};
	struct bs_listing_class *class;
	uint32_t expires_s = later(judging->newest_s, judging->rule->expire_s);
	int error;

	if (judging->has_listing)
		new = judging->old;
	class = &new.class[bs_class_index(bit)];
	new.classes |= bit;
	new.exact = judging->sighting->source;
	bs_addr_unmap(&new.exact);
	if (class->last_s < judging->newest_s)
		class->last_s = judging->newest_s;
	if (class->expires_s < expires_s)
		class->expires_s = expires_s;
	class->hits += judging->facts.listed ? 1 : judging->facts.hits;
	error = bs_writer_replace(judging->writer,
	    judging->has_listing ? &judging->old : NULL, &new, "sighting");
	if (error == BS_OK)
		*outcome_r = judging->facts.listed ? BS_OUTCOME_RENEWED
						   : BS_OUTCOME_LISTED;
	return error;
}

/* The outcome of verdicts that keep nothing. */
static bool
is_refused(enum bs_verdict verdict, enum bs_outcome *outcome_r)
{
	switch (verdict) {
	case BS_VERDICT_REMOVED:
		*outcome_r = BS_OUTCOME_REMOVED;
		return true;
	case BS_VERDICT_OLD:
		*outcome_r = BS_OUTCOME_OLD;
		return true;
	case BS_VERDICT_EXEMPT:
		*outcome_r = BS_OUTCOME_EXEMPT;
		return true;
	case BS_VERDICT_RESERVED:
		*outcome_r = BS_OUTCOME_RESERVED;
		return true;
	case BS_VERDICT_LIST:
	case BS_VERDICT_COUNT:
		break;
	}
	return false;
}

static int
keep_and_judge(struct judging *judging, enum bs_outcome *outcome_r)
{
	enum bs_class class = judging->sighting->class;
	int error = keep_sighting(judging);

	if (error == BS_OK)
		error = keep_identity(judging);
	if (error == BS_OK && !judging->sighting->lists) {
		*outcome_r = BS_OUTCOME_COUNTED;
		return BS_OK;
	}
	if (error == BS_OK && !judging->facts.listed)
		error = count_sightings(judging);
	if (error != BS_OK)
		return error;
	if (bs_policy_judge(judging->policy, class, &judging->facts) ==
	    BS_VERDICT_LIST)
		return list(judging, outcome_r);
	*outcome_r = BS_OUTCOME_COUNTED;
	return BS_OK;
}

/* Whether the source itself is exempt, by the configuration or the database;
 * what it would list as may be wider. */
static int
find_exempt(struct judging *judging, bool *exempt_r)
{
	struct bs_exempt_view *view = &judging->writer->exempt;
	struct bs_addr addr = judging->sighting->source;
	struct bs_prefix source, widest;
	int error;

	bs_addr_unmap(&addr);
	source = bs_prefix_single(&addr);
	error = bs_exempt_covering(view, &source, &widest);
	*exempt_r =
	    error == BS_OK || bs_policy_is_exempt(judging->policy, &source);
	if (*exempt_r || error == BS_ENOTFOUND)
		return BS_OK;
	return bs_writer_spoil(judging->writer, error, MDB_CORRUPTED);
}

static int
judge(struct judging *judging, enum bs_outcome *outcome_r)
{
	struct bs_writer *writer = judging->writer;
	enum bs_verdict verdict =
	    bs_policy_may_list(judging->policy, &judging->prefix);
	bool exempt;
	int error;

	if (is_refused(verdict, outcome_r))
		return BS_OK;
	error = find_exempt(judging, &exempt);
	if (error == BS_OK && exempt) {
		*outcome_r = BS_OUTCOME_EXEMPT;
		return BS_OK;
	}
	if (error == BS_OK)
		error = gather(judging);
	if (error != BS_OK)
		return error;
	/* nothing is counted yet, but its time decides already */
	verdict = bs_policy_judge(
	    judging->policy, judging->sighting->class, &judging->facts);
	if (is_refused(verdict, outcome_r))
		return BS_OK;
	if (writer->full)
		return BS_EFULL;
	error = bs_writer_trim_step(writer, BS_STORE_TRIM_EACH);
	return error == BS_OK ? keep_and_judge(judging, outcome_r) : error;
}

int
bs_writer_sighting(struct bs_writer *writer, const struct bs_policy *policy,
    const struct bs_sighting *sighting, enum bs_outcome *outcome_r)
{
	struct judging judging = {
	    .writer = writer, .policy = policy, .sighting = sighting};
	bool seen;
	int error = writer->failed;

	if (error != BS_OK)
		return error;
	if (bs_class_name(sighting->class) == NULL ||
	    (sighting->source.family != BS_IPV4 &&
		sighting->source.family != BS_IPV6))
		return BS_EINVAL;
	error = was_seen(writer, sighting, &seen);
	if (error != BS_OK)
		return error;
	if (seen) {
		*outcome_r = BS_OUTCOME_REPEAT;
		return BS_OK;
	}
	judging.rule = &policy->class[bs_class_index(sighting->class)];
	judging.prefix = bs_policy_prefix(policy, &sighting->source);
	judging.received_s = sighting->received_s < writer->now_s
				 ? sighting->received_s
				 : writer->now_s;
	return judge(&judging, outcome_r);
}
