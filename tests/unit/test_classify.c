/*
 * The classifier on facts written down by hand: what each sort of evidence
 * amounts to, and above all what must not list.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "classify.h"
#include "fold.h"
#include "rulesload.h"

#define HEADERS_MAX 4

struct row {
	const char *name;
	struct facts facts; /* strings may be NULL here: "" */
	struct fact_header header[HEADERS_MAX];
	enum judge_kind kind;
	enum judge_type type;
	bool lists;
};

#define STATUS(action_, status_)                                   \
	.has_status_part = true, .report_type = "delivery-status", \
	.dsn = {.action = DSN_##action_,                           \
	    .status = status_,                                     \
	    .recipients = 1,                                       \
	    .known_fields = 3}
#define NULL_PATH .has_return_path = true, .return_path_is_null = true
#define DAEMON                                                   \
	.from_address = "mailer-daemon@a", .from_name = (char[]) \
	{                                                        \
		"mail delivery system <mailer-daemon@a>"         \
	}
#define POSTMASTER                                              \
	.has_return_path = true, .return_path = "postmaster@a", \
	.from_address = "postmaster@a", .from_name = (char[])   \
	{                                                       \
		"system administrator <postmaster@a>"           \
	}
#define TEXT(text_)       \
	.words = (char[]) \
	{                 \
		text_     \
	}
#define SUBJECT(text_)      \
	.subject = (char[]) \
	{                   \
		text_       \
	}
#define H(name_, value_)                  \
	{                                 \
		(char[]){name_}, (char[]) \
		{                         \
			value_            \
		}                         \
	}

