/*
 * The milter without libmilter: what becomes of a message, and sessions of a mail
 * server.
 */
#include "autoconf.h"

#include <arpa/inet.h>
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

#include "config_said.h"
#include "heard.h"
#include "miltersession.h"
#include "milterwire.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define FILE_NAME "/etc/b/x.conf"
#define TRAPS "database: /d\ntrap: {domains: [trap.example]}\n"

static struct bs_config *
configure(const char *text)
{
	struct bs_config *config = NULL;
	struct said said = {0};

	assert_int_equal(bs_config_parse(FILE_NAME, text, strlen(text),
			     said_hear, &said, &config),
	    BS_OK);
	return config;
}

/* --- what becomes of a message ------------------------------------------- */

static const struct {
	const char *text; /* of the configuration */
	bool others, kept;
	enum milter_verdict verdict;
	bool waits; /* for whether it is kept */
} choices[] = {
    {"", false, true, MILTER_PASS, false},
    {"", true, true, MILTER_PASS, false},
    {"", false, false, MILTER_PASS, false},
    {"", true, false, MILTER_PASS, false},
    {"{action: discard}", false, true, MILTER_DISCARD, true},
    {"{action: discard}", true, true, MILTER_TAKE_OFF, true},
    {"{action: discard}", false, false, MILTER_PASS, true},
    {"{action: discard}", true, false, MILTER_PASS, true},
    {"{action: refuse}", false, true, MILTER_REFUSE, true},
    {"{action: refuse}", true, true, MILTER_TAKE_OFF, true},
    {"{action: refuse}", false, false, MILTER_PASS, true},
    {"{on-failure: tempfail}", false, true, MILTER_PASS, true},
    {"{on-failure: tempfail}", false, false, MILTER_TEMPFAIL, true},
    {"{on-failure: tempfail}", true, false, MILTER_PASS, false},
    {"{action: discard, on-failure: tempfail}", false, false, MILTER_TEMPFAIL,
	true},
    {"{action: discard, on-failure: tempfail}", true, false, MILTER_PASS, true},
    {"{action: refuse, on-failure: tempfail}", false, false, MILTER_TEMPFAIL,
	true},
};

static void
test_choose(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(choices); i++) {
		char text[256];
		struct bs_config *config;
		enum milter_verdict verdict;

		(void)snprintf(text, sizeof(text), "%smilter: %s\n", TRAPS,
		    choices[i].text[0] != '\0' ? choices[i].text
					       : "{action: accept}");
		config = configure(text);
		verdict = miltersession_choose(
		    config, choices[i].others, choices[i].kept);
		assert_int_equal(miltersession_waits(config, choices[i].others),
		    choices[i].waits);
		if (verdict != choices[i].verdict)
			fail_msg("row %zu: %s: %d", i, choices[i].text,
			    (int)verdict);
		bs_config_free(&config);
	}
}

/* --- sessions ------------------------------------------------------------ */

/* A session, and serve at the other end of its socket. */
struct talk {
	struct bs_config *config;
	struct milterrules_box *box;
	struct miltersession *session;
	int control[2];
	int link; /* the other end of the session's, or -1 */
};

static void
open_talk(struct talk *talk, const char *config, const char *peer)
{
	struct sockaddr_in6 six = {.sin6_family = AF_INET6};
	struct sockaddr_in four = {.sin_family = AF_INET};
	struct sockaddr *name = (struct sockaddr *)&four;

	if (inet_pton(AF_INET6, peer, &six.sin6_addr) == 1)
		name = (struct sockaddr *)&six;
	else if (inet_pton(AF_INET, peer, &four.sin_addr) != 1)
		name = NULL;
	talk->config = configure(config);
	talk->box = milterrules_new(talk->config, "mx.trap.example");
	assert_non_null(talk->box);
	assert_int_equal(
	    socketpair(AF_UNIX, SOCK_SEQPACKET, 0, talk->control), 0);
	talk->link = -1;
	talk->session = miltersession_new(talk->box, talk->control[0], name);
	assert_non_null(talk->session);
}

