/* Tests of lib/config: results, defaults, files, the table, the sample. */
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

#include "bytes_fixture.h"
#include "clock.h"
#include "config.h"
#include "config_said.h"
#include "config_table.h"
#include "yaml.h"

/* --- results ------------------------------------------------------------ */

static void
test_result(void **state)
{
	struct said said;
	char shown[BS_PREFIX_TEXT_MAX];
	struct bs_config *c = said_parse(
	    "database: db\n"
	    "listen: 127.0.0.1@5353\n"
	    "zone:\n"
	    "  - name: BL.example.\n"
	    "    file: /z/bl\n"
	    "  - {file: sub/b.zone, name: b.bl.example, classes: [bounce, "
	    "callout], ttl: 1h,\n"
	    "     txt: \"%a\", flat: yes, shutdown: yes, allow: [10.0.0.0/8, "
	    "\"::1\"],\n"
	    "     deny: 10.1.0.0/16}\n"
	    "udp-size: 512\n"
	    "nsid: ns1\n"
	    "identity: \"ns 1\"\n"
	    "version: none\n"
	    "cookies: {answer: no, strict: yes, secret-file: c.secrets}\n"
	    "rate-limit: {answers: 100, slip: 3, allow: [192.0.2.0/24]}\n"
	    "workers: 3\n"
	    "trap: {domains: [Trap.Example, b.example.]}\n"
	    "trap-key: keys/trap\n"
	    "relays: [10.0.0.0/8, \"fd00::/8\"]\n"
	    "mailbox: {by: MX.trap.example}\n"
	    "exempt: [198.18.0.0/15]\n"
	    "documentation-space: true\n"
	    "policy:\n"
	    "  ipv6-prefix: 56\n"
	    "  callout: {hits: 5, traps: 4, window: 2h, expire: 90}\n",
	    &said);

	(void)state;
	assert_string_equal(said.text, "");
	assert_string_equal(c->path, F);
	assert_string_equal(c->database, "/etc/b/db");
	assert_int_equal(c->database_line, 1);
	assert_string_equal(c->trap_key, "/etc/b/keys/trap");
	assert_int_equal(c->listen_count, 1);
	assert_int_equal(c->listen[0].endpoint.port, 5353);
	assert_int_equal(c->listen[0].line, 2);
	assert_int_equal(c->zone_count, 2);
	assert_string_equal(c->zone[0].name, "BL.example");
	assert_string_equal(c->zone[0].file, "/z/bl");
	assert_int_equal(c->zone[0].classes, BS_CLASSES_ALL);
	assert_int_equal(c->zone[0].ttl_s, 900);
	assert_string_equal(c->zone[0].txt, BS_CONFIG_TXT_DEFAULT);
	assert_false(c->zone[0].flat);
	assert_int_equal(c->zone[0].line, 4);
	assert_int_equal(c->zone[0].file_line, 5);
	assert_string_equal(c->zone[1].name, "b.bl.example");
	assert_string_equal(c->zone[1].file, "/etc/b/sub/b.zone");
	assert_int_equal(c->zone[1].classes, BS_BOUNCE | BS_CALLOUT);
	assert_int_equal(c->zone[1].ttl_s, 3600);
	assert_string_equal(c->zone[1].txt, "%a");
	assert_true(c->zone[1].flat);
	assert_false(c->zone[0].shutdown);
	assert_int_equal(c->zone[0].allow_count + c->zone[0].deny_count, 0);
	assert_true(c->zone[1].shutdown);
	assert_int_equal(c->zone[1].allow_count, 2);
	assert_string_equal(
	    bs_prefix_format(&c->zone[1].allow[1], shown), "::1");
	assert_int_equal(c->zone[1].deny_count, 1);
	assert_string_equal(
	    bs_prefix_format(&c->zone[1].deny[0], shown), "10.1.0.0/16");
	assert_int_equal(c->udp_size, 512);
	assert_string_equal(c->nsid, "ns1");
	assert_string_equal(c->identity, "ns 1");
	assert_string_equal(c->version, "none");
	assert_false(c->cookies);
	assert_true(c->cookies_strict);
	assert_string_equal(c->cookie_secret_file, "/etc/b/c.secrets");
	assert_int_equal(c->rate_limit, 100);
	assert_int_equal(c->rate_slip, 3);
	assert_int_equal(c->rate_allow_count, 1);
	assert_int_equal(c->zone[1].line, 6);
	assert_int_equal(c->workers, 3);
	assert_int_equal(c->trap_domain_count, 2);
	assert_string_equal(c->trap_domains[0], "trap.example");
	assert_string_equal(c->trap_domains[1], "b.example");
	assert_int_equal(c->mailbox_by_count, 1);
	assert_string_equal(c->mailbox_by[0], "mx.trap.example");
	assert_int_equal(c->relay_count, 2);
	assert_int_equal(c->exempt_count, 3);
	assert_string_equal(
	    bs_prefix_format(&c->exempt[0], shown), "198.18.0.0/15");
	assert_string_equal(bs_prefix_format(&c->exempt[2], shown), "fd00::/8");
	assert_ptr_equal(c->policy.exempt, c->exempt);
	assert_int_equal(c->policy.exempt_count, 3);
	assert_true(c->policy.documentation_space);
	assert_int_equal(c->policy.ipv6_bits, 56);
	assert_int_equal(c->policy.class[4].hits, 5);
	assert_int_equal(c->policy.class[4].traps, 4);
	assert_int_equal(c->policy.class[4].window_s, 7200);
	assert_int_equal(c->policy.class[4].expire_s, 90);
	bs_config_free(&c);
	assert_null(c);
	bs_config_free(&c);
}

