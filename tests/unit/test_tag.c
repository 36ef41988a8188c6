/*
 * Tags of addresses and header fields, and the file of their keys.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "batv.h"
#include "headertag.h"

#define DAY_S 86400u
#define T0 (20000u * DAY_S + 5) /* day 000 */
#define COUNT(rows) (sizeof(rows) / sizeof((rows)[0]))

/* Two keys, the newer one first. */
static const struct bs_tag_keys keys = {.count = 2,
    .key = {{.digit = 3, .made_s = T0, .secret = "sesame-3"},
	{.digit = 2, .made_s = 1, .secret = "sesame-2"}}};

/* Expected values by Python's hmac. */
static void
makes_addresses(void **state)
{
	static const struct {
		const char *address, *plain, *swapped;
		int error;
	} rows[] = {
	    {"alice@mail.example", "prvs=30073149a3=alice@mail.example",
		"prvs=alice=30073149a3@mail.example", BS_OK},
	    {"alice@MAIL.Example", "prvs=30073149a3=alice@mail.example",
		"prvs=alice=30073149a3@mail.example", BS_OK},
	    {"a=b+c@mail.example", "prvs=3007391939=a=b+c@mail.example",
		"prvs=a=b+c=3007391939@mail.example", BS_OK},
	    {"prvs=3007abcdef=alice@mail.example", NULL, NULL, BS_EEXIST},
	    {"prvs=alice=3007abcdef@mail.example", NULL, NULL, BS_EEXIST},
	    {"alice", NULL, NULL, BS_EINVAL},
	    {"", NULL, NULL, BS_EINVAL},
	    {"@mail.example", NULL, NULL, BS_EINVAL},
	    {"alice@", NULL, NULL, BS_EINVAL},
	    {"al ice@mail.example", NULL, NULL, BS_EINVAL},
	    {"<alice@mail.example>", NULL, NULL, BS_EINVAL},
	    {"\"a\"@mail.example", NULL, NULL, BS_EINVAL},
	    /* 48 octets are the most that leave room for a tag */
	    {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@a.example",
		NULL, NULL, BS_ETOOLONG},
	};
	char tagged[BS_BATV_ADDRESS_MAX + 1];

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		for (int form = 0; form < 2; form++) {
			const char *wanted =
			    form == 0 ? rows[i].plain : rows[i].swapped;

			if (bs_batv_make(&keys, rows[i].address, T0,
				(enum bs_batv_form)form,
				tagged) != rows[i].error)
				fail_msg("%s", rows[i].address);
			if (wanted != NULL)
				assert_string_equal(tagged, wanted);
		}
	}
	assert_int_equal(
	    bs_batv_make(&keys,
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa@a.example",
		T0, BS_BATV_PLAIN, tagged),
	    BS_OK);
	assert_int_equal(bs_batv_make(&(struct bs_tag_keys){0}, "a@b.example",
			     T0, BS_BATV_PLAIN, tagged),
	    BS_ENOTFOUND);
}

static void
checks_addresses(void **state)
{
	static const struct {
		const char *name, *address;
		bool ours;
		uint8_t digit;
		uint16_t day;
	} rows[] = {
	    {"plain", "prvs=30073149a3=alice@mail.example", true, 3, 7},
	    {"swapped", "prvs=alice=30073149a3@mail.example", true, 3, 7},
	    {"upper case", "PRVS=30073149A3=alice@MAIL.EXAMPLE", true, 3, 7},
	    {"all of it", "PRVS=30073149A3=ALICE@MAIL.EXAMPLE", true, 3, 7},
	    {"with =", "prvs=3007391939=a=b+c@mail.example", true, 3, 7},
	    {"with =, swapped", "prvs=a=b+c=3007391939@mail.example", true, 3,
		7},
	    {"made by Exim 4.96", "prvs=3789de1e4d=alice@mail.example", true, 3,
		789},
	    {"old key", "prvs=2999c9f656=alice@mail.example", true, 2, 999},
	    {"local part like a tag", "prvs=300756af22=3007abcdef@mail.example",
		true, 3, 7},
	    {"other address", "prvs=30073149a3=bob@mail.example", false, 0, 0},
	    {"other domain", "prvs=30073149a3=alice@mail2.example", false, 0,
		0},
	    {"other day", "prvs=30083149a3=alice@mail.example", false, 0, 0},
	    {"other key", "prvs=20073149a3=alice@mail.example", false, 0, 0},
	    {"no such key", "prvs=40073149a3=alice@mail.example", false, 0, 0},
	    {"guessed", "prvs=3007000000=alice@mail.example", false, 0, 0},
	    {"short", "prvs=3007abcde=alice@mail.example", false, 0, 0},
	    {"long", "prvs=3007abcdef0=alice@mail.example", false, 0, 0},
	    {"no hexadecimal", "prvs=3007abcdeg=alice@mail.example", false, 0,
		0},
	    {"no digits", "prvs=a007abcdef=alice@mail.example", false, 0, 0},
	    {"no local part", "prvs=3007abcdef=@mail.example", false, 0, 0},
	    {"no domain", "prvs=3007abcdef=alice@", false, 0, 0},
	    {"no @", "prvs=3007abcdef=alice", false, 0, 0},
	    {"prvs alone", "prvs=@mail.example", false, 0, 0},
	    {"no tag", "alice@mail.example", false, 0, 0},
	    {"SRS", "SRS0=abcd=ab=mail.example=alice@x.example", false, 0, 0},
	    {"empty", "", false, 0, 0},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bs_tag tag = {0};

		if (bs_batv_check(&keys, rows[i].address,
			strlen(rows[i].address), &tag) != rows[i].ours)
			fail_msg("%s", rows[i].name);
		if (tag.digit != rows[i].digit || tag.day != rows[i].day)
			fail_msg("%s: %u %u", rows[i].name, tag.digit, tag.day);
	}
}

