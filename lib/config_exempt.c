/*
 * Reads the files of `exempt-files`.  The configuration's own text is read
 * before (config.c, which calls this); what is exempt then is the policy's and
 * the store's business.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "config_exempt.h"
#include "config_report.h"
#include "config_value.h"

/* One file under way. */
struct reading {
	struct bs_config *config;
	struct bs_config_notes notes; /* of the file */
	size_t capacity;              /* of config->exempt */
	size_t added;                 /* by all files */
};

static int
append(struct reading *reading, const struct bs_prefix *prefix)
{
	struct bs_config *config = reading->config;

	if (config->exempt_count >= reading->capacity) {
		size_t capacity = 2 * config->exempt_count + 64;
		struct bs_prefix *more = reallocarray(
		    config->exempt, capacity, sizeof(*config->exempt));

		if (more == NULL)
			return BS_ENOMEM;
		config->exempt = more;
		reading->capacity = capacity;
	}
	config->exempt[config->exempt_count++] = *prefix;
	reading->added++;
	return BS_OK;
}

/* What a line says: cut at its comment and the blanks around it. */
static char *
strip(char *line)
{
	size_t size;

	line += strspn(line, " \t");
	line[strcspn(line, "#\r\n")] = '\0';
	size = strlen(line);
	while (size > 0 && (line[size - 1] == ' ' || line[size - 1] == '\t'))
		line[--size] = '\0';
	return line;
}

static int
read_line(struct reading *reading, char *line, size_t size, unsigned number)
{
	struct bs_message message;
	struct bs_prefix prefix;

	if (size > BS_EXEMPT_LINE_MAX || strlen(line) != size) {
		bs_config_note(&reading->notes, true, number,
		    "exempt-files: a line that is no text, or longer than %d "
		    "bytes: write one address or prefix a line",
		    BS_EXEMPT_LINE_MAX);
		return BS_OK;
	}
	line = strip(line);
	if (*line == '\0')
		return BS_OK;
	if (bs_config_value_prefix(line, &prefix, &message) != BS_OK) {
		bs_config_note(&reading->notes, true, number,
		    "exempt-files: %s", message.text);
		return BS_OK;
	}
	if (reading->added < BS_CONFIG_PREFIXES_MAX)
		return append(reading, &prefix);
	bs_config_note(&reading->notes, true, number,
	    "exempt-files: more than %d prefixes in all files: join them to "
	    "wider ones",
	    BS_CONFIG_PREFIXES_MAX);
	return BS_ECONFIG;
}

static int
read_lines(struct reading *reading, FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t size;
	unsigned number = 0;
	int error = BS_OK;

	errno = 0;
	while (error == BS_OK && (size = getline(&line, &room, in)) >= 0) {
		if (size > 0 && line[size - 1] == '\n')
			line[--size] = '\0';
		error = read_line(reading, line, (size_t)size, ++number);
	}
	free(line);
	if (error == BS_OK && ferror(in))
		return BS_EIO; /* errno tells */
	/* a download that failed must not have providers listed */
	if (error == BS_OK && number == 0)
		bs_config_note(&reading->notes, true, 1,
		    "exempt-files: the file is empty: put its prefixes back, "
		    "or take it out of exempt-files; where nothing shall be "
		    "exempt by it write a comment (#) into it");
	return error;
}

/* Says why a file can't be read: where the configuration names it. */
static int
refuse_file(const struct bs_config *config, const struct bs_config_file *file,
    bs_config_report *report, void *context)
{
	struct bs_message message;
	int number = errno;

	bs_message_set(&message,
	    "%s:%u: exempt-files: %s: %s: put it there, let this user's group "
	    "read it, or take it out",
	    config->path, file->line, file->path, strerror(number));
	report(context, true, message.text);
	if (number == ENOENT || number == ENOTDIR)
		return BS_ENOTFOUND;
	return number == EACCES || number == EPERM ? BS_EACCES : BS_EIO;
}

static int
read_file(struct reading *reading, const struct bs_config_file *file,
    bs_config_report *report, void *context)
{
	FILE *in = fopen(file->path, "re");
	size_t errors;
	int error;

	if (in == NULL)
		return refuse_file(reading->config, file, report, context);
	reading->notes = (struct bs_config_notes){.path = file->path};
	error = read_lines(reading, in);
	if (error == BS_EIO)
		error = refuse_file(reading->config, file, report, context);
	(void)fclose(in);
	errors = reading->notes.errors;
	bs_config_notes_flush(&reading->notes, report, context);
	return error == BS_OK && errors > 0 ? BS_ECONFIG : error;
}

int
bs_config_read_exempt(
    struct bs_config *config, bs_config_report *report, void *context)
{
	struct reading reading = {
	    .config = config, .capacity = config->exempt_count};
	int result = BS_OK;

	for (size_t i = 0; i < config->exempt_file_count; i++) {
		int error = read_file(
		    &reading, &config->exempt_files[i], report, context);

		/* the others' mistakes are told as well */
		if (result == BS_OK || error == BS_ECONFIG)
			result = error;
	}
	config->policy.exempt = config->exempt;
	config->policy.exempt_count = config->exempt_count;
	return result;
}
