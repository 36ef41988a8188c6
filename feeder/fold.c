/*
 * Folds text, of messages and of rules alike, so that a rule's phrase is found
 * however a mail system or a person wrote it: upper case, accents left out (as
 * old terminals and broken charsets do), curly quotes, full-width letters.
 * Called by mime*.c, pattern.c and rulekeys.c; pure, allocates nothing.
 */
#include "autoconf.h"

#include <stdint.h>
#include <string.h>

#include "utf8.h"

#include "eight.h"
#include "fold.h"
#include "fold_table.h"

/* One of two letters, in two ASCII ones. */
static const char *
two_letters(uint32_t code)
{
	switch (code) {
	case 0xdf: /* sharp s */
	case 0x1e9e:
		return "ss";
	case 0xc6:
	case 0xe6:
		return "ae";
	case 0x152:
	case 0x153:
		return "oe";
	default:
		return NULL;
	}
}

/* Marks and characters that have no width: left out. */
static bool
is_invisible(uint32_t code)
{
	return (code >= 0x300 && code <= 0x36f) || code == 0xad ||
	       (code >= 0x64b && code <= 0x655) || code == 0x640 ||
	       (code >= 0x200b && code <= 0x200f) ||
	       (code >= 0x202a && code <= 0x202e) || code == 0x2060 ||
	       (code >= 0xfe00 && code <= 0xfe0f) || code == 0xfeff;
}

/* Quotes, dashes and blanks of typesetters, U+2000 to U+206F. */
static uint32_t
plain_punctuation(uint32_t code)
{
	if (code <= 0x200a || code == 0x2028 || code == 0x2029 ||
	    code == 0x202f || code == 0x205f)
		return ' ';
	if (code >= 0x2010 && code <= 0x2015)
		return '-';
	if (code >= 0x2018 && code <= 0x201b)
		return '\'';
	if (code >= 0x201c && code <= 0x201f)
		return '"';
	return code;
}

static uint32_t
fold_code(uint32_t code)
{
	if (code == 0xa0 || code == 0x3000)
		return ' ';
	if (code < FOLD_LOW_END)
		return fold_low[code - FOLD_LOW_FIRST];
	if (code >= FOLD_HIGH_FIRST && code < FOLD_HIGH_END)
		return fold_high[code - FOLD_HIGH_FIRST];
	if (code >= 0x2000 && code < 0x2070)
		return plain_punctuation(code);
	if (code >= 0xff01 && code <= 0xff5e) { /* full width */
		code = code - 0xff01 + '!';
		return code >= 'A' && code <= 'Z' ? code - 'A' + 'a' : code;
	}
	return code;
}

static char *
put_code(uint32_t code, char *to)
{
	if (code < 0x80) {
		*to++ = (char)code;
	} else if (code < 0x800) {
		*to++ = (char)(0xc0 | code >> 6);
		*to++ = (char)(0x80 | (code & 0x3f));
	} else if (code < 0x10000) {
		*to++ = (char)(0xe0 | code >> 12);
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
		*to++ = (char)(0x80 | (code & 0x3f));
	} else {
		*to++ = (char)(0xf0 | code >> 18);
		*to++ = (char)(0x80 | (code >> 12 & 0x3f));
		*to++ = (char)(0x80 | (code >> 6 & 0x3f));
		*to++ = (char)(0x80 | (code & 0x3f));
	}
	return to;
}

/* Folds the character at `from`, no ASCII one; no longer than it was. */
static char *
fold_wide(const uint8_t *from, size_t left, size_t *used_r, char *to)
{
	uint32_t code = 0;
	size_t used = bs_utf8_read(from, left, &code);
	const char *letters;

	*used_r = used > 0 ? used : 1;
	if (used == 0) {
		*to++ = '?';
		return to;
	}
	if (is_invisible(code))
		return to;
	code = fold_code(code);
	letters = two_letters(code);
	if (letters == NULL)
		return put_code(code, to);
	*to++ = letters[0];
	*to++ = letters[1];
	return to;
}