static void
check_policy_defaults(const struct bs_policy *policy)
{
	struct bs_policy wanted;

	bs_policy_defaults(&wanted);
	assert_int_equal(policy->ipv6_bits, wanted.ipv6_bits);
	assert_int_equal(policy->widen_48, wanted.widen_48);
	assert_int_equal(policy->widen_32, wanted.widen_32);
	assert_int_equal(
	    policy->documentation_space, wanted.documentation_space);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		assert_int_equal(policy->class[i].hits, wanted.class[i].hits);
		assert_int_equal(policy->class[i].traps, wanted.class[i].traps);
		assert_int_equal(
		    policy->class[i].window_s, wanted.class[i].window_s);
		assert_int_equal(
		    policy->class[i].expire_s, wanted.class[i].expire_s);
		assert_int_equal(policy->class[i].repeat_factor,
		    wanted.class[i].repeat_factor);
		assert_int_equal(policy->class[i].repeat_within_s,
		    wanted.class[i].repeat_within_s);
		assert_int_equal(policy->class[i].expire_max_s,
		    wanted.class[i].expire_max_s);
	}
}

static void
test_defaults(void **state)
{
	struct bs_config *c = NULL;
	struct said said = {.used = 0};
	char shown[BS_ENDPOINT_TEXT_MAX];

	(void)state;
	assert_int_equal(bs_config_load(NULL, said_hear, &said, &c), BS_OK);
	assert_string_equal(said.text, "");
	assert_null(c->path);
	assert_null(c->database);
	assert_null(c->trap_key);
	assert_int_equal(c->listen_count, 2);
	assert_string_equal(
	    bs_endpoint_format(&c->listen[0].endpoint, shown), "127.0.0.1@53");
	assert_string_equal(
	    bs_endpoint_format(&c->listen[1].endpoint, shown), "::1@53");
	assert_int_equal(c->zone_count, 0);
	assert_int_equal(c->workers, 0);
	assert_int_equal(c->exempt_count, 0);
	check_policy_defaults(&c->policy);
	bs_config_free(&c);

	c = said_parse(D "policy: {bounce: {}}\n", &said);
	assert_string_equal(c->trap_key, "/d/trap.key");
	check_policy_defaults(&c->policy);
	bs_config_free(&c);
}

