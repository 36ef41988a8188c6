/*
 * What the server does by its guard and a zone's access list: NSID, CHAOS,
 * cookies, extended errors, sizes, refusals, rate limits, as bytes in and
 * bytes out.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "address_fixture.h"
#include "bytes_fixture.h"
#include "bytes.h"
#include "answer.h"
#include "respond.h"
#include "server_fixture.h"

#define NOW_S 1559731985u
#define CLIENT "198.51.100.100"
/* RFC 9018 appendix A.1: of this client, at this time, with this secret */
#define SECRET "e5e973e5a6b2a43f48e7dc849e37bfcf"
#define CLIENT_COOKIE "2464c4abcf10c957"
#define COOKIE CLIENT_COOKIE "010000005cf79f111f8130c3eee29480"

struct fixture {
	struct zone_table *zones;
	struct guard guard;
	struct respond_context context;
};

/* --- asking ------------------------------------------------------------------ */

struct asked {
	const char *name; /* NULL: no question */
	uint16_t type, class;
	const char *options; /* of OPT, in hexadecimal; NULL: no OPT */
};

static size_t
make_query(const struct asked *asked, uint8_t *bytes)
{
	size_t size = 0, at = DNS_HEADER_SIZE;

	memcpy(bytes, "\x12\x34\0\0\0\0\0\0\0\0\0\0", at);
	if (asked->name != NULL) {
		bytes[5] = 1;
		assert_int_equal(
		    dname_parse(asked->name, bytes + at, &size), 0);
		at += size;
		bs_put_be16(bytes + at, asked->type);
		bs_put_be16(bytes + at + 2, asked->class);
		at += 4;
	}
	if (asked->options == NULL)
		return at;
	bytes[11] = 1;
	memcpy(bytes + at, "\0\0\x29\4\xd0\0\0\0\0", 9);
	size = unhex(asked->options, bytes + at + 11);
	bs_put_be16(bytes + at + 9, (uint16_t)size);
	return at + 11 + size;
}

static size_t
skip_name(const uint8_t *bytes, size_t at)
{
	while (bytes[at] != 0 && bytes[at] < 0xc0)
		at += 1u + bytes[at];
	return at + (bytes[at] == 0 ? 1 : 2);
}

/* The options of an OPT record as CODE=DATA. */
static void
describe_opt(const uint8_t *opt, char *text)
{
	size_t end = 11u + bs_get_be16(opt + 9);

	sprintf(text + strlen(text), " opt%u", bs_get_be16(opt + 3));
	for (size_t at = 11; at < end; at += 4u + bs_get_be16(opt + at + 2)) {
		sprintf(text + strlen(text), " %u=", bs_get_be16(opt + at));
		for (size_t i = 0; i < bs_get_be16(opt + at + 2); i++)
			sprintf(text + strlen(text), "%02x", opt[at + 4 + i]);
	}
}

/* "RCODE FLAGS QUESTIONS ANSWERS AUTHORITIES", then OPT's; "none". */
static void
describe(const uint8_t *bytes, size_t size, char *text)
{
	unsigned rcode = bytes[3] & 0xf;
	size_t at = DNS_HEADER_SIZE;

	strcpy(text, "none");
	if (size == 0)
		return;
	if (bs_get_be16(bytes + 4) > 0)
		at = skip_name(bytes, at) + 4;
	for (unsigned i = bs_get_be16(bytes + 6) + bs_get_be16(bytes + 8);
	     i > 0; i--) {
		at = skip_name(bytes, at);
		at += 10u + bs_get_be16(bytes + at + 8);
	}
	if (bs_get_be16(bytes + 10) > 0)
		rcode += bytes[at + 5] * 16u;
	sprintf(text, "%u%s%s %u %u %u", rcode, bytes[2] & DNS_AA ? " aa" : "",
	    bytes[2] & DNS_TC ? " tc" : "", bs_get_be16(bytes + 4),
	    bs_get_be16(bytes + 6), bs_get_be16(bytes + 8));
	if (bs_get_be16(bytes + 10) > 0) {
		describe_opt(bytes + at, text);
		at += 11u + bs_get_be16(bytes + at + 9);
	}
	assert_int_equal(at, size);
}

