/*
 * What the files of the store share; for lib/store*.c and its tests only.
 *
 * store.c         opens and closes, makes a new database
 * store_check.c   looks at folder and files before LMDB maps them
 * store_lock.c    makes the lock file
 * store_files.c   tells whether they are still the same
 * store_error.c   LMDB's errors as ours, with a line for a person
 * store_map.c     another program's larger map
 * store_read.c    snapshots
 * store_stats.c   counts and sizes
 * store_cover.c   what is served: listings without what is exempt
 * store_exempt_view.c   what is exempt
 * store_write.c   the writer: begin, commit, one listing becomes another
 * store_sighting.c, store_window.c, store_widen.c   what sightings do
 * store_bound.c   how many sightings are kept
 * store_gather.c  where pages are written
 * store_removed.c, store_past.c   what is remembered of listings that ended
 * store_manual.c, store_exempt.c, store_expiry.c, store_journal.c
 *                 what else a writer does
 * store_clock.c   whether the clock can be right
 * store_file.c    a data file on its own
 * store_backup.c, store_carry.c, store_hold.c, store_verify.c (store_admin.h)
 *                 what is done to a database as a whole
 * store_tidy.c    what time does, where nobody writes
 * store_tag.c     how often tags came back
 * store_history.c, store_history_trim.c
 *                 what happened to a prefix, in days and events
 * store_upgrade.c older schemas
 * store_self.c    removals by who is listed
 * store_held.c    what a feed gone mad would list
 * store_publish.c what is not public yet
 * store_purge.c, store_rejudge.c   sightings taken back
 * store_evidence.c   the newest few sightings, to show
 * store_ahead.c, store_ahead_run.c, store_ahead_recover.c, store_ahead_keep.c
 *                 what is on disk before its commit is
 * store_due.c     how much that is, for people
 * store_record.c, store_ahead_record.c   bytes
 */
#ifndef BS_STORE_PRIVATE_H
#define BS_STORE_PRIVATE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <lmdb.h>
#include <sys/types.h>

#include "evidence.h"
#include "history.h"
#include "store.h"
#include "store_record.h"

/* The tables; their names are in store.c. */
enum bs_table {
	BS_TABLE_META,
	BS_TABLE_LISTING4,
	BS_TABLE_LISTING6,
	BS_TABLE_EXPIRY,   /* when the first class of a listing ends */
	BS_TABLE_SIGHTING, /* by prefix, class, time */
	BS_TABLE_SEEN,     /* identities of sightings, with their end */
	BS_TABLE_REMOVED,  /* prefixes taken off by hand, and when */
	BS_TABLE_PAST,     /* prefixes and classes that ended by time */
	BS_TABLE_JOURNAL,
	BS_TABLE_TRIM,     /* when a record of another table may go */
	BS_TABLE_EXEMPT,   /* what is never served, and by whom */
	BS_TABLE_TAG,      /* tags, and the messages that bore them */
	BS_TABLE_HISTORY,  /* what happened to each prefix */
	BS_TABLE_SELF,     /* removals by who is listed */
	BS_TABLE_EVIDENCE, /* the newest few sightings of each prefix */
	BS_TABLE_HELD,     /* listings of feeds gone mad */
	BS_TABLE_FEED,     /* what each feed has listed lately */
	BS_TABLE_WAITING,  /* what is to be listed, by prefix and class */
	BS_TABLE_PUBLISH,  /* when */
	BS_TABLE_COUNT,
};

#define BS_STORE_TABLES_MAX 32 /* room for tables to come */
/* From so much of the map on each removal makes room: evidence of so many
 * prefixes goes, or their sightings. */
#define BS_STORE_SCARCE_PERCENT 95
#define BS_STORE_SCARCE_EACH 3

#define BS_META_SCHEMA "backstop"
#define BS_META_STATE "state"
#define BS_META_DIGEST "digest"
#define BS_META_CLOCK "clock"
#define BS_META_KEEP "keep"
#define BS_META_AHEAD "ahead"

