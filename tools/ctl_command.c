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

#define LATER "a later version brings it"

static const struct ctl_command command_table[] = {
    {"show", ctl_show, 1, SIZE_MAX, CTL_TAKES_ALWAYS, "ADDRESS[/LEN]...",
	"what the list says of an address, and why",
	"All listings that cover the address are shown; the answer is the "
	"OR of their\nclasses. Exits 1 when one of the addresses is not "
	"listed.\n"},
    {"list", ctl_list, 0, 0,
	CTL_TAKES_ALWAYS | CTL_TAKES(CTL_CLASS) | CTL_TAKES(CTL_PREFIX),
	"[--class CLASS[,CLASS]] [--prefix ADDRESS/LEN]",
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
    {"expire", ctl_expire, 0, 0, CTL_TAKES_ALWAYS, "",
	"end what is overdue now",
	"Every writer does a part of this; it is needed only where "
	"nothing else writes.\n"},
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
    {"stats", ctl_stats, 0, 0, CTL_TAKES_ALWAYS, "",
	"counts: listings, sightings, journal, size", ""},
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
    {"help", ctl_help, 0, 1, CTL_TAKES_ALWAYS, "[COMMAND]",
	"this text, or a command's", ""},

    {.name = "purge", .help = "end single listings by `remove`"},
    {.name = "import", .help = "give the addresses to `add`"},
    {.name = "export", .help = "`list --json` writes all listings"},
    {.name = "backup",
	.help = "copy the database by `mdb_copy` of Debian's lmdb-utils"},
    {.name = "check", .help = "`backstopd -t` says whether the database opens"},
    {.name = "restore",
	.help = "stop all programs and put back a copy of data.mdb"},
    {.name = "compact", .help = LATER},
    {.name = "serial", .help = "`stats` shows it"},
    {.name = "reload",
	.help = "restart backstopd; what is listed needs "
		"no reload"},
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