static void
close_talk(struct talk *talk)
{
	miltersession_free(&talk->session);
	milterrules_free(&talk->box);
	bs_config_free(&talk->config);
	if (talk->link >= 0)
		(void)close(talk->link);
	(void)close(talk->control[0]);
	(void)close(talk->control[1]);
}

/* Takes a link as serve does; false: none came. */
static bool
take_link(struct talk *talk)
{
	union {
		char bytes[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control;
	char byte;
	struct iovec part = {&byte, 1};
	struct msghdr message = {.msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = control.bytes,
	    .msg_controllen = sizeof(control.bytes)};

	if (recvmsg(talk->control[1], &message, MSG_DONTWAIT) != 1)
		return false;
	assert_int_equal(talk->link, -1);
	memcpy(&talk->link, CMSG_DATA(CMSG_FIRSTHDR(&message)), sizeof(int));
	return true;
}

static void
say(const struct talk *talk, char word)
{
	assert_int_equal(write(talk->link, &word, 1), 1);
}

/* All that the session has said, as serve reads it. */
static void
listen_to(
    const struct talk *talk, struct heard *heard, struct envelope *envelope_r)
{
	struct milterintake_sink sink = heard_sink(heard);
	struct milterintake intake;
	uint8_t bytes[65536];
	ssize_t size = recv(talk->link, bytes, sizeof(bytes), MSG_DONTWAIT);
	size_t used;

	assert_true(size > 0);
	milterintake_init(&intake, &sink, 1000, 1000000);
	assert_int_equal(
	    milterintake_read(&intake, bytes, (size_t)size, &used), BS_OK);
	assert_int_equal(used, size);
	if (envelope_r != NULL)
		assert_int_equal(
		    envelope_copy(&intake.envelope, envelope_r), BS_OK);
	milterintake_free(&intake);
}

static void
test_message(void **state)
{
	struct talk talk;
	struct heard heard = {0};
	struct envelope envelope = {0};

	(void)state;
	open_talk(&talk, TRAPS "milter: {action: discard}\n", "192.0.2.7");
	miltersession_helo(talk.session, "client.example");
	miltersession_mail(talk.session, "<>", false);
	miltersession_rcpt(talk.session, "<Real@Real.example>");
	miltersession_rcpt(talk.session, "<A.Trap@Trap.example>");
	assert_true(miltersession_data(talk.session));
	assert_true(take_link(&talk));
	say(&talk, MILTERWIRE_KEPT);
	miltersession_header(talk.session, "Subject", " folded\n\there");
	miltersession_header(talk.session, "X-Crlf", " a\r\n b");
	miltersession_end_of_header(talk.session);
	miltersession_body(talk.session, "body\r\n", 6);
	assert_int_equal(miltersession_end(talk.session), MILTER_TAKE_OFF);
	assert_string_equal(
	    miltersession_trap(talk.session, 0), "<A.Trap@Trap.example>");
	assert_null(miltersession_trap(talk.session, 1));
	listen_to(&talk, &heard, &envelope);
	assert_string_equal(heard.text,
	    "Subject: folded\r\n\there\r\nX-Crlf: a\r\n b\r\n\r\nbody\r\n");
	assert_true(envelope.has_peer);
	assert_int_equal(envelope.peer.octet[3], 7);
	assert_string_equal(envelope.helo, "client.example");
	assert_string_equal(envelope.sender, "");
	assert_int_equal(envelope.trap_count, 1);
	assert_string_equal(
	    envelope.recipient[0].address, "a.trap@trap.example");
	envelope_reset(&envelope);
	close_talk(&talk);
}

static void
test_real_mail(void **state)
{
	struct talk talk;

	(void)state;
	open_talk(&talk, TRAPS "milter: {action: refuse}\n", "2001:db8::7");
	miltersession_mail(talk.session, "<joe@x.example>", false);
	miltersession_rcpt(talk.session, "<real@real.example>");
	miltersession_rcpt(talk.session, "<postmaster@trap.example>");
	miltersession_rcpt(talk.session, "nonsense@@");
	assert_false(miltersession_data(talk.session));
	assert_int_equal(miltersession_end(talk.session), MILTER_PASS);
	/* without DATA: nobody's callout */
	miltersession_mail(talk.session, "<>", false);
	miltersession_rcpt(talk.session, "<real@real.example>");
	miltersession_abort(talk.session);
	/* events out of any order */
	miltersession_rcpt(talk.session, "<a@trap.example>");
	miltersession_header(talk.session, "A", "b");
	miltersession_body(talk.session, "c", 1);
	assert_int_equal(miltersession_end(talk.session), MILTER_PASS);
	assert_false(take_link(&talk));
	close_talk(&talk);
}

static void
test_callout(void **state)
{
	struct talk talk;
	struct heard heard = {0};

	(void)state;
	open_talk(&talk, TRAPS, "local");
	miltersession_mail(talk.session, "<>", true);
	miltersession_rcpt(talk.session, "<a@trap.example>");
	miltersession_rcpt(talk.session, "<b@trap.example>");
	miltersession_abort(talk.session);
	assert_true(take_link(&talk));
	/* a message that is cut is none */
	miltersession_mail(talk.session, "<>", false);
	miltersession_rcpt(talk.session, "<a@trap.example>");
	assert_true(miltersession_data(talk.session));
	miltersession_body(talk.session, "half", 4);
	miltersession_free(&talk.session);
	listen_to(&talk, &heard, NULL);
	assert_string_equal(heard.events, "ud");
	assert_int_equal(heard.traps, 2);
	close_talk(&talk);
}

/* A mail server of before SMFIP_* does not tell of DATA: a message that has no
 * header, or nothing at all, is a message all the same, and no callout. */
static void
test_bare_message(void **state)
{
	static const struct {
		const char *name, *body, *text;
		bool end_of_header;
	} rows[] = {
	    {"no header", "body\r\n", "\r\nbody\r\n", true},
	    {"a body alone", "body\r\n", "body\r\n", false},
	    {"neither", NULL, "\r\n", true},
	    {"nothing", NULL, "", false},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct talk talk;
		struct heard heard = {0};

		open_talk(&talk, TRAPS, "192.0.2.7");
		miltersession_mail(talk.session, "<>", false);
		miltersession_rcpt(talk.session, "<a@trap.example>");
		if (rows[i].end_of_header)
			miltersession_end_of_header(talk.session);
		if (rows[i].body != NULL)
			miltersession_body(
			    talk.session, rows[i].body, strlen(rows[i].body));
		assert_int_equal(miltersession_end(talk.session), MILTER_PASS);
		miltersession_mail(talk.session, "<>", false);
		if (!take_link(&talk))
			fail_msg("%s: serve hears of nothing", rows[i].name);
		listen_to(&talk, &heard, NULL);
		assert_string_equal(heard.events, "");
		assert_string_equal(heard.text, rows[i].text);
		close_talk(&talk);
	}
}

/* Who says at MAIL that a message is to come has one, whoever refuses it. */
static void
test_size(void **state)
{
	static const struct {
		const char *digits;
		bool callout;
	} rows[] = {
	    {"", true},
	    {"0", true},
	    {"2000", true},
	    {"2001", false},
	    {"99999999999999999999999999", false},
	    {"-1", true},
	    {" 5000", true},
	    {"x", true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct talk talk;

		open_talk(&talk, TRAPS, "192.0.2.7");
		/* what the message before said does not count */
		miltersession_mail(talk.session, "<>", false);
		miltersession_size(talk.session, "5000");
		miltersession_mail(talk.session, "<>", false);
		miltersession_size(talk.session, rows[i].digits);
		miltersession_rcpt(talk.session, "<a@trap.example>");
		miltersession_abort(talk.session);
		if (take_link(&talk) != rows[i].callout)
			fail_msg("SIZE=%s", rows[i].digits);
		close_talk(&talk);
	}
}

/* Whether serve is told of a peer with the message that has begun. */
static bool
hears_peer(struct talk *talk)
{
	struct heard heard = {0};
	struct envelope envelope = {0};
	bool has_peer;

	miltersession_rcpt(talk->session, "<a@trap.example>");
	assert_true(miltersession_data(talk->session));
	assert_true(take_link(talk));
	listen_to(talk, &heard, &envelope);
	has_peer = envelope.has_peer;
	envelope_reset(&envelope);
	return has_peer;
}

/* A client that is named otherwise than the session's is nobody. */
static void
test_client(void **state)
{
	static const struct {
		const char *peer, *text;
		bool has_peer;
	} rows[] = {
	    {"192.0.2.7", "client.example [192.0.2.7]", true},
	    {"192.0.2.7", "j@c.example [192.0.2.7] (may be forged)", true},
	    {"192.0.2.7", "unknown [::ffff:192.0.2.7]", true},
	    {"2001:db8::7", "unknown [IPv6:2001:db8::7]", true},
	    {"2001:db8::7", "unknown [2001:db8:0::7]", true},
	    {"192.0.2.7", "", true},
	    {"192.0.2.7", "client.example", true},
	    {"192.0.2.7", "[192.0.2.8", true},
	    {"192.0.2.7", "[nonsense]", true},
	    {"192.0.2.7", "client.example [192.0.2.8]", false},
	    {"192.0.2.7", "[192.0.2.7] [192.0.2.8]", false},
	    {"2001:db8::7", "unknown [IPv6:2001:db8::8]", false},
	    {"local", "localhost [192.0.2.7]", false},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct talk talk;

		open_talk(&talk, TRAPS, rows[i].peer);
		miltersession_client(talk.session, rows[i].text);
		miltersession_mail(talk.session, "<>", false);
		if (hears_peer(&talk) != rows[i].has_peer)
			fail_msg("%s, %s", rows[i].peer, rows[i].text);
		close_talk(&talk);
	}
}

/* A program on the mail server's host is nobody, but a relay there is one. */
static void
test_server(void **state)
{
	static const struct {
		const char *config, *peer, *text;
		bool has_peer;
	} rows[] = {
	    {TRAPS, "192.0.2.7", "192.0.2.8", true},
	    {TRAPS, "192.0.2.7", "0.0.0.0", true},
	    {TRAPS, "192.0.2.7", "", true},
	    {TRAPS, "192.0.2.7", "192.0.2.7", false},
	    {TRAPS, "192.0.2.7", "::ffff:192.0.2.7", false},
	    {TRAPS, "2001:db8::7", "IPv6:2001:db8::7", false},
	    {TRAPS, "2001:db8::7", "2001:db8::7", false},
	    {TRAPS "relays: [192.0.2.7]\n", "192.0.2.7", "192.0.2.7", true},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct talk talk;

		open_talk(&talk, rows[i].config, rows[i].peer);
		miltersession_mail(talk.session, "<>", false);
		miltersession_server(talk.session, rows[i].text);
		if (hears_peer(&talk) != rows[i].has_peer)
			fail_msg("%s, %s", rows[i].peer, rows[i].text);
		close_talk(&talk);
	}
}

/* Whatever serve does, a message goes on. */
static void
test_failures(void **state)
{
	static const struct {
		const char *text;
		char word; /* of serve; 0: it closes the link */
		enum milter_verdict verdict;
	} rows[] = {
	    {TRAPS, MILTERWIRE_LATER, MILTER_PASS},
	    {TRAPS, 0, MILTER_PASS},
	    {TRAPS "milter: {on-failure: tempfail}\n", MILTERWIRE_LATER,
		MILTER_TEMPFAIL},
	    {TRAPS "milter: {on-failure: tempfail}\n", 0, MILTER_TEMPFAIL},
	    {TRAPS "milter: {on-failure: tempfail}\n", MILTERWIRE_KEPT,
		MILTER_PASS},
	};

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		struct talk talk;

		open_talk(&talk, rows[i].text, "192.0.2.7");
		miltersession_mail(talk.session, "<>", false);
		miltersession_rcpt(talk.session, "<a@trap.example>");
		assert_true(miltersession_data(talk.session));
		assert_true(take_link(&talk));
		if (rows[i].word != 0) {
			say(&talk, rows[i].word);
		} else {
			(void)close(talk.link);
			talk.link = -1;
		}
		assert_int_equal(
		    miltersession_end(talk.session), rows[i].verdict);
		close_talk(&talk);
	}
}

static void
test_serve_is_gone(void **state)
{
	struct talk talk;

	(void)state;
	open_talk(&talk, TRAPS, "192.0.2.7");
	(void)shutdown(talk.control[1], SHUT_RDWR);
	miltersession_mail(talk.session, "<>", false);
	miltersession_rcpt(talk.session, "<a@trap.example>");
	assert_true(miltersession_data(talk.session));
	miltersession_body(talk.session, "text", 4);
	assert_int_equal(miltersession_end(talk.session), MILTER_PASS);
	close_talk(&talk);
}

/* At the limits, and one past them. */
static void
test_limits(void **state)
{
	static char body[65536 + 1];
	struct talk talk;
	struct heard heard = {0};
	struct envelope envelope = {0};

	(void)state;
	open_talk(&talk,
	    TRAPS "session: {recipients: 100, message-size: 65536}\n",
	    "192.0.2.7");
	miltersession_mail(talk.session, "not@an@address", false);
	for (int i = 0; i < 101; i++)
		miltersession_rcpt(talk.session, "a@trap.example");
	miltersession_abort(talk.session);
	assert_true(take_link(&talk));
	listen_to(&talk, &heard, NULL);
	assert_string_equal(heard.events, "u");
	assert_int_equal(heard.traps, 100);
	for (size_t size = 65536; size <= 65537; size++) {
		uint8_t bytes[2 * sizeof(body)];
		ssize_t got = 0, part;
		uint8_t end[MILTERWIRE_FRAME_MAX];
		size_t end_size = milterwire_put_end(
		    (struct milterwire_end){size > 65536, false}, end);

		miltersession_mail(talk.session, "<>", false);
		miltersession_rcpt(talk.session, "a@trap.example");
		assert_true(miltersession_data(talk.session));
		miltersession_body(talk.session, body, size);
		/* nothing depends on the answer, so none is waited for: the
		 * next one goes over the same link */
		assert_int_equal(miltersession_end(talk.session), MILTER_PASS);
		while ((part = recv(talk.link, bytes + got,
			    sizeof(bytes) - (size_t)got, MSG_DONTWAIT)) > 0)
			got += part;
		assert_true(got > 65536 && got < 65536 + 100);
		assert_memory_equal(
		    bytes + (size_t)got - end_size, end, end_size);
	}
	envelope_reset(&envelope);
	close_talk(&talk);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_choose),
	    cmocka_unit_test(test_message),
	    cmocka_unit_test(test_real_mail),
	    cmocka_unit_test(test_callout),
	    cmocka_unit_test(test_bare_message),
	    cmocka_unit_test(test_size),
	    cmocka_unit_test(test_client),
	    cmocka_unit_test(test_server),
	    cmocka_unit_test(test_failures),
	    cmocka_unit_test(test_serve_is_gone),
	    cmocka_unit_test(test_limits),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
