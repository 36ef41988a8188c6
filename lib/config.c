/*
 * The configuration from file to struct: reads the file, has yaml.c make a
 * tree of it and config_walk.c walk the tree, then checks what concerns more
 * than one key.  The keys themselves are in config_table.c.
 *
 * Called by all three programs at start, by -t and on reload; what is beyond
 * the text (ports, zone files) is left to them.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "config.h"
#include "config_exempt.h"
#include "config_report.h"
#include "config_value.h"
#include "config_walk.h"
#include "reserved.h"
#include "yaml.h"

#define SAMPLE BS_CONFIG_DEFAULT_PATH ".sample"

/* --- checks across keys ------------------------------------------------- */

static void
check_listen(const struct bs_config *config, struct bs_config_notes *notes)
{
	char shown[BS_ENDPOINT_TEXT_MAX];

	for (size_t i = 1; i < config->listen_count; i++) {
		const struct bs_config_listen *a = &config->listen[i];
		size_t k = 0;

		while (k < i &&
		       (config->listen[k].endpoint.port != a->endpoint.port ||
			   bs_addr_compare(&config->listen[k].endpoint.addr,
			       &a->endpoint.addr) != 0))
			k++;
		/* with port 0 each gets a port of its own */
		if (k < i && a->endpoint.port != 0)
			bs_config_note(notes, true, a->line,
			    "listen: %s: given twice, first in line %u: "
			    "remove one of the two",
			    bs_endpoint_format(&a->endpoint, shown),
			    config->listen[k].line);
	}
}

static void
check_zone_names(const struct bs_config *config, struct bs_config_notes *notes)
{
	for (size_t i = 1; i < config->zone_count; i++) {
		const struct bs_config_zone *a = &config->zone[i];

		for (size_t k = 0; k < i; k++) {
			const struct bs_config_zone *b = &config->zone[k];

			if (a->name == NULL || b->name == NULL ||
			    strcasecmp(a->name, b->name) != 0)
				continue;
			bs_config_note(notes, true, a->line,
			    "zone[].name: %s: given twice, first in line %u: "
			    "remove one of the two zones",
			    a->name, b->line);
			break;
		}
	}
}

/* "local" is what our own traps see. */
static void
check_feed_names(const struct bs_config *config, struct bs_config_notes *notes)
{
	for (size_t i = 0; i < config->feed_count; i++) {
		const struct bs_policy_feed *a = &config->feed[i];

		if (a->name == NULL)
			continue;
		if (strcmp(a->name, BS_POLICY_FEED_LOCAL) == 0)
			bs_config_note(notes, true, a->line,
			    "feed[].name: %s: is what our own traps see: write "
			    "another name",
			    a->name);
		for (size_t k = 0; k < i; k++) {
			const struct bs_policy_feed *b = &config->feed[k];

			if (b->name == NULL || strcmp(a->name, b->name) != 0)
				continue;
			bs_config_note(notes, true, a->line,
			    "feed[].name: %s: given twice, first in line %u: "
			    "remove one of the two feeds",
			    a->name, b->line);
			break;
		}
	}
}

/* The longest text that the template can become is one string of TXT. */
static void
check_zone_txt(const struct bs_config *config, struct bs_config_notes *notes)
{
	for (size_t i = 0; i < config->zone_count; i++) {
		const struct bs_config_zone *zone = &config->zone[i];
		size_t size =
		    zone->name != NULL && zone->txt != NULL
			? bs_config_template_size(zone->txt, strlen(zone->name))
			: 0;

		if (size > BS_CONFIG_TXT_MAX)
			bs_config_note(notes, true, zone->line,
			    "zone[].txt: may become %zu bytes long with all "
			    "classes and the longest address: write a txt "
			    "that is %zu bytes shorter",
			    size, size - BS_CONFIG_TXT_MAX);
	}
}

static void
check_role(const struct bs_config *config, struct bs_config_notes *notes)
{
	if ((config->role_sendmail != NULL) != (config->role_to_count > 0))
		bs_config_note(notes, true, 0,
		    "role: sendmail and to go together: write both, or leave "
		    "both out for a Maildir");
	if (config->smtp_key != NULL && config->smtp_certificate == NULL)
		bs_config_note(notes, true, 0,
		    "smtp.key: there is no smtp.certificate: write both, or "
		    "leave both out for no TLS");
}

