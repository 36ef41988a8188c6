/*
 * backstopctl tag: tags of outgoing mail, and the keys that they are made with.
 *
 * Works on the key file that the configuration names, never on the database;
 * how often a tag came back is counted by the feeder.  Secrets are never shown:
 * who needs them reads the file.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "batv.h"
#include "headertag.h"
#include "idna.h"
#include "json.h"

#include "ctl_command.h"

#define HEADER_LINE_MAX 1000 /* RFC 5322 section 2.1.1, with its NUL */
#define HEADER_LINES_MAX 10000

/* Loads the keys; says why not, and that there are none. */
static enum bs_exit
load_keys(struct ctl *ctl, struct bs_tag_keys *keys_r)
{
	enum bs_exit exit_code = ctl_load_config(ctl);
	struct bs_message message;
	int error;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	error = bs_tag_keys_load(ctl->config->tag_key, keys_r, &message);
	if (error == BS_ENOTFOUND) {
		ctl_say("%s: there are no tag keys yet: make one by "
			"`backstopctl tag key rotate`",
		    ctl->config->tag_key);
		return BS_EXIT_NO;
	}
	if (error != BS_OK) {
		ctl_say("%s", message.text);
		return bs_exit_for((enum bs_error)error);
	}
	return BS_EXIT_OK;
}

/* --- the fields of a header on standard input ------------------------------ */

struct fields {
	const char *tag_name;
	char message_id[HEADER_LINE_MAX];
	char date[HEADER_LINE_MAX];
	char tag[HEADER_LINE_MAX];
};

/* Where the field of a line goes, *value_r to what is behind its colon. */
static char *
field_of(struct fields *fields, const char *line, const char **value_r)
{
	const char *colon = strchr(line, ':');
	size_t size = colon == NULL ? 0 : (size_t)(colon - line);
	const struct {
		const char *name;
		char *place;
	} rows[] = {{"Message-ID", fields->message_id}, {"Date", fields->date},
	    {fields->tag_name, fields->tag}};

	while (size > 0 && (line[size - 1] == ' ' || line[size - 1] == '\t'))
		size--;
	for (size_t i = 0; size > 0 && i < sizeof(rows) / sizeof(rows[0]);
	     i++) {
		if (strlen(rows[i].name) == size &&
		    strncasecmp(rows[i].name, line, size) == 0 &&
		    rows[i].place[0] == '\0') {
			*value_r = colon + 1;
			return rows[i].place;
		}
	}
	return NULL;
}

static void
append(char place[HEADER_LINE_MAX], const char *text)
{
	size_t size = strlen(place);

	(void)snprintf(place + size, HEADER_LINE_MAX - size, "%s", text);
}

/* Up to the empty line; what stands behind it is passed over. */
static void
read_fields(FILE *in, struct fields *fields)
{
	char line[2 * HEADER_LINE_MAX];
	char *place = NULL;

	for (int i = 0; i < HEADER_LINES_MAX; i++) {
		const char *value = line;

		if (fgets(line, sizeof(line), in) == NULL ||
		    line[strspn(line, " \t\r\n")] == '\0')
			break;
		if (line[0] != ' ' && line[0] != '\t')
			place = field_of(fields, line, &value);
		if (place != NULL)
			append(place, value);
	}
	while (fgets(line, sizeof(line), in) != NULL)
		; /* so that who writes to us does not get SIGPIPE */
}

/* --- make ----------------------------------------------------------------- */

static void
print_made(const struct ctl *ctl, const char *key, const char *text)
{
	if (ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_text(json, key, text);
		(void)bs_json_write(&json, stdout);
	} else {
		puts(text);
	}
}

static enum bs_exit
make_header(struct ctl *ctl, const struct bs_tag_keys *keys)
{
	struct fields fields = {.tag_name = ctl->config->tag_header};
	char tag[BS_HEADERTAG_SIZE + 1], line[HEADER_LINE_MAX];
	struct bs_headertag_fields two = {fields.message_id, fields.date};
	int error;

	read_fields(stdin, &fields);
	error = bs_headertag_make(keys, &two, ctl->now_s, tag);
	if (error == BS_EINVAL) {
		ctl_say("standard input: no Message-ID and Date in it: give "
			"the message, or its header, as it will be sent");
		return BS_EXIT_NO;
	}
	if (error != BS_OK) {
		ctl_say(
		    "tag make: %s: see that libcrypto works, then try again",
		    bs_strerror((enum bs_error)error));
		return BS_EXIT_ENVIRONMENT;
	}
	(void)snprintf(
	    line, sizeof(line), "%.900s: %s", ctl->config->tag_header, tag);
	print_made(ctl, "header", line);
	return BS_EXIT_OK;
}

