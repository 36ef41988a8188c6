/*
 * Tells traps and roles from other recipients.  Sorted copies of the lists, so
 * that a long list costs a RCPT no more than a short one; only patterns are
 * tried one by one.  Called by the sessions (smtp_rcpt.c).
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "batv.h"
#include "idna.h"
#include "utf8.h"

#include "recipients.h"

/* Borrowed texts, sorted. */
struct name_set {
	const char **name;
	size_t count;
};

struct recipients {
	const struct bs_config *config;
	const char *hostname;
	struct name_set traps, trap_domains, roles;
	/* of trap.addresses and role.addresses */
	struct name_set address_domains, role_domains;
};

/* --- sets ---------------------------------------------------------------- */

static int
compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static bool
set_has(const struct name_set *set, const char *name)
{
	return set->count > 0 && bsearch(&name, set->name, set->count,
				     sizeof(*set->name), compare_names) != NULL;
}

static bool
set_make(struct name_set *set, char *const *name, size_t count)
{
	set->name = reallocarray(NULL, count + 1, sizeof(*set->name));
	if (set->name == NULL)
		return false;
	for (size_t i = 0; i < count; i++)
		set->name[i] = name[i];
	set->count = count;
	qsort(set->name, count, sizeof(*set->name), compare_names);
	return true;
}

/* The domains of a set of addresses. */
static bool
set_make_domains(struct name_set *set, char *const *address, size_t count)
{
	if (!set_make(set, address, count))
		return false;
	for (size_t i = 0; i < count; i++) {
		const char *at = strrchr(set->name[i], '@');

		set->name[i] = at != NULL ? at + 1 : "";
	}
	qsort(set->name, count, sizeof(*set->name), compare_names);
	return true;
}

struct recipients *
recipients_new(const struct bs_config *config, const char *hostname)
{
	struct recipients *new = calloc(1, sizeof(*new));

	if (new == NULL)
		return NULL;
	new->config = config;
	new->hostname = hostname;
	if (!set_make(&new->traps, config->trap_addresses,
		config->trap_address_count) ||
	    !set_make(&new->trap_domains, config->trap_domains,
		config->trap_domain_count) ||
	    !set_make_domains(&new->address_domains, config->trap_addresses,
		config->trap_address_count) ||
	    !set_make(&new->roles, config->role_addresses,
		config->role_address_count) ||
	    !set_make_domains(&new->role_domains, config->role_addresses,
		config->role_address_count))
		recipients_free(&new);
	return new;
}

void
recipients_free(struct recipients **recipients)
{
	struct recipients *old = *recipients;

	if (old == NULL)
		return;
	free(old->traps.name);
	free(old->trap_domains.name);
	free(old->address_domains.name);
	free(old->roles.name);
	free(old->role_domains.name);
	free(old);
	*recipients = NULL;
}

/* --- patterns ------------------------------------------------------------ */

/* No backtracking beyond the last `*`: time is bounded by the product of both
 * sizes. */
bool
recipients_fits(const char *pattern, const char *text)
{
	const char *star = NULL, *again = NULL;

	while (*text != '\0') {
		if (*pattern == '*') {
			star = ++pattern;
			again = text;
		} else if (*pattern == '?' || *pattern == *text) {
			pattern++;
			text++;
		} else if (star != NULL) {
			pattern = star;
			text = ++again;
		} else {
			return false;
		}
	}
	while (*pattern == '*')
		pattern++;
	return *pattern == '\0';
}

static bool
fits_any(const struct bs_config *config, const char *name)
{
	for (size_t i = 0; i < config->trap_pattern_count; i++) {
		if (recipients_fits(config->trap_patterns[i], name))
			return true;
	}
	return false;
}

/* --- who it is ----------------------------------------------------------- */

/* "user+more@" is "user@"; "+more@" stays what it is. */
static void
drop_extension(char *local)
{
	char *plus = strchr(local, '+');

	if (plus != NULL && plus > local)
		*plus = '\0';
}

static bool
is_trap(
    const struct recipients *recipients, const char *name, const char *domain)
{
	return set_has(&recipients->trap_domains, domain) ||
	       set_has(&recipients->traps, name) ||
	       fits_any(recipients->config, name);
}

