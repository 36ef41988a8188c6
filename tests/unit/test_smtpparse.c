/*
 * feeder/smtpaddress, smtpcommand, smtpxattr and proxyhead: addresses, command
 * lines, parameters, attributes and PROXY headers, good and bad.
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

#include "proxyhead.h"
#include "smtpaddress.h"
#include "smtpcommand.h"
#include "smtpxattr.h"

#define ROWS(table) (sizeof(table) / sizeof((table)[0]))
#define TEXT(literal) (literal), sizeof(literal) - 1

/* --- addresses ----------------------------------------------------------- */

static const struct {
	const char *name, *text;
	int rc;
	const char *local, *domain;
	size_t used;
} address_rows[] = {
    {"plain", "<a@b.example>", BS_OK, "a", "b.example", 13},
    {"null", "<>", BS_OK, "", "", 2},
    {"blank before", " <a@b.example>", BS_OK, "a", "b.example", 14},
    {"parameters behind", "<a@b> SIZE=1", BS_OK, "a", "b", 5},
    {"no brackets", "a@b.example SIZE=1", BS_OK, "a", "b.example", 11},
    {"no domain", "<postmaster>", BS_OK, "postmaster", "", 12},
    {"source route", "<@x.example,@y:a@b>", BS_OK, "a", "b", 19},
    {"route without a colon", "<@x.example a@b>", BS_EINVAL, "", "", 0},
    {"route alone", "<@x.example:>", BS_EINVAL, "", "", 0},
    {"quoted", "<\"a b\"@c>", BS_OK, "a b", "c", 9},
    {"quoted pair", "<\"a\\\"b\"@c>", BS_OK, "a\"b", "c", 10},
    {"quoted at and bracket", "<\"a@>b\"@c>", BS_OK, "a@>b", "c", 10},
    {"empty quotes", "<\"\"@c>", BS_OK, "", "c", 6},
    {"quote not closed", "<\"a@c>", BS_EINVAL, "", "", 0},
    {"backslash at the end", "<\"a\\", BS_EINVAL, "", "", 0},
    {"dots beside dots", "<.a..b.@c>", BS_OK, ".a..b.", "c", 10},
    {"tag", "<prvs=0123=a@b>", BS_OK, "prvs=0123=a", "b", 15},
    {"dot behind the domain", "<a@b.example.>", BS_OK, "a", "b.example", 14},
    {"two dots behind", "<a@b..>", BS_EINVAL, "", "", 0},
    {"underscore", "<a@b_c.example>", BS_OK, "a", "b_c.example", 15},
    {"literal", "<a@[192.0.2.1]>", BS_OK, "a", "[192.0.2.1]", 15},
    {"IPv6 literal", "<a@[IPv6:2001:db8::1]>", BS_OK, "a", "[IPv6:2001:db8::1]",
	22},
    {"literal not closed", "<a@[192.0.2.1>", BS_EINVAL, "", "", 0},
    {"empty literal", "<a@[]>", BS_EINVAL, "", "", 0},
    {"UTF-8", "<\xc3\xbc@\xc3\xa4.example>", BS_OK, "\xc3\xbc",
	"\xc3\xa4.example", 15},
    {"Latin-1", "<\xfc@b.example>", BS_EINVAL, "", "", 0},
    {"no local part", "<@b.example>", BS_EINVAL, "", "", 0},
    {"nothing", "", BS_EINVAL, "", "", 0},
    {"bracket alone", "<", BS_EINVAL, "", "", 0},
    {"not closed", "<a@b", BS_EINVAL, "", "", 0},
    {"two ats", "<a@b@c>", BS_EINVAL, "", "", 0},
    {"text behind", "<a@b>c", BS_EINVAL, "", "", 0},
    {"blank inside", "<a b@c>", BS_EINVAL, "", "", 0},
};

