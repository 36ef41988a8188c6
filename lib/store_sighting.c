/*
 * A sighting comes in: is it new, may its source be listed, is it enough?  The
 * policy decides; here the facts are gathered and the verdict is carried out.
 * Called by the feeder for each message, in one transaction for many.
 *
 * store_window.c counts, store_widen.c knows wider listings, store_removed.c
 * and store_past.c what was listed before.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "store_private.h"

/* What one sighting is about, gathered step by step. */
struct judging {
	struct bs_writer *writer;
	const struct bs_sighting *sighting;
	struct bs_seen seen;   /* by the prefix that the source lists as */
	bool has_wide;         /* ... where a wider listing covers that */
	struct bs_prefix wide; /* which is renewed instead */
	struct bs_policy_facts facts;
	struct bs_listed listed;
};

static const struct bs_policy_class *
rule_of(const struct bs_seen *seen)
{
	return &seen->policy->class[bs_class_index(seen->class)];
}

/* --- what is known ------------------------------------------------------ */

/* Until when this very sighting is remembered; 0: it is new. */
static int
get_seen_until(struct bs_writer *writer, const struct bs_sighting *sighting,
    uint32_t *until_s_r)
{
	uint8_t identity[BS_KEYHASH_SIZE];
	MDB_val key = {.mv_size = sizeof(identity), .mv_data = identity}, value;
	int error;

	memcpy(identity, sighting->identity, sizeof(identity));
	*until_s_r = 0;
	error = bs_writer_fetch(writer, BS_TABLE_SEEN, &key, &value);
	if (error == BS_ENOTFOUND)
		return BS_OK;
	if (error != BS_OK)
		return error;
	if (bs_time_decode(value.mv_data, value.mv_size, until_s_r) == BS_OK)
		return BS_OK;
	return bs_writer_spoil(writer, BS_ECORRUPT, MDB_CORRUPTED);
}

/* Whether the prefix is listed with the class, waits to be, or a wide listing
 * is. */
