/*
 * Fuzz target of the outline: what it reads of any message, GMime reads too.
 */
#include "autoconf.h"

#include <stdbool.h>
#include <stdint.h>

#include "judge.h"
#include "outline_oracle.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static bool started;

	if (!started)
		judge_start();
	started = true;
	(void)outline_oracle((const char *)bytes, size, NULL, NULL);
	return 0;
}
