/*
 * What subjects of notices usually begin with: all of a subject that may be shown.
 * A table; its rows are case-folded UTF-8.  They are few, and whole, since who may
 * put words together as he likes can number his probes with them.  disclose.c
 * asks.
 */
#include "autoconf.h"

#include <ctype.h>
#include <string.h>

#include "disclose.h"

static const char *const phrases[] = {
    /* bounces */
    "delivery failure",
    "delivery status notification",
    "delivery status notification (delay)",
    "delivery status notification (failure)",
    "failure notice",
    "mail delivery failed",
    "mail delivery failed: returning message to sender",
    "mail delivery failure",
    "mail system error - returned mail",
    "non recapitabile:",
    "non remis :",
    "onbestelbaar:",
    "postmaster notify: see transcript for details",
    "returned mail:",
    "returned mail: see transcript for details",
    "returned mail: user unknown",
    "undeliverable:",
    "undeliverable mail",
    "undelivered mail returned to sender",
    "unzustellbar:",
    "warning: could not send message for past",
    /* automatic replies and read receipts */
    "abwesenheitsnotiz",
    "auto reply",
    "auto:",
    "automatic reply",
    "automatisch antwoord",
    "automatische antwort",
    "autoreply",
    "out of office",
    "out of the office",
    "read:",
    "respuesta automática",
    "resposta automática",
    "risposta automatica",
    "réponse automatique",
    "автоответ",
    "自动回复",
    "自動回覆",
    "自動応答",
    "自動返信",
    /* challenges, filters, lists */
    "banned file",
    "confirm",
    "please confirm",
    "virus found",
    "welcome to",
    "your message to",
};

/* "confirm" does not begin "confirmation". */
static bool
ends_word(const char *phrase, size_t size, const char *rest)
{
	return !isalnum((unsigned char)phrase[size - 1]) ||
	       (!isalnum((unsigned char)*rest) && (*rest & 0x80) == 0);
}

const char *
disclose_phrase(const char *subject)
{
	const char *longest = NULL;
	size_t longest_size = 0;

	for (size_t i = 0; i < sizeof phrases / sizeof *phrases; i++) {
		size_t size;

		if (phrases[i][0] != subject[0]) /* most, and told faster */
			continue;
		size = strlen(phrases[i]);
		if (size > longest_size &&
		    strncmp(subject, phrases[i], size) == 0 &&
		    ends_word(phrases[i], size, subject + size)) {
			longest = phrases[i];
			longest_size = size;
		}
	}
	return longest;
}
