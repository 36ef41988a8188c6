/*
 * Whether the files are still those that were opened, where a filter of system
 * calls refuses statx(2): by stat(2) then.  Each case is a process of its own.
 */
#include "autoconf.h"

#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "ahead_fixture.h"
#include "child.h"

#define NO_FILTER 77 /* the system has none */

struct trial {
	struct fixture *fixture;
	uint32_t number; /* what statx says */
};

static bool
refuse_statx(uint32_t number)
{
	struct sock_filter filter[] = {
	    BPF_STMT(
		BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
	    BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_statx, 0, 1),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | number),
	    BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
	};
	struct sock_fprog program = {
	    .len = sizeof(filter) / sizeof(filter[0]), .filter = filter};

	return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
	       prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

/* 0, or the number of what went wrong. */
static int
look(struct fixture *fixture)
{
	struct bs_store *store;
	struct bs_message message;
	struct stat status;
	int error;

	if (bs_store_open(fixture->path, BS_STORE_WRITE, &store, &message) !=
	    BS_OK)
		return 1;
	if (stat(file_in(fixture, "data.mdb"), &status) != 0 ||
	    store->file[0].device != status.st_dev ||
	    store->file[0].inode != status.st_ino)
		return 2;
	if (bs_store_check_files(store, &message) != BS_OK)
		return 3;
	/* the file that is written ahead is not taken for a lost one */
	if (bs_store_write_ahead(store, &message) != BS_OK ||
	    bs_store_keep_ahead(store, &message) != BS_OK)
		return 4;
	if (unlink(file_in(fixture, "data.mdb")) != 0)
		return 5;
	error = bs_store_check_files(store, &message);
	bs_store_free(&store);
	return error == BS_EIO ? 0 : 6;
}

static int
look_without(void *context)
{
	const struct trial *trial = context;
	struct statx status;

	if (!refuse_statx(trial->number))
		return NO_FILTER;
	/* as the library has it, which may know what to do about ENOSYS */
	if (syscall(SYS_statx, -1, "/", 0, 0, &status) == 0 ||
	    errno != (int)trial->number)
		return NO_FILTER;
	return look(trial->fixture);
}

static void
without_statx(struct fixture *fixture, uint32_t number)
{
	struct trial trial = {fixture, number};
	struct bs_child_end end;

	bs_store_free(&fixture->store);
	assert_int_equal(bs_child_run(look_without, &trial, &end), BS_OK);
	assert_false(end.crashed);
	if (end.code == NO_FILTER)
		skip();
	assert_int_equal(end.code, 0);
}

static void
not_permitted(void **state)
{
	without_statx(*state, EPERM);
}

static void
not_there(void **state)
{
	without_statx(*state, ENOSYS);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    CASE(not_permitted), CASE(not_there)};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
