/*
 * Readers of single values, and what to say when one is wrong.
 *
 * Each guesses what was meant (host:port, "4 weeks", bits beyond the prefix)
 * and says how to write it.  Which key the value belongs to and where it is
 * kept is the business of config_walk.c.
 */
#include "autoconf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/un.h>

#include "class.h"
#include "clock.h"
#include "config_value.h"
#include "suggest.h"
#include "utf8.h"

#define LABEL_MAX 63
#define ADDRESS_LOCAL_MAX 255
/* the longest %a: eight groups of four digits and a prefix length */
#define ADDRESS_SIZE_MAX \
	(sizeof("ffff:ffff:ffff:ffff:ffff:ffff:ffff:fff0/127") - 1)

/* sun_path of unix(7), with its NUL */
#define UNIX_PATH_SIZE sizeof(((struct sockaddr_un *)0)->sun_path)

#define SHOWN(text) bs_utf8_shown(text), (text)

/* --- addresses ---------------------------------------------------------- */

/* Reads "127.0.0.1:53" or "[::1]:53", as others write it. */
static int
parse_colon(const char *text, struct bs_endpoint *endpoint_r)
{
	const char *colon = strrchr(text, ':');
	size_t size = colon != NULL ? (size_t)(colon - text) : 0;
	char copy[BS_ENDPOINT_TEXT_MAX];

	if (size >= 2 && text[0] == '[' && text[size - 1] == ']') {
		text++;
		size -= 2;
	} else if (memchr(text, ':', size) != NULL) {
		return BS_EINVAL; /* an IPv6 address and no port */
	}
	if (size == 0 || size + strlen(colon) >= sizeof(copy))
		return BS_EINVAL;
	(void)snprintf(
	    copy, sizeof(copy), "%.*s@%s", (int)size, text, colon + 1);
	return bs_endpoint_parse(copy, strlen(copy), endpoint_r);
}

/* An endpoint without `@`: what to write instead. */
static void
explain_no_at(const char *text, struct bs_message *message)
{
	char shown[BS_ENDPOINT_TEXT_MAX];
	struct bs_endpoint endpoint = {.port = 53};

	if (parse_colon(text, &endpoint) == BS_OK)
		bs_message_set(message,
		    "%.*s: the port comes after `@`: write \"%s\"", SHOWN(text),
		    bs_endpoint_format(&endpoint, shown));
	else if (bs_addr_parse(text, strlen(text), &endpoint.addr) == BS_OK)
		bs_message_set(message, "%.*s: has no port: write \"%s\"",
		    SHOWN(text), bs_endpoint_format(&endpoint, shown));
	else
		bs_message_set(message,
		    "%.*s: not ADDRESS@PORT: write an address and a port, as "
		    "in 127.0.0.1@53 or \"::1@53\"",
		    SHOWN(text));
}

/* An endpoint with `@` that does not read. */
static void
explain_at(const char *text, const char *at, struct bs_message *message)
{
	struct bs_addr addr;
	size_t size = (size_t)(at - text);

	if (bs_addr_parse(text, size, &addr) == BS_OK)
		bs_message_set(message,
		    "%.*s: the port is no number from 0 to 65535: write one "
		    "after the `@`, as in 127.0.0.1@53",
		    SHOWN(text));
	else if (size == 1 && text[0] == '*')
		bs_message_set(message,
		    "%.*s: `*` is no address: write 0.0.0.0%s and \"::%s\"",
		    SHOWN(text), at, at);
	else
		bs_message_set(message,
		    "%.*s: before the `@` is no IP address: write one, as in "
		    "127.0.0.1@53 or \"::1@53\"",
		    SHOWN(text));
}

int
bs_config_value_endpoint(const char *text, struct bs_endpoint *endpoint_r,
    struct bs_message *message)
{
	const char *at = strchr(text, '@');

	if (bs_endpoint_parse(text, strlen(text), endpoint_r) == BS_OK)
		return BS_OK;
	if (at == NULL)
		explain_no_at(text, message);
	else
		explain_at(text, at, message);
	return BS_EINVAL;
}

