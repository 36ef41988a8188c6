/*
 * feeder/smtp_session: whole sessions, a row each: what the client sends, the
 * codes that it gets, and what comes of it.  Each row is played at once and
 * byte by byte, with the same result.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "smtp_fixture.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define TEXT(literal) (literal), sizeof(literal) - 1
#define BEGIN "EHLO c.example\r\nMAIL FROM:<>\r\nRCPT TO:<t@trap.example>\r\n"
#define GOOD "250 250 2.1.0 250 2.1.5 "

struct row {
	const char *name;
	const char *input;
	size_t size;
	const char *want; /* of each reply the code and the enhanced one */
	const char *body; /* of the last message, NULL: don't look */
	unsigned messages, unused;
};

/* "250 2.1.0 Ok" is "250 2.1.0 "; lines that others follow are left out. */
static void
digest_replies(const char *out, char *digest, size_t size)
{
	digest[0] = '\0';
	for (const char *line = out; *line != '\0';) {
		const char *end = strstr(line, "\r\n");
		size_t used = strlen(digest);

		assert_non_null(end);
		if (line[3] == ' ' && line[5] == '.' && line[7] == '.')
			(void)snprintf(
			    digest + used, size - used, "%.10s", line);
		else if (line[3] == ' ')
			(void)snprintf(
			    digest + used, size - used, "%.4s", line);
		line = end + 2;
	}
}

static void
check_row(const struct row *row, const struct smtp_fixture *fixture)
{
	char digest[4096];

	digest_replies(fixture->out, digest, sizeof(digest));
	if (strcmp(digest, row->want) != 0)
		fail_msg(
		    "%s: got '%s', want '%s'", row->name, digest, row->want);
	if (row->body != NULL &&
	    (fixture->body_size != strlen(row->body) ||
		memcmp(fixture->body, row->body, fixture->body_size) != 0))
		fail_msg("%s: body '%.*s'", row->name, (int)fixture->body_size,
		    fixture->body);
	if (fixture->messages != row->messages ||
	    fixture->unused != row->unused)
		fail_msg("%s: %u messages, %u unused", row->name,
		    fixture->messages, fixture->unused);
}

static void
play(const struct row *row, struct smtp_fixture *fixture, size_t piece)
{
	size_t used = 0;

	smtp_fixture_start(fixture);
	while (used < row->size) {
		size_t size =
		    row->size - used < piece ? row->size - used : piece;
		size_t step =
		    smtp_fixture_feed(fixture, row->input + used, size);

		used += step;
		if (step < size)
			break;
	}
	smtp_session_end(fixture->session);
	check_row(row, fixture);
}

static void
play_rows(const struct row *rows, size_t count, bool lmtp)
{
	static struct smtp_fixture fixture;

	for (size_t i = 0; i < 2 * count; i++) {
		smtp_fixture_open(&fixture);
		fixture.settings.lmtp = lmtp;
		fixture.settings.tls = true;
		play(&rows[i / 2], &fixture, i % 2 == 0 ? SIZE_MAX : 1);
		smtp_fixture_close(&fixture);
	}
}

/* --- commands ------------------------------------------------------------ */