static void
expect(const struct fixture *fixture, const struct asked *asked, bool tcp,
    const char *expected)
{
	uint8_t query[1024];
	uint8_t *response = malloc(RESPOND_TCP_MAX);
	size_t size = make_query(asked, query);
	char text[2048];

	assert_non_null(response);
	if (tcp)
		size = respond_tcp(&fixture->context, query, size, response);
	else
		size = respond_udp(&fixture->context, query, size, response);
	describe(response, size, text);
	free(response);
	assert_string_equal(text, expected);
}

static void
set_client(struct fixture *fixture, const char *text)
{
	fixture->context.client.addr = addr_of(text);
}

static int
set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	fixture->zones = fixture_zones();
	fixture->guard = guard_default;
	fixture->zones->guard = &fixture->guard;
	fixture->context = (struct respond_context){
	    .zones = fixture->zones,
	    .lookup = fixture_lookup(),
	    .now = {.monotonic_ms = 1000, .wall_s = NOW_S},
	    .client = {.port = 5353},
	};
	set_client(fixture, CLIENT);
	*state = fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	fixture->zones->guard = NULL; /* it is the fixture's */
	zone_table_free(&fixture->zones);
	free(fixture);
	return 0;
}

/* --- NSID and CHAOS ----------------------------------------------------------- */

#define LISTED "99.2.0.192.bl.test"

static void
nsid(void **state)
{
	struct fixture *fixture = *state;
	struct asked asked = {LISTED, DNS_A, 1, "00030000"};
	char long_nsid[EDNS_NSID_MAX + 1], name[] = "ns1";

	expect(fixture, &asked, false, "0 aa 1 1 0 opt1232");
	fixture->guard.nsid = name;
	expect(fixture, &asked, false, "0 aa 1 1 0 opt1232 3=6e7331");
	asked.options = "ff0000020102000300020102"; /* what it has is ignored */
	expect(fixture, &asked, false, "0 aa 1 1 0 opt1232 3=6e7331");
	asked.options = "";
	expect(fixture, &asked, false, "0 aa 1 1 0 opt1232");
	asked.options = NULL;
	expect(fixture, &asked, false, "0 aa 1 1 0");
	/* errors have it too */
	asked = (struct asked){"example", DNS_A, 1, "00030000"};
	expect(fixture, &asked, false, "5 1 0 0 opt1232 3=6e7331 15=0014");
	memset(long_nsid, 'x', EDNS_NSID_MAX);
	long_nsid[EDNS_NSID_MAX] = '\0';
	fixture->guard.nsid = long_nsid;
	asked = (struct asked){LISTED, DNS_A, 1, "00030000"};
	expect(fixture, &asked, false,
	    "0 aa 1 1 0 opt1232 3="
	    "7878787878787878787878787878787878787878787878787878787878787878"
	    "7878787878787878787878787878787878787878787878787878787878787878"
	    "7878787878787878787878787878787878787878787878787878787878787878"
	    "7878787878787878787878787878787878787878787878787878787878787878");
}

static void
chaos(void **state)
{
	static const struct {
		const char *name;
		uint16_t type;
		const char *hidden, *told;
	} rows[] = {
	    {"id.server", DNS_TXT, "5 1 0 0", "0 aa 1 1 0"},
	    {"ID.Server", DNS_TXT, "5 1 0 0", "0 aa 1 1 0"},
	    {"hostname.bind", DNS_TXT, "5 1 0 0", "0 aa 1 1 0"},
	    {"version.bind", DNS_TXT, "5 1 0 0", "0 aa 1 1 0"},
	    {"version.server", DNS_TXT, "5 1 0 0", "0 aa 1 1 0"},
	    {"version.server", DNS_ANY, "5 1 0 0", "0 aa 1 1 0"},
	    {"version.server", DNS_A, "5 1 0 0", "5 1 0 0"},
	    {"x.version.server", DNS_TXT, "5 1 0 0", "5 1 0 0"},
	    {"server", DNS_TXT, "5 1 0 0", "5 1 0 0"},
	    {"authors.bind", DNS_TXT, "5 1 0 0", "5 1 0 0"},
	    {"bl.test", DNS_SOA, "5 1 0 0", "5 1 0 0"},
	    {LISTED, DNS_TXT, "5 1 0 0", "5 1 0 0"},
	};
	struct fixture *fixture = *state;
	char identity[] = "one", version[] = "two";

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct asked asked = {
		    rows[i].name, rows[i].type, DNS_CLASS_CHAOS, NULL};

		print_message("%s %u\n", rows[i].name, rows[i].type);
		fixture->guard.identity = fixture->guard.version = NULL;
		expect(fixture, &asked, false, rows[i].hidden);
		fixture->guard.identity = identity;
		fixture->guard.version = version;
		expect(fixture, &asked, false, rows[i].told);
	}
}