/* clang-format off */
static const struct row rows[] = {
	/* bounces */
	{"status, failed", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), NULL_PATH}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"status, rejected", {.content_type = "multipart/report", STATUS(FAILED, "5.7.1"), NULL_PATH}, {{0}}, JUDGE_BOUNCE, JUDGE_REJECTED, true},
	{"status, delayed", {.content_type = "multipart/report", STATUS(DELAYED, "4.4.1"), NULL_PATH}, {{0}}, JUDGE_BOUNCE, JUDGE_DELAYED, false},
	{"status, delivered", {.content_type = "multipart/report", STATUS(DELIVERED, "2.0.0"), NULL_PATH}, {{0}}, JUDGE_BOUNCE, JUDGE_DELIVERED, false},
	{"status, relayed", {.content_type = "multipart/report", STATUS(RELAYED, "2.0.0"), NULL_PATH}, {{0}}, JUDGE_BOUNCE, JUDGE_RELAYED, false},
	{"status, expanded", {.content_type = "multipart/report", STATUS(EXPANDED, "2.0.0"), NULL_PATH}, {{0}}, JUDGE_BOUNCE, JUDGE_EXPANDED, false},
	{"status, 2.x and no action", {.content_type = "multipart/report", STATUS(ACTION_NONE, "2.0.0"), NULL_PATH}, {{0}}, JUDGE_BOUNCE, JUDGE_DELIVERED, false},
	{"read receipt", {.content_type = "multipart/report", .report_type = "disposition-notification", .has_disposition_part = true, .dsn = {.has_disposition = true, .recipients = 1}}, {{0}}, JUDGE_BOUNCE, JUDGE_DISPLAYED, false},
	{"x-failed-recipients", {DAEMON, NULL_PATH}, {H("x-failed-recipients", "a@b")}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"qmail", {DAEMON, NULL_PATH, SUBJECT("failure notice"), TEXT("hi. this is the qmail-send program at a. i'm afraid i wasn't able to deliver your message"), .text_has_returned = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"text, German", {DAEMON, NULL_PATH, SUBJECT("unzustellbar: hallo"), TEXT("ihre nachricht konnte nicht zugestellt werden")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"text, Japanese", {DAEMON, NULL_PATH, TEXT("このメールは配信できませんでした"), .text_has_reply_code = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"text, delayed", {DAEMON, NULL_PATH, SUBJECT("warning: message 1 delayed 24 hours"), TEXT("this message was created automatically by mail delivery software. it has not yet been delivered")}, {{0}}, JUDGE_BOUNCE, JUDGE_DELAYED, false},

	{"text, of a message about a virus", {DAEMON, NULL_PATH, SUBJECT("undeliverable: virus in my mail, virus found"), TEXT("your message could not be delivered: user unknown"), .text_has_returned = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"text, of a list's refusal", {DAEMON, NULL_PATH, SUBJECT("undeliverable: your message to talk awaits moderator approval"), TEXT("your message could not be delivered: user unknown. is being held until"), .text_has_returned = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a list's refusal, quoted, with a link", {NULL_PATH, .from_address = "admin@a", SUBJECT("non-delivery: your message to talk awaits moderator approval"), TEXT("--- non-delivery report --- the email below could not be delivered to the following user: is being held until"), .links = 1}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"whose subject is that of what came", {DAEMON, NULL_PATH, SUBJECT("re: virus found in your mail"), TEXT("your message could not be delivered: user unknown"), .text_has_returned = true}, {H("auto-submitted", "auto-replied")}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"so, a status's", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), DAEMON, NULL_PATH, SUBJECT("undeliverable: virus found, infected file")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"so, a challenge's", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), DAEMON, NULL_PATH, SUBJECT("please verify your message")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"without an envelope", {.from_address = "postmaster@a", .from_name = (char[]) {"postmaster@a"}, SUBJECT("delivery failure"), TEXT("the address does not exist"), .text_has_returned = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"so, with no room", {.from_address = "postmaster@a", .from_name = (char[]) {"postmaster@a"}, SUBJECT("no entregado"), TEXT("no queda espacio para kim")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"in HTML alone, with a link below", {DAEMON, NULL_PATH, SUBJECT("undelivered mail"), TEXT("your message to kim was returned: the address does not exist. http://a/help"), .html_only = true, .links = 1, .text_has_reply_code = true, .text_has_returned = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"from nobody", {NULL_PATH, SUBJECT("undeliverable mail"), TEXT("user unknown"), .text_has_reply_code = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"in a robot's field, under a bounce's subject", {NULL_PATH, .from_address = "noreply@a", SUBJECT("undeliverable mail"), TEXT("user unknown")}, {H("auto-submitted", "auto-replied")}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a forum's refusal", {.has_return_path = true, .return_path = "forum@a", .from_address = "forum@a", SUBJECT("email issue"), TEXT("it did not work")}, {H("auto-submitted", "auto-generated"), H("x-discourse-reject-reason", "unknown")}, JUDGE_BOUNCE, JUDGE_REJECTED, false},
	{"a help desk's refusal", {.has_return_path = true, .return_path = "www@a", .from_address = "desk@a", SUBJECT("ticket creation failed"), TEXT("no permission to create tickets in the queue")}, {H("auto-submitted", "auto-generated")}, JUDGE_BOUNCE, JUDGE_REJECTED, false},
	{"a submission robot's refusal", {.has_return_path = true, .return_path = "robot@a", .from_address = "robot@a", SUBJECT("your paper"), TEXT("your submission was rejected: it had no attachment")}, {H("auto-submitted", "auto-replied")}, JUDGE_BOUNCE, JUDGE_REJECTED, true},
	{"the message, in a newsletter", {.has_return_path = true, .return_path = "news@a", .from_address = "news@a", SUBJECT("news"), TEXT("the message is not allowed to fade"), .links = 1}, {H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, by a person", {.has_return_path = true, .return_path = "joe@a", .from_address = "joe@a", SUBJECT("ticket creation failed"), TEXT("no permission to create tickets in the queue")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	/* no bounces */
	{"a person's mail about a bounce", {.from_address = "joe@a", SUBJECT("re: failure notice"), TEXT("this is the qmail-send program. 550 user unknown"), .text_has_returned = true, .text_has_reply_code = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a person hands on a bounce", {.content_type = "multipart/mixed", STATUS(FAILED, "5.1.1"), .from_address = "joe@a", SUBJECT("fwd: failure notice"), .has_returned_message = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"null path alone", {NULL_PATH, SUBJECT("cheap pills"), .links = 3}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"declared report without status", {.content_type = "multipart/report", .report_type = "delivery-status", .from_address = "joe@a"}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"one stock phrase", {DAEMON, NULL_PATH, SUBJECT("bounce"), TEXT("mailbox full"), .text_has_returned = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"feedback report", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), NULL_PATH, DAEMON, .has_feedback_part = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"bounce on a list", {DAEMON, SUBJECT("failure notice"), TEXT("this is the qmail-send program"), .text_has_returned = true}, {H("list-id", "<a.b>"), H("list-post", "<mailto:a@b>")}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"bug tracker", {.from_address = "bugs@a", SUBJECT("[bug 1] delivery failed")}, {H("auto-submitted", "auto-generated"), H("x-auto-response-suppress", "all")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},

	{"statistics to the postmaster", {.from_address = "postmaster@a", .from_name = (char[]) {"postmaster@a"}, SUBJECT("log summary"), TEXT("550 5.1.1 user unknown 12 mailbox full 3 host not found 4"), .text_has_reply_code = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"holiday offers", {.from_address = "deals@a", SUBJECT("vacation deals"), TEXT("be on vacation next week"), .links = 9}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},

	/* the sender's part */
	{"two signs of the sender, a bounce's subject, one phrase", {DAEMON, NULL_PATH, SUBJECT("delivery failure"), TEXT("user not found")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"envelope with a BATV tag", {.has_return_path = true, .return_path = "prvs=126700a846=mailer-daemon@a", .from_address = "mailer-daemon@a", SUBJECT("delivery failure"), TEXT("user not found")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"MDaemon's subject is no delay", {DAEMON, NULL_PATH, SUBJECT("warning: message undeliverable"), TEXT("the attached message had permanent fatal delivery errors")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"text, Greek", {DAEMON, NULL_PATH, TEXT("η παράδοση του μηνύματος απέτυχε"), .text_has_reply_code = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"Courier's From: <@>", {NULL_PATH, .from_address = "@", .from_name = (char[]) {"courier mail server at a <@>"}, TEXT("this is a delivery status notification. your message to the following recipients cannot be delivered"), .text_has_reply_code = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"phish with a reply code and a link", {DAEMON, NULL_PATH, SUBJECT("undelivered mail"), TEXT("552 mailbox full. http://a"), .text_has_reply_code = true, .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a postmaster writes", {POSTMASTER, SUBJECT("mail problems between our domains"), TEXT("it could not be delivered. 550 5.7.1 relaying denied"), .text_has_reply_code = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a mail system as a postmaster", {POSTMASTER, .trap = "t@b", SUBJECT("undeliverable mail"), TEXT("undeliverable to kim@c.example original message follows."), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"so, as cc:Mail does", {POSTMASTER, .trap = "t@b", SUBJECT("message not deliverable"), TEXT("the following recipient is not known at this cc:mail post office: kim hale at loans your message is returned below.")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"so, of nobody", {POSTMASTER, .trap = "t@b", SUBJECT("undelivered mail"), TEXT("the message below could not be delivered to your form, so we are returning it here. 300 links for $49")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a filter as a sender", {.has_return_path = true, .return_path = "symantec_antivirus_for_smtp@a", .trap = "t@b", .from_address = "symantec_antivirus_for_smtp@a", .from_name = (char[]) {"symantec_antivirus_for_smtp@a"}, SUBJECT("delivery failure notification"), TEXT("your message could not be delivered to the following recipients: kim@c.example please do not resend your original message. delivery attempts will continue to be made for 5 day(s)."), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_DELAYED, false},
	{"a transcript from root", {.has_return_path = true, .return_path = "root@a", .trap = "t@b", .from_address = "root@a", .from_name = (char[]) {"root@a"}, SUBJECT("error sending message [1] from [a]"), TEXT("mail from: <t@b> rcpt to: <kim@c.example> the reason of the delivery failure was: 550 mailbox unavailable"), .text_has_reply_code = true, .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"so, of another's message", {.has_return_path = true, .return_path = "root@a", .trap = "t@b", .from_address = "root@a", .from_name = (char[]) {"root@a"}, SUBJECT("error sending message [1] from [a]"), TEXT("mail from: <joe@b> rcpt to: <kim@c.example> the reason of the delivery failure was: 550 mailbox unavailable"), .text_has_reply_code = true, .text_names_address = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, of no message", {POSTMASTER, .trap = "t@b", SUBJECT("undeliverable mail"), TEXT("hello, our mail to kim@c.example could not be delivered, you say 550 user unknown."), .text_names_address = true, .text_has_reply_code = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"the daemon, for root", {.has_return_path = true, .return_path = "root@a", .trap = "t@b", .from_address = "postmaster@a", .from_name = (char[]) {"postmaster@a"}, SUBJECT("recipient does not exist"), TEXT("this is the mailer daemon program. i wasn't able to deliver your mail to: kim@c.example. it does not exist here"), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"post_master", {.from_address = "post_master@a", SUBJECT("re:test message"), TEXT("550 no such user here"), .text_has_reply_code = true, .text_has_returned = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"so, to its own house", {POSTMASTER, .trap = "t@mail.a", SUBJECT("undeliverable mail"), TEXT("undeliverable to kim@c.example original message follows."), .text_names_address = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, to a name that ends as it does", {POSTMASTER, .trap = "t@ba", SUBJECT("undeliverable mail"), TEXT("undeliverable to kim@c.example original message follows."), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"so, to a postmaster", {POSTMASTER, .trap = "postmaster@b", SUBJECT("undeliverable mail"), TEXT("undeliverable to kim@c.example original message follows."), .text_names_address = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, to root", {POSTMASTER, .trap = "root@b", SUBJECT("undeliverable mail"), TEXT("undeliverable to kim@c.example original message follows."), .text_names_address = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a postmaster quotes", {POSTMASTER, SUBJECT("aw: undelivered mail"), TEXT("> this is the mail system at host a. > i'm sorry to have to inform you that > 550 5.1.1 user unknown"), .text_has_reply_code = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a postmaster forwards", {POSTMASTER, SUBJECT("fwd: undelivered mail returned to sender"), .text_has_returned = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"quota warning to a user", {POSTMASTER, SUBJECT("quota warning"), TEXT("your mailbox is full. mail will be returned to sender, 552 mailbox full"), .text_has_reply_code = true}, {H("auto-submitted", "auto-generated")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a postmaster's program", {POSTMASTER, SUBJECT("undeliverable mail"), TEXT("unable to deliver your message to the following"), .has_returned_message = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a mail system's, through a relay", {.from_address = "postmaster@a", .from_name = (char[]) {"postmaster <postmaster@a>"}, .has_return_path = true, .return_path = "srs0=x@b", SUBJECT("undeliverable mail"), TEXT("delivery failed: no such user")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"so, of its own domain", {.from_address = "postmaster@a", .from_name = (char[]) {"postmaster <postmaster@a>"}, .has_return_path = true, .return_path = "joe@a", SUBJECT("undeliverable mail"), TEXT("delivery failed: no such user")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"sent on by a person", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), DAEMON}, {H("resent-from", "joe@a")}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"made up by a person", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), DAEMON, .has_return_path = true, .return_path = "joe@a"}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"a sender that a program could not write", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), DAEMON, .has_return_path = true, .return_path = "null"}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"sent on by a list", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), DAEMON, NULL_PATH}, {H("list-id", "<a.b>")}, JUDGE_BOUNCE, JUDGE_FAILED, false},

	{"an account on a forum", {.from_address = "admin@b", SUBJECT("welcome to the talk"), TEXT("your account is currently inactive. to confirm your address and activate it: http://b/ucp?mode=activate&k=325344"), .links = 1}, {H("x-mailer", "phpbb3")}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"an account that is named in the subject", {.from_address = "admin@b", SUBJECT("action required to activate membership for talk"), TEXT("thank you for registering. before we can activate your account one last step must be taken to complete your registration: http://b/register.php?a=act&i=aa7788"), .links = 1}, {H("x-mailer", "vbulletin mail via php")}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"a shop's, so", {.from_address = "shop@b", SUBJECT("activate your account"), TEXT("to activate your account with us: http://b/activate?i=aa7788"), .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a request that is not finished, in French", {.has_return_path = true, .return_path = "news@b", .from_address = "news@b", SUBJECT("confirmez votre inscription"), TEXT("votre inscription n'est pas encore terminee. pour la valider, cliquez ici : http://b/optin?k=77ab9911 ce n'est pas vous ? ne faites rien"), .links = 1}, {{0}}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"an answer on a forum", {.from_address = "admin@b", SUBJECT("welcome to the talk"), TEXT("a new reply to your topic: http://b/viewtopic?k=325344"), .links = 1}, {H("x-mailer", "phpbb3")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"phplist's request", {.has_return_path = true, .return_path = "lists-bounce@b", .from_address = "news@b", SUBJECT("please confirm your subscription"), TEXT("almost done. somebody gave this address for our newsletter. click on http://b/?p=confirm&uid=875f285b"), .links = 1}, {H("x-mailer", "phplist"), H("precedence", "bulk")}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"a site's, from who takes no answers", {.has_return_path = true, .return_path = "bounces+1@b", .trap = "t@c", .from_address = "noreply@b", .from_name = (char[]) {"noreply@b"}, SUBJECT("email could not be delivered to kim@d.example"), TEXT("the email you sent to kim@d.example has not been delivered: the alias does not exist"), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"a site's, of a parcel", {.has_return_path = true, .return_path = "bounces+1@b", .trap = "t@c", .from_address = "noreply@b", .from_name = (char[]) {"noreply@b"}, SUBJECT("your parcel could not be delivered"), TEXT("we could not deliver to your address. write to help@d.example"), .text_names_address = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a page that knows its reader", {POSTMASTER, .trap = "t@b", SUBJECT("undeliverable: schedule"), TEXT("your message could not be delivered to kim@c.example http://d/?email=t@b send again remote server returned '554 5.2.2 mailbox is full'"), .text_has_reply_code = true, .text_names_address = true, .html_only = true, .links = 1}, {{0}}, JUDGE_FORGED, JUDGE_TYPE_NONE, false},
	{"a state that it was opened", {DAEMON, NULL_PATH, SUBJECT("message status - opened"), TEXT("opened by: kim@c.example at mon, 5 mar 2007"), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_DISPLAYED, false},
	{"a greeting and what was sent", {POSTMASTER, .trap = "t@b", SUBJECT("messaggio non consegnato"), TEXT("buongiorno, il messaggio inviato a kim@a non e stato consegnato: casella piena (552 5.2.2). saluti"), .text_has_reply_code = true, .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a page to get it from", {DAEMON, NULL_PATH, .trap = "t@b", SUBJECT("mensaje no entregado"), TEXT("su mensaje a kim@c.example no ha podido ser entregado. 550 5.1.1 http://d/r?u=a81 recuperar mensaje"), .text_has_reply_code = true, .text_names_address = true, .html_only = true, .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a page that says why", {DAEMON, NULL_PATH, .trap = "t@b", SUBJECT("undeliverable: hello"), TEXT("your message to kim@c.example could not be delivered. the address was not found. see http://d/errors/511 this page 550 5.1.1 user unknown"), .text_has_reply_code = true, .text_names_address = true, .html_only = true, .links = 1}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a subject that says since when", {DAEMON, NULL_PATH, SUBJECT("warning: message still undelivered after 4 hours"), TEXT("kim@c.example: host mx.c timed out. no action is needed."), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_DELAYED, false},
	{"so, in days", {DAEMON, NULL_PATH, SUBJECT("message undelivered after 5 days"), TEXT("kim@c.example: host mx.c timed out."), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a success, with the message's subject", {DAEMON, NULL_PATH, SUBJECT("successfully delivered: hi"), TEXT("kim@c.example: delivered to mailbox"), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_DELIVERED, false},
	{"passed on without receipts", {DAEMON, NULL_PATH, SUBJECT("relay notification"), TEXT("message to kim@c.example handed to mx.c.example which does not support dsn."), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_RELAYED, false},
	{"expanded to a list", {DAEMON, NULL_PATH, SUBJECT("expanded: hello"), TEXT("your message to kim@c.example was expanded to the members of the list."), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_EXPANDED, false},
	{"a subject that it has come", {DAEMON, NULL_PATH, SUBJECT("ihre nachricht wurde zugestellt"), TEXT("zustellung an kim@c.example erfolgreich."), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_DELIVERED, false},
	{"so, that it has not", {DAEMON, NULL_PATH, SUBJECT("ihre nachricht wurde nicht zugestellt"), TEXT("zustellung an kim@c.example war nicht erfolgreich."), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a filter by name, a subject that says nothing", {.has_return_path = true, .return_path = "antivirus@b", .trap = "t@c", .from_address = "antivirus@b", .from_name = (char[]) {"antivirus <antivirus@b>"}, SUBJECT("message deleted"), TEXT("the attachment details.pif in your message to kim@b was infected with netsky.d and was deleted."), .text_names_address = true}, {{0}}, JUDGE_VIRUS, JUDGE_TYPE_NONE, true},
	{"a filter's maker sells it", {.has_return_path = true, .return_path = "antivirus@b", .trap = "t@c", .from_address = "antivirus@b", .from_name = (char[]) {"antivirus <antivirus@b>"}, SUBJECT("this week's offer"), TEXT("netsky.d was found on many computers. is an attachment infected? http://b/buy"), .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a state that it came", {DAEMON, NULL_PATH, SUBJECT("message status - delivered"), TEXT("delivered to: kim@c.example at tue, 12 oct 2010"), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_DELIVERED, false},
	{"a state that it did not", {DAEMON, NULL_PATH, SUBJECT("message status - undelivered"), TEXT("not delivered to: kim@c.example: user unknown"), .text_names_address = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},

	/* forged */
	{"plain text with a program's words and a link", {DAEMON, NULL_PATH, .trap = "t@a", SUBJECT("mail delivery failed"), TEXT("this message was created automatically by mail delivery software. http://a"), .links = 1}, {{0}}, JUDGE_FORGED, JUDGE_TYPE_NONE, false},
	{"quota phish", {DAEMON, SUBJECT("delivery status notification (failure)"), TEXT("your message could not be delivered because your mailbox quota is 98% used"), .links = 1, .html_only = true}, {{0}}, JUDGE_FORGED, JUDGE_TYPE_NONE, false},
	{"phish with a null path", {DAEMON, NULL_PATH, SUBJECT("mail delivery failed"), TEXT("message could not be delivered. click to release pending messages"), .links = 2, .html_only = true}, {{0}}, JUDGE_FORGED, JUDGE_TYPE_NONE, false},
	{"a status and what runs, nothing returned", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), DAEMON, NULL_PATH, SUBJECT("undelivered mail"), .has_executable = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"a status, and a link to log in by", {.content_type = "multipart/report", STATUS(FAILED, "5.1.1"), DAEMON, NULL_PATH, SUBJECT("undelivered mail"), TEXT("550 5.2.2 full. log in at http://a to retrieve your mail"), .links = 1, .text_has_reply_code = true}, {{0}}, JUDGE_FORGED, JUDGE_TYPE_NONE, false},
	{"a picture beside a program's words", {DAEMON, NULL_PATH, SUBJECT("returned mail: see transcript"), TEXT("the following addresses had permanent fatal errors"), .has_document = true}, {{0}}, JUDGE_FORGED, JUDGE_TYPE_NONE, false},
	{"so, and a message is returned", {DAEMON, NULL_PATH, SUBJECT("returned mail: see transcript"), TEXT("the following addresses had permanent fatal errors"), .has_document = true, .has_returned_message = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"worm", {DAEMON, NULL_PATH, SUBJECT("returned mail: see transcript"), TEXT("the original message was received at. the following addresses had permanent fatal errors"), .has_executable = true}, {{0}}, JUDGE_FORGED, JUDGE_TYPE_NONE, false},

	/* the other classes */
	{"auto-replied", {NULL_PATH, SUBJECT("hello")}, {H("auto-submitted", "auto-replied")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"out of office, no header", {.from_address = "joe@a", SUBJECT("out of office"), TEXT("i am out of the office until monday")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"Lotus, German", {.from_address = "joe@a", SUBJECT("abwesenheitsnotiz"), TEXT("ich bin nicht im b\xc3\xbcro")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"person asks about vacation", {.from_address = "joe@a", SUBJECT("re: plans"), TEXT("i will be away on vacation")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"unsubscribe robot", {.from_address = "joe@a", SUBJECT("unsubscribe")}, {H("auto-submitted", "auto-replied"), H("x-apple-unsubscribe", "true")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"challenge", {.from_address = "joe@a", SUBJECT("please confirm your message"), TEXT("reply to this mail to have your message delivered")}, {H("auto-submitted", "auto-replied")}, JUDGE_CHALLENGE, JUDGE_TYPE_NONE, true},
	{"challenge that is a report", {.content_type = "multipart/report", STATUS(FAILED, ""), .from_address = "noreply@boxbe.com", .from_name = (char[]) {"noreply@boxbe.com"}, SUBJECT("re: a (action required)"), TEXT("add yourself to my guest list. your message has been waitlisted")}, {H("from", "noreply@boxbe.com")}, JUDGE_CHALLENGE, JUDGE_TYPE_NONE, true},
	{"virus notice", {DAEMON, NULL_PATH, SUBJECT("virus found in a message from you"), TEXT("our virus scanner found the virus a")}, {{0}}, JUDGE_VIRUS, JUDGE_TYPE_NONE, true},
	{"virus notice that is a report", {.content_type = "multipart/report", STATUS(FAILED, "5.7.1"), DAEMON, SUBJECT("banned file: a.bat in mail from you"), TEXT("banned filename alert")}, {{0}}, JUDGE_VIRUS, JUDGE_TYPE_NONE, true},
	{"a filter's refusal that found no virus", {DAEMON, NULL_PATH, SUBJECT("virus filter: undeliverable message"), TEXT("your message violates our rules. it could not be delivered")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"bounce because of a virus", {.content_type = "multipart/report", STATUS(FAILED, "5.7.1"), DAEMON, NULL_PATH, SUBJECT("undelivered mail returned to sender"), TEXT("550 5.7.1 message contains a virus")}, {{0}}, JUDGE_BOUNCE, JUDGE_REJECTED, true},
	{"virus notice without an envelope", {.from_address = "virus-admin@a", .from_name = (char[]) {"antivirus <virus-admin@a>"}, SUBJECT("viruswarnung: ihre nachricht"), TEXT("in ihrer nachricht wurde ein virus gefunden")}, {{0}}, JUDGE_VIRUS, JUDGE_TYPE_NONE, true},
	{"DMARC failure report", {.content_type = "multipart/report", NULL_PATH, SUBJECT("dmarc forensic report")}, {H("auto-submitted", "auto-replied")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"list confirmation", {.from_address = "news-request@a", SUBJECT("confirm 3d5c1b"), TEXT("to confirm the subscription reply to this mail")}, {H("precedence", "bulk")}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"held for the moderator", {.from_address = "dev-owner@a", SUBJECT("your message to dev awaits moderator approval"), TEXT("waiting for a moderator")}, {{0}}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"a program's answer without From", {SUBJECT("re: offer"), TEXT("i am away until december 5.")}, {H("in-reply-to", "<1@a>")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"of a list's question", {NULL_PATH, .from_address = "joe@a", SUBJECT("automatic reply: confirm your subscription")}, {H("auto-submitted", "auto-replied")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"of a challenge", {NULL_PATH, .from_address = "joe@a", SUBJECT("automatic reply: please verify your message")}, {H("auto-submitted", "auto-replied"), H("in-reply-to", "<1@b>")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"which quotes a challenge's words", {NULL_PATH, .from_address = "joe@a", SUBJECT("auto: joe is out of the office"), TEXT("i am out of the office. this is an automated response to your message your parcel is waiting")}, {H("auto-submitted", "auto-replied")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"behind words of absence, in Latvian", {.from_address = "joe@a", SUBJECT("arpus biroja atrasanas automatiska atbilde: offer"), TEXT("i am out of the office")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, in an answer", {.from_address = "joe@a", SUBJECT("re: the new automatic reply: offer"), TEXT("thanks")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"spam with a challenge's fields", {.from_address = "joe@a", SUBJECT("offer"), TEXT("see http://a/offer"), .links = 1, .html_only = true}, {H("x-boxtrapper", "1"), H("x-autorespond", "1"), H("precedence", "auto_reply")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"spam with an automatic reply's field", {.from_address = "joe@a", SUBJECT("offer"), TEXT("see http://a/offer"), .links = 1}, {H("x-autoreply", "yes")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"spam that says it is one", {.from_address = "joe@a", SUBJECT("offer, ticket 1"), TEXT("this is an automatic reply. http://a/offer"), .links = 1, .html_only = true}, {H("x-autorespond", "1")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, which asks to prove it", {NULL_PATH, .from_address = "joe@a", SUBJECT("automatic reply: offer"), TEXT("reply to this mail to prove that you are a human. your message will be delivered then")}, {H("auto-submitted", "auto-replied")}, JUDGE_CHALLENGE, JUDGE_TYPE_NONE, true},
	{"a person says the same", {.from_address = "joe@a", SUBJECT("re: offer"), TEXT("i am away until december 5.")}, {H("in-reply-to", "<1@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a receipt with X-Loop", {.from_address = "joe@a", SUBJECT("re: offer"), TEXT("your mail has been received and will be answered soon.")}, {H("in-reply-to", "<1@a>"), H("x-loop", "joe@a")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"Sieve's reject", {.content_type = "multipart/report", .report_type = "disposition-notification", .has_disposition_part = true, .dsn = {.has_disposition = true}, .has_returned_message = true, POSTMASTER, SUBJECT("rejected: offer"), TEXT("your message to <joe@a> was automatically rejected: no.")}, {H("auto-submitted", "auto-replied (rejected)")}, JUDGE_BOUNCE, JUDGE_REJECTED, true},
	{"a read receipt that says deleted", {.content_type = "multipart/report", .report_type = "disposition-notification", .has_disposition_part = true, .dsn = {.has_disposition = true}, .from_address = "joe@a", SUBJECT("not read: offer"), TEXT("your message was deleted without being read")}, {{0}}, JUDGE_BOUNCE, JUDGE_DISPLAYED, false},
	{"a lure in place of what was returned", {DAEMON, NULL_PATH, SUBJECT("mail delivery failed: returning message to sender"), TEXT("your mails could not be delivered. to receive 9 pending messages log in at http://b within 24 hours or your account will be closed"), .links = 1}, {{0}}, JUDGE_FORGED, JUDGE_TYPE_NONE, false},
	{"a person who was away answers", {.from_address = "joe@a", SUBJECT("re: your message"), TEXT("i was out of the office. i will get back to you")}, {H("in-reply-to", "<1@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"absence as a theme", {.from_address = "joe@a", SUBJECT("abwesenheit der trainerin"), TEXT("ich bin im urlaub und nicht erreichbar")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"absence before a colon", {.from_address = "joe@a", SUBJECT("abwesenheit: angebot"), TEXT("ich bin im urlaub")}, {H("precedence", "junk")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"receipt of a shop", {.from_address = "noreply@a", SUBJECT("thank you for your payment"), TEXT("we have received your payment. this is an automatic reply")}, {H("auto-submitted", "auto-generated")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"receipt of a ticket system", {.from_address = "help@a", SUBJECT("[request received] pills"), TEXT("your request has been received and is being reviewed")}, {H("auto-submitted", "auto-generated"), H("in-reply-to", "<1@a>")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"automatic reply sent on by a person", {NULL_PATH, SUBJECT("automatic reply: a")}, {H("auto-submitted", "auto-replied"), H("resent-from", "joe@a")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, false},
	{"new account", {.from_address = "verify@a", SUBJECT("please verify your account: verification code"), TEXT("confirm that you are a human"), .links = 1}, {H("auto-submitted", "auto-generated")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"virus cleaner's advertisement", {.from_address = "sales@a", .from_name = (char[]) {"antivirus <sales@a>"}, SUBJECT("virus detected: your pc is infected"), TEXT("your computer is infected with 3 viruses"), .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"forgotten password", {.from_address = "noreply@a", SUBJECT("reset your password"), TEXT("we received a request. if you did not request this, ignore this message"), .links = 1}, {H("auto-submitted", "auto-generated")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a post on a list, with a list robot's words", {.from_address = "joe@b", SUBJECT("[dev] re: hash"), TEXT("it is not recognized. i am not a member of this list")}, {H("list-post", "<mailto:dev@a>"), H("list-id", "<dev.a>"), H("x-mailman-version", "2.0"), H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, on a list without RFC 2369's fields", {.from_address = "joe@b", SUBJECT("[dev] confirm subscription"), TEXT("i want to subscribe. it is not recognized")}, {H("x-beenthere", "dev@a"), H("x-mailman-version", "2.0"), H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a digest's fields and nothing said of a list", {.from_address = "dev-request@a", SUBJECT("dev, volume 3"), TEXT("1. hash tables (joe)")}, {H("list-id", "<dev.a>"), H("x-mailman-version", "2.1")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a list's fields, and its sender lost", {NULL_PATH, .from_address = "joe@b", SUBJECT("pills"), TEXT("this list is double opt-in")}, {H("list-id", "<dev.a>"), H("x-mailman-version", "2.1"), H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"the list's program says it", {.from_address = "dev-request@a", SUBJECT("request to mailing list dev rejected"), TEXT("you are not a member of this list")}, {H("x-beenthere", "dev@a"), H("x-mailman-version", "2.1"), H("x-list-administrivia", "yes")}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"an automatic reply that a list passed on", {.from_address = "joe@b", SUBJECT("out of office: [dev] hash"), TEXT("i am out of the office until monday")}, {H("auto-submitted", "auto-replied"), H("x-autoreply", "yes"), H("list-post", "<mailto:dev@a>")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, false},
	{"a program's prefix, in a language that nothing else is known of", {.from_address = "joe@b", SUBJECT("automaatvastus: pakkumine"), TEXT("tere")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"how to set up a program's prefix", {.from_address = "joe@b", SUBJECT("automatic replies: how to"), TEXT("i am out of the office is what it says")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an answer to an automatic reply", {.from_address = "joe@b", SUBJECT("re: automatic reply: offer"), TEXT("enjoy. > i am out of the office until monday")}, {H("in-reply-to", "<1@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a robot's answer says who left", {.from_address = "joe@b", SUBJECT("re: offer"), TEXT("joe no longer works here")}, {H("in-reply-to", "<1@a>"), H("precedence", "bulk")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a person says so", {.from_address = "joe@b", SUBJECT("re: offer"), TEXT("joe no longer works here")}, {H("in-reply-to", "<1@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a person's mail through Exchange", {.from_address = "joe@b", SUBJECT("re: offer"), TEXT("i am out of the office and will get back to you when i return")}, {H("in-reply-to", "<1@a>"), H("x-auto-response-suppress", "dr, oof, autoreply")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a tracker's notice of what a person wrote", {.from_address = "tracker@b", SUBJECT("[app-1] login fails"), TEXT("joe wrote: i am out of the office until monday. http://b/1"), .links = 1}, {H("in-reply-to", "<app-1@b>"), H("message-id", "<app-1-2@b>"), H("auto-submitted", "auto-generated"), H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an agent writes through a ticket system", {.from_address = "support@b", SUBJECT("re: [ticket 4711] mixer"), TEXT("the part is on its way")}, {H("in-reply-to", "<1@a>"), H("auto-submitted", "auto-generated"), H("x-auto-response-suppress", "all")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"the ticket system itself", {.from_address = "support@b", SUBJECT("re: [ticket 4711] mixer"), TEXT("a ticket has been created")}, {H("in-reply-to", "<1@a>"), H("auto-submitted", "auto-generated")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a post on Majordomo's list", {.has_return_path = true, .return_path = "owner-dev@a", .from_address = "joe@b", SUBJECT("re: hash"), TEXT("i am on vacation, with limited access to e-mail")}, {H("in-reply-to", "<1@b>"), H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a shop's receipt of an order", {.from_address = "noreply@b", SUBJECT("thank you for your order"), TEXT("we have received your order. this is an automated message")}, {H("auto-submitted", "auto-generated"), H("x-auto-response-suppress", "all")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"it says that it is an automatic answer", {.from_address = "info@b", SUBJECT("tack for ditt mejl"), TEXT("vi har tagit emot ditt meddelande. detta ar ett automatiskt svar")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, quoted by a person", {.from_address = "joe@b", SUBJECT("re: hello"), TEXT("> this is an automatic reply. i am out of the office"), .text_has_quotes = true}, {H("in-reply-to", "<1@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a ticket's tag before a program's prefix", {.from_address = "help@b", SUBJECT("[help #4711] autoreply: offer"), TEXT("your ticket has been opened")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"text, Finnish, delayed", {DAEMON, NULL_PATH, SUBJECT("varoitus"), TEXT("viestiasi ei ole viela toimitettu, palvelin yrittaa uudelleen")}, {{0}}, JUDGE_BOUNCE, JUDGE_DELAYED, false},
	{"text, with an address in the sentence", {DAEMON, NULL_PATH, SUBJECT("hello"), TEXT("ihre nachricht an joe@mail.b.example wurde nicht zugestellt")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a program's answer with the null sender, in no language that we know", {NULL_PATH, .from_address = "joe@b", SUBJECT("re: offer"), TEXT("xyz")}, {H("in-reply-to", "<1@a>")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, with links", {NULL_PATH, .from_address = "joe@b", SUBJECT("re: offer"), TEXT("xyz http://b"), .links = 1}, {H("in-reply-to", "<1@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"old Exchange names the thread", {NULL_PATH, .from_address = "joe@b", SUBJECT("your e-mail message will not be read"), TEXT("i have left this office; joe no longer works here")}, {H("thread-topic", "offer")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a list's digest", {.from_address = "ecartis@a", SUBJECT("dev digest v1 #33"), TEXT("in this issue")}, {H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a list's program, in no language that we know", {NULL_PATH, .from_address = "sympa@a", SUBJECT("xyz"), TEXT("xyz")}, {H("auto-submitted", "auto-replied")}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"a list's program reports on a delivery", {NULL_PATH, .content_type = "multipart/report", STATUS(FAILED, "5.1.1"), .from_address = "sympa@a", SUBJECT("xyz")}, {H("auto-submitted", "auto-replied")}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a newsletter with a list's field", {.from_address = "news@a", SUBJECT("march"), TEXT("you signed up for our newsletter. to confirm your subscription each year we ask you")}, {H("list-id", "<news.a>"), H("precedence", "bulk"), H("auto-submitted", "auto-generated")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an extortion as from the trap's mail system", {DAEMON, .trap = "t@a", SUBJECT("delivery failed"), TEXT("your device was hacked, pay in bitcoin")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"Postfix's copy for its postmaster", {.from_address = "mailer-daemon@a", SUBJECT("postmaster copy: undelivered mail"), .has_return_path = true, .return_path = "double-bounce@a", TEXT("<bob@c>: host mx.c said: 550 5.1.1 <bob@c>: user unknown (in reply to rcpt to command)"), .has_returned_headers = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"so, stored without its sender", {.from_address = "mailer-daemon@a", SUBJECT("postmaster copy: undelivered mail"), TEXT("<bob@c>: host mx.c said: 550 5.1.1 <bob@c>: user unknown (in reply to rcpt to command)"), .has_returned_headers = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"Postfix's transcript for its postmaster", {.from_address = "mailer-daemon@a", SUBJECT("postfix smtp server: errors from c[192.0.2.9]"), .has_return_path = true, .return_path = "double-bounce@a", TEXT("transcript of session follows. out: 454 4.7.1 <x@y>: relay access denied")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"Mercury's bounce, of a like subject", {DAEMON, NULL_PATH, SUBJECT("postmaster notify: delivery failure."), TEXT("the local mail transport system has reported the following problems: bob@a: user not known at this site")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a status that somebody made up, of the trap's own domain", {.content_type = "multipart/report", STATUS(FAILED, "5.7.9"), .from_address = "mailer-daemon@trap.example", .trap = "t@trap.example", NULL_PATH, SUBJECT("delivery status notification (failure)"), TEXT("your message could not be delivered: re-validate http://a/"), .links = 1}, {{0}}, JUDGE_BOUNCE, JUDGE_REJECTED, false},
	{"the same words to a message's sender", {.from_address = "mailer-daemon@a", SUBJECT("undelivered mail returned to sender"), .has_return_path = true, .return_path_is_null = true, TEXT("<bob@c>: host mx.c said: 550 5.1.1 <bob@c>: user unknown (in reply to rcpt to command)"), .has_returned_headers = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"club's fee", {.from_address = "info@a", SUBJECT("please confirm your subscription fee"), TEXT("please confirm your subscription fee by friday")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"new account's address", {.from_address = "security@a", SUBJECT("confirm your email"), TEXT("if you did not request this, ignore this message"), .links = 1}, {H("auto-submitted", "auto-generated")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"magazine's advertisement", {.from_address = "noreply@a", SUBJECT("subscribe to premium"), TEXT("you are not subscribed. if you did not request this, ignore this message"), .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a robot's own field, in no language that we know", {.from_address = "joe@b", SUBJECT("xyz"), TEXT("xyz")}, {H("x-autoreply", "yes")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, with the subject of an invoice and a link", {.from_address = "joe@b", SUBJECT("re: invoice, your order"), TEXT("xyz http://b > xyz"), .links = 1}, {H("auto-submitted", "auto-replied")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, passed on by a list", {.from_address = "joe@b", SUBJECT("xyz"), TEXT("xyz")}, {H("x-autoreply", "yes"), H("list-post", "<mailto:l@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, of a mail system", {DAEMON, SUBJECT("xyz"), TEXT("xyz")}, {H("auto-submitted", "auto-replied")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a program's prefix before an invoice", {.from_address = "joe@b", SUBJECT("automatic reply: invoice for your order"), TEXT("xyz")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"returned by a mail system, in no language that we know", {DAEMON, NULL_PATH, SUBJECT("xyz"), TEXT("xyz"), .has_returned_message = true}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"so, with a link", {DAEMON, NULL_PATH, SUBJECT("xyz"), TEXT("xyz http://b"), .has_returned_message = true, .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, by nobody's mail system", {NULL_PATH, .from_address = "joe@b", SUBJECT("xyz"), TEXT("xyz"), .has_returned_message = true}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"x-failed-recipients without an address", {DAEMON, NULL_PATH, SUBJECT("hello"), TEXT("xyz")}, {H("x-failed-recipients", "you")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a link, nothing returned and no code", {DAEMON, NULL_PATH, SUBJECT("전송 실패"), TEXT("메일함 용량 초과로 반송되었습니다. mailbox is full. http://b"), .links = 1}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, false},
	{"a newsletter's double opt-in", {.has_return_path = true, .return_path = "news@b", .from_address = "news@b", SUBJECT("please confirm: our newsletter"), TEXT("someone asked to receive our newsletter. to confirm click http://b/1 if you did not sign up, ignore this mail"), .links = 1}, {{0}}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"so, in Dutch", {.has_return_path = true, .return_path = "brief@b", .from_address = "brief@b", SUBJECT("bevestig je aanmelding"), TEXT("nog een stap: klik om je inschrijving te bevestigen http://b/1 niet aangemeld? negeer dit bericht"), .links = 1}, {{0}}, JUDGE_SUBSCRIBE, JUDGE_TYPE_NONE, true},
	{"a shop's new account", {.has_return_path = true, .return_path = "shop@b", .from_address = "shop@b", SUBJECT("please confirm your registration"), TEXT("to activate your account click http://b/1 if you did not sign up, ignore this mail"), .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a newsletter's welcome", {.has_return_path = true, .return_path = "news@b", .from_address = "news@b", SUBJECT("welcome: your newsletter subscription is confirmed"), TEXT("thank you for subscribing. your subscription has been confirmed. http://b/1"), .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a course's registration", {.has_return_path = true, .return_path = "kurs@b", .from_address = "kurs@b", SUBJECT("bitte bestatigen sie ihre anmeldung"), TEXT("ihre anmeldung zum kurs: bitte bestatigen http://b/1"), .links = 1}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a challenge, French", {NULL_PATH, .from_address = "joe@b", SUBJECT("etes-vous humain ?"), TEXT("votre adresse m'est inconnue. pour que votre message me soit remis, repondez avec le mot bleu")}, {H("auto-submitted", "auto-replied")}, JUDGE_CHALLENGE, JUDGE_TYPE_NONE, true},
	{"who is away, whose mail waits", {NULL_PATH, .from_address = "gino@b", SUBJECT("risposta automatica: ciao"), TEXT("sono via. il suo messaggio resta in attesa. se urgente risponda a mario e lo ricevera lui")}, {H("auto-submitted", "auto-replied")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a virus by name, Dutch", {DAEMON, NULL_PATH, SUBJECT("virus in uw bericht"), TEXT("clamav heeft win32.netsky gevonden in het door u gestuurde bestand. uw bericht is niet bezorgd")}, {{0}}, JUDGE_VIRUS, JUDGE_TYPE_NONE, true},
	{"a read receipt, Spanish, of no standard", {NULL_PATH, .from_address = "joe@b", SUBJECT("confirmacion de lectura: oferta"), TEXT("su mensaje fue abierto el lunes")}, {{0}}, JUDGE_BOUNCE, JUDGE_DISPLAYED, false},
	{"a delay, Italian", {DAEMON, NULL_PATH, SUBJECT("avviso"), TEXT("la consegna e differita, il server continua nei tentativi. non e necessario inviare nulla")}, {{0}}, JUDGE_BOUNCE, JUDGE_DELAYED, false},
	{"nobody of that name, Croatian", {DAEMON, NULL_PATH, SUBJECT("poruka nije isporucena"), TEXT("korisnik pero ne postoji")}, {{0}}, JUDGE_BOUNCE, JUDGE_FAILED, true},
	{"a person says so", {.has_return_path = true, .return_path = "joe@b", .from_address = "joe@b", SUBJECT("poruka nije isporucena"), TEXT("korisnik pero ne postoji")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a mailbox whose owner left", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: offer"), TEXT("ann no longer works here. please contact tom@b.example")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, with what it answers", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: offer"), TEXT("ann no longer works here. please contact tom@b.example"), .text_has_quotes = true}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"away and who answers, nothing marked", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("urlop"), TEXT("jestem na urlopie do 20 sierpnia. w pilnych sprawach prosze o kontakt z biurem")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, in an answer to a message", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: oferta"), TEXT("jestem na urlopie do 20 sierpnia. w pilnych sprawach prosze o kontakt z biurem")}, {H("in-reply-to", "<1@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, to somebody by name", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("urlaub"), TEXT("hallo karl, ich bin bis 20. august im urlaub. wende dich an tom")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, to a school's parents", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("ferien"), TEXT("liebe eltern, wir sind bis 20. august in den ferien. in dringenden fallen rufen sie an")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, with a question", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("urlaub"), TEXT("ich bin bis 20. august im urlaub. vertritt mich tom gut?")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an old list's post", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("[list] re: hello"), TEXT("in my absence it will not reopen the file"), .text_has_quotes = true}, {H("in-reply-to", "<1@a>"), H("precedence", "bulk"), H("errors-to", "list-bounce@c")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"people's talk, marked as bulk", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: hello"), TEXT("no, it will not reopen the file"), .text_has_quotes = true}, {H("in-reply-to", "<1@a>"), H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a tracker tells of automatic replies", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("[jira] (m-1) autoreply loop"), TEXT("joe commented on m-1. we get an automatic reply: out of office")}, {H("in-reply-to", "<1@b>"), H("message-id", "<2@b>"), H("auto-submitted", "auto-generated"), H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"spam that borrows all of it", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("automatic reply: out of office"), TEXT("i am out of office, our pharmacy is open: viagra from $1. order now http://b"), .links = 1}, {H("auto-submitted", "auto-replied"), H("x-autoreply", "yes")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a computer that answers", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: offer"), TEXT("here answers ann's computer, for she is at the sea till autumn. in urgent cases call my mother")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a telephone's text that says what it is", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT(""), TEXT("(auto-reply) i'm driving right now and will get back to you")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"away, with a short question", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("sv: erbjudande"), TEXT("jag har semester till 20 augusti och laser inte min e-post. bradskande? ring vaxeln")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a receipt that is HTML alone", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("thank you for applying"), TEXT("we have received your application. do not reply to this mail, which a machine generated"), .html_only = true}, {H("auto-submitted", "auto-generated")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a letter of the null sender, under an absence's subject", {NULL_PATH, .from_address = "ann@b", SUBJECT("xyz - nieobecny"), TEXT("xyz xyz")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, with a field that a program made up", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("xyz"), TEXT("xyz xyz")}, {H("x-wp-autoreply", "1")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, which says no", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("xyz"), TEXT("xyz xyz")}, {H("x-wp-autoreply", "no")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an absence among other things in a first letter", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("einschreiben"), TEXT("bitte teilen sie uns die anschrift mit. ich bin ab freitag im urlaub, tom vertritt mich")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an absence before the subject that it answers", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("gone sailing (re: offer)"), TEXT("i am away until monday")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a page that borrows a program's subject and field", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("automatische antwort: abwesenheitsnotiz"), TEXT("xyz http://b"), .links = 1, .html_only = true}, {H("auto-submitted", "auto-replied")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a person says who left, and quotes", {.has_return_path = true, .return_path = "tom@b", .from_address = "tom@b", SUBJECT("re: offer"), TEXT("> ann, the offer? ann no longer works here. please contact me, tom@b.example"), .text_has_quotes = true}, {H("in-reply-to", "<1@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an inn tells its guests that it is closed", {.has_return_path = true, .return_path = "info@b", .from_address = "info@b", SUBJECT("betriebsferien"), TEXT("liebe gaste, wir haben vom 7. bis 28. januar geschlossen")}, {H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an office's receipt, Portuguese", {.has_return_path = true, .return_path = "geral@b", .from_address = "geral@b", SUBJECT("aviso de recepcao"), TEXT("a sua comunicacao: seu pedido foi recebido e tera resposta em 10 dias uteis")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"absent from till, and who answers meanwhile", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("odp: oferta"), TEXT("jestem na urlopie do 7 maja. w czasie mojej nieobecnosci prosze pisac: jan@b.example")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, by a person who quotes", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("odp: oferta"), TEXT("> kiedy? jestem na urlopie do 7 maja. w czasie mojej nieobecnosci prosze pisac: jan@b.example"), .text_has_quotes = true}, {H("in-reply-to", "<1@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a program that calls itself a responder", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("xyz"), TEXT("xyz xyz")}, {H("x-mailer", "vpop3 2.1 - autoresponder")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, on a list", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("xyz"), TEXT("xyz xyz")}, {H("x-mailer", "vpop3 2.1 - autoresponder"), H("list-post", "<mailto:l@a>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a person's program", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("xyz"), TEXT("xyz xyz")}, {H("x-mailer", "the bat! 4.0")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a ticket system says that a matter was opened", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("[ticket id: 4711] hello"), TEXT("your enquiry was logged and will be replied to shortly")}, {H("x-mailer", "whmcs v5")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, that it was answered", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("[ticket id: 4711] hello"), TEXT("tom has written: have you restarted the machine, and was the lamp on?")}, {H("x-mailer", "whmcs v5")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a queue that has a list's name", {.has_return_path = true, .return_path = "help@b", .from_address = "help@b", SUBJECT("re: pills [обращение #7185]"), TEXT("обращение зарегистрировано под номером 7. инженер свяжется с вами")}, {H("x-mailer", "redmine"), H("list-id", "<help.b>"), H("auto-submitted", "auto-generated"), H("in-reply-to", "<1@a>")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a form's receipt", {.has_return_path = true, .return_path = "www@b", .from_address = "kontakt@b", SUBJECT("ihre anfrage an b"), TEXT("wir haben ihre nachricht bekommen und rufen sie zuruck. ihre angaben: name: joe")}, {H("x-php-originating-script", "33:mailer.php")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"an absence in brackets behind what it answers", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: your order (out of the office)"), TEXT("i am on jury duty. anything else can wait")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, in a person's answer", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: re: your order (out of the office)"), TEXT("anything else can wait?")}, {H("in-reply-to", "<1@b>"), H("references", "<1@b>")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a subject that is a sentence of absence", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("i am out of the lab"), TEXT("forms: by fax. i am back on the 21st")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, and nothing that goes with it", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("i am out of the lab"), TEXT("there is a sandwich for you")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an address that only sends", {.has_return_path = true, .return_path = "no-reply@b", .from_address = "no-reply@b", SUBJECT("re: tickets"), TEXT("nobody reads what comes to this address. nobody will see your mail")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"money, to nobody", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("auto-reply: your fund"), TEXT("this is an auto response. us$10 million is yours")}, {H("to", "undisclosed-recipients:;"), H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a vet's reminder", {.has_return_path = true, .return_path = "praxis@b", .from_address = "praxis@b", SUBJECT("impfung fallig"), TEXT("die praxis ist vom 3. bis 10. august geschlossen. diese mail wurde automatisch erstellt, bitte nicht antworten")}, {H("auto-submitted", "auto-generated")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a request in a help desk, and its number", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: offer [#4711]"), TEXT("tu mensaje nos ha llegado")}, {H("x-zendesk-ticket", "4711")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"an absence in a tracker's notice", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("[post - bug #5510] abwesenheitsnotiz twice"), TEXT("joe has reported it")}, {H("x-redmine-project", "post"), H("auto-submitted", "auto-generated")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a letter on record, in brackets who says so", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("la sua comunicazione"), TEXT("la sua comunicazione e stata protocollata con il n. 4412. (messaggio automatico)")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"what was charged, under a receipt's field", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("we received your request"), TEXT("this is an automated acknowledgement. usd 699.00 was charged. call to cancel")}, {H("auto-submitted", "auto-replied")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a removal that nobody asked for", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("your request was received"), TEXT("we have received your request. confirm, otherwise you will continue to receive our mail")}, {H("auto-submitted", "auto-replied")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an answer that begins with an absence", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: offer"), TEXT("on parental leave through october; hugh covers my accounts")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"so, which greets first", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("sv: styrgrupp"), TEXT("hej! jag gar pa foraldraledighet den 1:a men kan vara med")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a holiday among friends", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("vacation"), TEXT("we are on vacation until sunday and the lobsters are huge. love, j")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"an answer that says what it is", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: hej"), TEXT("kor bil. detta svar skickades automatiskt")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a matter's number before the subject", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("[#77120] re: bill"), TEXT("your request was accepted, we will reply in working hours. your request has been registered")}, {{0}}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a program for those who let houses", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("your stay"), TEXT("your apartment is ready from 3 to 10 may")}, {H("x-mailer", "vacation rentals mailer 2")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"so, one that answers", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("your stay"), TEXT("your apartment is ready from 3 to 10 may")}, {H("x-mailer", "vacation 1.2.6")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"a matter that another opened", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("inc0012345 has been assigned"), TEXT("a new incident was created by tom and assigned to group printers")}, {H("x-servicenow-generated", "true"), H("precedence", "bulk")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a machine tells of its work", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("backup done"), TEXT("the backup finished at 3:10. (this message was sent automatically.)")}, {H("auto-submitted", "auto-generated")}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a word in brackets that is somebody's", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("timetable (vacation)"), TEXT("weekdays 9 to 5. in the vacation from 10 to 2")}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
	{"a windfall quoted by who is away", {.has_return_path = true, .return_path = "ann@b", .from_address = "ann@b", SUBJECT("re: you won 1,000,000 euro"), TEXT("i am on vacation until monday. your mail (you won 1,000,000 euro) waits")}, {H("precedence", "bulk")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"an office's receipt that nobody signed", {.has_return_path = true, .return_path = "cell@b", .from_address = "cell@b", SUBJECT("your e-mail has been diarised"), TEXT("your communication has been received and recorded. this is a computer generated communication")}, {H("precedence", "bulk")}, JUDGE_AUTOREPLY, JUDGE_TYPE_NONE, true},
	{"nothing at all", {.links = 0}, {{0}}, JUDGE_NONE, JUDGE_TYPE_NONE, false},
};
/* clang-format on */

static struct weigher *weigher;

static void
on_report(void *context, bool fatal, const char *line)
{
	(void)context;
	(void)fatal;
	print_error("%s\n", line);
}

static int
set_up(void **state)
{
	static const struct bs_config no_settings;
	struct rules *rules = NULL;

	(void)state;
	assert_int_equal(
	    rulesload(&no_settings, on_report, NULL, &rules), BS_OK);
	assert_int_equal(weigher_new(&rules, &weigher), BS_OK);
	return 0;
}

static int
tear_down(void **state)
{
	(void)state;
	weigher_free(&weigher);
	return 0;
}

static void
fold(char *text)
{
	(void)fold_text(text, strlen(text), text);
}

static void
classify_row(const struct row *row, struct judgement *judgement_r)
{
	static char empty[] = "";
	struct facts facts = row->facts;
	struct fact_header header[HEADERS_MAX];

	memcpy(header, row->header, sizeof header);
	facts.header = header;
	while (facts.header_count < HEADERS_MAX &&
	       header[facts.header_count].name != NULL)
		facts.header_count++;
	if (facts.from_name == NULL)
		facts.from_name = empty;
	if (facts.subject == NULL)
		facts.subject = empty;
	facts.subject_shown = facts.subject;
	if (facts.words == NULL)
		facts.words = empty;
	fold(facts.subject);
	fold(facts.words);
	facts.text = facts.words;
	facts.status_text = empty;
	memset(judgement_r, 0, sizeof *judgement_r);
	classify(weigher, &facts, judgement_r);
}

static void
test_kinds(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		static struct judgement judgement;

		classify_row(&rows[i], &judgement);
		if (judgement.kind != rows[i].kind ||
		    judgement.type != rows[i].type ||
		    judgement.lists != rows[i].lists ||
		    judgement.reason_count == 0)
			fail_msg("%s: %s %s %d, first reason: %s", rows[i].name,
			    judge_kind_name(judgement.kind),
			    judge_type_name(judgement.type), judgement.lists,
			    judgement.reason[0].text);
	}
}

static void
test_classes(void **state)
{
	static struct judgement judgement;

	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		classify_row(&rows[i], &judgement);
		if (judgement.lists)
			assert_string_equal(bs_class_name(judgement.class),
			    judge_kind_name(judgement.kind));
		assert_true(judgement.reason_count <= JUDGE_REASONS_MAX);
	}
}

/* The standard rules: a language has more than one word for a thing, and
 * nothing decides alone. */
static void
test_rules(void **state)
{
	const struct rules *rules = weigher->rules;

	(void)state;
	assert_true(rules->count > 100);
	assert_true(rules->literal_count > 1000);
	for (size_t i = 0; i < rules->count; i++) {
		const struct rule *rule = &rules->rule[i];
		const struct rule_kind *kind = &rules->kind[rule->kind];

		assert_true(kind->threshold > 0);
		assert_true(
		    (rule->group == RULE_AGAINST) == (rule->weight < 0));
		if (rule->group != RULE_AGAINST &&
		    kind->cap[rule->group] < rule->weight)
			fail_msg("%s:%u: %s weighs more than its evidence may",
			    rule->file, rule->line, rule->name);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_kinds),
	    cmocka_unit_test(test_classes),
	    cmocka_unit_test(test_rules),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