/* --- eight bytes at a time ------------------------------------------------ */

bool
fold_is_ascii(const char *text, size_t size)
{
	uint64_t all = 0;
	size_t i = 0;

	if (size >= 8) /* the last ones, some of them twice */
		all = eight_read(text + size - 8);
	for (; i + 8 <= size; i += 8)
		all |= eight_read(text + i);
	for (; size < 8 && i < size; i++)
		all |= (unsigned char)text[i];
	return (all & EIGHT_OF(0x80)) == 0;
}

/* Whether all eight are ASCII and none is a NUL. */
static bool
is_plain(uint64_t bytes)
{
	return ((bytes | (bytes - EIGHT_OF(1))) & EIGHT_OF(0x80)) == 0;
}

/* ASCII letters in lower case: 0x20 is set in bytes from 'A' to 'Z'. */
static uint64_t
lower_eight(uint64_t bytes)
{
	uint64_t from_a = bytes + EIGHT_OF(0x80 - 'A');
	uint64_t beyond_z = bytes + EIGHT_OF(0x7f - 'Z');

	return bytes | ((from_a & ~beyond_z & EIGHT_OF(0x80)) >> 2);
}

/* Folds the last eight bytes, some of them again: for a text whose bytes stayed
 * where they were. */
static bool
fold_last(const char *text, size_t size, char *folded)
{
	uint64_t last = eight_read(text + size - 8);

	if (!is_plain(last))
		return false;
	last = lower_eight(last);
	memcpy(folded + size - 8, &last, sizeof last);
	return true;
}

size_t
fold_text(const char *text, size_t size, char *folded_r)
{
	const uint8_t *from = (const uint8_t *)text;
	const uint8_t *end = from + size;
	char *to = folded_r;

	while (from < end) {
		size_t used = 1;
		uint8_t c;

		while (end - from >= 8 && is_plain(eight_read(from))) {
			uint64_t folded = lower_eight(eight_read(from));

			memcpy(to, &folded, sizeof folded);
			from += 8;
			to += 8;
		}
		if (from == end)
			break;
		if (end - from < 8 && size >= 8 &&
		    to - folded_r == (const char *)from - text &&
		    fold_last(text, size, folded_r)) {
			to += end - from;
			break;
		}
		c = *from;
		if (c >= 0x80)
			to = fold_wide(from, (size_t)(end - from), &used, to);
		else if (c >= 'A' && c <= 'Z')
			*to++ = (char)(c | 0x20);
		else
			*to++ = (char)(c == '\0' ? ' ' : c);
		from += used;
	}
	*to = '\0';
	return (size_t)(to - folded_r);
}

static bool
is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

/* Copies words of eight bytes with nothing but single blanks between them;
 * returns how many bytes. */
static size_t
copy_single_blanks(const char *from, size_t size, char *to, bool *blank)
{
	size_t i = 0;

	for (; i + 8 <= size; i += 8) {
		uint64_t bytes = eight_read(from + i);
		uint64_t blanks = eight_blanks(bytes);

		/* in a word of either byte order neighbours are neighbours */
		if (eight_has_control(bytes) || (blanks & (blanks >> 8)) != 0 ||
		    (*blank && from[i] == ' '))
			break;
		memcpy(to + i, &bytes, sizeof bytes);
		*blank = from[i + 7] == ' ';
	}
	return i;
}

size_t
fold_blanks(const char *text, char *to_r)
{
	const char *end = text + strlen(text);
	char *to = to_r;
	bool blank = true; /* leading blanks go */

	while (text < end) {
		size_t copied =
		    copy_single_blanks(text, (size_t)(end - text), to, &blank);
		bool is_blank;

		text += copied;
		to += copied;
		if (text == end)
			break;
		is_blank = is_space(*text);
		*to = is_blank ? ' ' : *text;
		to += !(is_blank && blank);
		blank = is_blank;
		text++;
	}
	*to = '\0';
	return (size_t)(to - to_r);
}
