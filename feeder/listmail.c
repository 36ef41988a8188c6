/*
 * Tells mail of mailing lists by header fields and addresses: what a list passed
 * on for somebody, and what its own program writes.  What that is worth is left
 * to the rules; view.c and signals.c call it.  Pure.
 */
#include "autoconf.h"

#include <string.h>

#include "listmail.h"

/* Whether it is the address of a list that bounces go to. */
static bool
is_lists_address(const struct pairs *address)
{
	static const char *const parts[] = {"-owner@", "-bounces@", "-bounces+",
	    "-bounce@", "-admin@", "-errors@", "-error@", "-request@",
	    "-return-"};

	return pairs_have(address, parts, sizeof parts / sizeof *parts) ||
	       strncmp(address->text, "owner-", 6) == 0;
}

static bool
is_lists_text(const char *text)
{
	struct pairs pairs;

	pairs_of(text, &pairs);
	return is_lists_address(&pairs);
}

/* What a list's own program asks a reader for has that envelope as well. */
static bool
asks_with_link(const struct view *view)
{
	return view->facts->links > 0 && !view->is_reply && listmail_asks(view);
}

/* Sent by a list for somebody else: all that Majordomo shows of it. */
static bool
lists_envelope(const struct view *view)
{
	const struct facts *facts = view->facts;
	static const enum view_field fields[] = {VIEW_SENDER, VIEW_ERRORS_TO};

	for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
		const char *value = view->field[fields[i]];

		if (value != NULL && !is_lists_address(&view->address) &&
		    is_lists_text(value + strspn(value, " <\"")))
			return true;
	}
	return strcmp(facts->return_path, facts->from_address) != 0 &&
	       is_lists_text(facts->return_path) && !asks_with_link(view);
}

/* What the programs of lists write into each post, before and after RFC 2369
 * and RFC 2919. */
bool
listmail_is_passed_on(const struct view *view)
{
	return view->field[VIEW_LIST_POST] != NULL ||
	       view->field[VIEW_X_BEENTHERE] != NULL ||
	       view->field[VIEW_X_MAILING_LIST] != NULL ||
	       view->field[VIEW_MAILING_LIST] != NULL ||
	       view->field[VIEW_X_MAILMAN_VERSION] != NULL ||
	       view->field[VIEW_X_ML_NAME] != NULL ||
	       view->field[VIEW_X_ECARTIS_VERSION] != NULL ||
	       view->field[VIEW_X_LIST] != NULL || lists_envelope(view);
}

bool
listmail_is(const struct view *view)
{
	return view->is_passed_on ||
	       view->field[VIEW_LIST_UNSUBSCRIBE] != NULL ||
	       view->field[VIEW_LIST_ID] != NULL ||
	       view->field[VIEW_LIST_HELP] != NULL ||
	       view->field[VIEW_LIST_ARCHIVE] != NULL ||
	       view_has(view, VIEW_PRECEDENCE, "list");
}

/* Who writes for a list: its program, under the address of an office. */
bool
listmail_is_robot(const struct view *view)
{
	static const char *const parts[] = {"-request@", "-confirm@", "-owner@",
	    "-admin@", "-bounces@", "-help@", "-subscribe@", "-ctl@", "-join@",
	    "-leave@", "+help@", "+owner@", "+bounces", "-confirm+",
	    "-request+", "+confsub", "+confirm", "+subconfirm", "+noreply@",
	    "majordomo@", "listserv@", "sympa@", "ecartis@", "listar@",
	    "listproc@", "mailman@", "noreply@googlegroups.com"};

	return pairs_have(
		   &view->address, parts, sizeof parts / sizeof *parts) ||
	       strncmp(view->facts->from_address, "owner-", 6) == 0 ||
	       strncmp(view->facts->from_address, "confirm-", 8) == 0;
}

bool
listmail_asks(const struct view *view)
{
	static const char *const stems[] = {"confirm", "bestatig", "bevestig",
	    "conferm", "verif", "valide", "activ", "aktivier", "potwierdz",
	    "potvr", "подтвер", "подтвержд", "підтвер", "onay", "dogrula",
	    "bekraft", "bekraeft", "bekreft", "vahvist", "確認", "确认", "認證",
	    "확인", "تاكيد", "megerosit", "επιβεβαι", "потвърд", "opt-in",
	    "last step", "one more", "almost", "仮登録", "本登録"};

	return pairs_have(&view->subject, stems, sizeof stems / sizeof *stems);
}
