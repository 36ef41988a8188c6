/*
 * DNS cookies (RFC 7873) in the form that all servers of a zone can share, of
 * whatever make (RFC 9018).  Pure: secrets, addresses and times are the
 * caller's.
 *
 * To roll the secret of several servers: add the new one as the second on all,
 * then make it the first on all, an hour later remove the old (RFC 9018 section
 * 5).
 */
#ifndef SERVER_COOKIE_H
#define SERVER_COOKIE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "ipprefix.h"
#include "siphash.h"

#define COOKIE_CLIENT_SIZE 8   /* the client's part */
#define COOKIE_SIZE 24         /* with ours behind it */
#define COOKIE_OPTION_MIN 16   /* of an option with a server's part */
#define COOKIE_OPTION_MAX 40   /* RFC 7873 section 4 */
#define COOKIE_AGE_MAX_S 3600  /* RFC 9018 section 4.3 */
#define COOKIE_AHEAD_MAX_S 300 /* what the clocks of servers may differ */
#define COOKIE_SECRETS_MAX 2
#define COOKIE_SECRET_FILE_MAX 4096 /* bytes */

/* The first makes cookies, each is good for checking them. */
struct cookie_secrets {
	uint8_t secret[COOKIE_SECRETS_MAX][SIPHASH_KEY_SIZE];
	size_t count;
};

/*
 * Reads secrets: lines of 32 hexadecimal digits, one or two; # begins a
 * comment.  BS_EINVAL with the number of the line in *line_r and "what:
 * remedy" in `message`.
 */
int cookie_parse_secrets(const char *text, size_t size,
    struct cookie_secrets *secrets_r, unsigned *line_r,
    struct bs_message *message);

/* Whether an option may be so long: RFC 7873 section 5.2.2. */
bool cookie_size_valid(size_t size);

/* A cookie for this client: its own part, then ours (RFC 9018 section 4). */
void cookie_make(const struct cookie_secrets *secrets,
    const uint8_t client[COOKIE_CLIENT_SIZE], const struct bs_addr *addr,
    uint32_t now_s, uint8_t cookie_r[COOKIE_SIZE]);

/* Whether `size` bytes are a cookie that a server with these secrets made for
 * this client within the last hour. */
bool cookie_check(const struct cookie_secrets *secrets, const uint8_t *cookie,
    size_t size, const struct bs_addr *addr, uint32_t now_s);

#endif
