/*
 * The readable text of a message: where the notice ends and the returned
 * message begins, and what in it looks like an MTA's work.
 */
#ifndef FEED_TEXT_H
#define FEED_TEXT_H

#include <stdbool.h>
#include <stddef.h>

#include "facts.h"

/*
 * Looks through facts->text (folded, NUL-terminated): cuts it where a returned
 * message's header block begins, takes out what it quotes (quoted.h) and sets
 * text_has_returned, text_has_quotes, text_is_cut, text_has_reply_code, text_names_address,
 * text_has_status_fields, text_dsn and links.
 */
void text_examine(struct facts *facts);

/* The start of the first run of header fields in a text, where a returned
 * message begins, or NULL.  Quote marks before them do not count.  Two fields are
 * a run where one is a sender's with `trap`, an address or ""; else three. */
const char *text_find_returned(const char *text, size_t size, const char *trap);

/* Whether the header of the returned message, facts->returned, says that the
 * trap's address sent it. */
bool text_returns_ours(const struct facts *facts);

/* How many times "http://" or "https://" is in it. */
size_t text_count_links(const char *text);

/* Whether one of its links has that address in it, its '@' as "%40" too; a text
 * and an address in lower case. */
bool text_links_with(const char *text, const char *address);

/* How many links there are without what is returned or quoted in it, which is taken out of the
 * folded text. */
size_t text_count_own_links(char *text, const char *trap);

#endif
