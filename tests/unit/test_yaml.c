/* Tests of lib/yaml: what it refuses, in which words; trees; limits. */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "yaml.h"

#define SIGIL "has a special meaning in YAML here: put the value in quotes\n"
#define TAB "tab: a tab cannot indent a line: write blanks instead\n"
#define QUOTE_END \
	"quote: opened here and never closed: close it in the same line\n"
#define QUOTE_LINE                                                         \
	"quote: opened here and not closed in this line: close it in the " \
	"same line\n"
#define NO_KEY                                                             \
	"`:`: no key can stand here: write one KEY: VALUE a line, indent " \
	"keys alike, and put a value with `: ` in it in quotes\n"
#define ESCAPE                                                                \
	"backslash: not an escape that double quotes know: write \\\\ for a " \
	"backslash, or use single quotes\n"
#define GOES_ON(line)                                                       \
	"syntax: no `KEY: VALUE` where the map of line " line               \
	" goes on: indent its keys alike, and look for a quote, a bracket " \
	"or a `-` too many\n"

#define X79                                                                     \
	"yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy" \
	"yyyyyyyyyy"
#define X80 X79 "y"

/* All messages of a run, "LINE: text\n" each. */
struct said {
	char text[4096];
	size_t used;
};

static void
listen_to(void *context, unsigned line, const char *text)
{
	struct said *said = context;

	said->used += (size_t)snprintf(said->text + said->used,
	    sizeof(said->text) - said->used, "%u: %s\n", line, text);
	assert_true(said->used < sizeof(said->text));
}

struct refusal {
	const char *name;
	const char *text;
	size_t size; /* 0: strlen */
	int error;
	const char *said;
};

