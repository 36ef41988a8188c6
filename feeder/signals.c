/*
 * Signals: yes/no questions about the facts of a message, by the names that
 * the rules use for them.  Each is one observation; what it is worth stands in
 * the rules.  Pure.
 */
#include "autoconf.h"

#include <string.h>

#include "listmail.h"
#include "signals.h"

#define SIGNATURE_LINKS_MAX 4

/* Whether the local part is that name, an extension aside. */
static bool
local_is(const char *address, const char *name)
{
	size_t size = strlen(name);

	return strncmp(address, name, size) == 0 &&
	       (address[size] == '@' || address[size] == '\0' ||
		   address[size] == '-' || address[size] == '+');
}

/* Local parts that no person writes from. */
static bool
is_robot(const char *address)
{
	static const char *const names[] = {"mailer-daemon", "mailer_daemon",
	    "maildaemon", "mail-daemon", "mdaemon", "double-bounce",
	    "mailerdaemon", "mail delivery", "postoffice", "mailsystem", "ndr",
	    "mail-gateway", "mailgateway"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (local_is(address, names[i]))
			return true;
	}
	return false;
}

/* Local parts of mail systems; behind postmaster may be a person. */
static bool
is_daemon(const char *address)
{
	return is_robot(address) || local_is(address, "postmaster");
}

/* Passes over the tag of BATV: prvs=TAG=local@domain. */
static const char *
without_tag(const char *address)
{
	const char *tag_end;

	if (strncmp(address, "prvs=", 5) != 0)
		return address;
	tag_end = strchr(address + 5, '=');
	return tag_end != NULL ? tag_end + 1 : address;
}

/* Spam has the field too, with anything in it. */
static bool
names_failed(const struct facts *facts)
{
	const char *failed = facts_header(facts, "x-failed-recipients");

	return failed != NULL && strchr(failed, '@') != NULL;
}

static bool
no_status(const struct facts *facts)
{
	return facts->dsn.recipients == 0 && !names_failed(facts);
}

static bool
status_with_action(const struct facts *facts)
{
	return facts->has_status_part && facts->dsn.recipients > 0 &&
	       facts->dsn.action != DSN_ACTION_NONE;
}

static bool
status_of_recipient(const struct facts *facts)
{
	return facts->has_status_part && facts->dsn.recipients > 0;
}

static bool
has_disposition(const struct facts *facts)
{
	return facts->has_disposition_part && facts->dsn.has_disposition;
}

static bool
null_return_path(const struct facts *facts)
{
	return facts->has_return_path && facts->return_path_is_null;
}

static bool
daemon_return_path(const struct facts *facts)
{
	return facts->has_return_path &&
	       is_robot(without_tag(facts->return_path));
}

static bool
postmaster_return_path(const struct facts *facts)
{
	return facts->has_return_path &&
	       local_is(without_tag(facts->return_path), "postmaster");
}

static bool
daemon_from(const struct facts *facts)
{
	return is_daemon(facts->from_address);
}

static bool
null_from(const struct facts *facts)
{
	return strcmp(facts->from_address, "@") == 0 ||
	       (facts->from_address[0] == '\0' &&
		   strstr(facts->from_name, "<>") != NULL);
}

/* Programs that people's mail goes through put one in; RFC 5322 section 3.6
 * wants one. */
static bool
no_from(const struct facts *facts)
{
	return facts_header(facts, "from") == NULL &&
	       facts->from_name[0] == '\0' && facts->from_address[0] == '\0';
}

/* The From value, its display name included. */
static bool
daemon_name(const struct facts *facts)
{
	static const char *const names[] = {"mailer-daemon", "mail delivery",
	    "delivery subsystem", "system administrator", "mail administrator",
	    "mail system", "postmaster", "mail server", "mailserver",
	    "mail service", "mail_service", "mail gateway", "mail-gateway",
	    "mail router", "smtp", "interscan", "mailmarshal", "antivirus"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strstr(facts->from_name, names[i]) != NULL)
			return true;
	}
	return false;
}

static bool
from_mail_system(const struct facts *facts)
{
	return null_return_path(facts) || daemon_return_path(facts) ||
	       postmaster_return_path(facts) || daemon_from(facts) ||
	       null_from(facts) || daemon_name(facts);
}

/* A person's mail: no report either, which has its proof in its fields. */
static bool
no_sender_no_status(const struct facts *facts)
{
	return !from_mail_system(facts) && !status_of_recipient(facts) &&
	       !has_disposition(facts);
}

