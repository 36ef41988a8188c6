/*
 * Signals: yes/no questions about the facts of a message, by the names that
 * the rules use for them.  Each is one observation; what it is worth stands in
 * the rules.  What many of them ask is found once (view.c); who sent it is told by
 * sender.c, what it answers by answers.c, mail of lists by listmail.c, what comes from
 * a postmaster by office.c.  Pure.
 */
#include "autoconf.h"

#include <string.h>

#include "answers.h"
#include "listmail.h"
#include "office.h"
#include "sender.h"
#include "signals.h"
#include "text.h"
#include "view.h"

#define SIGNATURE_LINKS_MAX 8
#define NOTICE_MAX 1500 /* bytes of a text that says that mail was refused */

/* --- of the view ------------------------------------------------------------ */

#define VIEWED(name)                              \
	static bool name(const struct view *view) \
	{                                         \
		return view->name;                \
	}
VIEWED(null_return_path)
VIEWED(robot_return_path)
VIEWED(postmaster_return_path)
VIEWED(daemon_from)
VIEWED(null_from)
VIEWED(names_failed)
VIEWED(status_of_recipient)
VIEWED(has_disposition)
VIEWED(has_named_field)
VIEWED(is_desks)
VIEWED(is_to_nobody)
VIEWED(is_list)
VIEWED(is_list_robot)

#define MEMBER(name)                              \
	static bool name(const struct view *view) \
	{                                         \
		return view->facts->name;         \
	}
MEMBER(has_status_part)
MEMBER(has_returned_message)
MEMBER(has_returned_headers)
MEMBER(text_has_returned)
MEMBER(text_has_reply_code)
MEMBER(text_names_address)
MEMBER(text_has_status_fields)

/* --- who sent it -------------------------------------------------------------- */

/* Programs that people's mail goes through put one in; RFC 5322 section 3.6
 * wants one. */
static bool
no_from(const struct view *view)
{
	return view->field[VIEW_FROM] == NULL &&
	       view->facts->from_name[0] == '\0' &&
	       view->facts->from_address[0] == '\0';
}

/* A notice takes no answers (RFC 5321 section 6.1).  Whoever stored it may have
 * left the envelope out. */
static bool
takes_no_answers(const struct view *view)
{
	return view->null_return_path ||
	       (!view->facts->has_return_path &&
		   (view->daemon_from || view->null_from || view->daemon_name));
}

/* A person's mail: no report either, which has its proof in its fields. */
static bool
no_sender_no_status(const struct view *view)
{
	return !view->from_mail_system && !view->status_of_recipient &&
	       !view->has_disposition;
}

/* Virus notices come from the filter by name, or from a mail system. */
static bool
no_filter(const struct view *view)
{
	return !view->from_mail_system && !sender_has_filter_name(&view->from);
}

/* A trap sends nothing, so its own domain has nothing to bounce. */
static bool
own_domain(const struct view *view)
{
	const char *from = strchr(view->facts->from_address, '@');
	const char *trap = strchr(view->facts->trap, '@');

	return from != NULL && trap != NULL && strcmp(from, trap) == 0 &&
	       view->no_status;
}

/* So says who has made one up even where he puts a status in: what there is to
 * click, and nothing comes back. */
static bool
own_domain_links(const struct view *view)
{
	return office_is_of_traps_house(view) && view->facts->links > 0 &&
	       !view->has_returned;
}

/* A post that a list passed on: from somebody, and not said by the list's
 * program, which writes under an office's address and marks what it says. */
static bool
is_list_post(const struct view *view)
{
	return view->is_list &&
	       (view->is_passed_on ||
		   (view->refers_back &&
		       !view_has(view, VIEW_AUTO_SUBMITTED, "auto-"))) &&
	       !view->is_list_robot && !view->null_return_path &&
	       !view_has(view, VIEW_X_LIST_ADMINISTRIVIA, "yes");
}

/* What people's programs write, and a list's own does not. */
static bool
is_posting(const struct view *view)
{
	return view->is_reply || view->field[VIEW_X_MAILING_LIST] != NULL ||
	       view->field[VIEW_USER_AGENT] != NULL;
}

