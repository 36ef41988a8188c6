/*
 * Whether a file may be made at a place: a new one would replace a device as
 * well as the database itself.  Called by ctl_backup.c and ctl_export.c.
 */
#include "autoconf.h"

#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "ctl_target.h"

static bool
is_same(const struct stat *a, const char *path)
{
	struct stat b;

	return stat(path, &b) == 0 && a->st_dev == b.st_dev &&
	       a->st_ino == b.st_ino;
}

/* What is there and must not be replaced. */
static bool
is_ours(const struct ctl *ctl, const struct stat *status)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char own[PATH_MAX];

		(void)snprintf(
		    own, sizeof(own), "%s/%s", ctl->config->database, names[i]);
		if (is_same(status, own))
			return true;
	}
	return is_same(status, ctl->config->trap_key) ||
	       is_same(status, ctl->config->path);
}

bool
ctl_target_may_be(const struct ctl *ctl, const char *path, const char *example)
{
	struct stat status;

	if (stat(path, &status) != 0)
		return true;
	if (is_ours(ctl, &status))
		ctl_say("%s: is in use itself: name a file to be made", path);
	else if (S_ISDIR(status.st_mode))
		ctl_say("%s: is no file: name a file to be made, like %s/%s",
		    path, path, example);
	else if (!S_ISREG(status.st_mode))
		ctl_say("%s: is no file that can be replaced: name a file to "
			"be made",
		    path);
	else
		return true;
	return false;
}
