/*
 * backstop-feed: the trap's mail in, sightings out.  Reads the command line,
 * loads the configuration and hands over to a command: scan.c, verdict.c,
 * import.c, serve.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "config.h"
#include "crew.h"
#include "handout.h"
#include "import.h"
#include "judge.h"
#include "messages.h"
#include "nocore.h"
#include "progress.h"
#include "scan.h"
#include "serve.h"
#include "stdfiles.h"
#include "stop.h"
#include "store.h"
#include "tally.h"
#include "verdict.h"

/* The command line, read. */
struct options {
	const char *config_path; /* NULL: not given */
	bool json;
	size_t jobs;       /* 0: not given */
	const char *feed;  /* of `import` */
	const char *to;    /* of `export` */
	const char *since; /* of `export` */
	char **path;       /* borrowed from argv */
	size_t path_count;
};

struct command {
	const char *name;
	bool takes_json;
	int (*run)(const struct options *options);
};

static const char usage_text[] =
    "usage: backstop-feed [-c FILE] serve\n"
    "       backstop-feed [-c FILE] scan [--json] [--jobs N] PATH...\n"
    "       backstop-feed [-c FILE] classify [--json] [--jobs N] PATH...\n"
    "       backstop-feed [-c FILE] import [--json] [--feed NAME] FILE|-\n"
    "       backstop-feed [-c FILE] export --to PARTNER [--feed NAME]\n"
    "                     [--since TIME]\n"
    "       backstop-feed --version | --help\n";

static const char help_text[] =
    "\n"
    "  serve     takes the traps' mail by SMTP and LMTP, in the foreground,\n"
    "            where smtp.listen and lmtp.listen of the configuration say,\n"
    "            and a mail server's by its milter (milter.listen)\n"
    "  scan      judges mail and lists the hosts that sent backscatter;\n"
    "            each message counts once, however often it is scanned\n"
    "  classify  only says what each message is, and why: no database\n"
    "  import    takes in sightings that feeds report, as JSON Lines\n"
    "  export    writes our own for a partner, with hashes made for it\n"
    "\n"
    "PATH is a message (.eml), an mbox, a Maildir, a folder of these, or -\n"
    "for standard input; which of them is found by looking.\n"
    "\n"
    "  -c FILE   the configuration, instead of " BS_CONFIG_DEFAULT_PATH "\n"
    "  --json    machine-readable results: JSON, one object per line\n"
    "  --jobs N  judge in N processes at a time (1 to 64, default 1)\n"
    "\n"
    "Exit codes: 0 done, 1 bad input, 2 wrong usage, 3 something could not\n"
    "be read or written, or the scan was stopped.\n";

static int usage_error(const char *format, ...)
    __attribute__((format(printf, 1, 2)));

static int
usage_error(const char *format, ...)
{
	struct bs_message message;
	va_list args;

	va_start(args, format);
	bs_message_vset(&message, format, args);
	va_end(args);
	fprintf(stderr, "backstop-feed: %s: see `backstop-feed --help`\n",
	    message.text);
	return BS_EXIT_USAGE;
}

/* Results that did not reach their file are no results. */
static void
flush_results(struct messages *messages)
{
	struct bs_message message;

	if ((fflush(stdout) == 0 && !ferror(stdout)) ||
	    bs_stdfiles_reader_gone())
		return;
	bs_message_set(&message,
	    "standard output: cannot be written: %s: see where it goes, then "
	    "run this again",
	    strerror(errno));
	messages_error(messages, message.text);
}

/* Stops at a signal; without it, a signal ends us anywhere: no harm. */
static void
watch_signals(struct stop *stop_r)
{
	if (stop_open(stop_r) != BS_OK)
		stop_r->fd = -1;
}

/* A configuration that can't be read is the environment's fault, one with
 * errors is bad input. */
static int
config_exit(int rc)
{
	return rc == BS_ENOTFOUND ? BS_EXIT_ENVIRONMENT
				  : (int)bs_exit_for((enum bs_error)rc);
}

