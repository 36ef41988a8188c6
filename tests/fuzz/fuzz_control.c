/*
 * Lines of the control socket, from both sides.  What is read as an answer is
 * written and read again as the same.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "control.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	enum bs_control_command command;
	struct bs_control_line line, again;
	char written[BS_CONTROL_LINE_MAX], twice[BS_CONTROL_LINE_MAX];
	size_t length;

	(void)bs_control_parse_request(text, size, &command);
	if (bs_control_parse_line(text, size, &line) != BS_OK)
		return 0;
	length = bs_control_format(&line, written);
	assert(length < sizeof(written) && written[length - 1] == '\n');
	assert(bs_control_parse_line(written, length - 1, &again) == BS_OK);
	assert(bs_control_format(&again, twice) == length);
	assert(memcmp(twice, written, length) == 0);
	return 0;
}
