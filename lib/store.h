/*
 * The store: one LMDB environment that all three programs share.  The only
 * door to lmdb.h is lib/store*.c.
 *
 * Readers take a snapshot, renew it per batch and never hold one across a
 * wait.  Writers take the one write transaction, which first runs a bounded
 * step of expiry, do what they have to do and commit; a commit is on disk when
 * it returns.  Every change that alters an answer is a journal record in the
 * same transaction, so the SOA serial moves exactly when answers do.
 *
 * Exemptions are in the database, those of the configuration too, so that all
 * who answer, transfer, export or show agree on what is served: a listing that
 * is exempt, and the part of one that is, is kept and not served.  backstopd
 * alone brings the configuration's into the database, at its start, as it does
 * with all else that shapes answers; so two programs with configurations that
 * differ never take turns at it.  Writers ask their own configuration as well
 * (struct bs_policy) before they list.
 *
 * Tables: meta, listing4, listing6, expiry (time, prefix), sighting, seen
 * (identities of sightings, with their end), removed, past (listings that ended
 * by time), journal, trim (when a record of another table may go), exempt,
 * tag (how often tags came back), history, self (removals by who is
 * listed), evidence, held, feed (see held.h), waiting and publish (listings that
 * are not public yet, and when they are to be; see waiting.h).
 * meta holds the schema version, the serial's offset and how many listings
 * and exemptions there are of each prefix length.
 *
 * Under load the feeder's sightings are on disk before their commit is, in a
 * file of their own beside the database: see bs_store_write_ahead.
 */
#ifndef BS_STORE_H
#define BS_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "class.h"
#include "clock.h"
#include "error.h"
#include "evidence.h"
#include "exemption.h"
#include "held.h"
#include "history.h"
#include "ipprefix.h"
#include "journal.h"
#include "keyhash.h"
#include "listing.h"
#include "policy.h"
#include "waiting.h"

#define BS_STORE_SCHEMA 6
#define BS_STORE_SCHEMA_OLDEST 3              /* that `upgrade` takes */
#define BS_STORE_MAP_BYTES ((size_t)64 << 30) /* address space, not disk */
#define BS_STORE_READERS_MAX 1022
#define BS_STORE_FULL_PERCENT 90   /* no new sightings above */
#define BS_STORE_EXPIRY_STEP 2000  /* listings ended per write transaction */
#define BS_STORE_INSIDE_STEPS 1000 /* listings of other classes passed over */

/* Who reports sightings: the name of a feed, or our own traps. */
#define BS_FEED_NAME_MAX 63
#define BS_FEED_LOCAL BS_POLICY_FEED_LOCAL

struct bs_store;
struct bs_snapshot;
struct bs_writer;

enum bs_store_access {
	BS_STORE_READ,  /* must exist */
	BS_STORE_WRITE, /* is made in an existing, empty folder */
};

/*
 * Opens the database in folder `path`.  Checks before LMDB maps anything:
 * folder missing, not a folder, no rights, network file system (statfs), file
 * foreign, empty or truncated, other schema version, disk too full for the
 * lock file.  On failure `message` names path, reason and remedy.  Clears
 * dead readers.  One store per database and process; not across fork.
 */
int bs_store_open(const char *path, enum bs_store_access access,
    struct bs_store **store_r, struct bs_message *message);
void bs_store_free(struct bs_store **store);

/* The journal's limits: so many entries, for so long; right after opening.
 * Without it 2,000,000 and 30 days. */
void bs_store_limit_journal(
    struct bs_store *store, uint64_t entries, uint32_t age_s);

/* Clears the slots of dead readers; call each minute.  Returns how many. */
unsigned bs_store_clear_readers(struct bs_store *store);

/*
 * Whether the folder still has the files that are open; call it each second
 * where a store stays open for long.  BS_EIO when one was removed or replaced,
 * so that what is read is no longer the list, and what is written is lost;
 * BS_EACCES when this user may no longer tell.  Then `message` names the file
 * or folder and the remedy.  Writers ask by themselves.
 */
int bs_store_check_files(
    const struct bs_store *store, struct bs_message *message);