/* The database before the judge: the tag keys may lie in its folder, and what is
 * wrong with that is the better thing to say. */
static int
check_database(const struct bs_config *config, struct messages *messages)
{
	struct bs_store *store;
	struct bs_message message;
	int rc =
	    bs_store_open(config->database, BS_STORE_WRITE, &store, &message);

	if (rc != BS_OK) {
		messages_error(messages, message.text);
		return rc;
	}
	bs_store_free(&store);
	return BS_OK;
}

/* The configuration (all defaults where path is NULL) and a judge by it, for a
 * command that writes into the database or not; what is wrong was said. */
static int
start(const char *path, bool writes, struct messages *messages,
    struct bs_config **config_r, struct judge **judge_r)
{
	int rc = bs_config_load(path, messages_config, messages, config_r);

	if (rc != BS_OK)
		return rc;
	if (writes)
		rc = check_database(*config_r, messages);
	if (rc != BS_OK) {
		bs_config_free(config_r);
		return rc;
	}
	judge_start();
	rc = judge_new(*config_r, messages_config, messages, judge_r);
	if (rc != BS_OK) {
		judge_stop();
		bs_config_free(config_r);
	}
	return rc;
}

static void
end(struct bs_config **config, struct judge **judge)
{
	judge_free(judge);
	judge_stop();
	bs_config_free(config);
}

static const char *
config_path(const struct options *options)
{
	return options->config_path != NULL ? options->config_path
					    : BS_CONFIG_DEFAULT_PATH;
}

/* --- commands ------------------------------------------------------------ */

static void
write_summary(const struct options *options, struct messages *messages,
    const struct tally *tally)
{
	messages_end(messages);
	if (options->json)
		(void)tally_write_json(tally, stdout);
	else
		tally_write(tally, stdout);
	flush_results(messages);
}

static int
run_scan(const struct options *options)
{
	struct progress progress = progress_start(stderr);
	struct messages messages = messages_new(&progress, false);
	struct bs_config *config = NULL;
	struct judge *judge = NULL;
	struct tally tally;
	struct stop stop;
	const char *path = options->config_path != NULL
			       ? options->config_path
			       : BS_CONFIG_DEFAULT_PATH;
	int rc = start(path, true, &messages, &config, &judge);

	if (rc != BS_OK)
		return messages.exit_code != BS_EXIT_OK
			   ? (int)messages.exit_code
			   : config_exit(rc);
	watch_signals(&stop);
	struct scan_job job = {config, judge, &bs_clock_system, &stop,
	    &progress, &messages, options->jobs};
	if (scan(&job, options->path, options->path_count, &tally))
		write_summary(options, &messages, &tally);
	stop_close(&stop);
	end(&config, &judge);
	return (int)messages.exit_code;
}

/* The file that was named, else the default one if there is one, else NULL:
 * all defaults. */
static const char *
classify_config_path(const struct options *options)
{
	if (options->config_path != NULL)
		return options->config_path;
	if (access(BS_CONFIG_DEFAULT_PATH, F_OK) == 0)
		return BS_CONFIG_DEFAULT_PATH;
	return NULL;
}

static int
run_classify(const struct options *options)
{
	struct messages messages = messages_new(NULL, true);
	struct bs_config *config = NULL;
	struct judge *judge = NULL;
	struct stop stop;
	int rc = start(
	    classify_config_path(options), false, &messages, &config, &judge);

	if (rc != BS_OK)
		return config_exit(rc);
	watch_signals(&stop);
	struct verdict_job job = {config, judge, &stop, &messages, stdout,
	    options->json, options->jobs};
	verdict(&job, options->path, options->path_count);
	messages_end(&messages);
	flush_results(&messages);
	stop_close(&stop);
	end(&config, &judge);
	return (int)messages.exit_code;
}

