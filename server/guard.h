/*
 * What holds for all zones: what the server tells of itself, cookies, rate
 * limits, the size of answers over UDP.  Made from the configuration with the
 * zones; but for the table of rate limits it never changes.
 */
#ifndef SERVER_GUARD_H
#define SERVER_GUARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "access.h"
#include "config.h"
#include "cookie.h"
#include "ratelimit.h"

struct guard {
	uint16_t udp_size; /* of a response, DNS_UDP_PLAIN_MAX to
			      DNS_UDP_EDNS_MAX */
	char *nsid;        /* NULL: is not told, as the other two */
	char *identity;
	char *version;
	bool cookies;
	bool strict; /* no answer over UDP to a cookie that is not ours */
	struct cookie_secrets secrets;
	struct ratelimit *ratelimit; /* NULL: nobody is limited */
	struct access *unlimited;    /* whom it allows are not */
};

/* What is in force where there is none: nothing is told, kept or limited. */
extern const struct guard guard_default;

/*
 * Makes it from a configuration, which is copied from.  BS_ECONFIG: the file
 * of cookie secrets has an error, reported; BS_ENOTFOUND, BS_EACCES, BS_EIO: it
 * can't be read, reported; BS_ENOMEM; BS_ESYSTEM: no random numbers.
 */
int guard_load(const struct bs_config *config, bs_config_report *report,
    void *context, struct guard **guard_r);
void guard_free(struct guard **guard);

#endif