/* --- what it is and has -------------------------------------------------------- */

static bool
status_with_action(const struct view *view)
{
	return view->status_of_recipient &&
	       view->facts->dsn.action != DSN_ACTION_NONE;
}

static bool
is_report(const struct view *view)
{
	return strcmp(view->facts->content_type, "multipart/report") == 0;
}

static bool
is_status_report(const struct view *view)
{
	return strcmp(view->facts->report_type, "delivery-status") == 0;
}

/* Somebody hands on a bounce as an attachment. */
static bool
status_handed_on(const struct view *view)
{
	return view->facts->has_status_part && !is_report(view) &&
	       !view->from_mail_system;
}

static bool
is_feedback(const struct view *view)
{
	const char *type = view->facts->report_type;

	return view->facts->has_feedback_part ||
	       strcmp(type, "feedback-report") == 0 ||
	       strcmp(type, "tlsrpt") == 0 || strcmp(type, "dmarc") == 0;
}

static bool
returns_ours(const struct view *view)
{
	return text_returns_ours(view->facts);
}

static bool
runs_without_status(const struct view *view)
{
	return view->facts->has_executable && view->no_status;
}

/* A notice has what it returns, and that is no document of its own. */
static bool
document_alone(const struct view *view)
{
	return view->facts->has_document && view->no_status &&
	       !view->has_returned;
}

static bool
html_only(const struct view *view)
{
	return view->facts->html_only && view->no_status;
}

static bool
html_links(const struct view *view)
{
	return html_only(view) && view->facts->links > 0;
}

/* As forms of strangers do, which are filled in for who reads them. */
static bool
links_with_address(const struct view *view)
{
	return view->facts->links > 0 &&
	       text_links_with(view->facts->text, view->facts->trap);
}

/* A bounce that tells of a page has the message with it, or its fields. */
static bool
links_nothing_returned(const struct view *view)
{
	const struct facts *facts = view->facts;

	return facts->links > 0 && view->no_status && !view->has_returned &&
	       !facts->text_has_status_fields;
}

static bool
links_only(const struct view *view)
{
	const struct facts *facts = view->facts;

	return facts->links > 0 && view->no_status && !view->has_returned &&
	       !facts->text_has_reply_code;
}

/* Who makes a status up as well has something for it to be clicked, and nothing
 * that a trap never sent can be returned. */
static bool
status_with_links(const struct view *view)
{
	return view->facts->links > 0 && !view->no_status &&
	       !view->has_returned;
}

static bool
status_that_runs(const struct view *view)
{
	return view->facts->has_executable && !view->no_status &&
	       !view->has_returned;
}

static bool
links_no_answer(const struct view *view)
{
	return view->facts->links > 0 && answers_nothing(view);
}

/* A notice says little of its own. */
static bool
is_long_letter(const struct view *view)
{
	return view->no_status && !view->has_returned &&
	       strnlen(view->facts->words, NOTICE_MAX + 1) > NOTICE_MAX;
}

/* More than a signature has. */
static bool
many_links_no_answer(const struct view *view)
{
	return view->facts->links > SIGNATURE_LINKS_MAX &&
	       answers_nothing(view);
}

/* Spammers want something from whom they write to. */
static bool
nothing_to_click(const struct view *view)
{
	const struct facts *facts = view->facts;

	return facts->links == 0 && !facts->html_only && !facts->has_executable;
}

/* So, and HTML may be all of it, as people's programs write. */
static bool
no_link(const struct view *view)
{
	return view->facts->links == 0 && !view->facts->has_executable;
}

static bool
no_virus_subject(const struct view *view)
{
	static const char *const words[] = {"virus", "infect", "banned",
	    "malware", "content", "attachment", "quarantine", "вирус",
	    "ウイルス", "ウィルス", "病毒", "바이러스", "wirus", "infett",
	    "вірус", "viren", "scanmail", "groupshield", "antigen", "malicious",
	    "worm", "mimedefang", "blocked", "blockiert", "schad", "anhang",
	    "فيروس", "ιου"};

	return !pairs_have(&view->subject, words, sizeof words / sizeof *words);
}

