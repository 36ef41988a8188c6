/*
 * Access lists by the words of access.h alone: every prefix is looked at.  What
 * access.c finds must be the same.
 */
#ifndef TESTS_ACCESS_MODEL_H
#define TESTS_ACCESS_MODEL_H

#include "access.h"

static inline enum access_verdict
access_model(struct access_list allow, struct access_list deny,
    const struct bs_addr *addr)
{
	enum access_verdict verdict =
	    allow.count > 0 ? ACCESS_DENIED : ACCESS_OPEN;
	int narrowest = -1;

	for (size_t i = 0; i < allow.count; i++)
		if (bs_prefix_has(&allow.prefix[i], addr) &&
		    allow.prefix[i].bits > narrowest) {
			narrowest = allow.prefix[i].bits;
			verdict = ACCESS_ALLOWED;
		}
	for (size_t i = 0; i < deny.count; i++)
		if (bs_prefix_has(&deny.prefix[i], addr) &&
		    deny.prefix[i].bits >= narrowest) {
			narrowest = deny.prefix[i].bits;
			verdict = ACCESS_DENIED;
		}
	return verdict;
}

#endif
