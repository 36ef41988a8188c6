/*
 * backstopctl serial: shows the SOA serial of all zones, and moves it forward.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "json.h"

#include "ctl_command.h"

static bool
parse_serial(const struct ctl *ctl, uint32_t *serial_r)
{
	const char *text = ctl->options->value[CTL_AT_LEAST];
	uint64_t number = 0;
	const char *at;

	for (at = text; *at >= '0' && *at <= '9' && at - text < 11; at++)
		number = number * 10 + (uint64_t)(*at - '0');
	if (at != text && *at == '\0' && number <= UINT32_MAX) {
		*serial_r = (uint32_t)number;
		return true;
	}
	ctl_say("--at-least: %s: no serial: write a number from 0 to %u", text,
	    UINT32_MAX);
	return false;
}

static enum bs_exit
move(struct ctl *ctl, uint32_t serial, bool *moved_r)
{
	struct bs_writer *writer;
	enum bs_exit exit_code = ctl_begin(ctl, &writer);
	int error;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	error = bs_writer_serial_at_least(writer, serial, moved_r);
	if (error == BS_OK && !ctl->options->given[CTL_DRY_RUN])
		return ctl_commit(ctl, &writer);
	bs_writer_abort(&writer);
	return error == BS_OK
		   ? BS_EXIT_OK
		   : ctl_store_failed(ctl, "moving the serial", error);
}

static void
write_result(struct ctl *ctl, bool moved)
{
	uint32_t serial = bs_snapshot_serial(ctl->snapshot);

	if (ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_number(json, "serial", serial);
		bs_json_bool(json, "moved", moved);
		(void)bs_json_write(&json, stdout);
	} else if (ctl->options->given[CTL_DRY_RUN]) {
		printf(
		    "%" PRIu32 "%s\n", serial, moved ? " would be moved" : "");
	} else {
		printf("%" PRIu32 "\n", serial);
	}
}

enum bs_exit
ctl_serial(struct ctl *ctl)
{
	bool moves = ctl->options->given[CTL_AT_LEAST], moved = false;
	enum bs_exit exit_code;
	uint32_t serial = 0;

	if (moves && !parse_serial(ctl, &serial))
		return BS_EXIT_NO;
	exit_code = ctl_open_store(ctl, moves ? BS_STORE_WRITE : BS_STORE_READ);
	if (exit_code == BS_EXIT_OK && moves)
		exit_code = move(ctl, serial, &moved);
	if (exit_code == BS_EXIT_OK)
		exit_code = ctl_open_snapshot(ctl, BS_STORE_READ);
	if (exit_code == BS_EXIT_OK)
		write_result(ctl, moved);
	return exit_code;
}