static bool
has_returned(const struct facts *facts)
{
	return facts->has_returned_message || facts->has_returned_headers ||
	       facts->text_has_returned;
}

/* The subject behind the "[name] " that lists and ticket systems put first. */
static const char *
untagged_subject(const struct facts *facts)
{
	const char *end;

	if (facts->subject[0] != '[')
		return facts->subject;
	end = strchr(facts->subject, ']');
	return end != NULL ? end + 1 + strspn(end + 1, " ") : facts->subject;
}

/* What people's programs put before a subject, in answers and forwards. */
static bool
subject_is_reply(const struct facts *facts)
{
	static const char *const prefixes[] = {
	    "re:", "re :", "aw:", "antw:", "sv:", "vs:", "odp:", "ynt:", "res:",
	    "rif:", "fwd:", "fw:", "wg:", "tr:", "tr :", "rv:", "enc:", "vl:",
	    "pd:", "回复:", "转发:", "回覆:", "轉寄:", "回复：", "转发："};

	const char *subject = untagged_subject(facts);

	for (size_t i = 0; i < sizeof prefixes / sizeof *prefixes; i++) {
		if (strncmp(subject, prefixes[i], strlen(prefixes[i])) == 0)
			return true;
	}
	return false;
}

/* Postmasters are people too: an envelope that takes answers, no field of a
 * report, and nothing returned, unless they hand it on. */
static bool
postmaster_writes(const struct facts *facts)
{
	return facts->has_return_path && !facts->return_path_is_null &&
	       !is_robot(without_tag(facts->return_path)) &&
	       !is_robot(facts->from_address) && !null_from(facts) &&
	       no_status(facts) && !facts->text_has_status_fields &&
	       (!has_returned(facts) || subject_is_reply(facts));
}

/* Virus notices come from the filter by name, or from a mail system. */
static bool
no_filter(const struct facts *facts)
{
	static const char *const names[] = {"virus", "amavis", "scanner",
	    "filter", "security", "mailsweeper", "mailmarshal", "symantec",
	    "mcafee", "kaspersky", "trend micro", "clamav", "scanmail",
	    "groupshield", "system attendant", "antigen", "interscan", "sophos",
	    "f-secure", "bitdefender", "antivir", "drweb", "dr.web",
	    "антивирус", "mimedefang"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strstr(facts->from_name, names[i]) != NULL)
			return false;
	}
	return !from_mail_system(facts);
}

static bool
is_report(const struct facts *facts)
{
	return strcmp(facts->content_type, "multipart/report") == 0;
}

static bool
is_status_report(const struct facts *facts)
{
	return strcmp(facts->report_type, "delivery-status") == 0;
}

/* Somebody hands on a bounce as an attachment. */
static bool
status_handed_on(const struct facts *facts)
{
	return facts->has_status_part && !is_report(facts) &&
	       !from_mail_system(facts);
}

/* DMARC's and others': no answer to a mail, but a report on one. */
static bool
is_other_report(const struct facts *facts)
{
	return is_report(facts) && !is_status_report(facts) &&
	       !status_of_recipient(facts) && !has_disposition(facts);
}

static bool
is_feedback(const struct facts *facts)
{
	return facts->has_feedback_part ||
	       strcmp(facts->report_type, "feedback-report") == 0 ||
	       strcmp(facts->report_type, "tlsrpt") == 0 ||
	       strcmp(facts->report_type, "dmarc") == 0;
}

static bool
header_value_has(const struct facts *facts, const char *name, const char *part)
{
	const char *value = facts_header(facts, name);

	return value != NULL && strstr(value, part) != NULL;
}

/* Whether it goes back to a message of ours, as far as its header tells. */
static bool
refers_back(const struct facts *facts)
{
	return facts_header(facts, "in-reply-to") != NULL ||
	       facts_header(facts, "references") != NULL ||
	       subject_is_reply(facts);
}

/* A post that a list passed on: from somebody, and not said by the list's
 * program, which writes under an office's address and marks what it says. */
static bool
is_list_post(const struct facts *facts)
{
	return listmail_is(facts) &&
	       (listmail_is_passed_on(facts) ||
		   (refers_back(facts) &&
		       !header_value_has(facts, "auto-submitted", "auto-"))) &&
	       !listmail_is_robot(facts) && !null_return_path(facts) &&
	       !header_value_has(facts, "x-list-administrivia", "yes");
}

