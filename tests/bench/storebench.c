/*
 * Measures the store's writing, for tests/bench/store:
 *
 *	storebench groups FOLDER COUNT	sightings a second by group size, and
 *		LMDB alone putting the same bytes, in turns
 *	storebench bytes FOLDER COUNT	bytes on disk of each table's records
 *	storebench steady FOLDER DAYS DAILY	the file's size day by day, with
 *		DAILY sightings a day from a pool of hosts that slowly changes
 *	storebench wait FOLDER COUNT	COUNT listings end in one second: how long
 *		a reader and a writer wait meanwhile, at most
 *
 * Lines "figure NAME NUMBER" are for the script, which knows what is wanted.
 */
#include "autoconf.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bytes.h"
#include "store_private.h"

#define NOW_S 1800000000u
#define DAY_S 86400u
#define RUNS 3

static void
die(const char *what)
{
	fprintf(stderr, "storebench: %s\n", what);
	exit(1);
}

static double
seconds(uint64_t since_ns)
{
	return (double)(bs_clock_monotonic_ns() - since_ns) / 1e9;
}

static double
user_seconds(void)
{
	struct rusage usage;

	(void)getrusage(RUSAGE_SELF, &usage);
	return (double)usage.ru_utime.tv_sec +
	       (double)usage.ru_utime.tv_usec / 1e6;
}

static uint64_t
mix(uint64_t x)
{
	x = (x ^ x >> 31) * 0x7fb5d329728ea185u;
	x = (x ^ x >> 27) * 0x81dadef4bc2dd44du;
	return x ^ x >> 33;
}

/* Host i's address: hosts come in no order, as in life, so that pages are as
 * full as they are then.  Each step is a permutation of 27 bits. */
static uint32_t
host_address(uint64_t i)
{
	const uint32_t mask = 0x7ffffff;
	uint32_t spread = (uint32_t)i & mask;

	spread = ((spread ^ spread >> 13) * 0x9e3779b1u) & mask;
	spread = ((spread ^ spread >> 14) * 0x85ebca6bu) & mask;
	return 0x20000000u + (spread ^ spread >> 13);
}

static struct bs_sighting
sighting_of(uint64_t host, uint64_t number, uint32_t received_s)
{
	struct bs_sighting sighting = {
	    .source = {.family = BS_IPV4},
	    .class = BS_BOUNCE,
	    .received_s = received_s,
	    .door = BS_DOOR_LIVE,
	    .feed = BS_FEED_LOCAL,
	    .lists = true,
	    .facts = {.action = BS_ACTION_FAILED,
		.status = "5.1.1",
		.helo = "mail.example.net",
		.reporting_mta = "mail.example.net",
		.subject = "Undelivered Mail Returned to Sender"},
	};

	bs_put_be32(sighting.source.octet, host_address(host));
	for (size_t i = 0; i < BS_KEYHASH_SIZE; i += 8)
		bs_put_be64(sighting.identity + i, mix(number * 4 + i));
	bs_put_be64(sighting.trap, mix(number % 50));
	return sighting;
}

static struct bs_store *
open_store(const char *folder)
{
	struct bs_message message;
	struct bs_store *store;

	if (bs_store_open(folder, BS_STORE_WRITE, &store, &message) != BS_OK)
		die(message.text);
	return store;
}

static struct bs_writer *
begin(struct bs_store *store, uint32_t now_s)
{
	struct bs_message message;
	struct bs_writer *writer;

	if (bs_writer_begin(store, now_s, "feeder", &writer, &message) != BS_OK)
		die(message.text);
	return writer;
}

static void
commit(struct bs_writer *writer)
{
	struct bs_message message;

	if (bs_writer_commit(&writer, &message) != BS_OK)
		die(message.text);
}

/* --- groups ------------------------------------------------------------------ */

static void
put_sightings(
    struct bs_store *store, uint64_t first, uint64_t count, uint64_t group)
{
	struct bs_policy policy;