static void
test_address(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(address_rows); i++) {
		const char *text = address_rows[i].text;
		struct smtp_address address = {0};
		size_t used = 0;
		int rc =
		    smtp_address_parse(text, strlen(text), &address, &used);

		if (rc != address_rows[i].rc || used != address_rows[i].used ||
		    strcmp(address.local, address_rows[i].local) != 0 ||
		    strcmp(address.domain, address_rows[i].domain) != 0)
			fail_msg("%s: %d, %zu, %s, %s", address_rows[i].name,
			    rc, used, address.local, address.domain);
		assert_int_equal(address.null, strcmp(text, "<>") == 0);
	}
}

/* A local part, or labels of a domain, of so many bytes. */
static int
parse_sized(size_t local, size_t label, size_t labels)
{
	char text[2048];
	size_t at = 0, used;
	struct smtp_address address;

	text[at++] = '<';
	memset(text + at, 'l', local);
	at += local;
	for (size_t i = 0; i < labels; i++) {
		text[at++] = i == 0 ? '@' : '.';
		memset(text + at, 'd', label);
		at += label;
	}
	text[at++] = '>';
	return smtp_address_parse(text, at, &address, &used);
}

/* A label of so many bytes of UTF-8, at most two of them ASCII. */
static int
parse_ulabel(size_t label)
{
	char text[2048] = "<a@";
	size_t at = strlen(text), used;
	struct smtp_address address;

	for (size_t i = 0; i < label / 3; i++, at += 3)
		memcpy(text + at, "\xe4\xbe\x8b", 3);
	memset(text + at, 'a', label % 3);
	at += label % 3;
	text[at++] = '>';
	return smtp_address_parse(text, at, &address, &used);
}

static void
test_address_limits(void **state)
{
	char route[SMTP_ROUTE_MAX * 3 + 20];
	struct smtp_address address;
	size_t used;

	(void)state;
	assert_int_equal(parse_sized(SMTP_LOCAL_MAX, 1, 1), BS_OK);
	assert_int_equal(parse_sized(SMTP_LOCAL_MAX + 1, 1, 1), BS_ETOOLONG);
	assert_int_equal(parse_sized(1, SMTP_LABEL_MAX, 1), BS_OK);
	assert_int_equal(parse_sized(1, SMTP_LABEL_MAX + 1, 1), BS_ETOOLONG);
	assert_int_equal(parse_ulabel(SMTP_ULABEL_MAX), BS_OK);
	assert_int_equal(parse_ulabel(SMTP_ULABEL_MAX + 1), BS_ETOOLONG);
	assert_int_equal(parse_sized(1, 63, 4), BS_OK); /* 255 */
	assert_int_equal(parse_sized(1, 50, 5), BS_OK); /* 254 */
	assert_int_equal(parse_sized(1, 51, 5), BS_ETOOLONG);
	for (size_t hosts = SMTP_ROUTE_MAX; hosts <= SMTP_ROUTE_MAX + 1;
	     hosts++) {
		strcpy(route, "<");
		for (size_t i = 0; i < hosts; i++)
			strcat(route, i + 1 < hosts ? "@x," : "@x:");
		strcat(route, "a@b>");
		assert_int_equal(
		    smtp_address_parse(route, strlen(route), &address, &used),
		    hosts == SMTP_ROUTE_MAX ? BS_OK : BS_EINVAL);
	}
}

/* --- command lines ------------------------------------------------------- */

