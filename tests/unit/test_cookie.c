/*
 * Server cookies against the test vectors of RFC 9018 appendix A, what else is
 * none, SipHash against its authors' vectors, and the file of secrets.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "address_fixture.h"
#include "bytes_fixture.h"
#include "bytes.h"
#include "cookie.h"

static struct cookie_secrets
secrets_of(const char *first, const char *second)
{
	struct cookie_secrets secrets = {.count = second != NULL ? 2 : 1};

	(void)unhex(first, secrets.secret[0]);
	if (second != NULL)
		(void)unhex(second, secrets.secret[1]);
	return secrets;
}

/* --- SipHash ----------------------------------------------------------------- */

static void
siphash_vectors(void **state)
{
	static const struct {
		size_t size; /* of 00 01 02 ..., and so is the key */
		uint64_t hash;
	} rows[] = {
	    {0, 0x726fdb47dd0e0e31},
	    {1, 0x74f839c593dc67fd},
	    {7, 0xab0200f58b01d137},
	    {8, 0x93f5f5799a932462},
	    {15, 0xa129ca6149be45e5},
	    {63, 0x958a324ceb064572},
	};
	uint8_t bytes[64];

	(void)state;
	for (uint8_t i = 0; i < sizeof(bytes); i++)
		bytes[i] = i;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++)
		assert_true(
		    siphash(bytes, bytes, rows[i].size) == rows[i].hash);
}

/* --- cookies ------------------------------------------------------------------- */

#define SECRET "e5e973e5a6b2a43f48e7dc849e37bfcf"
#define SECRET_6 "445536bcd2513298075a5d379663c962"
#define SECRET_6_OLD "dd3bdf9344b678b185a6f5cb60fca715"

/* RFC 9018 appendix A.1, A.2, A.4. */
static const struct {
	const char *name, *addr, *client, *secret;
	uint32_t now_s;
	const char *server;
} made[] = {
    {"A.1", "198.51.100.100", "2464c4abcf10c957", SECRET, 1559731985,
	"010000005cf79f111f8130c3eee29480"},
    {"A.2, later", "198.51.100.100", "2464c4abcf10c957", SECRET, 1559734385,
	"010000005cf7a871d4a564a1442aca77"},
    {"A.3", "203.0.113.203", "fc93fc62807ddb86", SECRET, 1559734700,
	"010000005cf7a9acf73a7810aca2381e"},
    {"A.4", "2001:db8:220:1:59de:d0f4:8769:82b8", "22681ab97d52c298", SECRET_6,
	1559741961, "010000005cf7c609a6bb79d16625507a"},
    {"A.4, the old secret", "2001:db8:220:1:59de:d0f4:8769:82b8",
	"22681ab97d52c298", SECRET_6_OLD, 1559741817,
	"010000005cf7c57926556bd0934c72f8"},
};

static void
makes(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(made) / sizeof(*made); i++) {
		struct cookie_secrets secrets =
		    secrets_of(made[i].secret, NULL);
		struct bs_addr addr = addr_of(made[i].addr);
		uint8_t client[8], server[16], cookie[COOKIE_SIZE];

		print_message("%s\n", made[i].name);
		(void)unhex(made[i].client, client);
		(void)unhex(made[i].server, server);
		cookie_make(&secrets, client, &addr, made[i].now_s, cookie);
		assert_memory_equal(cookie, client, sizeof(client));
		assert_memory_equal(cookie + 8, server, sizeof(server));
	}
}

#define CLIENT "2464c4abcf10c957"
#define GOOD CLIENT "010000005cf79f111f8130c3eee29480"
#define MADE_S 1559731985u

static const struct {
	const char *name, *cookie, *addr;
	uint32_t now_s;
	bool good;
} checked[] = {
    {"at once", GOOD, "198.51.100.100", MADE_S, true},
    {"after an hour", GOOD, "198.51.100.100", MADE_S + 3600, true},
    {"after longer", GOOD, "198.51.100.100", MADE_S + 3601, false},
    {"made in 5 minutes", GOOD, "198.51.100.100", MADE_S - 300, true},
    {"made later", GOOD, "198.51.100.100", MADE_S - 301, false},
    {"half the clock's way round", GOOD, "198.51.100.100", MADE_S + 0x80000000u,
	false},
    {"another address", GOOD, "198.51.100.101", MADE_S, false},
    {"IPv6 with the same octets", GOOD, "c633:6464::", MADE_S, false},
    {"another client's part",
	"2464c4abcf10c958010000005cf79f111f8130c3eee29480", "198.51.100.100",
	MADE_S, false},
    {"another hash", CLIENT "010000005cf79f111f8130c3eee29481",
	"198.51.100.100", MADE_S, false},
    {"another time", CLIENT "010000005cf79f121f8130c3eee29480",
	"198.51.100.100", MADE_S, false},
    {"version 2", CLIENT "020000005cf79f111f8130c3eee29480", "198.51.100.100",
	MADE_S, false},
    {"the client's part only", CLIENT, "198.51.100.100", MADE_S, false},
    {"cut", CLIENT "010000005cf79f111f8130c3eee294", "198.51.100.100", MADE_S,
	false},
    {"longer", GOOD "00", "198.51.100.100", MADE_S, false},
    /* A.3: another server has put something into the three octets */
    {"A.3", "fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5", "203.0.113.203",
	1559727985 + 600, true},
};

