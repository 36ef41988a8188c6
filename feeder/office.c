/*
 * Tells what a postmaster, root or a filter sends in person from what a mail
 * system sends in their names: who writes to whom from which envelope, and how.
 * What a message says has failed is left to the rules.  signals.c calls it.
 * Pure.
 */
#include "autoconf.h"

#include <string.h>

#include "office.h"
#include "sender.h"

/* Of the trap's own domain, or of a domain that has it or that it has. */
bool
office_is_of_traps_house(const struct view *view)
{
	const char *from = strchr(view->facts->from_address, '@');
	const char *trap = strchr(view->facts->trap, '@');
	const char *longer, *shorter;
	size_t at;

	if (from == NULL || trap == NULL)
		return false;
	longer = strlen(from) > strlen(trap) ? from + 1 : trap + 1;
	shorter = longer == from + 1 ? trap + 1 : from + 1;
	at = strlen(longer) - strlen(shorter);
	return shorter[0] != '\0' && strcmp(longer + at, shorter) == 0 &&
	       (at == 0 || longer[at - 1] == '.');
}

static bool
trap_is_office(const struct view *view)
{
	return sender_is_postmaster(view->facts->trap) ||
	       strncmp(view->facts->trap, "root@", strlen("root@")) == 0;
}

/* What a program writes above a message that it does not return in full (of one
 * that it does, the header shows it), or of its own letter. */
static bool
tells_of_original(const struct facts *facts)
{
	static const char *const words[] = {"original message", "original mail",
	    "returned message", "message follows", "message header",
	    "transcript of session", "session transcript",
	    "generated automatically", "automatically generated",
	    "ursprungliche nachricht", "message original", "mensaje original",
	    "messaggio originale", "mensagem original",
	    "oorspronkelijke bericht", "mailer daemon", "mailer-daemon",
	    "your message", "your e-mail", "your mail to", "deliver your mail",
	    "message you sent", "mail you sent", "ihre nachricht",
	    "ihre e-mail", "votre message", "su mensaje", "suo messaggio",
	    "sua mensagem", "uw bericht", "messaggio inviato",
	    "mensaje enviado", "message envoye", "mensagem enviada",
	    "verzonden bericht", "wiadomosc", "vase zprava", "ваше сообщение",
	    "ваше письмо", "ваше повідомлення", "ваш лист", "iletiniz",
	    "ditt meddelande", "din besked", "meldingen din", "viestisi",
	    "お送り", "原邮件", "原郵件", "您的邮件", "您的郵件"};

	if (!facts->text_names_address)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strstr(facts->words, words[i]) != NULL)
			return true;
	}
	return false;
}

/* Of the machine's postmaster, or of root, whose programs write in his name. */
static bool
has_office_return_path(const struct view *view)
{
	return view->postmaster_return_path ||
	       strncmp(view->facts->return_path, "root@", strlen("root@")) == 0;
}

/* Of another domain than From, as relays put in: nobody who writes in person. */
static bool
has_relays_return_path(const struct view *view)
{
	const char *sender = strrchr(view->facts->return_path, '@');
	const char *from = strrchr(view->facts->from_address, '@');

	return view->daemon_from && sender != NULL && from != NULL &&
	       strcmp(sender, from) != 0;
}

/* People greet and take their leave; programs that wait for no answer seldom
 * do. */
static bool
is_personal(const struct facts *facts)
{
	static const char *const words[] = {"hello", "hi ", "dear ", "regards",
	    "thank you", "thanks", "please let me know", " i'm ", " i am ",
	    "hallo", "guten tag", "sehr geehrte", "mit freundlichen", "bonjour",
	    "cordialement", "hola", "saludos", "buongiorno", "saluti",
	    "groeten", "atenciosamente"};
	/* qmail's program greets, and says who it is */
	static const char *const programs[] = {"program", "automatic",
	    "mailer daemon", "mailer-daemon", "do not reply"};

	for (size_t i = 0; i < sizeof programs / sizeof *programs; i++) {
		if (strstr(facts->words, programs[i]) != NULL)
			return false;
	}
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strstr(facts->words, words[i]) != NULL)
			return true;
	}
	return false;
}

/* What the trap is said to have given to an SMTP server, and what that said. */
bool
office_transcript(const struct view *view)
{
	static const char sender[] = "mail from:";
	const struct facts *facts = view->facts;
	size_t length = strlen(facts->trap);
	const char *at;

	if (length == 0 || !facts->text_has_reply_code || view->is_reply ||
	    view->is_list)
		return false;
	at = strstr(facts->words, sender);
	if (at == NULL)
		return false;
	at += sizeof sender - 1;
	at += strspn(at, " <");
	return strncmp(at, facts->trap, length) == 0 &&
	       strstr(at, "rcpt to:") != NULL;
}

/* An envelope that takes answers, no field of a report, and nothing returned,
 * unless somebody hands it on. */
static bool
takes_answers(const struct view *view)
{
	const struct facts *facts = view->facts;

	return facts->has_return_path && !facts->return_path_is_null &&
	       !view->robot_return_path && !view->robot_from &&
	       !view->null_from && view->no_status &&
	       !facts->text_has_status_fields && !office_transcript(view) &&
	       (!view->has_returned || view->is_reply);
}

/* A reply code, an address, or whose it was. */
static bool
says_whose(const struct facts *facts)
{
	static const char *const words[] = {"recipient", "user", "mailbox",
	    "address", "account", " name", "empfanger", "benutzer", "destinat",
	    "utilisateur", "usuari", "utente", "odbiorc", "адресат",
	    "получател"};

	if (facts->text_names_address || facts->text_has_reply_code)
		return true;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (strstr(facts->words, words[i]) != NULL)
			return true;
	}
	return false;
}

/* Old mail systems send notices under their postmaster's or root's name, filters
 * under their own, and sites under one that takes no answers. */
static bool
is_of_office(const struct view *view)
{
	const struct facts *facts = view->facts;

	if (sender_takes_nothing(facts->from_address))
		return facts->text_names_address;
	return ((view->daemon_from && has_office_return_path(view)) ||
		   ((view->daemon_name ||
			sender_has_filter_name(&view->address)) &&
		       strcmp(facts->return_path, facts->from_address) == 0)) &&
	       !is_personal(facts) && says_whose(facts);
}

/* Postmasters are people too, who answer, greet, and write to their own house
 * and to other postmasters; others than these send no notices, unless they name whom
 * a message did not reach and speak of it as programs do. */
bool
office_is_by_hand(const struct view *view)
{
	if (!takes_answers(view))
		return false;
	if (view->is_reply || view->refers_back || trap_is_office(view) ||
	    office_is_of_traps_house(view))
		return true;
	return !has_relays_return_path(view) && !is_of_office(view) &&
	       (!has_office_return_path(view) ||
		   !tells_of_original(view->facts));
}

/* Whether it is a program or the postmaster the sender does not say. */
bool
office_may_be_by_hand(const struct view *view)
{
	return takes_answers(view) && is_of_office(view);
}
