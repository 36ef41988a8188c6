/*
 * Who may ask: prefixes that are allowed or denied, found by address in a few
 * steps however many there are.  Pure.
 *
 * The narrowest prefix that has the address decides; of two equal ones the
 * denial.  Where any prefix is allowed, whoever is in none is denied.
 */
#ifndef SERVER_ACCESS_H
#define SERVER_ACCESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "ipprefix.h"

enum access_verdict {
	ACCESS_OPEN,    /* no prefix speaks of it */
	ACCESS_ALLOWED, /* by a prefix */
	ACCESS_DENIED,
};

struct access;

/* Prefixes of a kind, borrowed, in any order. */
struct access_list {
	const struct bs_prefix *prefix;
	size_t count;
};

/* BS_ENOMEM. */
int access_new(struct access_list allow, struct access_list deny,
    struct access **access_r);
void access_free(struct access **access);

/* `access` may be NULL: then everybody is ACCESS_OPEN. */
enum access_verdict access_find(
    const struct access *access, const struct bs_addr *addr);

#endif