/* The record of class CHAOS has that class, no TTL, and the right text. */
static void
chaos_bytes(void **state)
{
	struct fixture *fixture = *state;
	struct asked asked = {"id.server", DNS_TXT, DNS_CLASS_CHAOS, NULL};
	static const uint8_t record[] = "\xc0\x0c\0\x10\0\3\0\0\0\0\0\4\3one";
	uint8_t query[512], response[RESPOND_UDP_MAX];
	char identity[] = "one", version[] = "two";
	size_t size = make_query(&asked, query), got;

	fixture->guard.identity = identity;
	fixture->guard.version = version;
	got = respond_udp(&fixture->context, query, size, response);
	assert_int_equal(got, size + sizeof(record) - 1);
	assert_memory_equal(response + size, record, sizeof(record) - 1);
}

/* --- cookies -------------------------------------------------------------------- */

enum mode {
	OFF,
	ON,
	STRICT,
};

#define BACK " opt1232 10=" COOKIE
#define AGAIN "000a0018" COOKIE /* the one that it was given */
#define OTHER "000a0018" CLIENT_COOKIE "010000005cf79f111f8130c3eee29481"
#define FIRST "000a0008" CLIENT_COOKIE

static const struct {
	const char *name;
	enum mode mode;
	bool tcp;
	const char *options, *expected;
} cookie_rows[] = {
    {"off", OFF, false, FIRST, "0 aa 1 1 0 opt1232"},
    {"off, a bad length", OFF, false, "000a000101", "0 aa 1 1 0 opt1232"},
    {"none sent", ON, false, "", "0 aa 1 1 0 opt1232"},
    {"the client's", ON, false, FIRST, "0 aa 1 1 0" BACK},
    {"ours", ON, false, AGAIN, "0 aa 1 1 0" BACK},
    {"not ours", ON, false, OTHER, "0 aa 1 1 0" BACK},
    {"another server's, 8 bytes", ON, false,
	"000a0010" CLIENT_COOKIE "0102030405060708", "0 aa 1 1 0" BACK},
    {"another server's, 32 bytes", ON, false,
	"000a0028" CLIENT_COOKIE
	"0102030405060708010203040506070801020304050607080102030405060708",
	"0 aa 1 1 0" BACK},
    {"two: the first counts", ON, false, FIRST "000a000101", "0 aa 1 1 0" BACK},
    /* RFC 7873 section 5.2.2 */
    {"empty", ON, false, "000a0000", "1 1 0 0 opt1232"},
    {"7 bytes", ON, false, "000a00072464c4abcf10c9", "1 1 0 0 opt1232"},
    {"9 bytes", ON, false, "000a00092464c4abcf10c95701", "1 1 0 0 opt1232"},
    {"15 bytes", ON, false, "000a000f" CLIENT_COOKIE "01020304050607",
	"1 1 0 0 opt1232"},
    {"41 bytes", ON, false,
	"000a0029" CLIENT_COOKIE
	"010203040506070801020304050607080102030405060708010203040506070809",
	"1 1 0 0 opt1232"},
    {"strict: the client's", STRICT, false, FIRST, "23 1 0 0" BACK},
    {"strict: not ours", STRICT, false, OTHER, "23 1 0 0" BACK},
    {"strict: ours", STRICT, false, AGAIN, "0 aa 1 1 0" BACK},
    {"strict: none sent", STRICT, false, "", "0 aa 1 1 0 opt1232"},
    {"strict: over TCP", STRICT, true, FIRST, "0 aa 1 1 0" BACK},
    {"strict: not ours, over TCP", STRICT, true, OTHER, "0 aa 1 1 0" BACK},
    {"strict: a bad length over TCP", STRICT, true, "000a000101",
	"1 1 0 0 opt1232"},
};

static void
set_cookies(struct fixture *fixture, enum mode mode)
{
	fixture->guard.cookies = mode != OFF;
	fixture->guard.strict = mode == STRICT;
	fixture->guard.secrets.count = 1;
	(void)unhex(SECRET, fixture->guard.secrets.secret[0]);
}

