/*
 * The names that mail systems and filters write under.  What they are worth
 * stands in the rules; view.c and signals.c ask.  Pure.
 */
#include "autoconf.h"

#include <stddef.h>
#include <string.h>

#include "sender.h"

/* Whether the local part is that name, an extension aside. */
static bool
local_is(const char *address, const char *name)
{
	size_t size = strlen(name);

	return strncmp(address, name, size) == 0 &&
	       (address[size] == '@' || address[size] == '\0' ||
		   address[size] == '-' || address[size] == '+');
}

bool
sender_is_robot(const char *address)
{
	static const char *const names[] = {"mailer-daemon", "mailer_daemon",
	    "maildaemon", "mail-daemon", "mdaemon", "double-bounce",
	    "mailerdaemon", "mail delivery", "postoffice", "mailsystem", "ndr",
	    "mail-gateway", "mailgateway", "uucp"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i][0] == address[0] && local_is(address, names[i]))
			return true;
	}
	return false;
}

bool
sender_is_postmaster(const char *address)
{
	return local_is(address, "postmaster") ||
	       local_is(address, "post_master") ||
	       local_is(address, "post-master");
}

bool
sender_takes_nothing(const char *address)
{
	static const char *const names[] = {"noreply", "no-reply", "no_reply",
	    "donotreply", "do-not-reply", "do_not_reply", "bounce", "bounces"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (local_is(address, names[i]))
			return true;
	}
	return false;
}

const char *
sender_without_tag(const char *address)
{
	const char *tag_end;

	if (strncmp(address, "prvs=", 5) != 0)
		return address;
	tag_end = strchr(address + 5, '=');
	return tag_end != NULL ? tag_end + 1 : address;
}

bool
sender_has_system_name(const struct pairs *from)
{
	static const char *const names[] = {"mailer-daemon", "mail delivery",
	    "delivery subsystem", "system administrator", "mail administrator",
	    "mail system", "postmaster", "mail server", "mailserver",
	    "mail service", "mail_service", "mail gateway", "mail-gateway",
	    "mail router", "smtp", "interscan", "mailmarshal", "antivirus"};

	return pairs_have(from, names, sizeof names / sizeof *names);
}

bool
sender_has_filter_name(const struct pairs *from)
{
	static const char *const names[] = {"virus", "amavis", "scanner",
	    "filter", "security", "mailsweeper", "mailmarshal", "symantec",
	    "mcafee", "kaspersky", "trend micro", "clamav", "scanmail",
	    "groupshield", "system attendant", "antigen", "interscan", "sophos",
	    "f-secure", "bitdefender", "antivir", "drweb", "dr.web",
	    "антивирус", "mimedefang", "ravms", "webshield", "norton", "nod32",
	    "f-prot", "panda", "qmail-scanner", "declude", "virenschutz",
	    "mailguard", "viruswall", "mimesweeper"};

	return pairs_have(from, names, sizeof names / sizeof *names);
}