	bs_policy_defaults(&policy);
	for (uint64_t i = first; i < first + count;) {
		struct bs_writer *writer = begin(store, NOW_S);

		for (uint64_t j = 0; j < group && i < first + count; j++, i++) {
			struct bs_sighting sighting = sighting_of(i, i, NOW_S);
			enum bs_outcome outcome;

			if (bs_writer_sighting(writer, &policy, &sighting,
				&outcome) != BS_OK ||
			    outcome != BS_OUTCOME_LISTED)
				die("a sighting does not list");
		}
		commit(writer);
	}
}

/* What one sighting of a new host leaves in each table. */
struct record {
	enum bs_table table;
	size_t key_size, value_size;
	uint8_t key[BS_TRIM_KEY_MAX];
	uint8_t value[BS_JOURNAL_VALUE_MAX + BS_EVIDENCE_VALUE_MAX];
};

#define RECORDS 11

static void
take(struct record *record, enum bs_table table, const void *key,
    size_t key_size, const void *value, size_t value_size)
{
	record->table = table;
	record->key_size = key_size;
	record->value_size = value_size;
	memcpy(record->key, key, key_size);
	if (value_size > 0)
		memcpy(record->value, value, value_size);
}

static void
make_listing(const struct bs_sighting *sighting, const struct bs_policy *policy,
    struct record record[RECORDS])
{
	uint8_t key[BS_TRIM_KEY_MAX], value[BS_LISTING_VALUE_MAX];
	uint32_t expires_s = NOW_S + policy->class[0].expire_s;
	struct bs_listing listing = {
	    .prefix = bs_prefix_single(&sighting->source),
	    .classes = BS_BOUNCE,
	    .first_s = NOW_S,
	    .exact = sighting->source};

	listing.class[0] = (struct bs_listing_class){NOW_S, expires_s, 1, 0};
	take(&record[0], BS_TABLE_LISTING4, key,
	    bs_listing_key(&listing.prefix, key), value,
	    bs_listing_encode(&listing, value));
	take(&record[1], BS_TABLE_EXPIRY, key,
	    bs_expiry_key(expires_s, &listing.prefix, key), NULL, 0);
}

static void
make_trim(struct record *record, enum bs_trim_kind kind,
    const struct record *of, uint32_t time_s)
{
	struct bs_trim trim = {
	    .time_s = time_s, .kind = kind, .size = of->key_size};
	uint8_t key[BS_TRIM_KEY_MAX];

	memcpy(trim.key, of->key, of->key_size);
	take(record, BS_TABLE_TRIM, key, bs_trim_key(&trim, key), NULL, 0);
}

/* The history of a day on which it was seen and listed. */
static void
make_history(struct record *record, const struct bs_prefix *prefix)
{
	struct bs_history_head head = {.due_s = NOW_S + BS_HISTORY_KEEP_S};
	struct bs_history_entry day = {
	    .kind = BS_HISTORY_DAY, .time_s = bs_history_day_s(NOW_S)};
	struct bs_history_entry listed = {.kind = BS_HISTORY_LISTED,
	    .time_s = NOW_S,
	    .new_classes = BS_BOUNCE,
	    .actor = "feeder",
	    .reason = "sighting"};
	uint8_t key[BS_PREFIX_KEY_MAX];
	uint8_t value[BS_HISTORY_HEAD_MAX + 2 * BS_HISTORY_ENTRY_MAX];
	size_t size = bs_history_head_encode(&head, value);

	day.sum[0].sightings = 1;
	size += bs_history_write(&day, 0, value + size);
	size += bs_history_write(&listed, NOW_S / BS_DAY_S, value + size);
	take(record, BS_TABLE_HISTORY, key, bs_prefix_key(prefix, key), value,
	    size);
}

static void
make_evidence(struct record *record, const struct bs_prefix *prefix,
    const struct bs_sighting *sighting, uint32_t until_s)
{
	struct bs_evidence_list list = {.due_s = until_s, .until_s = until_s};
	const struct bs_evidence one = {.class = sighting->class,
	    .hour_s = NOW_S - NOW_S % BS_EVIDENCE_HOUR_S,
	    .source = sighting->source,
	    .facts = sighting->facts};
	uint8_t key[BS_PREFIX_KEY_MAX], value[BS_EVIDENCE_VALUE_MAX];

	bs_evidence_add(&list, &one, 1);
	take(record, BS_TABLE_EVIDENCE, key, bs_prefix_key(prefix, key), value,
	    bs_evidence_encode(&list, value));
}

