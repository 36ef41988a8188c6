/*
 * Loads the rules that a configuration asks for.  The standard rules are part
 * of the program, so that they always fit it and no missing file can leave a
 * trap without a judge; an operator's files come after them and change or add.
 * judge.c calls it.
 */
#include "autoconf.h"

#include <sys/stat.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "rulesload.h"
#include "rulesread.h"

static int
read_standard(struct rules *rules, bs_config_report *report, void *context)
{
	int error = BS_OK;

	for (const struct rules_text *text = rules_standard;
	     error == BS_OK && text->name != NULL; text++)
		error = rulesread(
		    rules, text->name, text->text, text->size, report, context);
	return error;
}

/* Opens a file, without waiting for what is a pipe; NULL with errno, EINVAL for
 * what is no file. */
static FILE *
open_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	struct stat status;
	int failure = EINVAL;
	FILE *in = NULL;

	if (fd == -1)
		return NULL;
	if (fstat(fd, &status) == 0 && S_ISREG(status.st_mode)) {
		in = fdopen(fd, "r");
		failure = errno;
	}
	if (in == NULL) {
		(void)close(fd);
		errno = failure;
	}
	return in;
}

/* At most a byte more than may be, for the reader to refuse. */
static int
slurp(const char *path, char **text_r, size_t *size_r)
{
	FILE *in = open_file(path);
	char *text = in != NULL ? malloc(BS_YAML_SIZE_MAX + 1) : NULL;
	int failure = 0;

	errno = in != NULL ? 0 : errno;
	if (text == NULL) {
		failure = in != NULL ? ENOMEM : errno;
	} else {
		*size_r = fread(text, 1, BS_YAML_SIZE_MAX + 1, in);
		if (ferror(in))
			failure = errno != 0 ? errno : EIO;
	}
	if (in != NULL)
		(void)fclose(in);
	if (failure != 0)
		free(text);
	else
		*text_r = text;
	return failure;
}

/* Says why a file can't be read: where the configuration names it. */
static int
refuse_file(const struct bs_config *config, const struct bs_config_file *file,
    int failure, struct bs_message *message_r)
{
	bool refused = failure == EACCES || failure == EPERM;

	bs_message_set(message_r,
	    "%s:%u: rules: %s: %s: put it there, let this user's group read "
	    "it, or take it out%s",
	    config->path != NULL ? config->path : "", file->line, file->path,
	    failure == EINVAL ? "no regular file" : strerror(failure),
	    refused ? "; at SIGHUP, where its folder is named for the first "
		      "time: restart"
		    : "");
	if (failure == ENOENT || failure == ENOTDIR)
		return BS_ENOTFOUND;
	return refused ? BS_EACCES : BS_EIO;
}

static int
read_file(struct rules *rules, const struct bs_config *config,
    const struct bs_config_file *file, bs_config_report *report, void *context)
{
	struct bs_message message;
	char *text = NULL;
	size_t size = 0;
	int failure = slurp(file->path, &text, &size);
	int error;

	if (failure != 0) {
		error = refuse_file(config, file, failure, &message);
		report(context, true, message.text);
		return error;
	}
	error = rulesread(rules, file->path, text, size, report, context);
	free(text);
	return error;
}

int
rulesload(const struct bs_config *config, bs_config_report *report,
    void *context, struct rules **rules_r)
{
	struct rules *rules = rules_new();
	int error;

	if (rules == NULL)
		return BS_ENOMEM;
	error = read_standard(rules, report, context);
	for (size_t i = 0; error == BS_OK && i < config->rule_file_count; i++)
		error = read_file(
		    rules, config, &config->rule_files[i], report, context);
	if (error != BS_OK)
		rules_free(&rules);
	else
		*rules_r = rules;
	return error;
}
