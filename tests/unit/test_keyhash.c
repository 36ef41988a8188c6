/*
 * Keyed hashes against another implementation's values, and the key file: made, found
 * again, refused.
 */
#include "autoconf.h"

#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "bytes_fixture.h"
#include "keyhash.h"

static char *
key_path(void **state)
{
	static char path[256];

	(void)snprintf(path, sizeof(path), "%s/trap.key", (char *)*state);
	return path;
}

static void
write_file(const char *path, const void *bytes, size_t size, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, 0600);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, size), size);
	assert_int_equal(fchmod(fd, mode), 0);
	assert_int_equal(close(fd), 0);
}

/*
 * Key: 32 octets of 0x0b; expected values by Python's hmac: HMAC-SHA-256 of
 * the domain, a NUL and the bytes, its first 16 octets.
 */
static void
hashes(void **state)
{
	static const struct {
		const char *domain, *bytes;
		uint8_t digest[BS_KEYHASH_SIZE];
	} rows[] = {
	    {"trap", "Hi There",
		{0x5a, 0x15, 0x84, 0x36, 0xc9, 0x5c, 0x01, 0xdd, 0x61, 0xf5,
		    0x60, 0x90, 0x74, 0x67, 0x15, 0x72}},
	    {"message", "Hi There",
		{0xab, 0x2f, 0x0e, 0x62, 0xc2, 0xb3, 0xba, 0x65, 0xa6, 0xa3,
		    0x16, 0x05, 0xb7, 0x3a, 0xec, 0x6f}},
	    {"trap", "",
		{0xf9, 0x92, 0xbb, 0x6d, 0x52, 0x43, 0xa1, 0x79, 0xaf, 0xf3,
		    0x50, 0xc3, 0xb7, 0x1c, 0xb4, 0x35}},
	    {"tra", "p",
		{0x70, 0x06, 0xec, 0x3a, 0xfa, 0xec, 0x0d, 0x6e, 0xc4, 0x00,
		    0x91, 0x9c, 0x22, 0x5d, 0x02, 0x05}},

	};
	struct bs_key key;
	struct bs_keyhash *hash;

	(void)state;
	memset(key.octet, 0x0b, sizeof(key.octet));
	hash = bs_keyhash_new(&key);
	assert_non_null(hash);
	/* twice: a hash starts over with the same key */
	for (size_t n = 0; n < 2 * sizeof(rows) / sizeof(rows[0]); n++) {
		size_t i = n / 2;
		uint8_t digest[BS_KEYHASH_SIZE];

		bs_keyhash_start(hash, rows[i].domain);
		for (const char *c = rows[i].bytes; *c != '\0'; c++)
			bs_keyhash_add(hash, c, 1);
		bs_keyhash_end(hash, digest);
		assert_memory_equal(digest, rows[i].digest, sizeof(digest));
	}
	bs_keyhash_free(&hash);
	assert_null(hash);
	bs_keyhash_free(&hash);
}

static void
key_is_made_once(void **state)
{
	struct bs_message message = {""};
	struct bs_key first, second;
	struct stat status;
	const char *path = key_path(state);

	assert_int_equal(bs_key_load(path, &first, &message), BS_OK);
	assert_int_equal(stat(path, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(status.st_size, 65);
	assert_int_equal(status.st_nlink, 1);
	assert_int_equal(bs_key_load(path, &second, &message), BS_OK);
	assert_memory_equal(&first, &second, sizeof(first));
}

/* Processes that start at once agree on one key. */
static void
key_is_agreed_on(void **state)
{
	const char *path = key_path(state);
	int pipes[2];
	struct bs_key first, next;

	assert_int_equal(pipe(pipes), 0);
	for (int i = 0; i < 8; i++) {
		pid_t pid = fork();

		assert_true(pid >= 0);
		if (pid == 0) {
			struct bs_key key;
			int error = bs_key_load(path, &key, NULL);

			_exit(error != BS_OK ||
			      write(pipes[1], &key, sizeof(key)) !=
				  (ssize_t)sizeof(key));
		}
	}
	for (int i = 0; i < 8; i++) {
		int status;

		assert_true(wait(&status) > 0);
		assert_int_equal(status, 0);
		assert_int_equal(
		    read(pipes[0], i == 0 ? &first : &next, sizeof(first)),
		    sizeof(first));
		if (i > 0)
			assert_memory_equal(&first, &next, sizeof(first));
	}
	(void)close(pipes[0]);
	(void)close(pipes[1]);
}

static void
bad_key_files(void **state)
{
/* 62 digits of 64 */
#define HEX "23456789abcdefABCDEF0123456789abcdef0123456789abcdef0123456789"
	static const struct {
		const char *name, *content;
		mode_t mode;
		int error;
		const char *says;
	} rows[] = {
	    {"good", HEX "01\n", 0600, BS_OK, ""},
	    {"read-only is good", HEX "01\n", 0400, BS_OK, ""},
	    {"group may read", HEX "01\n", 0640, BS_EACCES, "chmod 600"},
	    {"others may read", HEX "01\n", 0604, BS_EACCES, "chmod 600"},
	    {"empty", "", 0600, BS_EINVAL, "no trap key"},
	    {"no newline", HEX "01", 0600, BS_EINVAL, "no trap key"},
	    {"too long", HEX "01\n\n", 0600, BS_EINVAL, "no trap key"},
	    {"no hex", HEX "0g\n", 0600, BS_EINVAL, "no trap key"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct bs_message message = {""};
		struct bs_key key;
		const char *path = key_path(state);

		write_file(path, rows[i].content, strlen(rows[i].content),
		    rows[i].mode);
		if (bs_key_load(path, &key, &message) != rows[i].error)
			fail_msg("%s", rows[i].name);
		if (strstr(message.text, rows[i].says) == NULL)
			fail_msg("%s: %s", rows[i].name, message.text);
		assert_int_equal(unlink(path), 0);
	}
}

static void
bad_places(void **state)
{
	struct bs_message message = {""};
	struct bs_key key;
	char path[256];

	(void)snprintf(path, sizeof(path), "%s/no/trap.key", (char *)*state);
	assert_int_equal(bs_key_load(path, &key, &message), BS_ESYSTEM);
	assert_non_null(strstr(message.text, "can't be made"));
	assert_int_equal(bs_key_load(*state, &key, &message), BS_EINVAL);
	assert_non_null(strstr(message.text, "no regular file"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hashes),
	    cmocka_unit_test_setup_teardown(
		key_is_made_once, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
		key_is_agreed_on, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
		bad_key_files, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
		bad_places, make_folder, remove_folder),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