/* --- reading ------------------------------------------------------------ */

/* A reader for one thread; starts out holding nothing. */
int bs_snapshot_new(struct bs_store *store, struct bs_snapshot **snapshot_r,
    struct bs_message *message);
/* Moves to the newest committed state; pointers got before are invalid. */
int bs_snapshot_renew(struct bs_snapshot *snapshot);
/* Lets the state go, so that old pages can be used again. */
void bs_snapshot_release(struct bs_snapshot *snapshot);
void bs_snapshot_free(struct bs_snapshot **snapshot);

/* Of a renewed snapshot: the journal's last number, and the SOA serial. */
uint64_t bs_snapshot_number(const struct bs_snapshot *snapshot);
uint32_t bs_snapshot_serial(const struct bs_snapshot *snapshot);

/* What covers an address: for the query path, no allocation. */
struct bs_cover {
	bs_classes classes;      /* OR of all covering ones, wanted; 0: none */
	struct bs_prefix widest; /* the widest and the narrowest of them */
	struct bs_prefix narrowest;
};

/* Looks at listings with one of the `wanted` classes only.  BS_OK with classes
 * 0 when nothing covers the address, or it is exempt; BS_EIO or BS_ECORRUPT. */
int bs_snapshot_cover(struct bs_snapshot *snapshot, const struct bs_addr *addr,
    bs_classes wanted, struct bs_cover *cover_r);

/*
 * The same for all of a prefix: classes 0 when no listing covers the whole of
 * it, or exemptions leave nothing of it.  *clear_r: from so many bits on the
 * prefix around its first address holds no exemption; 0: there is none far and
 * wide; more than its own bits: there are some inside.
 */
int bs_snapshot_cover_prefix(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, bs_classes wanted, struct bs_cover *cover_r,
    unsigned *clear_r);

/*
 * Whether any listing with one of the `wanted` classes lies inside the prefix
 * (it may be a listing itself) and is served, be it in part.  Behind
 * BS_STORE_INSIDE_STEPS listings that aren't one is taken for granted, so that
 * no question costs a walk over all.
 */
int bs_snapshot_any_inside(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, bs_classes wanted, bool *any_r);

/* The listing of exactly this prefix; BS_ENOTFOUND. */
int bs_snapshot_get(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, struct bs_listing *listing_r);

/*
 * Walks listings in order (IPv4 first, then by address, wide before narrow):
 * the first one after *after (NULL: from the start).  BS_ENOTFOUND at the
 * end.  A walk may renew the snapshot between steps: nothing is held.
 */
int bs_snapshot_next(struct bs_snapshot *snapshot,
    const struct bs_prefix *after, struct bs_listing *listing_r);

/* Prefixes in the order of bs_snapshot_next. */
#define BS_STORE_PREFIXES_MAX 512
struct bs_prefixes {
	size_t count;
	struct bs_prefix prefix[BS_STORE_PREFIXES_MAX];
	bs_classes classes[BS_STORE_PREFIXES_MAX]; /* 0: can't be read */
};

/*
 * Many listed prefixes at once, for who reads all: those after *after (NULL:
 * from the start), as many as there is room for; BS_OK and count 0 at the end.
 * The walk may renew the snapshot between steps too.  No allocation.
 */
int bs_snapshot_prefixes(struct bs_snapshot *snapshot,
    const struct bs_prefix *after, struct bs_prefixes *list);

/* Whether the feed has seen the prefix, or what lies inside it, as far as its
 * sightings are kept.  BS_ECORRUPT. */
int bs_snapshot_seen_by(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, const char *feed, bool *seen_r);

/* The widest exemption that holds all of the prefix; BS_ENOTFOUND. */
int bs_snapshot_exempt(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, struct bs_exemption *exemption_r);

/* Walks exemptions as bs_snapshot_next does listings. */
int bs_snapshot_exempt_next(struct bs_snapshot *snapshot,
    const struct bs_prefix *after, struct bs_exemption *exemption_r);

/* The journal entry of a number, or the first after it; BS_ENOTFOUND.  One of
 * a later number than was asked for: what lies between was trimmed, and who
 * follows the journal has to read everything again.  No allocation. */
