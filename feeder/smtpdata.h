/*
 * The text of a message as DATA carries it (RFC 5321 section 4.5.2): where it
 * ends, and its dots unstuffed.  Pure.
 *
 * Only CRLF . CRLF ends it.  Of all that others take for the end (LF . LF,
 * CR . CR, LF . CRLF, CRLF . LF and so on) nothing does: it is part of the
 * message, byte for byte, so that nobody can smuggle a second one past an MTA
 * that reads it otherwise.
 */
#ifndef FEED_SMTPDATA_H
#define FEED_SMTPDATA_H

#include <stdbool.h>
#include <stddef.h>

enum smtp_data_state {
	SMTP_DATA_LINE_START, /* behind CRLF; the state to begin with */
	SMTP_DATA_TEXT,
	SMTP_DATA_CR,     /* in a line: CR */
	SMTP_DATA_DOT,    /* at the start of a line: a dot */
	SMTP_DATA_DOT_CR, /* and CR */
};

/* A piece of the text: bytes of the input, or of what was held back. */
struct smtp_data_piece {
	const char *bytes; /* borrowed from the input, or static */
	size_t size;
};

/*
 * Reads from `bytes` (`size` > 0) up to the end of the text, the end of the
 * input or the next place where a byte is left out.  *piece_r is what belongs
 * to the message, maybe nothing.  *end_r: the text is complete.  Returns how
 * many bytes were used; 0 only where the piece is what was held back before.
 */
size_t smtp_data_read(enum smtp_data_state *state, const char *bytes,
    size_t size, struct smtp_data_piece *piece_r, bool *end_r);

#endif
