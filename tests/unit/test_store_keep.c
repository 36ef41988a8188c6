/*
 * The file that is written ahead of the database, where the disk refuses it or
 * somebody removes it at the worst time: nothing that was acknowledged is lost, no
 * file is used again that was refused, and it is told once.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ahead_fixture.h"

/* What the system refuses just now; one thread. */
static struct {
	bool sync, removal;
} refused;

int __real_fdatasync(int file);
int __wrap_fdatasync(int file);
int __real_unlink(const char *path);
int __wrap_unlink(const char *path);

int
__wrap_fdatasync(int file)
{
	if (!refused.sync)
		return __real_fdatasync(file);
	errno = EIO;
	return -1;
}

int
__wrap_unlink(const char *path)
{
	if (!refused.removal)
		return __real_unlink(path);
	errno = EACCES;
	return -1;
}

static int
begin(void **state)
{
	refused.sync = refused.removal = false;
	return fixture_open(state);
}

#define KEEP_CASE(name) \
	cmocka_unit_test_setup_teardown(name, begin, fixture_close)

/* --- words ---------------------------------------------------------------- */

static int
keep(struct fixture *fixture)
{
	return bs_store_keep_ahead(fixture->store, &fixture->message);
}

static void
assert_said(const struct fixture *fixture, const char *words)
{
	assert_non_null(strstr(fixture->message.text, "ahead.log: "));
	if (strstr(fixture->message.text, words) == NULL)
		fail_msg("%s", fixture->message.text);
}

/* A host's sighting, whose batch the disk refuses. */
static struct bs_writer *
begin_refused(struct fixture *fixture, unsigned host)
{
	struct bs_writer *writer = begin_ahead(fixture);

	take_in(fixture, writer, host);
	refused.sync = true;
	assert_int_equal(bs_writer_secure(writer), BS_EIO);
	refused.sync = false;
	return writer;
}

static bool
is_there(struct fixture *fixture)
{
	return access(file_in(fixture, BS_STORE_AHEAD_NAME), F_OK) == 0;
}

/* --- the disk refuses a batch ---------------------------------------------- */

static void
another_file(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;
	struct stat status;
	int old;

	write_ahead(fixture);
	old = open(file_in(fixture, BS_STORE_AHEAD_NAME), O_RDONLY);
	assert_true(old >= 0);
	commit(begin_refused(fixture, 1));
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(bs_store_ahead_refused(fixture->store), 0);
	assert_int_equal(keep(fixture), BS_EIO);
	assert_said(fixture, "the disk refused");
	assert_int_equal(bs_store_ahead_refused(fixture->store), 1);
	assert_false(bs_store_writes_ahead(fixture->store));
	assert_false(is_there(fixture));
	assert_int_equal(keep(fixture), BS_OK);
	/* what is tried a minute later */
	write_ahead(fixture);
	assert_int_equal(fstat(old, &status), 0);
	assert_int_equal(status.st_nlink, 0);
	assert_int_equal(close(old), 0);
	writer = begin_secured(fixture, 2);
	bs_writer_abort(&writer);
	crash(fixture);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(hits_of(fixture, "192.0.2.2"), 1);
}

/* The commit fails, too: what was acknowledged before is in the file, which is
 * kept until that is in the database. */
static void
needed_until_then(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	writer = begin_secured(fixture, 1);
	take_in(fixture, writer, 2);
	refused.sync = true;
	assert_int_equal(bs_writer_secure(writer), BS_EIO);
	refused.sync = false;
	bs_writer_abort(&writer);
	assert_int_equal(keep(fixture), BS_OK);
	assert_true(is_there(fixture));
	commit(begin_ahead(fixture));
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	assert_int_equal(keep(fixture), BS_EIO);
	assert_false(is_there(fixture));
}

/* As long as the refused file has its name there is no other one. */
static void
its_name_stays(void **state)
{
	struct fixture *fixture = *state;

	write_ahead(fixture);
	commit(begin_refused(fixture, 1));
	refused.removal = true;
	assert_int_not_equal(keep(fixture), BS_OK);
	assert_said(fixture, "can't be removed");
	assert_int_equal(keep(fixture), BS_OK);
	assert_true(bs_store_writes_ahead(fixture->store));
	refused.removal = false;
	/* it was told */
	assert_int_equal(keep(fixture), BS_OK);
	assert_int_equal(bs_store_ahead_refused(fixture->store), 1);
	assert_false(is_there(fixture));
	write_ahead(fixture);
}

/* Refused and replaced: the other file is not ours to remove. */
static void
of_somebody_else(void **state)
{
	struct fixture *fixture = *state;

	write_ahead(fixture);
	commit(begin_refused(fixture, 1));
	assert_int_equal(unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	write_file(file_in(fixture, BS_STORE_AHEAD_NAME), "other", 5);
	assert_int_equal(keep(fixture), BS_EIO);
	assert_true(is_there(fixture));
}

/* --- removed while it is needed -------------------------------------------- */

static void
is_put_back(void **state)
{
	struct fixture *fixture = *state;
	struct bs_writer *writer;

	write_ahead(fixture);
	leave_due(fixture, 1);
	assert_int_equal(unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	assert_int_equal(keep(fixture), BS_ENOTFOUND);
	assert_said(fixture, "there again");
	assert_int_equal(keep(fixture), BS_OK);
	assert_int_equal(due_ahead(fixture).sightings, 1);
	/* the process dies before the database can be written */
	crash(fixture);
	recover(fixture);
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	writer = begin_secured(fixture, 2);
	commit(writer);
	assert_listed(fixture, 2);
}

/* The same process goes on, and the file with it. */
static void
put_back_and_used(void **state)
{
	struct fixture *fixture = *state;

	write_ahead(fixture);
	leave_due(fixture, 1);
	assert_int_equal(unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	assert_int_equal(keep(fixture), BS_ENOTFOUND);
	commit(begin_ahead(fixture));
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
	leave_due(fixture, 2);
	crash(fixture);
	recover(fixture);
	assert_listed(fixture, 2);
}

/* Something else has the name: told once, tried again, and nothing is lost as
 * long as the process lives. */
static void
no_place(void **state)
{
	struct fixture *fixture = *state;

	write_ahead(fixture);
	leave_due(fixture, 1);
	assert_int_equal(unlink(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	assert_int_equal(mkdir(file_in(fixture, BS_STORE_AHEAD_NAME), 0700), 0);
	assert_int_equal(keep(fixture), BS_EIO);
	assert_said(fixture, "let this process run");
	assert_int_equal(keep(fixture), BS_OK);
	assert_int_equal(rmdir(file_in(fixture, BS_STORE_AHEAD_NAME)), 0);
	assert_int_equal(keep(fixture), BS_ENOTFOUND);
	commit(begin_ahead(fixture));
	assert_int_equal(hits_of(fixture, "192.0.2.1"), 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    KEEP_CASE(another_file),
	    KEEP_CASE(needed_until_then),
	    KEEP_CASE(its_name_stays),
	    KEEP_CASE(of_somebody_else),
	    KEEP_CASE(is_put_back),
	    KEEP_CASE(put_back_and_used),
	    KEEP_CASE(no_place),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
