/*
 * Tables of tests name addresses and prefixes as people write them; here they
 * become what the functions under test take.  A text that is none is an error
 * of the test.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "address_fixture.h"
#include "error.h"

struct bs_addr
addr_of(const char *text)
{
	struct bs_addr addr;

	assert_int_equal(bs_addr_parse(text, strlen(text), &addr), BS_OK);
	return addr;
}

struct bs_prefix
prefix_of(const char *text)
{
	struct bs_prefix prefix;

	assert_int_equal(bs_prefix_parse(text, strlen(text), &prefix), BS_OK);
	return prefix;
}