/* Mailman's "confirm 3d5c1b". */
static bool
confirm_token(const struct view *view)
{
	const char *subject = view->facts->subject;
	size_t size;

	if (strncmp(subject, "confirm ", 8) != 0)
		return false;
	size = strspn(subject + 8, "0123456789abcdef");
	return size >= 6 && subject[8 + size] == '\0';
}

/* --- all of them ----------------------------------------------------------------- */

static const struct signal {
	const char *name;
	const char *text;
	bool (*holds)(const struct view *view);
} signals[] = {
    {"status-with-action", "status of a recipient with an action",
	status_with_action},
    {"status-of-recipient", "status of a recipient", status_of_recipient},
    {"status-part", "delivery-status part", has_status_part},
    {"disposition", "disposition", has_disposition},
    {"failed-recipients", "X-Failed-Recipients with an address", names_failed},
    {"status-fields-in-text", "status fields in the text",
	text_has_status_fields},
    {"null-return-path", "Return-Path: <>", null_return_path},
    {"takes-no-answers", "Return-Path: <>, or none and a mail system's From",
	takes_no_answers},
    {"mail-system-return-path", "Return-Path of a mail system",
	robot_return_path},
    {"postmaster-return-path", "Return-Path of a postmaster",
	postmaster_return_path},
    {"mail-system-from", "From of a mail system", daemon_from},
    {"null-from", "From: <>", null_from},
    {"no-from", "no From", no_from},
    {"no-filter-as-sender", "neither a filter nor a mail system as sender",
	no_filter},
    {"no-mail-system-no-status", "neither a mail system as sender nor a status",
	no_sender_no_status},
    {"postmaster-writes", "a postmaster's own mail", office_is_by_hand},
    {"office-writes", "a postmaster or his program", office_may_be_by_hand},
    {"transcript", "what an SMTP server said to the trap's message",
	office_transcript},
    {"report", "multipart/report", is_report},
    {"delivery-report", "report-type=delivery-status", is_status_report},
    {"status-handed-on", "status part in a person's mail", status_handed_on},
    {"returned-message", "returned message", has_returned_message},
    {"returned-headers", "returned headers", has_returned_headers},
    {"returned-in-text", "returned message in the text", text_has_returned},
    {"reply-code-in-text", "reply code in the text", text_has_reply_code},
    {"returns-ours", "a message of the trap's returned", returns_ours},
    {"names-address", "address of somebody else in the text",
	text_names_address},
    {"feedback-report", "feedback report", is_feedback},
    {"other-report", "report of another kind", answers_is_other_report},
    {"list-mail", "mailing list", is_list},
    {"list-post", "a post that a list passed on", is_list_post},
    {"list-posting", "written with a person's program", is_posting},
    {"runs-no-status", "attachment that runs, no status", runs_without_status},
    {"document-alone", "a document or a picture, no status, nothing returned",
	document_alone},
    {"html-links-no-status", "HTML only with links, no status", html_links},
    {"html-no-status", "HTML only, no status", html_only},
    {"links-with-address", "a link with the trap's address",
	links_with_address},
    {"links-nothing-returned", "links and nothing returned",
	links_nothing_returned},
    {"links-nothing-quoted", "links, nothing returned and no reply code",
	links_only},
    {"status-with-links", "a status, links and nothing returned",
	status_with_links},
    {"status-that-runs",
	"a status, an attachment that runs and nothing returned",
	status_that_runs},
    {"own-domain-no-status", "From of the trap's own domain, no status",
	own_domain},
    {"own-domain-links", "From of the trap's own domain and links",
	own_domain_links},
    {"links-no-answer", "links and no sign of an answer", links_no_answer},
    {"no-robots-answer", "no sign of a robot's answer", answers_not_as_robot},
    {"many-links-no-answer", "many links and no sign of an answer",
	many_links_no_answer},
    {"robots-answer", "a robot's answer", answers_as_robot},
    {"marked-automatic", "marked as written by a program",
	answers_marked_automatic},
    {"quotes", "quotes what it answers", answers_with_quotes},
    {"named-field", "a field or a program named after automatic replies",
	has_named_field},
    {"ticket-system", "written by a ticket system", is_desks},
    {"to-nobody", "to undisclosed recipients", is_to_nobody},
    {"answers-by-field", "a field that only automatic replies have",
	answers_by_field},
    {"answers-by-subject", "a subject that only automatic replies have",
	answers_by_subject},
    {"read-by-subject", "a subject that read receipts have",
	answers_read_by_subject},
    {"long-letter", "a long text, nothing returned, no status", is_long_letter},
    {"lone-letter", "a short letter that names no other",
	answers_as_lone_letter},
    {"answers-itself", "answers a message of its own site", answers_itself},
    {"nothing-to-click", "no link, no HTML alone, no attachment that runs",
	nothing_to_click},
    {"no-link", "no link, no attachment that runs", no_link},
    {"no-virus-subject", "no virus in the subject", no_virus_subject},
    {"asks-to-confirm", "subject asks to confirm", listmail_asks},
    {"list-robot", "From of a list robot", is_list_robot},
    {"confirm-token", "subject is a confirmation token", confirm_token},
};
#define SIGNAL_COUNT (sizeof signals / sizeof *signals)

