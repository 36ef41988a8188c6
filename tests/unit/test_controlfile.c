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
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "controlfile.h"

static const struct bs_controlfile_words words = {"control", "backstopd"};

/* --- calls that fail ---------------------------------------------------------- */

/* The linker has controlfile.c call these (--wrap). */
int __real_bind(int file, const struct sockaddr *name, socklen_t size);
int __wrap_bind(int file, const struct sockaddr *name, socklen_t size);
int __real_lstat(const char *path, struct stat *status);
int __wrap_lstat(const char *path, struct stat *status);
int __real_listen(int file, int backlog);
int __wrap_listen(int file, int backlog);

static struct {
	bool bind, lstat, listen; /* they fail */
	int lstats;               /* before that one does */
	const char *victim;       /* what stands there right after bind */
} failing;

int
__wrap_bind(int file, const struct sockaddr *name, socklen_t size)
{
	const char *path = ((const struct sockaddr_un *)name)->sun_path;
	int rc = -1;

	errno = EPERM;
	if (!failing.bind)
		rc = __real_bind(file, name, size);
	if (rc == 0 && failing.victim != NULL) {
		assert_int_equal(unlink(path), 0);
		assert_int_equal(symlink(failing.victim, path), 0);
	}
	return rc;
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

/* Fails where something was left there; after a test that failed it goes, too. */
static int
teardown(void **state)
{
	struct fixture *fixture = *state;
	int rc = rmdir(fixture->folder);
	char command[128];

	(void)snprintf(
	    command, sizeof(command), "rm -rf '%s'", fixture->folder);
	if (rc != 0 && system(command) != 0)
		print_error("%s: stays\n", fixture->folder);
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
		bool bind, lstat, listen;
	} rows[] = {
	    {"a name", true, false, false},
	    {"its number", false, true, false},
	    {"listening", false, false, true},
	};
	struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		failing.bind = rows[i].bind;
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

/* Its rights are those whatever the process's mask is, which stays. */
static void
masked(void **state)
{
	static const mode_t masks[] = {0, 022, 077, 0777};
	struct fixture *fixture = *state;
	struct stat status;
	mode_t before = umask(0);

	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		(void)umask(masks[i]);
		assert_int_equal(try_it(fixture), BS_OK);
		assert_int_equal(umask(masks[i]), masks[i]);
		assert_int_equal(stat(fixture->path, &status), 0);
		assert_int_equal(status.st_mode & 07777, 0660);
		bs_controlfile_close(&fixture->control);
	}
	(void)umask(before);
}

/* Who may write to the folder can put a link in the socket's place before it is
 * looked at again: what that leads to keeps its rights. */
static void
swapped(void **state)
{
	struct fixture *fixture = *state;
	char victim[128];
	struct stat before, after;
	FILE *file;

	(void)snprintf(victim, sizeof(victim), "%s/victim", fixture->folder);
	file = fopen(victim, "w");
	assert_non_null(file);
	assert_int_equal(fchmod(fileno(file), 0600), 0);
	assert_int_equal(fstat(fileno(file), &before), 0);
	failing.victim = victim;
	(void)try_it(fixture);
	failing.victim = NULL;
	assert_int_equal(fstat(fileno(file), &after), 0);
	assert_int_equal(before.st_mode, after.st_mode);
	assert_int_equal(before.st_uid, after.st_uid);
	(void)fclose(file);
	bs_controlfile_close(&fixture->control);
	(void)unlink(fixture->path);
	assert_int_equal(unlink(victim), 0);
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
	    TEST(masked),
	    TEST(swapped),
	    TEST(taken),
	    TEST(no_socket),
	    TEST(too_long),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