int bs_snapshot_journal(struct bs_snapshot *snapshot, uint64_t number,
    struct bs_journal_entry *entry_r);

/*
 * Walks the history of exactly this prefix in the order of time: the first
 * entry after *after (NULL: from the start).  BS_ENOTFOUND at the end.
 */
int bs_snapshot_history_next(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, const struct bs_history_entry *after,
    struct bs_history_entry *entry_r);
/* The sums of days that are no entries any more; BS_ENOTFOUND where the prefix
 * has no history. */
int bs_snapshot_history_head(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, struct bs_history_head *head_r);

/*
 * Walks what is kept of sightings, a prefix at a time: the first one at *from,
 * or strictly after it.  BS_ENOTFOUND at the end.
 */
int bs_snapshot_evidence_next(struct bs_snapshot *snapshot,
    const struct bs_prefix *from, bool after, struct bs_prefix *prefix_r,
    struct bs_evidence_list *list_r);

/* A sighting as it is kept. */
struct bs_sighting_seen {
	struct bs_prefix prefix; /* what the source lists as */
	enum bs_class class;
	uint32_t received_s;
	bool lists;
	uint8_t trap[BS_KEYHASH_SIZE];
	char feed[BS_FEED_NAME_MAX + 1];
	size_t key_size; /* what tells it from all others */
	uint8_t key[64];
};

/* Walks all sightings in the order of addresses: the one after *seen (key_size
 * 0: the first), into *seen.  BS_ENOTFOUND at the end. */
int bs_snapshot_sighting_next(
    struct bs_snapshot *snapshot, struct bs_sighting_seen *seen);

/* Walks what is held of a feed: the first one after *after (NULL: from the
 * start).  BS_ENOTFOUND at the end. */
int bs_snapshot_held_next(struct bs_snapshot *snapshot, const char *feed,
    const struct bs_held *after, struct bs_held *held_r);
/* What a feed has listed lately; BS_ENOTFOUND: nothing ever. */
int bs_snapshot_feed(struct bs_snapshot *snapshot, const char *feed,
    struct bs_feed_state *state_r);

/* Whether a class of a prefix waits to become public (or, where the class is
 * listed by hand, to add to that); BS_ENOTFOUND. */
int bs_snapshot_waits(struct bs_snapshot *snapshot,
    const struct bs_prefix *prefix, enum bs_class class,
    struct bs_waiting *waiting_r);

/* How many listings there are, and of a family: cheap, unlike
 * bs_snapshot_stats. */
uint64_t bs_snapshot_listings(struct bs_snapshot *snapshot);
uint64_t bs_snapshot_listings_of(struct bs_snapshot *snapshot, uint8_t family);

struct bs_store_stats {
	uint64_t listings_ipv4, listings_ipv6;
	uint64_t listings_class[BS_CLASS_COUNT];
	uint64_t sightings, seen, past, journal_entries;
	uint64_t exemptions, history, evidence, held;
	uint64_t waiting; /* classes of prefixes that are not public yet */
	uint64_t journal_number;
	uint32_t serial;
	uint64_t overdue;       /* listings that should have ended already */
	uint64_t removed, trim; /* records of these tables */
	uint64_t journal_first; /* the oldest entry's number; 0: none */
	uint64_t journal_keep;  /* see bs_writer_journal_keep; 0: none */
	uint64_t journal_lost;  /* the last one lost to it; 0: none */
	uint32_t written_s; /* about when the newest write was; 0: unknown */
	uint32_t leap_s;    /* since when the clock is doubted; 0: it is not */
	uint64_t file_bytes, used_bytes, map_bytes;
	uint32_t readers;
};

/* Counts; listings_class walks all listings. */
int bs_snapshot_stats(struct bs_snapshot *snapshot, uint32_t now_s,
    struct bs_store_stats *stats_r);

/* --- writing ------------------------------------------------------------ */

/*
 * Begins the write transaction (waits for another writer) and runs a step of
 * expiry.  `actor` ("feeder", "operator:alice") is copied into the journal.
 */
