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

#define SECRET_MIN 4      /* letters and digits; shorter ones are everywhere */
#define TOKEN_LETTERS 12  /* of a part of a label; longer ones are tokens */
#define TOKEN_DIGITS 3    /* in one part of a label */
#define HOST_LABELS_MIN 2 /* "localhost" tells nobody anything */

/* --- secrets ------------------------------------------------------------ */

/* The letters and digits of a text in lower case; returns how many. */
static size_t
squeeze(const char *text, size_t size, char *out, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < size && used < room - 1; i++) {
		if (isalnum((unsigned char)text[i]))
			out[used++] = (char)tolower((unsigned char)text[i]);
	}
	out[used] = '\0';
	return used;
}

static void
add_secret(
    struct disclose_secrets *secrets, const char *text, size_t size, bool whole)
{
	struct disclose_secret *place;

	if (secrets->count == DISCLOSE_SECRETS_MAX) {
		secrets->too_many = true;
		return;
	}
	place = &secrets->secret[secrets->count];
	place->whole = whole;
	if (squeeze(text, size, place->text, sizeof place->text) < SECRET_MIN)
		return;
	for (size_t i = 0; i < secrets->count; i++) {
		if (strcmp(secrets->secret[i].text, place->text) == 0)
			return;
	}
	secrets->count++;
}

/* An address: its local part, the pieces of that, its domain, all of it. */
static void
add_address(struct disclose_secrets *secrets, const char *text, size_t size)
{
	static const char separators[] = "+-=_.#/%!";
	const char *at = memrchr(text, '@', size);
	size_t local = at != NULL ? (size_t)(at - text) : size, piece;

	add_secret(secrets, text, local, false);
	for (size_t i = 0; i < local; i += piece + 1) {
		for (piece = 0; i + piece < local &&
				strchr(separators, text[i + piece]) == NULL;
		     piece++)
			;
		add_secret(secrets, text + i, piece, false);
	}
	if (at == NULL)
		return;
	add_secret(secrets, at + 1, size - local - 1, true);
	add_secret(secrets, text, size, true);
}

/* Every word with an @ in it. */
static void
add_addresses(struct disclose_secrets *secrets, const char *value)
{
	static const char around[] = " \t\r\n<>()[],;:\"'";

	while (*value != '\0') {
		size_t size = strcspn(value, around);

		if (size > 0 && memchr(value, '@', size) != NULL)
			add_address(secrets, value, size);
		value += size;
		value += strspn(value, around);
	}
}

static bool
names_recipients(const char *header)
{
	static const char *const names[] = {"to", "cc", "bcc", "delivered-to",
	    "x-original-to", "envelope-to", "x-envelope-to", "apparently-to",
	    "resent-to", "resent-cc", "x-rcpt-to", "x-forwarded-to",
	    "x-forwarded-for", "original-recipient", "x-failed-recipients",
	    "x-actual-recipient", "received"};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		if (names[i][0] == header[0] && strcmp(names[i], header) == 0)
			return true;
	}
	return false;
}

void
disclose_secrets(const struct facts *facts, struct disclose_secrets *secrets_r)
{
	secrets_r->count = 0;
	secrets_r->too_many = false;
	add_address(secrets_r, facts->trap, strlen(facts->trap));
	for (size_t i = 0; i < facts->header_count; i++) {
		if (names_recipients(facts->header[i].name))
			add_addresses(secrets_r, facts->header[i].value);
	}
}

/* --- encodings ---------------------------------------------------------- */

/* Writes a secret in another form, its letters and digits in lower case; what
 * is shorter than SECRET_MIN then hides nothing. */
typedef void encoding(const char *secret, size_t size, char *out);

#define ENCODED_MAX (2 * DISCLOSE_SECRET_MAX + 8)

static void
plain(const char *secret, size_t size, char *out)
{
	memcpy(out, secret, size + 1);
}

static void
reversed(const char *secret, size_t size, char *out)
{
	for (size_t i = 0; i < size; i++)
		out[i] = secret[size - 1 - i];
	out[size] = '\0';
}

static void
rot13(const char *secret, size_t size, char *out)
{
	for (size_t i = 0; i < size; i++)
		out[i] = isalpha((unsigned char)secret[i])
			     ? (char)('a' + (secret[i] - 'a' + 13) % 26)
			     : secret[i];
	out[size] = '\0';
}

static void
hex(const char *secret, size_t size, char *out)
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < size; i++) {
		out[2 * i] = digits[(unsigned char)secret[i] >> 4];
		out[2 * i + 1] = digits[secret[i] & 15];
	}
	out[2 * size] = '\0';
}

/* Groups of `bits` by an alphabet in lower case; digits and letters only, as in
 * a host name. */
static void
by_bits(const char *secret, size_t size, const char *alphabet, unsigned bits,
    char *out)
{
	size_t used = 0;
	unsigned held = 0, held_bits = 0; /* read, not yet written */

	for (size_t i = 0; i < size; i++) {
		held = held << 8 | (unsigned char)secret[i];
		for (held_bits += 8; held_bits >= bits;) {
			char c;

			held_bits -= bits;
			c = alphabet[(held >> held_bits) & ((1u << bits) - 1)];
			if (c != '+' && c != '/')
				out[used++] = c;
		}
	}
	out[used] = '\0';
}

