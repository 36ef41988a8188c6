/*
 * The files of `exempt-files`: what they name is exempt, and every mistake is
 * told by file and line.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "bytes_fixture.h"
#include "config.h"
#include "config_exempt.h"

#define LONG_LINE 1100

struct said {
	char text[4096];
};

/* Messages without the folder, each with a newline. */
static void
hear(void *context, bool fatal, const char *line)
{
	struct said *said = context;
	size_t used = strlen(said->text);
	const char *name = strstr(line, "/conf:");

	assert_true(fatal);
	if (name == NULL)
		name = strstr(line, "/list");
	assert_non_null(name);
	(void)snprintf(
	    said->text + used, sizeof(said->text) - used, "%s\n", name + 1);
}

static void
write_text(const char *folder, const char *name, const char *text, size_t size)
{
	char path[128];
	FILE *out;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	out = fopen(path, "w");
	assert_non_null(out);
	assert_int_equal(fwrite(text, 1, size, out), size);
	assert_int_equal(fclose(out), 0);
}

static int
load(const char *folder, struct said *said, struct bs_config **config_r)
{
	static const char text[] =
	    "database: /d\nexempt: [198.18.0.0/15]\nrelays: [10.0.0.1]\n"
	    "exempt-files: [list]\n";
	char path[128];

	said->text[0] = '\0';
	*config_r = NULL;
	write_text(folder, "conf", text, strlen(text));
	(void)snprintf(path, sizeof(path), "%s/conf", folder);
	return bs_config_load(path, hear, said, config_r);
}

#define TEXT(text) (text), sizeof(text) - 1

static const struct {
	const char *name;
	const char *text;
	size_t size;
	size_t count; /* of the file, when nothing is said */
	const char *said;
} rows[] = {
    {"empty", TEXT(""), 0,
	"list:1: exempt-files: the file is empty: put its prefixes back, or "
	"take it out of exempt-files; where nothing shall be exempt by it "
	"write a comment (#) into it\n"},
    {"comments and blanks", TEXT("# ours\n\n  \t\r\n#\n"), 0, ""},
    {"prefixes", TEXT("192.0.2.0/24\n  2001:db8::/32  # v6\n9.9.9.9\r\n"), 3,
	""},
    {"no newline at the end", TEXT("9.9.9.9"), 1, ""},
    {"host bits", TEXT("\n192.0.2.1/24\n"), 0,
	"list:2: exempt-files: 192.0.2.1/24: bits are set beyond the prefix "
	"length: write \"192.0.2.0/24\", or leave out `/` for the one "
	"address\n"},
    {"two mistakes", TEXT("10.0.0.0/33\nx y\n9.9.9.9\n"), 0,
	"list:1: exempt-files: 10.0.0.0/33: the prefix length is too large: "
	"write at most /32\n"
	"list:2: exempt-files: x y: no IP address or prefix: write one, as in "
	"10.0.0.0/8 or \"fd00::/8\"\n"},
    {"NUL", TEXT("9.9.9.9\0\n"), 0,
	"list:1: exempt-files: a line that is no text, or longer than 1023 "
	"bytes: write one address or prefix a line\n"},
};

static void
files(void **state)
{
	const char *folder = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct bs_config *config;
		struct said said;
		int error;

		print_message("# %s\n", rows[i].name);
		write_text(folder, "list", rows[i].text, rows[i].size);
		error = load(folder, &said, &config);
		assert_string_equal(said.text, rows[i].said);
		assert_int_equal(
		    error, rows[i].said[0] == '\0' ? BS_OK : BS_ECONFIG);
		if (error != BS_OK) {
			assert_null(config);
			continue;
		}
		/* with `exempt` and `relays` */
		assert_int_equal(config->exempt_count, rows[i].count + 2);
		assert_ptr_equal(config->policy.exempt, config->exempt);
		assert_int_equal(
		    config->policy.exempt_count, config->exempt_count);
		bs_config_free(&config);
	}
}

static void
not_readable(void **state)
{
	const char *folder = *state;
	struct bs_config *config;
	struct said said;

	assert_int_equal(load(folder, &said, &config), BS_ENOTFOUND);
	assert_null(config);
	assert_non_null(strstr(said.text, "conf:4: exempt-files: "));
	assert_non_null(strstr(said.text, "/list: No such file"));
}

/* A line at its limit, and one past it. */
static void
long_lines(void **state)
{
	const char *folder = *state;
	struct bs_config *config;
	struct said said;
	char text[LONG_LINE];

	memset(text, '#', sizeof(text));
	write_text(folder, "list", text, BS_EXEMPT_LINE_MAX);
	assert_int_equal(load(folder, &said, &config), BS_OK);
	bs_config_free(&config);
	write_text(folder, "list", text, BS_EXEMPT_LINE_MAX + 1);
	assert_int_equal(load(folder, &said, &config), BS_ECONFIG);
}

/* As many prefixes as may be, and one more. */
static void
many(void **state)
{
	static char text[(BS_CONFIG_PREFIXES_MAX + 1) * 12];
	const char *folder = *state;
	struct bs_config *config;
	struct said said;
	size_t size = 0;

	for (unsigned i = 0; i < BS_CONFIG_PREFIXES_MAX; i++)
		size += (size_t)sprintf(
		    text + size, "9.1.%u.%u\n", i >> 8, i & 0xff);
	write_text(folder, "list", text, size);
	assert_int_equal(load(folder, &said, &config), BS_OK);
	assert_int_equal(config->exempt_count, BS_CONFIG_PREFIXES_MAX + 2);
	bs_config_free(&config);
	size += (size_t)sprintf(text + size, "9.2.0.0\n");
	write_text(folder, "list", text, size);
	assert_int_equal(load(folder, &said, &config), BS_ECONFIG);
	assert_string_equal(said.text,
	    "list:65537: exempt-files: more than 65536 prefixes in all files: "
	    "join them to wider ones\n");
}

int
main(void)
{
#define CASE(name) \
	cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)
	const struct CMUnitTest tests[] = {
	    CASE(files),
	    CASE(not_readable),
	    CASE(long_lines),
	    CASE(many),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
