/* Master files: what is read, and each mistake's message with its line. */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "dns.h"
#include "zonefile.h"
#include "zonetext.h"

#define APEX "@ 1h SOA ns host 1 1h 15m 4w 5m\n@ NS ns.test.\n"

static const uint8_t zone_name[] = "\2bl\4test";

/* All lines of a run, a newline after each. */
struct lines {
	unsigned count;
	char text[65536];
};

static void
report(void *context, bool fatal, const char *line)
{
	struct lines *lines = context;

	assert_true(fatal);
	lines->count++;
	strcat(lines->text, line);
	strcat(lines->text, "\n");
}

static struct zonefile_source
source_for(const char *path, struct lines *lines)
{
	memset(lines, 0, sizeof(*lines));
	return (struct zonefile_source){
	    .path = path,
	    .name = zone_name,
	    .name_size = sizeof(zone_name),
	    .where = "b.conf:7: zone",
	    .report = report,
	    .context = lines,
	};
}

/* --- what is right ------------------------------------------------------- */

#define TEXT_ROW(name, text, count)                 \
	{                                           \
		name, text, sizeof(text) - 1, count \
	}
static const struct {
	const char *name;
	const char *text;
	size_t size;
	size_t count; /* of records */
} good[] = {
    TEXT_ROW("the least", APEX, 2),
    TEXT_ROW("CRLF", "@ SOA a b 1 2 3 4 5\r\n@ NS ns.test.\r\n", 2),
    TEXT_ROW("no newline at the end", APEX "www A 192.0.2.1", 3),
    TEXT_ROW("parentheses, comments",
	"@ IN 60 SOA ns host ( 1 ; serial (\n 2 ; \"\n 3 4\n 5 ) ; ) \n"
	"\n   ; only a comment\n NS ns.test. ; of the same owner\n",
	2),
    TEXT_ROW(
	"quoted ; ( ) and \\\"", APEX "@ TXT \"a;b(c)\\\"d\" \"second\"\n", 3),
    TEXT_ROW("$TTL and $ORIGIN",
	"$TTL 1d\n$ORIGIN bl.test.\n" APEX
	"$ORIGIN sub\nwww A 192.0.2.1\n$ORIGIN .\nx.bl.test A 192.0.2.2\n",
	4),
    TEXT_ROW("twice the same", APEX "w A 192.0.2.1\nW A 192.0.2.1\n", 3),
    TEXT_ROW("absolute and upper case",
	"BL.Test. SOA a. b. 1 2 3 4 5\nbl.tesT. IN NS ns.example.\n", 2),
    TEXT_ROW("NS with address", APEX "@ NS Ns1\nns1 AAAA ::1\n", 4),
    TEXT_ROW("types",
	APEX "@ MX 10 mx\n@ CAA 0 issue \";\"\nw TYPE65280 "
	     "\\# 3 abcdef\n_x._tcp SRV 1 2 3 w\n",
	6),
    TEXT_ROW("names like addresses, but not at the top",
	APEX "1.www A 192.0.2.1\nabc A 192.0.2.1\n256 A 192.0.2.1\n", 5),
};

static void
reads(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(*good); i++) {
		static struct lines lines;
		struct zonefile_source source = source_for("z", &lines);
		struct zonefile *zonefile = NULL;
		int result;

		print_message("%s\n", good[i].name);
		result = zonefile_parse(
		    &source, good[i].text, good[i].size, &zonefile);
		assert_string_equal(lines.text, "");
		assert_int_equal(result, BS_OK);
		assert_int_equal(zonefile->count, good[i].count);
		zonefile_free(&zonefile);
		assert_null(zonefile);
	}
}