static const struct row command_rows[] = {
    {"a message", TEXT(BEGIN "DATA\r\nSubject: x\r\n\r\nHi\r\n.\r\nQUIT\r\n"),
	GOOD "354 250 2.0.0 221 2.0.0 ", "Subject: x\r\n\r\nHi\r\n", 1, 0},
    {"HELO", TEXT("HELO c\r\nMAIL FROM:<a@b>\r\nQUIT\r\n"),
	"250 250 2.1.0 221 2.0.0 ", NULL, 0, 0},
    {"no greeting", TEXT("MAIL FROM:<>\r\n"), "503 5.5.1 ", NULL, 0, 0},
    {"greeting without a name", TEXT("EHLO\r\nHELO \r\n"),
	"501 5.5.4 501 5.5.4 ", NULL, 0, 0},
    {"LHLO in SMTP", TEXT("LHLO c\r\n"), "500 5.5.1 ", NULL, 0, 0},
    {"MAIL twice", TEXT("EHLO c\r\nMAIL FROM:<>\r\nMAIL FROM:<>\r\n"),
	"250 250 2.1.0 503 5.5.1 ", NULL, 0, 0},
    {"EHLO ends a transaction",
	TEXT(
	    "EHLO c\r\nMAIL FROM:<>\r\nEHLO c\r\nRCPT TO:<t@trap.example>\r\n"),
	"250 250 2.1.0 250 503 5.5.1 ", NULL, 0, 0},
    {"MAIL, malformed",
	TEXT("EHLO c\r\nMAIL <>\r\nMAIL FROM:<a@>\r\nMAIL FROM:<> X=1\r\nMAIL "
	     "FROM:<> SIZE=x\r\n"),
	"250 501 5.5.4 501 5.1.7 555 5.5.4 501 5.5.4 ", NULL, 0, 0},
    {"sizes",
	TEXT("EHLO c\r\nMAIL FROM:<> SIZE=4000\r\nRSET\r\nMAIL "
	     "FROM:<> SIZE=4001\r\n"),
	"250 250 2.1.0 250 2.0.0 552 5.3.4 ", NULL, 0, 0},
    {"UTF-8 sender",
	TEXT("EHLO c\r\nMAIL FROM:<\xc3\xbc@b>\r\nMAIL "
	     "FROM:<\xc3\xbc@b> SMTPUTF8\r\n"),
	"250 553 5.6.7 250 2.1.0 ", NULL, 0, 0},
    {"UTF-8 recipient",
	TEXT("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<\xc3\xbc@trap.example>\r\n"
	     "RSET\r\nMAIL FROM:<> SMTPUTF8\r\n"
	     "RCPT TO:<\xc3\xbc@trap.example>\r\nEHLO c\r\n"),
	"250 250 2.1.0 553 5.6.7 250 2.0.0 250 2.1.0 250 2.1.5 250 ", NULL, 0,
	1},
    {"RCPT first", TEXT("EHLO c\r\nRCPT TO:<t@trap.example>\r\n"),
	"250 503 5.5.1 ", NULL, 0, 0},
    {"recipients",
	TEXT(
	    "EHLO c\r\nMAIL FROM:<a@b>\r\nRCPT TO:<x@nobody.example>\r\n"
	    "RCPT TO:<>\r\nRCPT <x>\r\nRCPT TO:<T@TRAP.example> NOTIFY=NEVER"
	    "\r\nRCPT TO:<PostMaster>\r\nRCPT TO:<single@other.example>\r\n"
	    "RCPT TO:<other@other.example>\r\nRCPT TO:<@r.example:a@Trap.Example>\r\n"),
	"250 250 2.1.0 550 5.1.1 501 5.1.3 501 5.5.4 555 5.5.4 250 2.1.5 250 "
	"2.1.5 550 5.1.1 250 2.1.5 ",
	NULL, 0, 1},
    {"DATA without a sender", TEXT("EHLO c\r\nDATA\r\n"), "250 503 5.5.1 ",
	NULL, 0, 0},
    {"DATA without a recipient", TEXT("EHLO c\r\nMAIL FROM:<>\r\nDATA\r\n"),
	"250 250 2.1.0 554 5.5.1 ", NULL, 0, 0},
    {"DATA with an argument", TEXT(BEGIN "DATA x\r\n"), GOOD "501 5.5.4 ", NULL,
	0, 1},
    {"two messages",
	TEXT(BEGIN "DATA\r\na\r\n.\r\nMAIL FROM:<>\r\nRCPT "
		   "TO:<t@trap.example>\r\nDATA\r\nb\r\n.\r\n"),
	GOOD "354 250 2.0.0 250 2.1.0 250 2.1.5 354 250 2.0.0 ", NULL, 2, 0},
    {"a role alone",
	TEXT("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\n"
	     "DATA\r\nx\r\n.\r\n"),
	GOOD "354 250 2.0.0 ", "x\r\n", 1, 0},
    {"the small ones",
	TEXT("NOOP\r\nNOOP x\r\nVRFY t@trap.example\r\nVRFY\r\nEXPN l\r\n"
	     "HELP\r\nRSET\r\nRSET x\r\nQUIT x\r\nBDAT 3 LAST\r\n\r\n"),
	"250 2.0.0 250 2.0.0 252 2.0.0 252 2.0.0 502 5.5.1 214 2.0.0 250 "
	"2.0.0 501 5.5.4 501 5.5.4 500 5.5.2 500 5.5.2 ",
	NULL, 0, 0},
    {"nothing is read behind QUIT", TEXT("QUIT\r\nNOOP\r\n"), "221 2.0.0 ",
	NULL, 0, 0},
    {"nothing is read behind STARTTLS",
	TEXT("EHLO c\r\nSTARTTLS\r\nMAIL FROM:<>\r\n"), "250 220 2.0.0 ", NULL,
	0, 0},
    {"STARTTLS with an argument", TEXT("STARTTLS x\r\n"), "501 5.5.4 ", NULL, 0,
	0},
    {"not trusted",
	TEXT("XCLIENT ADDR=192.0.2.9\r\nXFORWARD ADDR=192.0.2.9\r\n"),
	"550 5.7.1 550 5.7.1 ", NULL, 0, 0},
    {"bare LF", TEXT("NOOP\nNOOP\r\n"), "521 5.5.2 ", NULL, 0, 0},
    {"bare CR", TEXT("NOOP\rNOOP\r\nNOOP\r\n"), "500 5.5.2 250 2.0.0 ", NULL, 0,
	0},
    {"CR CR LF", TEXT("NOOP\r\r\nNOOP\r\n"), "500 5.5.2 250 2.0.0 ", NULL, 0,
	0},
    {"NUL", TEXT("NO\0OP\r\n"), "500 5.5.2 ", NULL, 0, 0},
};