static void
make_records(
    uint64_t i, const struct bs_policy *policy, struct record record[RECORDS])
{
	struct bs_sighting sighting = sighting_of(i, i, NOW_S);
	struct bs_prefix prefix = bs_prefix_single(&sighting.source);
	const uint32_t until_s = NOW_S + bs_policy_longest_s(policy);
	struct bs_sighting_record kept = {
	    .lists = true, .feed = BS_FEED_LOCAL, .until_s = until_s};
	struct bs_journal_entry entry = {.number = i + 1,
	    .kind = BS_JOURNAL_CHANGE,
	    .time_s = NOW_S,
	    .prefix = prefix,
	    .new_classes = BS_BOUNCE,
	    .actor = "feeder",
	    .reason = "sighting"};
	uint8_t key[BS_TRIM_KEY_MAX], value[BS_JOURNAL_VALUE_MAX];
	size_t size = bs_sighting_group(&prefix, sighting.class, key);

	make_listing(&sighting, policy, record);
	memcpy(kept.trap, sighting.trap, sizeof(kept.trap));
	take(&record[2], BS_TABLE_SIGHTING, key,
	    bs_sighting_key(key, size, NOW_S, sighting.identity), value,
	    bs_sighting_encode(&kept, value));
	bs_time_encode(NOW_S, value);
	take(&record[3], BS_TABLE_SEEN, sighting.identity, BS_KEYHASH_SIZE,
	    value, BS_TIME_VALUE_SIZE);
	make_trim(&record[4], BS_TRIM_SIGHTING, &record[2], until_s);
	make_trim(&record[5], BS_TRIM_SEEN, &record[3], NOW_S + 7 * DAY_S);
	bs_put_be64(key, i + 1);
	take(&record[6], BS_TABLE_JOURNAL, key, 8, value,
	    bs_journal_encode(&entry, value));
	make_history(&record[7], &prefix);
	make_trim(
	    &record[8], BS_TRIM_HISTORY, &record[7], NOW_S + BS_HISTORY_KEEP_S);
	make_evidence(&record[9], &prefix, &sighting, until_s);
	make_trim(&record[10], BS_TRIM_EVIDENCE, &record[9], until_s);
}

static void
put_raw(struct bs_store *store, uint64_t first, uint64_t count, uint64_t group)
{
	struct bs_policy policy;

	bs_policy_defaults(&policy);
	for (uint64_t i = first; i < first + count;) {
		MDB_txn *txn;

		if (mdb_txn_begin(store->env, NULL, 0, &txn) != MDB_SUCCESS)
			die("no transaction");
		for (uint64_t j = 0; j < group && i < first + count; j++, i++) {
			struct record record[RECORDS];

			make_records(i, &policy, record);
			for (size_t k = 0; k < RECORDS; k++) {
				MDB_val key = {
				    record[k].key_size, record[k].key};
				MDB_val value = {
				    record[k].value_size, record[k].value};

				if (mdb_put(txn, store->dbi[record[k].table],
					&key, &value, 0) != MDB_SUCCESS)
					die("no put");
			}
		}
		if (mdb_txn_commit(txn) != MDB_SUCCESS)
			die("no commit");
	}
}

struct rate {
	double best, user_us;
};

static void
measure(struct rate *rate,
    void (*put)(struct bs_store *, uint64_t, uint64_t, uint64_t),
    struct bs_store *store, const uint64_t how[3])
{
	uint64_t start_ns = bs_clock_monotonic_ns();
	double user = user_seconds(), per_second;

	put(store, how[0], how[1], how[2]);
	per_second = (double)how[1] / seconds(start_ns);
	user = (user_seconds() - user) * 1e6 / (double)how[1];
	if (per_second > rate->best)
		rate->best = per_second;
	if (rate->user_us == 0 || user < rate->user_us)
		rate->user_us = user;
}