static const struct refusal refusals[] = {
    {"double quote open to the end", "a: 1\nb: \"one\nc: 2\n", 0, BS_EINVAL,
	"2: " QUOTE_END},
    {"single quote open to the end", "b: 'x", 0, BS_EINVAL, "1: " QUOTE_END},
    {"quote closed by the next quote", "a: \"one\nb: \"two\"\n", 0, BS_EINVAL,
	"1: " QUOTE_LINE},
    {"quote over a document mark", "a: \"x\n---\ny\"\n", 0, BS_EINVAL,
	"1: " QUOTE_END},
    {"apostrophe in single quotes", "a: 'it's'\n", 0, BS_EINVAL,
	"1: " GOES_ON("1")},
    {"list open to the end", "a: [1, 2\n", 0, BS_EINVAL,
	"1: `[`: not closed, or a comma is missing, noticed in line 2: write "
	"a comma between two items and `]` after the last\n"},
    {"list open at the next key", "\na: [1, 2\nb: 3\n", 0, BS_EINVAL,
	"2: `[`: not closed, or a comma is missing, noticed in line 3: write "
	"a comma between two items and `]` after the last\n"},
    {"map open to the end", "a: {b: 1\n", 0, BS_EINVAL,
	"1: `{`: not closed, or a comma is missing, noticed in line 2: write "
	"a comma between two items and `}` after the last\n"},
    {"map open at the next key", "a: {b: 1\nc: 2\n", 0, BS_EINVAL,
	"1: `{`: not closed, or a comma is missing, noticed in line 2: write "
	"a comma between two items and `}` after the last\n"},
    {"map without a comma", "a: {b: 1 c: 2}\n", 0, BS_EINVAL,
	"1: `{`: not closed, or a comma is missing, noticed in line 1: write "
	"a comma between two items and `}` after the last\n"},
    {"comma before nothing", "a: [1,,2]\n", 0, BS_EINVAL,
	"1: `,`: there is no item before this comma: remove the comma\n"},
    {"bracket too many", "a: [1]]\n", 0, BS_EINVAL, "1: " GOES_ON("1")},
    {"bracket alone", "a: ]\n", 0, BS_EINVAL,
	"1: `]`: closes no list: remove it\n"},
    {"brace alone", "a: }\n", 0, BS_EINVAL,
	"1: `}`: closes no map: remove it\n"},
    {"IPv6 in brackets, colon first", "a: [127.0.0.1@53,\n ::1@53]\n", 0,
	BS_EINVAL,
	"2: `:`: cannot begin a value within brackets: put an IPv6 address in "
	"quotes, as in \"::1@53\"\n"},
    {"IPv6 in brackets, colon last", "a: [fe80::]\n", 0, BS_EINVAL,
	"1: `:`: cannot end a value within brackets: put an IPv6 address in "
	"quotes, as in \"2001:db8::\"\n"},
    {"tab before a key", "\ta: 1\n", 0, BS_EINVAL, "1: " TAB},
    {"tab before an item", "a:\n\t- 1\n", 0, BS_EINVAL, "2: " TAB},
    {"at sign first", "a: @x\n", 0, BS_EINVAL, "1: `@`: " SIGIL},
    {"backquote first", "a: `x`\n", 0, BS_EINVAL, "1: ```: " SIGIL},
    {"percent first", "a: 1\ntxt: %c\n", 0, BS_EINVAL, "2: `%`: " SIGIL},
    {"star alone", "a: *\n", 0, BS_EINVAL, "1: `*`: " SIGIL},
    {"ampersand alone", "a: &\n", 0, BS_EINVAL, "1: `&`: " SIGIL},
    {"tag not closed", "a: !<x\n", 0, BS_EINVAL, "1: `!`: " SIGIL},
    {"question mark", "a: ? b\n", 0, BS_EINVAL, "1: `?`: " SIGIL},
    {"value indented as a key", "a: 1\n b: 2\n", 0, BS_EINVAL,
	"2: indentation: this goes on with the value of line 1: indent keys "
	"alike and write one KEY: VALUE a line\n"},
    {"key outdented halfway", "a:\n  b: 1\n c: 2\n", 0, BS_EINVAL,
	"3: " GOES_ON("1")},
    {"two keys in a line", "a: b: c\n", 0, BS_EINVAL, "1: " NO_KEY},
    {"no colon in the first line", "database /x\nlisten: y\n", 0, BS_EINVAL,
	"1: syntax: no `:` in this line: write KEY: VALUE\n"},
    {"no blank after the colon", "a:1\nb: 2\n", 0, BS_EINVAL,
	"1: syntax: no `:` in this line: write KEY: VALUE\n"},
    {"no colon in a later line", "b: 1\na\nc: 2\n", 0, BS_EINVAL,
	"2: syntax: no `:` after the key: write KEY: VALUE\n"},
    {"nothing before the colon", ": b\n", 0, BS_EINVAL, "1: " GOES_ON("1")},
    {"a key after a list", "- a\nb: 1\n", 0, BS_EINVAL,
	"2: indentation: no item of the list of line 1: begin each item with "
	"`- `, all indented alike\n"},
    {"an item after a map", "a: 1\n- b\n", 0, BS_EINVAL, "2: " GOES_ON("1")},
    {"an item behind a key", "a: - b\n", 0, BS_EINVAL,
	"1: `-`: no list can begin here: write [VALUE, VALUE], or each "
	"`- VALUE` in a line of its own\n"},
    {"text behind a quote", "a: \"x\" y\n", 0, BS_EINVAL, "1: " GOES_ON("1")},
    {"unknown escape", "a: \"\\q\"\n", 0, BS_EINVAL, "1: " ESCAPE},
    {"bad hex escape", "a: \"\\xzz\"\n", 0, BS_EINVAL, "1: " ESCAPE},
    {"surrogate escape", "a: \"\\ud800\"\n", 0, BS_EINVAL, "1: " ESCAPE},
    {"block text behind its mark", "a: |x\n b\n", 0, BS_EINVAL,
	"1: block text: `|` or `>` must end its line and blanks must indent "
	"what follows: put a short value in quotes instead\n"},
    {"unknown directive", "%FOO\na: 1\n", 0, BS_EINVAL,
	"1: `%`: begins no directive that YAML has: remove the line\n"},
    {"malformed %YAML", "%YAML x\n---\na: 1\n", 0, BS_EINVAL,
	"1: `%YAML`: malformed: remove the line\n"},
    {"malformed %TAG", "%TAG x\n---\na: 1\n", 0, BS_EINVAL,
	"1: `%TAG`: malformed: remove the line\n"},
    {"text after the end", "a: 1\n...\nb: 2\n", 0, BS_EINVAL,
	"3: text after the end of the document: indent it as the first key "
	"is, or remove a `...` or `%` line above it\n"},
    {"further left than the first key", "  a: 1\nb: 2\n", 0, BS_EINVAL,
	"2: text after the end of the document: indent it as the first key "
	"is, or remove a `...` or `%` line above it\n"},
    {"other version of YAML", "%YAML 2.0\n---\na: 1\n", 0, BS_EINVAL,
	"1: syntax: found incompatible YAML document: mend this line or the "
	"one before it\n"},
    {"two documents", "---\na: 1\n---\nb: 2\n", 0, BS_EINVAL,
	"3: `---`: a second document begins here: remove this line, or write "
	"what follows to another file\n"},
    {"anchor", "a: &x 1\nb: 2\n", 0, BS_EINVAL,
	"1: `&x`: anchors are not used here: remove it, or put the value in "
	"quotes\n"},
    {"anchors of a list and a map", "a: &x [1]\nb: &y {c: 1}\n", 0, BS_EINVAL,
	"1: `&x`: anchors are not used here: remove it, or put the value in "
	"quotes\n"
	"2: `&y`: anchors are not used here: remove it, or put the value in "
	"quotes\n"},
    {"alias", "a: *x\n", 0, BS_EINVAL,
	"1: `*x`: aliases are not used here: write the value out, or put it "
	"in quotes\n"},
    {"tag", "a: !!str 1\n", 0, BS_EINVAL,
	"1: `!`: tags are not used here: remove the tag, or put the value in "
	"quotes\n"},
    {"duplicate key", "a: 1\nb: 2\na: 3\n", 0, BS_EEXIST,
	"3: a: given twice, first in line 1: remove one of the two\n"},
    {"duplicate keys, both reported", "a: 1\na: 2\nb: {c: 1,\n c: 2}\n", 0,
	BS_EEXIST,
	"4: c: given twice, first in line 3: remove one of the two\n"
	"2: a: given twice, first in line 1: remove one of the two\n"},
    {"a long duplicate key, cut between characters",
	X80 "\xc3\xbcx: 1\n" X80 "\xc3\xbcx: 2\n", 0, BS_EEXIST,
	"2: " X80 ": given twice, first in line 1: remove one of the two\n"},
    {"a longer one, cut within a character",
	X80 "x: 1\n" X79 "\xc3\xbc: 1\n" X79 "\xc3\xbc: 2\n", 0, BS_EEXIST,
	"3: " X79 ": given twice, first in line 2: remove one of the two\n"},
    {"three of a key", "a: 1\na: 2\n\"a\": 3\n", 0, BS_EEXIST,
	"2: a: given twice, first in line 1: remove one of the two\n"
	"3: a: given twice, first in line 2: remove one of the two\n"},
    {"a duplicate and a tag", "a: !x 1\na: 2\n", 0, BS_EINVAL,
	"1: `!`: tags are not used here: remove the tag, or put the value in "
	"quotes\n"
	"2: a: given twice, first in line 1: remove one of the two\n"},
    {"a list as a key", "? [a]\n: b\n", 0, BS_EINVAL,
	"1: key: a list or map cannot be a key: write KEY: VALUE\n"},
    {"NUL by escape", "a: 1\nb: \"x\\0y\"\n", 0, BS_EINVAL,
	"2: `\\0`: a value cannot hold a NUL byte: remove it\n"},
    {"NUL in the text", "a: 1\nb: x\0y\n", 12, BS_EINVAL,
	"2: character U+0000: not text: remove it, or save the file as "
	"UTF-8\n"},
    {"escape character", "a: 1\r\nb: \033[1m\r\n", 0, BS_EINVAL,
	"2: character U+001B: not text: remove it\n"},
    {"second byte order mark", "a: 1\rb: \xef\xbb\xbf\n", 0, BS_EINVAL,
	"2: character U+FEFF: not text: remove it\n"},
    {"UTF-16",
	"\xff\xfe"
	"a\0",
	4, BS_EINVAL, "1: byte 0xff: not UTF-8: save the file as UTF-8\n"},
    {"Latin-1", "a: 1\nb: caf\xe9\n", 0, BS_EINVAL,
	"2: byte 0xe9: not UTF-8: save the file as UTF-8\n"},
    {"overlong slash", "a: \xc0\xaf\n", 0, BS_EINVAL,
	"1: byte 0xc0: not UTF-8: save the file as UTF-8\n"},
    {"overlong in three bytes", "a: \xe0\x80\xaf\n", 0, BS_EINVAL,
	"1: byte 0xe0: not UTF-8: save the file as UTF-8\n"},
    {"surrogate", "a: \xed\xa0\x80\n", 0, BS_EINVAL,
	"1: byte 0xed: not UTF-8: save the file as UTF-8\n"},
    {"beyond U+10FFFF", "a: \xf4\x90\x80\x80\n", 0, BS_EINVAL,
	"1: byte 0xf4: not UTF-8: save the file as UTF-8\n"},
    {"cut sequence", "a: \xe2\x82", 0, BS_EINVAL,
	"1: byte 0xe2: not UTF-8: save the file as UTF-8\n"},
};