static void
cookies(void **state)
{
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(cookie_rows) / sizeof(*cookie_rows);
	     i++) {
		struct asked asked = {LISTED, DNS_A, 1, cookie_rows[i].options};

		print_message("%s\n", cookie_rows[i].name);
		set_cookies(fixture, cookie_rows[i].mode);
		expect(fixture, &asked, cookie_rows[i].tcp,
		    cookie_rows[i].expected);
	}
}

/* A message without a question asks for a cookie: RFC 7873 section 5.4. */
static void
cookie_only(void **state)
{
	static const struct {
		enum mode mode;
		const char *options, *expected;
	} rows[] = {
	    {ON, FIRST, "0 0 0 0" BACK},
	    {ON, AGAIN, "0 0 0 0" BACK},
	    {ON, OTHER, "23 0 0 0" BACK},
	    {STRICT, FIRST, "0 0 0 0" BACK},
	    {ON, "000a000101", "1 0 0 0 opt1232"},
	    {ON, "00030000", "1 0 0 0 opt1232"},
	    {ON, NULL, "1 0 0 0"},
	    {OFF, FIRST, "1 0 0 0 opt1232"},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct asked asked = {NULL, 0, 0, rows[i].options};

		set_cookies(fixture, rows[i].mode);
		expect(fixture, &asked, false, rows[i].expected);
	}
}

/* --- extended errors, sizes ------------------------------------------------------ */

static void
extended_errors(void **state)
{
	static const struct {
		struct asked asked;
		const char *expected;
	} rows[] = {
	    {{"example", DNS_A, 1, ""}, "5 1 0 0 opt1232 15=0014"},
	    {{"example", DNS_A, 1, NULL}, "5 1 0 0"},
	    {{LISTED, DNS_A, 4, ""}, "5 1 0 0 opt1232 15=0014"},
	    {{LISTED, DNS_A, 255, ""}, "0 1 1 0 opt1232"},
	    {{"id.server", DNS_TXT, 3, ""}, "5 1 0 0 opt1232 15=0014"},
	    {{"bl.test", DNS_AXFR, 1, ""}, "5 1 0 0 opt1232 15=0012"},
	    {{"bl.test", DNS_MAILA, 1, ""}, "4 1 0 0 opt1232 15=0015"},
	    {{"bl.test", DNS_OPT, 1, ""}, "1 1 0 0 opt1232"},
	    {{"none.bl.test", DNS_A, 1, ""}, "3 aa 1 0 1 opt1232"},
	};
	struct fixture *fixture = *state;
	struct asked asked = {LISTED, DNS_A, 1, ""};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		expect(fixture, &rows[i].asked, false, rows[i].expected);
	fixture->context.lookup = (struct lookup){.error = BS_EIO};
	expect(fixture, &asked, false, "2 1 0 0 opt1232 15=000e");
}

/* At the smallest size everything that must be there still fits: the longest
 * name, NSID, cookie; the extended error as well. */
static void
sizes(void **state)
{
	struct fixture *fixture = *state;
	char name[256] = "", nsid_text[EDNS_NSID_MAX + 1];
	struct asked asked = {name, DNS_A, 1, FIRST "00030000"};
	uint8_t query[1024], response[RESPOND_UDP_MAX];
	size_t size;

	for (int i = 0; i < 126; i++)
		strcat(name, "x.");
	strcat(name, "y");
	memset(nsid_text, 'x', EDNS_NSID_MAX);
	nsid_text[EDNS_NSID_MAX] = '\0';
	fixture->guard.nsid = nsid_text;
	fixture->guard.udp_size = DNS_UDP_PLAIN_MAX;
	set_cookies(fixture, ON);
	size = make_query(&asked, query);
	size = respond_udp(&fixture->context, query, size, response);
	assert_int_equal(size, ANSWER_SIZE_MIN);
	assert_in_range(size, 0, DNS_UDP_PLAIN_MAX);
	assert_int_equal(response[3], DNS_REFUSED);
	fixture->guard.udp_size = 777;
	asked = (struct asked){"bl.test", DNS_TXT, 1, ""};
	expect(fixture, &asked, false, "0 aa 1 1 0 opt777");
}

/* --- who may ask ---------------------------------------------------------------- */

static struct access *
access_of(const char *allow, const char *deny)
{
	struct bs_prefix allowed, denied;
	struct access_list allow_list = {&allowed, strlen(allow) > 0};
	struct access_list deny_list = {&denied, strlen(deny) > 0};
	struct access *access = NULL;

	if (allow_list.count > 0)
		allowed = prefix_of(allow);
	if (deny_list.count > 0)
		denied = prefix_of(deny);
	assert_int_equal(access_new(allow_list, deny_list, &access), 0);
	return access;
}