static const struct {
	const char *name, *line;
	size_t size;
	int rc;
	enum smtp_verb verb;
	const char *argument;
} command_rows[] = {
    {"plain", TEXT("NOOP"), BS_OK, SMTP_NOOP, ""},
    {"any case", TEXT("eHlO x.example"), BS_OK, SMTP_EHLO, "x.example"},
    {"blanks around", TEXT("HELO \t x  "), BS_OK, SMTP_HELO, "x"},
    {"tab", TEXT("MAIL\tFROM:<>"), BS_OK, SMTP_MAIL, "FROM:<>"},
    {"blank before", TEXT(" NOOP"), BS_OK, SMTP_UNKNOWN, "NOOP"},
    {"empty", TEXT(""), BS_OK, SMTP_UNKNOWN, ""},
    {"longer word", TEXT("NOOPS"), BS_OK, SMTP_UNKNOWN, ""},
    {"BDAT is not offered", TEXT("BDAT 5 LAST"), BS_OK, SMTP_UNKNOWN, "5 LAST"},
    {"NUL", TEXT("NO\0OP"), BS_EINVAL, SMTP_UNKNOWN, NULL},
    {"bare CR", TEXT("NOOP\rx"), BS_EINVAL, SMTP_UNKNOWN, NULL},
    {"escape", TEXT("NOOP \x1b[2J"), BS_EINVAL, SMTP_UNKNOWN, NULL},
    {"no UTF-8", TEXT("NOOP \xff"), BS_EINVAL, SMTP_UNKNOWN, NULL},
    {"UTF-8", TEXT("VRFY \xc3\xbc"), BS_OK, SMTP_VRFY, "\xc3\xbc"},
};

static void
test_command(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(command_rows); i++) {
		struct smtp_command command = {0};
		int rc = smtp_command_parse(
		    command_rows[i].line, command_rows[i].size, &command);
		const char *want = command_rows[i].argument;

		if (rc != command_rows[i].rc ||
		    command.verb != command_rows[i].verb)
			fail_msg("%s: %d", command_rows[i].name, rc);
		if (want != NULL &&
		    (command.argument_size != strlen(want) ||
			memcmp(command.argument, want, strlen(want)) != 0))
			fail_msg("%s: argument", command_rows[i].name);
	}
}

static const struct {
	const char *name, *argument;
	bool want;
	const char *rest;
} keyword_rows[] = {
    {"plain", "FROM:<>", true, "<>"},
    {"any case", "from: <>", true, " <>"},
    {"blank before the colon", "FROM :<>", true, "<>"},
    {"no colon", "FROM <>", false, ""},
    {"other word", "FORM:<>", false, ""},
    {"short", "FROM", false, ""},
    {"nothing", "", false, ""},
};

static void
test_keyword(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(keyword_rows); i++) {
		struct smtp_command command = {SMTP_MAIL,
		    keyword_rows[i].argument, strlen(keyword_rows[i].argument)};

		if (smtp_command_keyword(&command, "FROM") !=
		    keyword_rows[i].want)
			fail_msg("%s", keyword_rows[i].name);
		if (keyword_rows[i].want)
			assert_memory_equal(command.argument,
			    keyword_rows[i].rest, command.argument_size);
	}
}

static const struct {
	const char *name, *text;
	int rc;
	uint64_t size;
	bool utf8, body8;
} param_rows[] = {
    {"none", "", BS_OK, 0, false, false},
    {"blanks", "   ", BS_OK, 0, false, false},
    {"all", " SIZE=500 BODY=8BITMIME SMTPUTF8", BS_OK, 500, true, true},
    {"any case", " size=1 body=7bit", BS_OK, 1, false, false},
    {"20 digits", " SIZE=99999999999999999999", BS_OK, UINT64_MAX, false,
	false},
    {"21 digits", " SIZE=999999999999999999999", BS_ERANGE, 0, false, false},
    {"size without a number", " SIZE=", BS_ERANGE, 0, false, false},
    {"negative size", " SIZE=-1", BS_ERANGE, 0, false, false},
    {"size alone", " SIZE", BS_ERANGE, 0, false, false},
    {"binary", " BODY=BINARYMIME", BS_ENOTFOUND, 0, false, false},
    {"a body that nobody knows", " BODY=x", BS_ENOTFOUND, 0, false, false},
    {"a body without a value", " BODY=", BS_ERANGE, 0, false, false},
    {"body alone", " BODY", BS_ERANGE, 0, false, false},
    {"not offered", " RET=HDRS", BS_ENOTFOUND, 0, false, false},
    {"value for a flag", " SMTPUTF8=1", BS_ERANGE, 0, false, false},
    {"no name", " =x", BS_EINVAL, 0, false, false},
};

