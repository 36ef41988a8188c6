/*
 * How the names of a master file go together: aliases and delegations.
 */
#ifndef SERVER_ZONEFILE_NAMES_H
#define SERVER_ZONEFILE_NAMES_H

#include "zonefile_check.h"

#define ZONEFILE_ALIASES_MAX 8    /* one behind the other */
#define ZONEFILE_SERVERS_MAX 8192 /* bytes of a delegation's NS records */

/*
 * Checks that an alias stands alone, that aliases behind each other end; that
 * below a delegation are only addresses of its name servers, at it only these
 * and NS.  The records are in their order.  What is wrong is reported.
 */
void zonefile_check_names(
    struct zonefile_errors *errors, const struct zonefile *zonefile);

#endif