/* inet:ADDRESS:PORT, as Postfix writes it. */
static int
read_inet(const char *text, struct bs_endpoint *endpoint_r,
    struct bs_message *message)
{
	if (parse_colon(text + strlen("inet:"), endpoint_r) == BS_OK)
		return BS_OK;
	bs_message_set(message,
	    "%.*s: no address and port after `inet:`: write 127.0.0.1@2526 or "
	    "inet:127.0.0.1:2526",
	    SHOWN(text));
	return BS_EINVAL;
}

int
bs_config_value_door(const char *text, struct bs_endpoint *endpoint_r,
    bool *unix_r, struct bs_message *message)
{
	*unix_r = strncmp(text, "unix:", 5) == 0;
	if (strncmp(text, "inet:", 5) == 0)
		return read_inet(text, endpoint_r, message);
	if (text[0] == '/') {
		bs_message_set(message,
		    "%.*s: a path, and not said to be one: write \"unix:%.*s\"",
		    SHOWN(text), SHOWN(text));
		return BS_EINVAL;
	}
	if (!*unix_r)
		return bs_config_value_endpoint(text, endpoint_r, message);
	if (text[5] == '/' && strlen(text + 5) < UNIX_PATH_SIZE)
		return bs_config_value_path(text + 5, message);
	bs_message_set(message,
	    "%.*s: no absolute path of at most %zu bytes after `unix:`: write "
	    "unix:/run/backstop/lmtp.sock",
	    SHOWN(text), UNIX_PATH_SIZE - 1);
	return BS_EINVAL;
}

int
bs_config_value_peer(const char *text, struct bs_message *message)
{
	struct bs_endpoint endpoint;

	if (bs_addr_parse(text, strlen(text), &endpoint.addr) == BS_OK)
		return BS_OK;
	return bs_config_value_endpoint(text, &endpoint, message);
}

int
bs_config_value_prefix(
    const char *text, struct bs_prefix *prefix_r, struct bs_message *message)
{
	char shown[BS_PREFIX_TEXT_MAX];
	struct bs_prefix prefix;
	int error = bs_prefix_parse(text, strlen(text), &prefix);

	if (error == BS_OK) {
		bs_prefix_unmap(&prefix);
		*prefix_r = prefix;
		return BS_OK;
	}
	if (error == BS_EHOSTBITS)
		bs_message_set(message,
		    "%.*s: bits are set beyond the prefix length: write "
		    "\"%s\", or leave out `/` for the one address",
		    SHOWN(text), bs_prefix_format(&prefix, shown));
	else if (error == BS_ERANGE)
		bs_message_set(message,
		    "%.*s: the prefix length is too large: write at most %s",
		    SHOWN(text), strchr(text, ':') != NULL ? "/128" : "/32");
	else
		bs_message_set(message,
		    "%.*s: no IP address or prefix: write one, as in "
		    "10.0.0.0/8 or \"fd00::/8\"",
		    SHOWN(text));
	return BS_EINVAL;
}

/* --- names and paths ---------------------------------------------------- */

