/*
 * Reads the PROXY header, before the session sees a byte.  From which peers
 * one is taken is the listener's to say (smtpconn.c).
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"
#include "proxyhead.h"

#define V1_START "PROXY "
#define V2_START "\r\n\r\n\0\r\nQUIT\n"
#define V2_START_SIZE (sizeof(V2_START) - 1)
#define V2_FIXED_SIZE (V2_START_SIZE + 4)

#define V2_LOCAL 0x20
#define V2_PROXY 0x21
#define V2_TCP4 0x11
#define V2_TCP6 0x21
#define V2_TCP4_SIZE 12 /* two addresses, two ports */
#define V2_TCP6_SIZE 36

/* Whether the bytes are, as far as they go, those of `start`. */
static bool
begins(const char *bytes, size_t size, const char *start, size_t start_size)
{
	return memcmp(bytes, start, size < start_size ? size : start_size) == 0;
}

/* --- version 1 ----------------------------------------------------------- */

/* The word behind *at, which moves past it and a blank; its size. */
static size_t
next_word(const char **at, const char *end, const char **word_r)
{
	const char *start = *at, *blank;

	blank = memchr(start, ' ', (size_t)(end - start));
	*word_r = start;
	*at = blank != NULL ? blank + 1 : end;
	return (size_t)((blank != NULL ? blank : end) - start);
}

static bool
is_port(const char *word, size_t size)
{
	unsigned port = 0;

	if (size == 0 || size > 5)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (word[i] < '0' || word[i] > '9')
			return false;
		port = port * 10 + (unsigned)(word[i] - '0');
	}
	return port <= 65535;
}

/* "TCP4 192.0.2.1 198.51.100.1 56324 25" */
static enum proxyhead_state
read_line(const char *line, size_t size, struct proxyhead *head)
{
	const char *at = line + strlen(V1_START), *end = line + size, *word;
	size_t word_size = next_word(&at, end, &word);
	struct bs_addr destination;
	uint8_t family;

	if (word_size == 7 && memcmp(word, "UNKNOWN", 7) == 0)
		return PROXYHEAD_DONE;
	if (word_size != 4 || memcmp(word, "TCP", 3) != 0 ||
	    (word[3] != '4' && word[3] != '6'))
		return PROXYHEAD_BAD;
	family = word[3] == '4' ? BS_IPV4 : BS_IPV6;
	word_size = next_word(&at, end, &word);
	if (bs_addr_parse(word, word_size, &head->peer) != BS_OK ||
	    head->peer.family != family)
		return PROXYHEAD_BAD;
	word_size = next_word(&at, end, &word);
	if (bs_addr_parse(word, word_size, &destination) != BS_OK ||
	    destination.family != family)
		return PROXYHEAD_BAD;
	word_size = next_word(&at, end, &word);
	if (!is_port(word, word_size))
		return PROXYHEAD_BAD;
	word_size = next_word(&at, end, &word);
	if (!is_port(word, word_size) || word + word_size != end)
		return PROXYHEAD_BAD;
	bs_addr_unmap(&head->peer);
	head->has_peer = true;
	return PROXYHEAD_DONE;
}

static enum proxyhead_state
read_v1(const char *bytes, size_t size, struct proxyhead *head)
{
	const char *lf = memchr(bytes, '\n', size);
	size_t line_size;

	if (lf == NULL)
		return size < PROXYHEAD_V1_MAX ? PROXYHEAD_MORE : PROXYHEAD_BAD;
	line_size = (size_t)(lf - bytes);
	if (line_size >= PROXYHEAD_V1_MAX || line_size < strlen(V1_START) + 1 ||
	    lf[-1] != '\r')
		return PROXYHEAD_BAD;
	head->size = line_size + 1;
	return read_line(bytes, line_size - 1, head);
}

/* --- version 2 ----------------------------------------------------------- */

static void
read_binary(uint8_t family, const char *at, size_t size, struct proxyhead *head)
{
	if (family == V2_TCP4 && size >= V2_TCP4_SIZE) {
		head->peer.family = BS_IPV4;
		memcpy(head->peer.octet, at, 4);
		head->has_peer = true;
	} else if (family == V2_TCP6 && size >= V2_TCP6_SIZE) {
		head->peer.family = BS_IPV6;
		memcpy(head->peer.octet, at, 16);
		bs_addr_unmap(&head->peer);
		head->has_peer = true;
	}
}

static enum proxyhead_state
read_v2(const char *bytes, size_t size, struct proxyhead *head)
{
	size_t rest;
	uint8_t command, family;

	if (size < V2_FIXED_SIZE)
		return PROXYHEAD_MORE;
	command = (uint8_t)bytes[V2_START_SIZE];
	family = (uint8_t)bytes[V2_START_SIZE + 1];
	rest = bs_get_be16((const uint8_t *)bytes + V2_START_SIZE + 2);
	if ((command != V2_PROXY && command != V2_LOCAL) ||
	    rest > PROXYHEAD_MAX - V2_FIXED_SIZE)
		return PROXYHEAD_BAD;
	if (size - V2_FIXED_SIZE < rest)
		return PROXYHEAD_MORE;
	head->size = V2_FIXED_SIZE + rest;
	if (command == V2_PROXY)
		read_binary(family, bytes + V2_FIXED_SIZE, rest, head);
	return PROXYHEAD_DONE;
}

enum proxyhead_state
proxyhead_parse(const char *bytes, size_t size, struct proxyhead *head_r)
{
	struct proxyhead head = {0};
	enum proxyhead_state state = PROXYHEAD_BAD;

	if (size == 0)
		return PROXYHEAD_MORE;
	if (begins(bytes, size, V1_START, strlen(V1_START)))
		state = read_v1(bytes, size, &head);
	else if (begins(bytes, size, V2_START, V2_START_SIZE))
		state = read_v2(bytes, size, &head);
	if (state == PROXYHEAD_DONE)
		*head_r = head;
	return state;
}