static void
base64(const char *secret, size_t size, char *out)
{
	by_bits(secret, size,
	    "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz0123456789+/",
	    6, out);
}

/* As it looks behind one byte, or two, of something else. */
static void
base64_inside(const char *secret, size_t size, char *out)
{
	if (size > 2)
		base64(secret + 2, size - 2, out);
	else
		out[0] = '\0';
}

static void
base64_inside_two(const char *secret, size_t size, char *out)
{
	base64(secret + 1, size - 1, out);
}

static void
base32(const char *secret, size_t size, char *out)
{
	by_bits(secret, size, "abcdefghijklmnopqrstuvwxyz234567", 5, out);
}

static encoding *const encodings[] = {plain, reversed, rot13, hex, base64,
    base64_inside, base64_inside_two, base32};

#define ENCODINGS (sizeof encodings / sizeof *encodings)

/* The secrets in all encodings: made once, looked for in each label. */
struct encoded_secrets {
	size_t count;
	struct encoded {
		bool whole; /* see struct disclose_secret */
		size_t size;
		char text[ENCODED_MAX];
	} encoded[DISCLOSE_SECRETS_MAX * ENCODINGS];
};

static void
encode(const struct disclose_secrets *secrets, struct encoded_secrets *all_r)
{
	all_r->count = 0;
	for (size_t i = 0; i < secrets->count; i++) {
		const struct disclose_secret *secret = &secrets->secret[i];
		size_t size = strlen(secret->text);

		for (size_t j = 0; j < ENCODINGS; j++) {
			struct encoded *one = &all_r->encoded[all_r->count];

			encodings[j](secret->text, size, one->text);
			one->whole = secret->whole;
			one->size = strlen(one->text);
			all_r->count += one->size >= SECRET_MIN;
		}
	}
}

/* Whether squeezed text has to do with an encoded secret: holds it, or is a
 * good part of it. */
static bool
matches(const char *text, size_t size, const struct encoded *encoded)
{
	if (size >= encoded->size)
		return memmem(text, size, encoded->text, encoded->size) != NULL;
	return !encoded->whole && size >= SECRET_MIN &&
	       memmem(encoded->text, encoded->size, text, size) != NULL;
}

static bool
hides_secret(
    const char *text, size_t size, const struct encoded_secrets *secrets)
{
	for (size_t i = 0; i < secrets->count; i++) {
		if (matches(text, size, &secrets->encoded[i]))
			return true;
	}
	return false;
}

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
    const char *label, size_t size, const struct encoded_secrets *secrets)
{
	char squeezed[64];
	size_t squeezed_size;

	if (size >= 4 && memcmp(label, "xn--", 4) == 0)
		return false;
	for (size_t i = 0, piece; i < size; i += piece + 1) {
		for (piece = 0; i + piece < size && label[i + piece] != '-';
		     piece++)
			;
		if (!piece_is_plain(label + i, piece))
			return false;
	}
	squeezed_size = squeeze(label, size, squeezed, sizeof squeezed);
	return !hides_secret(squeezed, squeezed_size, secrets);
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
label_holds(const char *host, const char *encoded)
{
	char squeezed[64];
	size_t size;

	for (const char *label = host;; label += size + 1) {
		size = strcspn(label, ".");
		(void)squeeze(label, size, squeezed, sizeof squeezed);
		if (strstr(squeezed, encoded) != NULL)
			return true;
		if (label[size] == '\0')
			return false;
	}
}

/* Whether a secret is spread over several labels. */
static bool
labels_hide(const char *host, const struct encoded_secrets *secrets)
{
	char squeezed[BS_EVIDENCE_HOST_MAX + 1];
	size_t size = squeeze(host, strlen(host), squeezed, sizeof squeezed);

	for (size_t i = 0; i < secrets->count; i++) {
		const struct encoded *one = &secrets->encoded[i];

		if (memmem(squeezed, size, one->text, one->size) != NULL &&
		    !label_holds(host, one->text))
			return true;
	}
	return false;
}

void
disclose_host(const char *name, const struct disclose_secrets *secrets,
    char host_r[BS_EVIDENCE_HOST_MAX + 1])
{
	struct encoded_secrets encoded;
	char host[BS_EVIDENCE_HOST_MAX + 1];
	size_t used = 0, size;

	host_r[0] = '\0';
	if (secrets->too_many || !read_host(name, host))
		return;
	encode(secrets, &encoded);
	if (labels_hide(host, &encoded))
		return;
	for (const char *label = host;; label += size + 1) {
		size = strcspn(label, ".");
		if (label_is_plain(label, size, &encoded)) {
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
	return c != '\0' && strchr(" :()[],.;!?'\"/-", c) != NULL;
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
	disclose_host(claims->helo, &secrets, evidence_r->helo);
	disclose_host(
	    claims->reporting_mta, &secrets, evidence_r->reporting_mta);
	disclose_subject(facts->subject, &secrets, evidence_r->subject);
}
