/*
 * The judge: one message in, one judgement out.  Ties together what the pure
 * files do: bounds.c bounds the bytes, mime.c (GMime) turns them into facts,
 * classify.c weighs the facts, received.c finds the source.
 *
 * All doors (files now; SMTP, LMTP and milter later) end here.  Does no I/O,
 * reads no clock, logs nothing; memory and time are bounded for any bytes.
 */
#ifndef FEED_JUDGE_H
#define FEED_JUDGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "batv.h"
#include "class.h"
#include "config.h"
#include "evidence.h"
#include "ipprefix.h"
#include "keyhash.h"
#include "store.h"

/* What is beyond is not read; the rest is judged. */
#define JUDGE_MESSAGE_MAX ((size_t)32 * 1024 * 1024)
#define JUDGE_REASONS_MAX 16
#define JUDGE_TEXT_MAX 200
#define JUDGE_TRAP_MAX 512
#define JUDGE_RULE_MAX 64

/* What a message is; the first ones are the classes that may list. */
enum judge_kind {
	JUDGE_BOUNCE,
	JUDGE_AUTOREPLY,
	JUDGE_CHALLENGE,
	JUDGE_VIRUS,
	JUDGE_SUBSCRIBE,
	JUDGE_FORGED,  /* spam dressed up as a bounce */
	JUDGE_GENUINE, /* a notice of what we sent */
	JUDGE_NONE,    /* ordinary mail and spam */
};
#define JUDGE_KIND_COUNT 8

/* What a notice says happened (RFC 3464 section 2.3.3, RFC 8098). */
enum judge_type {
	JUDGE_TYPE_NONE, /* says nothing of the sort */
	JUDGE_FAILED,
	JUDGE_DELAYED,
	JUDGE_DELIVERED,
	JUDGE_RELAYED,
	JUDGE_EXPANDED,
	JUDGE_DISPLAYED, /* a read receipt */
	JUDGE_REJECTED,  /* refused by a filter or a policy */
};
#define JUDGE_TYPE_COUNT 8

struct judge_reason {
	int weight; /* for its kind positive, against it negative */
	char text[JUDGE_TEXT_MAX]; /* "subject has "undeliver"" */
	/* the rule that says so, its file ("bounce.yaml", or the path of an
	 * operator's) and line; "", "" and 0 where none */
	char rule[JUDGE_RULE_MAX];
	char file[JUDGE_RULE_MAX];
	unsigned line;
};

/*
 * Why a message is genuine.  A tag is proof as long as it holds and has not come
 * back too often: doors ask judge_tag_holds when they know the time, say
 * judge_untag if not, and hand the tag on with the sighting, to be counted.
 */
struct judge_proof {
	bool has_tag;
	struct bs_tag tag;
	/* what the message is without its tag */
	enum judge_kind kind;
	bool lists;
};

struct judgement {
	enum judge_kind kind;
	enum judge_type type;
	bool lists; /* kind is a class and its type lists (delays do not) */
	/* where kind is a class, or is genuine and was one */
	enum bs_class class;
	struct judge_proof proof;
	int score; /* of `nearest`: the sum of what speaks for and against */
	int threshold;           /* what it needs */
	enum judge_kind nearest; /* kind, or of ordinary mail what comes
				    nearest, which is JUDGE_NONE where
				    nothing speaks for anything */

	bool has_source;
	struct bs_addr source;
	/* how it was found, or why there is none: "topmost Received: …" */
	char source_reason[JUDGE_TEXT_MAX];

	uint32_t received_s;   /* date of the topmost Received; 0: none */
	bool received_is_ours; /* its `by` is in mailbox.by */
	size_t received_ours; /* how many topmost Received lines are our side's:
				  left out of the identity */

	char
	    trap[JUDGE_TRAP_MAX]; /* lower case: Delivered-To and the like, else
				      To; "" where none.  Secret: hashed only */
	/* of a class, what the notice states; each may be "" */
	char status[16];                    /* "5.1.1" */
	char action[16];                    /* "failed" */
	char reporting_mta[JUDGE_TEXT_MAX]; /* a host name */
	char subject[JUDGE_TEXT_MAX]; /* decoded, UTF-8; it may name the trap */

	/* of a class with a source: what may be shown */
	struct bs_evidence_facts evidence;

	bool truncated; /* a limit was passed; what was read is judged */
	char truncated_why[JUDGE_TEXT_MAX];
	bool wordless; /* no reasons are written: see judge_without_reasons */
	size_t reason_count;
	struct judge_reason reason[JUDGE_REASONS_MAX]; /* last: most of it, and
							  what is not counted
							  is not written */
};

