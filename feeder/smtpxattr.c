/*
 * Reads the attributes of XCLIENT and XFORWARD.  Whether a peer may send them
 * is the listener's to say, what they change the session's (smtp_trusted.c).
 */
#include "autoconf.h"

#include <string.h>
#include <strings.h>

#include "smtpxattr.h"

#define VALUE_MAX ENVELOPE_HELO_MAX

static int
hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

/* xtext: "+41" is 'A'. */
static int
decode(const char *text, size_t size, char value_r[VALUE_MAX + 1])
{
	size_t used = 0;

	for (size_t i = 0; i < size; i++) {
		char c = text[i];

		if (c == '+') {
			int high = i + 2 < size ? hex_digit(text[i + 1]) : -1;
			int low = i + 2 < size ? hex_digit(text[i + 2]) : -1;

			if (high < 0 || low < 0)
				return BS_EINVAL;
			c = (char)(high * 16 + low);
			i += 2;
		}
		if (used == VALUE_MAX)
			return BS_ETOOLONG;
		/* nothing that could end a line, or a string */
		value_r[used++] = c >= ' ' && c != 0x7f ? c : '?';
	}
	value_r[used] = '\0';
	return BS_OK;
}

static bool
is_unavailable(const char *value)
{
	return strcasecmp(value, "[UNAVAILABLE]") == 0 ||
	       strcasecmp(value, "[TEMPUNAVAIL]") == 0 || value[0] == '\0';
}

static int
read_addr(const char *value, struct smtp_xattr *attr)
{
	int rc;

	attr->has_addr = true;
	if (is_unavailable(value)) {
		attr->addr_known = false;
		return BS_OK;
	}
	if (strncasecmp(value, "IPv6:", 5) == 0)
		value += 5;
	rc = bs_addr_parse(value, strlen(value), &attr->addr);
	attr->addr_known = rc == BS_OK;
	if (rc == BS_OK)
		bs_addr_unmap(&attr->addr);
	return rc;
}

static int
read_helo(const char *value, struct smtp_xattr *attr)
{
	attr->has_helo = true;
	strcpy(attr->helo, is_unavailable(value) ? "" : value);
	return BS_OK;
}

static int
read_source(const char *value, struct smtp_xattr *attr)
{
	attr->local = strcasecmp(value, "LOCAL") == 0;
	return BS_OK;
}

static int
ignore(const char *value, struct smtp_xattr *attr)
{
	(void)value;
	(void)attr;
	return BS_OK;
}

static const struct {
	const char *name;
	int (*read)(const char *value, struct smtp_xattr *attr);
} attributes[] = {
    {"ADDR", read_addr},
    {"HELO", read_helo},
    {"SOURCE", read_source},
    {"NAME", ignore},
    {"PORT", ignore},
    {"PROTO", ignore},
    {"IDENT", ignore},
    {"LOGIN", ignore},
    {"DESTADDR", ignore},
    {"DESTPORT", ignore},
};

static int
read_pair(const char *text, size_t size, struct smtp_xattr *attr)
{
	const char *equals = memchr(text, '=', size);
	size_t name_size = equals != NULL ? (size_t)(equals - text) : 0;
	char value[VALUE_MAX + 1];
	int rc;

	if (name_size == 0)
		return BS_EINVAL;
	rc = decode(equals + 1, size - name_size - 1, value);
	if (rc != BS_OK)
		return rc;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(attributes[0]);
	     i++) {
		if (strlen(attributes[i].name) == name_size &&
		    strncasecmp(attributes[i].name, text, name_size) == 0)
			return attributes[i].read(value, attr);
	}
	return BS_ENOTFOUND;
}

int
smtp_xattr_parse(const char *text, size_t size, struct smtp_xattr *attr_r)
{
	struct smtp_xattr attr = {0};
	size_t i = 0, pairs = 0;

	while (i < size) {
		size_t start = i;
		int rc = BS_OK;

		while (i < size && text[i] != ' ')
			i++;
		if (i > start) {
			rc = read_pair(text + start, i - start, &attr);
			pairs++;
		}
		if (rc != BS_OK)
			return rc;
		while (i < size && text[i] == ' ')
			i++;
	}
	if (pairs == 0)
		return BS_EINVAL;
	*attr_r = attr;
	return BS_OK;
}
