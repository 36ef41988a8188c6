/*
 * backstopctl list: all listings in order, or those that the filters want, a
 * line each.  The walk is ctl_walk.c's.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>

#include "json.h"

#include "ctl_command.h"
#include "ctl_due.h"
#include "ctl_listing.h"
#include "ctl_walk.h"

/* Stops at the first line that can't be written; main tells why. */
static void
write_batch(const struct ctl_walk *walk, bool as_json)
{
	for (size_t i = 0; i < walk->count && !ferror(stdout); i++) {
		const struct bs_prefix *exempt =
		    walk->exempt[i] ? &walk->exemption[i].prefix : NULL;

		if (as_json)
			ctl_listing_write_json(
			    &walk->listing[i], exempt, stdout);
		else
			ctl_listing_write_row(
			    &walk->listing[i], exempt, stdout);
	}
}

enum bs_exit
ctl_list(struct ctl *ctl)
{
	enum bs_exit exit_code = BS_EXIT_OK;
	struct ctl_walk *walk = ctl_walk_new(ctl, &exit_code);

	if (walk == NULL)
		return exit_code;
	exit_code = ctl_open_snapshot(ctl, BS_STORE_READ);
	while (exit_code == BS_EXIT_OK && !walk->ended && !ferror(stdout)) {
		int error = ctl_walk_batch(ctl, walk);

		if (error != BS_OK)
			exit_code = ctl_store_failed(ctl, "reading", error);
		else
			write_batch(walk, ctl->options->given[CTL_JSON]);
	}
	if (exit_code == BS_EXIT_OK)
		ctl_due_hint(ctl);
	free(walk);
	return exit_code;
}
