/*
 * What a text quotes of the message that it answers: the words of others, which
 * say nothing of who wrote the rest.
 */
#ifndef FEED_QUOTED_H
#define FEED_QUOTED_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Takes what is quoted out of a folded text of *size bytes, in place, and makes
 * *size what is left: lines that begin with '>' or '|', and all below a line of
 * dashes that announces a message, the fields that Outlook puts above one, or
 * "... wrote:".  A transcript's ">>> rcpt" is no quote.  Where hardly anything
 * else is there, all of it stays.  Whether any line began so.
 */
bool quoted_cut(char *text, size_t *size);

#endif
