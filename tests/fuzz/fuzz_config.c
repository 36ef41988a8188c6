/*
 * Fuzz target of lib/config: any bytes give a configuration that keeps the
 * promises of config.h, or errors of the promised form.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "config.h"

#define PATH "/etc/x.conf"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct seen {
	unsigned errors;
};

/* "FILE[:LINE]: KEY: what is wrong: what to write instead", one line */
static void
report(void *context, bool fatal, const char *line)
{
	struct seen *seen = context;
	unsigned colons = 0;

	assert(strncmp(line, PATH ":", sizeof(PATH)) == 0);
	assert(strpbrk(line, "\r\n") == NULL);
	for (const char *c = strstr(line, ": "); c != NULL;
	     c = strstr(c + 2, ": "))
		colons++;
	assert(colons >= 3);
	seen->errors += fatal;
}

static void
check_zone(const struct bs_config_zone *zone)
{
	assert(zone->name[0] != '\0' && strlen(zone->name) <= 253);
	assert(zone->name[strlen(zone->name) - 1] != '.');
	assert(zone->file[0] == '/');
	assert(zone->classes != 0);
	assert(strlen(zone->txt) <= 255);
	assert(zone->line > 0 && zone->file_line > 0);
}

static void
check(const struct bs_config *config)
{
	assert(config->database[0] == '/' && config->trap_key[0] == '/');
	assert(config->database_line > 0);
	assert(config->listen_count >= 1 &&
	       config->listen_count <= BS_CONFIG_LISTEN_MAX);
	assert(config->zone_count <= BS_CONFIG_ZONES_MAX);
	for (size_t i = 0; i < config->zone_count; i++)
		check_zone(&config->zone[i]);
	assert(config->workers <= BS_CONFIG_WORKERS_MAX);
	assert(config->policy.exempt == config->exempt);
	assert(config->policy.exempt_count == config->exempt_count);
	assert(config->exempt_count >= config->relay_count);
	assert(
	    config->policy.ipv6_bits >= 48 && config->policy.ipv6_bits <= 128);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		assert(config->policy.class[i].hits >= 1);
		assert(config->policy.class[i].traps >= 1);
		assert(config->policy.class[i].window_s >= 1);
		assert(config->policy.class[i].expire_s >= 1);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct seen seen = {0};
	struct bs_config *config = NULL;
	int error = bs_config_parse(
	    PATH, (const char *)bytes, size, report, &seen, &config);

	assert((error == BS_OK) == (seen.errors == 0));
	assert((error == BS_OK) == (config != NULL));
	if (config != NULL)
		check(config);
	bs_config_free(&config);
	return 0;
}
