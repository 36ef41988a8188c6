/*
 * Reads and writes the lines of the control socket.  Sockets are not in here:
 * the daemons' are in lib/controller.c, backstopctl's in tools/ctl_control.c.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "control.h"

#define MAGIC "backstop"

static const char *const command_names[BS_CONTROL_COMMANDS] = {
    [BS_CONTROL_RELOAD] = "reload",
    [BS_CONTROL_STATS] = "stats",
};

static const char *const kind_names[] = {
    [BS_CONTROL_ERROR] = "error",
    [BS_CONTROL_WARNING] = "warning",
    [BS_CONTROL_INFO] = "info",
    [BS_CONTROL_COUNT] = "count",
    [BS_CONTROL_DONE] = "done",
};

#define KINDS (sizeof(kind_names) / sizeof(kind_names[0]))

/* A part of a line. */
struct piece {
	const char *text;
	size_t size;
};

/* Up to the next blank, or all of it; *rest becomes what comes after. */
static struct piece
take_word(struct piece *rest)
{
	struct piece word = {rest->text, 0};

	while (word.size < rest->size && rest->text[word.size] != ' ')
		word.size++;
	rest->text += word.size;
	rest->size -= word.size;
	if (rest->size > 0) {
		rest->text++;
		rest->size--;
	}
	return word;
}

static bool
is_word(const struct piece *word, const char *text)
{
	return strlen(text) == word->size &&
	       memcmp(word->text, text, word->size) == 0;
}

/* Decimal digits that fit, nothing else. */
static bool
read_number(const struct piece *word, uint64_t *number_r)
{
	uint64_t number = 0;

	if (word->size == 0)
		return false;
	for (size_t i = 0; i < word->size; i++) {
		unsigned digit = (unsigned)(word->text[i] - '0');

		if (word->text[i] < '0' || digit > 9 ||
		    number > (UINT64_MAX - digit) / 10)
			return false;
		number = number * 10 + digit;
	}
	*number_r = number;
	return true;
}

/* As a string; false where it does not fit or is empty. */
static bool
copy_word(const struct piece *word, char *text, size_t room)
{
	if (word->size == 0 || word->size >= room ||
	    memchr(word->text, '\0', word->size) != NULL)
		return false;
	memcpy(text, word->text, word->size);
	text[word->size] = '\0';
	bs_text_clean(text);
	return true;
}

/* --- requests ------------------------------------------------------------------ */

size_t
bs_control_request(
    enum bs_control_command command, char text[BS_CONTROL_REQUEST_MAX])
{
	return (size_t)snprintf(text, BS_CONTROL_REQUEST_MAX, MAGIC " %d %s\n",
	    BS_CONTROL_VERSION, command_names[command]);
}

int
bs_control_parse_request(
    const char *text, size_t size, enum bs_control_command *command_r)
{
	struct piece rest = {text, size};
	struct piece magic, version, command;
	uint64_t number;

	if (size >= BS_CONTROL_REQUEST_MAX)
		return BS_EINVAL;
	magic = take_word(&rest);
	version = take_word(&rest);
	command = take_word(&rest);
	if (!is_word(&magic, MAGIC) || !read_number(&version, &number) ||
	    rest.size > 0)
		return BS_EINVAL;
	if (number != BS_CONTROL_VERSION)
		return BS_EVERSION;
	for (size_t i = 0; i < BS_CONTROL_COMMANDS; i++) {
		if (is_word(&command, command_names[i])) {
			*command_r = (enum bs_control_command)i;
			return BS_OK;
		}
	}
	return BS_ENOTFOUND;
}

/* --- answers ------------------------------------------------------------------- */

size_t
bs_control_format(
    const struct bs_control_line *line, char text[BS_CONTROL_LINE_MAX])
{
	const char *kind = kind_names[line->kind];
	int size;

	if (line->kind == BS_CONTROL_COUNT)
		size = snprintf(text, BS_CONTROL_LINE_MAX,
		    "%s %s %s %" PRIu64 "\n", kind, line->group, line->name,
		    line->number);
	else if (line->kind == BS_CONTROL_DONE)
		size = snprintf(text, BS_CONTROL_LINE_MAX, "%s %" PRIu64 "\n",
		    kind, line->number);
	else
		size = snprintf(text, BS_CONTROL_LINE_MAX, "%s %s\n", kind,
		    line->text.text);
	return (size_t)size;
}

static int
parse_count(struct piece rest, struct bs_control_line *line)
{
	struct piece group = take_word(&rest);
	struct piece name = take_word(&rest);

	if (!copy_word(&group, line->group, sizeof(line->group)) ||
	    !copy_word(&name, line->name, sizeof(line->name)) ||
	    !read_number(&rest, &line->number))
		return BS_EINVAL;
	return BS_OK;
}

static int
parse_rest(struct piece rest, struct bs_control_line *line)
{
	switch (line->kind) {
	case BS_CONTROL_COUNT:
		return parse_count(rest, line);
	case BS_CONTROL_DONE:
		return read_number(&rest, &line->number) ? BS_OK : BS_EINVAL;
	case BS_CONTROL_ERROR:
	case BS_CONTROL_WARNING:
	case BS_CONTROL_INFO:
		break;
	}
	return copy_word(&rest, line->text.text, sizeof(line->text.text))
		   ? BS_OK
		   : BS_EINVAL;
}

int
bs_control_parse_line(
    const char *text, size_t size, struct bs_control_line *line_r)
{
	struct piece rest = {text, size};
	struct piece kind = take_word(&rest);
	struct bs_control_line line = {0};
	int result;

	for (size_t i = 0; i < KINDS; i++) {
		if (!is_word(&kind, kind_names[i]))
			continue;
		line.kind = (enum bs_control_kind)i;
		result = parse_rest(rest, &line);
		if (result == BS_OK)
			*line_r = line;
		return result;
	}
	return BS_EINVAL;
}