int bs_writer_begin(struct bs_store *store, uint32_t now_s, const char *actor,
    struct bs_writer **writer_r, struct bs_message *message);
/* On disk when it returns BS_OK.  Frees *writer in any case. */
int bs_writer_commit(struct bs_writer **writer, struct bs_message *message);
/* Forgets all of it.  Frees *writer. */
void bs_writer_abort(struct bs_writer **writer);

/*
 * Has sightings written ahead of their commit, to FOLDER/ahead.log, which is
 * made where it is missing (1 MiB).  Then under load many groups share a
 * transaction, each on disk by bs_writer_secure; all begin with
 * bs_writer_recover, which takes in what a crash has left there.  Before a
 * second thread uses the store, or in the thread that writes.  BS_EBUSY: another
 * process does so (the first call waits a second for one that was killed);
 * BS_EFULL, BS_EACCES, BS_EVERSION, BS_EIO.  Then everything is as without.
 */
int bs_store_write_ahead(struct bs_store *store, struct bs_message *message);
bool bs_store_writes_ahead(const struct bs_store *store);
/* How many files were given up since the disk refused a batch; any thread. */
uint64_t bs_store_ahead_refused(const struct bs_store *store);
/* Whether there is anything on disk that may not be in the database. */
bool bs_store_ahead_is_due(const struct bs_store *store);
/* Whether that was ahead of another state of the database: a copy of earlier was
 * put in its place.  Then none of it is taken in. */
bool bs_store_ahead_is_foreign(struct bs_store *store);
/* What bs_writer_recover took in. */
struct bs_recovered {
	uint64_t sightings; /* that were not in the database */
	uint64_t listings;  /* that they made */
};
/* What was taken in and is in the database, since it was last asked for, in the
 * thread that writes. */
struct bs_recovered bs_store_recovered(struct bs_store *store);
/*
 * After transactions: whether the file is still the one of its name, and the disk
 * has taken all of it.  Where it was removed or replaced, and nothing depends on it
 * any more, another one is made; where something does, as its commit failed, what
 * is in it is put back under its name, if that is free.  A file that the disk
 * refused a batch of is given up once nothing depends on it: what it has is not
 * known, and never is.  BS_OK: nothing to tell; BS_ENOTFOUND: there is another one;
 * else as bs_store_write_ahead, and everything is as without, or may be lost if the
 * process ends.  `message` says so, once.
 */
int bs_store_keep_ahead(struct bs_store *store, struct bs_message *message);
/* What was on disk and is not in the database is taken in again, judged by
 * the policy, also above BS_STORE_FULL_PERCENT; as the transaction's first.  An
 * error, such as BS_EFULL (map or disk are full indeed): abort, nothing is lost. */
int bs_writer_recover(struct bs_writer *writer, const struct bs_policy *policy);
/*
 * All sightings of the transaction until now are on disk when it returns BS_OK,
 * in a file that still has its name, and will be in the database though the
 * process dies or the commit fails; readers see them with the commit.  The
 * transaction goes on.  Any error: they are not, commit tells.
 */
int bs_writer_secure(struct bs_writer *writer);

/* What identifies a sighting, and what it is. */
struct bs_sighting {
	struct bs_addr source;
	enum bs_class class;
	uint32_t received_s;
	enum bs_door door;
	/* message, source, traps, and from files received_s */
	uint8_t identity[BS_KEYHASH_SIZE];
	uint8_t trap[BS_KEYHASH_SIZE];
	/* other traps of the same message: one hit, several traps */
	size_t more_count;
	uint8_t more[BS_POLICY_MORE_TRAPS_MAX][BS_KEYHASH_SIZE];
	char feed[BS_FEED_NAME_MAX + 1]; /* a word, never "" */
	bool lists; /* false: a kind that is kept and never lists (delays) */
	/* it answers mail of ours by this tag (the id of struct bs_tag), unless
	 * that came back more often than the policy's tag_uses */
	bool has_tag;
	uint8_t tag[BS_KEYHASH_SIZE];
	struct bs_evidence_facts facts; /* each of its grammar, or "" */
};