static void
records(void **state)
{
	static const char text[] =
	    "$TTL 2h\n" APEX "wWw A 192.0.2.1\n 7 TXT \"A b\" c\nw NS2 x\n";
	static struct lines lines;
	struct zonefile_source source = source_for("z", &lines);
	struct zonefile *zonefile = NULL;
	const struct zonefile_record *record;

	(void)state;
	/* without the wrong last line */
	assert_int_equal(zonefile_parse(&source, text,
			     sizeof(text) - sizeof("w NS2 x\n"), &zonefile),
	    BS_OK);
	assert_int_equal(zonefile->count, 4);
	record = &zonefile->record[0];
	assert_int_equal(record->type, DNS_NS);
	assert_int_equal(record->owner_size, 0);
	assert_int_equal(record->ttl_s, 7200);
	assert_int_equal(record->data_size, 9);
	assert_memory_equal(record->data, "\2ns\4test", 9);
	record = &zonefile->record[1];
	assert_int_equal(record->type, DNS_SOA);
	assert_int_equal(record->ttl_s, 3600);
	record = &zonefile->record[3];
	assert_int_equal(record->type, DNS_TXT);
	assert_int_equal(record->ttl_s, 7);
	assert_int_equal(record->line, 5);
	assert_int_equal(record->owner_size, 4);
	assert_memory_equal(record->owner, "\3www", 4);
	assert_int_equal(record->data_size, 6);
	assert_memory_equal(record->data, "\3A b\1c", 6);
	zonefile_free(&zonefile);
}

/* --- what is wrong ------------------------------------------------------- */

/* eight aliases, the most that may be */
#define CHAIN                                                               \
	"w1 CNAME w2\nw2 CNAME w3\nw3 CNAME w4\nw4 CNAME w5\nw5 CNAME w6\n" \
	"w6 CNAME w7\nw7 CNAME w8\nw8 CNAME w9\n"
#define BAD_ROW(name, text, line)                  \
	{                                          \
		name, text, sizeof(text) - 1, line \
	}
