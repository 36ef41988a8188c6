/*
 * Server cookies: version, three octets for nothing, the time, and a hash of
 * these with the client's part and address.  Called by guard.c.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"

#include "cookie.h"

#define VERSION 1
#define TIME_AT 12
#define HASH_AT 16

/* The hash of a cookie's first 16 bytes and an address, in place. */
static void
put_hash(const uint8_t secret[SIPHASH_KEY_SIZE], const uint8_t *cookie,
    const struct bs_addr *addr, uint8_t hash_r[8])
{
	uint8_t input[HASH_AT + sizeof(addr->octet)];
	size_t octets = bs_family_octets(addr->family);
	uint64_t hash;

	memcpy(input, cookie, HASH_AT);
	memcpy(input + HASH_AT, addr->octet, octets);
	hash = siphash(secret, input, HASH_AT + octets);
	for (unsigned i = 0; i < 8; i++)
		hash_r[i] = (uint8_t)(hash >> 8 * i);
}

bool
cookie_size_valid(size_t size)
{
	return size == COOKIE_CLIENT_SIZE ||
	       (size >= COOKIE_OPTION_MIN && size <= COOKIE_OPTION_MAX);
}

void
cookie_make(const struct cookie_secrets *secrets,
    const uint8_t client[COOKIE_CLIENT_SIZE], const struct bs_addr *addr,
    uint32_t now_s, uint8_t cookie_r[COOKIE_SIZE])
{
	memcpy(cookie_r, client, COOKIE_CLIENT_SIZE);
	bs_put_be32(cookie_r + COOKIE_CLIENT_SIZE, (uint32_t)VERSION << 24);
	bs_put_be32(cookie_r + TIME_AT, now_s);
	put_hash(secrets->secret[0], cookie_r, addr, cookie_r + HASH_AT);
}

/* Times compare by RFC 1982. */
static bool
is_recent(uint32_t made_s, uint32_t now_s)
{
	int32_t age_s = (int32_t)(now_s - made_s);

	return age_s <= COOKIE_AGE_MAX_S && age_s >= -COOKIE_AHEAD_MAX_S;
}

/* Takes the same time wherever the two differ. */
static bool
equal(const uint8_t *a, const uint8_t *b)
{
	uint8_t difference = 0;

	for (unsigned i = 0; i < 8; i++)
		difference |= a[i] ^ b[i];
	return difference == 0;
}

bool
cookie_check(const struct cookie_secrets *secrets, const uint8_t *cookie,
    size_t size, const struct bs_addr *addr, uint32_t now_s)
{
	uint8_t hash[8];
	bool good = false;

	if (size != COOKIE_SIZE || cookie[COOKIE_CLIENT_SIZE] != VERSION ||
	    !is_recent(bs_get_be32(cookie + TIME_AT), now_s))
		return false;
	for (size_t i = 0; i < secrets->count; i++) {
		put_hash(secrets->secret[i], cookie, addr, hash);
		good = equal(hash, cookie + HASH_AT) || good;
	}
	return good;
}

/* --- the file of secrets --------------------------------------------------- */

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

static bool
parse_hex(const char *text, size_t size, uint8_t secret_r[SIPHASH_KEY_SIZE])
{
	uint8_t secret[SIPHASH_KEY_SIZE];

	if (size != sizeof(secret) * 2)
		return false;
	for (size_t i = 0; i < sizeof(secret); i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		secret[i] = (uint8_t)(high << 4 | low);
	}
	memcpy(secret_r, secret, sizeof(secret));
	return true;
}

/* Cuts blanks, a carriage return, a comment; returns what is left of it. */
static size_t
strip(const char **line, size_t size)
{
	const char *comment = memchr(*line, '#', size);

	if (comment != NULL)
		size = (size_t)(comment - *line);
	while (size > 0 && strchr(" \t\r", (*line)[size - 1]) != NULL)
		size--;
	while (size > 0 && (**line == ' ' || **line == '\t')) {
		(*line)++;
		size--;
	}
	return size;
}

/* One line; an empty one is none. */
static int
parse_line(const char *line, size_t size, struct cookie_secrets *secrets,
    struct bs_message *message)
{
	size = strip(&line, size);
	if (size == 0)
		return BS_OK;
	if (secrets->count >= COOKIE_SECRETS_MAX) {
		bs_message_set(message,
		    "a third secret: leave the one that makes cookies, and "
		    "below it the one before or after it");
		return BS_EINVAL;
	}
	if (!parse_hex(line, size, secrets->secret[secrets->count])) {
		bs_message_set(message,
		    "no secret: write 32 hexadecimal digits, as `openssl rand "
		    "-hex 16` makes them");
		return BS_EINVAL;
	}
	secrets->count++;
	return BS_OK;
}

int
cookie_parse_secrets(const char *text, size_t size,
    struct cookie_secrets *secrets_r, unsigned *line_r,
    struct bs_message *message)
{
	struct cookie_secrets secrets = {.count = 0};
	const char *end = text + size;

	*line_r = 0;
	while (text < end) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *stop = newline != NULL ? newline : end;

		(*line_r)++;
		if (parse_line(text, (size_t)(stop - text), &secrets,
			message) != BS_OK)
			return BS_EINVAL;
		text = newline != NULL ? newline + 1 : end;
	}
	if (secrets.count == 0) {
		*line_r = 1;
		bs_message_set(message,
		    "no secret in it: write 32 hexadecimal digits, as `openssl "
		    "rand -hex 16` makes them");
		return BS_EINVAL;
	}
	*secrets_r = secrets;
	return BS_OK;
}