static double
table_bytes(struct bs_store *store, MDB_txn *txn, enum bs_table table)
{
	MDB_stat stat;

	if (mdb_stat(txn, store->dbi[table], &stat) != MDB_SUCCESS)
		die("no stat");
	return (double)(stat.ms_branch_pages + stat.ms_leaf_pages +
			stat.ms_overflow_pages) *
	       stat.ms_psize;
}

/* All tables of a database. */
static double
all_bytes(struct bs_store *store)
{
	double all = 0;
	MDB_txn *txn;

	if (mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn) != MDB_SUCCESS)
		die("no reader");
	for (int i = BS_TABLE_META + 1; i < BS_TABLE_COUNT; i++)
		all += table_bytes(store, txn, (enum bs_table)i);
	mdb_txn_abort(txn);
	return all;
}

/* Both grow alike, so that both work on trees of the same size. */
static int
groups(const char *folder, uint64_t count)
{
	static const uint64_t sizes[] = {1, 10, 100, 1000, 5000};
	char own[256], raw[256];
	struct bs_store *store, *plain;
	uint64_t first = 0;

	(void)snprintf(own, sizeof(own), "%s/own", folder);
	(void)snprintf(raw, sizeof(raw), "%s/raw", folder);
	if (mkdir(own, 0700) != 0 || mkdir(raw, 0700) != 0)
		die("folder");
	store = open_store(own);
	plain = open_store(raw);
	put_sightings(store, first, count, 5000);
	put_raw(plain, first, count, 5000);
	first += count;
	printf("%8s %14s %14s %7s %12s %12s %7s\n", "group", "sightings/s",
	    "raw LMDB/s", "ratio", "user us", "raw user us", "ratio");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		struct rate ours = {0}, theirs = {0};

		for (int run = 0; run < RUNS; run++) {
			uint64_t most = sizes[i] * 20;
			const uint64_t how[3] = {
			    first, most < count ? most : count, sizes[i]};

			measure(&ours, put_sightings, store, how);
			measure(&theirs, put_raw, plain, how);
			first += how[1];
		}
		printf("%8lu %14.0f %14.0f %7.2f %12.1f %12.1f %7.2f\n",
		    (unsigned long)sizes[i], ours.best, theirs.best,
		    ours.best / theirs.best, ours.user_us, theirs.user_us,
		    theirs.user_us / ours.user_us);
		if (sizes[i] == 1000)
			printf("figure ratio_1000 %.2f\n",
			    ours.best / theirs.best);
	}
	printf("  pages of all tables beside those of raw LMDB: %.2f\n",
	    all_bytes(store) / all_bytes(plain));
	bs_store_free(&store);
	bs_store_free(&plain);
	return 0;
}

/* --- bytes --------------------------------------------------------------------- */

static int
bytes(const char *folder, uint64_t count)
{
	struct bs_store *store = open_store(folder);
	double listing = 0, all = 0;
	MDB_txn *txn;

	put_sightings(store, 0, count, 5000);
	if (mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn) != MDB_SUCCESS)
		die("no reader");
	printf("bytes on disk for a listing by one sighting, %lu of them:\n",
	    (unsigned long)count);
	for (int i = 0; i < BS_TABLE_COUNT; i++) {
		double each =
		    table_bytes(store, txn, (enum bs_table)i) / (double)count;

		if (each >= 0.5)
			printf("  %-10s %6.1f\n",
			    bs_store_table_name((enum bs_table)i), each);
		all += each;
		if (i == BS_TABLE_LISTING4 || i == BS_TABLE_EXPIRY)
			listing += each;
	}
	mdb_txn_abort(txn);
	printf(
	    "  %-10s %6.1f\nfigure listing_bytes %.1f\n", "all", all, listing);
	bs_store_free(&store);
	return 0;
}

/* --- a feed for months ----------------------------------------------------------- */

static double
file_mb(const char *folder)
{
	struct stat status;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/data.mdb", folder);
	return stat(path, &status) == 0 ? (double)status.st_size / 1e6 : 0;
}