static void
check_milter(const struct bs_config *config, struct bs_config_notes *notes)
{
	const struct bs_config_door *door = config->milter_listen;

	if (config->milter_listen_count > 0 && door->path == NULL &&
	    door->endpoint.port == 0)
		bs_config_note(notes, true, door->line,
		    "milter.listen: no port: write the one that the mail "
		    "server is told of, as in 127.0.0.1@2526");
	if (config->milter_listen_count > 0 && door->path == NULL &&
	    bs_addr_is_any(&door->endpoint.addr))
		bs_config_note(notes, false, door->line,
		    "milter.listen: all addresses of this host: who reaches "
		    "it can have any host listed: write one that only the mail "
		    "server reaches, as 127.0.0.1");
	if (config->milter_group != NULL &&
	    (config->milter_listen_count == 0 ||
		config->milter_listen[0].path == NULL))
		bs_config_note(notes, true, 0,
		    "milter.group: milter.listen is no UNIX socket: write "
		    "listen: [\"unix:/run/backstop/milter.sock\"], or leave "
		    "group out");
}

/* The widest prefixes that anybody has for his own hosts: fc00::/7, 10.0.0.0/8. */
#define TRUSTED_BITS_MIN 7

static void
check_trusted_list(const char *key, const struct bs_prefix *prefix,
    size_t count, struct bs_config_notes *notes)
{
	char shown[BS_PREFIX_TEXT_MAX];

	for (size_t i = 0; i < count; i++) {
		if (prefix[i].bits < TRUSTED_BITS_MIN)
			bs_config_note(notes, false, 0,
			    "trusted.%s: %s: whoever connects from there can "
			    "have any host listed: write your own hosts only",
			    key, bs_prefix_format(&prefix[i], shown));
	}
}

static void
check_trusted(const struct bs_config *config, struct bs_config_notes *notes)
{
	check_trusted_list(
	    "xclient", config->xclient, config->xclient_count, notes);
	check_trusted_list(
	    "xforward", config->xforward, config->xforward_count, notes);
	check_trusted_list("proxy", config->proxy, config->proxy_count, notes);
}

/* --- after the walk ----------------------------------------------------- */

/* The default of a path that is not set: a name in the database's folder. */
static bool
in_database(const struct bs_config *config, char **path, const char *name)
{
	if (*path != NULL || config->database == NULL)
		return true;
	if (asprintf(path, "%s/%s", config->database, name) >= 0)
		return true;
	*path = NULL;
	return false;
}

static bool
exempt_also(struct bs_config *config, const struct bs_prefix *prefix,
    size_t prefix_count)
{
	struct bs_prefix *all = reallocarray(
	    config->exempt, config->exempt_count + prefix_count, sizeof(*all));

	if (all == NULL)
		return false;
	memcpy(
	    all + config->exempt_count, prefix, prefix_count * sizeof(*prefix));
	config->exempt = all;
	config->exempt_count += prefix_count;
	return true;
}

/* An address that we listen on is our own; what is reserved is never listed
 * anyway. */
static bool
exempt_own(struct bs_config *config, const struct bs_addr *addr)
{
	const struct bs_reserved *reserved = bs_reserved_find(addr);
	struct bs_prefix prefix = bs_prefix_single(addr);

	if (bs_addr_is_any(addr) ||
	    (reserved != NULL && !reserved->documentation))
		return true;
	return exempt_also(config, &prefix, 1);
}

static bool
exempt_doors(struct bs_config *config, const struct bs_config_door *door,
    size_t door_count)
{
	for (size_t i = 0; i < door_count; i++) {
		if (door[i].path == NULL &&
		    !exempt_own(config, &door[i].endpoint.addr))
			return false;
	}
	return true;
}

static bool
exempt_all_own(struct bs_config *config)
{
	for (size_t i = 0; i < config->listen_count; i++) {
		if (!exempt_own(config, &config->listen[i].endpoint.addr))
			return false;
	}
	return exempt_doors(
		   config, config->smtp_listen, config->smtp_listen_count) &&
	       exempt_doors(
		   config, config->lmtp_listen, config->lmtp_listen_count);
}

/* exempt = exempt, relays and what we listen on; the key's file in the
 * database's folder. */
static int
complete(struct bs_config *config)
{
	if (config->relay_count > 0 &&
	    !exempt_also(config, config->relays, config->relay_count))
		return BS_ENOMEM;
	if (!exempt_all_own(config))
		return BS_ENOMEM;
	config->policy.exempt = config->exempt;
	config->policy.exempt_count = config->exempt_count;
	config->policy.feed = config->feed;
	config->policy.feed_count = config->feed_count;
	if (!in_database(config, &config->trap_key, "trap.key") ||
	    !in_database(config, &config->tag_key, "tag.key") ||
	    !in_database(config, &config->control, "control") ||
	    !in_database(config, &config->feed_control, "feed-control") ||
	    !in_database(config, &config->role_maildir, "postmaster"))
		return BS_ENOMEM;
	return BS_OK;
}

