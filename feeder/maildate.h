/*
 * Dates of mail headers (RFC 5322 section 3.3 and the obsolete forms of 4.3).
 */
#ifndef FEED_MAILDATE_H
#define FEED_MAILDATE_H

#include <stdbool.h>
#include <stdint.h>

/*
 * Reads "Thu, 29 Apr 2010 23:34:45 +0900 (JST)"; day name, seconds and zone
 * may be missing, years may have two digits, unknown zone names count as UTC.
 * Seconds since 1970; 0 for anything else and for times before 1970 or after
 * 2106.
 */
uint32_t maildate_parse(const char *text);

#endif
