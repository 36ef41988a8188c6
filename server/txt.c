/*
 * Fills in the TXT template; on the query path, so without allocation or
 * printf.  Called by answer.c.
 */
#include "autoconf.h"

#include <string.h>

#include "txt.h"

struct writer {
	uint8_t *text;
	size_t size;
};

static void
put(struct writer *writer, char c)
{
	if (writer->size < TXT_SIZE_MAX)
		writer->text[writer->size++] =
		    c >= ' ' && c < 0x7f ? (uint8_t)c : '?';
}

/* What a letter after % stands for; NULL: nothing. */
static const char *
value_of(char letter, const struct txt_values *values)
{
	switch (letter) {
	case 'c':
		return values->classes;
	case 'a':
		return values->address;
	case 'z':
		return values->zone;
	case '%':
		return "%";
	default:
		return NULL;
	}
}

size_t
txt_write(const char *template, const struct txt_values *values,
    uint8_t text[TXT_SIZE_MAX])
{
	struct writer writer = {text, 0};

	for (const char *at = template; *at != '\0'; at++) {
		const char *value = *at == '%' ? value_of(at[1], values) : NULL;

		if (value == NULL) {
			put(&writer, *at);
			continue;
		}
		at++;
		for (; *value != '\0'; value++)
			put(&writer, *value);
	}
	return writer.size;
}
