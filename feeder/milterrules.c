/*
 * Counts who uses which rules, so that a message is treated by one set of them
 * from its sender to its end.  Sessions (miltersession.c) hold them, the thread
 * that listens to serve (milterwork.c) renews them.
 */
#include "autoconf.h"

#include <pthread.h>
#include <stdlib.h>

#include "milterrules.h"

struct milterrules_box {
	pthread_mutex_t mutex; /* of all that follows */
	struct milterrules *current;
	const char *hostname;
};

static void
free_rules(struct milterrules *rules)
{
	recipients_free(&rules->recipients);
	bs_config_free(&rules->own);
	free(rules);
}

static struct milterrules *
make_rules(const struct bs_config *config, const char *hostname)
{
	struct milterrules *rules = calloc(1, sizeof(*rules));

	if (rules == NULL)
		return NULL;
	rules->config = config;
	rules->users = 1;
	rules->recipients = recipients_new(config, hostname);
	if (rules->recipients != NULL)
		return rules;
	free_rules(rules);
	return NULL;
}

struct milterrules_box *
milterrules_new(const struct bs_config *config, const char *hostname)
{
	struct milterrules_box *box = calloc(1, sizeof(*box));

	if (box == NULL)
		return NULL;
	box->hostname = hostname;
	box->current = make_rules(config, hostname);
	if (box->current != NULL && pthread_mutex_init(&box->mutex, NULL) == 0)
		return box;
	if (box->current != NULL)
		free_rules(box->current);
	free(box);
	return NULL;
}

void
milterrules_free(struct milterrules_box **box)
{
	struct milterrules_box *old = *box;

	if (old == NULL)
		return;
	milterrules_give_back(old, old->current);
	(void)pthread_mutex_destroy(&old->mutex);
	free(old);
	*box = NULL;
}

struct milterrules *
milterrules_hold(struct milterrules_box *box)
{
	struct milterrules *rules;

	(void)pthread_mutex_lock(&box->mutex);
	rules = box->current;
	rules->users++;
	(void)pthread_mutex_unlock(&box->mutex);
	return rules;
}

void
milterrules_give_back(struct milterrules_box *box, struct milterrules *rules)
{
	bool last;

	(void)pthread_mutex_lock(&box->mutex);
	last = --rules->users == 0;
	(void)pthread_mutex_unlock(&box->mutex);
	if (last)
		free_rules(rules);
}

/* The parent has said what is wrong with it. */
static void
ignore(void *context, bool fatal, const char *line)
{
	(void)context;
	(void)fatal;
	(void)line;
}

bool
milterrules_renew(struct milterrules_box *box)
{
	struct bs_config *config = NULL;
	struct milterrules *rules, *old;

	if (bs_config_load(box->current->config->path, ignore, NULL, &config) !=
	    BS_OK)
		return false;
	rules = make_rules(config, box->hostname);
	if (rules == NULL) {
		bs_config_free(&config);
		return false;
	}
	rules->own = config;
	(void)pthread_mutex_lock(&box->mutex);
	old = box->current;
	box->current = rules;
	(void)pthread_mutex_unlock(&box->mutex);
	milterrules_give_back(box, old);
	return true;
}
