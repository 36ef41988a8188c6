/* Zones: the longest name wins, static names are found, the digest tells
 * changes; names and TXT templates. */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "bytes.h"
#include "dns.h"
#include "server_fixture.h"
#include "txt.h"
#include "zone.h"

static const struct {
	const char *name;
	const char *zone; /* NULL: none */
} finds[] = {
    {"bl.test", "bl.test"},
    {"x.bl.test", "bl.test"},
    {"callout.bl.test", "callout.bl.test"},
    {"x.callout.bl.test", "callout.bl.test"},
    {"xcallout.bl.test", "bl.test"},
    {"xbl.test", NULL},
    {"test", NULL},
    {"", NULL},
    {"flat.test", "flat.test"},
    {"bl.test.example", NULL},
};

static void
find_zone(void **state)
{
	struct zone_table *zones = fixture_zones();

	(void)state;
	for (size_t i = 0; i < sizeof(finds) / sizeof(*finds); i++) {
		uint8_t name[DNAME_SIZE_MAX];
		const struct zone *zone;
		size_t size;

		print_message("%s\n", finds[i].name);
		assert_int_equal(dname_parse(finds[i].name, name, &size), 0);
		zone = zone_table_find(zones, name, size);
		if (finds[i].zone == NULL) {
			assert_null(zone);
			continue;
		}
		assert_non_null(zone);
		assert_string_equal(zone->text, finds[i].zone);
	}
	zone_table_free(&zones);
	assert_null(zones);
}

/* Bytes that end like a zone's name without beginning at a label: the label
 * "\2bl\4test" of 8 bytes. */
static void
find_zone_inside_label(void **state)
{
	static const uint8_t name[] = "\10\2bl\4test";
	struct zone_table *zones = fixture_zones();

	(void)state;
	assert_null(zone_table_find(zones, name, sizeof(name)));
	zone_table_free(&zones);
}

static void
find_node(void **state)
{
	struct zone_table *zones = fixture_zones();
	const struct zone *zone =
	    zone_table_find(zones, (const uint8_t *)"\2bl\4test", 9);
	const struct zone_node *node;

	(void)state;
	assert_non_null(zone);
	assert_int_equal(zone->negative_ttl_s, 300);
	node = zone_find_node(zone, (const uint8_t *)"\3www", 4);
	assert_non_null(node);
	assert_int_equal(zone_node_set(node, DNS_A)->count, 1);
	assert_null(zone_node_set(node, DNS_TXT));
	node = zone_find_node(zone, (const uint8_t *)"\2er", 3);
	assert_non_null(node);
	assert_int_equal(node->set_count, 0);
	assert_null(zone_find_node(zone, (const uint8_t *)"\3ftp", 4));
	assert_int_equal(zone_node_set(zone->apex, DNS_NS)->count, 2);
	zone_table_free(&zones);
}

/* The set's TTL is the lowest of its records (RFC 2181 section 5.2). */
static void
set_ttl(void **state)
{
	static const char text[] = "@ 60 SOA a b 1 2 3 4 5\n@ 70 NS a.\n"
				   "@ 50 NS b.\n@ 80 NS c.\n";
	static const uint8_t name[] = "\1z\4test";
	static char config_name[] = "z.test", txt[] = "";
	const struct bs_config_zone config = {.name = config_name, .txt = txt};
	struct zonefile_source source = {
	    .path = "z", .name = name, .name_size = sizeof(name)};
	struct zonefile *zonefile = NULL;
	struct zone *zone = NULL;
	const struct zone_set *set;

	(void)state;
	assert_int_equal(
	    zonefile_parse(&source, text, sizeof(text) - 1, &zonefile), 0);
	assert_int_equal(zone_new(&config, zonefile, &zone), 0);
	set = zone_node_set(zone->apex, DNS_NS);
	assert_int_equal(set->count, 3);
	for (size_t at = 0; at < set->size; at += 15)
		assert_int_equal(bs_get_be32(set->bytes + at + 6), 50);
	assert_int_equal(zone->negative_ttl_s, 5);
	zone_free(&zone);
	zonefile_free(&zonefile);
}

static void
digest(void **state)
{
	struct zone_table *one = fixture_zones(), *other = fixture_zones();
	uint8_t first[BS_DIGEST_SIZE], second[BS_DIGEST_SIZE];

	(void)state;
	assert_int_equal(zone_table_digest(one, first), 0);
	assert_int_equal(zone_table_digest(other, second), 0);
	assert_memory_equal(first, second, sizeof(first));
	other->zone[0]->ttl_s++;
	assert_int_equal(zone_table_digest(other, second), 0);
	assert_memory_not_equal(first, second, sizeof(first));
	other->zone[0]->ttl_s--;
	other->zone[0]->node[0].set[0].bytes[7] ^= 1;
	assert_int_equal(zone_table_digest(other, second), 0);
	assert_memory_not_equal(first, second, sizeof(first));
	zone_table_free(&one);
	zone_table_free(&other);
}