static unsigned
line_of_database(const struct bs_yaml_node *root)
{
	const struct bs_yaml_node *node =
	    root->kind == BS_YAML_MAP ? root->first : NULL;

	for (; node != NULL; node = node->next) {
		if (strcmp(node->key, "database") == 0)
			return node->line;
	}
	return 0;
}

/* The absolute folder of a path, to be freed; NULL without memory. */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');
	int size = slash != NULL ? (int)(slash - path) : 0;
	char *here, *folder = NULL;

	if (path[0] == '/')
		return strndup(path, (size_t)size);
	here = getcwd(NULL, 0);
	if (here != NULL && asprintf(&folder, "%s%s%.*s", here,
				size > 0 ? "/" : "", size, path) < 0)
		folder = NULL;
	free(here);
	return folder;
}

static void
note_yaml(void *context, unsigned line, const char *text)
{
	bs_config_note(context, true, line, "%s", text);
}

/* From the tree (NULL: none) to a config that may have errors noted. */
static int
build(struct bs_config *config, struct bs_config_notes *notes,
    const struct bs_yaml_node *root)
{
	char *folder = folder_of(config->path != NULL ? config->path : "");
	int error;

	if (folder == NULL)
		return BS_ENOMEM;
	error = bs_config_walk(config, notes, folder, root);
	free(folder);
	if (error != BS_OK)
		return error;
	check_listen(config, notes);
	check_zone_names(config, notes);
	check_feed_names(config, notes);
	check_zone_txt(config, notes);
	check_role(config, notes);
	check_milter(config, notes);
	check_trusted(config, notes);
	return complete(config);
}

static int
parse(struct bs_config_notes *notes, const char *text, size_t size,
    struct bs_config *config)
{
	struct bs_yaml *yaml = NULL;
	int error = bs_yaml_parse(text, size, note_yaml, notes, &yaml);

	if (yaml == NULL)
		return error;
	config->database_line = line_of_database(bs_yaml_root(yaml));
	error = build(config, notes, bs_yaml_root(yaml));
	bs_yaml_free(&yaml);
	return error;
}

int
bs_config_parse(const char *path, const char *text, size_t size,
    bs_config_report *report, void *context, struct bs_config **config_r)
{
	struct bs_config_notes notes = {.path = path};
	struct bs_config *config = calloc(1, sizeof(*config));
	int error = BS_ENOMEM;

	if (config != NULL && (config->path = strdup(path)) != NULL)
		error = parse(&notes, text, size, config);
	if (error == BS_ENOMEM && notes.errors == 0)
		bs_config_note(&notes, true, 0,
		    "memory: none is left: free some, then try again");
	if (notes.errors > 0 && error != BS_ENOMEM)
		error = BS_ECONFIG;
	bs_config_notes_flush(&notes, report, context);
	if (error != BS_OK) {
		bs_config_free(&config);
		return error;
	}
	*config_r = config;
	return BS_OK;
}

/* --- the file ----------------------------------------------------------- */

/* Reads at most one byte more than may be, for the YAML reader to refuse. */
static int
slurp(FILE *in, char **text_r, size_t *size_r)
{
	char *text = malloc(BS_YAML_SIZE_MAX + 1);
	size_t size;

	if (text == NULL)
		return ENOMEM;
	errno = 0;
	size = fread(text, 1, BS_YAML_SIZE_MAX + 1, in);
	if (ferror(in)) {
		free(text);
		return errno != 0 ? errno : EIO;
	}
	*text_r = text;
	*size_r = size;
	return 0;
}

static int
read_file(const char *path, char **text_r, size_t *size_r)
{
	FILE *in = fopen(path, "re");
	int failure;

	if (in == NULL)
		return errno;
	failure = slurp(in, text_r, size_r);
	(void)fclose(in);
	return failure;
}

/* Says why the file cannot be read. */
static int
refuse_file(struct bs_config_notes *notes, int failure)
{
	switch (failure) {
	case ENOENT:
	case ENOTDIR:
		bs_config_note(notes, true, 0,
		    "configuration: there is no such file: name another with "
		    "-c, or copy %s and change it",
		    SAMPLE);
		return BS_ENOTFOUND;
	case EACCES:
	case EPERM:
		bs_config_note(notes, true, 0,
		    "configuration: no permission to read it: let this user's "
		    "group read it (chgrp, chmod g+r), folders too (g+x)");
		return BS_EACCES;
	case EISDIR:
		bs_config_note(notes, true, 0,
		    "configuration: a folder: name the file in it, as in "
		    "%s/backstop.conf",
		    notes->path);
		return BS_EIO;
	default:
		bs_config_note(notes, true, 0,
		    "configuration: %s: mend that, or name another file with "
		    "-c",
		    strerror(failure));
		return failure == ENOMEM ? BS_ENOMEM : BS_EIO;
	}
}