static void
test_commands(void **state)
{
	(void)state;
	play_rows(command_rows, ROWS(command_rows), false);
}

static const struct row lmtp_rows[] = {
    {"a reply per recipient",
	TEXT("LHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<t@trap.example>\r\nRCPT "
	     "TO:<x@nobody.example>\r\nRCPT TO:<abuse@trap.example>\r\n"
	     "DATA\r\nx\r\n.\r\nQUIT\r\n"),
	GOOD "550 5.1.1 250 2.1.5 354 250 2.0.0 250 2.0.0 221 2.0.0 ", "x\r\n",
	1, 0},
    {"HELO and EHLO", TEXT("HELO c\r\nEHLO c\r\n"), "500 5.5.1 500 5.5.1 ",
	NULL, 0, 0},
    {"DATA without a recipient", TEXT("LHLO c\r\nMAIL FROM:<>\r\nDATA\r\n"),
	"250 250 2.1.0 503 5.5.1 ", NULL, 0, 0},
};

static void
test_lmtp(void **state)
{
	(void)state;
	play_rows(lmtp_rows, ROWS(lmtp_rows), true);
}

/* --- the text ------------------------------------------------------------ */

/* What would be a second message if anything but CRLF.CRLF ended the first. */
#define HIDDEN "MAIL FROM:<>\r\nRCPT TO:<t@trap.example>\r\nDATA\r\ny\r\n.\r\n"
#define SMUGGLE(form) \
	TEXT(BEGIN "DATA\r\nx" form HIDDEN), GOOD "354 250 2.0.0 ", NULL, 1, 0

