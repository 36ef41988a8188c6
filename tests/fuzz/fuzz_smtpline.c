/*
 * feeder/smtpcommand, smtpaddress, smtpxattr and proxyhead on any bytes: what
 * they return lies within what they were given and within their limits.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "proxyhead.h"
#include "smtpaddress.h"
#include "smtpcommand.h"
#include "smtpxattr.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
try_address(const char *text, size_t size)
{
	struct smtp_address address;
	struct smtp_params params;
	size_t used;

	if (smtp_address_parse(text, size, &address, &used) != BS_OK)
		return;
	assert(used <= size);
	assert(strlen(address.local) <= SMTP_LOCAL_MAX);
	assert(strlen(address.domain) <= SMTP_DOMAIN_MAX);
	assert(!address.null || address.local[0] == '\0');
	(void)smtp_params_parse(text + used, size - used, &params);
}

static void
try_command(const char *text, size_t size)
{
	struct smtp_command command;

	if (smtp_command_parse(text, size, &command) != BS_OK)
		return;
	assert(command.argument >= text);
	assert(command.argument + command.argument_size <= text + size);
	if (smtp_command_keyword(&command, "FROM") ||
	    smtp_command_keyword(&command, "TO"))
		try_address(command.argument, command.argument_size);
}

static void
try_xattr(const char *text, size_t size)
{
	struct smtp_xattr attr;

	if (smtp_xattr_parse(text, size, &attr) != BS_OK)
		return;
	assert(!attr.addr_known || attr.has_addr);
	assert(strlen(attr.helo) <= ENVELOPE_HELO_MAX);
}

static void
try_proxy(const char *bytes, size_t size)
{
	struct proxyhead head;

	if (proxyhead_parse(bytes, size, &head) == PROXYHEAD_DONE) {
		assert(head.size > 0 && head.size <= size);
		assert(head.size <= PROXYHEAD_MAX);
	} else if (size >= PROXYHEAD_MAX) {
		assert(proxyhead_parse(bytes, size, &head) == PROXYHEAD_BAD);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const char *text = (const char *)bytes;

	try_address(text, size);
	try_command(text, size);
	try_xattr(text, size);
	try_proxy(text, size);
	return 0;
}