/* What people's programs write, and a list's own does not. */
static bool
is_posting(const struct facts *facts)
{
	return subject_is_reply(facts) ||
	       facts_header(facts, "x-mailing-list") != NULL ||
	       facts_header(facts, "user-agent") != NULL;
}

static bool
runs_without_status(const struct facts *facts)
{
	return facts->has_executable && no_status(facts);
}

static bool
html_links(const struct facts *facts)
{
	return facts->html_only && facts->links > 0 && no_status(facts);
}

static bool
html_only(const struct facts *facts)
{
	return facts->html_only && no_status(facts);
}

/* A bounce that tells of a page has the message with it, or its fields. */
static bool
links_nothing_returned(const struct facts *facts)
{
	return facts->links > 0 && no_status(facts) && !has_returned(facts) &&
	       !facts->text_has_status_fields;
}

static bool
links_only(const struct facts *facts)
{
	return facts->links > 0 && no_status(facts) && !has_returned(facts) &&
	       !facts->text_has_reply_code;
}

/* A trap sends nothing, so its own domain has nothing to bounce. */
static bool
own_domain(const struct facts *facts)
{
	const char *from = strchr(facts->from_address, '@');
	const char *trap = strchr(facts->trap, '@');

	return from != NULL && trap != NULL && strcmp(from, trap) == 0 &&
	       no_status(facts);
}

/* Fields that nothing but automatic replies have. */
static bool
has_answers_field(const struct facts *facts)
{
	static const char *const names[] = {"x-autoreply", "x-autorespond",
	    "x-autoresponder", "x-auto-reply", "x-mail-autoreply",
	    "x-ms-exchange-inbox-rules-loop"};

	return facts_has_header(facts, names, sizeof names / sizeof *names);
}

static bool
no_answer(const struct facts *facts)
{
	const char *submitted = facts_header(facts, "auto-submitted");

	return !null_return_path(facts) && !has_answers_field(facts) &&
	       (submitted == NULL || strncmp(submitted, "auto-", 5) != 0) &&
	       facts_header(facts, "in-reply-to") == NULL;
}

/* The part behind the last @ of an address or a Message-ID; "" for none. */
static const char *
domain_of(const char *id, size_t *size_r)
{
	const char *at = id != NULL ? strrchr(id, '@') : NULL;

	*size_r = at != NULL ? strcspn(at + 1, "> \t") : 0;
	return at != NULL ? at + 1 : "";
}

static bool
same_domain(const char *a, const char *b)
{
	size_t a_size, b_size;
	const char *a_domain = domain_of(a, &a_size);
	const char *b_domain = domain_of(b, &b_size);

	return a_size > 0 && a_size == b_size &&
	       memcmp(a_domain, b_domain, a_size) == 0;
}

/* Trackers' and forums' notices go back to a message of their own, and have the
 * address of a page with them. */
static bool
answers_itself(const struct facts *facts)
{
	const char *answered = facts_header(facts, "in-reply-to");

	return (same_domain(answered, facts_header(facts, "message-id")) ||
		   same_domain(answered, facts->from_address)) &&
	       facts->links > 0 && !null_return_path(facts) &&
	       !header_value_has(facts, "auto-submitted", "auto-replied");
}

/* What programs put on what they write.  People's mail has
 * X-Auto-Response-Suppress too, but not for all kinds of answers. */
static bool
marked_automatic(const struct facts *facts)
{
	return header_value_has(facts, "auto-submitted", "auto-") ||
	       header_value_has(facts, "auto-submitted", "vacation") ||
	       header_value_has(facts, "precedence", "bulk") ||
	       header_value_has(facts, "precedence", "junk") ||
	       header_value_has(facts, "precedence", "auto_reply") ||
	       header_value_has(facts, "x-auto-response-suppress", "all") ||
	       facts_header(facts, "x-loop") != NULL;
}

/* Old Exchange names it by the thread alone. */
static bool
names_message(const struct facts *facts)
{
	return facts_header(facts, "in-reply-to") != NULL ||
	       facts_header(facts, "references") != NULL ||
	       facts_header(facts, "thread-topic") != NULL;
}

/* A program answers a mail that came from elsewhere.  Spam has the null sender
 * and a "Re:" as well, but seldom names a message. */