static void
checks(void **state)
{
	struct cookie_secrets secrets = secrets_of(SECRET, NULL);

	(void)state;
	for (size_t i = 0; i < sizeof(checked) / sizeof(*checked); i++) {
		struct bs_addr addr = addr_of(checked[i].addr);
		uint8_t cookie[64];
		size_t size = unhex(checked[i].cookie, cookie);

		print_message("%s\n", checked[i].name);
		assert_int_equal(cookie_check(&secrets, cookie, size, &addr,
				     checked[i].now_s),
		    checked[i].good);
	}
}

/* What the second secret made is good, and a new one is made by the first. */
static void
rolls(void **state)
{
	struct cookie_secrets old = secrets_of(SECRET_6_OLD, NULL);
	struct cookie_secrets both = secrets_of(SECRET_6, SECRET_6_OLD);
	struct cookie_secrets new = secrets_of(SECRET_6, NULL);
	struct bs_addr addr = addr_of("2001:db8::1");
	uint8_t by_old[COOKIE_SIZE], by_both[COOKIE_SIZE];

	(void)state;
	cookie_make(&old, (const uint8_t *)"12345678", &addr, 1000, by_old);
	assert_true(cookie_check(&both, by_old, COOKIE_SIZE, &addr, 1000));
	assert_false(cookie_check(&new, by_old, COOKIE_SIZE, &addr, 1000));
	cookie_make(&both, by_old, &addr, 1000, by_both);
	assert_true(cookie_check(&new, by_both, COOKIE_SIZE, &addr, 1000));
	assert_false(cookie_check(&old, by_both, COOKIE_SIZE, &addr, 1000));
}

static void
sizes(void **state)
{
	(void)state;
	for (size_t size = 0; size < 64; size++)
		assert_int_equal(cookie_size_valid(size),
		    size == 8 || (size >= 16 && size <= 40));
}

/* --- the file -------------------------------------------------------------------- */

static const struct {
	const char *name, *text;
	size_t count;    /* 0: refused */
	unsigned line;   /* of the mistake */
	const char *why; /* begins so */
} files[] = {
    {"one", SECRET "\n", 1, 0, NULL},
    {"without a newline", SECRET, 1, 0, NULL},
    {"two", SECRET "\n" SECRET_6 "\n", 2, 0, NULL},
    {"upper case", "E5E973E5A6B2A43F48E7DC849E37BFCF", 1, 0, NULL},
    {"blanks, comments", "# now\n \t" SECRET " # made today\r\n\n", 1, 0, NULL},
    {"three", SECRET "\n" SECRET_6 "\n\n" SECRET_6_OLD "\n", 0, 4,
	"a third secret"},
    {"empty", "", 0, 1, "no secret in it"},
    {"comments only", "# x\n#" SECRET "\n", 0, 1, "no secret in it"},
    {"31 digits", "e5e973e5a6b2a43f48e7dc849e37bfc", 0, 1, "no secret: "},
    {"33 digits", SECRET "0", 0, 1, "no secret: "},
    {"no digit", "\ng5e973e5a6b2a43f48e7dc849e37bfcf", 0, 2, "no secret: "},
    {"two in a line", SECRET " " SECRET, 0, 1, "no secret: "},
};

static void
secret_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		struct cookie_secrets secrets = {.count = 9};
		struct cookie_secrets first = secrets_of(SECRET, NULL);
		struct bs_message message = {""};
		unsigned line = 0;
		int result = cookie_parse_secrets(files[i].text,
		    strlen(files[i].text), &secrets, &line, &message);

		print_message("%s\n", files[i].name);
		assert_int_equal(
		    result, files[i].count > 0 ? BS_OK : BS_EINVAL);
		if (result == BS_OK) {
			assert_int_equal(secrets.count, files[i].count);
			assert_memory_equal(secrets.secret[0], first.secret[0],
			    sizeof(first.secret[0]));
			continue;
		}
		assert_int_equal(secrets.count, 9);
		assert_int_equal(line, files[i].line);
		assert_memory_equal(
		    message.text, files[i].why, strlen(files[i].why));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(siphash_vectors),
	    cmocka_unit_test(makes),
	    cmocka_unit_test(checks),
	    cmocka_unit_test(rolls),
	    cmocka_unit_test(sizes),
	    cmocka_unit_test(secret_files),
	};

	return cmocka_run_group_tests_name("cookie", tests, NULL, NULL);
}