static bool
is_word_char(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
	       (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* The first character that no domain name has; all others are checked. */
static int
refuse_char(const char *text, const char *at, struct bs_message *message)
{
	if ((unsigned char)*at >= 0x80)
		bs_message_set(message,
		    "%.*s: not ASCII, and no internationalised domain name: "
		    "write its xn-- form (idn2 tells it)",
		    SHOWN(text));
	else if (*at == '@' && at[1] != '\0')
		bs_message_set(message,
		    "%.*s: an address where a domain is due: write %.*s",
		    SHOWN(text), SHOWN(at + 1));
	else
		bs_message_set(message,
		    "%.*s: `%c` in a domain name: write letters, digits, `-`, "
		    "`_` and dots only",
		    SHOWN(text), *at);
	return BS_EINVAL;
}

static int
check_labels(const char *text, size_t size, struct bs_message *message)
{
	size_t label = 0;

	for (size_t i = 0; i <= size; i++) {
		if (i < size && text[i] != '.') {
			if (!is_word_char(text[i]))
				return refuse_char(text, text + i, message);
			label++;
			continue;
		}
		if (label == 0) {
			bs_message_set(message,
			    "%.*s: a domain name with nothing before a dot: "
			    "write it as in bl.example",
			    SHOWN(text));
			return BS_EINVAL;
		}
		if (label > LABEL_MAX) {
			bs_message_set(message,
			    "%.*s: %zu bytes between two dots: write at most "
			    "%d",
			    SHOWN(text), label, LABEL_MAX);
			return BS_EINVAL;
		}
		label = 0;
	}
	return BS_OK;
}

int
bs_config_value_name(
    const char *text, size_t *size_r, struct bs_message *message)
{
	size_t size = strlen(text);
	struct bs_addr addr;
	int error;

	if (bs_addr_parse(text, size, &addr) == BS_OK) {
		bs_message_set(message,
		    "%.*s: an IP address where a name is due: write the "
		    "domain's or host's name (that of a `by` is behind `by` in "
		    "the host's Received lines; `relays` has addresses)",
		    SHOWN(text));
		return BS_EINVAL;
	}
	if (size > 1 && text[size - 1] == '.')
		size--;
	error = check_labels(text, size, message);
	if (error != BS_OK)
		return error;
	if (size > BS_CONFIG_NAME_SIZE_MAX) {
		bs_message_set(message,
		    "%.*s...: a domain name of %zu bytes: write at most %d",
		    SHOWN(text), size, BS_CONFIG_NAME_SIZE_MAX);
		return BS_EINVAL;
	}
	*size_r = size;
	return BS_OK;
}

int
bs_config_value_word(const char *text, struct bs_message *message)
{
	size_t size = 0;

	while (is_word_char(text[size]))
		size++;
	if (size > 0 && size <= LABEL_MAX && text[size] == '\0')
		return BS_OK;
	bs_message_set(message,
	    "%.*s: no word: write up to %d letters, digits, `-` and `_`",
	    SHOWN(text), LABEL_MAX);
	return BS_EINVAL;
}

int
bs_config_value_path(const char *text, struct bs_message *message)
{
	size_t size = strlen(text);

	if (size > BS_CONFIG_PATH_SIZE_MAX) {
		bs_message_set(message,
		    "%.*s...: a path of %zu bytes: write at most %d",
		    SHOWN(text), size, BS_CONFIG_PATH_SIZE_MAX);
		return BS_EINVAL;
	}
	if (text[0] == '~') {
		bs_message_set(message,
		    "%.*s: `~` stands for no folder here: write the whole "
		    "path",
		    SHOWN(text));
		return BS_EINVAL;
	}
	return BS_OK;
}

/* --- numbers ------------------------------------------------------------ */

/* Reads digits; BS_EINVAL for anything else, BS_ERANGE beyond 32 bits. */
static int
parse_number(const char *text, uint32_t *number_r)
{
	uint64_t number = 0;
	size_t digits = strspn(text, "0123456789");

	if (digits == 0 || text[digits] != '\0' ||
	    (digits > 1 && text[0] == '0'))
		return BS_EINVAL;
	for (size_t i = 0; i < digits; i++) {
		number = number * 10 + (uint64_t)(text[i] - '0');
		if (number > UINT32_MAX)
			return BS_ERANGE;
	}
	*number_r = (uint32_t)number;
	return BS_OK;
}

int
bs_config_value_number(const struct bs_config_key *key, const char *text,
    uint32_t *number_r, struct bs_message *message)
{
	uint32_t number = 0;
	int error = parse_number(text, &number);

	if (error == BS_EINVAL) {
		bs_message_set(message,
		    "%.*s: no whole number: write digits only, from %u to %u",
		    SHOWN(text), key->min, key->max);
		return BS_EINVAL;
	}
	if (error == BS_ERANGE || number < key->min || number > key->max) {
		bs_message_set(message,
		    "%.*s: out of range: write a number from %u to %u",
		    SHOWN(text), key->min, key->max);
		return BS_EINVAL;
	}
	*number_r = number;
	return BS_OK;
}

/* Guesses the unit letter of "4 weeks", "15min"; 0 if it is none. */
static char
guess_unit(const char *text, size_t *digits_r)
{
	static const char *const units[] = {"seconds", "secs", "minutes",
	    "mins", "hours", "hrs", "days", "weeks", "wks"};
	const char *word;
	size_t size;

	*digits_r = strspn(text, "0123456789");
	word = text + *digits_r;
	word += strspn(word, " ");
	size = strlen(word);
	if (*digits_r == 0 || *digits_r > 9 || size == 0)
		return '\0';
	for (size_t i = 0; i < sizeof(units) / sizeof(units[0]); i++) {
		size_t full = strlen(units[i]);

		if ((size == 1 || size == full || size + 1 == full) &&
		    strncasecmp(units[i], word, size) == 0)
			return units[i][0];
	}
	return '\0';
}

int
bs_config_value_duration(const struct bs_config_key *key, const char *text,
    uint32_t *duration_s_r, struct bs_message *message)
{
	char min[BS_DURATION_TEXT_MAX], max[BS_DURATION_TEXT_MAX];
	uint32_t duration_s = 0;
	size_t digits;
	int error = bs_duration_parse(text, &duration_s);

	if (error == BS_EINVAL) {
		char unit = guess_unit(text, &digits);

		if (unit != '\0')
			bs_message_set(message,
			    "%.*s: a unit is one small letter right after the "
			    "number: write %.*s%c",
			    SHOWN(text), (int)digits, text, unit);
		else
			bs_message_set(message,
			    "%.*s: no length of time: write a number and one "
			    "of s, m, h, d, w, as in %s",
			    SHOWN(text), key->example);
		return BS_EINVAL;
	}
	if (error != BS_OK || duration_s < key->min || duration_s > key->max) {
		bs_message_set(message,
		    "%.*s: out of range: write a time from %s to %s",
		    SHOWN(text), bs_duration_format(key->min, min),
		    bs_duration_format(key->max, max));
		return BS_EINVAL;
	}
	*duration_s_r = duration_s;
	return BS_OK;
}

int
bs_config_value_bool(
    const char *text, bool *value_r, struct bs_message *message)
{
	bool is_yes = strcmp(text, "yes") == 0 || strcmp(text, "true") == 0;
	bool is_no = strcmp(text, "no") == 0 || strcmp(text, "false") == 0;

	if (!is_yes && !is_no) {
		bs_message_set(message,
		    "%.*s: neither yes nor no: write yes or no", SHOWN(text));
		return BS_EINVAL;
	}
	*value_r = is_yes;
	return BS_OK;
}

int
bs_config_value_choice(const struct bs_config_key *key, const char *text,
    uint32_t *choice_r, struct bs_message *message)
{
	const char *at = key->choices;
	size_t size = strlen(text);

	for (uint32_t i = 0; *at != '\0'; i++) {
		size_t word = strcspn(at, ",");

		if (word == size && memcmp(at, text, size) == 0) {
			*choice_r = i;
			return BS_OK;
		}
		at += word + (at[word] == ',' ? strlen(", ") : 0);
	}
	bs_message_set(message, "%.*s: none of %s: write one of them",
	    SHOWN(text), key->choices);
	return BS_EINVAL;
}

/* A name that is no class. */
static void
explain_class(const char *text, struct bs_message *message)
{
	struct bs_suggest suggest = bs_suggest_start(text);

	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		bs_suggest_try(&suggest, bs_class_name(bs_class_at(i)));
	if (suggest.best != NULL)
		bs_message_set(message,
		    "%.*s: unknown class: did you mean `%s`?", SHOWN(text),
		    suggest.best);
	else
		bs_message_set(message,
		    "%.*s: unknown class: write bounce, autoreply, challenge, "
		    "virus, callout, subscribe or all",
		    SHOWN(text));
}

int
bs_config_value_class(
    const char *text, uint8_t *classes, struct bs_message *message)
{
	bool is_all = strcmp(text, "all") == 0;
	enum bs_class class = BS_BOUNCE;

	if (!is_all && bs_class_parse(text, strlen(text), &class) != BS_OK) {
		explain_class(text, message);
		return BS_EINVAL;
	}
	if (is_all ? *classes != 0 : (*classes & class) == class) {
		bs_message_set(message,
		    "%.*s: given before in this list: write each class once, "
		    "or all alone",
		    SHOWN(text));
		return BS_EINVAL;
	}
	*classes |= is_all ? BS_CLASSES_ALL : (uint8_t) class;
	return BS_OK;
}

/* --- texts and templates ------------------------------------------------ */

static int
check_ascii(const char *text, struct bs_message *message)
{
	for (const char *c = text; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || (unsigned char)*c > 0x7e) {
			bs_message_set(message,
			    "%.*s: a byte that is no printable ASCII: write "
			    "plain ASCII letters, one line",
			    SHOWN(text));
			return BS_EINVAL;
		}
	}
	return BS_OK;
}

int
bs_config_value_text(const struct bs_config_key *key, const char *text,
    struct bs_message *message)
{
	size_t size = strlen(text);

	if (size < key->min || size > key->max) {
		bs_message_set(message,
		    "%.*s: %zu bytes long: write a text of %u to %u bytes",
		    SHOWN(text), size, key->min, key->max);
		return BS_EINVAL;
	}
	return check_ascii(text, message);
}

int
bs_config_value_template(const char *text, struct bs_message *message)
{
	if (check_ascii(text, message) != BS_OK)
		return BS_EINVAL;
	for (const char *c = strchr(text, '%'); c != NULL;
	     c = strchr(c + 2, '%')) {
		if (c[1] == '\0' || strchr("caz%", c[1]) == NULL) {
			bs_message_set(message,
			    "%.*s: `%.2s` stands for nothing: write %%c "
			    "(classes), %%a (address), %%z (zone) or %%%%",
			    SHOWN(text), c);
			return BS_EINVAL;
		}
	}
	return BS_OK;
}

size_t
bs_config_template_size(const char *text, size_t zone_size)
{
	char classes[BS_CLASSES_TEXT_MAX];
	size_t size = 0;

	for (const char *c = text; *c != '\0'; c++) {
		if (*c != '%') {
			size++;
			continue;
		}
		c++;
		size += *c == 'c'
			    ? strlen(bs_classes_format(BS_CLASSES_ALL, classes))
			: *c == 'a' ? ADDRESS_SIZE_MAX
			: *c == 'z' ? zone_size
				    : 1;
	}
	return size;
}

/* --- mail addresses ------------------------------------------------------ */

static bool
has_blank(const char *text)
{
	for (; *text != '\0'; text++) {
		if ((unsigned char)*text <= ' ' || *text == 0x7f)
			return true;
	}
	return false;
}

int
bs_config_value_address(
    const char *text, bool domain, struct bs_message *message)
{
	const char *at = strrchr(text, '@');
	struct bs_message ignored;
	size_t size;

	if (at != NULL)
		size = (size_t)(at - text);
	else
		size = domain ? 0 : strlen(text);
	if (size > 0 && size <= ADDRESS_LOCAL_MAX && !has_blank(text) &&
	    strpbrk(text, "<>\"\\") == NULL && strchr(text, '@') == at &&
	    (at == NULL ||
		bs_config_value_name(at + 1, &size, &ignored) == BS_OK))
		return BS_OK;
	bs_message_set(message, "%.*s: no mail address: write %s", SHOWN(text),
	    domain ? "one, as in old.name@example.net"
		   : "one, as in abuse@trap.example, or abuse");
	return BS_EINVAL;
}

int
bs_config_value_pattern(const char *text, struct bs_message *message)
{
	size_t size = strlen(text);

	if (strcmp(text, "<>") == 0)
		return BS_OK;
	if (size > 0 && size <= ADDRESS_LOCAL_MAX + BS_CONFIG_NAME_SIZE_MAX &&
	    !has_blank(text) && strchr(text, '@') != NULL) {
		const char *at = strrchr(text, '@');

		while (*at != '\0' && ((unsigned char)*at & 0x80) == 0)
			at++;
		if (*at == '\0')
			return BS_OK;
		bs_message_set(message,
		    "%.*s: a domain that is not ASCII in a pattern: write what "
		    "it begins with in its xn-- form (idn2 tells it), or all of "
		    "it in trap.domains",
		    SHOWN(text));
		return BS_EINVAL;
	}
	bs_message_set(message,
	    "%.*s: no pattern of addresses: write one with an `@`, as in "
	    "\"*@*.trap.example\"",
	    SHOWN(text));
	return BS_EINVAL;
}