static bool
is_robots_answer(const struct facts *facts)
{
	return ((null_return_path(facts) && names_message(facts)) ||
		   (marked_automatic(facts) && refers_back(facts))) &&
	       !listmail_is(facts) && !answers_itself(facts);
}

/* People quote what they answer, line by line. */
static bool
quotes(const struct facts *facts)
{
	const char *line = facts->text;

	while (*line != '>') {
		line = strchr(line, '\n');
		if (line == NULL)
			return false;
		line++;
	}
	return true;
}

/* Web sites' robots send what is auto-generated too, but not in answer. */
static bool
no_robots_answer(const struct facts *facts)
{
	if (null_return_path(facts) || status_of_recipient(facts) ||
	    has_answers_field(facts) ||
	    header_value_has(facts, "auto-submitted", "auto-replied") ||
	    header_value_has(facts, "precedence", "auto_reply") ||
	    header_value_has(facts, "precedence", "junk"))
		return false;
	return !refers_back(facts) ||
	       (!header_value_has(facts, "auto-submitted", "auto-") &&
		   !header_value_has(facts, "precedence", "bulk") &&
		   facts_header(facts, "x-loop") == NULL &&
		   !header_value_has(facts, "x-auto-response-suppress", "all"));
}

/* By that field alone it is an automatic reply: no list, no mail system and no
 * report has it from elsewhere. */
static bool
answers_by_field(const struct facts *facts)
{
	return (has_answers_field(facts) ||
		   header_value_has(facts, "auto-submitted", "auto-replied") ||
		   header_value_has(facts, "auto-submitted", "vacation") ||
		   header_value_has(facts, "x-autogenerated", "reply") ||
		   header_value_has(facts, "precedence", "auto_reply") ||
		   header_value_has(facts, "preference", "auto_reply")) &&
	       !listmail_is(facts) && !listmail_is_robot(facts) &&
	       !facts->has_status_part && !facts->has_disposition_part &&
	       !is_other_report(facts) && !is_daemon(facts->from_address) &&
	       !null_from(facts);
}

/* "Automatic reply: " and the like: what stands behind it are the words of what
 * is answered. */
static bool
answers_by_subject(const struct facts *facts)
{
	static const char *const stems[] = {"auto", "out of office",
	    "out of the office", "abwesen", "absence", "reponse auto",
	    "respuesta auto", "risposta auto", "resposta auto", "fuera de",
	    "fuori ", "ausencia", "odpowiedz auto", "nieobecno",
	    "avviso di ass", "franvaro", "fravaer", "poissaolo", "afwezig",
	    "nepritomn", "автоот", "автомат", "автовід", "otomatik", "自動",
	    "自动", "자동", "不在", "부재", "رد تلقائي", "raspuns auto",
	    "samodejni", "αυτοματη", "аутомат", "tra loi tu", "ตอบกลับ"};
	const char *subject = untagged_subject(facts);

	for (size_t i = 0; i < sizeof stems / sizeof *stems; i++) {
		if (strncmp(subject, stems[i], strlen(stems[i])) == 0)
			return strchr(subject, ':') != NULL ||
			       strstr(subject, "：") != NULL;
	}
	return false;
}

static bool
links_no_answer(const struct facts *facts)
{
	return facts->links > 0 && no_answer(facts);
}

/* More than a signature has. */
static bool
many_links_no_answer(const struct facts *facts)
{
	return facts->links > SIGNATURE_LINKS_MAX && no_answer(facts);
}

/* Spammers want something from whom they write to. */
static bool
nothing_to_click(const struct facts *facts)
{
	return facts->links == 0 && !facts->html_only && !facts->has_executable;
}

static bool
no_virus_subject(const struct facts *facts)
{
	static const char *const words[] = {"virus", "infect", "banned",
	    "malware", "content", "attachment", "quarantine", "вирус",
	    "ウイルス", "ウィルス", "病毒", "바이러스", "wirus", "infett",
	    "вірус", "viren", "scanmail", "groupshield", "antigen", "malicious",
	    "worm", "mimedefang", "blocked", "blockiert", "schad", "anhang"};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strstr(facts->subject, words[i]) != NULL)
			return false;
	}
	return true;
}

/* Mailman's "confirm 3d5c1b". */
static bool
confirm_token(const struct facts *facts)
{
	const char *token = facts->subject + 8;
	size_t size;

	if (strncmp(facts->subject, "confirm ", 8) != 0)
		return false;
	size = strspn(token, "0123456789abcdef");
	return size >= 6 && token[size] == '\0';
}

