/*
 * The table of backstopctl's commands.
 *
 * Only words here: what a command does is in its own file, how a row is picked
 * and checked is in main.c, how it is printed as help in ctl_help.c.
 */
#include "autoconf.h"

#include <stdint.h>
#include <string.h>

#include "ctl_command.h"
#include "ctl_walk.h"

static const struct ctl_command command_table[] = {
    {"show", ctl_show, 1, SIZE_MAX, CTL_TAKES_ALWAYS, "ADDRESS[/LEN]...",
	"what the list says of an address, and why",
	"All listings that cover the address are shown; the answer is the "
	"OR of their\nclasses. Exits 1 when one of the addresses is not "
	"listed.\n"},
    {"list", ctl_list, 0, 0, CTL_TAKES_ALWAYS | CTL_WALK_TAKES,
	"[--class CLASS[,CLASS]] [--prefix ADDRESS/LEN]\n"
	"           [--since TIME] [--feed NAME]",
	"all listings, a line each, sorted",
	"The columns are prefix, classes, last sighting, expiry, reason.\n"},
    {"add", ctl_add, 1, SIZE_MAX,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_CLASS) | CTL_TAKES(CTL_REASON) |
	    CTL_TAKES(CTL_FOR) | CTL_TAKES(CTL_WIDE),
	"ADDRESS[/LEN]... [--class CLASS[,CLASS]]\n"
	"           [--for TIME] [--reason TEXT] [--wide]",
	"list addresses or prefixes by hand",
	"All of them or, if one is refused, none. Without --class it is "
	"bounce; without\n--for it is as long as the policy keeps the "
	"class.\n\n"
	"    backstopctl add 198.51.100.7 --class bounce,callout "
	"--for 4w --reason 'ticket 12'\n"},
    {"remove", ctl_remove, 1, SIZE_MAX,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_REASON) | CTL_TAKES(CTL_SELF) |
	    CTL_TAKES(CTL_BY),
	"ADDRESS[/LEN]... [--reason TEXT]\n"
	"       backstopctl [-c FILE] [--json] remove --self ADDRESS --by "
	"ADDRESS",
	"end listings at once",
	"All of them or, if one is not listed, none. Mail received before "
	"the removal\nnever lists the address again.\n\n"
	"With --self it is who is listed that asks, from the address after "
	"--by: the\naddress itself or one of its IPv6 /64. Free and at once; "
	"who is listed again\nmay do so again after 1 day, then 7, then 28. "
	"A web page calls this.\n"},
    {"exempt", ctl_exempt, 0, SIZE_MAX,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_REASON) | CTL_TAKES(CTL_WIDE),
	"add ADDRESS[/LEN]... [--reason TEXT] [--wide]\n"
	"       backstopctl [-c FILE] [--json] exempt remove ADDRESS[/LEN]... "
	"[--reason TEXT]\n"
	"       backstopctl [-c FILE] [--json] exempt list",
	"never serve what is listed there",
	"What is listed in an exempt prefix is kept and not served; it "
	"returns when the\nexemption goes. What the configuration exempts is "
	"listed here too, and taken\nout there.\n"},
    {"import", ctl_import, 1, 1,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_FORMAT) | CTL_TAKES(CTL_CLASS) |
	    CTL_TAKES(CTL_FOR) | CTL_TAKES(CTL_REASON) | CTL_TAKES(CTL_WIDE) |
	    CTL_TAKES(CTL_DRY_RUN),
	"[--format plain|json] [--class CLASS[,CLASS]]\n"
	"           [--for TIME] [--reason TEXT] [--wide] [--dry-run] FILE|-",
	"list what a file says",
	"A plain list has an address or prefix a line, comments behind # or ;; "
	"JSON lines\nare those of `export --format json` and `list --json`. "
	"If one line is bad, all\nbad ones are told and nothing is imported.\n"},
    {"export", ctl_export, 0, 1,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_FORMAT) | CTL_WALK_TAKES,
	"[--format plain|json] [--class CLASS[,CLASS]]\n"
	"           [--prefix ADDRESS/LEN] [--since TIME] [--feed NAME] [FILE]",
	"write what is listed, for other programs",
	"Plain is what is served, an address or prefix a line; json is all "
	"that `import`\nneeds to have the same listings again.\n"},
    {"expire", ctl_expire, 0, 0,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_DRY_RUN) | CTL_TAKES(CTL_CONFIRM),
	"[--dry-run] [--confirm]", "end what is overdue now",
	"Every writer does a part of this; it is needed only where "
	"nothing else writes.\nAfter the clock has leaped by more than a day "
	"nothing ends for a day, unless\n--confirm says that it is right.\n"},
    {"history", ctl_history, 1, SIZE_MAX, CTL_TAKES_ALWAYS, "ADDRESS[/LEN]...",
	"what happened to an address, and who did it",
	"Sightings and renewals summed up by day (UTC); listing, removal, "
	"expiry and\nexemption with time, actor and reason, those of wider "
	"prefixes too. Kept 400\ndays after a listing ends. Exits 1 when "
	"there is none.\n"},
    {"evidence", ctl_evidence, 1, SIZE_MAX, CTL_TAKES_ALWAYS,
	"ADDRESS[/LEN]...",
	"what was seen of an address, for its administrator",
	"The newest few sightings: hour, source and class, and what the notice "
	"says of\nitself, with '*' for all that could tell a trap. Exits 1 when "
	"there is none.\n"},
    {"feed", ctl_feed, 1, SIZE_MAX, CTL_TAKES_ALWAYS,
	"list\n"
	"       backstopctl [-c FILE] [--json] feed held NAME\n"
	"       backstopctl [-c FILE] [--json] feed release|drop NAME "
	"[ADDRESS[/LEN]...]",
	"feeds, and what is held of one that lists too much",
	"A feed that newly lists more than its max-new-per-hour has the rest "
	"held:\nkept, and not listed. release has the policy judge it; drop "
	"forgets it and its\nsightings.\n"},
    {"purge", ctl_purge, 0, 0,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_CLASS) | CTL_TAKES(CTL_FEED) |
	    CTL_TAKES(CTL_PREFIX) | CTL_TAKES(CTL_SINCE) |
	    CTL_TAKES(CTL_UNTIL) | CTL_TAKES(CTL_DRY_RUN),
	"[--class CLASS[,CLASS]] [--feed NAME]\n"
	"           [--prefix ADDRESS/LEN] [--since TIME] [--until TIME] "
	"[--dry-run]",
	"take sightings back, and what only they had listed",
	"Those that all options are true of; at least one must be given. What "
	"others\nsupport, or a person added, stays. --dry-run only says what "
	"would go.\n"},
    {"serial", ctl_serial, 0, 0,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_AT_LEAST) | CTL_TAKES(CTL_DRY_RUN),
	"[--at-least N] [--dry-run]", "the SOA serial of all zones",
	"With --at-least it moves forward to N, where it is behind that (RFC "
	"1982);\nsecondaries transfer all then.\n"},
    {"backup", ctl_backup, 1, 1, CTL_TAKES_ALWAYS, "FILE",
	"copy the database while it is in use",
	"The copy is complete and of one moment; the traps' key is not in "
	"it.\n"},
    {"restore", ctl_restore, 1, 1,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_DRY_RUN) | CTL_TAKES(CTL_CONFIRM),
	"[--dry-run] [--confirm] FILE", "make a backup the database",
	"Stop all programs first. The backup is checked, the serial moves "
	"forward, and the\nfile that was stays as data.mdb.old.\n"},
    {"check", ctl_check, 0, 1, CTL_TAKES_ALWAYS, "[FILE]",
	"look at every record of the database, or of a backup",
	"Exits 1 when something is wrong, and says what and what to do.\n"},
    {"compact", ctl_compact, 0, 0, CTL_TAKES_ALWAYS | CTL_TAKES(CTL_DRY_RUN),
	"[--dry-run]", "make the file as small as it can be",
	"Stop all programs first.\n"},
    {"upgrade", ctl_upgrade, 0, 0, CTL_TAKES_ALWAYS | CTL_TAKES(CTL_DRY_RUN),
	"[--dry-run]", "have a database of an older version",
	"Stop all programs first. The file that was stays as data.mdb.old.\n"},
    {"stats", ctl_stats, 0, 0, CTL_TAKES_ALWAYS, "",
	"counts: listings, sightings, journal, size; what backstopd answered",
	"Below the numbers of the database come those of the running backstopd: "
	"queries by\ntransport, type, zone, response code and class, and who "
	"asks most.\n"},
    {"tag", ctl_tag, 0, SIZE_MAX,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_HEADER) | CTL_TAKES(CTL_SWAPPED),
	"make [--swapped] ADDRESS... | --header\n"
	"       backstopctl [-c FILE] [--json] tag check ADDRESS... | --header\n"
	"       backstopctl [-c FILE] [--json] tag key [list|rotate]",
	"tags by which bounces of our own mail are known",
	"make prints the address as prvs=KDDDSSSSSS=LOCAL@DOMAIN, to send with; "
	"with\n--header it reads a message and prints the header field to add. "
	"check exits 1\nwhen a tag is not ours or its time is over. key rotate "
	"makes a new key (the\nfirst, too); older ones stay good for what they "
	"tagged.\n"},
    {"reload", ctl_reload, 0, 0, CTL_TAKES_ALWAYS, "",
	"have backstopd read configuration and zone files again",
	"What backstopd finds wrong is said here and in its log; then all is "
	"served as\nbefore, and the exit code is 1. What is listed needs no "
	"reload.\n"},
    {"help", ctl_help, 0, 1, CTL_TAKES_ALWAYS, "[COMMAND]",
	"this text, or a command's", ""},

};

const struct ctl_command *
ctl_command_table(size_t *count_r)
{
	*count_r = sizeof(command_table) / sizeof(command_table[0]);
	return command_table;
}

const struct ctl_command *
ctl_command_find(const char *name)
{
	size_t count;
	const struct ctl_command *table = ctl_command_table(&count);

	for (size_t i = 0; i < count; i++) {
		if (strcmp(table[i].name, name) == 0)
			return &table[i];
	}
	return NULL;
}