/* A feed's name: 1 to BS_FEED_NAME_MAX letters, digits, - and _. */
bool bs_feed_is_sound(const char *feed);

enum bs_outcome {
	BS_OUTCOME_LISTED,   /* a new listing, or a new class of one */
	BS_OUTCOME_RENEWED,  /* listed already: later expiry, no new answer */
	BS_OUTCOME_COUNTED,  /* kept, too few so far (or never lists) */
	BS_OUTCOME_REPEAT,   /* this very message was counted before */
	BS_OUTCOME_OLD,      /* older than its class's expiry */
	BS_OUTCOME_REMOVED,  /* received before its removal */
	BS_OUTCOME_EXEMPT,   /* the operator's exemption */
	BS_OUTCOME_RESERVED, /* reserved address space */
	BS_OUTCOME_GENUINE,  /* its tag was counted, and is proof */
	BS_OUTCOME_HELD,     /* kept; its feed lists too much, so not listed */
	BS_OUTCOME_WAITING,  /* listed when publish_delay_s says so */
};
#define BS_OUTCOME_COUNT 11

/*
 * Takes a sighting in: counts it, and lists, renews or widens what the policy
 * says.  BS_EINVAL: no source, no class, too many traps, or no feed that can be.
 * BS_EFULL above BS_STORE_FULL_PERCENT: then nothing was written, and the
 * transaction goes on.  Any other error, and a disk or map that is full
 * indeed, spoils the transaction: all that follows, commit too, returns that
 * error; the caller may begin again, once.
 */
int bs_writer_sighting(struct bs_writer *writer, const struct bs_policy *policy,
    const struct bs_sighting *sighting, enum bs_outcome *outcome_r);
/* The same of one that is on disk ahead of the database: whoever sent it was told
 * so, and it is taken in above BS_STORE_FULL_PERCENT, too. */
int bs_writer_sighting_owed(struct bs_writer *writer,
    const struct bs_policy *policy, const struct bs_sighting *sighting,
    enum bs_outcome *outcome_r);

/*
 * After bs_writer_recover: from now on another thread, one at a time, puts
 * sightings on disk that are this transaction's, by the three below, and each is
 * given to it by bs_writer_sighting_owed.  Until bs_writer_commit,
 * bs_writer_open_next or bs_writer_secure is called: before that no more is put,
 * and that thread was waited for.  BS_EBUSY: not beside this one.
 */
int bs_writer_open_this(struct bs_writer *writer);
/*
 * The same for the next transaction, when this one has all that it is to have, on
 * disk, by bs_writer_secure or that thread: until bs_writer_commit has returned
 * and that thread was waited for.  The next one takes them over with
 * bs_writer_recover, and must be given each by bs_writer_sighting_owed.
 * BS_EBUSY: not beside this one.
 */
int bs_writer_open_next(struct bs_writer *writer);
/* Gathers one (copied).  BS_EFULL: first put on disk what there is; BS_EINVAL: no
 * sighting that can be. */
int bs_store_add_beside(
    struct bs_store *store, const struct bs_sighting *sighting);
/* What was gathered is on disk when it returns BS_OK, as by bs_writer_secure.  Any
 * error: it is not, and is forgotten. */
int bs_store_secure_beside(struct bs_store *store);
/* Whether a transaction has so much that it should be committed: there may soon
 * be no more room for it. */
bool bs_store_is_long_beside(const struct bs_store *store);
/* The next transaction can't be written, and what it was to take over is not given
 * to it again: bs_writer_recover will take it in from the file. */
void bs_store_owe_next(struct bs_store *store);

/*
 * Adds classes to the listing of a prefix until `expires_s` by hand.  A reason
 * of "" leaves the one that was given before.  *new_r: whether it has a class
 * that it had not (an answer changes then, unless it is exempt).  BS_EFULL.
 * May-list checks are the caller's
 * (bs_policy_may_list), 127.0.0.1 is refused here too: BS_ERESERVED.
 */
int bs_writer_add(struct bs_writer *writer, const struct bs_prefix *prefix,
    bs_classes classes, uint32_t expires_s, const char *reason, bool *new_r);