#define MEMBER(name)                                \
	static bool name(const struct facts *facts) \
	{                                           \
		return facts->name;                 \
	}
MEMBER(has_status_part)
MEMBER(has_returned_message)
MEMBER(has_returned_headers)
MEMBER(text_has_returned)
MEMBER(text_has_reply_code)
MEMBER(text_has_status_fields)

static const struct signal {
	const char *name;
	const char *text;
	bool (*holds)(const struct facts *facts);
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
    {"mail-system-return-path", "Return-Path of a mail system",
	daemon_return_path},
    {"postmaster-return-path", "Return-Path of a postmaster",
	postmaster_return_path},
    {"mail-system-from", "From of a mail system", daemon_from},
    {"null-from", "From: <>", null_from},
    {"no-from", "no From", no_from},
    {"no-filter-as-sender", "neither a filter nor a mail system as sender",
	no_filter},
    {"no-mail-system-no-status", "neither a mail system as sender nor a status",
	no_sender_no_status},
    {"postmaster-writes", "a postmaster's own mail", postmaster_writes},
    {"report", "multipart/report", is_report},
    {"delivery-report", "report-type=delivery-status", is_status_report},
    {"status-handed-on", "status part in a person's mail", status_handed_on},
    {"returned-message", "returned message", has_returned_message},
    {"returned-headers", "returned headers", has_returned_headers},
    {"returned-in-text", "returned message in the text", text_has_returned},
    {"reply-code-in-text", "reply code in the text", text_has_reply_code},
    {"feedback-report", "feedback report", is_feedback},
    {"other-report", "report of another kind", is_other_report},
    {"list-mail", "mailing list", listmail_is},
    {"list-post", "a post that a list passed on", is_list_post},
    {"list-posting", "written with a person's program", is_posting},
    {"runs-no-status", "attachment that runs, no status", runs_without_status},
    {"html-links-no-status", "HTML only with links, no status", html_links},
    {"html-no-status", "HTML only, no status", html_only},
    {"links-nothing-returned", "links and nothing returned",
	links_nothing_returned},
    {"links-nothing-quoted", "links, nothing returned and no reply code",
	links_only},
    {"own-domain-no-status", "From of the trap's own domain, no status",
	own_domain},
    {"links-no-answer", "links and no sign of an answer", links_no_answer},
    {"no-robots-answer", "no sign of a robot's answer", no_robots_answer},
    {"many-links-no-answer", "many links and no sign of an answer",
	many_links_no_answer},
    {"robots-answer", "a robot's answer", is_robots_answer},
    {"marked-automatic", "marked as written by a program", marked_automatic},
    {"quotes", "quotes what it answers", quotes},
    {"answers-by-field", "a field that only automatic replies have",
	answers_by_field},
    {"answers-by-subject", "a subject that only automatic replies have",
	answers_by_subject},
    {"answers-itself", "answers a message of its own site", answers_itself},
    {"nothing-to-click", "no link, no HTML alone, no attachment that runs",
	nothing_to_click},
    {"no-virus-subject", "no virus in the subject", no_virus_subject},
    {"asks-to-confirm", "subject asks to confirm", listmail_asks},
    {"list-robot", "From of a list robot", listmail_is_robot},
    {"confirm-token", "subject is a confirmation token", confirm_token},
};
#define SIGNAL_COUNT (sizeof signals / sizeof *signals)

_Static_assert(SIGNAL_COUNT <= SIGNALS_MAX, "a bit each");

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

bool
signals_sender_is_no_system(const struct facts *facts)
{
	const char *sender = without_tag(facts->return_path);

	return facts->has_return_path && sender[0] != '\0' &&
	       strcmp(sender, "null") != 0 && !is_daemon(sender);
}

bool
signals_is_lure(const struct facts *facts)
{
	return links_only(facts) && !facts->text_has_status_fields &&
	       !facts->has_status_part;
}

bool
signals_is_list_post(const struct facts *facts)
{
	return is_list_post(facts);
}

uint64_t
signals_of(const struct facts *facts)
{
	uint64_t holding = 0;

	for (size_t i = 0; i < SIGNAL_COUNT; i++) {
		if (signals[i].holds(facts))
			holding |= UINT64_C(1) << i;
	}
	return holding;
}