static int
run_serve(const struct options *options)
{
	struct messages messages = messages_new(NULL, false);
	struct bs_config *config = NULL;
	const char *path = options->config_path != NULL
			       ? options->config_path
			       : BS_CONFIG_DEFAULT_PATH;
	int rc;

	if (options->path_count > 0)
		return usage_error("serve: %s: takes no arguments: what it "
				   "serves is in the configuration",
		    options->path[0]);
	rc = bs_config_load(path, messages_config, &messages, &config);
	if (rc != BS_OK)
		return config_exit(rc);
	return (int)serve(&messages.log, config);
}

static int
run_import(const struct options *options)
{
	struct messages messages = messages_new(NULL, false);
	struct bs_config *config = NULL;
	struct import_tally tally;
	struct stop stop;
	int rc;

	if (options->path_count != 1)
		return usage_error("import: one FILE at a time, or - for "
				   "standard input");
	rc = bs_config_load(
	    config_path(options), messages_config, &messages, &config);
	if (rc != BS_OK)
		return config_exit(rc);
	watch_signals(&stop);
	struct import_job job = {
	    config, &bs_clock_system, &stop, &messages, options->feed};
	if (import(&job, options->path[0], &tally)) {
		if (options->json)
			(void)import_write_json(&tally, stdout);
		else
			import_write(&tally, stdout);
		flush_results(&messages);
	}
	stop_close(&stop);
	bs_config_free(&config);
	return (int)messages.exit_code;
}

/* A time, or how long ago; 0 for none. */
static bool
parse_since(const char *text, uint32_t *since_s_r)
{
	uint32_t now_s = bs_clock_now_s(&bs_clock_system), age_s;

	*since_s_r = 0;
	if (text == NULL || bs_time_parse(text, since_s_r) == BS_OK)
		return true;
	if (bs_duration_parse(text, &age_s) != BS_OK)
		return false;
	*since_s_r = age_s < now_s ? now_s - age_s : 0;
	return true;
}

static int
run_export(const struct options *options)
{
	struct messages messages = messages_new(NULL, false);
	struct bs_config *config = NULL;
	uint32_t since_s;
	struct stop stop;
	int rc;

	if (options->path_count != 0 || options->to == NULL)
		return usage_error("export: write --to PARTNER, a name of your "
				   "choice; the result is on standard output");
	if (!parse_since(options->since, &since_s))
		return usage_error("export: --since: %s: not a time: write "
				   "2026-11-22T03:00:00Z, or how long ago, as "
				   "in 7d",
		    options->since);
	rc = bs_config_load(
	    config_path(options), messages_config, &messages, &config);
	if (rc != BS_OK)
		return config_exit(rc);
	watch_signals(&stop);
	struct handout_job job = {config, &stop, &messages, options->to,
	    options->feed != NULL ? options->feed : "", since_s, stdout};
	handout(&job);
	flush_results(&messages);
	stop_close(&stop);
	bs_config_free(&config);
	return (int)messages.exit_code;
}

static const struct command commands[] = {
    {"scan", true, run_scan},
    {"classify", true, run_classify},
    {"serve", false, run_serve},
    {"import", true, run_import},
    {"export", true, run_export},
};

/* --- the command line ---------------------------------------------------- */

static const struct command *
find_command(const char *name)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	}
	return NULL;
}

/* A number of processes. */
static bool
read_jobs(const char *text, size_t *jobs_r)
{
	char *end;
	unsigned long jobs = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end != '\0' || jobs < 1 ||
	    jobs > CREW_JOBS_MAX)
		return false;
	*jobs_r = jobs;
	return true;
}

static int
wrong_option(const struct command *command, int option, const char *word)
{
	if (option == 'n' || (option == ':' && optopt == 'n'))
		return usage_error("%s: --jobs: write a number from 1 to %d: "
				   "how many processes shall judge",
		    command->name, CREW_JOBS_MAX);
	return usage_error("%s: %s: no such option here, or its value "
			   "is missing: -c FILE comes before `%s`",
	    command->name, word, command->name);
}

