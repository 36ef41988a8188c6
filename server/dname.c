/*
 * Domain names between text and wire form.  The query path parses its own
 * names (query.c) and the master file's come from ldns (zonefile.c); here are
 * the names of the configuration, and names for messages.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>

#include "dname.h"

int
dname_parse(const char *text, uint8_t name_r[DNAME_SIZE_MAX], size_t *size_r)
{
	uint8_t name[DNAME_SIZE_MAX];
	size_t at = 0, left = strlen(text);

	if (left > 0 && text[left - 1] == '.')
		left--;
	while (left > 0) {
		const char *dot = memchr(text, '.', left);
		size_t label = dot != NULL ? (size_t)(dot - text) : left;

		if (label == 0 || (dot != NULL && label + 1 == left))
			return BS_EINVAL;
		if (label > DNAME_LABEL_MAX || at + label + 2 > sizeof(name))
			return BS_ETOOLONG;
		name[at++] = (uint8_t)label;
		for (size_t i = 0; i < label; i++)
			name[at++] = dname_lower((uint8_t)text[i]);
		text += label + (dot != NULL);
		left -= label + (dot != NULL);
	}
	name[at++] = 0;
	memcpy(name_r, name, at);
	*size_r = at;
	return BS_OK;
}

static char *
format_octet(char *at, uint8_t octet)
{
	if (octet == '.' || octet == '\\' || octet == '"') {
		*at++ = '\\';
		*at++ = (char)octet;
	} else if (octet > ' ' && octet < 0x7f) {
		*at++ = (char)octet;
	} else {
		at += sprintf(at, "\\%03u", octet);
	}
	return at;
}

char *
dname_format(const uint8_t *name, size_t size, char text[DNAME_TEXT_MAX])
{
	char *out = text;

	for (size_t at = 0; at < size && name[at] != 0;) {
		size_t end = at + 1 + name[at];

		if (out != text)
			*out++ = '.';
		for (at++; at < end && at < size; at++)
			out = format_octet(out, name[at]);
	}
	if (out == text)
		*out++ = '.';
	*out = '\0';
	return text;
}
