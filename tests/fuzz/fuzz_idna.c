/*
 * Fuzz target: domains in UTF-8, of recipients and of the configuration.  What
 * comes out is ASCII, short enough, and stays what it is.
 */
#include "autoconf.h"

#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "idna.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *domain = strndup((const char *)bytes, size);
	char ascii[BS_IDNA_MAX + 1], again[BS_IDNA_MAX + 1];

	if (domain != NULL && bs_idna_ascii(domain, ascii) == BS_OK) {
		for (const char *c = ascii; *c != '\0'; c++)
			assert(((unsigned char)*c & 0x80) == 0);
		assert(strlen(ascii) <= BS_IDNA_MAX);
		assert(bs_idna_ascii(ascii, again) == BS_OK);
		assert(strcmp(ascii, again) == 0);
	}
	free(domain);
	return 0;
}