static const struct {
	const char *name;
	const char *text;
	size_t size;
	const char *line; /* how the first message begins */
} bad[] = {
    BAD_ROW("empty", "", "z:1: no records, not even an SOA"),
    BAD_ROW("no SOA", "@ NS ns\n", "z:1: no SOA"),
    BAD_ROW("no NS", "@ SOA a b 1 2 3 4 5\n", "z:1: no NS"),
    BAD_ROW("NS without address", APEX "@ NS Ns1\nns1 TXT a\n",
	"z:3: NS Ns1.bl.test: lies in this zone and has no address"),
    BAD_ROW("two SOA", "@ SOA x y 1 2 3 4 5\n" APEX,
	"z:2: a second SOA (the first is in line 1)"),
    BAD_ROW("SOA with @", "@ SOA ns me@bl.test. 1 2 3 4 5\n@ NS ns.test.\n",
	"z:1: SOA: an @ in the mail address: write a dot"),
    BAD_ROW("origin without its dot", "$ORIGIN bl.test\n" APEX,
	"z:2: bl.test: SOA below the zone's own name: write @"),
    BAD_ROW("shell comment", APEX "# a comment\n",
	"z:3: #: begins no comment here: write `;`"),
    BAD_ROW("SOA below", APEX "sub SOA x y 1 2 3 4 5\n", "z:3: sub: SOA"),
    BAD_ROW("outside", APEX "www.example. A 192.0.2.1\n",
	"z:3: www.example.: outside"),
    BAD_ROW("outside by suffix", APEX "xbl.test. A 192.0.2.1\n",
	"z:3: xbl.test.: outside"),
    BAD_ROW(
	"outside, above", APEX "test. A 192.0.2.1\n", "z:3: test.: outside"),
    BAD_ROW("bad address", APEX "\nwww A 192.0.2.256\n",
	"z:4: www A 192.0.2.256: "),
    BAD_ROW("short address", APEX "www A 192.0.2\n", "z:3: www A 192.0.2: "),
    BAD_ROW("unknown type", APEX "www BLAH x\n", "z:3: www BLAH x: "),
    BAD_ROW("type only", APEX "www A\n", "z:3: www A: "),
    BAD_ROW("owner only", APEX "www\n", "z:3: www: "),
    BAD_ROW("more than an address", APEX "www A 192.0.2.1 192.0.2.2\n",
	"z:3: www A 192.0.2.1 192.0.2.2: "),
    BAD_ROW("quote", APEX "www TXT \"open\nx A 192.0.2.1\n",
	"z:3: quote not closed"),
    BAD_ROW("quote at the end", APEX "www TXT \"open", "z:3: quote not clos"),
    BAD_ROW("parenthesis", APEX "www TXT ( a\nx A 192.0.2.1\n",
	"z:3: ( is never closed"),
    BAD_ROW("parentheses in parentheses", APEX "www TXT ( a ( b ) )\n",
	"z:3: second ("),
    BAD_ROW("closing only", APEX "www TXT a )\n", "z:3: ) without ("),
    BAD_ROW("NUL", APEX "ww\0w A 192.0.2.1\n", "z:3: control character"),
    BAD_ROW("escape character", APEX "www TXT \"\033[31m\"\n",
	"z:3: control character"),
    BAD_ROW("CNAME at the apex", APEX "@ CNAME ns.example.\n",
	"z:3: a CNAME for the zone's own name"),
    BAD_ROW("CNAME and A", APEX "www CNAME ns\nwww A 192.0.2.1\n",
	"z:3: www: has a CNAME, and another record in line 4"),
    BAD_ROW("CNAME and TXT", APEX "www TXT x\nwww CNAME ns\n",
	"z:4: www: has a CNAME, and another record in line 3"),
    BAD_ROW("two CNAMEs", APEX "www CNAME a.example.\nwww CNAME b.example.\n",
	"z:3: www: has a CNAME, and another record in line 4"),
    BAD_ROW("CNAME of itself", APEX "www CNAME www\n",
	"z:3: www: more than 8 aliases"),
    BAD_ROW("circle", APEX "w1 CNAME w2\nw2 CNAME W1\n",
	"z:3: w1: more than 8 aliases"),
    BAD_ROW("nine aliases", APEX CHAIN "w0 CNAME w1\n",
	"z:11: w0: more than 8 aliases"),
    BAD_ROW("DNAME", APEX "www DNAME ns\n", "z:3: DNAME is not served"),
    BAD_ROW("wildcard", APEX "*.www A 192.0.2.1\n", "z:3: *.www: wildcards"),
    BAD_ROW("wildcard at the top", APEX "* A 192.0.2.1\n", "z:3: *: wildcards"),
    BAD_ROW(
	"delegation without glue", APEX "sub NS ns.sub\n", "z:3: NS ns.sub"),
    BAD_ROW("delegation of an address", APEX "192 NS ns.example.\n",
	"z:3: 192: lies among"),
    BAD_ROW("beside a delegation", APEX "sub NS ns.example.\nsub TXT x\n",
	"z:4: sub: sub is delegated in line 3, so nobody"),
    BAD_ROW("below a delegation", APEX "sub NS ns.example.\nx.sub TXT x\n",
	"z:4: x.sub: sub is delegated in line 3, so nobody"),
    BAD_ROW("no glue below it", APEX "sub NS ns.example.\nx.sub A 192.0.2.1\n",
	"z:4: x.sub: sub is delegated in line 3, so nobody"),
    BAD_ROW("delegation below it",
	APEX "sub NS ns.example.\nx.y.sub NS ns.example.\n",
	"z:4: x.y.sub: sub is delegated in line 3, so nobody"),
    BAD_ROW("alias below it",
	APEX "sub NS ns.example.\nx.sub CNAME x.example.\n",
	"z:4: x.sub: sub is delegated in line 3, so nobody"),
    BAD_ROW("DNSKEY", APEX "@ DNSKEY 257 3 13 AAAA\n", "z:3: DNSSEC"),
    BAD_ROW("class CH", APEX "www CH A 192.0.2.1\n", "z:3: class other"),
    BAD_ROW("IPv4 name", APEX "2.0.0.127 A 127.0.0.2\n",
	"z:3: 2.0.0.127: lies among the reversed"),
    BAD_ROW("octet", APEX "192 A 192.0.2.1\n", "z:3: 192: lies among"),
    BAD_ROW("nibble", APEX "A A 192.0.2.1\n", "z:3: a: lies among"),
    BAD_ROW(
	"below an octet", APEX "www.1 A 192.0.2.1\n", "z:3: www.1: lies among"),
    BAD_ROW("$INCLUDE", APEX "$INCLUDE /etc/passwd\n",
	"z:3: $INCLUDE: not supported"),
    BAD_ROW("$GENERATE", APEX "$GENERATE 1-9 $ A 127.0.0.2\n",
	"z:3: $GENERATE: not supported"),
    BAD_ROW("$TTL", APEX "$TTL soon\n", "z:3: $TTL soon: not a time"),
    BAD_ROW("$TTL without", APEX "$TTL\n", "z:3: $TTL : not a time"),
    BAD_ROW("$ORIGIN without", APEX "$ORIGIN\n", "z:3: $ORIGIN : not a name"),
    BAD_ROW(
	"TTL too large", APEX "w 2147483648 A 192.0.2.1\n", "z:3: TTL above"),
    BAD_ROW("TTL that has no room", APEX "w 4294967301 A 192.0.2.1\n",
	"z:3: TTL above"),
    BAD_ROW("$TTL that has no room", APEX "$TTL 4294967301\n",
	"z:3: $TTL 4294967301: not a time"),
    BAD_ROW("$TTL below 0", APEX "$TTL -5\n", "z:3: $TTL -5: not a time"),
    BAD_ROW("MINIMUM that has no room",
	"@ SOA ns host 1 2 3 4 4294967301\n@ NS ns.test.\n",
	"z:1: SOA: 4294967301: not a time"),
    BAD_ROW("preference that has no room", APEX "mx MX 70000 m\n",
	"z:3: 70000: too large for its field"),
    BAD_ROW("port that has no room", APEX "s 60 IN SRV 0 65535 65536 m\n",
	"z:3: 65536: too large for its field"),
    BAD_ROW("no first owner", " A 192.0.2.1\n", "z:1: no owner"),
    BAD_ROW("label too long",
	APEX "0123456789012345678901234567890123456789012345678901234567890123"
	     " A 192.0.2.1\n",
	"z:3: 0123"),
};

