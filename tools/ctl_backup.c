/*
 * backstopctl backup: a consistent copy of the database while others use it.
 * The trap's key is no part of it.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>

#include "json.h"
#include "store_admin.h"

#include "ctl_command.h"

static bool
is_same(const struct stat *a, const char *path)
{
	struct stat b;

	return stat(path, &b) == 0 && a->st_dev == b.st_dev &&
	       a->st_ino == b.st_ino;
}

/* What is there and must not be replaced. */
static bool
is_ours(const struct ctl *ctl, const char *path)
{
	static const char *const names[] = {"data.mdb", "lock.mdb"};
	struct stat status;

	if (stat(path, &status) != 0)
		return false;
	for (size_t i = 0; i < 2; i++) {
		char own[PATH_MAX];

		(void)snprintf(
		    own, sizeof(own), "%s/%s", ctl->config->database, names[i]);
		if (is_same(&status, own))
			return true;
	}
	return is_same(&status, ctl->config->trap_key) ||
	       is_same(&status, ctl->config->path);
}

static bool
may_write(const struct ctl *ctl, const char *path)
{
	struct stat status;

	if (is_ours(ctl, path)) {
		ctl_say("%s: is in use itself: name a file to be made", path);
		return false;
	}
	if (stat(path, &status) == 0 && !S_ISREG(status.st_mode)) {
		ctl_say("%s: is no file: name a file to be made, like %s/%s",
		    path, path, "backstop.backup");
		return false;
	}
	return true;
}

enum bs_exit
ctl_backup(struct ctl *ctl)
{
	const char *path = ctl->options->arguments[0];
	enum bs_exit exit_code = ctl_load_config(ctl);
	struct bs_message message;
	uint64_t bytes;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	if (!may_write(ctl, path))
		return BS_EXIT_NO;
	exit_code = ctl_open_store(ctl, BS_STORE_READ);
	if (exit_code != BS_EXIT_OK)
		return exit_code;
	if (bs_store_backup(ctl->store, path, &bytes, &message) != BS_OK) {
		ctl_say("%s", message.text);
		return BS_EXIT_ENVIRONMENT;
	}
	if (ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_text(json, "path", path);
		bs_json_number(json, "bytes", bytes);
		(void)bs_json_write(&json, stdout);
	} else {
		printf("%s: %" PRIu64 " bytes\n", path, bytes);
	}
	return BS_EXIT_OK;
}