/*
 * Takes in a listing as another database had it, merged with the one that is
 * there: nothing ends earlier by it.  *new_r as bs_writer_add has it.
 * BS_ERANGE: the time of all its classes is over; BS_EFULL, BS_ERESERVED.
 */
int bs_writer_import(
    struct bs_writer *writer, const struct bs_listing *listing, bool *new_r);

/* Ends a listing now and remembers when, and no past listing of it any more;
 * BS_ENOTFOUND when there is none. */
int bs_writer_remove(struct bs_writer *writer, const struct bs_prefix *prefix,
    const char *reason);

/* Which sightings are taken back: those that all of it is true of. */
struct bs_purge_change {
	struct bs_prefix prefix;
	enum bs_class class; /* whose sightings were taken back */
	bs_classes old_classes, new_classes;
};

struct bs_purge {
	const struct bs_policy *policy; /* borrowed: judges what is left */
	bs_classes classes;
	char feed[BS_FEED_NAME_MAX + 1]; /* "": of all feeds */
	bool has_prefix;
	struct bs_prefix prefix;
	uint32_t since_s, until_s; /* received from then on, and before then */
	/* told of each listing that was judged anew, whether it changed or
	 * not; the change is borrowed */
	void (*told)(void *context, const struct bs_purge_change *change);
	void *context;
};

/* How far a purge has come; all 0 to begin with. */
struct bs_purge_walk {
	bool done;
	uint64_t sightings;     /* taken back */
	uint64_t ended, stayed; /* listings that changed, and that did not */
	size_t size;            /* of the last key looked at */
	uint8_t key[64];
};

/*
 * Takes back matching sightings among the next `max` that there are, and judges
 * anew what they had listed; the same walk goes on in the next transaction, until
 * walk->done.  What was added by hand stays.
 */
int bs_writer_purge(struct bs_writer *writer, const struct bs_purge *purge,
    struct bs_purge_walk *walk, size_t max);

/* As bs_snapshot_held_next, in a transaction. */
int bs_writer_held_next(struct bs_writer *writer, const char *feed,
    const struct bs_held *after, struct bs_held *held_r);
/*
 * What is held is held no more: released, so that the policy judges its
 * sightings as if they had come in now and then; or dropped, and the feed's
 * sightings of it with it.  BS_ENOTFOUND: it is not held.
 */
int bs_writer_let_go(struct bs_writer *writer, const struct bs_policy *policy,
    const struct bs_held *held, bool release);

/* Removals by who is listed: the first at once, each later one only when the
 * listing has lasted so long; forgotten when there was none for a year. */
#define BS_SELF_LOCKOUTS 4
#define BS_SELF_KEEP_S (365u * 24 * 60 * 60)

enum bs_self_answer {
	BS_SELF_REMOVED,
	BS_SELF_NOT_LISTED, /* nothing covers the address */
	BS_SELF_STRANGER,   /* asked for by another host */
	BS_SELF_LOCKED,     /* too early, see until_s */
	BS_SELF_WIDER,      /* listed only as part of `prefix` */
};

struct bs_self_result {
	enum bs_self_answer answer;
	struct bs_prefix prefix; /* the listing: removed, locked or wider */
	uint32_t until_s;        /* LOCKED: when it may be asked for again */
	/* REMOVED: after a new listing, the next removal takes so long */
	uint32_t next_lockout_s;
};

/*
 * Removes what lists an address because that address asks (`by`, as the web
 * page that calls this saw it connect; an IPv6 host may ask for all of its /64).
 * Free, at once, recorded: journal and history name the writer's actor, which
 * should be bs_self_actor's.  BS_OK whatever the answer; errors as
 * bs_writer_remove has them.
 */
int bs_writer_remove_self(struct bs_writer *writer, const struct bs_addr *addr,
    const struct bs_addr *by, struct bs_self_result *result_r);
/* "self:192.0.2.99", for bs_writer_begin. */
void bs_self_actor(
    const struct bs_addr *by, char actor_r[BS_JOURNAL_ACTOR_MAX + 1]);