/* Options of a command, and which ones take them. */
static const struct option *
options_of(const struct command *command)
{
	static const struct option of_files[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"jobs", required_argument, NULL, 'n'},
	    {NULL, 0, NULL, 0},
	};
	static const struct option of_import[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"feed", required_argument, NULL, 'f'},
	    {NULL, 0, NULL, 0},
	};
	static const struct option of_export[] = {
	    {"json", no_argument, NULL, 'j'},
	    {"feed", required_argument, NULL, 'f'},
	    {"to", required_argument, NULL, 't'},
	    {"since", required_argument, NULL, 's'},
	    {NULL, 0, NULL, 0},
	};

	if (command->run == run_import)
		return of_import;
	return command->run == run_export ? of_export : of_files;
}

/* Reads what follows the command; BS_EXIT_OK or BS_EXIT_USAGE, said so. */
static int
read_arguments(const struct command *command, int argc, char *argv[],
    struct options *options)
{
	int option;

	optind = 0; /* a second round of getopt: GNU's way to start over */
	while ((option = getopt_long(
		    argc, argv, ":", options_of(command), NULL)) != -1) {
		if (option == 'j')
			options->json = true;
		else if (option == 'f')
			options->feed = optarg;
		else if (option == 't')
			options->to = optarg;
		else if (option == 's')
			options->since = optarg;
		else if (option != 'n' || !read_jobs(optarg, &options->jobs))
			return wrong_option(
			    command, option, argv[optind > 1 ? optind - 1 : 1]);
	}
	options->path = argv + optind;
	options->path_count = (size_t)(argc - optind);
	if (options->path_count == 0 && command->run != run_export)
		return usage_error("%s: PATH is missing: name a message, an "
				   "mbox, a Maildir or a folder; - is "
				   "standard input",
		    command->name);
	return BS_EXIT_OK;
}

static int
run_command(int argc, char *argv[], struct options *options)
{
	const struct command *command;

	if (argc == 0)
		return usage_error("a command is missing: write serve, "
				   "scan or classify");
	command = find_command(argv[0]);
	if (command == NULL)
		return usage_error("%s: no such command: write serve, or scan "
				   "or classify before the paths",
		    argv[0]);
	options->path = argv + 1;
	options->path_count = (size_t)(argc - 1);
	if (command->takes_json &&
	    read_arguments(command, argc, argv, options) != BS_EXIT_OK)
		return BS_EXIT_USAGE;
	return command->run(options);
}

int
main(int argc, char *argv[])
{
	static const struct option long_options[] = {
	    {"version", no_argument, NULL, 'V'},
	    {"help", no_argument, NULL, 'h'},
	    {NULL, 0, NULL, 0},
	};
	struct options options = {0};
	int option;

	bs_nocore();
	if (!bs_stdfiles_hold())
		return BS_EXIT_ENVIRONMENT;
	(void)signal(SIGPIPE, SIG_IGN);
	while ((option = getopt_long(
		    argc, argv, "+:c:Vh", long_options, NULL)) != -1) {
		switch (option) {
		case 'c':
			options.config_path = optarg;
			break;
		case 'V':
			puts(PACKAGE_TITLE);
			return fflush(stdout) == 0 ? BS_EXIT_OK
						   : BS_EXIT_ENVIRONMENT;
		case 'h':
			fputs(usage_text, stdout);
			fputs(help_text, stdout);
			return fflush(stdout) == 0 ? BS_EXIT_OK
						   : BS_EXIT_ENVIRONMENT;
		case ':':
			return usage_error("-c: FILE is missing: name the "
					   "configuration");
		default:
			return usage_error(
			    "%s: no such option here, only -c FILE: "
			    "--json comes after the command",
			    argv[optind > 1 ? optind - 1 : 1]);
		}
	}
	return run_command(argc - optind, argv + optind, &options);
}