/* Two tags have one id only if they are the same tag, in whichever form. */
static void
ids(void **state)
{
	static const char *const addresses[] = {
	    "prvs=30073149a3=alice@mail.example",
	    "prvs=3007391939=a=b+c@mail.example",
	    "prvs=2999c9f656=alice@mail.example"};
	struct bs_tag tag[3], again;

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_true(bs_batv_check(
		    &keys, addresses[i], strlen(addresses[i]), &tag[i]));
	assert_memory_not_equal(tag[0].id, tag[1].id, sizeof(tag[0].id));
	assert_memory_not_equal(tag[0].id, tag[2].id, sizeof(tag[0].id));
	assert_true(bs_batv_check(
	    &keys, "prvs=alice=30073149a3@MAIL.example", 34, &again));
	assert_memory_equal(tag[0].id, again.id, sizeof(again.id));
}

static void
strips(void **state)
{
	static const char *const rows[][2] = {
	    {"prvs=3007abcdef=alice@mail.example", "alice@mail.example"},
	    {"prvs=alice=3007abcdef@mail.example", "alice@mail.example"},
	    {"alice@mail.example", "alice@mail.example"},
	    {"prvs=alice@mail.example", "prvs=alice@mail.example"},
	    {"", ""},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		char address[64];

		(void)snprintf(address, sizeof(address), "%s", rows[i][0]);
		bs_batv_strip(address);
		assert_string_equal(address, rows[i][1]);
	}
}

/* What is too long is no tag, and is never written past its place. */
static void
longest(void **state)
{
	char address[BS_BATV_ADDRESS_MAX + 2];
	struct bs_batv batv;

	(void)state;
	memset(address, 'a', sizeof(address));
	memcpy(address, "prvs=3007abcdef=b@", 18);
	assert_true(
	    bs_batv_split(address, BS_BATV_ADDRESS_MAX, BS_BATV_PLAIN, &batv));
	assert_int_equal(strlen(batv.address), BS_BATV_ADDRESS_MAX - 16);
	assert_false(bs_batv_split(
	    address, BS_BATV_ADDRESS_MAX + 1, BS_BATV_PLAIN, &batv));
}

static void
days(void **state)
{
	static const struct {
		uint16_t day;
		int after; /* days after T0, which is day 0 */
		bool holds;
	} rows[] = {
	    {7, 0, true},
	    {7, 7, true},
	    {7, 8, false},
	    {0, 0, true},
	    {999, 0, false},
	    {8, 0, false},
	    {8, 1, true},
	    {3, 998, true},
	    {3, 995, false},
	    {3, 1003, true},
	    {3, 1004, false},
	};

	(void)state;
	assert_int_equal(bs_tag_last_day(T0), 7);
	assert_int_equal(bs_tag_last_day(T0 - 5 * DAY_S), 2);
	assert_int_equal(bs_tag_last_day(T0 - 8 * DAY_S), 999);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bs_tag tag = {.day = rows[i].day};
		uint32_t time_s = T0 + (uint32_t)rows[i].after * DAY_S;

		if (bs_tag_holds(&tag, time_s) != rows[i].holds)
			fail_msg("row %zu", i);
	}
}