/* What it listens on is its own, and so exempt; what is every address, or
 * reserved anyway, is not. */
static void
test_own(void **state)
{
	static const char *const own[] = {
	    "192.0.2.1", "198.51.100.1", "2001:db8::1"};
	struct said said;
	char shown[BS_PREFIX_TEXT_MAX];
	struct bs_config *c = said_parse(D
	    "listen: [192.0.2.1@53, 127.0.0.1@53, 0.0.0.0@5353]\n"
	    "smtp: {listen: [198.51.100.1@25, \"::@25\"]}\n"
	    "lmtp: {listen: [\"2001:db8::1@24\", \"unix:/r/l\"]}\n",
	    &said);

	(void)state;
	assert_non_null(c);
	assert_int_equal(c->policy.exempt_count, 3);
	for (size_t i = 0; i < 3; i++)
		assert_string_equal(
		    bs_prefix_format(&c->policy.exempt[i], shown), own[i]);
	bs_config_free(&c);
}

/* --- files -------------------------------------------------------------- */

static void
write_file(const char *path, const char *text, mode_t mode)
{
	FILE *out = fopen(path, "w");

	assert_non_null(out);
	assert_true(fputs(text, out) >= 0);
	assert_int_equal(fclose(out), 0);
	assert_int_equal(chmod(path, mode), 0);
}

static void
check_load(const char *path, int error, const char *format)
{
	struct bs_config *config = NULL;
	struct said said = {.used = 0};
	char wanted[512];

	(void)snprintf(wanted, sizeof(wanted), "%s%s", path, format);
	if (error == BS_OK)
		wanted[0] = '\0';
	assert_int_equal(
	    bs_config_load(path, said_hear, &said, &config), error);
	assert_string_equal(said.text, wanted);
	bs_config_free(&config);
}

static void
test_files(void **state)
{
	const char *folder = *state;
	char path[128];
	uid_t user = geteuid();

	(void)snprintf(path, sizeof(path), "%s/x.conf", folder);
	check_load(path, BS_ENOTFOUND,
	    ": configuration: there is no such file: name another with -c, or "
	    "copy " BS_CONFIG_DEFAULT_PATH ".sample and change it\n");
	check_load("/dev/null/x.conf", BS_ENOTFOUND,
	    ": configuration: there is no such file: name another with -c, or "
	    "copy " BS_CONFIG_DEFAULT_PATH ".sample and change it\n");
	check_load("/dev", BS_EIO,
	    ": configuration: a folder: name the file in it, as in "
	    "/dev/backstop.conf\n");
	check_load("/dev/zero", BS_ECONFIG,
	    ": size: 4194305 bytes, at most 4194304 can be read: is this the "
	    "right file?\n");
	check_load("/proc/self/mem", BS_EIO,
	    ": configuration: Input/output error: mend that, or name another "
	    "file with -c\n");
	write_file(path, D, 0600);
	check_load(path, BS_OK, "");
	write_file(path, D, 0);
	if (user == 0) /* whom no mode stops */
		assert_int_equal(seteuid(65534), 0);
	assert_int_equal(user == 0 ? 0 : chmod(folder, 0700), 0);
	check_load(path, BS_EACCES,
	    ": configuration: no permission to read it: let this user's group read "
	    "it (chgrp, chmod g+r), folders too (g+x)\n");
	assert_int_equal(seteuid(user), 0);
}