/* What goes as it is written. */
static void
takes(void **state)
{
	static const char *const texts[] = {
	    APEX "www CNAME ns\n",
	    APEX "mx MX 65535 m\ns 60 IN SRV 0 65535 00000000000443 m\n",
	    APEX CHAIN,
	    APEX "www CNAME x.example.\nx.www A 192.0.2.1\n",
	    APEX "sub NS ns.example.\n",
	    APEX "sub NS sub\nsub A 192.0.2.1\n",
	    APEX "sub NS ns.SUB\nns.sub A 192.0.2.1\nother NS ns.sub\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(*texts); i++) {
		static struct lines lines;
		struct zonefile_source source = source_for("z", &lines);
		struct zonefile *zonefile = NULL;

		print_message("%s", texts[i]);
		assert_int_equal(zonefile_parse(&source, texts[i],
				     strlen(texts[i]), &zonefile),
		    0);
		zonefile_free(&zonefile);
	}
}

/* The NS records of a delegation, as many as may be and one more. */
static void
many_servers(void **state)
{
	enum { SERVERS = 8192 / 32 };

	(void)state;
	for (unsigned count = SERVERS; count <= SERVERS + 1; count++) {
		static struct lines lines;
		struct zonefile_source source = source_for("z", &lines);
		struct zonefile *zonefile = NULL;
		char text[16384] = APEX;

		for (unsigned i = 0; i < count; i++) /* 12 + 20 bytes */
			(void)sprintf(
			    text + strlen(text), "sub NS ns%08u.example.\n", i);
		assert_int_equal(
		    zonefile_parse(&source, text, strlen(text), &zonefile),
		    count > SERVERS ? BS_EINVAL : BS_OK);
		zonefile_free(&zonefile);
	}
}

static void
refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		static struct lines lines;
		struct zonefile_source source = source_for("z", &lines);
		struct zonefile *zonefile = NULL;

		print_message("%s\n", bad[i].name);
		assert_int_equal(zonefile_parse(&source, bad[i].text,
				     bad[i].size, &zonefile),
		    BS_EINVAL);
		assert_null(zonefile);
		lines.text[strlen(bad[i].line)] = '\0';
		assert_string_equal(lines.text, bad[i].line);
	}
}

/* As many A records of one name as an answer can hold, and one more. */
static void
largest_set(void **state)
{
	static const size_t most =
	    (65535 - 12 - 255 - 4 - 177 - 8 * (12 + 255)) / 16;
	static char text[128 * 1024];
	static struct lines lines;
	struct zonefile_source source = source_for("z", &lines);
	struct zonefile *zonefile = NULL;
	size_t size = (size_t)sprintf(text, "%s", APEX);

	(void)state;
	for (size_t i = 0; i < most; i++)
		size += (size_t)sprintf(
		    text + size, "w A 10.0.%zu.%zu\n", i / 256, i % 256);
	assert_int_equal(zonefile_parse(&source, text, size, &zonefile), BS_OK);
	assert_int_equal(zonefile->count, 2 + most);
	zonefile_free(&zonefile);
	size += (size_t)sprintf(text + size, "w A 10.255.255.255\n");
	assert_true(size < sizeof(text));
	assert_int_equal(
	    zonefile_parse(&source, text, size, &zonefile), BS_EINVAL);
	assert_int_equal(lines.count, 1);
	assert_non_null(strstr(lines.text, "w: has more records of this type"));
}