/* "bounce" … "none"; "failed" … "" for JUDGE_TYPE_NONE. Static storage. */
const char *judge_kind_name(enum judge_kind kind);
const char *judge_type_name(enum judge_type type);

/*
 * Once per process before judge_message, and once after (GMime's own set-up).
 */
void judge_start(void);
void judge_stop(void);

/* What one judges by: the rules, and the settings that concern mail. */
struct judge;

/*
 * Makes a judge.  `config` (borrowed until judge_free) names relays,
 * mailbox.by, files of rules and what tells our own mail; the tag keys are
 * read here, where there are some.  On success *judge_r is new.  BS_ECONFIG,
 * BS_EACCES, BS_EIO, BS_ENOTFOUND: a file of rules or of keys has errors or
 * can't be read, each error reported as bs_config_load does; BS_ENOMEM.
 */
int judge_new(const struct bs_config *config, bs_config_report *report,
    void *context, struct judge **judge_r);

void judge_free(struct judge **judge);

/* From now on judgements have no reasons, which nobody reads where mail comes
 * live: what they are otherwise is the same. */
void judge_without_reasons(struct judge *judge);

/* Whether judge_new would find its files in order: for who has others judge.
 * Returns and reports what judge_new does; nothing is kept. */
int judge_check(
    const struct bs_config *config, bs_config_report *report, void *context);

/*
 * Judges `size` bytes of an RFC 5322 message (any line ends).  Never fails:
 * what can't be read is JUDGE_NONE with a reason.  Several threads may share a
 * judge, each with a judgement of its own.
 */
void judge_message(const struct judge *judge, const char *bytes, size_t size,
    struct judgement *judgement_r);

/* The same, with other Received lines to believe than the configuration's. */
struct source_trust;
void judge_message_by(const struct judge *judge,
    const struct source_trust *trust, const char *bytes, size_t size,
    struct judgement *judgement_r);

/* Bytes of a message. */
struct judge_text {
	char *bytes;
	size_t size;
};

/*
 * The same.  *lines_r, whose bytes are the caller's to free, is the message (without
 * an mbox's From_ line) with an LF alone behind each line; its bytes are NULL where
 * that is not at hand.
 */
void judge_message_lines(const struct judge *judge,
    const struct source_trust *trust, const struct judge_text *message,
    struct judgement *judgement_r, struct judge_text *lines_r);

/*
 * Of such lines, which are of `heads` and `message` put together, those that are the
 * message's, and are what it has alone; else no bytes.  Borrowed of lines.
 */
struct judge_text judge_lines_behind(const struct judge_text *lines,
    const struct judge_text *heads, const struct judge_text *message);

/* Takes a report apart, within bounds; false: out of memory.  For report.c. */
struct mime_report;
bool judge_take_apart(
    const struct judge_text *report, struct mime_report *report_r);

/* Whether the tag of a genuine message, if it has one, held when it was
 * received; at a time that is not known (0) it did. */
bool judge_tag_holds(const struct judgement *judgement, uint32_t received_s);

/* The tag is no proof: the message becomes what it is without, and `why` the
 * first of its reasons. */
void judge_untag(struct judgement *judgement, const char *why);

#define JUDGE_TAG_OLD "the tag has a time that is over"

/*
 * Fills of a sighting what the judgement says: source, class, lists, tag, and
 * the hashes.  True for what is to be handed to the database: a class, or
 * genuine by a tag that must be counted, and from a source.  Door, feed and
 * time are the caller's; judge_tag_holds was asked before.
 */
bool judge_sighting(struct bs_keyhash *hash, const char *bytes, size_t size,
    const struct judgement *judgement, struct bs_sighting *sighting_r);

/*
 * The identity of a message from a file: a keyed hash of its source, its
 * bytes (line ends as LF, trailing empty lines and what mailbox programs
 * rewrite left out: our side's Received lines, Status, X-Status, X-UID,
 * X-Keywords, Content-Length, Lines), its trap, and received_s.  The same message in an
 * mbox, a Maildir or an .eml has the same identity.
 */
void judge_identity(struct bs_keyhash *hash, const char *bytes, size_t size,
    const struct judgement *judgement, uint8_t identity_r[BS_KEYHASH_SIZE]);

/*
 * The same of a message as it came, whatever way it took: of its bytes alone,
 * without so many of its topmost Received lines.
 */
void judge_digest(struct bs_keyhash *hash, const char *bytes, size_t size,
    size_t received_ours, uint8_t digest_r[BS_KEYHASH_SIZE]);

/* The keyed hash of the judgement's trap. */
void judge_trap(struct bs_keyhash *hash, const struct judgement *judgement,
    uint8_t trap_r[BS_KEYHASH_SIZE]);

#endif
