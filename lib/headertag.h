/*
 * Tags in a header field of outgoing mail, for who can't have envelope senders
 * tagged: a bounce that returns the message or its header shows by it that the
 * message was ours.
 *
 *	X-Backstop-Tag: KDDD and 32 hexadecimal digits
 *
 * K is the digit of a key, DDD the last day on which the tag holds, as in
 * batv.h; then the first 16 octets of HMAC-SHA-256 under that key of "header
 * tag", K and DDD, the Message-ID and the Date, each with a NUL behind it.
 * Blanks around these two do not count, nor how many there are inside.
 *
 * Pure.  Where the fields of a returned message stand is the feeder's matter.
 */
#ifndef BS_HEADERTAG_H
#define BS_HEADERTAG_H

#include "batv.h"

#define BS_HEADERTAG_SIZE (4 + 32)
#define BS_HEADERTAG_FIELD_MAX 998 /* RFC 5322 section 2.1.1: a line's limit */
#define BS_HEADERTAG_DEFAULT "X-Backstop-Tag"

/* The two fields, as they stand in the message, unfolded or not; borrowed. */
struct bs_headertag_fields {
	const char *message_id; /* "" where it is missing */
	const char *date;
};

/*
 * Makes the tag with the newest key, to hold for BS_TAG_DAYS days.  BS_EINVAL:
 * one of the fields is missing or too long; BS_ENOTFOUND: no key; BS_ESYSTEM.
 */
int bs_headertag_make(const struct bs_tag_keys *keys,
    const struct bs_headertag_fields *fields, uint32_t now_s,
    char tag_r[BS_HEADERTAG_SIZE + 1]);

/* Whether one of the keys made the tag for these fields, of whatever age. */
bool bs_headertag_check(const struct bs_tag_keys *keys, const char *tag,
    const struct bs_headertag_fields *fields, struct bs_tag *tag_r);

#endif
