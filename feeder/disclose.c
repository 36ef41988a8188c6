/*
 * Makes what a notice says of itself fit to be shown.  Whoever probes for traps
 * chooses what his probes look like, and reads what the list shows: whatever he
 * can choose freely is a number that he can give to each recipient.  So only a
 * domain that the source was found to have is shown, without the names inside it,
 * a registered status code, and the usual beginning of a subject; and none of it
 * that has to do with a recipient of the message, in any usual encoding.  Too
 * little shown does no harm.
 *
 * Pure; judge.c calls it for each message.  The grammars are checked again where
 * it is kept (lib/evidence.c); the subjects are in disclose_phrases.c.
 */
#include "autoconf.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "utf8.h"

#include "disclose.h"
#include "strput.h"

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

/* Where countries have names like companies' below them: "example.co.uk". */
static bool
is_category(const char *label, size_t size)
{
	static const char *const names[] = {"ac", "co", "com", "edu", "go",
	    "gob", "gov", "gv", "mil", "ne", "net", "or", "org"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (strlen(names[i]) == size &&
		    memcmp(names[i], label, size) == 0)
			return true;
	}
	return false;
}

/* The last label before `end`. */
static const char *
last_label(const char *host, const char *end)
{
	const char *dot = memrchr(host, '.', (size_t)(end - host));

	return dot == NULL ? host : dot + 1;
}

/* Two labels, or three below a country's category: never more than somebody had
 * to register.  No list of public suffixes: where one would keep a third label
 * this shows less. */
static const char *
domain_of(const char *host)
{
	const char *end = host + strlen(host);
	const char *top = last_label(host, end), *domain;

	domain = last_label(host, top - 1);
	if (domain > host && end - top == 2 &&
	    is_category(domain, (size_t)(top - 1 - domain)))
		domain = last_label(host, domain - 1);
	return domain;
}

void
disclose_domain(const char *name, const struct disclose_encoded *secrets,
    char host_r[BS_EVIDENCE_HOST_MAX + 1])
{
	char host[BS_EVIDENCE_HOST_MAX + 1];
	size_t used = 0, size;

	host_r[0] = '\0';
	if (secrets->too_many || !read_host(name, host))
		return;
	if (labels_hide(host, secrets))
		return;
	for (const char *label = domain_of(host);; label += size + 1) {
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

/* A trap may have a usual word for a name. */
static bool
names_a_secret(const char *phrase, const struct disclose_secrets *secrets)
{
	struct disclose_squeezed squeezed;

	disclose_squeeze(phrase, strlen(phrase), &squeezed);
	for (size_t i = 0; i < secrets->count; i++) {
		if (strstr(squeezed.text, secrets->secret[i].text) != NULL)
			return true;
	}
	return secrets->too_many;
}

void
disclose_subject(const char *subject, const struct disclose_secrets *secrets,
    char subject_r[BS_EVIDENCE_SUBJECT_MAX + 1])
{
	const char *phrase;
	size_t used;

	subject += strspn(subject, " ");
	phrase = disclose_phrase(subject);
	subject_r[0] = '\0';
	if (*subject == '\0')
		return;
	if (phrase == NULL || names_a_secret(phrase, secrets)) {
		(void)strcpy(subject_r, "*");
		return;
	}
	used = strput(subject_r, 0, BS_EVIDENCE_SUBJECT_MAX + 1, phrase);
	subject += strlen(phrase);
	if (subject[strspn(subject, " ")] != '\0')
		(void)strput(
		    subject_r, used, BS_EVIDENCE_SUBJECT_MAX + 1, " *");
}

/* --- status codes ------------------------------------------------------- */

/*
 * The last detail that is registered of each subject (IANA, SMTP Enhanced Status
 * Codes, by RFC 5248); there are no gaps.  RFC 3463 has those up to X.0.0, X.1.8,
 * X.2.4, X.3.5, X.4.7, X.5.5, X.6.5 and X.7.7; RFC 3886 X.1.9, RFC 7505 X.1.10 and
 * X.7.27, RFC 6710 X.3.6, X.7.15 and .16, RFC 4954 X.5.6, X.7.8, .9, .11 and .12,
 * RFC 4468 X.6.6, RFC 6531 X.6.7 to .10, RFC 5248 X.7.10, .13 and .14, RFC 7293
 * X.7.17 to .19, RFC 7372 X.7.20 to .26, RFC 8617 X.7.29, RFC 8689 X.7.30; X.7.28 is
 * in the registry alone.
 */
static const int detail_max[] = {0, 10, 4, 6, 7, 6, 10, 30};

void
disclose_status(const char *status, char status_r[BS_EVIDENCE_STATUS_MAX + 1])
{
	size_t subject, kept = strlen(status);

	status_r[0] = '\0';
	if (kept > BS_EVIDENCE_STATUS_MAX ||
	    !bs_evidence_status_is_sound(status))
		return;
	subject = kept < 3 ? 0 : (size_t)(status[2] - '0');
	if (subject >= sizeof detail_max / sizeof *detail_max)
		kept = 2;
	else if (kept > 4 && atoi(status + 4) > detail_max[subject])
		kept = 4;
	memcpy(status_r, status, kept);
	status_r[kept] = '\0';
	if (status[kept] != '\0')
		(void)strput(status_r, kept, BS_EVIDENCE_STATUS_MAX + 1, "*");
}

/* --- all of it ---------------------------------------------------------- */

/* The domain that the source was found to have, and whether the notice says that
 * it comes from there: what else it says, nobody checked. */
static void
disclose_hosts(const struct disclose_claims *claims,
    const struct disclose_secrets *secrets,
    struct bs_evidence_facts *evidence_r)
{
	struct disclose_encoded encoded;
	char mta[BS_EVIDENCE_HOST_MAX + 1], helo[BS_EVIDENCE_HOST_MAX + 1];

	if (!read_host(claims->helo, helo))
		return;
	disclose_encode(secrets, &encoded);
	disclose_domain(claims->helo, &encoded, evidence_r->helo);
	if (read_host(claims->reporting_mta, mta) &&
	    strcmp(domain_of(mta), domain_of(helo)) == 0)
		memcpy(evidence_r->reporting_mta, evidence_r->helo,
		    sizeof evidence_r->helo);
}

void
disclose(const struct facts *facts, const struct disclose_claims *claims,
    struct bs_evidence_facts *evidence_r)
{
	struct disclose_secrets secrets;

	memset(evidence_r, 0, sizeof *evidence_r);
	disclose_secrets(facts, &secrets);
	evidence_r->action = bs_evidence_action_of(claims->action);
	disclose_status(claims->status, evidence_r->status);
	disclose_hosts(claims, &secrets, evidence_r);
	disclose_subject(facts->subject, &secrets, evidence_r->subject);
}
