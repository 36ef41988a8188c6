/*
 * Prints the key list of backstop.conf(5) from the configuration's table.
 *
 * Runs at build time only; doc/part.mk puts its output into the manual.
 */
#include "autoconf.h"

#include <stdio.h>

#include "config.h"

int
main(void)
{
	bs_config_write_mdoc(stdout);
	return fflush(stdout) == 0 ? 0 : 1;
}
