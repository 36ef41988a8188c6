/*
 * Fuzz target of the reader of delivery status fields.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "dsn.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct dsn dsn;

	dsn_parse((const char *)bytes, size, &dsn);
	assert(strlen(dsn.status) < DSN_STATUS_MAX);
	assert(strspn(dsn.status, "0123456789.") == strlen(dsn.status));
	assert(strlen(dsn.reporting_mta) < DSN_MTA_MAX);
	assert(strpbrk(dsn.reporting_mta, "@<> \t\r\n") == NULL);
	assert(dsn.action == DSN_ACTION_NONE ||
	       dsn_action_name(dsn.action)[0] != '\0');
	return 0;
}
