/*
 * The text of a TXT answer, from a zone's template: %c the classes, %a the
 * address or prefix, %z the zone's name, %% a percent sign.  Pure.
 */
#ifndef SERVER_TXT_H
#define SERVER_TXT_H

#include <stddef.h>
#include <stdint.h>

#define TXT_SIZE_MAX 255 /* bytes of one character-string */

struct txt_values {
	const char *classes;
	const char *address;
	const char *zone;
};

/*
 * Writes at most TXT_SIZE_MAX bytes, without a NUL; what is beyond is cut.
 * Bytes that are not printable ASCII become '?', a % before any other letter
 * stands for itself.  Returns the size.
 */
size_t txt_write(const char *template, const struct txt_values *values,
    uint8_t text[TXT_SIZE_MAX]);

#endif
