/*
 * Collects what of a message must not show, and writes it in the encodings that
 * somebody may choose who probes for traps.  disclose.c asks whether a name has
 * to do with any of it: most are told apart by the letters that they have.
 */
#include "autoconf.h"

#include <string.h>

#include "disclose_secrets.h"

#define SECRET_MIN 4 /* letters and digits; shorter ones are everywhere */

/* --- letters and digits --------------------------------------------------- */

/* A letter in lower case, or a digit; 0 for anything else. */
static char
squeezed_byte(char c)
{
	if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
		return c;
	return (char)(c >= 'A' && c <= 'Z' ? c | 0x20 : 0);
}

/* Writes up to room - 1 letters and digits and a NUL; returns how many. */
static size_t
squeeze(const char *text, size_t size, char *out, size_t room)
{
	size_t used = 0;

	for (size_t i = 0; i < size && used < room - 1; i++) {
		out[used] = squeezed_byte(text[i]);
		used += out[used] != 0;
	}
	out[used] = '\0';
	return used;
}

/* Which letters and digits there are. */
static uint64_t
letters_of(const char *text, size_t size)
{
	uint64_t letters = 0;

	for (size_t i = 0; i < size; i++)
		letters |= UINT64_C(1) << (text[i] >= 'a' ? text[i] - 'a' + 10
							  : text[i] - '0');
	return letters;
}

void
disclose_squeeze(
    const char *text, size_t size, struct disclose_squeezed *squeezed_r)
{
	squeezed_r->size =
	    squeeze(text, size, squeezed_r->text, sizeof squeezed_r->text);
	squeezed_r->letters = letters_of(squeezed_r->text, squeezed_r->size);
}

/* --- secrets ------------------------------------------------------------ */

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

static bool
is_separator(char c)
{
	static const bool separates[128] = {['+'] = true,
	    ['-'] = true,
	    ['='] = true,
	    ['_'] = true,
	    ['.'] = true,
	    ['#'] = true,
	    ['/'] = true,
	    ['%'] = true,
	    ['!'] = true};

	return (unsigned char)c < sizeof separates &&
	       separates[(unsigned char)c];
}

/* An address: its local part, the pieces of that, its domain, all of it. */
static void
add_address(struct disclose_secrets *secrets, const char *text, size_t size)
{
	const char *at = memrchr(text, '@', size);
	size_t local = at != NULL ? (size_t)(at - text) : size, piece;

	add_secret(secrets, text, local, false);
	for (size_t i = 0; i < local; i += piece + 1) {
		for (piece = 0;
		     i + piece < local && !is_separator(text[i + piece]);
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
		out[i] = secret[i] >= 'a'
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

_Static_assert(
    sizeof encodings / sizeof *encodings == DISCLOSE_ENCODINGS, "room for all");
_Static_assert(DISCLOSE_ENCODED_MAX <= UINT8_MAX, "sizes of them");

void
disclose_encode(
    const struct disclose_secrets *secrets, struct disclose_encoded *encoded_r)
{
	encoded_r->count = 0;
	encoded_r->too_many = secrets->too_many;
	for (size_t i = 0; i < secrets->count; i++) {
		const struct disclose_secret *secret = &secrets->secret[i];
		size_t size = strlen(secret->text);

		for (size_t j = 0; j < DISCLOSE_ENCODINGS; j++) {
			struct encoded *one =
			    &encoded_r->encoded[encoded_r->count];

			encodings[j](secret->text, size, one->text);
			one->whole = secret->whole;
			one->size = (uint8_t)strlen(one->text);
			one->letters = letters_of(one->text, one->size);
			encoded_r->count += one->size >= SECRET_MIN;
		}
	}
}

/* --- looking for them ----------------------------------------------------- */

bool
disclose_holds(
    const struct disclose_squeezed *text, const struct encoded *encoded)
{
	return (encoded->letters & ~text->letters) == 0 &&
	       memmem(text->text, text->size, encoded->text, encoded->size) !=
		   NULL;
}

static bool
is_part(const struct disclose_squeezed *text, const struct encoded *encoded)
{
	return !encoded->whole && text->size >= SECRET_MIN &&
	       (text->letters & ~encoded->letters) == 0 &&
	       memmem(encoded->text, encoded->size, text->text, text->size) !=
		   NULL;
}

bool
disclose_hides(const struct disclose_squeezed *text,
    const struct disclose_encoded *encoded)
{
	for (size_t i = 0; i < encoded->count; i++) {
		if (disclose_holds(text, &encoded->encoded[i]) ||
		    is_part(text, &encoded->encoded[i]))
			return true;
	}
	return false;
}
