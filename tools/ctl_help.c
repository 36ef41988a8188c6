/*
 * backstopctl's help, from the tables of commands and options.
 *
 * Prints only; main.c decides what is asked for and where it goes: to stdout
 * for who asked, to stderr for who did not.
 */
#include "autoconf.h"

#include <stdbool.h>

#include "ctl_command.h"

static void
write_options(unsigned takes, FILE *out)
{
	fputs("\nOptions, before or after the arguments:\n", out);
	for (unsigned i = 0; i < CTL_OPTION_COUNT; i++) {
		const struct ctl_option_row *row =
		    ctl_option_row((enum ctl_option)i);
		char name[64];

		if ((takes & (1u << i)) == 0)
			continue;
		(void)snprintf(name, sizeof(name), "--%s%s%s", row->name,
		    row->value != NULL ? " " : "",
		    row->value != NULL ? row->value : "");
		fprintf(out, "  %c%c  %-23s %s\n", row->letter ? '-' : ' ',
		    row->letter ? row->letter : ' ', name, row->help);
	}
}

void
ctl_help_command(const struct ctl_command *command, FILE *out)
{
	fprintf(out, "usage: backstopctl [-c FILE] [--json] %s %s\n\n%s\n",
	    command->name, command->arguments, command->summary);
	if (command->help[0] != '\0')
		fprintf(out, "\n%s", command->help);
	write_options(command->takes, out);
}

void
ctl_help_all(FILE *out)
{
	size_t count;
	const struct ctl_command *table = ctl_command_table(&count);

	fputs(
	    "usage: backstopctl [-c FILE] [--json] COMMAND ...\n\n"
	    "Shows and changes what Backstop lists. The configuration is\n" BS_CONFIG_DEFAULT_PATH
	    " unless -c names another.\n\n"
	    "Commands:\n",
	    out);
	for (size_t i = 0; i < count; i++)
		fprintf(out, "  %-8s %s\n", table[i].name, table[i].summary);
	fputs("\n`backstopctl COMMAND --help` tells more of each.\n", out);
	write_options(CTL_TAKES_ALWAYS, out);
	fputs("\nExit codes: 0 done; 1 the answer is no, or bad input; 2 wrong "
	      "usage;\n3 a file, the disk or the database failed.\n",
	    out);
}

enum bs_exit
ctl_help(struct ctl *ctl)
{
	const struct ctl_command *command;

	if (ctl->options->argument_count == 0) {
		ctl_help_all(stdout);
		return BS_EXIT_OK;
	}
	command = ctl_command_find(ctl->options->arguments[0]);
	if (command == NULL) {
		ctl_say("help: %s: no such command in this version: see "
			"`backstopctl --help`",
		    ctl->options->arguments[0]);
		return BS_EXIT_USAGE;
	}
	ctl_help_command(command, stdout);
	return BS_EXIT_OK;
}
