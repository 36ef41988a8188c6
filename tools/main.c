/*
 * backstopctl: shows and changes what Backstop lists.
 *
 * From the command line to a row of the command table, and from its result to
 * an exit code. The commands are in ctl_*.c.
 */
#include "autoconf.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "nocore.h"
#include "stdfiles.h"
#include "suggest.h"

#include "ctl_command.h"

/* What other tools call our commands, as no misspelling of ours. */
static const char *
translate(const char *name)
{
	static const struct {
		const char *theirs, *ours;
	} words[] = {
	    {"delete", "remove"},
	    {"del", "remove"},
	    {"rm", "remove"},
	    {"delist", "remove"},
	    {"unlist", "remove"},
	    {"ls", "list"},
	    {"dump", "list"},
	    {"insert", "add"},
	    {"get", "show"},
	    {"lookup", "show"},
	    {"query", "show"},
	};

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (strcmp(name, words[i].theirs) == 0)
			return words[i].ours;
	}
	return NULL;
}

static enum bs_exit
say_no_command(const char *name)
{
	struct bs_suggest suggest = bs_suggest_start(name);
	size_t count;
	const struct ctl_command *table = ctl_command_table(&count);

	for (size_t i = 0; i < count; i++)
		bs_suggest_try(&suggest, table[i].name);
	if (translate(name) != NULL)
		suggest.best = translate(name);
	if (suggest.best != NULL)
		ctl_say("%s: no such command: did you mean `%s`?", name,
		    suggest.best);
	else
		ctl_say("%s: no such command: see `backstopctl --help`", name);
	return BS_EXIT_USAGE;
}

/* What is wrong with how the command was given, if anything. */
static enum bs_exit
check_usage(
    const struct ctl_command *command, const struct ctl_options *options)
{
	const struct ctl_option_row *beyond =
	    ctl_options_beyond(options, command->takes);

	if (beyond != NULL) {
		ctl_say("%s: takes no --%s: see `backstopctl %s --help`",
		    command->name, beyond->name, command->name);
		return BS_EXIT_USAGE;
	}
	if (options->argument_count < command->arguments_min) {
		const char *what = strstr(command->arguments, "FILE") != NULL
				       ? "FILE"
				       : "ADDRESS";

		ctl_say("%s: %s is missing: write `backstopctl %s %s`, see "
			"`backstopctl %s --help`",
		    command->name, what[0] == 'F' ? "a file" : "an address",
		    command->name, what, command->name);
		return BS_EXIT_USAGE;
	}
	if (options->argument_count > command->arguments_max) {
		ctl_say("%s: %s: one word too many: see `backstopctl %s "
			"--help`",
		    command->name, options->arguments[command->arguments_max],
		    command->name);
		return BS_EXIT_USAGE;
	}
	return BS_EXIT_OK;
}

static enum bs_exit
run_command(
    const struct ctl_command *command, const struct ctl_options *options)
{
	struct ctl ctl = {
	    .options = options, .now_s = bs_clock_now_s(&bs_clock_system)};
	enum bs_exit exit_code;

	if (options->given[CTL_HELP]) {
		ctl_help_command(command, stdout);
		return BS_EXIT_OK;
	}
	exit_code = check_usage(command, options);
	if (exit_code == BS_EXIT_OK)
		exit_code = command->run(&ctl);
	ctl_close(&ctl);
	return exit_code;
}

static enum bs_exit
run(int argc, char **argv)
{
	struct ctl_options options;
	struct bs_message message;
	const struct ctl_command *command;

	if (ctl_options_parse(argc, argv, &options, &message) != BS_OK) {
		ctl_say("%s", message.text);
		return BS_EXIT_USAGE;
	}
	if (options.given[CTL_VERSION]) {
		puts("backstopctl, " PACKAGE_TITLE);
		return BS_EXIT_OK;
	}
	if (options.command == NULL) {
		ctl_help_all(options.given[CTL_HELP] ? stdout : stderr);
		return options.given[CTL_HELP] ? BS_EXIT_OK : BS_EXIT_USAGE;
	}
	command = ctl_command_find(options.command);
	if (command == NULL)
		return say_no_command(options.command);
	return run_command(command, &options);
}

/* A result that could not be written is no success. */
static enum bs_exit
finish_output(enum bs_exit exit_code)
{
	bool failed = fflush(stdout) != 0 || ferror(stdout);

	if (!failed || bs_stdfiles_reader_gone())
		return exit_code;
	ctl_say("standard output: writing failed, the result is cut: free "
		"space on its disk");
	return BS_EXIT_ENVIRONMENT;
}

int
main(int argc, char **argv)
{
	bs_nocore();
	if (!bs_stdfiles_hold())
		return BS_EXIT_ENVIRONMENT;
	(void)signal(SIGPIPE, SIG_IGN);
	return (int)finish_output(run(argc, argv));
}
