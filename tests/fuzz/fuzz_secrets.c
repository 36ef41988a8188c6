/*
 * The file of cookie secrets: whatever is in it, what it gives makes cookies
 * that are good, and a mistake has its line.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "cookie.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	const struct bs_addr addr = {.family = BS_IPV6, .octet = {1, 2, 3}};
	struct cookie_secrets secrets = {.count = 0};
	struct bs_message message = {""};
	uint8_t cookie[COOKIE_SIZE];
	unsigned line = 0;
	int result = cookie_parse_secrets(
	    (const char *)bytes, size, &secrets, &line, &message);

	if (result != BS_OK) {
		assert(result == BS_EINVAL && secrets.count == 0);
		assert(line >= 1 && line <= size + 1);
		assert(strstr(message.text, ": ") != NULL);
		return 0;
	}
	assert(secrets.count >= 1 && secrets.count <= COOKIE_SECRETS_MAX);
	cookie_make(&secrets, (const uint8_t *)"12345678", &addr, 1000, cookie);
	assert(cookie_check(&secrets, cookie, sizeof(cookie), &addr, 1000));
	cookie[8 + size % 16] ^= 0x10;
	assert(!cookie_check(&secrets, cookie, sizeof(cookie), &addr, 1000));
	return 0;
}
