/*
 * Makes the guard: texts from the configuration, secrets from their file or
 * from the system's random numbers, the table of rate limits.  Called by
 * zone_table.c; respond.c asks it for each message.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>

#include "dns.h"
#include "guard.h"

#define KEY "cookies.secret-file"

const struct guard guard_default = {.udp_size = DNS_UDP_EDNS_MAX};

/* --- secrets ---------------------------------------------------------------- */

static int
make_random(uint8_t *bytes, size_t size)
{
	return getrandom(bytes, size, 0) == (ssize_t)size ? BS_OK : BS_ESYSTEM;
}

/* Says why the file can't be read. */
static int
refuse_file(const char *path, bs_config_report *report, void *context)
{
	struct bs_message message;
	int number = errno;

	bs_message_set(&message,
	    "%s: " KEY ": %s: put it there, mode 0640, in the group of the "
	    "server's user, or remove the key from the configuration",
	    path, strerror(number));
	report(context, true, message.text);
	if (number == ENOENT || number == ENOTDIR)
		return BS_ENOTFOUND;
	return number == EACCES ? BS_EACCES : BS_EIO;
}

static void
warn_readable(
    FILE *in, const char *path, bs_config_report *report, void *context)
{
	struct bs_message message;
	struct stat status;

	if (fstat(fileno(in), &status) != 0 || (status.st_mode & S_IROTH) == 0)
		return;
	bs_message_set(&message,
	    "%s: " KEY ": everybody can read these secrets: chmod o-r it",
	    path);
	report(context, false, message.text);
}

static int
parse_secrets(const char *path, const char *text, size_t size,
    struct cookie_secrets *secrets_r, struct bs_message *line_r)
{
	struct bs_message message;
	unsigned line;

	if (size > COOKIE_SECRET_FILE_MAX) {
		bs_message_set(line_r,
		    "%s: " KEY ": longer than %d bytes: write one or two lines "
		    "of 32 hexadecimal digits",
		    path, COOKIE_SECRET_FILE_MAX);
		return BS_ECONFIG;
	}
	if (cookie_parse_secrets(text, size, secrets_r, &line, &message) ==
	    BS_OK)
		return BS_OK;
	bs_message_set(line_r, "%s:%u: " KEY ": %s", path, line, message.text);
	return BS_ECONFIG;
}

static int
read_secrets(const char *path, bs_config_report *report, void *context,
    struct cookie_secrets *secrets_r)
{
	char text[COOKIE_SECRET_FILE_MAX + 1];
	FILE *in = fopen(path, "re");
	struct bs_message message;
	size_t size;
	int result;

	if (in == NULL)
		return refuse_file(path, report, context);
	warn_readable(in, path, report, context);
	errno = 0;
	size = fread(text, 1, sizeof(text), in);
	if (ferror(in)) {
		result = refuse_file(path, report, context);
	} else {
		result = parse_secrets(path, text, size, secrets_r, &message);
		if (result != BS_OK)
			report(context, true, message.text);
	}
	(void)fclose(in);
	return result;
}

static int
load_cookies(struct guard *guard, const struct bs_config *config,
    bs_config_report *report, void *context)
{
	guard->cookies = config->cookies;
	guard->strict = config->cookies_strict;
	if (!guard->cookies)
		return BS_OK;
	if (config->cookie_secret_file != NULL)
		return read_secrets(config->cookie_secret_file, report, context,
		    &guard->secrets);
	guard->secrets.count = 1;
	return make_random(
	    guard->secrets.secret[0], sizeof(guard->secrets.secret[0]));
}

/* --- the others -------------------------------------------------------------- */

static int
load_limits(struct guard *guard, const struct bs_config *config)
{
	struct access_list allow = {
	    config->rate_allow, config->rate_allow_count};
	struct ratelimit_settings settings = {
	    .per_s = config->rate_limit,
	    .slip = config->rate_slip,
	};
	int result;

	if (settings.per_s == 0)
		return BS_OK;
	result = make_random(settings.key, sizeof(settings.key));
	if (result == BS_OK)
		result =
		    ratelimit_new(&settings, RATELIMIT_SETS, &guard->ratelimit);
	if (result == BS_OK && allow.count > 0)
		result = access_new(
		    allow, (struct access_list){NULL, 0}, &guard->unlimited);
	return result;
}

/* A copy of a text that may be NULL; false: out of memory. */
static bool
copy_text(const char *text, char **copy_r)
{
	if (text != NULL)
		*copy_r = strdup(text);
	return text == NULL || *copy_r != NULL;
}

int
guard_load(const struct bs_config *config, bs_config_report *report,
    void *context, struct guard **guard_r)
{
	struct guard *guard = calloc(1, sizeof(*guard));
	int result = BS_ENOMEM;

	if (guard == NULL)
		return BS_ENOMEM;
	guard->udp_size = (uint16_t)config->udp_size;
	if (copy_text(config->nsid, &guard->nsid) &&
	    copy_text(config->identity, &guard->identity) &&
	    copy_text(config->version, &guard->version))
		result = load_limits(guard, config);
	if (result == BS_OK)
		result = load_cookies(guard, config, report, context);
	if (result == BS_OK)
		*guard_r = guard;
	else
		guard_free(&guard);
	return result;
}

void
guard_free(struct guard **guard)
{
	struct guard *old = *guard;

	if (old == NULL)
		return;
	ratelimit_free(&old->ratelimit);
	access_free(&old->unlimited);
	explicit_bzero(&old->secrets, sizeof(old->secrets));
	free(old->nsid);
	free(old->identity);
	free(old->version);
	free(old);
	*guard = NULL;
}