/* Relative paths begin at the file's folder, which may be relative itself. */
static void
test_relative(void **state)
{
	struct bs_config *config = NULL;
	struct said said = {.used = 0};
	char here[4096], wanted[4200];

	(void)state;
	assert_non_null(getcwd(here, sizeof(here)));
	assert_int_equal(bs_config_parse("x.conf", "database: d", 11, said_hear,
			     &said, &config),
	    BS_OK);
	(void)snprintf(wanted, sizeof(wanted), "%s/d", here);
	assert_string_equal(config->database, wanted);
	bs_config_free(&config);
	assert_int_equal(bs_config_parse("a/x.conf", "database: d", 11,
			     said_hear, &said, &config),
	    BS_OK);
	(void)snprintf(wanted, sizeof(wanted), "%s/a/d", here);
	assert_string_equal(config->database, wanted);
	bs_config_free(&config);
	assert_int_equal(bs_config_parse("/x.conf", "database: d", 11,
			     said_hear, &said, &config),
	    BS_OK);
	assert_string_equal(config->database, "/d");
	bs_config_free(&config);
}

/* --- the table ----------------------------------------------------------- */

/* Each row is complete, and its own example reads without an error. */
static void
test_table(void **state)
{
	size_t rows;
	const struct bs_config_key *key = bs_config_keys(&rows);

	(void)state;
	assert_true(rows > 40 && rows <= BS_CONFIG_KEYS_MAX);
	for (size_t i = 0; i < rows; i++, key++) {
		char text[256];
		struct said said;
		struct bs_config *config;

		assert_non_null(key->help);
		assert_non_null(key->example);
		assert_ptr_equal(bs_config_key_find(key->path), key);
		assert_int_equal(bs_config_key_index(key), i);
		if (strpbrk(key->path, ".[") != NULL ||
		    strcmp(key->path, "database") == 0)
			continue;
		(void)snprintf(
		    text, sizeof(text), D "%s: %s\n", key->path, key->example);
		config = said_parse(text, &said);
		if (config == NULL)
			fail_msg("%s: %s", key->path, said.text);
		bs_config_free(&config);
	}
}

/* The sample loads without a word, and shows every key of this version. */
static void
test_sample(void **state)
{
	const char *srcdir = getenv("srcdir");
	struct said said = {.used = 0};
	struct bs_config *config = NULL;
	static char text[16384];
	char path[4096];
	size_t size, rows;
	const struct bs_config_key *key = bs_config_keys(&rows);
	FILE *in;

	(void)state;
	(void)snprintf(path, sizeof(path), "%s/doc/backstop.conf.sample",
	    srcdir != NULL ? srcdir : ".");
	assert_int_equal(
	    bs_config_load(path, said_hear, &said, &config), BS_OK);
	assert_string_equal(said.text, "");
	bs_config_free(&config);
	in = fopen(path, "r");
	assert_non_null(in);
	size = fread(text, 1, sizeof(text) - 1, in);
	text[size] = '\0';
	assert_int_equal(fclose(in), 0);
	for (size_t i = 0; i < rows; i++, key++) {
		char wanted[64];

		(void)snprintf(
		    wanted, sizeof(wanted), "%s:", bs_config_key_leaf(key));
		if (key->later == NULL && strstr(text, wanted) == NULL)
			fail_msg("%s is not in the sample", key->path);
	}
}

static void
test_mdoc(void **state)
{
	char *text = NULL;
	size_t size;
	FILE *out = open_memstream(&text, &size);

	(void)state;
	assert_non_null(out);
	bs_config_write_mdoc(out);
	assert_int_equal(fclose(out), 0);
	assert_non_null(strstr(text, "\n.It Ic database\n"));
	assert_non_null(strstr(text, "\n.It Ic policy.CLASS.hits\n"));
	assert_non_null(strstr(text,
	    "Default: bounce 1, autoreply 3, challenge 1, virus 1, callout 1, "
	    "subscribe 3.\n"));
	assert_null(strstr(text, "policy.virus"));
	assert_non_null(strstr(strstr(text, "later versions"), "feed[].from"));
	free(text);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_result),
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_own),
	    cmocka_unit_test_setup_teardown(
		test_files, make_folder, remove_folder),
	    cmocka_unit_test(test_relative),
	    cmocka_unit_test(test_table),
	    cmocka_unit_test(test_sample),
	    cmocka_unit_test(test_mdoc),
	};

	return cmocka_run_group_tests_name("config_result", tests, NULL, NULL);
}