static void
test_params(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(param_rows); i++) {
		struct smtp_params params = {0};
		int rc = smtp_params_parse(
		    param_rows[i].text, strlen(param_rows[i].text), &params);

		if (rc != param_rows[i].rc ||
		    params.size != param_rows[i].size ||
		    params.utf8 != param_rows[i].utf8 ||
		    params.body8 != param_rows[i].body8)
			fail_msg("%s: %d", param_rows[i].name, rc);
	}
}

/* --- XCLIENT and XFORWARD ------------------------------------------------ */

static const struct {
	const char *name, *text;
	int rc;
	const char *addr; /* NULL: not there, "": not known */
	const char *helo; /* NULL: not there */
	bool local;
} xattr_rows[] = {
    {"as Postfix sends it", "NAME=x.example ADDR=192.0.2.99 PROTO=ESMTP", BS_OK,
	"192.0.2.99", NULL, false},
    {"the second half", "HELO=x.example IDENT=4F00 SOURCE=REMOTE", BS_OK, NULL,
	"x.example", false},
    {"local", "ADDR=127.0.0.1 SOURCE=LOCAL", BS_OK, "127.0.0.1", NULL, true},
    {"IPv6", "ADDR=IPV6:2001:db8::1", BS_OK, "2001:db8::1", NULL, false},
    {"IPv6 without its tag", "ADDR=2001:db8::1", BS_OK, "2001:db8::1", NULL,
	false},
    {"v4-mapped", "ADDR=IPV6:::ffff:192.0.2.1", BS_OK, "192.0.2.1", NULL,
	false},
    {"unavailable", "ADDR=[UNAVAILABLE] HELO=[TEMPUNAVAIL]", BS_OK, "", "",
	false},
    {"no address", "ADDR=192.0.2.099", BS_EINVAL, NULL, NULL, false},
    {"a name for an address", "ADDR=x.example", BS_EINVAL, NULL, NULL, false},
    {"a zone", "ADDR=IPV6:fe80::1%eth0", BS_EINVAL, NULL, NULL, false},
    {"xtext", "HELO=a+2Bb+3Dc", BS_OK, NULL, "a+b=c", false},
    {"a line end in xtext", "HELO=a+0D+0Ab", BS_OK, NULL, "a??b", false},
    {"half an xtext", "HELO=a+4", BS_EINVAL, NULL, NULL, false},
    {"wrong xtext", "HELO=a+4x", BS_EINVAL, NULL, NULL, false},
    {"no value", "HELO", BS_EINVAL, NULL, NULL, false},
    {"no name", "=x", BS_EINVAL, NULL, NULL, false},
    {"unknown", "COLOUR=red", BS_ENOTFOUND, NULL, NULL, false},
    {"nothing", "", BS_EINVAL, NULL, NULL, false},
    {"blanks", "   ", BS_EINVAL, NULL, NULL, false},
};

static void
check_xattr(size_t i, const struct smtp_xattr *attr)
{
	char text[BS_ADDR_TEXT_MAX] = "";

	if (attr->addr_known)
		bs_addr_format(&attr->addr, text);
	assert_int_equal(attr->has_addr, xattr_rows[i].addr != NULL);
	if (xattr_rows[i].addr != NULL)
		assert_string_equal(text, xattr_rows[i].addr);
	assert_int_equal(attr->has_helo, xattr_rows[i].helo != NULL);
	if (xattr_rows[i].helo != NULL)
		assert_string_equal(attr->helo, xattr_rows[i].helo);
	assert_int_equal(attr->local, xattr_rows[i].local);
}

