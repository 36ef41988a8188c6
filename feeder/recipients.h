/*
 * Who a recipient is to us: a trap, a role that a person reads, or nobody.
 * Pure, made once from the configuration.
 *
 * Traps are the addresses of trap.domains, those of trap.addresses and those
 * that a pattern of trap.patterns fits (`*` any text, `?` one character, on
 * the whole address in lower case).  postmaster is a role at each of our
 * domains, those of role.addresses too, and without one (RFC 5321 section
 * 4.5.1), and so are role.addresses: one with a domain as it is, one without at
 * each of our domains.
 */
#ifndef FEED_RECIPIENTS_H
#define FEED_RECIPIENTS_H

#include "config.h"
#include "envelope.h"
#include "smtpaddress.h"

struct recipients;

/* `config` and `hostname` (ours, in any case) are borrowed.  NULL: no memory. */
struct recipients *recipients_new(
    const struct bs_config *config, const char *hostname);
void recipients_free(struct recipients **recipients);

/* Tells who it is; name_r: in lower case, without its extension where
 * trap.plus-extension says so and it is not named with it: what a trap is known
 * by.  A BATV tag stays in
 * it, with the local part as it was written, and does not count for who it
 * is. */
enum recipient_kind recipients_find(const struct recipients *recipients,
    const struct smtp_address *address, char name_r[ENVELOPE_ADDRESS_MAX + 1]);

/* Whether a text fits a pattern, both in lower case. */
bool recipients_fits(const char *pattern, const char *text);

#endif