#define ID "<1.2@mail.example>"
#define DATE "Wed, 25 Nov 2026 21:10:00 +0000"

static void
header_tags(void **state)
{
	static const char made[] = "3007826b880478ba8d4d7bb7c18e6732ba31";
	static const struct {
		const char *name, *tag, *id, *date;
		bool ours;
	} rows[] = {
	    {"as made", made, ID, DATE, true},
	    {"blanks", " 3007826b880478ba8d4d7bb7c18e6732ba31\t", " " ID "\r\n",
		"Wed, 25  Nov 2026\r\n\t21:10:00 +0000 ", true},
	    {"upper case", "3007826B880478BA8D4D7BB7C18E6732BA31", ID, DATE,
		true},
	    {"other id", made, "<1.3@mail.example>", DATE, false},
	    {"other date", made, ID, "Wed, 25 Nov 2026 21:10:01 +0000", false},
	    {"no id", made, "", DATE, false},
	    {"no date", made, ID, " ", false},
	    {"other day", "3008826b880478ba8d4d7bb7c18e6732ba31", ID, DATE,
		false},
	    {"cut", "3007826b880478ba8d4d7bb7c18e6732ba3", ID, DATE, false},
	    {"more", "3007826b880478ba8d4d7bb7c18e6732ba31 0", ID, DATE, false},
	    {"empty", "", ID, DATE, false},
	};
	char tag[BS_HEADERTAG_SIZE + 1];
	struct bs_headertag_fields fields = {ID, DATE};

	(void)state;
	assert_int_equal(bs_headertag_make(&keys, &fields, T0, tag), BS_OK);
	assert_string_equal(tag, made);
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bs_tag found = {0};

		fields.message_id = rows[i].id;
		fields.date = rows[i].date;
		if (bs_headertag_check(&keys, rows[i].tag, &fields, &found) !=
		    rows[i].ours)
			fail_msg("%s", rows[i].name);
		assert_int_equal(found.day, rows[i].ours ? 7 : 0);
	}
	fields.date = "";
	assert_int_equal(bs_headertag_make(&keys, &fields, T0, tag), BS_EINVAL);
}

/* A field at its longest, and one past it. */
static void
longest_field(void **state)
{
	char id[BS_HEADERTAG_FIELD_MAX + 2], tag[BS_HEADERTAG_SIZE + 1];
	struct bs_headertag_fields fields = {id, DATE};

	(void)state;
	memset(id, 'a', sizeof(id));
	id[BS_HEADERTAG_FIELD_MAX] = '\0';
	assert_int_equal(bs_headertag_make(&keys, &fields, T0, tag), BS_OK);
	id[BS_HEADERTAG_FIELD_MAX] = 'a';
	id[BS_HEADERTAG_FIELD_MAX + 1] = '\0';
	assert_int_equal(bs_headertag_make(&keys, &fields, T0, tag), BS_EINVAL);
}

/* --- the file of keys ----------------------------------------------------- */