static void
test_xattr(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(xattr_rows); i++) {
		struct smtp_xattr attr;
		int rc = smtp_xattr_parse(
		    xattr_rows[i].text, strlen(xattr_rows[i].text), &attr);

		if (rc != xattr_rows[i].rc)
			fail_msg("%s: %d", xattr_rows[i].name, rc);
		if (rc == BS_OK)
			check_xattr(i, &attr);
	}
}

static void
test_xattr_limit(void **state)
{
	char text[ENVELOPE_HELO_MAX + 10] = "HELO=";
	struct smtp_xattr attr;

	(void)state;
	memset(text + 5, 'x', ENVELOPE_HELO_MAX + 1);
	assert_int_equal(
	    smtp_xattr_parse(text, 5 + ENVELOPE_HELO_MAX, &attr), BS_OK);
	assert_int_equal(
	    smtp_xattr_parse(text, 6 + ENVELOPE_HELO_MAX, &attr), BS_ETOOLONG);
}

/* --- PROXY --------------------------------------------------------------- */

#define V2 "\r\n\r\n\0\r\nQUIT\n"

static const struct {
	const char *name, *bytes;
	size_t size;
	enum proxyhead_state state;
	size_t used;
	const char *peer; /* NULL: none */
} proxy_rows[] = {
    {"TCP4", TEXT("PROXY TCP4 192.0.2.9 198.51.100.1 4000 25\r\nEHLO"),
	PROXYHEAD_DONE, 43, "192.0.2.9"},
    {"TCP6", TEXT("PROXY TCP6 2001:db8::9 2001:db8::1 4000 25\r\n"),
	PROXYHEAD_DONE, 44, "2001:db8::9"},
    {"UNKNOWN", TEXT("PROXY UNKNOWN\r\n"), PROXYHEAD_DONE, 15, NULL},
    {"UNKNOWN with more", TEXT("PROXY UNKNOWN a b c d\r\n"), PROXYHEAD_DONE, 23,
	NULL},
    {"nothing yet", TEXT(""), PROXYHEAD_MORE, 0, NULL},
    {"a part", TEXT("PRO"), PROXYHEAD_MORE, 0, NULL},
    {"no line end yet", TEXT("PROXY TCP4 192.0.2.9"), PROXYHEAD_MORE, 0, NULL},
    {"bare LF", TEXT("PROXY UNKNOWN\n"), PROXYHEAD_BAD, 0, NULL},
    {"the other family", TEXT("PROXY TCP4 2001:db8::9 2001:db8::1 1 2\r\n"),
	PROXYHEAD_BAD, 0, NULL},
    {"a source of the other family",
	TEXT("PROXY TCP4 2001:db8::9 198.51.100.1 1 2\r\n"), PROXYHEAD_BAD, 0,
	NULL},
    {"a destination of the other family",
	TEXT("PROXY TCP6 2001:db8::9 198.51.100.1 1 2\r\n"), PROXYHEAD_BAD, 0,
	NULL},
    {"leading zero", TEXT("PROXY TCP4 192.0.2.09 192.0.2.1 1 2\r\n"),
	PROXYHEAD_BAD, 0, NULL},
    {"port too large", TEXT("PROXY TCP4 192.0.2.9 192.0.2.1 65536 2\r\n"),
	PROXYHEAD_BAD, 0, NULL},
    {"no port", TEXT("PROXY TCP4 192.0.2.9 192.0.2.1 1\r\n"), PROXYHEAD_BAD, 0,
	NULL},
    {"one port more", TEXT("PROXY TCP4 192.0.2.9 192.0.2.1 1 2 3\r\n"),
	PROXYHEAD_BAD, 0, NULL},
    {"UDP4", TEXT("PROXY UDP4 192.0.2.9 192.0.2.1 1 2\r\n"), PROXYHEAD_BAD, 0,
	NULL},
    {"SMTP at once", TEXT("EHLO x\r\n"), PROXYHEAD_BAD, 0, NULL},
    {"v2, a part", TEXT(V2 "\x21"), PROXYHEAD_MORE, 0, NULL},
    {"v2, IPv4",
	TEXT(V2 "\x21\x11\0\x0c\xc0\0\2\x09\xc0\0\2\1\1\2\0\x19"
		"x"),
	PROXYHEAD_DONE, 28, "192.0.2.9"},
    {"v2, IPv4 with options",
	TEXT(V2 "\x21\x11\0\x10\xc0\0\2\x09\xc0\0\2\1\1\2\0\x19"
		"\4\0\1x"),
	PROXYHEAD_DONE, 32, "192.0.2.9"},
    {"v2, v4-mapped",
	TEXT(V2 "\x21\x21\0\x24\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\x09"
		"\0\0\0\0\0\0\0\0\0\0\xff\xff\xc0\0\2\1\1\2\0\x19"),
	PROXYHEAD_DONE, 52, "192.0.2.9"},
    {"v2, too short for IPv4", TEXT(V2 "\x21\x11\0\4\xc0\0\2\x09"),
	PROXYHEAD_DONE, 20, NULL},
    {"v2, local", TEXT(V2 "\x20\0\0\0"), PROXYHEAD_DONE, 16, NULL},
    {"v2, UNIX", TEXT(V2 "\x21\x31\0\1x"), PROXYHEAD_DONE, 17, NULL},
    {"v2, unknown command", TEXT(V2 "\x22\x11\0\0"), PROXYHEAD_BAD, 0, NULL},
    {"v2, version 1", TEXT(V2 "\x11\x11\0\0"), PROXYHEAD_BAD, 0, NULL},
    {"v2, at the limit but not here", TEXT(V2 "\x21\x11\x03\xf0"),
	PROXYHEAD_MORE, 0, NULL},
    {"v2, past the limit", TEXT(V2 "\x21\x11\x03\xf1"), PROXYHEAD_BAD, 0, NULL},
};

