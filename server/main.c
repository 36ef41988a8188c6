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
#include "inherited.h"
#include "log.h"
#include "notify.h"
#include "privileges.h"
#include "server.h"
#include "startup.h"
#include "stdfiles.h"
#include "supervisor.h"

struct options {
	const char *config;
	bool check;  /* -t */
	bool single; /* nobody starts it again */
};

static const char usage_text[] =
    "usage: backstopd [-c FILE] [-t] [--single]\n"
    "  -c FILE    configuration, default " BS_CONFIG_DEFAULT_PATH "\n"
    "  -t         check configuration, zones, ports and database, then exit\n"
    "  --single   one process, for a supervisor that starts it again\n"
    "  --version  say which version this is, also -V\n"
    "  --help     say this, also -h\n";

static const struct option long_options[] = {
    {"single", no_argument, NULL, 'S'},
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
		} else if (option == 'S') {
			options_r->single = true;
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
open_control(const struct bs_log *log, const struct bs_config *config,
    struct bs_controlfile *control_r)
{
	static const struct bs_controlfile_words words = {
	    "control", "backstopd"};
	struct bs_message message;

	*control_r = (struct bs_controlfile){.file = -1};
	if (bs_controlfile_open(config->control, &words, control_r, &message) !=
	    BS_OK)
		bs_log(log, BS_LOG_WARNING, "%s", message.text);
}

/* --- serving ------------------------------------------------------------------- */

/* What the start has made, for the process that serves. */
struct ready {
	const struct bs_log *log;
	const struct options *options;
	struct startup startup;
	struct bs_controlfile control;
	int notify; /* of notify.h */
};

static void
tell_manager(int to, int event)
{
	bs_notify_send(to, (enum bs_notify_event)event);
}

/* Without a supervisor. */
static enum bs_exit
serve_alone(struct ready *ready)
{
	return server_run(
	    ready->log, &(struct server_start){.path = ready->options->config,
			    .generation = ready->startup.generation,
			    .listeners = &ready->startup.listeners,
			    .control = ready->control.file,
			    .notify = tell_manager,
			    .notify_to = ready->notify,
			    .make = true});
}

/* Under it, in a process of its own (struct bs_supervised).  After a crash the
 * files are read as at any start; where they are wrong by now what was read
 * before is served. */
static enum bs_exit
serve_supervised(void *context, const struct bs_supervisor_orders *orders)
{
	struct ready *ready = context;

	if (!privileges_confine_child(ready->log))
		return BS_EXIT_ENVIRONMENT;
	if (orders->again &&
	    startup_read_again(ready->log, ready->options->config,
		&ready->startup) != BS_EXIT_OK)
		bs_log(ready->log, BS_LOG_ERROR,
		    "serving what was read at the start");
	return server_run(
	    ready->log, &(struct server_start){.path = ready->options->config,
			    .generation = ready->startup.generation,
			    .listeners = &ready->startup.listeners,
			    .control = ready->control.file,
			    .notify = bs_supervisor_report,
			    .notify_to = orders->report,
			    .make = !orders->again,
			    .doubt = orders->doubt});
}

static enum bs_exit
serve(struct ready *ready)
{
	const struct bs_supervised supervised = {
	    .serve = serve_supervised,
	    .context = ready,
	    .notify = ready->notify,
	    .doubt = "SERVFAIL is answered until the database's files change",
	};
	enum bs_exit result;

	if (ready->options->single)
		return serve_alone(ready);
	result = bs_supervisor_run(ready->log, &supervised);
	startup_free(&ready->startup);
	return result;
}

/* All that needs rights, then their end. */
static enum bs_exit
start(const struct bs_log *log, const struct options *options)
{
	struct ready ready = {.log = log, .options = options};
	struct inherited inherited;
	const struct bs_config *config;
	enum bs_exit result;

	if (inherited_take(log, &inherited) != BS_OK)
		return BS_EXIT_ENVIRONMENT;
	result = startup_load(log, options->config, &inherited, &ready.startup);
	if (result != BS_EXIT_OK)
		return result;
	config = ready.startup.generation->config;
	ready.notify = bs_notify_open();
	if (!privileges_become_user(log, config)) {
		startup_free(&ready.startup);
		return BS_EXIT_ENVIRONMENT;
	}
	open_control(log, config, &ready.control);
	if (privileges_confine(log, config, !options->single)) {
		result = serve(&ready);
	} else {
		startup_free(&ready.startup);
		result = BS_EXIT_ENVIRONMENT;
	}
	bs_controlfile_close(&ready.control);
	return result;
}

int
main(int argc, char **argv)
{
	struct bs_log log = bs_log_stderr("backstopd");
	struct options options;
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
	return start(&log, &options);
}
