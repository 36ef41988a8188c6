/*
 * Makes what a notice says of itself fit to be shown.  Whoever probes for traps
 * chooses what his probes look like, and reads what the list shows; so nothing is
 * shown but what fits a narrow grammar and has nothing to do with a recipient of
 * the message, in any usual encoding.  Too little shown does no harm.
 *
 * Pure; judge.c calls it for each message.  The grammars are checked again where
 * it is kept (lib/evidence.c); the words are in disclose_words.c.
 */
#include "autoconf.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "utf8.h"

#include "disclose.h"

#define TOKEN_LETTERS 12  /* of a part of a label; longer ones are tokens */
#define TOKEN_DIGITS 3    /* in one part of a label */
#define HOST_LABELS_MIN 2 /* "localhost" tells nobody anything */

/* --- host names --------------------------------------------------------- */

/* A piece of a label that people give to hosts: a word, a number, "mx12". */
static bool
piece_is_plain(const char *piece, size_t size)
{
	size_t letters = 0, digits = 0, changes = 0;

	for (size_t i = 0; i < size; i++) {
		bool digit = isdigit((unsigned char)piece[i]) != 0;

		letters += !digit;
		digits += digit;
		changes += i > 0 &&
			   digit != (isdigit((unsigned char)piece[i - 1]) != 0);
	}
	return letters <= TOKEN_LETTERS && digits <= TOKEN_DIGITS &&
	       changes <= 1;
}

static bool
label_is_plain(
    const char *label, size_t size, const struct disclose_encoded *secrets)
{
	struct disclose_squeezed squeezed;

	if (size >= 4 && memcmp(label, "xn--", 4) == 0)
		return false;
	for (size_t i = 0, piece; i < size; i += piece + 1) {
		for (piece = 0; i + piece < size && label[i + piece] != '-';
		     piece++)
			;
		if (!piece_is_plain(label + i, piece))
			return false;
	}
	disclose_squeeze(label, size, &squeezed);
	return !disclose_hides(&squeezed, secrets);
}

/* Lower case, without the final dot; false for what is no host name. */
static bool
read_host(const char *name, char host_r[BS_EVIDENCE_HOST_MAX + 1])
{
	size_t size = strlen(name), labels = 1, label = 0;
	bool letters = false;

	if (size > 0 && name[size - 1] == '.')
		size--;
	if (size == 0 || size > BS_EVIDENCE_HOST_MAX)
		return false;
	for (size_t i = 0; i < size; i++) {
		char c = (char)tolower((unsigned char)name[i]);

		if (c == '.' ? label == 0
			     : !isalnum((unsigned char)c) && c != '-')
			return false;
		letters = letters || isalpha((unsigned char)c);
		labels += c == '.';
		label = c == '.' ? 0 : label + 1;
		if (label > 63)
			return false;
		host_r[i] = c;
	}
	host_r[size] = '\0';
	return letters && labels >= HOST_LABELS_MIN && label > 0;
}

/* Whether one of the host's labels alone holds the encoded secret. */
static bool
label_holds(const char *host, const struct encoded *encoded)
{
	struct disclose_squeezed squeezed;
	size_t size;

	for (const char *label = host;; label += size + 1) {
		size = strcspn(label, ".");
		disclose_squeeze(label, size, &squeezed);
		if (disclose_holds(&squeezed, encoded))
			return true;
		if (label[size] == '\0')
			return false;
	}
}

/* Whether a secret is spread over several labels. */
static bool
labels_hide(const char *host, const struct disclose_encoded *secrets)
{
	struct disclose_squeezed squeezed;

	disclose_squeeze(host, strlen(host), &squeezed);
	for (size_t i = 0; i < secrets->count; i++) {
		const struct encoded *one = &secrets->encoded[i];

		if (disclose_holds(&squeezed, one) && !label_holds(host, one))
			return true;
	}
	return false;
}

