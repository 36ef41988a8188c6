/*
 * Splits a command line into verb and argument, and reads the parameters of
 * MAIL.  What a command does is in the smtp_*.c files of the session, its
 * address in smtpaddress.c.
 */
#include "autoconf.h"

#include <string.h>
#include <strings.h>

#include "smtpcommand.h"
#include "utf8.h"

#define SIZE_DIGITS_MAX 20 /* RFC 1870 section 3 */

static const struct {
	const char *name;
	enum smtp_verb verb;
} verbs[] = {
    {"HELO", SMTP_HELO}, {"EHLO", SMTP_EHLO}, {"LHLO", SMTP_LHLO},
    {"MAIL", SMTP_MAIL}, {"RCPT", SMTP_RCPT}, {"DATA", SMTP_DATA},
    {"RSET", SMTP_RSET}, {"NOOP", SMTP_NOOP}, {"VRFY", SMTP_VRFY},
    {"EXPN", SMTP_EXPN}, {"HELP", SMTP_HELP}, {"QUIT", SMTP_QUIT},
    {"STARTTLS", SMTP_STARTTLS}, {"XCLIENT", SMTP_XCLIENT},
    {"XFORWARD", SMTP_XFORWARD}, {"GET", SMTP_FOREIGN}, {"POST", SMTP_FOREIGN},
    {"PUT", SMTP_FOREIGN}, {"HEAD", SMTP_FOREIGN}, {"OPTIONS", SMTP_FOREIGN},
    {"CONNECT", SMTP_FOREIGN}, {"PATCH", SMTP_FOREIGN},
    {"DELETE", SMTP_FOREIGN}, {"TRACE", SMTP_FOREIGN},
    {"PRI", SMTP_FOREIGN},   /* HTTP/2 */
    {"PROXY", SMTP_FOREIGN}, /* of a proxy that we don't know as one */
};

/* --- the line ------------------------------------------------------------ */

static bool
is_text(const char *line, size_t size)
{
	size_t step;

	for (size_t i = 0; i < size; i += step) {
		uint32_t code;

		step = 1;
		if (line[i] >= ' ' && line[i] < 0x7f)
			continue;
		step = bs_utf8_read((const uint8_t *)line + i, size - i, &code);
		if (step == 0 || (code < ' ' && code != '\t') || code == 0x7f)
			return false;
	}
	return true;
}

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Letters of either case are alike in these bits. */
static bool
begins_alike(const char *a, const char *b)
{
	return ((a[0] ^ b[0]) & 0x1f) == 0;
}

static enum smtp_verb
find_verb(const char *word, size_t size)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
		if (size > 0 && begins_alike(verbs[i].name, word) &&
		    strlen(verbs[i].name) == size &&
		    strncasecmp(verbs[i].name, word, size) == 0)
			return verbs[i].verb;
	}
	return SMTP_UNKNOWN;
}

int
smtp_command_parse(
    const char *line, size_t size, struct smtp_command *command_r)
{
	size_t word = 0, start;

	if (!is_text(line, size))
		return BS_EINVAL;
	while (size > 0 && is_blank(line[size - 1]))
		size--;
	while (word < size && !is_blank(line[word]))
		word++;
	start = word;
	while (start < size && is_blank(line[start]))
		start++;
	*command_r = (struct smtp_command){
	    .verb = find_verb(line, word),
	    .argument = line + start,
	    .argument_size = size - start,
	};
	return BS_OK;
}

bool
smtp_command_keyword(struct smtp_command *command, const char *keyword)
{
	size_t size = strlen(keyword), colon = size;

	if (command->argument_size <= size ||
	    strncasecmp(command->argument, keyword, size) != 0)
		return false;
	while (colon < command->argument_size &&
	       is_blank(command->argument[colon]))
		colon++;
	if (colon == command->argument_size || command->argument[colon] != ':')
		return false;
	command->argument += colon + 1;
	command->argument_size -= colon + 1;
	return true;
}

/* --- parameters of MAIL -------------------------------------------------- */

struct param {
	const char *name, *value; /* value NULL: no `=` */
	size_t name_size, value_size;
};

static bool
param_is(const struct param *param, const char *name)
{
	return strlen(name) == param->name_size &&
	       strncasecmp(name, param->name, param->name_size) == 0;
}

static bool
value_is(const struct param *param, const char *value)
{
	return param->value != NULL && strlen(value) == param->value_size &&
	       strncasecmp(value, param->value, param->value_size) == 0;
}

static int
read_size(const struct param *param, struct smtp_params *params)
{
	uint64_t size = 0;

	if (param->value == NULL || param->value_size == 0 ||
	    param->value_size > SIZE_DIGITS_MAX)
		return BS_ERANGE;
	for (size_t i = 0; i < param->value_size; i++) {
		unsigned digit = (unsigned)(param->value[i] - '0');

		if (digit > 9)
			return BS_ERANGE;
		/* 20 digits may be beyond 64 bits: too large in any case */
		if (size > (UINT64_MAX - digit) / 10)
			size = UINT64_MAX;
		else
			size = size * 10 + digit;
	}
	params->size = size;
	return BS_OK;
}

static int
read_param(const struct param *param, struct smtp_params *params)
{
	if (param_is(param, "SIZE"))
		return read_size(param, params);
	if (param_is(param, "SMTPUTF8")) {
		params->utf8 = true;
		return param->value == NULL ? BS_OK : BS_ERANGE;
	}
	if (param_is(param, "BODY")) {
		params->body8 = value_is(param, "8BITMIME");
		if (params->body8 || value_is(param, "7BIT"))
			return BS_OK;
		/* BINARYMIME (RFC 3030), say: well-formed, and not ours */
		return param->value == NULL || param->value_size == 0
			   ? BS_ERANGE
			   : BS_ENOTFOUND;
	}
	return BS_ENOTFOUND;
}

int
smtp_params_parse(const char *text, size_t size, struct smtp_params *params_r)
{
	struct smtp_params params = {0};
	const char *end = text + size;
	int rc = BS_OK;

	while (rc == BS_OK && text < end) {
		struct param param = {.name = text};
		const char *equals;

		while (text < end && !is_blank(*text))
			text++;
		param.name_size = (size_t)(text - param.name);
		equals = memchr(param.name, '=', param.name_size);
		if (equals != NULL) {
			param.value = equals + 1;
			param.value_size = (size_t)(text - param.value);
			param.name_size = (size_t)(equals - param.name);
		}
		if (param.name_size > 0)
			rc = read_param(&param, &params);
		else if (equals != NULL)
			rc = BS_EINVAL;
		while (text < end && is_blank(*text))
			text++;
	}
	if (rc == BS_OK)
		*params_r = params;
	return rc;
}
