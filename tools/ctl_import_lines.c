/*
 * Reads lists line by line, strictly, in flat memory: plain ones (an address or
 * prefix, then nothing or a comment behind # or ;) and JSON Lines.  What may be
 * listed is ctl_listable.c's to say; ctl_import.c decides what to do with them.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <string.h>

#include "json_read.h"

#include "ctl_import.h"
#include "ctl_listable.h"
#include "ctl_listing_read.h"

#define LABEL_MAX 512

static void
refuse(struct ctl_import_lines *lines, const char *what)
{
	lines->bad++;
	if (lines->quiet || lines->bad > CTL_IMPORT_ERRORS_SHOWN)
		return;
	ctl_say("%.256s:%" PRIu64 ": %s", lines->name, lines->line, what);
}

/* --- plain ------------------------------------------------------------------- */

/* The word of the line; size 0: there is none.  False: there are two. */
static bool
only_word(const char *line, size_t size, const char **word_r, size_t *size_r)
{
	static const char blank[] = " \t\r\n";
	size_t start = 0, end;

	for (size_t i = 0; i < size; i++) {
		if (line[i] == '#' || line[i] == ';')
			size = i;
	}
	while (size > 0 && strchr(blank, line[size - 1]) != NULL)
		size--;
	while (start < size && strchr(blank, line[start]) != NULL)
		start++;
	for (end = start; end < size && strchr(blank, line[end]) == NULL;)
		end++;
	*word_r = line + start;
	*size_r = end - start;
	return end == size;
}

static void
refuse_word(struct ctl_import_lines *lines, int error, const char *word,
    size_t size, const struct bs_prefix *prefix)
{
	char network[BS_PREFIX_TEXT_MAX];
	struct bs_message what;
	int shown = size < 64 ? (int)size : 64;

	if (error == BS_EHOSTBITS)
		bs_message_set(&what,
		    "%.*s: has bits set beyond /%u: write %s for the network",
		    shown, word, prefix->bits,
		    bs_prefix_format(prefix, network));
	else if (error == BS_ERANGE)
		bs_message_set(&what,
		    "%.*s: the prefix length is too large: at most /32 for "
		    "IPv4, /128 for IPv6",
		    shown, word);
	else
		bs_message_set(&what,
		    "%.*s: not an address: write one like 192.0.2.99 or "
		    "2001:db8::/64 alone on its line",
		    shown, word);
	refuse(lines, what.text);
}

/* "!192.0.2.1", an exclusion of rbldnsd: no listing, the opposite of one. */
static void
refuse_exclusion(struct ctl_import_lines *lines, const char *word, size_t size)
{
	struct bs_message what;
	int shown = size < 64 ? (int)size : 64;

	bs_message_set(&what,
	    "%.*s: an exclusion lists nothing: take the line out, and have "
	    "`backstopctl exempt add` keep what it excludes off the list",
	    shown, word);
	refuse(lines, what.text);
}

/* BS_OK, BS_ENOTFOUND: nothing on this line, or nothing good. */
static int
read_plain(
    struct ctl_import_lines *lines, size_t size, struct bs_listing *listing_r)
{
	struct bs_prefix prefix = {.bits = 0};
	const char *word;
	size_t word_size;
	bool alone = only_word(lines->buffer, size, &word, &word_size);
	int error;

	if (word_size > 0 && word[0] == '!') {
		refuse_exclusion(lines, word, word_size);
		return BS_ENOTFOUND;
	}
	if (!alone) {
		refuse(lines, "more than one word: write an address or prefix "
			      "alone on its line, comments behind #");
		return BS_ENOTFOUND;
	}
	if (word_size == 0)
		return BS_ENOTFOUND;
	error = bs_prefix_parse(word, word_size, &prefix);
	if (error != BS_OK) {
		refuse_word(lines, error, word, word_size, &prefix);
		return BS_ENOTFOUND;
	}
	bs_prefix_unmap(&prefix);
	listing_r->prefix = prefix;
	return BS_OK;
}

/* --- JSON -------------------------------------------------------------------- */

static int
read_json(
    struct ctl_import_lines *lines, size_t size, struct bs_listing *listing_r)
{
	struct bs_message message;
	int error;

	if (strspn(lines->buffer, " \t\r\n") == size)
		return BS_ENOTFOUND;
	error = ctl_listing_read(lines->buffer, size, listing_r, &message);
	if (error == BS_EINVAL || error == BS_ETOOLONG) {
		refuse(lines, message.text);
		return BS_ENOTFOUND;
	}
	return error;
}

/* --- lines ------------------------------------------------------------------- */

/* Whether it may be listed; said by ctl_may_list, but not more often than the
 * others. */
static bool
may_list(struct ctl_import_lines *lines, const struct bs_prefix *prefix)
{
	char text[BS_PREFIX_TEXT_MAX], label[LABEL_MAX];

	if (lines->quiet || lines->bad >= CTL_IMPORT_ERRORS_SHOWN) {
		if (bs_policy_may_list(&lines->ctl->config->policy, prefix) ==
		    BS_VERDICT_LIST)
			return true;
		text[0] = '\0';
	}
	(void)snprintf(label, sizeof(label), "%.256s:%" PRIu64 ": %s",
	    lines->name, lines->line, bs_prefix_format(prefix, text));
	if (ctl_may_list(lines->ctl, label, prefix))
		return true;
	lines->bad++;
	return false;
}

static int
read_line(
    struct ctl_import_lines *lines, ssize_t size, struct bs_listing *listing_r)
{
	size_t most = lines->format == CTL_FORMAT_JSON ? BS_JSON_LINE_MAX
						       : CTL_IMPORT_LINE_MAX;
	int error;

	*listing_r = (struct bs_listing){.classes = 0};
	if ((size_t)size > most) {
		refuse(lines, "the line is too long: is this a list?");
		return BS_ENOTFOUND;
	}
	if (memchr(lines->buffer, '\0', (size_t)size) != NULL) {
		refuse(lines, "has a NUL byte: is this a list?");
		return BS_ENOTFOUND;
	}
	error = lines->format == CTL_FORMAT_JSON
		    ? read_json(lines, (size_t)size, listing_r)
		    : read_plain(lines, (size_t)size, listing_r);
	if (error == BS_OK && !may_list(lines, &listing_r->prefix))
		return BS_ENOTFOUND;
	return error;
}

int
ctl_import_next(struct ctl_import_lines *lines, struct bs_listing *listing_r)
{
	int error = BS_ENOTFOUND;

	while (error == BS_ENOTFOUND) {
		ssize_t size = getline(&lines->buffer, &lines->room, lines->in);

		if (size < 0)
			return ferror(lines->in) ? BS_EIO : BS_ENOTFOUND;
		lines->line++;
		error = read_line(lines, size, listing_r);
	}
	return error;
}