/* What tests make small. */
struct bs_store_limits {
	size_t map_bytes;
	uint64_t journal_entries; /* kept at most */
	uint32_t journal_s;       /* kept at most so long */
	uint32_t leap_s; /* a clock that is so far ahead waits; 0: never */
	size_t changes;  /* of one cause; more are a reset */
	uint64_t held;   /* listings of one feed at most */
};

#define BS_STORE_JOURNAL_ENTRIES 2000000u
#define BS_STORE_JOURNAL_S (30u * 24 * 60 * 60)
#define BS_STORE_CHANGES 10000u
#define BS_STORE_HELD_MAX 100000u
/* What is held goes by itself so long after its last sighting. */
#define BS_STORE_HELD_S (28u * 24 * 60 * 60)
/* What secondaries need is kept for so many times either limit. */
#define BS_STORE_KEEP_TIMES 2u
/* A clock that is ahead of the newest write by so much is not believed until it
 * has gone on for BS_STORE_LEAP_WAIT_S. */
#define BS_STORE_LEAP_S (24u * 60 * 60)
#define BS_STORE_LEAP_WAIT_S (24u * 60 * 60)
/* The time of the newest write is noted so often. */
#define BS_STORE_CLOCK_S (60u * 60)
/* An ended listing makes who comes back a repeater for as long at most. */
#define BS_STORE_PAST_S BS_POLICY_PAST_MAX_S
/* A removal binds mail received before it: as long as any `expire` may last. */
#define BS_STORE_REMOVED_S BS_POLICY_EXPIRE_MAX_S
/* Tags hold for a week; mail may be scanned late. */
#define BS_STORE_TAG_S (30u * 24 * 60 * 60)
/* Steps of tidying: at begin, and with each sighting or journal entry (more
 * than one of them adds, so that no table outgrows its trimming). */
#define BS_STORE_TRIM_STEP 1000
#define BS_STORE_TRIM_EACH 4
/* Overdue listings are counted so far. */
#define BS_STORE_OVERDUE_STEPS 100000u
/* Entries of one prefix looked at in one step of its history. */
#define BS_STORE_HISTORY_STEPS 2000
/* The history of a listing that goes on is looked through again after that. */
#define BS_STORE_HISTORY_AGAIN_S (30u * 24 * 60 * 60)
/* Sightings of one prefix, class and feed kept of one day: more are summed up
 * in the history, and change no verdict. */
#define BS_STORE_SIGHTINGS_DAY 32u
/* Sightings looked at for one verdict; past it there is just no listing yet. */
#define BS_STORE_WINDOW_STEPS 4096

/* Prefixes looked at inside a wider one before it is listed; past it there is
 * just no wider listing yet.  The same for removals inside it. */
#define BS_STORE_WIDEN_STEPS 4096
#define BS_STORE_WIDEN_REMOVED_STEPS 64

/* A data.mdb that was shorter than its newest state says. */
struct bs_short {
	uint64_t bytes;  /* its length as it was found; 0: long enough */
	uint64_t txn_id; /* of that state */
};

/* The files of a database, data.mdb and lock.mdb, and which ones they are. */
#define BS_STORE_FILES 2

struct bs_file_id {
	dev_t device;
	ino_t inode;
};

struct bs_store {
	MDB_env *env;
	pid_t pid;          /* who opened it: no child may use it */
	atomic_uint inside; /* transactions of this process; see store_map.c */
	atomic_bool resizing; /* nobody may begin one */
	MDB_dbi dbi[BS_TABLE_COUNT];
	char *path;
	enum bs_store_access access;
	bool upgrade; /* an older schema becomes this one */
	struct bs_store_limits limits;
	struct bs_short found_short; /* see bs_store_check_data */
	struct bs_file_id file[BS_STORE_FILES];
	struct bs_ahead *ahead;    /* NULL: not in use */
	bool ahead_asked;          /* for; somebody else may have had it */
	atomic_uint ahead_refused; /* files that the disk refused a batch of */
};

