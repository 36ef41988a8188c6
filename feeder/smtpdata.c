/*
 * Finds the end of DATA and takes the stuffed dots out.  The session
 * (smtp_data.c) hands the pieces on; how many bytes are taken is its business.
 */
#include "autoconf.h"

#include <string.h>

#include "smtpdata.h"

/* What a state sees: CR, LF and the dot are special, all else is text. */
static enum smtp_data_state
after(enum smtp_data_state state, char c)
{
	if (c == '\r')
		return SMTP_DATA_CR;
	if (c == '\n' && state == SMTP_DATA_CR)
		return SMTP_DATA_LINE_START;
	return SMTP_DATA_TEXT;
}

/* Whether the CR at i ends a line, as nearly all do, and the next one begins with
 * nothing special: then all three bytes are text. */
static bool
runs_on(const char *bytes, size_t i, size_t size)
{
	return size - i > 2 && bytes[i + 1] == '\n' && bytes[i + 2] != '.' &&
	       bytes[i + 2] != '\r';
}

/* Whole runs of text at once. */
static size_t
read_text(enum smtp_data_state *state, const char *bytes, size_t size)
{
	size_t i = 0;

	while (i < size) {
		if (*state == SMTP_DATA_LINE_START && bytes[i] == '.')
			break;
		if (*state == SMTP_DATA_TEXT) {
			const char *cr = memchr(bytes + i, '\r', size - i);

			i = cr != NULL ? (size_t)(cr - bytes) : size;
			if (i == size)
				break;
			if (runs_on(bytes, i, size)) {
				i += 3;
				continue;
			}
		}
		*state = after(*state, bytes[i]);
		i++;
	}
	return i;
}

size_t
smtp_data_read(enum smtp_data_state *state, const char *bytes, size_t size,
    struct smtp_data_piece *piece_r, bool *end_r)
{
	*end_r = false;
	*piece_r = (struct smtp_data_piece){bytes, 0};
	switch (*state) {
	case SMTP_DATA_DOT:
		if (bytes[0] == '\r') {
			*state = SMTP_DATA_DOT_CR;
			return 1;
		}
		*state = SMTP_DATA_TEXT; /* the dot was stuffed: left out */
		break;
	case SMTP_DATA_DOT_CR:
		if (bytes[0] == '\n') {
			*state = SMTP_DATA_LINE_START;
			*end_r = true;
			return 1;
		}
		*state = SMTP_DATA_CR; /* no end: the CR that was held back */
		*piece_r = (struct smtp_data_piece){"\r", 1};
		return 0;
	case SMTP_DATA_LINE_START:
		if (bytes[0] == '.') {
			*state = SMTP_DATA_DOT;
			return 1;
		}
		break;
	case SMTP_DATA_TEXT:
	case SMTP_DATA_CR:
		break;
	}
	piece_r->size = read_text(state, bytes, size);
	return piece_r->size;
}