static const struct {
	const char *text;
	int result;
	size_t size;
	const char *back;
} names[] = {
    {"bl.example", 0, 12, "bl.example"},
    {"BL.Example.", 0, 12, "bl.example"},
    {"", 0, 1, "."},
    {".", 0, 1, "."},
    {"a..b", BS_EINVAL, 0, NULL},
    {".a", BS_EINVAL, 0, NULL},
    {"a..", BS_EINVAL, 0, NULL},
    {"0123456789012345678901234567890123456789012345678901234567890123",
	BS_ETOOLONG, 0, NULL},
    {"a b", 0, 5, "a\\032b"},
};

static void
dnames(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		uint8_t name[DNAME_SIZE_MAX];
		char text[DNAME_TEXT_MAX];
		size_t size = 0;

		print_message("%s\n", names[i].text);
		assert_int_equal(
		    dname_parse(names[i].text, name, &size), names[i].result);
		if (names[i].result != 0)
			continue;
		assert_int_equal(size, names[i].size);
		assert_string_equal(
		    dname_format(name, size, text), names[i].back);
	}
}

/* 255 bytes and one more. */
static void
longest_dname(void **state)
{
	char text[256];
	uint8_t name[DNAME_SIZE_MAX];
	size_t size;

	(void)state;
	memset(text, 'x', sizeof(text));
	text[63] = text[127] = text[191] = '.';
	text[253] = '\0';
	assert_int_equal(dname_parse(text, name, &size), 0);
	assert_int_equal(size, 255);
	text[253] = 'x';
	text[254] = '\0';
	assert_int_equal(dname_parse(text, name, &size), BS_ETOOLONG);
}

/* A zone that is shut down says so where its file does not. */
static void
shutdown_notice(void **state)
{
	static const char *const masters[] = {
	    "@ 60 SOA a. b. 1 2 3 4 5\n@ 60 NS ns.test.\n",
	    "@ 60 SOA a. b. 1 2 3 4 5\n@ 60 NS ns.test.\n@ 60 TXT \"gone\"\n",
	};
	static char zone_name[] = "x.test", template[] = "%a";
	const struct bs_config_zone config = {
	    .name = zone_name, .txt = template, .shutdown = true};
	const struct zonefile_source source = {
	    .path = "x", .name = (const uint8_t *)"\1x\4test", .name_size = 8};

	(void)state;
	for (size_t i = 0; i < 2; i++) {
		struct zonefile *zonefile = NULL;
		struct zone *zone = NULL;
		const struct zone_set *set;

		assert_int_equal(zonefile_parse(&source, masters[i],
				     strlen(masters[i]), &zonefile),
		    0);
		assert_int_equal(zone_new(&config, zonefile, &zone), 0);
		assert_ptr_equal(zone_node_set(zone->apex, DNS_SOA), zone->soa);
		set = zone_node_set(zone->apex, DNS_TXT);
		assert_non_null(set);
		assert_int_equal(set->count, 1);
		assert_memory_equal(set->bytes + 13,
		    i == 0 ? ZONE_SHUTDOWN_NOTICE : "gone",
		    i == 0 ? strlen(ZONE_SHUTDOWN_NOTICE) : 4);
		zone_free(&zone);
		zonefile_free(&zonefile);
	}
}

static const struct {
	const char *template;
	const char *expected;
} txts[] = {
    {"", ""},
    {"%c from %a (%z)", "bounce from 192.0.2.1 (bl.test)"},
    {"100%% %x %", "100% %x %"},
    {"tab\there \xc3\xa4", "tab?here ??"},
};

static void
txt(void **state)
{
	static const struct txt_values values = {
	    "bounce", "192.0.2.1", "bl.test"};
	uint8_t text[TXT_SIZE_MAX];
	char long_template[300];

	(void)state;
	for (size_t i = 0; i < sizeof(txts) / sizeof(*txts); i++) {
		size_t size = txt_write(txts[i].template, &values, text);

		print_message("%s\n", txts[i].template);
		assert_int_equal(size, strlen(txts[i].expected));
		assert_memory_equal(text, txts[i].expected, size);
	}
	memset(long_template, 'x', sizeof(long_template));
	long_template[255] = '\0';
	assert_int_equal(txt_write(long_template, &values, text), 255);
	strcpy(long_template + 250, "%a");
	assert_int_equal(txt_write(long_template, &values, text), 255);
	assert_memory_equal(text + 250, "192.0", 5);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(find_zone),
	    cmocka_unit_test(find_zone_inside_label),
	    cmocka_unit_test(find_node),
	    cmocka_unit_test(set_ttl),
	    cmocka_unit_test(digest),
	    cmocka_unit_test(dnames),
	    cmocka_unit_test(longest_dname),
	    cmocka_unit_test(txt),
	    cmocka_unit_test(shutdown_notice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