static const struct row text_rows[] = {
    {"dots", TEXT(BEGIN "DATA\r\n..\r\n.a\r\n...b\r\nc.\r\n.\r\n"),
	GOOD "354 250 2.0.0 ", ".\r\na\r\n..b\r\nc.\r\n", 1, 0},
    {"empty", TEXT(BEGIN "DATA\r\n.\r\n"), GOOD "354 250 2.0.0 ", "", 1, 0},
    {"bare line ends stay", TEXT(BEGIN "DATA\r\na\nb\rc\r\n.\rd\r\n.\r\n"),
	GOOD "354 250 2.0.0 ", "a\nb\rc\r\n\rd\r\n", 1, 0},
    {"cut behind DATA", TEXT(BEGIN "DATA\r\nx\r\n"), GOOD "354 ", "x\r\n", 0,
	0},
    {"cut before the last LF", TEXT(BEGIN "DATA\r\nx\r\n.\r"), GOOD "354 ",
	"x\r\n", 0, 0},
    {"LF . LF", SMUGGLE("\n.\n")},
    {"LF . CRLF", SMUGGLE("\n.\r\n")},
    {"CRLF . LF", SMUGGLE("\r\n.\n")},
    {"CR . CR", SMUGGLE("\r.\r")},
    {"CR . CRLF", SMUGGLE("\r.\r\n")},
    {"CRLF . CR", SMUGGLE("\r\n.\r")},
    {"CR . LF", SMUGGLE("\r.\n")},
    {"LF . CR", SMUGGLE("\n.\r")},
    {"LF . CR CRLF", SMUGGLE("\n.\r\r\n")},
    {"CRLF . CR CRLF", SMUGGLE("\r\n.\r\r\n")},
    {"CRLF NUL . CRLF", SMUGGLE("\r\n\0.\r\n")},
    {"CRLF . NUL CRLF", SMUGGLE("\r\n.\0\r\n")},
    {"LF CR . LF CR", SMUGGLE("\n\r.\n\r")},
    {"CR CRLF . LF", SMUGGLE("\r\r\n.\n")},
    {"U+2028 . U+2028", SMUGGLE("\xe2\x80\xa8.\xe2\x80\xa8")},
    {"NEL . NEL", SMUGGLE("\xc2\x85.\xc2\x85")},
};

static void
test_text(void **state)
{
	(void)state;
	play_rows(text_rows, ROWS(text_rows), false);
}

/* --- callouts: what went without its message ----------------------------- */

static const struct row unused_rows[] = {
    {"QUIT", TEXT(BEGIN "QUIT\r\n"), GOOD "221 2.0.0 ", NULL, 0, 1},
    {"RSET", TEXT(BEGIN "RSET\r\nQUIT\r\n"), GOOD "250 2.0.0 221 2.0.0 ", NULL,
	0, 1},
    {"disconnected", TEXT(BEGIN), GOOD, NULL, 0, 1},
    {"two probes",
	TEXT(BEGIN "RSET\r\nMAIL FROM:<>\r\nRCPT "
		   "TO:<u@trap.example>\r\n"),
	GOOD "250 2.0.0 250 2.1.0 250 2.1.5 ", NULL, 0, 2},
    {"two traps at once", TEXT(BEGIN "RCPT TO:<u@trap.example>\r\nQUIT\r\n"),
	GOOD "250 2.1.5 221 2.0.0 ", NULL, 0, 1},
    {"a role", TEXT("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<postmaster>\r\n"), GOOD,
	NULL, 0, 0},
    {"nobody", TEXT("EHLO c\r\nMAIL FROM:<>\r\nRCPT TO:<x@y.example>\r\n"),
	"250 250 2.1.0 550 5.1.1 ", NULL, 0, 0},
    {"cut in DATA", TEXT(BEGIN "DATA\r\nx"), GOOD "354 ", NULL, 0, 0},
    {"TLS restart", TEXT(BEGIN "STARTTLS\r\n"), GOOD "220 2.0.0 ", NULL, 0, 0},
    {"a bare LF", TEXT(BEGIN "QUIT\n"), GOOD "521 5.5.2 ", NULL, 0, 0},
    {"HTTP", TEXT(BEGIN "GET / HTTP/1.1\r\n"), GOOD "521 5.5.2 ", NULL, 0, 0},
};

