/*
 * The mode of a UNIX socket's file is the one that was asked for, whatever the
 * umask and the default ACL of its folder are; and what is no socket of ours is
 * left alone.
 */
#include "autoconf.h"

#include <endian.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>
#include <cmocka.h>

#include "bytes_fixture.h"
#include "socketfile.h"

#define MODE 0660
#define NAMED 4711u /* a user of no process */

/* acl(5), as the kernel has it: owner, a user by name, group, mask, others. */
enum tag { OWNER = 1, USER = 2, GROUP = 4, MASK = 16, OTHERS = 32 };

struct entry {
	uint16_t tag, rights;
	uint32_t id;
};

/* False: the file system has no ACLs. */
static bool
set_default(const char *folder, const struct entry *entries, size_t count)
{
	struct {
		uint32_t version;
		struct entry entry[5];
	} acl = {.version = htole32(2)};
	size_t size = sizeof(acl.version) + count * sizeof(acl.entry[0]);

	for (size_t i = 0; i < count; i++)
		acl.entry[i] = (struct entry){htole16(entries[i].tag),
		    htole16(entries[i].rights), htole32(entries[i].id)};
	return setxattr(folder, "system.posix_acl_default", &acl, size, 0) == 0;
}

static struct sockaddr_un
name_in(const char *folder)
{
	struct sockaddr_un name = {.sun_family = AF_UNIX};

	(void)snprintf(name.sun_path, sizeof(name.sun_path), "%s/s", folder);
	return name;
}

/* What a socket's file has that is bound there. */
static mode_t
bound(const char *folder)
{
	struct sockaddr_un name = name_in(folder);
	int file = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	struct stat status;

	assert_true(file >= 0);
	assert_int_equal(bs_socketfile_bind(file, &name, MODE), 0);
	assert_int_equal(lstat(name.sun_path, &status), 0);
	assert_true(S_ISSOCK(status.st_mode));
	assert_int_equal(close(file), 0);
	assert_int_equal(unlink(name.sun_path), 0);
	return status.st_mode & 07777;
}

static void
umasks(void **state)
{
	static const mode_t masks[] = {0, 022, 077, 0777};
	mode_t before = umask(0);

	for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
		(void)umask(masks[i]);
		assert_int_equal(bound(*state), MODE);
		assert_int_equal(umask(masks[i]), masks[i]);
	}
	(void)umask(before);
}

static void
default_acls(void **state)
{
	static const struct {
		const char *name;
		struct entry entry[5];
		size_t count;
	} rows[] = {
	    {"everybody", {{OWNER, 7, -1u}, {GROUP, 7, -1u}, {OTHERS, 7, -1u}},
		3},
	    {"the owner only",
		{{OWNER, 7, -1u}, {GROUP, 0, -1u}, {OTHERS, 0, -1u}}, 3},
	    {"nobody writes",
		{{OWNER, 5, -1u}, {GROUP, 5, -1u}, {OTHERS, 5, -1u}}, 3},
	    {"a user by name, masked",
		{{OWNER, 7, -1u}, {USER, 7, NAMED}, {GROUP, 5, -1u},
		    {MASK, 5, -1u}, {OTHERS, 0, -1u}},
		5},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		mode_t mode;

		if (!set_default(*state, rows[i].entry, rows[i].count))
			skip();
		mode = bound(*state);
		if (mode != MODE)
			fail_msg("%s: %04o", rows[i].name, (unsigned)mode);
	}
}

/* What has the name meanwhile keeps its mode, and so does what it leads to. */
static void
no_socket(void **state)
{
	struct sockaddr_un name = name_in(*state);
	char other[sizeof(name.sun_path) + 8];
	struct stat status;
	int file;

	(void)snprintf(other, sizeof(other), "%s.other", name.sun_path);
	file = open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(file >= 0);
	assert_int_equal(symlink(other, name.sun_path), 0);
	assert_int_equal(bs_socketfile_settle(name.sun_path, 0666), -1);
	assert_int_equal(errno, ENOTSOCK);
	assert_int_equal(bs_socketfile_settle(other, 0666), -1);
	assert_int_equal(fstat(file, &status), 0);
	assert_int_equal(status.st_mode & 07777, 0600);
	assert_int_equal(close(file), 0);
	assert_int_equal(unlink(name.sun_path), 0);
	assert_int_equal(bs_socketfile_settle(name.sun_path, MODE), -1);
	assert_int_equal(errno, ENOENT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup_teardown(umasks, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
		default_acls, make_folder, remove_folder),
	    cmocka_unit_test_setup_teardown(
		no_socket, make_folder, remove_folder),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
