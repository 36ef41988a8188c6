/*
 * Fuzz target of the Received reader and of the dates in it: one field's
 * value, any bytes but NUL.
 */
#include "autoconf.h"

#include <assert.h>
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "maildate.h"
#include "received.h"
#include "source.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	char *value = strndup((const char *)bytes, size);
	struct source_trust trust = {0};
	struct received received;
	struct source source;

	assert(value != NULL);
	received_parse(value, &received);
	assert((received.peer == RECEIVED_ADDRESS) ==
	       (received.addr.family == BS_IPV4 ||
		   received.addr.family == BS_IPV6));
	for (const char *p = received.by; *p != '\0'; p++)
		assert(
		    !isupper((unsigned char)*p) && !isspace((unsigned char)*p));
	source_find(&trust, &value, 1, &source);
	assert(source.reason[0] != '\0');
	assert(source.ours == 0);
	if (source.has_source)
		assert(received.peer == RECEIVED_ADDRESS);
	trust.hops = 2;
	source_find(&trust, &value, 1, &source);
	assert(!source.has_source);
	(void)maildate_parse(value);
	free(value);
	return 0;
}
