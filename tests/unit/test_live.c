/*
 * What serve's parts do without a loop: counts, files over a socket, the words
 * between serve and its judges, callouts and sightings.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "callout.h"
#include "filepass.h"
#include "judgewire.h"
#include "roomsight.h"
#include "servecount.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))

/* --- what serve counts ---------------------------------------------------- */

struct lines {
	char text[2048];
};

/* servecount_take */
static void
write_count(void *context, const char *group, const char *name, uint64_t number)
{
	struct lines *lines = context;
	size_t used = strlen(lines->text);

	(void)snprintf(lines->text + used, sizeof(lines->text) - used,
	    "%s %s %" PRIu64 "\n", group, name, number);
}

static void
test_counts(void **state)
{
	static const struct servecount count = {
	    .connections = {1, 2, 3},
	    .refused = {4, 5, 6},
	    .messages = {7, 8, 9},
	    .replies = {10, 11},
	    .verdicts = {12, 13, 14, 15, 16, 17, 18, 19},
	    .unread = 20,
	    .roles = 21,
	    .later = 22,
	    .callouts = 23,
	    .sightings = 24,
	    .listed = 25,
	};
	static const struct servecount_now now = {
	    1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
	struct lines lines = {""};

	(void)state;
	assert_int_equal(servecount_messages(&count), 24);
	servecount_tell(&count, &now, write_count, &lines);
	assert_string_equal(lines.text,
	    "feeder pid 1\nfeeder uptime 2\nfeeder connections_open 3\n"
	    "feeder milter_open 4\nfeeder messages_queued 5\n"
	    "feeder messages_judging 6\nfeeder sightings_waiting 7\n"
	    "feeder judges_replaced 8\nfeeder judges_gone 9\n"
	    "feeder judges_renewed 10\n"
	    "feeder ahead_refused 12\n"
	    "connections smtp 1\nconnections lmtp 2\nconnections milter 3\n"
	    "refused smtp 4\nrefused lmtp 5\nrefused milter 6\n"
	    "messages smtp 7\nmessages lmtp 8\nmessages milter 9\n"
	    "replies 4xx 10\nreplies 5xx 11\n"
	    "verdict bounce 12\nverdict autoreply 13\n"
	    "verdict challenge 14\nverdict virus 15\nverdict subscribe 16\n"
	    "verdict forged 17\nverdict genuine 18\nverdict none 19\n"
	    "verdict unread 20\n"
	    "mail roles 21\nmail not_kept 22\nmail callouts 23\n"
	    "mail new_sightings 24\nmail new_listings 25\n");
}

/* --- files over a socket ---------------------------------------------------- */

static void
test_files(void **state)
{
	int pair[2], end[2];
	char bytes[16];

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
	for (size_t count = 0; count <= FILEPASS_MAX; count++) {
		struct filepass files = {count, {-1, -1}}, got;
		struct iovec out = {(char[]){"word"}, 4};
		struct iovec in = {bytes, sizeof(bytes)};

		assert_int_equal(pipe(end), 0);
		for (size_t i = 0; i < count; i++)
			files.file[i] = end[1];
		assert_int_equal(filepass_send(pair[0], out, &files, 0), 4);
		(void)close(end[1]);
		assert_int_equal(
		    filepass_receive(pair[1], in, &got, MSG_DONTWAIT), 4);
		assert_memory_equal(bytes, "word", 4);
		assert_int_equal(got.count, count);
		for (size_t i = 0; i < count; i++) {
			assert_int_equal(
			    fcntl(got.file[i], F_GETFD), FD_CLOEXEC);
			assert_int_equal(write(got.file[i], "x", 1), 1);
			(void)close(got.file[i]);
		}
		/* nobody else has it open any more */
		assert_int_equal(
		    read(end[0], bytes, sizeof(bytes)), (ssize_t)count);
		assert_int_equal(read(end[0], bytes, sizeof(bytes)), 0);
		(void)close(end[0]);
		assert_int_equal(
		    filepass_receive(pair[1], in, &got, MSG_DONTWAIT), -1);
		assert_int_equal(errno, EAGAIN);
		assert_int_equal(got.count, 0);
	}
	(void)close(pair[0]);
	(void)close(pair[1]);
}

/* --- the words between serve and its judges ------------------------------ */

static struct judgewire_answer
sample_answer(void)
{
	struct judgewire_answer answer = {
	    .kind = JUDGE_BOUNCE,
	    .type = JUDGE_FAILED,
	    .lists = true,
	    .class = BS_BOUNCE,
	    .has_source = true,
	    .facts = {BS_ACTION_FAILED, "5.1.1", "", "mx.example",
		"undelivered"},
	};

	(void)bs_addr_parse("2001:db8::9", 11, &answer.source);
	memset(answer.digest, 7, sizeof(answer.digest));
	answer.received_s = 1700000000;
	memset(answer.trap, 't', sizeof(answer.trap) - 1);
	return answer;
}

static void
test_answer(void **state)
{
	struct judgewire_answer answer = sample_answer(), got;
	uint8_t bytes[JUDGEWIRE_ANSWER_MAX];
	size_t size = judgewire_put_answer(&answer, bytes);

	(void)state;
	memset(&got, 0, sizeof(got));
	assert_int_equal(judgewire_get_answer(bytes + JUDGEWIRE_SIZE_BYTES,
			     size - JUDGEWIRE_SIZE_BYTES, &got),
	    BS_OK);
	assert_int_equal(got.kind, JUDGE_BOUNCE);
	assert_int_equal(got.type, JUDGE_FAILED);
	assert_int_equal(got.class, BS_BOUNCE);
	assert_true(got.lists && got.has_source);
	assert_int_equal(bs_addr_compare(&got.source, &answer.source), 0);
	assert_memory_equal(got.digest, answer.digest, sizeof(got.digest));
	assert_int_equal(got.received_s, 1700000000);
	assert_string_equal(got.trap, answer.trap);
	assert_int_equal(got.facts.action, BS_ACTION_FAILED);
	assert_string_equal(got.facts.status, "5.1.1");
	assert_string_equal(got.facts.helo, "");
	assert_string_equal(got.facts.reporting_mta, "mx.example");
	assert_string_equal(got.facts.subject, "undelivered");
}

/* A judge that somebody took over shows nothing that may not be shown. */
static void
test_answer_unsound(void **state)
{
	static const struct bs_evidence_facts rows[] = {
	    {BS_ACTION_FAILED, "x", "", "", ""},
	    {BS_ACTION_FAILED, "", "a b", "", ""},
	    {BS_ACTION_FAILED, "", "", "-\n", ""},
	    {BS_ACTION_FAILED, "", "", "", "\x1b[2J"},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct judgewire_answer answer = sample_answer(), got;
		uint8_t bytes[JUDGEWIRE_ANSWER_MAX];
		size_t size;

		answer.facts = rows[i];
		size = judgewire_put_answer(&answer, bytes);
		assert_int_equal(
		    judgewire_get_answer(bytes + JUDGEWIRE_SIZE_BYTES,
			size - JUDGEWIRE_SIZE_BYTES, &got),
		    BS_ECORRUPT);
	}
}

/* An answer that is cut, longer, or has a byte that can't be. */
static void
test_answer_corrupt(void **state)
{
	struct judgewire_answer answer = sample_answer(), got;
	uint8_t bytes[JUDGEWIRE_ANSWER_MAX + 1] = {0};
	size_t size =
	    judgewire_put_answer(&answer, bytes) - JUDGEWIRE_SIZE_BYTES;
	uint8_t *at = bytes + JUDGEWIRE_SIZE_BYTES;
	static const struct {
		size_t offset;
		uint8_t value;
	} rows[] = {{0, 0}, {0, 5}, {1, JUDGE_KIND_COUNT},
	    {2, JUDGE_TYPE_COUNT}, {3, 2}, {4, 0}, {4, 12}, {5, 2},
	    {5 + 1 + 16, 5}, {5 + 1 + 16, 7}};

	(void)state;
	for (size_t cut = 0; cut < size; cut++)
		assert_int_equal(
		    judgewire_get_answer(at, cut, &got), BS_ECORRUPT);
	assert_int_equal(judgewire_get_answer(at, size + 1, &got), BS_ECORRUPT);
	for (size_t i = 0; i < ROWS(rows); i++) {
		uint8_t before = at[rows[i].offset];

		at[rows[i].offset] = rows[i].value;
		if (judgewire_get_answer(at, size, &got) != BS_ECORRUPT)
			fail_msg("byte %zu", rows[i].offset);
		at[rows[i].offset] = before;
	}
	assert_int_equal(judgewire_get_answer(at, size, &got), BS_OK);
}

static void
test_request(void **state)
{
	struct judgewire_request request = {.head_only = true,
				     .is_report = true,
				     .message_size = 123456789},
				 got;
	uint8_t bytes[JUDGEWIRE_REQUEST_MAX];
	size_t size;

	(void)state;
	memset(request.helo, 'h', sizeof(request.helo) - 1);
	memset(request.sender, 's', sizeof(request.sender) - 1);
	memset(request.trap, 't', sizeof(request.trap) - 1);
	size = judgewire_put_request(&request, bytes);
	assert_true(size <= JUDGEWIRE_REQUEST_MAX);
	size -= JUDGEWIRE_SIZE_BYTES;
	assert_int_equal(
	    judgewire_get_request(bytes + JUDGEWIRE_SIZE_BYTES, size, &got),
	    BS_OK);
	assert_true(got.head_only && !got.in_file && !got.has_peer);
	assert_true(got.is_report);
	assert_int_equal(got.message_size, 123456789);
	assert_string_equal(got.helo, request.helo);
	assert_string_equal(got.sender, request.sender);
	assert_string_equal(got.trap, request.trap);
	for (size_t cut = 0; cut < size; cut++)
		assert_int_equal(judgewire_get_request(
				     bytes + JUDGEWIRE_SIZE_BYTES, cut, &got),
		    BS_ECORRUPT);
}

/* --- callouts ------------------------------------------------------------ */

static void
quiet(void *context, bool fatal, const char *line)
{
	(void)context;
	(void)line;
	assert_false(fatal);
}

static struct bs_config *
load(const char *text)
{
	struct bs_config *config = NULL;

	assert_int_equal(
	    bs_config_parse("test", text, strlen(text), quiet, NULL, &config),
	    BS_OK);
	return config;
}

static void
set_peer(struct envelope *envelope, const char *peer)
{
	envelope->has_peer =
	    bs_addr_parse(peer, strlen(peer), &envelope->peer) == BS_OK;
}

#define TRAP "t@trap.example"

static const struct {
	const char *name, *sender, *peer, *trap;
	bool want;
} callout_rows[] = {
    {"null sender", "", "198.18.0.1", TRAP, true},
    {"Postfix's probe", "double-bounce@mx.example", "198.18.0.1", TRAP, true},
    {"postmaster", "PostMaster@mx.example", "198.18.0.1", TRAP, true},
    {"somebody else", "joe@mx.example", "198.18.0.1", TRAP, false},
    {"our monitoring", "", "192.0.2.10", TRAP, false},
    {"nobody knows who", "", "", TRAP, false},
    /* it may be our own mail that is verified */
    {"a domain that sends mail", "", "198.18.0.1", "t@mail.example", false},
    {"below one", "", "198.18.0.1", "t@a.mail.example", true},
    {"a tag", "", "198.18.0.1", "prvs=3007ABCDEF=T@trap.example", false},
    /* it asks whether it can send its reports */
    {"a reporter", "double-bounce@r.example", "198.18.0.25", TRAP, false},
};

static void
test_callout(void **state)
{
	struct bs_config *config =
	    load("database: /d\ncallout: {monitors: [192.0.2.0/28]}\n"
		 "tag: {domains: [mail.example]}\nfeed: [{name: partner}]\n"
		 "reporter: [{feed: partner, from: [198.18.0.25], hops: 1}]\n");
	struct envelope envelope = {0};

	(void)state;
	for (size_t i = 0; i < ROWS(callout_rows); i++) {
		envelope_reset(&envelope);
		assert_int_equal(envelope_add(&envelope, callout_rows[i].trap,
				     RECIPIENT_TRAP),
		    BS_OK);
		strcpy(envelope.sender, callout_rows[i].sender);
		set_peer(&envelope, callout_rows[i].peer);
		if (callout_is(config, &envelope) != callout_rows[i].want)
			fail_msg("%s", callout_rows[i].name);
		/* nor is there one where no trap was asked for */
		envelope.recipient[0].kind = RECIPIENT_ROLE;
		envelope.trap_count = 0;
		assert_false(callout_is(config, &envelope));
	}
	envelope_reset(&envelope);
	bs_config_free(&config);
}

/* --- sources and sightings ----------------------------------------------- */

static const struct {
	const char *name, *peer;
	const char *received; /* what the judge found */
	const char *want;     /* NULL: none */
} source_rows[] = {
    {"the peer", "198.51.100.1", "198.51.100.9", "198.51.100.1"},
    {"a relay is looked through", "203.0.113.5", "198.51.100.9",
	"198.51.100.9"},
    {"a relay with nobody behind it", "203.0.113.5", "", NULL},
    {"a relay and a private host", "203.0.113.5", "10.0.0.1", NULL},
    {"a private peer", "10.1.2.3", "198.51.100.9", NULL},
    {"the host itself", "127.0.0.1", "198.51.100.9", NULL},
    {"link-local", "fe80::1", "198.51.100.9", NULL},
    {"6to4", "2002:c000:204::1", "198.51.100.9", NULL},
    {"not known", "", "198.51.100.9", NULL},
    {"IPv6", "2001:db8::1", "", "2001:db8::1"},
};

static void
test_source(void **state)
{
	struct bs_config *config =
	    load("database: /d\nrelays: [203.0.113.0/29]\n");

	(void)state;
	for (size_t i = 0; i < ROWS(source_rows); i++) {
		const char *received = source_rows[i].received;
		struct judgewire_answer answer = {0};
		struct envelope envelope = {0};
		char text[BS_ADDR_TEXT_MAX];
		struct bs_addr source;
		bool got;

		set_peer(&envelope, source_rows[i].peer);
		answer.has_source = bs_addr_parse(received, strlen(received),
					&answer.source) == BS_OK;
		got = roomsight_source(config, &envelope, &answer, &source);
		if (got != (source_rows[i].want != NULL) ||
		    (got && strcmp(bs_addr_format(&source, text),
				source_rows[i].want) != 0))
			fail_msg("%s", source_rows[i].name);
	}
	bs_config_free(&config);
}

static struct bs_sighting
sight(const char *traps, uint8_t digest, uint32_t callout_s)
{
	static const struct bs_key key = {{1}};
	struct bs_keyhash *hash = bs_keyhash_new(&key);
	struct bs_sighting sighting = {.received_s = callout_s};
	struct judgewire_answer answer = sample_answer();
	struct envelope envelope = {0};
	char name[] = "a@trap.example";
	int rc;

	for (; *traps != '\0'; traps++) {
		char tagged[] = "prvs=3007ABCDEF=X@trap.example";
		bool is_tagged = *traps >= 'A' && *traps <= 'Z';

		name[0] = tagged[16] = *traps;
		assert_int_equal(envelope_add(&envelope,
				     is_tagged ? tagged : name, RECIPIENT_TRAP),
		    BS_OK);
	}
	assert_int_equal(
	    envelope_add(&envelope, "postmaster", RECIPIENT_ROLE), BS_OK);
	answer.digest[0] = digest;
	rc = callout_s > 0
		 ? roomsight_callout(hash, &envelope, &answer.source, &sighting)
		 : roomsight_message(
		       hash, &envelope, &answer, &answer.source, &sighting);
	assert_int_equal(rc, BS_OK);
	envelope_reset(&envelope);
	bs_keyhash_free(&hash);
	return sighting;
}

static bool
same_identity(const struct bs_sighting *a, const struct bs_sighting *b)
{
	return memcmp(a->identity, b->identity, sizeof(a->identity)) == 0;
}

static void
test_sighting(void **state)
{
	struct bs_sighting one = sight("a", 1, 0), both = sight("ab", 1, 0),
			   turned = sight("ba", 1, 0), other = sight("b", 1, 0),
			   text = sight("a", 2, 0), tagged = sight("A", 1, 0);

	(void)state;
	assert_int_equal(one.door, BS_DOOR_LIVE);
	assert_int_equal(one.class, BS_BOUNCE);
	assert_true(one.lists);
	assert_true(same_identity(&both, &turned));
	assert_false(same_identity(&one, &both));
	assert_false(same_identity(&one, &text));
	/* one trap, whatever its tag and case */
	assert_true(same_identity(&one, &tagged));
	assert_memory_equal(one.trap, tagged.trap, sizeof(one.trap));
	/* of several traps all are there, in an order of their own */
	assert_int_equal(one.more_count, 0);
	assert_int_equal(both.more_count, 1);
	assert_memory_equal(both.trap, turned.trap, sizeof(both.trap));
	assert_memory_equal(both.more, turned.more, sizeof(both.more[0]));
	assert_true(memcmp(both.trap, one.trap, sizeof(both.trap)) == 0
			? memcmp(both.more, other.trap, sizeof(one.trap)) == 0
			: memcmp(both.trap, other.trap, sizeof(one.trap)) == 0);
}

/* Each trap once, and no more than are counted. */
static void
test_many_traps(void **state)
{
	static const struct {
		const char *traps;
		size_t more;
	} rows[] = {
	    {"aa", 0},
	    {"abab", 1},
	    {"abcdefgh", BS_POLICY_MORE_TRAPS_MAX},
	    {"abcdefghi", BS_POLICY_MORE_TRAPS_MAX},
	    {"aabbccddeeffgghhii", BS_POLICY_MORE_TRAPS_MAX},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct bs_sighting sighting = sight(rows[i].traps, 1, 0);

		if (sighting.more_count != rows[i].more)
			fail_msg(
			    "%s: %zu more", rows[i].traps, sighting.more_count);
		for (size_t k = 0; k < sighting.more_count; k++)
			assert_true(
			    memcmp(sighting.more[k],
				k == 0 ? sighting.trap : sighting.more[k - 1],
				BS_KEYHASH_SIZE) > 0);
	}
}

static void
test_callout_sighting(void **state)
{
	struct bs_sighting now = sight("a", 1, 86400),
			   later = sight("a", 2, 86401),
			   tomorrow = sight("a", 1, 2 * 86400);

	(void)state;
	assert_int_equal(now.class, BS_CALLOUT);
	assert_true(same_identity(&now, &later));
	assert_false(same_identity(&now, &tomorrow));
}

/* What a report hands in: its own source, time and trap, for its feed. */
static int
report_sighting(const char *source, uint32_t received_s, const char *trap,
    struct bs_sighting *sighting_r)
{
	struct bs_config *config =
	    load("database: /d\nrelays: [203.0.113.0/28]\n");
	static const struct bs_key key = {{1}};
	struct bs_keyhash *hash = bs_keyhash_new(&key);
	struct judgewire_answer answer = sample_answer();
	int rc;

	assert_non_null(hash);
	*sighting_r = (struct bs_sighting){.received_s = 2000000000};
	answer.received_s = received_s;
	(void)snprintf(answer.trap, sizeof(answer.trap), "%s", trap);
	answer.has_source =
	    bs_addr_parse(source, strlen(source), &answer.source) == BS_OK;
	rc = roomsight_report(hash, config, "partner", &answer, sighting_r);
	bs_keyhash_free(&hash);
	bs_config_free(&config);
	return rc;
}

static void
test_report_sighting(void **state)
{
	static const char *const nobody[] = {
	    "", "10.1.2.3", "203.0.113.5", "fe80::1", "2002:c000:204::1"};
	struct bs_sighting one, again, other;
	struct bs_addr want;

	(void)state;
	for (size_t i = 0; i < ROWS(nobody); i++) {
		if (report_sighting(nobody[i], 0, "a@x", &one) != BS_ENOTFOUND)
			fail_msg("source \"%s\"", nobody[i]);
	}
	assert_int_equal(
	    report_sighting("198.51.100.9", 1999990000, "a@x", &one), BS_OK);
	assert_int_equal(bs_addr_parse("198.51.100.9", 12, &want), BS_OK);
	assert_int_equal(bs_addr_compare(&one.source, &want), 0);
	assert_string_equal(one.feed, "partner");
	assert_int_equal(one.door, BS_DOOR_FILES);
	assert_int_equal(one.class, BS_BOUNCE);
	assert_int_equal(one.received_s, 1999990000);
	/* no time, or one to come: now */
	assert_int_equal(
	    report_sighting("198.51.100.9", 0, "a@x", &again), BS_OK);
	assert_int_equal(again.received_s, 2000000000);
	assert_int_equal(
	    report_sighting("198.51.100.9", 2100000000, "b@x", &other), BS_OK);
	assert_int_equal(other.received_s, 2000000000);
	assert_memory_equal(one.trap, again.trap, sizeof(one.trap));
	assert_memory_not_equal(one.trap, other.trap, sizeof(one.trap));
	assert_true(same_identity(&one, &again)); /* the digest tells */
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_counts),
	    cmocka_unit_test(test_files),
	    cmocka_unit_test(test_answer),
	    cmocka_unit_test(test_answer_unsound),
	    cmocka_unit_test(test_answer_corrupt),
	    cmocka_unit_test(test_request),
	    cmocka_unit_test(test_callout),
	    cmocka_unit_test(test_source),
	    cmocka_unit_test(test_sighting),
	    cmocka_unit_test(test_many_traps),
	    cmocka_unit_test(test_callout_sighting),
	    cmocka_unit_test(test_report_sighting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