/* What the file holds, in MB: the rest of it is free pages. */
struct held {
	double all, history;
};

/* Prints the MB of each table, so that one sees what grows. */
static struct held
print_tables(struct bs_store *store)
{
	struct held held = {0, 0};
	MDB_txn *txn;

	if (mdb_txn_begin(store->env, NULL, MDB_RDONLY, &txn) != MDB_SUCCESS)
		die("no reader");
	printf("   ");
	for (int i = 0; i < BS_TABLE_COUNT; i++) {
		double mb = table_bytes(store, txn, (enum bs_table)i) / 1e6;

		held.all += mb;
		if (mb >= 0.1)
			printf(" %s %.1f",
			    bs_store_table_name((enum bs_table)i), mb);
	}
	printf(", all %.1f MB\n", held.all);
	held.history = table_bytes(store, txn, BS_TABLE_HISTORY) / 1e6;
	mdb_txn_abort(txn);
	return held;
}

/* Of a day's sightings seven of eight come from a steady pool, few hosts of it
 * all the time and many now and then (the cube of an even number); the others
 * from hosts that are new and send for a week. */
static uint64_t
host_of(uint64_t day, uint64_t daily, uint64_t number)
{
	uint64_t random = mix(number), pool = daily * 2;
	double even = (double)(random >> 11) / 9007199254740992.0;

	if (random % 8 != 0)
		return (uint64_t)(even * even * even * (double)pool);
	return pool + day * daily / 16 + (random >> 11) % (daily / 2);
}

static int
steady(const char *folder, uint32_t days, uint64_t daily)
{
	struct bs_store *store = open_store(folder);
	struct bs_policy policy;
	struct held month_held = {0, 0}, held = {0, 0};
	double month = 0, end = 0;
	uint64_t number = 0;

	bs_policy_defaults(&policy);
	for (uint32_t day = 1; day <= days; day++) {
		for (uint64_t i = 0; i < daily; i += 1000) {
			uint32_t now_s =
			    NOW_S + day * DAY_S + (uint32_t)(i * DAY_S / daily);
			struct bs_writer *writer = begin(store, now_s);

			for (int j = 0; j < 1000; j++, number++) {
				struct bs_sighting sighting = sighting_of(
				    host_of(day, daily, number), number, now_s);
				enum bs_outcome outcome;

				if (bs_writer_sighting(writer, &policy,
					&sighting, &outcome) != BS_OK)
					die("a sighting fails");
			}
			commit(writer);
		}
		end = file_mb(folder);
		if (day % 10 == 0)
			printf("  day %2u: %.1f MB\n", day, end);
		if (day % 30 == 0)
			held = print_tables(store);
		if (day == 30) {
			month = end;
			month_held = held;
		}
	}
	bs_store_free(&store);
	if (days < 60)
		return 0;
	/* commits of 1,000 leave more free pages than those of a quiet feed */
	printf(
	    "  from day 30 to %u: the file %+.1f %%, what it holds %+.1f %%, "
	    "%.1f %% of that being history, which stays for 400 days\n"
	    "figure growth %.1f\n",
	    days, (end / month - 1) * 100,
	    (held.all / month_held.all - 1) * 100,
	    (held.history - month_held.history) / month_held.all * 100,
	    (end / month - 1) * 100);
	return 0;
}

/* --- all end at once ---------------------------------------------------------------- */

struct waiting {
	struct bs_store *store;
	atomic_bool over;
	double reader_ms, writer_ms; /* longest */
	unsigned reads, writes;
};

static void *
read_on(void *context)
{
	struct waiting *waiting = context;
	struct bs_snapshot *snapshot;

	if (bs_snapshot_new(waiting->store, &snapshot, NULL) != BS_OK)
		die("no reader");
	while (!atomic_load(&waiting->over)) {
		uint64_t start_ns = bs_clock_monotonic_ns();
		struct bs_cover cover;
		struct bs_sighting some = sighting_of(waiting->reads, 0, NOW_S);
		double ms;

		if (bs_snapshot_renew(snapshot) != BS_OK ||
		    bs_snapshot_cover(snapshot, &some.source, BS_CLASSES_ALL,
			&cover) != BS_OK)
			die("no answer");
		bs_snapshot_release(snapshot);
		ms = seconds(start_ns) * 1e3;
		waiting->reads++;
		if (ms > waiting->reader_ms)
			waiting->reader_ms = ms;
		(void)usleep(1000);
	}
	bs_snapshot_free(&snapshot);
	return NULL;
}

