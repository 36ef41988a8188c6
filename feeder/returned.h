/*
 * The header of a returned message: of the message that a notice answers, as
 * the notice brings it back (message/rfc822, text/rfc822-headers, or quoted in
 * its text).  All of it is what others wrote: a claim, but for what a key can
 * prove.
 */
#ifndef FEED_RETURNED_H
#define FEED_RETURNED_H

#include <stdbool.h>
#include <stddef.h>

#define RETURNED_RECEIVED_MAX 40
#define RETURNED_VALUE_MAX 1000
#define RETURNED_HEADER_MAX ((size_t)32 * 1024) /* what is kept of it */

struct returned {
	bool found; /* it has any field at all */
	bool has_from;
	char received[RETURNED_RECEIVED_MAX][RETURNED_VALUE_MAX];
	size_t received_count;
	bool received_cut; /* there were more, or longer ones */
	char message_id[RETURNED_VALUE_MAX]; /* "" where missing */
	char date[RETURNED_VALUE_MAX];
	char return_path[RETURNED_VALUE_MAX];
	char tag[RETURNED_VALUE_MAX]; /* of the field that was asked for */
};

/*
 * Reads the fields of a header, unfolded, up to its empty line.  Quote marks
 * that its first line begins with are taken off all lines.  `tag_name` names
 * the field that is a tag.  Of fields that stand twice the first counts.
 */
void returned_read(const char *header, size_t size, const char *tag_name,
    struct returned *returned_r);

#endif