static void
test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
		const struct refusal *row = &refusals[i];
		size_t size = row->size > 0 ? row->size : strlen(row->text);
		struct said said = {.used = 0};
		struct bs_yaml *yaml = NULL;
		int error =
		    bs_yaml_parse(row->text, size, listen_to, &said, &yaml);

		if (error != row->error || strcmp(said.text, row->said) != 0)
			fail_msg("%s: error %d, said:\n%s", row->name, error,
			    said.text);
		assert_int_equal(yaml != NULL, error == BS_EEXIST);
		bs_yaml_free(&yaml);
	}
}

/* --- trees -------------------------------------------------------------- */

static void
show(const struct bs_yaml_node *node, char *text, size_t size)
{
	char part[256];

	if (node->key != NULL) {
		(void)snprintf(
		    part, sizeof(part), "%s@%u=", node->key, node->key_line);
		strncat(text, part, size - strlen(text) - 1);
	}
	if (node->kind == BS_YAML_SCALAR) {
		(void)snprintf(part, sizeof(part),
		    node->quoted ? "\"%s\"" : "%s", node->text);
		strncat(text, part, size - strlen(text) - 1);
	}
	(void)snprintf(part, sizeof(part), "%s@%u:%u",
	    node->kind == BS_YAML_LIST  ? "["
	    : node->kind == BS_YAML_MAP ? "{"
					: "",
	    node->line, node->column);
	strncat(text, part, size - strlen(text) - 1);
	for (const struct bs_yaml_node *n = node->first; n != NULL;
	     n = n->next) {
		strncat(text, " ", size - strlen(text) - 1);
		show(n, text, size);
	}
	if (node->kind != BS_YAML_SCALAR)
		strncat(text, node->kind == BS_YAML_LIST ? " ]" : " }",
		    size - strlen(text) - 1);
}