/* The prefix lengths in use, wide first. */
struct bs_lengths {
	size_t count;
	uint8_t bits[129];
};

/* How one transaction asks for exemptions; see store_exempt_view.c. */
struct bs_exempt_view {
	const struct bs_store *store;
	MDB_txn *txn;
	MDB_cursor *cursor;           /* on table exempt; NULL: none yet */
	bool cursor_ready;            /* in this transaction */
	struct bs_lengths lengths[2]; /* IPv4, IPv6 */
};

struct bs_snapshot {
	struct bs_store *store;
	MDB_txn *txn;
	bool active; /* holds a state */
	bool loaded; /* what follows is that of txn_id */
	size_t txn_id;
	uint64_t number, offset;
	struct bs_lengths lengths[2]; /* of listings: IPv4, IPv6 */
	struct bs_exempt_view exempt;
	MDB_cursor *cursor[2]; /* on listing4, listing6 */
	bool cursor_renewed[2];
	MDB_cursor *journal;
	bool journal_renewed;
};

struct bs_writer {
	struct bs_store *store;
	MDB_txn *txn;
	uint32_t now_s;
	char actor[BS_JOURNAL_ACTOR_MAX + 1];
	struct bs_state state;
	bool state_changed;
	bool tight;               /* it was tried, and there was no room */
	bool full;                /* no new sightings or listings */
	bool scarce;              /* what is taken off must make room first */
	bool gathered;            /* see store_gather.c */
	bool secured, recovered;  /* see store_ahead.c */
	bool counted;             /* its epoch is one more */
	int failed;               /* BS_OK, or the error that spoiled the txn */
	int lmdb_error;           /* what LMDB said then */
	bool journal_first_known; /* journal_first_s is that of the first one */
	uint32_t journal_first_s;
	bool keep_known; /* keep is that of the database */
	struct bs_keep keep;
	struct bs_clock_record clock;
	struct bs_tidied tidied;
	struct bs_exempt_view exempt;
	struct bs_day *day;        /* see store_bound.c; or NULL */
	uint64_t sighting_changes; /* of that table, in this transaction */
};

/* time_s + length_s, or the last second that there is. */
static inline uint32_t
bs_store_later(uint32_t time_s, uint32_t length_s)
{
	return time_s > UINT32_MAX - length_s ? UINT32_MAX : time_s + length_s;
}

/* --- store.c ------------------------------------------------------------ */

/* One that nothing of is open yet, for bs_store_free; BS_ENOMEM. */
int bs_store_new(const char *path, enum bs_store_access access,
    struct bs_store **store_r, struct bs_message *message);

/* bs_store_open with other limits, for tests. */
int bs_store_open_with(const char *path, enum bs_store_access access,
    const struct bs_store_limits *limits, struct bs_store **store_r,
    struct bs_message *message);

/* The limits that bs_store_open has. */
struct bs_store_limits bs_store_limits_default(void);

/* BS_ESYSTEM, with a line, in a child of the process that opened it: LMDB's
 * locks and reader slots are the parent's. */
int bs_store_check_process(
    const struct bs_store *store, struct bs_message *message);

/* The name of a table; static storage. */
const char *bs_store_table_name(enum bs_table table);

/* Opens the tables of an environment that is open; checks schema and state. */
int bs_store_open_schema(struct bs_store *store, struct bs_message *message);

/* --- store_upgrade.c ---------------------------------------------------- */

/* Makes an older schema this one, all or nothing. */
int bs_store_upgrade(struct bs_store *store, struct bs_message *message);

/* --- store_check.c ------------------------------------------------------ */

/* The folder: there, ours, local. */
int bs_store_check_folder(
    const char *path, enum bs_store_access access, struct bs_message *message);
/* The name of a file system (f_type of statfs) where shared maps and locks of
 * two machines do not meet, or NULL for a local one. */