static int
load_defaults(struct bs_config **config_r)
{
	struct bs_config_notes notes = {.path = ""};
	struct bs_config *config = calloc(1, sizeof(*config));
	int error = config == NULL ? BS_ENOMEM : build(config, &notes, NULL);

	if (error != BS_OK) {
		bs_config_free(&config);
		return error;
	}
	*config_r = config;
	return BS_OK;
}

int
bs_config_load(const char *path, bs_config_report *report, void *context,
    struct bs_config **config_r)
{
	struct bs_config_notes notes = {.path = path};
	struct bs_config *config = NULL;
	char *text = NULL;
	size_t size = 0;
	int failure, error;

	if (path == NULL)
		return load_defaults(config_r);
	failure = read_file(path, &text, &size);
	if (failure != 0) {
		error = refuse_file(&notes, failure);
		bs_config_notes_flush(&notes, report, context);
		return error;
	}
	error = bs_config_parse(path, text, size, report, context, &config);
	free(text);
	if (error == BS_OK)
		error = bs_config_read_exempt(config, report, context);
	if (error == BS_OK)
		*config_r = config;
	else
		bs_config_free(&config);
	return error;
}

/* --- the end ------------------------------------------------------------ */

static void
free_names(char **name, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(name[i]);
	free(name);
}

static void
free_doors(struct bs_config_door *door, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(door[i].path);
	free(door);
}

static void
free_reporters(struct bs_config *config)
{
	for (size_t i = 0; i < config->reporter_count; i++) {
		struct bs_config_reporter *one = &config->reporter[i];

		for (size_t k = 0; k < one->folder_count; k++)
			free(one->folders[k].path);
		free(one->folders);
		free(one->feed);
		free(one->from);
		free(one->relays);
		free_names(one->by, one->by_count);
	}
	free(config->reporter);
}

void
bs_config_free(struct bs_config **config)
{
	struct bs_config *old = *config;

	if (old == NULL)
		return;
	for (size_t i = 0; i < old->zone_count; i++) {
		free(old->zone[i].name);
		free(old->zone[i].file);
		free(old->zone[i].txt);
		free(old->zone[i].allow);
		free(old->zone[i].deny);
	}
	free(old->zone);
	for (size_t i = 0; i < old->feed_count; i++) {
		free(old->feed[i].name);
		free(old->feed[i].prefixes);
	}
	free(old->feed);
	free_names(old->mailbox_by, old->mailbox_by_count);
	free_names(old->trap_domains, old->trap_domain_count);
	free_names(old->trap_addresses, old->trap_address_count);
	free_names(old->trap_patterns, old->trap_pattern_count);
	free_names(old->role_addresses, old->role_address_count);
	free_names(old->role_to, old->role_to_count);
	free_names(old->callout_senders, old->callout_sender_count);
	free_doors(old->smtp_listen, old->smtp_listen_count);
	free_doors(old->lmtp_listen, old->lmtp_listen_count);
	free_doors(old->milter_listen, old->milter_listen_count);
	free(old->milter_group);
	free(old->role_maildir);
	free(old->role_sendmail);
	free(old->smtp_hostname);
	free(old->smtp_certificate);
	free(old->smtp_key);
	free(old->xclient);
	free(old->xforward);
	free(old->proxy);
	free(old->callout_monitors);
	free(old->listen);
	free(old->nsid);
	free(old->identity);
	free(old->version);
	free(old->cookie_secret_file);
	free(old->rate_allow);
	free(old->relays);
	free(old->exempt);
	for (size_t i = 0; i < old->exempt_file_count; i++)
		free(old->exempt_files[i].path);
	free(old->exempt_files);
	for (size_t i = 0; i < old->rule_file_count; i++)
		free(old->rule_files[i].path);
	free(old->rule_files);
	free(old->trap_key);
	free_reporters(old);
	free(old->tag_key);
	free(old->tag_header);
	free_names(old->tag_domains, old->tag_domain_count);
	free(old->control);
	free(old->feed_control);
	free(old->user);
	free(old->database);
	free(old->path);
	free(old);
	*config = NULL;
}