static const struct tree {
	const char *name;
	const char *text;
	const char *shown;
} trees[] = {
    {"empty", "", "{@1:1 }"},
    {"comments only", "# nothing\n\n", "{@1:1 }"},
    {"a lone document mark", "---\n", "{@1:1 }"},
    {"no newline at the end", "a: 1", "{@1:1 a@1=1@1:4 }"},
    {"lines and columns", "a: 1\n\nb:\n  - x\n  - 'y'\n",
	"{@1:1 a@1=1@1:4 b@3=[@4:3 x@4:5 \"y\"@5:5 ] }"},
    {"CRLF", "a: 1\r\nb: 2\r\n", "{@1:1 a@1=1@1:4 b@2=2@2:4 }"},
    {"byte order mark",
	"\xef\xbb\xbf"
	"a: 1\n",
	"{@1:1 a@1=1@1:4 }"},
    {"no value", "a:\nb: ''\n", "{@1:1 a@1=@1:3 b@2=\"\"@2:4 }"},
    {"IPv6 in a block", "a: ::1@53\n", "{@1:1 a@1=::1@53@1:4 }"},
    {"list over lines", "a: [1,\n  2]\n", "{@1:1 a@1=[@1:4 1@1:5 2@2:3 ] }"},
    {"block text", "a: |\n  x\n  y\n", "{@1:1 a@1=\"x\ny\n\"@1:4 }"},
    {"other languages", "a: caf\xc3\xa9\n", "{@1:1 a@1=caf\xc3\xa9@1:4 }"},
    {"top is a list", "- 1\n", "[@1:1 1@1:3 ]"},
    {"top is a scalar", "x\n", "x@1:1"},
    {"explicit version", "%YAML 1.1\n---\na: 1\n", "{@3:1 a@3=1@3:4 }"},
};

