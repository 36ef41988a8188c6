/*
 * backstopd: the authoritative DNS server.  Command line, then start-up as one
 * visible block; what each step does is in the module it names.
 */
#include "autoconf.h"

#include <getopt.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "config.h"
#include "controlfile.h"
#include "log.h"
#include "server.h"
#include "startup.h"
#include "stdfiles.h"

struct options {
	const char *config;
	bool check; /* -t */
};

static const char usage_text[] =
    "usage: backstopd [-c FILE] [-t]\n"
    "  -c FILE    configuration, default " BS_CONFIG_DEFAULT_PATH "\n"
    "  -t         check configuration, zones, ports and database, then exit\n"
    "  --version  say which version this is, also -V\n"
    "  --help     say this, also -h\n";

static const struct option long_options[] = {
    {"version", no_argument, NULL, 'V'},
    {"help", no_argument, NULL, 'h'},
    {NULL, 0, NULL, 0},
};

/* What a result goes to: stdout may be a full disk. */
static enum bs_exit
print(const char *text)
{
	if (fputs(text, stdout) == EOF || fflush(stdout) == EOF)
		return BS_EXIT_ENVIRONMENT;
	return BS_EXIT_OK;
}

/* What getopt could not read: of a bundle of short options its letter. */
static enum bs_exit
usage_error(int answer, char *const argv[])
{
	const char *word = argv[optind > 1 ? optind - 1 : 1];

	if (answer == ':')
		(void)fputs("backstopd: -c: FILE is missing: name the "
			    "configuration\n",
		    stderr);
	else if (strncmp(word, "--", 2) == 0)
		(void)fprintf(stderr,
		    "backstopd: %s: no such option: see `backstopd --help`\n",
		    word);
	else
		(void)fprintf(stderr,
		    "backstopd: -%c: no such option: see `backstopd --help`\n",
		    optopt);
	return BS_EXIT_USAGE;
}

/* False: *exit_r is what to end with. */
static bool
read_options(
    int argc, char **argv, struct options *options_r, enum bs_exit *exit_r)
{
	int option;

	*options_r = (struct options){.config = BS_CONFIG_DEFAULT_PATH};
	while ((option = getopt_long(
		    argc, argv, ":c:tVh", long_options, NULL)) != -1) {
		if (option == 'c') {
			options_r->config = optarg;
		} else if (option == 't') {
			options_r->check = true;
		} else if (option == 'V' || option == 'h') {
			*exit_r = print(
			    option == 'V' ? PACKAGE_TITLE "\n" : usage_text);
			return false;
		} else {
			*exit_r = usage_error(option, argv);
			return false;
		}
	}
	if (optind == argc)
		return true;
	(void)fprintf(stderr,
	    "backstopd: %s: is no option, and backstopd takes nothing else: "
	    "see `backstopd --help`\n",
	    argv[optind]);
	*exit_r = BS_EXIT_USAGE;
	return false;
}

/* Without the control socket the server does its work all the same. */
static void
open_control(const struct bs_log *log, const struct startup *startup,
    struct controlfile *control_r)
{
	struct bs_message message;

	*control_r = (struct controlfile){.file = -1};
	if (controlfile_open(startup->generation->config->control, control_r,
		&message) != BS_OK)
		bs_log(log, BS_LOG_WARNING, "%s", message.text);
}

static enum bs_exit
serve(const struct bs_log *log, const struct options *options,
    struct startup *startup)
{
	struct server_start start = {
	    .path = options->config,
	    .generation = startup->generation,
	    .listeners = &startup->listeners,
	    .make = true,
	};
	struct controlfile control;
	enum bs_exit result;

	open_control(log, startup, &control);
	start.control = control.file;
	result = server_run(log, &start);
	controlfile_close(&control);
	return result;
}

int
main(int argc, char **argv)
{
	struct bs_log log = bs_log_stderr("backstopd");
	struct options options;
	struct startup startup;
	enum bs_exit result;

	if (!bs_stdfiles_hold())
		return BS_EXIT_ENVIRONMENT;
	/* whoever reads our log may go, the answers go on */
	(void)signal(SIGPIPE, SIG_IGN);
	if (!read_options(argc, argv, &options, &result))
		return (int)result;
	if (options.check) {
		result = startup_check(&log, options.config);
		return result == BS_EXIT_OK ? print("configuration, zones, "
						    "ports and database: ok\n")
					    : result;
	}
	result = startup_load(&log, options.config, &startup);
	if (result != BS_EXIT_OK)
		return result;
	return serve(&log, &options, &startup);
}
