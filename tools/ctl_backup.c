/*
 * backstopctl backup: a consistent copy of the database while others use it.
 * The trap's key is no part of it.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>

#include "json.h"
#include "store_admin.h"

#include "ctl_command.h"
#include "ctl_due.h"
#include "ctl_target.h"

enum bs_exit
ctl_backup(struct ctl *ctl)
{
	const char *path = ctl->options->arguments[0];
	enum bs_exit exit_code = ctl_load_config(ctl);
	struct bs_message message;
	struct bs_store_due due;
	uint64_t bytes;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	if (!ctl_target_may_be(ctl, path, "backstop.backup"))
		return BS_EXIT_NO;
	exit_code = ctl_open_store(ctl, BS_STORE_READ);
	if (exit_code != BS_EXIT_OK)
		return exit_code;
	if (bs_store_backup(ctl->store, path, &bytes, &message) != BS_OK) {
		ctl_say("%s", message.text);
		return BS_EXIT_ENVIRONMENT;
	}
	due = ctl_due_find(ctl);
	ctl_due_say(ctl, &due, "the list, nor in the backup,");
	if (ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_text(json, "path", path);
		bs_json_number(json, "bytes", bytes);
		bs_json_number(json, "ahead", due.in_use ? 0 : due.sightings);
		(void)bs_json_write(&json, stdout);
	} else {
		printf("%s: %" PRIu64 " bytes\n", path, bytes);
	}
	return BS_EXIT_OK;
}
