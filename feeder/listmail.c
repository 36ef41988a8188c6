/*
 * Tells mail of mailing lists by header fields and addresses: what a list passed
 * on for somebody, and what its own program writes.  What that is worth is left
 * to the rules; signals.c calls it.  Pure.
 */
#include "autoconf.h"

#include <string.h>

#include "listmail.h"

/* Whether it is the address of a list that bounces go to. */
static bool
is_lists_address(const char *address)
{
	static const char *const parts[] = {"-owner@", "-bounces@", "-bounces+",
	    "-admin@", "-errors@", "-request@", "-return-"};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (strstr(address, parts[i]) != NULL)
			return true;
	}
	return strncmp(address, "owner-", 6) == 0;
}

/* Sent by a list for somebody else: all that Majordomo shows of it. */
static bool
lists_envelope(const struct facts *facts)
{
	const char *sender = facts_header(facts, "sender");

	return (strcmp(facts->return_path, facts->from_address) != 0 &&
		   is_lists_address(facts->return_path)) ||
	       (sender != NULL && !is_lists_address(facts->from_address) &&
		   is_lists_address(sender + strspn(sender, " <\"")));
}

/* What the programs of lists write into each post, before and after RFC 2369
 * and RFC 2919. */
bool
listmail_is_passed_on(const struct facts *facts)
{
	static const char *const names[] = {"list-post", "x-beenthere",
	    "x-mailing-list", "mailing-list", "x-mailman-version", "x-ml-name"};

	return facts_has_header(facts, names, sizeof names / sizeof *names) ||
	       lists_envelope(facts);
}

/* Newsletters too. */
bool
listmail_is(const struct facts *facts)
{
	static const char *const names[] = {"list-post", "list-unsubscribe",
	    "list-id", "list-help", "list-archive", "x-beenthere",
	    "x-mailing-list", "mailing-list", "x-mailman-version", "x-ml-name"};
	const char *precedence = facts_header(facts, "precedence");

	return facts_has_header(facts, names, sizeof names / sizeof *names) ||
	       lists_envelope(facts) ||
	       (precedence != NULL && strstr(precedence, "list") != NULL);
}

/* Who writes for a list: its program, under the address of an office. */
bool
listmail_is_robot(const struct facts *facts)
{
	static const char *const parts[] = {"-request@", "-confirm@", "-owner@",
	    "-admin@", "-bounces@", "-help@", "-subscribe@", "-ctl@", "-join@",
	    "-leave@", "+help@", "+owner@", "+bounces", "-confirm+",
	    "-request+", "+confsub", "+confirm", "+subconfirm", "+noreply@",
	    "majordomo@", "listserv@", "sympa@", "ecartis@", "listar@",
	    "listproc@", "mailman@", "noreply@googlegroups.com"};

	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		if (strstr(facts->from_address, parts[i]) != NULL)
			return true;
	}
	return strncmp(facts->from_address, "owner-", 6) == 0;
}

bool
listmail_asks(const struct facts *facts)
{
	static const char *const stems[] = {"confirm", "bestatig", "bevestig",
	    "conferm", "verif", "valide", "activ", "aktivier", "potwierdz",
	    "potvr", "подтвер", "подтвержд", "підтвер", "onay", "dogrula",
	    "bekraft", "bekraeft", "bekreft", "vahvist", "確認", "确认", "認證",
	    "확인", "تاكيد", "megerosit", "επιβεβαι", "потвърд", "opt-in",
	    "last step", "one more", "almost"};

	for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
		if (strstr(facts->subject, stems[i]) != NULL)
			return true;
	}
	return false;
}
