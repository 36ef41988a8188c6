/*
 * Finds a record's data in the text that it was read from, and sees whether the
 * numbers there are those that ldns took.  Called by zonefile.c.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "zonefile_numbers.h"

#define DIGITS "0123456789"
#define DIGITS_MAX 10 /* of what fits into 32 bits */

static const char *
next_word(const char *word)
{
	word += strcspn(word, " ");
	return word + strspn(word, " ");
}

/* The first word behind the type; "" where it is written otherwise (TYPE15). */
static const char *
data_of(const char *entry, const ldns_rr *rr)
{
	char *type = ldns_rr_type2str(ldns_rr_get_type(rr));
	const char *word = next_word(entry);
	size_t size = type != NULL ? strlen(type) : 0;

	while (*word != '\0' && (strcspn(word, " ") != size ||
				    strncasecmp(word, type, size) != 0))
		word = next_word(word);
	free(type);
	return next_word(word);
}

/* False: the field holds no number. */
static bool
number_of(const ldns_rdf *field, uint32_t *number_r)
{
	ldns_rdf_type type = ldns_rdf_get_type(field);

	if (type == LDNS_RDF_TYPE_INT8)
		*number_r = ldns_rdf2native_int8(field);
	else if (type == LDNS_RDF_TYPE_INT16)
		*number_r = ldns_rdf2native_int16(field);
	else if (type == LDNS_RDF_TYPE_INT32)
		*number_r = ldns_rdf2native_int32(field);
	else
		return false;
	return true;
}

int
zonefile_numbers_check(
    const char *entry, const ldns_rr *rr, struct bs_message *message)
{
	const char *word = data_of(entry, rr);
	uint32_t number;

	for (size_t i = 0;
	     i < ldns_rr_rd_count(rr) && number_of(ldns_rr_rdf(rr, i), &number);
	     i++, word = next_word(word)) {
		size_t size = strcspn(word, " ");
		size_t zeros = strspn(word, "0");

		if (size == 0 || strspn(word, DIGITS) != size)
			return BS_OK; /* a mnemonic, or data in hexadecimal */
		if (size - zeros <= DIGITS_MAX &&
		    strtoull(word, NULL, 10) == (unsigned long long)number)
			continue;
		bs_message_set(message,
		    "%.*s: too large for its field: write a number that fits",
		    (int)(size < 40 ? size : 40), word);
		return BS_ERANGE;
	}
	return BS_OK;
}