static bool
is_ascii(const char *text)
{
	while (*text != '\0' && ((unsigned char)*text & 0x80) == 0)
		text++;
	return *text == '\0';
}

static const char *
why_not_made(int error, const char *address)
{
	switch (error) {
	case BS_EINVAL:
		return is_ascii(address)
			   ? "is no address: write LOCAL@DOMAIN"
			   : "is not ASCII: tag its mail by a header field";
	case BS_EEXIST:
		return "has a tag already: give the address without it";
	case BS_ETOOLONG:
		return "is too long: with its tag the local part would pass 64 "
		       "octets; tag its mail by a header field";
	default:
		return "cannot be tagged: see that libcrypto works, then try "
		       "again";
	}
}

/* Whose bounces are looked at for tags. */
static bool
is_tag_domain(const struct bs_config *config, const char *domain)
{
	for (size_t i = 0; i < config->tag_domain_count; i++) {
		if (strcasecmp(config->tag_domains[i], domain) == 0)
			return true;
	}
	return false;
}

/* It is made all the same: the configuration here may not be the feeder's. */
static void
tell_domain(const struct ctl *ctl, const char *address)
{
	const char *domain = strrchr(address, '@') + 1;

	if (!is_tag_domain(ctl->config, domain))
		ctl_say("note: %s: its domain is not in tag.domains, so no "
			"bounce of it is looked at for a tag: add %s there",
		    address, domain);
}

static enum bs_exit
make_address(
    const struct ctl *ctl, const struct bs_tag_keys *keys, const char *address)
{
	char tagged[BS_BATV_ADDRESS_MAX + 1], ascii[BS_BATV_ADDRESS_MAX + 1];
	int error;

	if (bs_idna_ascii_address(address, ascii, sizeof(ascii)) == BS_OK)
		address = ascii;
	error = bs_batv_make(keys, address, ctl->now_s,
	    ctl->options->given[CTL_SWAPPED] ? BS_BATV_SWAPPED : BS_BATV_PLAIN,
	    tagged);
	if (error == BS_OK) {
		tell_domain(ctl, address);
		print_made(ctl, "address", tagged);
		return BS_EXIT_OK;
	}
	ctl_say("%s: %s", address, why_not_made(error, address));
	return error == BS_ESYSTEM ? BS_EXIT_ENVIRONMENT : BS_EXIT_NO;
}

/* --- check ---------------------------------------------------------------- */

static enum bs_exit
tell_checked(const struct ctl *ctl, const char *what, const struct bs_tag *tag)
{
	bool holds = tag != NULL && bs_tag_holds(tag, ctl->now_s);
	const char *verdict = tag == NULL ? "not ours"
			      : holds     ? "ours"
					  : "ours, and its time is over";

	if (ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_text(json, "tag", what);
		bs_json_bool(json, "ours", tag != NULL);
		bs_json_bool(json, "holds", holds);
		if (tag != NULL)
			bs_json_number(json, "key", tag->digit);
		else
			bs_json_text(json, "key", NULL);
		(void)bs_json_write(&json, stdout);
	} else {
		printf("%s: %s\n", what, verdict);
	}
	return holds ? BS_EXIT_OK : BS_EXIT_NO;
}

static enum bs_exit
check_header(struct ctl *ctl, const struct bs_tag_keys *keys)
{
	struct fields fields = {.tag_name = ctl->config->tag_header};
	struct bs_headertag_fields two = {fields.message_id, fields.date};
	struct bs_tag tag;
	bool ours;

	read_fields(stdin, &fields);
	ours = bs_headertag_check(keys, fields.tag, &two, &tag);
	return tell_checked(ctl, "standard input", ours ? &tag : NULL);
}

static enum bs_exit
check_address(
    const struct ctl *ctl, const struct bs_tag_keys *keys, const char *address)
{
	struct bs_tag tag;
	bool ours = bs_batv_check(keys, address, strlen(address), &tag);

	return tell_checked(ctl, address, ours ? &tag : NULL);
}

/* `make` and `check`: of standard input, or of each address. */
static enum bs_exit
make_or_check(struct ctl *ctl, bool make)
{
	struct bs_tag_keys keys;
	enum bs_exit exit_code = load_keys(ctl, &keys), worst = BS_EXIT_OK;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	if (ctl->options->given[CTL_HEADER])
		worst =
		    make ? make_header(ctl, &keys) : check_header(ctl, &keys);
	for (size_t i = 1; i < ctl->options->argument_count; i++) {
		const char *address = ctl->options->arguments[i];

		exit_code = make ? make_address(ctl, &keys, address)
				 : check_address(ctl, &keys, address);
		if (exit_code > worst)
			worst = exit_code;
	}
	bs_tag_keys_wipe(&keys);
	return worst;
}

/* --- key ------------------------------------------------------------------ */