const char *bs_store_network_name(uint32_t type);
/* data.mdb: BS_ENOTFOUND where there is none and none is missed; message is
 * set for every other failure.  *short_r: what it was like before it was made
 * as long as it says. */
int bs_store_check_data(const char *path, enum bs_store_access access,
    struct bs_short *short_r, struct bs_message *message);
/* The same of one file that is open: both meta pages, then its length. */
int bs_store_check_content(int fd, const char *path, struct bs_short *short_r,
    struct bs_message *message);
/* Says who may do it and who we are; BS_EACCES. */
int bs_store_refuse_rights(
    const char *path, const char *what, struct bs_message *message);
/* Says what errno says; its bs_error. */
int bs_store_refuse_system(
    const char *path, const char *what, struct bs_message *message);
/* Mode 0660, and made by root: the folder's owner and group. */
int bs_store_share_file(int fd, const char *folder);
/* FOLDER/NAME; BS_ETOOLONG. */
int bs_store_file_name(
    const char *folder, const char *name, char *name_r, size_t size);
/*
 * LMDB leaves pages unwritten that a transaction took and gave back, so that
 * the file may be shorter than its meta page says, as a truncated one is.
 * Makes it as long.
 */
void bs_store_extend(int fd, uint64_t size_bytes);

/* --- store_lock.c ------------------------------------------------------- */

/* Makes lock.mdb with all of its blocks, mode 0660; before mdb_env_open. */
int bs_store_prepare_lock(
    const char *path, enum bs_store_access access, struct bs_message *message);

/* --- store_map.c -------------------------------------------------------- */

/* Before a transaction begins: whether it may; where it may not, or did not
 * begin, bs_store_follow_map and once more. */
bool bs_store_enter(struct bs_store *store);
/* After it ended. */
void bs_store_leave(struct bs_store *store);
/* Outside of any transaction of the caller: makes our map as large as that of
 * who wrote last, if no other thread has one now. */
void bs_store_follow_map(struct bs_store *store);
/* Times to try to begin one; others' are short. */
#define BS_STORE_FOLLOW_TRIES 1000

/* --- store_files.c ------------------------------------------------------ */

/* Which file a name in the folder stands for; all 0 where there is none. */
struct bs_file_id bs_store_find_file(
    const struct bs_store *store, const char *name);
/* Remembers which files are open; right after LMDB opened them. */
void bs_store_note_files(struct bs_store *store);

/* --- store_error.c ------------------------------------------------------ */

/* The bs_error of a code of LMDB or errno; 0 is BS_OK. */
int bs_store_error(int code);
/* The same, and a line: path, what could not be done, why, remedy. */
int bs_store_explain(const struct bs_store *store, int code, const char *doing,
    struct bs_message *message);

/* --- store_read.c ------------------------------------------------------- */

/* The table of listings of a family. */
enum bs_table bs_store_listing_table(uint8_t family);
/* The listing of exactly this prefix, in any transaction; BS_ENOTFOUND. */
int bs_store_get_listing(const struct bs_store *store, MDB_txn *txn,
    const struct bs_prefix *prefix, struct bs_listing *listing_r);
int bs_store_get_state(
    const struct bs_store *store, MDB_txn *txn, struct bs_state *state_r);

/* --- store_stats.c ------------------------------------------------------ */

/* How many pages are free from number `first` on; `txn` must be a reader. */
int bs_store_free_pages(MDB_txn *txn, uint64_t first, uint64_t *count_r);

/* The first listing of a family at or after the prefix. */
int bs_snapshot_seek(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, MDB_cursor **cursor_r, MDB_val *key_r,
    MDB_val *value_r);

/* --- store_exempt_view.c ------------------------------------------------ */

/* 0 for IPv4, 1 for IPv6. */
int bs_family_index(uint8_t family);

/* Which lengths have a count that is not 0; counts[0] to counts[most]. */
void bs_lengths_set(
    struct bs_lengths *lengths, const uint64_t *counts, unsigned most);
