/*
 * Sightings that are in ahead.log and not in the database, in words.  While
 * serve runs these are on their way and nobody needs to know; after a kill the
 * list lacks them until it is started again.  The store counts them; called by
 * the commands that read the list, check it or copy it.
 */
#include "autoconf.h"

#include <inttypes.h>

#include "ctl_due.h"

struct bs_store_due
ctl_due_find(const struct ctl *ctl)
{
	struct bs_store_due due = {0};
	struct bs_message message;

	if (bs_store_look_ahead(ctl->store, &due, &message) != BS_OK)
		ctl_say("%s", message.text);
	return due;
}

void
ctl_due_say(
    const struct ctl *ctl, const struct bs_store_due *due, const char *what)
{
	const char *folder = ctl->config->database;
	const char *plural = due->sightings == 1 ? "" : "s";

	if (due->sightings == 0 || due->in_use)
		return;
	if (due->foreign)
		ctl_say("%s/" BS_STORE_AHEAD_NAME ": %" PRIu64
			" sighting%s of a newer database than this one, not "
			"taken in: restore backups by `backstopctl restore`",
		    folder, due->sightings, plural);
	else
		ctl_say("%s/" BS_STORE_AHEAD_NAME ": %" PRIu64
			" sighting%s not in %s yet: start `backstop-feed "
			"serve`, which takes them in",
		    folder, due->sightings, plural, what);
}

void
ctl_due_hint(const struct ctl *ctl)
{
	struct bs_store_due due = ctl_due_find(ctl);

	ctl_due_say(ctl, &due, "the list");
}

const char *
ctl_due_note(const struct bs_store_due *due)
{
	if (due->sightings == 0 || due->in_use)
		return "";
	return due->foreign ? "(of a newer database: never taken in)"
			    : "(`backstop-feed serve` takes them in when it is "
			      "started)";
}