/* Another door's group of ten, every 50 ms. */
static void *
write_on(void *context)
{
	struct waiting *waiting = context;
	uint64_t next = 1u << 26;

	while (!atomic_load(&waiting->over)) {
		uint64_t start_ns = bs_clock_monotonic_ns();
		double ms;

		put_sightings(waiting->store, next, 10, 10);
		next += 10;
		ms = seconds(start_ns) * 1e3;
		waiting->writes++;
		if (ms > waiting->writer_ms)
			waiting->writer_ms = ms;
		(void)usleep(50000);
	}
	return NULL;
}

static void
list_all(struct bs_store *store, uint64_t count)
{
	for (uint64_t i = 0; i < count;) {
		struct bs_writer *writer = begin(store, NOW_S - DAY_S);

		for (int j = 0; j < 5000 && i < count; j++, i++) {
			struct bs_sighting one = sighting_of(i, i, NOW_S);
			struct bs_prefix prefix = bs_prefix_single(&one.source);
			bool new;

			if (bs_writer_add(writer, &prefix, BS_BOUNCE, NOW_S, "",
				&new) != BS_OK)
				die("no listing");
		}
		commit(writer);
	}
}

static int
wait_for(const char *folder, uint64_t count)
{
	struct waiting waiting = {.store = open_store(folder)};
	pthread_t reader, writer;
	struct bs_tidied tidied = {.more = true};
	struct bs_message message;
	uint64_t start_ns;
	unsigned steps = 0;

	list_all(waiting.store, count);
	start_ns = bs_clock_monotonic_ns();
	if (pthread_create(&reader, NULL, read_on, &waiting) != 0 ||
	    pthread_create(&writer, NULL, write_on, &waiting) != 0)
		die("no thread");
	/* as the feeder's housekeeping does: a step, a rest as long */
	for (; tidied.more; steps++) {
		uint64_t step_ns = bs_clock_monotonic_ns();
		double took;

		if (bs_store_tidy(waiting.store, NOW_S, "feeder", &tidied,
			&message) != BS_OK)
			die(message.text);
		took = seconds(step_ns);
		(void)usleep(took < 0.02 ? 20000 : (useconds_t)(took * 1e6));
	}
	atomic_store(&waiting.over, true);
	(void)pthread_join(reader, NULL);
	(void)pthread_join(writer, NULL);
	printf("%lu listings that end in one second: gone in %.1f s (%u "
	       "steps)\n"
	       "  longest wait of a reader %.1f ms (of %u), of a writer %.0f "
	       "ms (of %u)\nfigure reader_ms %.1f\nfigure writer_ms %.0f\n",
	    (unsigned long)count, seconds(start_ns), steps, waiting.reader_ms,
	    waiting.reads, waiting.writer_ms, waiting.writes, waiting.reader_ms,
	    waiting.writer_ms);
	bs_store_free(&waiting.store);
	return 0;
}

int
main(int argc, char **argv)
{
	uint64_t count;

	if (argc < 4)
		die("usage: groups|bytes|wait FOLDER COUNT, or steady FOLDER "
		    "DAYS DAILY");
	count = strtoull(argv[3], NULL, 10);
	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (strcmp(argv[1], "groups") == 0)
		return groups(argv[2], count);
	if (strcmp(argv[1], "bytes") == 0)
		return bytes(argv[2], count);
	if (strcmp(argv[1], "wait") == 0)
		return wait_for(argv[2], count);
	if (strcmp(argv[1], "steady") == 0 && argc == 5)
		return steady(
		    argv[2], (uint32_t)count, strtoull(argv[4], NULL, 10));
	die("no such measurement");
	return 1;
}