/*
 * Exempts a prefix by command: what is listed in it is kept and not served.
 * The journal gets a change for each listing whose answers change, and one for
 * the prefix itself where a wider listing covers it; a reset where these are
 * more than 10,000.  Where it is exempt by command already, only actor and
 * reason become new, if there is a reason.  *new_r: whether it was not.
 * BS_EFULL.
 */
int bs_writer_exempt(struct bs_writer *writer, const struct bs_prefix *prefix,
    const char *reason, bool *new_r);

/* Takes back what bs_writer_exempt did: what is listed is served again.
 * BS_ENOTFOUND where this very prefix is not exempt by command. */
int bs_writer_unexempt(struct bs_writer *writer, const struct bs_prefix *prefix,
    const char *reason);

/*
 * Makes `count` prefixes, in any order, those that are exempt by the
 * configuration, and takes back all others that were.  The journal as above,
 * all of it together counting as one cause.  *changes_r: how many came or went.
 */
int bs_writer_exempt_configured(struct bs_writer *writer,
    const struct bs_prefix *prefix, size_t count, size_t *changes_r);

/* The widest exemption that holds all of the prefix, and the one of exactly
 * this prefix, as the transaction has them; BS_ENOTFOUND. */
int bs_writer_exempt_covering(struct bs_writer *writer,
    const struct bs_prefix *prefix, struct bs_exemption *exemption_r);
int bs_writer_exempt_get(struct bs_writer *writer,
    const struct bs_prefix *prefix, struct bs_exemption *exemption_r);

/* Ends up to `max` overdue listings; *ended_r how many, *left_r how many are
 * still overdue (counted up to 100,000 of them). */
int bs_writer_expire(
    struct bs_writer *writer, size_t max, size_t *ended_r, uint64_t *left_r);

/* What time did as the transaction began and since. */
struct bs_tidied {
	size_t ended;     /* listings, or classes of them */
	size_t published; /* what has waited long enough, or was over by then */
	bool more;        /* the step was used up: more may be overdue */
	size_t journal_trimmed;
	size_t journal_lost; /* among them: what bs_writer_journal_keep asked
				to keep, since it is past twice the limits */
	bool held;           /* the clock is far ahead of the newest write
				(written_s): nothing ends until it has gone on
				for a day, or bs_writer_believe_clock */
	uint32_t written_s;  /* about when that was */
};

void bs_writer_tidied(
    const struct bs_writer *writer, struct bs_tidied *tidied_r);

/* A person says that the clock is right: time does what it has to do. */
int bs_writer_believe_clock(struct bs_writer *writer);

/*
 * A transaction of nothing but what time does: a bounded step of expiry and of
 * trimming.  Call it each minute, and each second while tidied_r->more.  As
 * bs_writer_begin and bs_writer_commit.
 */
int bs_store_tidy(struct bs_store *store, uint32_t now_s, const char *actor,
    struct bs_tidied *tidied_r, struct bs_message *message);

/*
 * What secondaries have not taken yet: the journal keeps its entries from
 * `number` on, past its limits, up to twice as much or as long; 0: nothing.
 * Stays until it is called again.  What goes nevertheless is counted by
 * bs_writer_tidied, its last number is in struct bs_store_stats.
 */
int bs_writer_journal_keep(struct bs_writer *writer, uint64_t number);

/* Moves the serial to `serial` where it is behind that (RFC 1982 arithmetic),
 * with a reset, since numbers mean other serials then.  *moved_r: whether. */
int bs_writer_serial_at_least(
    struct bs_writer *writer, uint32_t serial, bool *moved_r);

/* Appends a reset when `digest` differs from the stored one; *changed_r. */
int bs_writer_reset(struct bs_writer *writer,
    const uint8_t digest[BS_KEYHASH_SIZE], const char *reason, bool *changed_r);

/* The store's view from inside a write transaction, for tests and tools. */
int bs_writer_get(struct bs_writer *writer, const struct bs_prefix *prefix,
    struct bs_listing *listing_r);
/* As bs_snapshot_waits. */
int bs_writer_waits(struct bs_writer *writer, const struct bs_prefix *prefix,
    enum bs_class class, struct bs_waiting *waiting_r);

#endif
