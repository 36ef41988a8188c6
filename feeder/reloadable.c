/*
 * What a reload can't change: listeners are bound, the user dropped and paths
 * confined before the first message.  Compares only; what is done about it is
 * serve.c's.
 */
#include "autoconf.h"

#include <string.h>

#include "reloadable.h"

static bool
doors_equal(const struct bs_config_door *a, const struct bs_config_door *b)
{
	if (a->path != NULL || b->path != NULL)
		return a->path != NULL && b->path != NULL &&
		       strcmp(a->path, b->path) == 0;
	return a->endpoint.port == b->endpoint.port &&
	       bs_addr_compare(&a->endpoint.addr, &b->endpoint.addr) == 0;
}

static bool
texts_equal(const char *a, const char *b)
{
	return a == NULL || b == NULL ? a == b : strcmp(a, b) == 0;
}

static bool
lists_equal(const struct bs_config_door *a, size_t a_count,
    const struct bs_config_door *b, size_t b_count)
{
	if (a_count != b_count)
		return false;
	for (size_t i = 0; i < a_count; i++) {
		if (!doors_equal(&a[i], &b[i]))
			return false;
	}
	return true;
}

static bool
listeners_equal(const struct bs_config *a, const struct bs_config *b)
{
	return lists_equal(a->smtp_listen, a->smtp_listen_count, b->smtp_listen,
		   b->smtp_listen_count) &&
	       lists_equal(a->lmtp_listen, a->lmtp_listen_count, b->lmtp_listen,
		   b->lmtp_listen_count) &&
	       lists_equal(a->milter_listen, a->milter_listen_count,
		   b->milter_listen, b->milter_listen_count) &&
	       texts_equal(a->milter_group, b->milter_group);
}

bool
reloadable(const struct bs_config *old, const struct bs_config *config)
{
	return listeners_equal(old, config) &&
	       strcmp(old->database, config->database) == 0 &&
	       strcmp(old->trap_key, config->trap_key) == 0 &&
	       strcmp(old->feed_control, config->feed_control) == 0 &&
	       texts_equal(old->user, config->user) &&
	       texts_equal(old->smtp_hostname, config->smtp_hostname) &&
	       old->feed_workers == config->feed_workers &&
	       (old->role_sendmail == NULL) ==
		   (config->role_sendmail == NULL) &&
	       strcmp(old->role_maildir, config->role_maildir) == 0;
}
