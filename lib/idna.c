/*
 * Domains in UTF-8 to A-labels: the one door to libidn2.  What is ASCII never comes
 * to it.  Called for what the configuration and the command line have, and for
 * recipients of mail.
 */
#include "autoconf.h"

#include <idn2.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "error.h"
#include "idna.h"

#define INPUT_MAX 1024 /* bytes: a label of 63 may have come of 4 * 59 */

static bool
is_ascii(const char *text)
{
	while (*text != '\0' && ((unsigned char)*text & 0x80) == 0)
		text++;
	return *text == '\0';
}

static int
copy(const char *text, char ascii_r[BS_IDNA_MAX + 1])
{
	size_t size = strlen(text);

	if (size > BS_IDNA_MAX)
		return BS_EINVAL;
	memcpy(ascii_r, text, size + 1);
	return BS_OK;
}

int
bs_idna_ascii(const char *domain, char ascii_r[BS_IDNA_MAX + 1])
{
	uint8_t *found = NULL;
	int rc, error = BS_EINVAL;

	if (is_ascii(domain))
		return copy(domain, ascii_r);
	if (strlen(domain) > INPUT_MAX)
		return BS_EINVAL;
	/* not IDN2_USE_STD3_ASCII_RULES, which leaves out what it forbids */
	rc = idn2_lookup_u8((const uint8_t *)domain, &found,
	    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
	if (rc == IDN2_MALLOC)
		return BS_ENOMEM;
	if (rc == IDN2_OK && is_ascii((const char *)found))
		error = copy((const char *)found, ascii_r);
	idn2_free(found);
	return error;
}

int
bs_idna_ascii_address(const char *address, char *ascii_r, size_t size)
{
	const char *at = strrchr(address, '@');
	char domain[BS_IDNA_MAX + 1] = "";
	int length, error;

	error = at == NULL ? BS_OK : bs_idna_ascii(at + 1, domain);
	if (error != BS_OK)
		return error;
	if (at == NULL)
		length = snprintf(ascii_r, size, "%s", address);
	else
		length = snprintf(ascii_r, size, "%.*s@%s", (int)(at - address),
		    address, domain);
	return length >= 0 && (size_t)length < size ? BS_OK : BS_ETOOLONG;
}
