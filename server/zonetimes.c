/*
 * Reads the times of a master file's entries: what ldns does with the same
 * words is not asked.  Called by zonefile.c, for $TTL and for each record.
 */
#include "autoconf.h"

#include <string.h>

#include "zonetimes.h"

#define SOA_TIMES 4 /* REFRESH, RETRY, EXPIRE, MINIMUM: its last words */

/* Seconds; 0: no unit. */
static uint32_t
unit_of(char c)
{
	switch (c) {
	case 's':
	case 'S':
		return 1;
	case 'm':
	case 'M':
		return 60;
	case 'h':
	case 'H':
		return 60 * 60;
	case 'd':
	case 'D':
		return 24 * 60 * 60;
	case 'w':
	case 'W':
		return 7 * 24 * 60 * 60;
	default:
		return 0;
	}
}

int
zonetimes_parse(const char *text, size_t size, uint32_t *time_s_r)
{
	uint64_t sum_s = 0;
	size_t at = 0;

	if (size == 0)
		return BS_EINVAL;
	while (at < size) {
		size_t first = at;
		uint64_t number = 0;
		uint32_t unit_s = 1;

		for (; at < size && text[at] >= '0' && text[at] <= '9'; at++)
			if (number <= ZONETIMES_MAX_S)
				number =
				    number * 10 + (uint64_t)(text[at] - '0');
		if (at == first)
			return BS_EINVAL;
		if (at < size)
			unit_s = unit_of(text[at++]);
		if (unit_s == 0)
			return BS_EINVAL;
		if (sum_s <= ZONETIMES_MAX_S)
			sum_s += number * unit_s;
	}
	if (sum_s > ZONETIMES_MAX_S)
		return BS_ERANGE;
	*time_s_r = (uint32_t)sum_s;
	return BS_OK;
}

static int
check_ttl(const char *entry, struct bs_message *message)
{
	const char *word = entry + strcspn(entry, " ");
	uint32_t ttl_s;

	word += strspn(word, " ");
	if (*word < '0' || *word > '9' ||
	    zonetimes_parse(word, strcspn(word, " "), &ttl_s) == BS_OK)
		return BS_OK;
	bs_message_set(
	    message, "TTL above 2147483647 (RFC 2181 section 8): lower it");
	return BS_EINVAL;
}

static int
check_soa(const char *entry, struct bs_message *message)
{
	size_t end = strlen(entry);

	if (strstr(entry, " \\# ") != NULL)
		return BS_OK; /* its data is in hexadecimal */
	for (size_t i = 0; i < SOA_TIMES; i++) {
		size_t start = end;
		uint32_t time_s;

		while (start > 0 && entry[start - 1] != ' ')
			start--;
		if (zonetimes_parse(entry + start, end - start, &time_s) !=
		    BS_OK) {
			bs_message_set(message,
			    "SOA: %.*s: not a time up to 2147483647 seconds: "
			    "write seconds, or 1h, 2d",
			    (int)(end - start), entry + start);
			return BS_EINVAL;
		}
		end = start > 0 ? start - 1 : 0;
	}
	return BS_OK;
}

int
zonetimes_check(const char *entry, bool soa, struct bs_message *message)
{
	int result = check_ttl(entry, message);

	return result == BS_OK && soa ? check_soa(entry, message) : result;
}