/* What another program was made to send is read no further. */
static const struct row foreign_rows[] = {
    {"GET", TEXT("GET / HTTP/1.1\r\n" BEGIN), "521 5.5.2 ", NULL, 0, 0},
    {"post", TEXT("post / HTTP/1.1\r\nHost: x\r\n\r\n" BEGIN), "521 5.5.2 ",
	NULL, 0, 0},
    {"HTTP/2", TEXT("PRI * HTTP/2.0\r\n\r\n" BEGIN), "521 5.5.2 ", NULL, 0, 0},
    {"a proxy that is not trusted",
	TEXT("PROXY TCP4 192.0.2.9 198.51.100.1 4000 25\r\n" BEGIN),
	"521 5.5.2 ", NULL, 0, 0},
    {"TLS with a name", TEXT("\x16\x03\x01\x02x\r\n" BEGIN), "521 5.5.2 ", NULL,
	0, 0},
    {"a digit", TEXT("1\r\n" BEGIN), "521 5.5.2 ", NULL, 0, 0},
    {"a word like GET", TEXT("GETS\r\nQUIT\r\n"), "500 5.5.2 221 2.0.0 ", NULL,
	0, 0},
    {"an empty line", TEXT("\r\n \r\nQUIT\r\n"),
	"500 5.5.2 500 5.5.2 221 2.0.0 ", NULL, 0, 0},
};

static void
test_foreign(void **state)
{
	(void)state;
	play_rows(foreign_rows, ROWS(foreign_rows), false);
}

#define REST "MAIL FROM:<>\r\nRCPT TO:<t@trap.example>\r\n"

/* Who does not wait for the reply to EHLO is no mail server, and no source. */
static void
test_haste(void **state)
{
	static const struct {
		const char *name, *first, *second;
		bool trusted, has_peer;
	} rows[] = {
	    {"it waits", "EHLO c\r\n", REST, false, true},
	    {"all at once", "EHLO c\r\n" REST, "", false, false},
	    {"HELO", "HELO c\r\n" REST, "", false, false},
	    {"a byte too much", "EHLO c\r\nM", "AIL FROM:<>\r\n", false, false},
	    {"then it waits", "EHLO c\r\n" REST, "RSET\r\nEHLO c\r\n", false,
		false},
	    {"a group behind it", "EHLO c\r\n", "NOOP\r\nRSET\r\n" REST, false,
		true},
	    {"a host of ours", "EHLO c\r\n" REST, "", true, true},
	    /* padding, so that a read ends behind EHLO */
	    {"before it", "NOOP x\r\nEHLO c\r\n", REST, false, false},
	    {"before it, refused", "x\r\nHELO\r\n", "EHLO c\r\n", false, false},
	    {"before it, waiting", "NOOP\r\n", "EHLO c\r\n", false, true},
	};
	static struct smtp_fixture fixture;

	(void)state;
	for (size_t i = 0; i < ROWS(rows); i++) {
		smtp_fixture_open(&fixture);
		fixture.peer.may_xforward = rows[i].trusted;
		smtp_fixture_start(&fixture);
		(void)smtp_fixture_feed(
		    &fixture, rows[i].first, strlen(rows[i].first));
		(void)smtp_fixture_feed(
		    &fixture, rows[i].second, strlen(rows[i].second));
		if (smtp_session_envelope(fixture.session)->has_peer !=
		    rows[i].has_peer)
			fail_msg("%s", rows[i].name);
		smtp_fixture_close(&fixture);
	}
}

static void
test_unused(void **state)
{
	(void)state;
	play_rows(unused_rows, ROWS(unused_rows), false);
}

/* --- events -------------------------------------------------------------- */

typedef void event(struct smtp_session *session);

static const struct {
	const char *name, *input;
	event *event;
	const char *want;
	enum smtp_action action;
	unsigned unused;
} event_rows[] = {
    {"time-out is the client's fault", BEGIN, smtp_session_time_out,
	"421 4.4.2 ", SMTP_CLOSE, 1},
    {"time-out in DATA", BEGIN "DATA\r\nx", smtp_session_time_out,
	"354 421 4.4.2 ", SMTP_CLOSE, 0},
    {"shut-down is ours", BEGIN, smtp_session_shut_down, "421 4.3.2 ",
	SMTP_CLOSE, 0},
    {"shut-down in DATA waits", BEGIN "DATA\r\nx", smtp_session_shut_down,
	"354 ", SMTP_READ, 0},
    {"eviction is ours", BEGIN, smtp_session_evict, "421 4.3.2 ", SMTP_CLOSE,
	0},
    {"too long in all is ours", BEGIN, smtp_session_outlive, "421 4.3.2 ",
	SMTP_CLOSE, 0},
    {"eviction in DATA", BEGIN "DATA\r\nx", smtp_session_evict,
	"354 421 4.3.2 ", SMTP_CLOSE, 0},
};

