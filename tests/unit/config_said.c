/*
 * Keeps what the reader of the configuration said, for test_config*.c.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "config_said.h"

void
said_hear(void *context, bool fatal, const char *line)
{
	struct said *said = context;

	said->used += (size_t)snprintf(said->text + said->used,
	    sizeof(said->text) - said->used, "%s%s\n", fatal ? "" : "W ", line);
	assert_true(said->used < sizeof(said->text));
	said->errors += fatal;
}

struct bs_config *
said_parse(const char *text, struct said *said)
{
	struct bs_config *config = NULL;
	int error;

	*said = (struct said){.used = 0};
	error =
	    bs_config_parse(F, text, strlen(text), said_hear, said, &config);
	assert_int_equal(error, said->errors == 0 ? BS_OK : BS_ECONFIG);
	assert_int_equal(config != NULL, error == BS_OK);
	return config;
}