/* The exemptions' lengths of a state. */
void bs_exempt_view_set(
    struct bs_exempt_view *view, const struct bs_state *state);
/* The widest exemption that holds all of the prefix; BS_ENOTFOUND. */
int bs_exempt_covering(struct bs_exempt_view *view,
    const struct bs_prefix *prefix, struct bs_prefix *widest_r);
/* Whether exemptions, one or several, leave nothing of the prefix.  Behind
 * BS_STORE_INSIDE_STEPS of them something is taken to be left. */
int bs_exempt_hides(
    struct bs_exempt_view *view, const struct bs_prefix *prefix, bool *hides_r);
/* Of a prefix that no exemption holds: as *clear_r of
 * bs_snapshot_cover_prefix. */
int bs_exempt_clear(struct bs_exempt_view *view, const struct bs_prefix *prefix,
    unsigned *clear_r);
/* The first exemption at or after a prefix, or strictly after it. */
int bs_exempt_seek(struct bs_exempt_view *view, const struct bs_prefix *from,
    bool after, struct bs_exemption *exemption_r);

/* --- store_write.c ------------------------------------------------------ */

/* LMDB calls of a writer: a failure (other than not found) spoils it. */
int bs_writer_put(struct bs_writer *writer, enum bs_table table, MDB_val *key,
    MDB_val *value, unsigned flags);
/* BS_ENOTFOUND. */
int bs_writer_del(struct bs_writer *writer, enum bs_table table, MDB_val *key);
/* BS_ENOTFOUND; the value lives until the next write. */
int bs_writer_fetch(struct bs_writer *writer, enum bs_table table, MDB_val *key,
    MDB_val *value_r);
/* The first key of a table, copied into key (its size in *size: room, then
 * size); BS_ENOTFOUND when the table is empty. */
int bs_writer_first(
    struct bs_writer *writer, enum bs_table table, uint8_t *key, size_t *size);
/* Notes that the transaction is spoiled; returns `error`. */
int bs_writer_spoil(struct bs_writer *writer, int error, int lmdb_error);
/* One listing becomes another: either may be NULL.  Keeps expiry index,
 * counts, journal and history, where it is an event of that kind. */
int bs_writer_replace(struct bs_writer *writer, const struct bs_listing *old,
    const struct bs_listing *new, enum bs_history_kind kind,
    const char *reason);

/* --- store_sighting.c --------------------------------------------------- */

/* What sightings say of one prefix and class. */
struct bs_seen {
	const struct bs_policy *policy;
	enum bs_class class;
	struct bs_prefix prefix;
	struct bs_addr source; /* the last one, inside the prefix */
	const char *feed;      /* who saw it; borrowed */
	uint32_t newest_s;     /* of the sightings that count */
	uint32_t hits;         /* how many they are */
	uint32_t delay_s;      /* what is new waits so long; 0: it does not */
};

/* Whether it is one that can be. */
bool bs_sighting_is_sound(const struct bs_sighting *sighting);

/* What became of it. */
struct bs_listed {
	bool renewed;       /* listed with the class already */
	bool waits;         /* not listed yet: it is to be */
	uint32_t before_s;  /* its last sighting before; 0: none */
	uint32_t expires_s; /* the class ends then */
};

/* The first sightings of a class: does the host come back? */
int bs_writer_look_back(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_listing_class *class);
/* Adds sightings to a class: nothing ever ends earlier by one. */
void bs_seen_renew(const struct bs_seen *seen, struct bs_listing_class *class);
/* Lists the prefix, has it wait, or renews it. */
int bs_writer_list(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_listed *listed_r);

/* --- store_window.c ----------------------------------------------------- */

/* Counts what the policy asks for into facts, which has the rest; *newest_s
 * becomes the time of the newest sighting that counts. */
int bs_writer_count(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_policy_facts *facts, uint32_t *newest_s_r);