static void
test_events(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	for (size_t i = 0; i < ROWS(event_rows); i++) {
		const char *input = event_rows[i].input;
		char digest[256], want[256];

		smtp_fixture_open(&fixture);
		smtp_fixture_start(&fixture);
		(void)smtp_fixture_feed(&fixture, input, strlen(input));
		event_rows[i].event(fixture.session);
		(void)smtp_fixture_feed(&fixture, "", 0);
		digest_replies(fixture.out, digest, sizeof(digest));
		(void)snprintf(
		    want, sizeof(want), GOOD "%s", event_rows[i].want);
		if (strcmp(digest, want) != 0 ||
		    fixture.unused != event_rows[i].unused ||
		    smtp_session_action(fixture.session) !=
			event_rows[i].action)
			fail_msg("%s: %s", event_rows[i].name, digest);
		smtp_fixture_close(&fixture);
	}
}

static void
test_shut_down_after_message(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	smtp_fixture_open(&fixture);
	smtp_fixture_start(&fixture);
	(void)smtp_fixture_feed(&fixture, TEXT(BEGIN "DATA\r\nx\r\n"));
	smtp_session_shut_down(fixture.session);
	(void)smtp_fixture_feed(&fixture, TEXT(".\r\nMAIL FROM:<>\r\n"));
	assert_non_null(strstr(fixture.out, "250 2.0.0 Ok\r\n421 4.3.2 "));
	assert_int_equal(fixture.messages, 1);
	assert_int_equal(smtp_session_action(fixture.session), SMTP_CLOSE);
	smtp_fixture_close(&fixture);
}

/* What cannot be kept is not answered with 250. */
static void
test_later(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	static const int errors[] = {BS_OK, BS_EIO, BS_OK, BS_EFULL};

	for (size_t i = 0; i < 4; i++) {
		smtp_fixture_open(&fixture);
		fixture.body_error = errors[i];
		fixture.result.trap =
		    i < 2 ? ENVELOPE_TRY_LATER : ENVELOPE_NO_ROOM;
		smtp_fixture_start(&fixture);
		(void)smtp_fixture_feed(
		    &fixture, TEXT(BEGIN "DATA\r\nx\r\n.\r\nNOOP\r\n"));
		assert_non_null(strstr(fixture.out,
		    i < 2 ? "451 4.3.0 Cannot be kept now\r\n250"
			  : "452 4.3.1 Insufficient system storage\r\n250"));
		assert_int_equal(fixture.messages, errors[i] == BS_OK);
		smtp_fixture_close(&fixture);
	}
}

/* MAIL with a size that the disk has no room for (RFC 1870 section 6.1). */
static void
test_no_room(void **state)
{
	static struct smtp_fixture fixture;
	static const struct {
		const char *name, *mail;
		uint64_t spare_bytes;
		bool known, fits;
	} rows[] = {
	    {"small, no disk needed", "SIZE=100", 0, true, true},
	    {"one more", "SIZE=101", 0, true, false},
	    {"as much as there is", "SIZE=500", 500, true, true},
	    {"one more than there is", "SIZE=501", 500, true, false},
	    {"so much is not kept", "SIZE=4000", 1000, true, true},
	    {"what is kept does not fit", "SIZE=4000", 999, true, false},
	    {"no size", "", 0, true, true},
	    {"it is not known", "SIZE=1000", 0, false, true},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		char text[256];

		smtp_fixture_open(&fixture);
		fixture.settings.memory_max = 100;
		if (rows[i].known)
			fixture.settings.spare_bytes = &rows[i].spare_bytes;
		smtp_fixture_start(&fixture);
		(void)snprintf(text, sizeof(text),
		    "EHLO c\r\nMAIL FROM:<> %s\r\nRCPT TO:<t@trap.example>\r\n"
		    "QUIT\r\n",
		    rows[i].mail);
		(void)smtp_fixture_feed(&fixture, text, strlen(text));
		if ((strstr(fixture.out,
			 "452 4.3.1 Insufficient system storage") == NULL) !=
			rows[i].fits ||
		    fixture.unused != rows[i].fits)
			fail_msg("%s: %s", rows[i].name, fixture.out);
		smtp_fixture_close(&fixture);
	}
}

