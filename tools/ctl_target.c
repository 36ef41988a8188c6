/*
 * Whether a file may be made at a place: a new one would replace a device as
 * well as the database itself.  Called by ctl_backup.c and ctl_export.c.
 */
#include "autoconf.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "store_admin.h"

#include "ctl_target.h"

static bool
is_same(const struct stat *a, const char *path)
{
	struct stat b;

	return stat(path, &b) == 0 && a->st_dev == b.st_dev &&
	       a->st_ino == b.st_ino;
}

/* The folder of a path; false: there is no such folder. */
static bool
stat_folder(const char *path, struct stat *status_r)
{
	char copy[PATH_MAX];

	(void)snprintf(copy, sizeof(copy), "%s", path);
	return stat(dirname(copy), status_r) == 0;
}

/* Whether two paths are the same place, be there a file or none. */
static bool
is_place(const char *path, const char *own)
{
	const char *slash = strrchr(path, '/'), *own_slash = strrchr(own, '/');
	struct stat file, folder, own_folder;

	if (stat(path, &file) == 0)
		return is_same(&file, own);
	return strcmp(slash != NULL ? slash + 1 : path,
		   own_slash != NULL ? own_slash + 1 : own) == 0 &&
	       stat_folder(path, &folder) && stat_folder(own, &own_folder) &&
	       folder.st_dev == own_folder.st_dev &&
	       folder.st_ino == own_folder.st_ino;
}

/* Whether the configuration names it. */
static bool
is_configured(const struct bs_config *config, const char *path)
{
	const char *const files[] = {config->path, config->trap_key,
	    config->tag_key, config->control, config->feed_control,
	    config->cookie_secret_file, config->smtp_certificate,
	    config->smtp_key};

	for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
		if (files[i] != NULL && is_place(path, files[i]))
			return true;
	}
	for (size_t i = 0; i < config->zone_count; i++) {
		if (is_place(path, config->zone[i].file))
			return true;
	}
	for (size_t i = 0; i < config->exempt_file_count; i++) {
		if (is_place(path, config->exempt_files[i].path))
			return true;
	}
	for (size_t i = 0; i < config->rule_file_count; i++) {
		if (is_place(path, config->rule_files[i].path))
			return true;
	}
	return false;
}

/* Where something of ours is, or is going to be. */
static bool
is_ours(const struct bs_config *config, const char *path)
{
	static const char *const names[] = {
	    "data.mdb", "lock.mdb", BS_STORE_OLD_NAME, BS_STORE_AHEAD_NAME};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char own[PATH_MAX];

		(void)snprintf(
		    own, sizeof(own), "%s/%s", config->database, names[i]);
		if (is_place(path, own))
			return true;
	}
	return is_configured(config, path);
}

bool
ctl_target_may_be(const struct ctl *ctl, const char *path, const char *example)
{
	struct stat status;

	if (is_ours(ctl->config, path)) {
		ctl_say("%s: is in use itself: name a file to be made", path);
		return false;
	}
	if (stat(path, &status) != 0)
		return true;
	if (S_ISDIR(status.st_mode))
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