/* Walks the sightings of one prefix and class in the order of time. */
struct bs_sightings {
	struct bs_writer *writer;
	MDB_cursor *cursor;
	uint8_t key[BS_SIGHTING_KEY_MAX]; /* the group, then the start */
	size_t group_size;
	size_t steps; /* left */
	uint32_t time_s;
	const uint8_t *tail; /* of its key, behind the group: borrowed until
				the next step or write */
	struct bs_sighting_record record;
};

/* Opens it; the caller closes its cursor. */
int bs_sightings_open(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_sightings *walk_r);
/* The first one at or after start_s (MDB_SET_RANGE), or the next one
 * (MDB_NEXT); BS_ENOTFOUND after the last one. */
int bs_sightings_step(
    struct bs_sightings *walk, MDB_cursor_op op, uint32_t start_s);

/* --- store_bound.c ------------------------------------------------------ */

/* A sighting that was put into its table, as often as that. */
struct bs_kept {
	const struct bs_sighting *sighting;
	uint32_t received_s, until_s;
	unsigned puts;
};

/* After a sighting was kept: of its prefix, class, feed and day at most
 * BS_STORE_SIGHTINGS_DAY stay, or as many as the policy's hits or traps. */
int bs_writer_bound(struct bs_writer *writer, const struct bs_seen *seen,
    const struct bs_kept *kept);
/* Where the map is nearly at its end: lets go of what can best be missed, in the
 * order of keys, so that whole pages become free. */
int bs_writer_make_room(struct bs_writer *writer);
/* All sightings of a prefix go, BS_STORE_WINDOW_STEPS of them at most. */
int bs_writer_forget_sightings(
    struct bs_writer *writer, const struct bs_prefix *prefix);

/* --- store_ahead.c ------------------------------------------------------ */

#define BS_AHEAD_BATCH_MAX ((size_t)128 * 1024) /* of the file, in a batch */

/* Removes the file, if it is there: it is of another database. */
void bs_store_forget_ahead(const char *folder);
/* Lets go of the file. */
void bs_store_end_ahead(struct bs_store *store);
/* Where there is such a file: a transaction begins; one took in a sighting; it
 * ends. */
void bs_ahead_begin(struct bs_ahead *ahead);
void bs_ahead_note(
    struct bs_writer *writer, const struct bs_sighting *sighting);
void bs_ahead_end(struct bs_writer *writer, bool committed);
/* Reads `size` bytes at the beginning of it; fewer where it is shorter. */
int bs_ahead_read(int fd, uint8_t *bytes, size_t size, size_t *used_r);
/* The epoch of the newest state, which the snapshot has then; 0: none yet. */
int bs_ahead_epoch(struct bs_snapshot *snapshot, uint64_t *epoch_r);
/* Before its commit: gives the transaction an epoch, if it has none yet, so that
 * a copy of the database of before it is told from the database after it. */
int bs_ahead_count(struct bs_writer *writer);

/* --- store_gather.c ----------------------------------------------------- */

/* Before a change beside this key of a table: has the pages of the commit lie
 * together, before the first change of a transaction only.  Returns BS_OK, also
 * where it can't, or the error that has spoiled the transaction. */
int bs_writer_gather(
    struct bs_writer *writer, enum bs_table table, const MDB_val *beside);

/* --- store_held.c ------------------------------------------------------- */

/* Before a new listing: whether it is held back, now or already. */
int bs_writer_hold(
    struct bs_writer *writer, const struct bs_seen *seen, bool *held_r);
/* Whether what a feed has seen of a prefix and class is held. */
int bs_writer_is_held(struct bs_writer *writer, const char *feed,
    const struct bs_seen *seen, bool *held_r);

/* Nobody has decided about what is held: it goes, its sightings stay. */
int bs_writer_trim_held(struct bs_writer *writer, const struct bs_trim *trim);
/* When what is held goes: BS_STORE_HELD_S after the day of its last sighting. */
struct bs_trim bs_store_held_trim(const struct bs_held *held);

