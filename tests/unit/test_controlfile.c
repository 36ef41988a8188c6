/*
 * controlfile.c: the socket's file is made with its rights, replaces what nobody
 * answers at and nothing else, goes when it is closed, and is not left behind
 * where making it fails half way.
 */
#include "autoconf.h"

#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "controlfile.h"

static const struct bs_controlfile_words words = {"control", "backstopd"};

/* --- calls that fail ---------------------------------------------------------- */

/* The linker has controlfile.c call these (--wrap). */
int __real_chmod(const char *path, mode_t mode);
int __wrap_chmod(const char *path, mode_t mode);
int __real_lstat(const char *path, struct stat *status);
int __wrap_lstat(const char *path, struct stat *status);
int __real_listen(int file, int backlog);
int __wrap_listen(int file, int backlog);

static struct {
	bool chmod, lstat, listen; /* they fail */
	int lstats;                /* before that one does */
} failing;

int
__wrap_chmod(const char *path, mode_t mode)
{
	errno = EPERM;
	return failing.chmod ? -1 : __real_chmod(path, mode);
}

int
__wrap_lstat(const char *path, struct stat *status)
{
	if (failing.lstat && failing.lstats-- == 0) {
		errno = EIO;
		return -1;
	}
	return __real_lstat(path, status);
}

int
__wrap_listen(int file, int backlog)
{
	errno = EADDRINUSE;
	return failing.listen ? -1 : __real_listen(file, backlog);
}

/* --- a folder ------------------------------------------------------------------ */

struct fixture {
	char folder[64], path[128];
	struct bs_controlfile control;
	struct bs_message message;
};

static int
setup(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	assert_non_null(fixture);
	memset(&failing, 0, sizeof(failing));
	(void)snprintf(fixture->folder, sizeof(fixture->folder),
	    "/tmp/backstop-test.XXXXXX");
	assert_non_null(mkdtemp(fixture->folder));
	(void)snprintf(fixture->path, sizeof(fixture->path), "%s/control",
	    fixture->folder);
	fixture->control.file = -1;
	*state = fixture;
	return 0;
}

/* Fails where something was left there. */
static int
teardown(void **state)
{
	struct fixture *fixture = *state;
	int rc = rmdir(fixture->folder);

	free(fixture);
	return rc;
}

static int
try_it(struct fixture *fixture)
{
	return bs_controlfile_open(
	    fixture->path, &words, &fixture->control, &fixture->message);
}

static bool
is_there(const struct fixture *fixture)
{
	return access(fixture->path, F_OK) == 0;
}

/* --- tests --------------------------------------------------------------------- */

static void
made(void **state)
{
	struct fixture *fixture = *state;
	struct stat status;

	assert_int_equal(try_it(fixture), BS_OK);
	assert_int_equal(stat(fixture->path, &status), 0);
	assert_true(S_ISSOCK(status.st_mode));
	assert_int_equal(status.st_mode & 07777, 0660);
	bs_controlfile_close(&fixture->control);
	assert_false(is_there(fixture));
	assert_int_equal(fixture->control.file, -1);
	bs_controlfile_close(&fixture->control);
}

static void
failed(void **state)
{
	static const struct {
		const char *name;
		bool chmod, lstat, listen;
	} rows[] = {
	    {"rights", true, false, false},
	    {"its number", false, true, false},
	    {"listening", false, false, true},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		failing.chmod = rows[i].chmod;
		failing.lstat = rows[i].lstat;
		failing.listen = rows[i].listen;
		failing.lstats = 1; /* the first one looks whether it is free */
		if (try_it(fixture) != BS_ESYSTEM || is_there(fixture) ||
		    fixture->control.file != -1)
			fail_msg("%s: left behind", rows[i].name);
		assert_non_null(strstr(fixture->message.text, fixture->path));
	}
	memset(&failing, 0, sizeof(failing));
	assert_int_equal(try_it(fixture), BS_OK);
	bs_controlfile_close(&fixture->control);
}

/* What a process left behind is replaced; where one answers it is not. */
static void
taken(void **state)
{
	struct fixture *fixture = *state;
	struct bs_controlfile other = {.file = -1};
	struct bs_message message;

	assert_int_equal(try_it(fixture), BS_OK);
	assert_int_equal(
	    bs_controlfile_open(fixture->path, &words, &other, &message),
	    BS_EBUSY);
	assert_int_equal(other.file, -1);
	(void)close(fixture->control.file); /* as a killed one does */
	assert_int_equal(
	    bs_controlfile_open(fixture->path, &words, &other, &message),
	    BS_OK);
	bs_controlfile_close(&other);
	assert_false(is_there(fixture));
}

static void
no_socket(void **state)
{
	struct fixture *fixture = *state;
	FILE *file = fopen(fixture->path, "w");

	assert_non_null(file);
	(void)fclose(file);
	assert_int_equal(try_it(fixture), BS_ESYSTEM);
	assert_true(is_there(fixture));
	assert_non_null(strstr(fixture->message.text, "no socket"));
	assert_int_equal(unlink(fixture->path), 0);
}

static void
too_long(void **state)
{
	struct fixture *fixture = *state;
	const size_t max = sizeof(fixture->control.address.sun_path) - 1;

	memset(fixture->path, 'x', max + 1);
	fixture->path[0] = '/';
	fixture->path[max + 1] = '\0';
	assert_int_equal(try_it(fixture), BS_ETOOLONG);
	fixture->path[max] = '\0';
	assert_int_not_equal(try_it(fixture), BS_ETOOLONG);
	bs_controlfile_close(&fixture->control);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    TEST(made),
	    TEST(failed),
	    TEST(taken),
	    TEST(no_socket),
	    TEST(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