/* What is under way when all has to end. */
static void
test_give_up(void **state)
{
	static struct smtp_fixture fixture;
	static const char begin[] = BEGIN;
	static const char *const more[] = {
	    "", "DATA\r\nx\r\n", "DATA\r\nx\r\n.\r\n"};
	static const char farewell[] =
	    "421 4.3.2 mx.trap.example shutting down, closing\r\n";

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		const struct envelope *envelope;
		size_t size;

		smtp_fixture_open(&fixture);
		smtp_fixture_start(&fixture);
		(void)smtp_fixture_feed(&fixture, begin, sizeof(begin) - 1);
		(void)smtp_session_read(
		    fixture.session, more[i], strlen(more[i]));
		envelope = smtp_session_envelope(fixture.session);
		while (smtp_session_output(fixture.session, &size) != NULL)
			smtp_session_sent(fixture.session, size);
		smtp_session_give_up(fixture.session);
		assert_memory_equal(smtp_session_output(fixture.session, &size),
		    farewell, sizeof(farewell) - 1);
		assert_int_equal(size, sizeof(farewell) - 1);
		assert_int_equal(
		    smtp_session_action(fixture.session), SMTP_CLOSE);
		/* who has the message has its envelope */
		assert_int_equal(envelope->trap_count, i == 2);
		/* too late */
		smtp_session_taken(fixture.session, &fixture.result);
		smtp_session_give_up(fixture.session);
		smtp_session_end(fixture.session);
		(void)smtp_session_output(fixture.session, &size);
		assert_int_equal(size, sizeof(farewell) - 1);
		assert_int_equal(envelope->trap_count, i == 2);
		assert_int_equal(fixture.unused, 0);
		smtp_fixture_close(&fixture);
	}
}

static void
test_role_later(void **state)
{
	static struct smtp_fixture fixture;

	(void)state;
	for (int lmtp = 0; lmtp < 2; lmtp++) {
		smtp_fixture_open(&fixture);
		fixture.settings.lmtp = lmtp == 1;
		fixture.result.role = ENVELOPE_TRY_LATER;
		smtp_fixture_start(&fixture);
		(void)smtp_fixture_feed(
		    &fixture, lmtp == 1 ? "LHLO c\r\n" : "EHLO c\r\n", 8);
		(void)smtp_fixture_feed(&fixture,
		    TEXT("MAIL FROM:<>\r\nRCPT TO:<t@trap.example>\r\nRCPT "
			 "TO:<postmaster>\r\nDATA\r\nx\r\n.\r\n"));
		assert_non_null(strstr(fixture.out,
		    lmtp == 1 ? "CRLF.CRLF\r\n250 2.0.0 Ok\r\n451 4.3.0 "
			      : "CRLF.CRLF\r\n451 4.3.0 "));
		smtp_fixture_close(&fixture);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_commands),
	    cmocka_unit_test(test_lmtp),
	    cmocka_unit_test(test_text),
	    cmocka_unit_test(test_unused),
	    cmocka_unit_test(test_foreign),
	    cmocka_unit_test(test_haste),
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_shut_down_after_message),
	    cmocka_unit_test(test_later),
	    cmocka_unit_test(test_no_room),
	    cmocka_unit_test(test_give_up),
	    cmocka_unit_test(test_role_later),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