/* The fixture's zone for changing it. */
static struct zone *
zone_of(const struct fixture *fixture, const char *name)
{
	for (size_t i = 0; i < fixture->zones->count; i++)
		if (strcmp(fixture->zones->zone[i]->text, name) == 0)
			return fixture->zones->zone[i];
	fail();
	return NULL;
}

/* Never an A record, whatever is asked; other zones are as they were. */
static void
refusals(void **state)
{
	struct fixture *fixture = *state;
	struct asked listed = {LISTED, DNS_A, 1, ""};
	struct asked apex = {"bl.test", DNS_SOA, 1, NULL};
	struct asked other = {"99.2.0.192.flat.test", DNS_A, 1, NULL};
	struct zone *zone = zone_of(fixture, "bl.test");

	zone->access = access_of("", "198.51.100.0/24");
	expect(fixture, &listed, false, "5 1 0 0 opt1232 15=0012");
	expect(fixture, &listed, true, "5 1 0 0 opt1232 15=0012");
	expect(fixture, &apex, false, "5 1 0 0");
	expect(fixture, &other, false, "0 aa 1 1 0");
	set_client(fixture, "198.51.101.1");
	expect(fixture, &listed, false, "0 aa 1 1 0 opt1232");
	access_free(&zone->access);
	zone->access = access_of("198.51.101.0/24", "");
	expect(fixture, &listed, false, "0 aa 1 1 0 opt1232");
	set_client(fixture, "2001:db8::1");
	expect(fixture, &listed, false, "5 1 0 0 opt1232 15=0012");
}

/* --- rate limits -------------------------------------------------------------------- */

static void
set_limit(struct fixture *fixture, uint32_t per_s, uint32_t slip)
{
	struct ratelimit_settings settings = {.per_s = per_s, .slip = slip};

	ratelimit_free(&fixture->guard.ratelimit);
	assert_int_equal(
	    ratelimit_new(&settings, 16, &fixture->guard.ratelimit), 0);
}

static void
limits(void **state)
{
	struct fixture *fixture = *state;
	struct asked miss = {"1.2.0.192.bl.test", DNS_A, 1, NULL};
	struct asked with = {LISTED, DNS_A, 1, FIRST};
	struct asked good = {LISTED, DNS_A, 1, AGAIN};
	struct asked none = {"example", DNS_A, 1, NULL};

	set_limit(fixture, 3, 1);
	expect(fixture, &miss, false, "3 aa 1 0 1");
	expect(fixture, &none, false, "5 1 0 0"); /* refusals count too */
	expect(fixture, &miss, false, "3 aa 1 0 1");
	expect(fixture, &miss, false, "0 tc 1 0 0");
	expect(fixture, &none, false, "0 tc 1 0 0");
	expect(fixture, &miss, true, "3 aa 1 0 1"); /* TCP is exempt */
	/* a cookie is only what we gave */
	set_cookies(fixture, ON);
	expect(fixture, &with, false, "0 tc 1 0 0" BACK);
	expect(fixture, &good, false, "0 aa 1 1 0" BACK);
	/* whom an allow has is exempt */
	fixture->guard.unlimited = access_of("198.51.100.0/24", "");
	expect(fixture, &none, false, "5 1 0 0");
	access_free(&fixture->guard.unlimited);
	expect(fixture, &none, false, "0 tc 1 0 0");
	zone_of(fixture, "bl.test")->access = access_of("198.51.100.0/24", "");
	expect(fixture, &miss, false, "3 aa 1 0 1");
	expect(fixture, &none, false, "0 tc 1 0 0");
	/* dropped where nothing slips, answered again a second later */
	set_limit(fixture, 1, 0);
	expect(fixture, &none, false, "5 1 0 0");
	expect(fixture, &none, false, "none");
	fixture->context.now.monotonic_ms += 1000;
	expect(fixture, &none, false, "5 1 0 0");
	ratelimit_free(&fixture->guard.ratelimit);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(nsid),
	    TEST(chaos),
	    TEST(chaos_bytes),
	    TEST(cookies),
	    TEST(cookie_only),
	    TEST(extended_errors),
	    TEST(sizes),
	    TEST(refusals),
	    TEST(limits),
	};

	return cmocka_run_group_tests_name("guard", tests, NULL, NULL);
}