/* Whether addresses of that domain may fit a pattern of traps. */
static bool
fits_domain(const struct bs_config *config, const char *domain)
{
	for (size_t i = 0; i < config->trap_pattern_count; i++) {
		const char *at = strrchr(config->trap_patterns[i], '@');

		if (at != NULL && recipients_fits(at + 1, domain))
			return true;
	}
	return false;
}

/* A domain whose roles we answer for. */
static bool
is_ours(
    const struct recipients *recipients, const char *name, const char *domain)
{
	return domain[0] == '\0' || domain[0] == '[' ||
	       strcasecmp(domain, recipients->hostname) == 0 ||
	       set_has(&recipients->address_domains, domain) ||
	       set_has(&recipients->role_domains, domain) ||
	       fits_domain(recipients->config, domain) ||
	       is_trap(recipients, name, domain);
}

/* Whether an address has a BATV tag: then it is name_r, and the local part is
 * what stands behind the tag; else name_r is "".  The local part stays as it was
 * written: the tag may be one of that.  An address literal has no tags, and may
 * have an @ of its own. */
static bool
take_tag(char local[SMTP_LOCAL_MAX + 1], const char *domain,
    char name_r[ENVELOPE_ADDRESS_MAX + 1])
{
	char bare[ENVELOPE_ADDRESS_MAX + 1];
	size_t size;

	name_r[0] = '\0';
	if (domain[0] == '\0' || strchr(domain, '@') != NULL)
		return false;
	smtp_address_join(local, domain, bare);
	memcpy(name_r, bare, strlen(bare) + 1);
	bs_batv_strip(bare);
	size = strlen(bare) - strlen(domain) - 1;
	if (strcmp(bare, name_r) != 0 && size <= SMTP_LOCAL_MAX) {
		memcpy(local, bare, size);
		local[size] = '\0';
		return true;
	}
	name_r[0] = '\0';
	return false;
}

/* Who "local@domain" is, which name_r becomes. */
static enum recipient_kind
find_name(const struct recipients *recipients, const char *local,
    const char *domain, char name_r[ENVELOPE_ADDRESS_MAX + 1])
{
	bool role = strcmp(local, "postmaster") == 0 ||
		    set_has(&recipients->roles, local);

	smtp_address_join(local, domain, name_r);
	if (set_has(&recipients->roles, name_r) ||
	    (role && is_ours(recipients, name_r, domain)))
		return RECIPIENT_ROLE;
	if (domain[0] != '\0' && is_trap(recipients, name_r, domain))
		return RECIPIENT_TRAP;
	return RECIPIENT_UNKNOWN;
}

/* Whether the configuration has that very address. */
static bool
is_listed(const struct recipients *recipients, const char *name)
{
	return set_has(&recipients->roles, name) ||
	       set_has(&recipients->traps, name);
}

/* The same, of an address without its extension; with it only where that is who
 * is meant. */
static enum recipient_kind
find_extended(const struct recipients *recipients, char *local,
    const char *domain, char name_r[ENVELOPE_ADDRESS_MAX + 1])
{
	enum recipient_kind whole =
	    find_name(recipients, local, domain, name_r);
	enum recipient_kind kind;
	char name[ENVELOPE_ADDRESS_MAX + 1];

	if (!recipients->config->trap_plus_extension ||
	    is_listed(recipients, name_r))
		return whole;
	drop_extension(local);
	kind = find_name(recipients, local, domain, name);
	if (kind == RECIPIENT_UNKNOWN)
		return whole;
	memcpy(name_r, name, strlen(name) + 1);
	return kind;
}

enum recipient_kind
recipients_find(const struct recipients *recipients,
    const struct smtp_address *address, char name_r[ENVELOPE_ADDRESS_MAX + 1])
{
	char local[SMTP_LOCAL_MAX + 1], domain[SMTP_DOMAIN_MAX + 1];
	char name[ENVELOPE_ADDRESS_MAX + 1];
	enum recipient_kind kind;
	bool tagged;

	memcpy(local, address->local, sizeof(local));
	/* the configuration has these (RFC 6531 section 3.2) */
	if (bs_idna_ascii(address->domain, domain) != BS_OK)
		memcpy(domain, address->domain, sizeof(domain));
	bs_utf8_lower(domain);
	tagged = take_tag(local, domain, name_r);
	bs_utf8_lower(local);
	kind = find_extended(recipients, local, domain, name);
	if (!tagged)
		memcpy(name_r, name, strlen(name) + 1);
	return kind;
}