/* --- store_publish.c ---------------------------------------------------- */

/* Has a new listing wait, or adds sightings to what does. */
int bs_writer_wait(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_listed *listed_r);
/* What waits becomes this: at the time that it had. */
int bs_writer_wait_as(
    struct bs_writer *writer, const struct bs_waiting *waiting);
/* These classes of the prefix wait no more; *any_r: whether some did. */
int bs_writer_wait_no_more(struct bs_writer *writer,
    const struct bs_prefix *prefix, bs_classes classes, bool *any_r);
/* Lists up to `max` of what has waited long enough. */
int bs_writer_publish_step(struct bs_writer *writer, size_t max);

/* --- store_rejudge.c ---------------------------------------------------- */

/* Makes the listing of a prefix and class what its sightings amount to. */
int bs_writer_rejudge(struct bs_writer *writer, const struct bs_seen *seen);
/* The same of a listing that sightings inside it widened to. */
int bs_writer_rejudge_wide(
    struct bs_writer *writer, const struct bs_seen *wide);

/* --- store_widen.c ------------------------------------------------------ */

/* The widest listing by sightings of the class around a prefix that the policy
 * still wants; BS_ENOTFOUND. */
int bs_writer_find_wide(struct bs_writer *writer, const struct bs_seen *seen,
    struct bs_prefix *wide_r);
/* After a prefix was listed: lists the wider one, where that is due. */
int bs_writer_widen(struct bs_writer *writer, const struct bs_seen *seen,
    const struct bs_listed *listed);

/* --- store_removed.c ---------------------------------------------------- */

/* The last removal of the prefix, or of what it may have widened to; 0: never. */
int bs_writer_removed_s(struct bs_writer *writer,
    const struct bs_prefix *prefix, uint32_t *removed_s_r);
/* Whether something inside the prefix was removed and is not listed again. */
int bs_writer_removed_inside(
    struct bs_writer *writer, const struct bs_prefix *prefix, bool *inside_r);
int bs_writer_note_removed(
    struct bs_writer *writer, const struct bs_prefix *prefix);
/* The same of a time that is over; *new_r: it was not known, nor a later one. */
int bs_writer_note_removed_then(struct bs_writer *writer,
    const struct bs_prefix *prefix, uint32_t removed_s, bool *new_r);

/* --- store_manual.c ----------------------------------------------------- */

/* Ends a listing as bs_writer_remove does, in the name of who is listed. */
int bs_writer_take_off_self(
    struct bs_writer *writer, const struct bs_prefix *prefix);

/* --- store_past.c ------------------------------------------------------- */

/* Remembers that a class of a listing by sightings ended by time. */
int bs_writer_note_past(struct bs_writer *writer,
    const struct bs_listing *listing, enum bs_class class);
/* What was remembered, and is no more; past_r->ended_s 0: nothing. */
int bs_writer_take_past(struct bs_writer *writer,
    const struct bs_prefix *prefix, enum bs_class class,
    struct bs_policy_past *past_r);

/* --- store_tag.c --------------------------------------------------------- */

/*
 * Counts the use of a sighting's tag.  *proof_r: it is no more than the
 * `limit`th message with it, or was one of these before; after that the tag may
 * be replayed by others.  BS_EFULL: nothing was written.
 */
int bs_writer_tag(struct bs_writer *writer, const struct bs_sighting *sighting,
    uint32_t limit, bool *proof_r);

/* --- store_sound.c ------------------------------------------------------ */

/* Whether a record of a table that no other depends on decodes. */
bool bs_store_is_sound(
    enum bs_table table, const MDB_val *key, const MDB_val *value);

/* --- store_history.c ---------------------------------------------------- */

/* One more sighting of a day, and whether it renewed a listing. */
int bs_writer_history_sighting(struct bs_writer *writer,
    const struct bs_prefix *prefix, enum bs_class class, uint32_t time_s,
    bool renewal);