static int
find_listed(struct judging *judging)
{
	struct bs_writer *writer = judging->writer;
	struct bs_listing listing;
	struct bs_waiting waiting;
	int error = bs_writer_find_wide(writer, &judging->seen, &judging->wide);

	judging->has_wide = error == BS_OK;
	judging->facts.listed = judging->has_wide;
	if (error != BS_ENOTFOUND)
		return error;
	error = bs_writer_get(writer, &judging->seen.prefix, &listing);
	if (error != BS_OK && error != BS_ENOTFOUND)
		return bs_writer_spoil(writer, error, MDB_CORRUPTED);
	judging->facts.listed =
	    error == BS_OK && (listing.classes & judging->seen.class) != 0;
	if (judging->facts.listed)
		return BS_OK;
	error = bs_writer_waits(
	    writer, &judging->seen.prefix, judging->seen.class, &waiting);
	/* then it is enough already */
	judging->facts.listed = error == BS_OK;
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* Listing and last removal; nothing is counted yet. */
static int
gather(struct judging *judging)
{
	int error = find_listed(judging);

	if (error != BS_OK)
		return error;
	return bs_writer_removed_s(
	    judging->writer, &judging->seen.prefix, &judging->facts.removed_s);
}

/* --- keeping ------------------------------------------------------------ */

/* Until when the sighting may count for anything. */
static uint32_t
useful_until(const struct judging *judging)
{
	const struct bs_policy_class *rule = rule_of(&judging->seen);
	uint64_t until_s = bs_policy_longest_s(judging->seen.policy);

	if (rule->window_s > until_s)
		until_s = rule->window_s;
	until_s += judging->facts.received_s;
	/* a repeater's listing lasts longer */
	if (judging->listed.expires_s != BS_LISTING_FOREVER &&
	    judging->listed.expires_s > until_s)
		until_s = judging->listed.expires_s;
	return until_s < UINT32_MAX ? (uint32_t)until_s : UINT32_MAX;
}

/* The key of its record. */
static struct bs_trim
trim_of(const struct judging *judging)
{
	const struct bs_seen *seen = &judging->seen;
	struct bs_trim trim = {.kind = BS_TRIM_SIGHTING};

	trim.size = bs_sighting_group(&seen->prefix, seen->class, trim.key);
	trim.size = bs_sighting_key(trim.key, trim.size,
	    judging->facts.received_s, judging->sighting->identity);
	return trim;
}

/* The record, and until when it is kept; table trim learns of that later. */
static int
keep_sighting(struct judging *judging, const struct bs_trim *trim)
{
	const struct bs_sighting *sighting = judging->sighting;
	struct bs_sighting_record record = {
	    .lists = sighting->lists, .until_s = trim->time_s};
	uint8_t key_bytes[BS_SIGHTING_KEY_MAX];
	uint8_t bytes[BS_SIGHTING_VALUE_MAX];
	MDB_val key = {.mv_size = trim->size, .mv_data = key_bytes};
	MDB_val value = {.mv_data = bytes};

	memcpy(key_bytes, trim->key, trim->size);
	memcpy(record.trap, sighting->trap, sizeof(record.trap));
	record.more_count = sighting->more_count;
	memcpy(record.more, sighting->more, sizeof(record.more));
	memcpy(record.feed, sighting->feed, sizeof(record.feed));
	value.mv_size = bs_sighting_encode(&record, bytes);
	return bs_writer_put(
	    judging->writer, BS_TABLE_SIGHTING, &key, &value, 0);
}

/* The identity: the same message is not counted again. */
static int
keep_identity(struct judging *judging)
{
	struct bs_writer *writer = judging->writer;
	const struct bs_sighting *sighting = judging->sighting;
	struct bs_trim trim = {
	    .time_s = bs_policy_seen_until_s(
		judging->seen.policy, sighting->door, writer->now_s),
	    .kind = BS_TRIM_SEEN,
	    .size = BS_KEYHASH_SIZE,
	};
	struct bs_trim before = trim;
	uint8_t bytes[BS_TIME_VALUE_SIZE];
	MDB_val key = {.mv_size = trim.size, .mv_data = trim.key};
	MDB_val value = {.mv_size = sizeof(bytes), .mv_data = bytes};
	int error = BS_OK;

	memcpy(trim.key, sighting->identity, BS_KEYHASH_SIZE);
	if (judging->facts.seen_until_s != 0) {
		/* over, and not yet trimmed: it must not be by that time */
		memcpy(before.key, trim.key, sizeof(before.key));
		before.time_s = judging->facts.seen_until_s;
		error = bs_writer_trim_not(writer, &before);
	}
	bs_time_encode(trim.time_s, bytes);
	if (error == BS_OK)
		error = bs_writer_put(writer, BS_TABLE_SEEN, &key, &value, 0);
	return error == BS_OK ? bs_writer_trim_at(writer, &trim) : error;
}

/* --- listing ------------------------------------------------------------ */

/* The listing as it is, or a new one without classes; *has_r which. */
static int
get_or_new(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_listing *listing_r, bool *has_r)
{
	int error = bs_writer_get(writer, prefix, listing_r);

	*has_r = error == BS_OK;
	if (error == BS_ENOTFOUND) {
		*listing_r = (struct bs_listing){
		    .prefix = *prefix, .first_s = writer->now_s};
		return BS_OK;
	}
	return error == BS_OK ? BS_OK
			      : bs_writer_spoil(writer, error, MDB_CORRUPTED);
}

int
bs_writer_look_back(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_listing_class *class)
{
	struct bs_policy_past past;
	int error =
	    bs_writer_take_past(writer, &seen->prefix, seen->class, &past);

	if (error == BS_OK)
		class->repeats =
		    bs_policy_repeats(rule_of(seen), &past, seen->newest_s);
	return error;
}

void
bs_seen_renew(const struct bs_seen *seen, struct bs_listing_class *class)
{
	uint32_t expires_s =
	    bs_policy_expires_s(rule_of(seen), class->repeats, seen->newest_s);

	if (class->last_s < seen->newest_s)
		class->last_s = seen->newest_s;
	if (class->expires_s < expires_s)
		class->expires_s = expires_s;
	class->hits = class->hits > UINT32_MAX - seen->hits
			  ? UINT32_MAX
			  : class->hits + seen->hits;
}

/* The first sightings of a class, behind those that wait, if any do. */
static int
begin_class(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_listing_class *class)
{
	struct bs_waiting waiting;
	bool any;
	int error =
	    bs_writer_waits(writer, &seen->prefix, seen->class, &waiting);

	if (error == BS_ENOTFOUND)
		return bs_writer_look_back(writer, seen, class);
	if (error != BS_OK)
		return error;
	class->hits = waiting.as.hits;
	class->repeats = waiting.as.repeats;
	return bs_writer_wait_no_more(writer, &seen->prefix, seen->class, &any);
}

int
bs_writer_list(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_listed *listed_r)
{
	struct bs_listing old, new;
	struct bs_listing_class *class;
	struct bs_listed listed = {.waits = false};
	bool has;
	int error = get_or_new(writer, &seen->prefix, &old, &has);

	if (error != BS_OK)
		return error;
	if ((old.classes & seen->class) == 0 && seen->delay_s > 0)
		return bs_writer_wait(writer, seen, listed_r);
	new = old;
	class = &new.class[bs_class_index(seen->class)];
	listed.renewed = (old.classes & seen->class) != 0;
	listed.before_s = class->hits > 0 ? class->last_s : 0;
	if (class->hits == 0)
		error = begin_class(writer, seen, class);
	if (error != BS_OK)
		return error;
	bs_seen_renew(seen, class);
	new.classes |= seen->class;
	new.exact = seen->source;
	listed.expires_s = class->expires_s;
	error = bs_writer_replace(
	    writer, has ? &old : NULL, &new, BS_HISTORY_LISTED, "sighting");
	if (error == BS_OK)
		*listed_r = listed;
	return error;
}

/* Lists the prefix and what is too many of it, or renews what covers it. */
static int
list(struct judging *judging, enum bs_outcome *outcome_r)
{
	struct bs_seen seen = judging->seen;
	int error;

	seen.hits = judging->facts.listed ? 1 : judging->facts.hits;
	if (!judging->facts.listed) {
		bool held;

		error = bs_writer_hold(judging->writer, &seen, &held);
		if (error != BS_OK)
			return error;
		if (held) {
			*outcome_r = BS_OUTCOME_HELD;
			return BS_OK;
		}
	}
	if (judging->has_wide)
		seen.prefix = judging->wide;
	error = bs_writer_list(judging->writer, &seen, &judging->listed);
	if (error == BS_OK)
		error =
		    bs_writer_widen(judging->writer, &seen, &judging->listed);
	if (error == BS_OK)
		*outcome_r = judging->listed.renewed ? BS_OUTCOME_RENEWED
			     : judging->listed.waits ? BS_OUTCOME_WAITING
						     : BS_OUTCOME_LISTED;
	return error;
}

/* --- verdicts ----------------------------------------------------------- */

/* The outcome of verdicts that keep nothing. */
static bool
is_refused(enum bs_verdict verdict, enum bs_outcome *outcome_r)
{
	switch (verdict) {
	case BS_VERDICT_REPEAT:
		*outcome_r = BS_OUTCOME_REPEAT;
		return true;
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

/* Counts what is kept by now, and lists if it is enough. */
static int
count_and_list(struct judging *judging, enum bs_outcome *outcome_r)
{
	struct bs_seen *seen = &judging->seen;
	int error = BS_OK;

	*outcome_r = BS_OUTCOME_COUNTED;
	if (!judging->sighting->lists)
		return BS_OK;
	if (!judging->facts.listed)
		error = bs_writer_count(
		    judging->writer, seen, &judging->facts, &seen->newest_s);
	if (error != BS_OK || bs_policy_judge(seen->policy, seen->class,
				  &judging->facts) != BS_VERDICT_LIST)
		return error;
	return list(judging, outcome_r);
}

/* What of it may be shown; of what nobody is listed for, nothing is. */
static int
keep_evidence(struct judging *judging, uint32_t until_s)
{
	const struct bs_seen *seen = &judging->seen;
	uint32_t received_s = judging->facts.received_s;
	struct bs_evidence evidence = {
	    .class = seen->class,
	    .hour_s = received_s - received_s % BS_EVIDENCE_HOUR_S,
	    .source = seen->prefix.addr,
	    .facts = judging->sighting->facts,
	};

	if (!judging->sighting->lists)
		return BS_OK;
	return bs_writer_keep_evidence(judging->writer, &seen->prefix,
	    &evidence, seen->policy->evidence, until_s);
}

static int
keep_and_judge(struct judging *judging, enum bs_outcome *outcome_r)
{
	struct bs_kept kept = {.sighting = judging->sighting,
	    .received_s = judging->facts.received_s,
	    .puts = 1};
	struct bs_trim trim = trim_of(judging);
	uint32_t before_s;
	int error;

	trim.time_s = before_s = useful_until(judging);
	error = keep_sighting(judging, &trim);
	if (error == BS_OK)
		error = keep_identity(judging);
	/* its time is over: what follows is about new ones */
	judging->facts.seen_until_s = 0;
	if (error == BS_OK)
		error = count_and_list(judging, outcome_r);
	if (error == BS_OK)
		error = bs_writer_history_sighting(judging->writer,
		    &judging->seen.prefix, judging->seen.class,
		    judging->facts.received_s,
		    *outcome_r == BS_OUTCOME_RENEWED);
	if (error != BS_OK)
		return error;
	/* what it listed may last longer */
	trim.time_s = useful_until(judging);
	if (trim.time_s != before_s) {
		error = keep_sighting(judging, &trim);
		kept.puts++;
	}
	if (error == BS_OK)
		error = keep_evidence(judging, trim.time_s);
	if (error != BS_OK)
		return error;
	error = bs_writer_trim_at(judging->writer, &trim);
	if (error != BS_OK)
		return error;
	kept.until_s = trim.time_s;
	return bs_writer_bound(judging->writer, &judging->seen, &kept);
}

/* Whether the source itself is exempt, by the configuration or the database;
 * what it would list as may be wider. */
static int
find_exempt(struct judging *judging, bool *exempt_r)
{
	struct bs_writer *writer = judging->writer;
	const struct bs_seen *seen = &judging->seen;
	struct bs_prefix source = bs_prefix_single(&seen->source), widest;
	int error = bs_exempt_covering(&writer->exempt, &source, &widest);

	*exempt_r =
	    error == BS_OK || bs_policy_is_exempt(seen->policy, &source);
	if (*exempt_r || error == BS_ENOTFOUND)
		return BS_OK;
	return bs_writer_spoil(writer, error, MDB_CORRUPTED);
}

static int
judge(struct judging *judging, enum bs_outcome *outcome_r)
{
	struct bs_writer *writer = judging->writer;
	const struct bs_seen *seen = &judging->seen;
	bool exempt;
	int error;

	if (is_refused(
		bs_policy_may_list(seen->policy, &seen->prefix), outcome_r))
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
	if (is_refused(
		bs_policy_judge(seen->policy, seen->class, &judging->facts),
		outcome_r))
		return BS_OK;
	if (writer->full)
		return BS_EFULL;
	error = bs_writer_trim_step(writer, BS_STORE_TRIM_EACH);
	return error == BS_OK ? keep_and_judge(judging, outcome_r) : error;
}

/*
 * The time at most: while a clock that leaps is not believed (store_clock.c),
 * mail counts as received when a listing of the newest write would end, so that
 * a clock that was years ahead for a while lists nobody for years.
 */
static uint32_t
believed_s(const struct bs_writer *writer, const struct bs_policy *policy)
{
	uint64_t most_s =
	    (uint64_t)writer->clock.written_s + bs_policy_longest_s(policy);

	return writer->tidied.held && writer->clock.written_s != 0 &&
		       most_s < writer->now_s
		   ? (uint32_t)most_s
		   : writer->now_s;
}

/* How long what it newly lists waits: nobody without the key of the hashes can
 * tell, and the same after a crash. */
static uint32_t
delay_of(const struct bs_policy *policy, const struct bs_sighting *sighting)
{
	if (policy->publish_delay_s == 0)
		return 0;
	return 1 + bs_get_be32(sighting->identity) % policy->publish_delay_s;
}

bool
bs_sighting_is_sound(const struct bs_sighting *sighting)
{
	return bs_class_name(sighting->class) != NULL &&
	       (sighting->source.family == BS_IPV4 ||
		   sighting->source.family == BS_IPV6) &&
	       sighting->more_count <= BS_POLICY_MORE_TRAPS_MAX &&
	       bs_feed_is_sound(sighting->feed);
}

static int
take_in(struct bs_writer *writer, const struct bs_policy *policy,
    const struct bs_sighting *sighting, enum bs_outcome *outcome_r)
{
	struct judging judging = {.writer = writer, .sighting = sighting};
	struct bs_seen *seen = &judging.seen;
	struct bs_policy_facts *facts = &judging.facts;
	int error = writer->failed;

	if (error != BS_OK)
		return error;
	if (!bs_sighting_is_sound(sighting))
		return BS_EINVAL;
	if (sighting->has_tag) {
		bool proof;

		error =
		    bs_writer_tag(writer, sighting, policy->tag_uses, &proof);
		if (error == BS_OK && proof)
			*outcome_r = BS_OUTCOME_GENUINE;
		if (error != BS_OK || proof)
			return error;
	}
	facts->now_s = believed_s(writer, policy);
	facts->received_s = sighting->received_s < facts->now_s
				? sighting->received_s
				: facts->now_s;
	seen->policy = policy;
	seen->class = sighting->class;
	seen->prefix = bs_policy_prefix(policy, &sighting->source);
	seen->source = sighting->source;
	bs_addr_unmap(&seen->source);
	seen->feed = sighting->feed;
	seen->newest_s = facts->received_s;
	seen->delay_s = delay_of(policy, sighting);
	error = get_seen_until(writer, sighting, &facts->seen_until_s);
	if (error != BS_OK)
		return error;
	/* a repeat costs no more than that */
	if (bs_policy_judge(policy, seen->class, facts) == BS_VERDICT_REPEAT) {
		*outcome_r = BS_OUTCOME_REPEAT;
		return BS_OK;
	}
	return judge(&judging, outcome_r);
}

/* Whether it left something behind. */
static bool
is_kept(const struct bs_sighting *sighting, enum bs_outcome outcome)
{
	return sighting->has_tag || outcome == BS_OUTCOME_LISTED ||
	       outcome == BS_OUTCOME_RENEWED || outcome == BS_OUTCOME_COUNTED ||
	       outcome == BS_OUTCOME_HELD || outcome == BS_OUTCOME_WAITING;
}

int
bs_writer_sighting(struct bs_writer *writer, const struct bs_policy *policy,
    const struct bs_sighting *sighting, enum bs_outcome *outcome_r)
{
	int error = take_in(writer, policy, sighting, outcome_r);

	if (error == BS_OK && writer->store->ahead != NULL &&
	    is_kept(sighting, *outcome_r))
		bs_ahead_note(writer, sighting);
	return error;
}

int
bs_writer_sighting_owed(struct bs_writer *writer,
    const struct bs_policy *policy, const struct bs_sighting *sighting,
    enum bs_outcome *outcome_r)
{
	bool full = writer->full;
	int error;

	writer->full = false;
	error = take_in(writer, policy, sighting, outcome_r);
	writer->full = full;
	return error;
}
