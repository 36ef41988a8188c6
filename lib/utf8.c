/*
 * UTF-8: one sequence at a time, strictly.
 *
 * The YAML reader checks a file with it before libyaml sees it; messages cut
 * long texts with it; whatever is shown to people is cleaned with it.  Nothing here allocates or knows what the text means.
 */
#include "autoconf.h"

#include <string.h>

#include "utf8.h"

size_t
bs_utf8_read(const uint8_t *at, size_t left, uint32_t *code_r)
{
	size_t size = at[0] < 0x80   ? 1
		      : at[0] < 0xc2 ? 0
		      : at[0] < 0xe0 ? 2
		      : at[0] < 0xf0 ? 3
		      : at[0] < 0xf5 ? 4
				     : 0;
	uint32_t code = size == 1 ? at[0] : at[0] & (0x7fu >> size);

	if (size == 0 || size > left)
		return 0;
	for (size_t i = 1; i < size; i++) {
		if ((at[i] & 0xc0) != 0x80)
			return 0;
		code = code << 6 | (at[i] & 0x3f);
	}
	if ((size == 3 && code < 0x800) || (size == 4 && code < 0x10000) ||
	    (code >= 0xd800 && code <= 0xdfff) || code > 0x10ffff)
		return 0;
	*code_r = code;
	return size;
}

bool
bs_utf8_is_printable(uint32_t code)
{
	return code == '\t' || code == '\n' || code == '\r' ||
	       (code >= 0x20 && code <= 0x7e) || code == 0x85 ||
	       (code >= 0xa0 && code != 0xfeff && code != 0xfffe &&
		   code != 0xffff);
}

/* Characters that move, hide or turn round what a terminal shows. */
static bool
is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0x061c ||
	       (code >= 0x200e && code <= 0x200f) ||
	       (code >= 0x2028 && code <= 0x202e) ||
	       (code >= 0x2066 && code <= 0x2069) || code == 0xfeff;
}

size_t
bs_utf8_plain(const char *text)
{
	size_t left, size;
	uint32_t code;

	if (*text >= 0x20 && *text < 0x7f) /* as most are */
		return 1;
	left = strnlen(text, 4);
	size = left == 0 ? 0 : bs_utf8_read((const uint8_t *)text, left, &code);
	return size == 0 || is_control(code) ? 0 : size;
}

size_t
bs_utf8_cut(const char *text, size_t max)
{
	size_t size = strnlen(text, max + 1);

	if (size <= max)
		return size;
	size = max;
	while (size > 0 && ((unsigned char)text[size] & 0xc0) == 0x80)
		size--;
	return size;
}

void
bs_utf8_lower(char *text)
{
	for (; *text != '\0'; text++) {
		if (*text >= 'A' && *text <= 'Z')
			*text = (char)(*text | 0x20);
	}
}

int
bs_utf8_shown(const char *text)
{
	return (int)bs_utf8_cut(text, BS_UTF8_SHOWN_MAX);
}