static void
test_trees(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(trees) / sizeof(trees[0]); i++) {
		const struct tree *row = &trees[i];
		struct said said = {.used = 0};
		struct bs_yaml *yaml = NULL;
		char shown[1024] = "";

		if (bs_yaml_parse(row->text, strlen(row->text), listen_to,
			&said, &yaml) != BS_OK)
			fail_msg("%s: %s", row->name, said.text);
		show(bs_yaml_root(yaml), shown, sizeof(shown));
		if (strcmp(shown, row->shown) != 0)
			fail_msg("%s: %s", row->name, shown);
		bs_yaml_free(&yaml);
		assert_null(yaml);
	}
}

/* --- limits: at each, and one past it ------------------------------------ */

static int
parse(const char *text, size_t size, struct said *said)
{
	struct bs_yaml *yaml = NULL;
	int error;

	*said = (struct said){.used = 0};
	error = bs_yaml_parse(text, size, listen_to, said, &yaml);
	bs_yaml_free(&yaml);
	return error;
}

static void
test_size(void **state)
{
	char *text = malloc(BS_YAML_SIZE_MAX + 1);
	struct said said;

	(void)state;
	assert_non_null(text);
	memset(text, '#', BS_YAML_SIZE_MAX + 1);
	assert_int_equal(parse(text, BS_YAML_SIZE_MAX, &said), BS_OK);
	assert_int_equal(parse(text, BS_YAML_SIZE_MAX + 1, &said), BS_ETOOLONG);
	assert_string_equal(said.text,
	    "0: size: 4194305 bytes, at most 4194304 can be read: is this "
	    "the right file?\n");
	free(text);
}

static void
test_depth(void **state)
{
	char text[2 * (BS_YAML_DEPTH_MAX + 1)];
	struct said said;

	(void)state;
	for (size_t depth = BS_YAML_DEPTH_MAX; depth <= BS_YAML_DEPTH_MAX + 1;
	     depth++) {
		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		assert_int_equal(parse(text, 2 * depth, &said),
		    depth == BS_YAML_DEPTH_MAX ? BS_OK : BS_ETOOLONG);
	}
	assert_string_equal(said.text,
	    "1: nesting: more than 8 lists and maps within each other: look "
	    "for a bracket or an indentation too many\n");
}

static void
test_nodes(void **state)
{
	size_t size = 4 * (size_t)BS_YAML_NODES_MAX;
	char *text = malloc(size);
	struct said said;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < size; i += 4)
		memcpy(text + i, "- x\n", 4);
	/* the list itself is a node, too */
	assert_int_equal(parse(text, size - 4, &said), BS_OK);
	assert_int_equal(parse(text, size, &said), BS_ETOOLONG);
	assert_string_equal(said.text,
	    "200000: size: more than 200000 values: keep long lists "
	    "elsewhere\n");
	free(text);
}

/* Many keys are compared in less than quadratic time. */
static void
test_many_keys(void **state)
{
	size_t keys = 100000, used = 0;
	char *text = malloc(keys * 16);
	struct said said;

	(void)state;
	assert_non_null(text);
	for (size_t i = 0; i < keys; i++)
		used += (size_t)sprintf(text + used, "k%zu: 1\n", i);
	memcpy(text + used, "k7: 1\n", 6);
	assert_int_equal(parse(text, used + 6, &said), BS_EEXIST);
	assert_string_equal(said.text,
	    "100001: k7: given twice, first in line 8: remove one of the "
	    "two\n");
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_trees),
	    cmocka_unit_test(test_size),
	    cmocka_unit_test(test_depth),
	    cmocka_unit_test(test_nodes),
	    cmocka_unit_test(test_many_keys),
	};

	return cmocka_run_group_tests_name("yaml", tests, NULL, NULL);
}
