/*
 * Reads one path of MAIL or RCPT.  Which parameters follow it is smtpparam.c's,
 * whether we take mail for it recipients.c's.  Called by smtp_mail.c and
 * smtp_rcpt.c.
 */
#include "autoconf.h"

#include <stdint.h>
#include <string.h>

#include "smtpaddress.h"
#include "strput.h"
#include "utf8.h"

struct reader {
	const char *at, *end;
	struct smtp_address *address;
};

static bool
take(struct reader *reader, char c)
{
	if (reader->at == reader->end || *reader->at != c)
		return false;
	reader->at++;
	return true;
}

/* The size of the UTF-8 sequence here; 0: none. */
static size_t
utf8_size(const struct reader *reader)
{
	uint32_t code;

	if (reader->at == reader->end || (*reader->at & 0x80) == 0)
		return 0;
	return bs_utf8_read((const uint8_t *)reader->at,
	    (size_t)(reader->end - reader->at), &code);
}

static bool
is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
	       (c >= 'A' && c <= 'Z');
}

/* atext of RFC 5322 section 3.2.3, and the dot. */
static bool
is_local_char(char c)
{
	return c != '\0' &&
	       (is_alnum(c) || strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

/* A text that grows up to its limit. */
struct target {
	char *text;
	size_t size, max;
};

static int
append(struct target *target, const char *bytes, size_t size)
{
	if (size > target->max - target->size)
		return BS_ETOOLONG;
	memcpy(target->text + target->size, bytes, size);
	target->size += size;
	target->text[target->size] = '\0';
	return BS_OK;
}

/* Takes one character, of ASCII or beyond it. */
static int
take_char(struct reader *reader, struct target *target, size_t size)
{
	int rc = append(target, reader->at, size);

	if (size > 1)
		reader->address->utf8 = true;
	reader->at += size;
	return rc;
}

/* --- the local part ------------------------------------------------------ */

static int
read_quoted(struct reader *reader, struct target *local)
{
	int rc = BS_OK;

	while (rc == BS_OK && !take(reader, '"')) {
		size_t size = utf8_size(reader);

		(void)take(reader, '\\');
		if (reader->at == reader->end)
			return BS_EINVAL;
		if (size == 0 && (*reader->at < ' ' || *reader->at > '~'))
			return BS_EINVAL;
		rc = take_char(reader, local, size > 0 ? size : 1);
	}
	return rc;
}

static int
read_dot_string(struct reader *reader, struct target *local)
{
	int rc = BS_OK;

	while (rc == BS_OK && reader->at < reader->end) {
		size_t size = utf8_size(reader);

		if (size == 0 && is_local_char(*reader->at))
			size = 1;
		if (size == 0)
			break;
		rc = take_char(reader, local, size);
	}
	if (rc == BS_OK && local->size == 0)
		return BS_EINVAL;
	return rc;
}

static int
read_local(struct reader *reader)
{
	struct target local = {reader->address->local, 0, SMTP_LOCAL_MAX};

	if (take(reader, '"'))
		return read_quoted(reader, &local);
	return read_dot_string(reader, &local);
}

/* --- the domain ---------------------------------------------------------- */

static int
read_literal(struct reader *reader, struct target *domain)
{
	int rc = append(domain, "[", 1);

	while (rc == BS_OK && reader->at<reader->end && * reader->at> ' ' &&
	       *reader->at <= '~' && *reader->at != '[' && *reader->at != ']' &&
	       *reader->at != '\\')
		rc = take_char(reader, domain, 1);
	if (rc != BS_OK)
		return rc;
	if (!take(reader, ']') || domain->size < 2)
		return BS_EINVAL;
	return append(domain, "]", 1);
}

/* Letters, digits, hyphens and, as hosts have them, underscores. */
static int
read_label(struct reader *reader, struct target *domain)
{
	size_t start = domain->size, max = SMTP_LABEL_MAX;
	int rc = BS_OK;

	while (rc == BS_OK && reader->at < reader->end) {
		size_t size = utf8_size(reader);
		char c = *reader->at;

		if (size > 1)
			max = SMTP_ULABEL_MAX;
		if (size == 0 && (is_alnum(c) || c == '-' || c == '_'))
			size = 1;
		if (size == 0)
			break;
		rc = take_char(reader, domain, size);
	}
	if (rc == BS_OK && domain->size == start)
		return BS_EINVAL;
	if (rc == BS_OK && domain->size - start > max)
		return BS_ETOOLONG;
	return rc;
}

static int
read_domain(struct reader *reader, char text[SMTP_DOMAIN_MAX + 1])
{
	struct target domain = {text, 0, SMTP_DOMAIN_MAX};
	int rc;

	if (take(reader, '['))
		return read_literal(reader, &domain);
	rc = read_label(reader, &domain);
	while (rc == BS_OK && take(reader, '.')) {
		/* one dot at the end does no harm */
		if (reader->at == reader->end || *reader->at == '>' ||
		    *reader->at == ' ')
			return BS_OK;
		rc = append(&domain, ".", 1);
		if (rc == BS_OK)
			rc = read_label(reader, &domain);
	}
	return rc;
}

/* --- the path ------------------------------------------------------------ */

/* "@one,@two:", which nobody needs any more. */
static int
skip_route(struct reader *reader)
{
	char domain[SMTP_DOMAIN_MAX + 1];

	for (size_t i = 0; i < SMTP_ROUTE_MAX && take(reader, '@'); i++) {
		int rc = read_domain(reader, domain);

		if (rc != BS_OK)
			return rc;
		if (take(reader, ':'))
			return BS_OK;
		if (!take(reader, ','))
			return BS_EINVAL;
	}
	return BS_EINVAL;
}

static int
read_mailbox(struct reader *reader)
{
	int rc = BS_OK;

	if (reader->at < reader->end && *reader->at == '@')
		rc = skip_route(reader);
	if (rc == BS_OK)
		rc = read_local(reader);
	if (rc == BS_OK && take(reader, '@'))
		rc = read_domain(reader, reader->address->domain);
	return rc;
}

int
smtp_address_parse(const char *text, size_t size,
    struct smtp_address *address_r, size_t *used_r)
{
	struct smtp_address address = {0};
	struct reader reader = {text, text + size, &address};
	bool bracket;
	int rc = BS_OK;

	while (take(&reader, ' '))
		;
	bracket = take(&reader, '<');
	if (bracket && take(&reader, '>')) {
		address.null = true;
	} else {
		rc = read_mailbox(&reader);
		if (rc == BS_OK && bracket && !take(&reader, '>'))
			rc = BS_EINVAL;
	}
	if (rc != BS_OK)
		return rc;
	if (reader.at < reader.end && *reader.at != ' ')
		return BS_EINVAL;
	*used_r = (size_t)(reader.at - text);
	*address_r = address;
	return BS_OK;
}

_Static_assert(SMTP_LOCAL_MAX + 1 + SMTP_DOMAIN_MAX <= ENVELOPE_ADDRESS_MAX,
    "a whole address");

void
smtp_address_join(const char *local, const char *domain,
    char name_r[ENVELOPE_ADDRESS_MAX + 1])
{
	const size_t room = ENVELOPE_ADDRESS_MAX + 1;
	size_t used = strput(name_r, 0, room, local);

	if (domain[0] == '\0')
		return;
	used = strput(name_r, used, room, "@");
	(void)strput(name_r, used, room, domain);
}