static void
parses(void **state)
{
	static const struct {
		const char *name, *text, *message; /* NULL: none */
	} rows[] = {
	    {"one", "3: secret-3 2026-11-25T21:10:00Z\n", NULL},
	    {"comments, CRLF",
		"# c\r\n\r\n3:\tsecret-3  2026-11-25T21:10:00Z\r\n", NULL},
	    {"no newline", "3: secret-3 2026-11-25T21:10:00Z", NULL},
	    {"two",
		"3: secret-3 2026-11-25T21:10:00Z\n"
		"2: secret-2 2026-11-24T21:10:00Z\n",
		NULL},
	    {"none", "# nothing\n",
		"k: no key in it: make one by `backstopctl tag key rotate`"},
	    {"no digit", "x: secret-3 2026-11-25T21:10:00Z\n",
		"k:1: no key: write DIGIT: SECRET TIME, or # before a "
		"comment"},
	    {"short", "3: secret3 2026-11-25T21:10:00Z\n",
		"k:1: the secret must be 8 to 64 letters, digits or signs: put "
		"one in, or have one made by backstopctl tag key rotate"},
	    {"no time", "3: secret-3\n",
		"k:1: the time when the key was made is missing: write it as "
		"2026-11-25T21:10:00Z"},
	    {"twice",
		"3: secret-3 2026-11-25T21:10:00Z\n"
		"3: secret-2 2026-11-24T21:10:00Z\n",
		"k:2: a second key of the same digit: take one out"},
	    {"not in order",
		"3: secret-3 2026-11-25T21:10:00Z\n"
		"2: secret-2 2026-11-26T21:10:00Z\n",
		"k:2: newer than the key above it: put the newest first"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT(rows); i++) {
		struct bs_message message = {""};
		struct bs_tag_keys read;
		int error = bs_tag_keys_parse(
		    "k", rows[i].text, strlen(rows[i].text), &read, &message);

		if (error != (rows[i].message == NULL ? BS_OK : BS_EINVAL))
			fail_msg("%s", rows[i].name);
		assert_string_equal(message.text,
		    rows[i].message == NULL ? "" : rows[i].message);
		if (error == BS_OK)
			assert_string_equal(read.key[0].secret, "secret-3");
	}
}

static void
rotates(void **state)
{
	struct bs_tag_keys ring = {0};
	uint32_t now_s = T0;

	(void)state;
	for (unsigned i = 0; i < 10; i++) {
		assert_int_equal(bs_tag_keys_rotate(&ring, now_s), BS_OK);
		assert_int_equal(ring.key[0].digit, i);
		assert_int_equal(strlen(ring.key[0].secret), 32);
		now_s += 60;
	}
	assert_string_not_equal(ring.key[0].secret, ring.key[1].secret);
	/* all digits are in use, and tags of the first still hold */
	assert_int_equal(bs_tag_keys_rotate(&ring, now_s), BS_EBUSY);
	assert_int_equal(ring.count, 10);
	now_s = T0 + 60 + BS_TAG_KEY_REST_S;
	assert_int_equal(bs_tag_keys_rotate(&ring, now_s - 1), BS_EBUSY);
	assert_int_equal(bs_tag_keys_rotate(&ring, now_s), BS_OK);
	assert_int_equal(ring.key[0].digit, 0);
	assert_int_equal(ring.count, 10);
	/* what was replaced long ago goes */
	assert_int_equal(
	    bs_tag_keys_rotate(&ring, now_s + BS_TAG_KEY_KEPT_S), BS_OK);
	assert_int_equal(ring.count, 2);
	/* a clock that went back */
	assert_int_equal(bs_tag_keys_rotate(&ring, T0), BS_OK);
	assert_true(ring.key[0].made_s >= ring.key[1].made_s);
}

static void
file(void **state)
{
	char folder[] = "/tmp/bs-tag.XXXXXX", path[64];
	struct bs_tag_keys ring = {0}, read;
	struct bs_message message;
	struct stat status;

	(void)state;
	assert_non_null(mkdtemp(folder));
	(void)snprintf(path, sizeof(path), "%s/tag.key", folder);
	assert_int_equal(bs_tag_keys_load(path, &read, &message), BS_ENOTFOUND);
	assert_int_equal(bs_tag_keys_rotate(&ring, T0), BS_OK);
	assert_int_equal(bs_tag_keys_rotate(&ring, T0 + 9), BS_OK);
	assert_int_equal(bs_tag_keys_save(path, &ring, &message), BS_OK);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(bs_tag_keys_load(path, &read, &message), BS_OK);
	assert_int_equal(read.count, 2);
	assert_string_equal(read.key[1].secret, ring.key[1].secret);
	assert_int_equal(read.key[0].made_s, T0 + 9);
	assert_int_equal(chmod(path, 0640), 0);
	assert_int_equal(bs_tag_keys_load(path, &read, &message), BS_EACCES);
	assert_non_null(strstr(message.text, "chmod 600"));
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkdir(path, 0700), 0);
	assert_int_equal(bs_tag_keys_load(path, &read, &message), BS_EINVAL);
	assert_int_equal(rmdir(path), 0);
	assert_int_equal(rmdir(folder), 0);
	assert_int_equal(bs_tag_keys_save(path, &ring, &message), BS_ESYSTEM);
	assert_non_null(strstr(message.text, "its folder must exist"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(makes_addresses),
	    cmocka_unit_test(checks_addresses),
	    cmocka_unit_test(ids),
	    cmocka_unit_test(strips),
	    cmocka_unit_test(longest),
	    cmocka_unit_test(days),
	    cmocka_unit_test(header_tags),
	    cmocka_unit_test(longest_field),
	    cmocka_unit_test(parses),
	    cmocka_unit_test(rotates),
	    cmocka_unit_test(file),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