static void
test_proxy(void **state)
{
	(void)state;
	for (size_t i = 0; i < ROWS(proxy_rows); i++) {
		struct proxyhead head = {0};
		char peer[BS_ADDR_TEXT_MAX];
		enum proxyhead_state got = proxyhead_parse(
		    proxy_rows[i].bytes, proxy_rows[i].size, &head);

		if (got != proxy_rows[i].state ||
		    head.size != proxy_rows[i].used ||
		    head.has_peer != (proxy_rows[i].peer != NULL))
			fail_msg("%s: %d, %zu", proxy_rows[i].name, (int)got,
			    head.size);
		if (head.has_peer)
			assert_string_equal(bs_addr_format(&head.peer, peer),
			    proxy_rows[i].peer);
	}
}

static void
test_proxy_line_limit(void **state)
{
	char line[PROXYHEAD_V1_MAX + 2];
	struct proxyhead head;

	(void)state;
	memset(line, 'x', sizeof(line));
	memcpy(line, "PROXY UNKNOWN ", 14);
	memcpy(line + PROXYHEAD_V1_MAX - 2, "\r\n", 2);
	assert_int_equal(
	    proxyhead_parse(line, PROXYHEAD_V1_MAX, &head), PROXYHEAD_DONE);
	assert_int_equal(head.size, PROXYHEAD_V1_MAX);
	line[PROXYHEAD_V1_MAX - 2] = 'x';
	memcpy(line + PROXYHEAD_V1_MAX - 1, "\r\n", 2);
	assert_int_equal(
	    proxyhead_parse(line, PROXYHEAD_V1_MAX + 1, &head), PROXYHEAD_BAD);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_address),
	    cmocka_unit_test(test_address_limits),
	    cmocka_unit_test(test_command),
	    cmocka_unit_test(test_keyword),
	    cmocka_unit_test(test_params),
	    cmocka_unit_test(test_xattr),
	    cmocka_unit_test(test_xattr_limit),
	    cmocka_unit_test(test_proxy),
	    cmocka_unit_test(test_proxy_line_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
