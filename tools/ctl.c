/*
 * The steps that backstopctl's commands share: opening what they need, reading
 * addresses and classes, saying what is wrong with them.
 *
 * What the commands do with it is theirs; how a listing looks in print is in
 * ctl_listing.c.
 */
#include "autoconf.h"

#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "class.h"
#include "json.h"
#include "suggest.h"

#include "ctl.h"

void
ctl_say(const char *format, ...)
{
	struct bs_message clean;
	va_list args;

	va_start(args, format);
	bs_message_vset(&clean, format, args);
	va_end(args);
	fprintf(stderr, "backstopctl: %s\n", clean.text);
}

static void
report_config(void *context, bool fatal, const char *line)
{
	(void)context;
	ctl_say("%s%s", fatal ? "" : "warning: ", line);
}

enum bs_exit
ctl_load_config(struct ctl *ctl)
{
	const char *path = BS_CONFIG_DEFAULT_PATH;
	int error;

	if (ctl->config != NULL)
		return BS_EXIT_OK;
	if (ctl->options->given[CTL_CONFIG])
		path = ctl->options->value[CTL_CONFIG];
	error = bs_config_load(path, report_config, NULL, &ctl->config);
	if (error == BS_OK)
		return BS_EXIT_OK;
	/* a file that is not there is no answer "no" */
	return error == BS_ENOTFOUND ? BS_EXIT_ENVIRONMENT : bs_exit_for(error);
}

enum bs_exit
ctl_open_store(struct ctl *ctl, enum bs_store_access access)
{
	struct bs_message message;
	enum bs_exit exit_code = ctl_load_config(ctl);

	if (exit_code != BS_EXIT_OK || ctl->store != NULL)
		return exit_code;
	if (bs_store_open(ctl->config->database, access, &ctl->store,
		&message) == BS_OK) {
		bs_store_limit_journal(ctl->store, ctl->config->journal_records,
		    ctl->config->journal_age_s);
		return BS_EXIT_OK;
	}
	ctl_say("%s", message.text);
	return BS_EXIT_ENVIRONMENT;
}

enum bs_exit
ctl_open_snapshot(struct ctl *ctl, enum bs_store_access access)
{
	struct bs_message message;
	enum bs_exit exit_code = ctl_open_store(ctl, access);
	int error;

	if (exit_code != BS_EXIT_OK || ctl->snapshot != NULL)
		return exit_code;
	if (bs_snapshot_new(ctl->store, &ctl->snapshot, &message) != BS_OK) {
		ctl_say("%s", message.text);
		return BS_EXIT_ENVIRONMENT;
	}
	error = bs_snapshot_renew(ctl->snapshot);
	if (error != BS_OK)
		return ctl_store_failed(ctl, "taking a snapshot", error);
	return BS_EXIT_OK;
}

enum bs_exit
ctl_begin(struct ctl *ctl, struct bs_writer **writer_r)
{
	struct bs_message message;
	char actor[BS_JOURNAL_ACTOR_MAX + 1];

	ctl_actor(actor);
	if (bs_writer_begin(
		ctl->store, ctl->now_s, actor, writer_r, &message) == BS_OK)
		return BS_EXIT_OK;
	ctl_say("%s", message.text);
	return BS_EXIT_ENVIRONMENT;
}

enum bs_exit
ctl_commit(struct ctl *ctl, struct bs_writer **writer)
{
	struct bs_message message;

	(void)ctl;
	if (bs_writer_commit(writer, &message) == BS_OK)
		return BS_EXIT_OK;
	ctl_say("%s", message.text);
	return BS_EXIT_ENVIRONMENT;
}

void
ctl_close(struct ctl *ctl)
{
	bs_snapshot_free(&ctl->snapshot);
	bs_store_free(&ctl->store);
	bs_config_free(&ctl->config);
}

enum bs_exit
ctl_store_failed(const struct ctl *ctl, const char *what, int error)
{
	const char *remedy = "try again; if it stays so, restore a backup";

	if (error == BS_EFULL)
		remedy = "free space on its disk, or remove listings and run "
			 "`backstopctl expire`";
	ctl_say("database %s: %s: %s: %s", ctl->config->database, what,
	    bs_strerror(error), remedy);
	return BS_EXIT_ENVIRONMENT;
}

static void
say_host_bits(const char *text, const struct bs_prefix *prefix)
{
	char network[BS_PREFIX_TEXT_MAX];
	int address_size = (int)strcspn(text, "/");

	ctl_say("%s: has bits set beyond /%u: write %s for the network, or "
		"%.*s for the one address",
	    text, prefix->bits, bs_prefix_format(prefix, network), address_size,
	    text);
}

bool
ctl_parse_prefix(const char *text, struct bs_prefix *prefix_r)
{
	struct bs_prefix prefix;

	switch (bs_prefix_parse(text, strlen(text), &prefix)) {
	case BS_OK:
		bs_prefix_unmap(&prefix);
		*prefix_r = prefix;
		return true;
	case BS_EHOSTBITS:
		say_host_bits(text, &prefix);
		return false;
	case BS_ERANGE:
		ctl_say("%s: the prefix length is too large: at most /32 for "
			"IPv4, /128 for IPv6",
		    text);
		return false;
	default:
		ctl_say("%s: not an address: write one like 192.0.2.99, "
			"192.0.2.0/24, 2001:db8::25 or 2001:db8::/64",
		    text);
		return false;
	}
}

struct bs_prefix *
ctl_parse_arguments(const struct ctl *ctl)
{
	size_t count = ctl->options->argument_count;
	struct bs_prefix *list = calloc(count + 1, sizeof(*list));
	bool good = true;

	if (list == NULL) {
		ctl_say("arguments: out of memory: give fewer at a time");
		return NULL;
	}
	for (size_t i = 0; i < count; i++) {
		if (!ctl_parse_prefix(ctl->options->arguments[i], &list[i]))
			good = false;
	}
	if (good)
		return list;
	free(list);
	return NULL;
}