_Static_assert(SIGNAL_COUNT <= SIGNALS_MAX, "a bit each");
_Static_assert((int)VIEW_FIELD_COUNT <= SIGNALS_FIELDS_MAX, "room for each");

size_t
signals_count(void)
{
	return SIGNAL_COUNT;
}

const char *
signals_name(size_t index)
{
	return signals[index].name;
}

const char *
signals_text(size_t index)
{
	return signals[index].text;
}

size_t
signals_field_count(void)
{
	return VIEW_FIELD_COUNT;
}

const char *
signals_field_name(size_t index)
{
	return view_field_name((enum view_field)index);
}

uint64_t
signals_of(const struct facts *facts, const char *const *field)
{
	struct view view;
	uint64_t holding = 0;

	view_of(facts, field, &view);
	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		if (signals[i].holds(&view))
			holding |= UINT64_C(1) << i;
	}
	return holding;
}

static bool
holds(uint64_t holding, bool (*signal)(const struct view *view))
{
	size_t i = 0;

	while (signals[i].holds != signal)
		i++;
	return (holding >> i & 1) != 0;
}

bool
signals_sender_is_no_system(const struct facts *facts)
{
	const char *sender = sender_without_tag(facts->return_path);

	return facts->has_return_path && sender[0] != '\0' &&
	       strcmp(sender, "null") != 0 && !sender_is_robot(sender) &&
	       !sender_is_postmaster(sender);
}

bool
signals_are_of_office(uint64_t holding)
{
	return holds(holding, office_may_be_by_hand);
}

bool
signals_are_of_lure(uint64_t holding)
{
	return holds(holding, links_only) &&
	       !holds(holding, text_has_status_fields) &&
	       !holds(holding, has_status_part);
}

bool
signals_are_of_own_lure(uint64_t holding)
{
	return holds(holding, own_domain_links);
}

bool
signals_are_of_made_up_status(uint64_t holding)
{
	return holds(holding, status_that_runs);
}

bool
signals_are_of_page(uint64_t holding)
{
	return signals_are_of_lure(holding) && holds(holding, html_links);
}

bool
signals_are_of_robots_answer(uint64_t holding)
{
	return holds(holding, answers_as_robot) &&
	       holds(holding, answers_by_field);
}

bool
signals_are_of_lone_letter(uint64_t holding)
{
	return holds(holding, answers_as_lone_letter);
}

bool
signals_are_of_letter(uint64_t holding)
{
	return signals_are_of_lone_letter(holding) &&
	       !holds(holding, answers_marked_automatic);
}

bool
signals_are_of_null_sender(uint64_t holding)
{
	return holds(holding, null_return_path);
}

bool
signals_are_of_answer(uint64_t holding)
{
	return holds(holding, answers_by_field);
}

bool
signals_are_of_desk(uint64_t holding)
{
	return holds(holding, is_desks);
}

bool
signals_are_of_list_post(uint64_t holding)
{
	return holds(holding, is_list_post);
}