/* What happened now: kind, classes and reason are given, the rest is filled
 * in. */
int bs_writer_history(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_history_entry *entry);

/* For store_history_trim.c and store_upgrade.c; prefixes are keys. */

/* Puts an entry where it belongs; time_s: since when there is a history, if
 * there was none. */
int bs_writer_history_insert(struct bs_writer *writer, MDB_val *prefix,
    const struct bs_history_entry *entry, uint32_t time_s);
/* The head, and the entries behind it: until the next write.  BS_ENOTFOUND. */
int bs_writer_history_head(struct bs_writer *writer, MDB_val *key,
    struct bs_history_head *head_r, MDB_val *entries_r);
/* Puts a head and what is behind it. */
int bs_writer_history_put(struct bs_writer *writer, MDB_val *key,
    const struct bs_history_head *head, const MDB_val *entries);
/* Puts entries of earlier days, at least one, into a record of their own. */
int bs_writer_history_more(
    struct bs_writer *writer, const MDB_val *prefix, const MDB_val *entries);
/* Notes when the head's time is. */
int bs_writer_history_due(
    struct bs_writer *writer, const MDB_val *prefix, uint32_t due_s);

/* --- store_history_trim.c ----------------------------------------------- */

/* Lets old entries of a prefix go, and notes when to look again. */
int bs_writer_trim_history(
    struct bs_writer *writer, const struct bs_trim *trim);

/* --- store_evidence.c --------------------------------------------------- */

/* Keeps it among the `max` newest of the prefix; of use until then. */
int bs_writer_keep_evidence(struct bs_writer *writer,
    const struct bs_prefix *prefix, const struct bs_evidence *evidence,
    size_t max, uint32_t until_s);
/* All of a prefix's goes. */
int bs_writer_forget_evidence(
    struct bs_writer *writer, const struct bs_prefix *prefix);
/* That of one sighting goes, if it is kept. */
int bs_writer_drop_evidence(struct bs_writer *writer,
    const struct bs_prefix *prefix, enum bs_class class, uint32_t time_s);
/* It goes when it is of no use and nothing is listed there. */
int bs_writer_trim_evidence(
    struct bs_writer *writer, const struct bs_trim *trim);

/* --- store_journal.c ---------------------------------------------------- */

/* Numbers, stamps and appends; number, time and actor are filled in. */
int bs_writer_journal(struct bs_writer *writer, struct bs_journal_entry *entry);
/* Lets go of up to `max` old entries, never of the newest. */
int bs_writer_journal_trim(struct bs_writer *writer, size_t max);

/* --- store_clock.c ------------------------------------------------------ */

/* Reads when the newest write was, and whether the clock waits: then
 * writer->tidied.held is set.  Notes this write where that is due, if `note`. */
int bs_writer_check_clock(struct bs_writer *writer, bool note);

/* --- store_write.c, for small records of table meta ---------------------- */

/* BS_ENOTFOUND; the value lives until the next write. */
int bs_writer_fetch_meta(
    struct bs_writer *writer, const char *name, MDB_val *value_r);
int bs_writer_put_meta(
    struct bs_writer *writer, const char *name, void *bytes, size_t size);

/* --- store_expiry.c ----------------------------------------------------- */

/* Ends up to `max` classes or listings whose time is over; *ended_r or NULL. */
int bs_writer_expire_step(
    struct bs_writer *writer, size_t max, size_t *ended_r);
/* Deletes up to `max` records that nobody needs any more. */
int bs_writer_trim_step(struct bs_writer *writer, size_t max);
/* The table that has the records of a kind. */
enum bs_table bs_store_trimmed_table(enum bs_trim_kind kind);
/* Notes when a record may go. */
int bs_writer_trim_at(struct bs_writer *writer, const struct bs_trim *trim);
/* It went, or may go at another time. */
int bs_writer_trim_not(struct bs_writer *writer, const struct bs_trim *trim);

#endif
