/*
 * That the guard is what the configuration says: the defaults, each key, the
 * file of cookie secrets and what is wrong with it.
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

#include "bytes_fixture.h"
#include "config.h"
#include "guard.h"

#define SECRET "e5e973e5a6b2a43f48e7dc849e37bfcf"

static char heard[2048];

static void
hear(void *context, bool fatal, const char *line)
{
	(void)context;
	snprintf(heard + strlen(heard), sizeof(heard) - strlen(heard), "%s%s\n",
	    fatal ? "" : "W ", line);
}

/* A configuration of these keys, its guard; BS_OK or an error. */
static int
load(const char *keys, struct guard **guard_r)
{
	struct bs_config *config = NULL;
	char text[1024];
	int result;

	heard[0] = '\0';
	snprintf(text, sizeof(text), "database: db\n%s", keys);
	assert_int_equal(bs_config_parse("/c/b.conf", text, strlen(text), hear,
			     NULL, &config),
	    0);
	result = guard_load(config, hear, NULL, guard_r);
	bs_config_free(&config);
	return result;
}

static void
by_default(void **state)
{
	struct guard *guard = NULL, *other = NULL;

	(void)state;
	assert_int_equal(load("", &guard), BS_OK);
	assert_int_equal(guard->udp_size, 1232);
	assert_null(guard->nsid);
	assert_null(guard->identity);
	assert_null(guard->version);
	assert_null(guard->ratelimit);
	assert_null(guard->unlimited);
	assert_true(guard->cookies);
	assert_false(guard->strict);
	assert_int_equal(guard->secrets.count, 1);
	assert_int_equal(load("", &other), BS_OK);
	assert_memory_not_equal(guard->secrets.secret[0],
	    other->secrets.secret[0], SIPHASH_KEY_SIZE);
	guard_free(&guard);
	guard_free(&other);
	assert_string_equal(heard, "");
}

static void
by_keys(void **state)
{
	struct guard *guard = NULL;
	struct bs_endpoint client = {.addr = {.family = BS_IPV4}, .port = 1};

	(void)state;
	assert_int_equal(
	    load("udp-size: 600\nnsid: a\nidentity: b c\nversion: d\n"
		 "cookies: {answer: no, strict: yes, secret-file: none}\n"
		 "rate-limit: {answers: 2, slip: 0, allow: [10.0.0.0/8]}\n",
		&guard),
	    BS_OK);
	assert_int_equal(guard->udp_size, 600);
	assert_string_equal(guard->nsid, "a");
	assert_string_equal(guard->identity, "b c");
	assert_string_equal(guard->version, "d");
	assert_false(guard->cookies);
	assert_true(guard->strict);
	for (unsigned i = 0; i < 3; i++)
		assert_int_equal(
		    ratelimit_check(guard->ratelimit, &client.addr, 1000),
		    i < 2 ? RATELIMIT_ANSWER : RATELIMIT_DROP);
	assert_int_equal(
	    access_find(guard->unlimited, &client.addr), ACCESS_DENIED);
	client.addr.octet[0] = 10;
	assert_int_equal(
	    access_find(guard->unlimited, &client.addr), ACCESS_ALLOWED);
	guard_free(&guard);
}

static const struct {
	const char *name, *text; /* NULL: no file */
	mode_t mode;
	int result;
	const char *said; /* after the path */
} file_rows[] = {
    {"good", SECRET "\n", 0600, BS_OK, ""},
    {"readable", SECRET "\n", 0644, BS_OK,
	"cookies.secret-file: everybody can read these secrets: chmod o-r it"},
    {"bad", "\n" SECRET "0\n", 0600, BS_ECONFIG,
	"2: cookies.secret-file: no secret: write 32 hexadecimal digits, as "
	"`openssl rand -hex 16` makes them"},
    {"missing", NULL, 0, BS_ENOTFOUND,
	"cookies.secret-file: No such file or directory: put it there, mode "
	"0640, in the group of the server's user, or remove the key from the "
	"configuration"},
};

static void
by_file(void **state)
{
	char path[] = "/tmp/test_guard.XXXXXX", keys[128], said[512];
	int file = mkstemp(path);

	(void)state;
	assert_true(file >= 0);
	snprintf(keys, sizeof(keys), "cookies: {secret-file: %s}\n", path);
	for (size_t i = 0; i < sizeof(file_rows) / sizeof(*file_rows); i++) {
		const char *text = file_rows[i].text;
		struct guard *guard = NULL;
		uint8_t secret[SIPHASH_KEY_SIZE];

		print_message("%s\n", file_rows[i].name);
		if (text != NULL) {
			assert_int_equal(ftruncate(file, 0), 0);
			assert_int_equal(
			    pwrite(file, text, strlen(text), 0), strlen(text));
			assert_int_equal(fchmod(file, file_rows[i].mode), 0);
		} else {
			assert_int_equal(unlink(path), 0);
		}
		assert_int_equal(load(keys, &guard), file_rows[i].result);
		snprintf(said, sizeof(said), "%s%s:%s%s%s",
		    file_rows[i].result == BS_OK ? "W " : "", path,
		    file_rows[i].result == BS_ECONFIG ? "" : " ",
		    file_rows[i].said, "\n");
		assert_string_equal(
		    heard, *file_rows[i].said != '\0' ? said : "");
		if (guard != NULL) {
			(void)unhex(SECRET, secret);
			assert_memory_equal(
			    guard->secrets.secret[0], secret, sizeof(secret));
		}
		guard_free(&guard);
	}
	(void)close(file);
}

/* The longest file, and one byte more. */
static void
long_file(void **state)
{
	char path[] = "/tmp/test_guard.XXXXXX", keys[128];
	char text[COOKIE_SECRET_FILE_MAX + 1];
	struct guard *guard = NULL;
	int file = mkstemp(path);

	(void)state;
	assert_true(file >= 0);
	snprintf(keys, sizeof(keys), "cookies: {secret-file: %s}\n", path);
	memset(text, '#', sizeof(text));
	memcpy(text, SECRET "\n", 33);
	assert_int_equal(
	    write(file, text, sizeof(text) - 1), COOKIE_SECRET_FILE_MAX);
	assert_int_equal(load(keys, &guard), BS_OK);
	guard_free(&guard);
	assert_int_equal(write(file, "#", 1), 1);
	assert_int_equal(load(keys, &guard), BS_ECONFIG);
	assert_non_null(strstr(heard, "longer than 4096 bytes"));
	(void)close(file);
	(void)unlink(path);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(by_default),
	    cmocka_unit_test(by_keys),
	    cmocka_unit_test(by_file),
	    cmocka_unit_test(long_file),
	};

	return cmocka_run_group_tests_name("guard config", tests, NULL, NULL);
}