void
disclose_host(const char *name, const struct disclose_encoded *secrets,
    char host_r[BS_EVIDENCE_HOST_MAX + 1])
{
	char host[BS_EVIDENCE_HOST_MAX + 1];
	size_t used = 0, size;

	host_r[0] = '\0';
	if (secrets->too_many || !read_host(name, host))
		return;
	if (labels_hide(host, secrets))
		return;
	for (const char *label = host;; label += size + 1) {
		size = strcspn(label, ".");
		if (label_is_plain(label, size, secrets)) {
			memcpy(host_r + used, label, size);
			used += size;
		} else {
			host_r[used++] = '*';
		}
		if (label[size] == '\0')
			break;
		host_r[used++] = '.';
	}
	host_r[used] = '\0';
}

/* --- subjects ----------------------------------------------------------- */

/* What stands between words, and shows as it is. */
static bool
is_between(char c)
{
	static const bool between[128] = {[' '] = true,
	    [':'] = true,
	    ['('] = true,
	    [')'] = true,
	    ['['] = true,
	    [']'] = true,
	    [','] = true,
	    ['.'] = true,
	    [';'] = true,
	    ['!'] = true,
	    ['?'] = true,
	    ['\''] = true,
	    ['"'] = true,
	    ['/'] = true,
	    ['-'] = true};

	return (unsigned char)c < sizeof between && between[(unsigned char)c];
}

static bool
word_is_plain(
    const char *word, size_t size, const struct disclose_secrets *secrets)
{
	if (!disclose_is_word(word, size))
		return false;
	/* a trap may have a usual word for a name */
	for (size_t i = 0; i < secrets->count; i++) {
		const char *secret = secrets->secret[i].text;

		if (strlen(secret) == size && memcmp(secret, word, size) == 0)
			return false;
	}
	return true;
}

/* Appends, unless it would be a second '*' or there is no room. */
static bool
append(char *out, size_t *used, const char *text, size_t size)
{
	bool star = size == 1 && *text == '*';

	if (*used + size > BS_EVIDENCE_SUBJECT_MAX)
		return false;
	if (star && *used > 0 &&
	    (out[*used - 1] == '*' ||
		(out[*used - 1] == ' ' && *used > 1 && out[*used - 2] == '*')))
		return true;
	memcpy(out + *used, text, size);
	*used += size;
	return true;
}

void
disclose_subject(const char *subject, const struct disclose_secrets *secrets,
    char subject_r[BS_EVIDENCE_SUBJECT_MAX + 1])
{
	size_t used = 0, size;
	bool room = true;

	for (; room && *subject != '\0'; subject += size) {
		size = 1;
		if (is_between(*subject)) {
			bool twice =
			    used > 0 && subject_r[used - 1] == *subject;

			room = twice || append(subject_r, &used, subject, 1);
			continue;
		}
		while (subject[size] != '\0' && !is_between(subject[size]))
			size++;
		if (word_is_plain(subject, size, secrets))
			room = append(subject_r, &used, subject, size);
		else
			room = append(subject_r, &used, "*", 1);
	}
	while (used > 0 && subject_r[used - 1] == ' ')
		used--;
	subject_r[used] = '\0';
}

/* --- all of it ---------------------------------------------------------- */

static void
disclose_hosts(const struct disclose_claims *claims,
    const struct disclose_secrets *secrets,
    struct bs_evidence_facts *evidence_r)
{
	struct disclose_encoded encoded;

	if (claims->helo[0] == '\0' && claims->reporting_mta[0] == '\0')
		return;
	disclose_encode(secrets, &encoded);
	disclose_host(claims->helo, &encoded, evidence_r->helo);
	disclose_host(
	    claims->reporting_mta, &encoded, evidence_r->reporting_mta);
}

void
disclose(const struct facts *facts, const struct disclose_claims *claims,
    struct bs_evidence_facts *evidence_r)
{
	struct disclose_secrets secrets;

	memset(evidence_r, 0, sizeof *evidence_r);
	disclose_secrets(facts, &secrets);
	evidence_r->action = bs_evidence_action_of(claims->action);
	if (strlen(claims->status) <= BS_EVIDENCE_STATUS_MAX &&
	    bs_evidence_status_is_sound(claims->status))
		memcpy(evidence_r->status, claims->status,
		    strlen(claims->status) + 1);
	disclose_hosts(claims, &secrets, evidence_r);
	disclose_subject(facts->subject, &secrets, evidence_r->subject);
}
