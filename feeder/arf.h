/*
 * The fields of a feedback report (ARF, RFC 5965 section 3; RFC 6650): the
 * machine-readable part, message/feedback-report.
 */
#ifndef FEED_ARF_H
#define FEED_ARF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ipprefix.h"

#define ARF_TEXT_MAX 80
#define ARF_SIZE_MAX ((size_t)32 * 1024) /* of all fields */

struct arf {
	char type[ARF_TEXT_MAX]; /* Feedback-Type, lower case: "abuse" */
	bool has_source;         /* Source-IP; a v4-mapped one is IPv4 */
	struct bs_addr source;
	uint32_t arrival_s; /* Arrival-Date; 0: none, or not to be read */
};

/*
 * Reads the fields of `size` bytes.  Fields that may stand once stand once,
 * unknown ones are passed over.  NULL, or what makes it no report, in static
 * storage: then *arf_r is untouched.
 */
const char *arf_parse(const char *bytes, size_t size, struct arf *arf_r);

#endif