static void
print_key(const struct ctl *ctl, const struct bs_tag_keys *keys, size_t i)
{
	uint32_t replaced_s = bs_tag_key_replaced_s(keys, i);
	char made[BS_TIME_TEXT_MAX], replaced[BS_TIME_TEXT_MAX] = "";

	bs_time_format(keys->key[i].made_s, made);
	if (i > 0)
		bs_time_format(replaced_s, replaced);
	if (ctl->options->given[CTL_JSON]) {
		struct bs_json *json = bs_json_object();

		bs_json_number(json, "key", keys->key[i].digit);
		bs_json_text(json, "made", made);
		bs_json_text(json, "replaced", i > 0 ? replaced : NULL);
		(void)bs_json_write(&json, stdout);
	} else {
		printf("%u  made %s  %s%s\n", keys->key[i].digit, made,
		    i == 0 ? "makes tags" : "replaced ", replaced);
	}
}

static enum bs_exit
list_keys(struct ctl *ctl)
{
	struct bs_tag_keys keys;
	enum bs_exit exit_code = load_keys(ctl, &keys);

	for (size_t i = 0; exit_code == BS_EXIT_OK && i < keys.count; i++)
		print_key(ctl, &keys, i);
	if (exit_code == BS_EXIT_OK)
		bs_tag_keys_wipe(&keys);
	return exit_code;
}

/* The keys that there are; none is no failure here. */
static enum bs_exit
load_some(struct ctl *ctl, struct bs_tag_keys *keys_r)
{
	struct bs_message message;
	enum bs_exit exit_code = ctl_load_config(ctl);
	int error;

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	error = bs_tag_keys_load(ctl->config->tag_key, keys_r, &message);
	if (error == BS_ENOTFOUND)
		*keys_r = (struct bs_tag_keys){0};
	else if (error != BS_OK) {
		ctl_say("%s", message.text);
		return bs_exit_for((enum bs_error)error);
	}
	return BS_EXIT_OK;
}

static enum bs_exit
rotate(struct ctl *ctl, struct bs_tag_keys *keys)
{
	const char *path = ctl->config->tag_key;
	struct bs_message message;
	int error = bs_tag_keys_rotate(keys, ctl->now_s);

	if (error == BS_EBUSY) {
		ctl_say("%s: all ten keys are younger than 8 days, and their "
			"tags may still come back: rotate later",
		    path);
		return BS_EXIT_NO;
	}
	if (error != BS_OK) {
		ctl_say("%s: no random bytes for a key: try again", path);
		return BS_EXIT_ENVIRONMENT;
	}
	error = bs_tag_keys_save(path, keys, &message);
	if (error != BS_OK) {
		ctl_say("%s", message.text);
		return BS_EXIT_ENVIRONMENT;
	}
	print_key(ctl, keys, 0);
	return BS_EXIT_OK;
}

static enum bs_exit
rotate_keys(struct ctl *ctl)
{
	struct bs_tag_keys keys;
	enum bs_exit exit_code = load_some(ctl, &keys);

	if (exit_code != BS_EXIT_OK)
		return exit_code;
	exit_code = rotate(ctl, &keys);
	bs_tag_keys_wipe(&keys);
	return exit_code;
}

static enum bs_exit
usage(const char *what)
{
	ctl_say("tag: %s: see `backstopctl tag --help`", what);
	return BS_EXIT_USAGE;
}

static enum bs_exit
tag_key(struct ctl *ctl)
{
	const struct ctl_options *options = ctl->options;
	const char *word =
	    options->argument_count < 2 ? "list" : options->arguments[1];

	if (options->argument_count > 2)
		return usage("one word too many after key");
	if (options->given[CTL_HEADER] || options->given[CTL_SWAPPED])
		return usage("key takes no --header and no --swapped");
	if (strcmp(word, "list") == 0)
		return list_keys(ctl);
	if (strcmp(word, "rotate") == 0)
		return rotate_keys(ctl);
	return usage("after key write list or rotate");
}

enum bs_exit
ctl_tag(struct ctl *ctl)
{
	const struct ctl_options *options = ctl->options;
	const char *verb =
	    options->argument_count == 0 ? "" : options->arguments[0];
	bool make = strcmp(verb, "make") == 0;

	if (strcmp(verb, "key") == 0)
		return tag_key(ctl);
	if (!make && strcmp(verb, "check") != 0)
		return usage("write make, check or key after it");
	if (options->given[CTL_HEADER] == (options->argument_count > 1))
		return usage("name an address, or give --header and a message "
			     "on standard input");
	if (options->given[CTL_SWAPPED] &&
	    (!make || options->given[CTL_HEADER]))
		return usage("--swapped is for making an address's tag");
	return make_or_check(ctl, make);
}