/* An unknown name in a list of classes: which one, and what there is. */
static void
say_unknown_class(const char *text)
{
	char name[BS_SUGGEST_WORD_MAX + 1];
	char known[BS_CLASSES_TEXT_MAX];
	struct bs_suggest suggest;
	enum bs_class class;
	size_t size;

	/* bs_classes_parse has found one that is none */
	for (;; text += size + 1) {
		text += strspn(text, " ");
		size = strcspn(text, ",");
		if (bs_class_parse(text, size, &class) != BS_OK ||
		    text[size] == '\0')
			break;
	}
	(void)snprintf(name, sizeof(name), "%.*s", (int)size, text);
	suggest = bs_suggest_start(name);
	for (size_t i = 0; i < BS_CLASS_COUNT; i++)
		bs_suggest_try(&suggest, bs_class_name(bs_class_at(i)));
	bs_classes_format(BS_CLASSES_ALL, known);
	if (suggest.best != NULL)
		ctl_say("--class: %s: no such class: did you mean `%s`? (%s)",
		    name, suggest.best, known);
	else
		ctl_say("--class: %s: no such class: take of %s, or all", name,
		    known);
}

bool
ctl_parse_classes(
    const struct ctl *ctl, bs_classes otherwise, bs_classes *classes_r)
{
	const char *text = ctl->options->value[CTL_CLASS];

	if (text == NULL) {
		*classes_r = otherwise;
		return true;
	}
	switch (bs_classes_parse(text, classes_r)) {
	case BS_OK:
		return true;
	case BS_ENOTFOUND:
		say_unknown_class(text);
		return false;
	case BS_EEXIST:
		ctl_say(
		    "--class: %s: a class is given twice: give it once", text);
		return false;
	default:
		ctl_say("--class: '%s': a name is missing: write names with "
			"commas between, as in bounce,callout",
		    text);
		return false;
	}
}

bool
ctl_parse_reason(const struct ctl *ctl, const char **reason_r)
{
	const char *reason = ctl->options->value[CTL_REASON];

	if (reason == NULL)
		reason = "";
	if (strlen(reason) > BS_LISTING_REASON_MAX) {
		ctl_say("--reason: has %zu bytes: at most %d", strlen(reason),
		    BS_LISTING_REASON_MAX);
		return false;
	}
	for (const char *c = reason; *c != '\0'; c++) {
		if ((unsigned char)*c < 0x20 || *c == 0x7f) {
			ctl_say("--reason: has control characters: write one "
				"line of plain text");
			return false;
		}
	}
	*reason_r = reason;
	return true;
}

void
ctl_tell_removed(const struct ctl *ctl, const char *prefix, const char *what,
    const char *wider)
{
	struct bs_json *json;

	if (!ctl->options->given[CTL_JSON]) {
		printf("%s: %s\n", prefix, what);
		return;
	}
	json = bs_json_object();
	bs_json_text(json, "prefix", prefix);
	bs_json_bool(json, "removed", true);
	bs_json_text(json, "covered_by", wider);
	(void)bs_json_write(&json, stdout);
}

void
ctl_actor(char actor_r[BS_JOURNAL_ACTOR_MAX + 1])
{
	const struct passwd *user = getpwuid(getuid());
	const char *name = user != NULL ? user->pw_name : NULL;
	struct bs_message clean;

	/* only root's word is taken: others may set it to anything */
	if (getuid() == 0 && getenv("SUDO_USER") != NULL)
		name = getenv("SUDO_USER");
	if (name != NULL)
		bs_message_set(&clean, "operator:%s", name);
	else
		bs_message_set(
		    &clean, "operator:uid %lu", (unsigned long)getuid());
	(void)snprintf(actor_r, BS_JOURNAL_ACTOR_MAX + 1, "%.*s",
	    BS_JOURNAL_ACTOR_MAX, clean.text);
}

const struct bs_prefix *
ctl_find_exempt(const struct ctl *ctl, const struct bs_prefix *prefix)
{
	const struct bs_policy *policy = &ctl->config->policy;

	for (size_t i = 0; i < policy->exempt_count; i++) {
		if (bs_prefix_covers(&policy->exempt[i], prefix) ||
		    bs_prefix_covers(prefix, &policy->exempt[i]))
			return &policy->exempt[i];
	}
	return NULL;
}

const struct bs_reserved *
ctl_find_reserved(const struct ctl *ctl, const struct bs_prefix *prefix)
{
	bool allowed = ctl->config->policy.documentation_space;
	const struct bs_reserved *row = bs_reserved_overlap(prefix, allowed);
	const struct bs_reserved *narrow = bs_reserved_find(&prefix->addr);

	/* "Teredo" tells more than the "protocol assignments" around it */
	if (row != NULL && narrow != NULL &&
	    bs_prefix_covers(&narrow->prefix, prefix) &&
	    !(narrow->documentation && allowed))
		return narrow;
	return row;
}

enum bs_exit
ctl_show_each(struct ctl *ctl, ctl_show_prefix *show)
{
	struct bs_prefix *prefix = ctl_parse_arguments(ctl);
	enum bs_exit exit_code, worst;

	if (prefix == NULL)
		return BS_EXIT_NO;
	worst = ctl_open_snapshot(ctl, BS_STORE_READ);
	if (worst != BS_EXIT_OK)
		goto out;
	for (size_t i = 0; i < ctl->options->argument_count; i++) {
		exit_code = show(ctl, &prefix[i]);
		if (exit_code > worst)
			worst = exit_code;
	}
out:
	free(prefix);
	return worst;
}