/* Each mistake has its line, the first does not hide the others. */
static void
all_errors(void **state)
{
	static const char text[] =
	    APEX "a1 A 1.2.3\nb1 TXT \"open\nc1 DNAME x\n* A 192.0.2.1\n";
	static struct lines lines;
	struct zonefile_source source = source_for("z", &lines);
	struct zonefile *zonefile = NULL;

	(void)state;
	assert_int_equal(
	    zonefile_parse(&source, text, sizeof(text) - 1, &zonefile),
	    BS_EINVAL);
	assert_int_equal(lines.count, 4);
	for (int line = 3; line <= 6; line++) {
		char begin[8];

		sprintf(begin, "z:%d: ", line);
		assert_non_null(strstr(lines.text, begin));
	}
}

static void
many_errors(void **state)
{
	static struct lines lines;
	struct zonefile_source source = source_for("z", &lines);
	struct zonefile *zonefile = NULL;
	char text[1000];

	(void)state;
	memset(text, '\n', sizeof(text));
	for (size_t i = 0; i < sizeof(text); i += 2)
		text[i] = 'x';
	assert_int_equal(
	    zonefile_parse(&source, text, sizeof(text), &zonefile), BS_EINVAL);
	assert_int_equal(lines.count, ZONEFILE_ERRORS_MAX + 1);
	assert_non_null(strstr(lines.text, "has more errors"));
}

/* An entry at the limit of its text, and one past it. */
static void
longest_entry(void **state)
{
	static char text[2 * ZONETEXT_ENTRY_MAX];
	static struct zonetext_entry entry;
	struct bs_message message;
	struct zonetext zonetext;

	(void)state;
	memset(text, 'x', sizeof(text));
	zonetext = zonetext_start(text, ZONETEXT_ENTRY_MAX - 1);
	assert_int_equal(zonetext_next(&zonetext, &entry, &message), BS_OK);
	assert_int_equal(strlen(entry.text), ZONETEXT_ENTRY_MAX - 1);
	zonetext = zonetext_start(text, ZONETEXT_ENTRY_MAX);
	assert_int_equal(zonetext_next(&zonetext, &entry, &message), BS_EINVAL);
	assert_int_equal(entry.line, 1);
}

/* --- files --------------------------------------------------------------- */

static void
load(const char *path, int expected, const char *part)
{
	static struct lines lines;
	struct zonefile_source source = source_for(path, &lines);
	struct zonefile *zonefile = NULL;

	assert_int_equal(zonefile_load(&source, &zonefile), expected);
	if (expected == BS_OK)
		assert_string_equal(lines.text, "");
	else
		assert_non_null(strstr(lines.text, part));
	zonefile_free(&zonefile);
}

static void
files(void **state)
{
	char folder[] = "/tmp/test_zonefile.XXXXXX", path[64];
	FILE *file;

	(void)state;
	assert_non_null(mkdtemp(folder));
	sprintf(path, "%s/zone", folder);
	load(path, BS_ENOTFOUND, "b.conf:7: zone: file: /tmp/");
	load(folder, BS_EIO, "is a folder: ");
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(APEX, file);
	fclose(file);
	load(path, BS_OK, NULL);
	if (geteuid() != 0) { /* root reads everything */
		assert_int_equal(chmod(path, 0), 0);
		load(path, BS_EACCES, "no permission: ");
		assert_int_equal(chmod(path, 0600), 0);
	}
	assert_int_equal(truncate(path, (off_t)ZONEFILE_SIZE_MAX + 1), 0);
	load(path, BS_ETOOLONG, "larger than 64 MB: ");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(mkfifo(path, 0600), 0);
	load(path, BS_EIO, "is no regular file: ");
	assert_int_equal(unlink(path), 0);
	assert_int_equal(rmdir(folder), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(reads),
	    cmocka_unit_test(records),
	    cmocka_unit_test(takes),
	    cmocka_unit_test(many_servers),
	    cmocka_unit_test(refuses),
	    cmocka_unit_test(largest_set),
	    cmocka_unit_test(all_errors),
	    cmocka_unit_test(many_errors),
	    cmocka_unit_test(longest_entry),
	    cmocka_unit_test(files),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
