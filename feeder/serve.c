/*
 * Starts `backstop-feed serve` as one visible block (bind, fork the nursery,
 * drop the user, open, confine, loop), reloads it and ends it.  The listeners are
 * smtpserver.c's, what becomes of mail room.c's.  Called by main.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "confine.h"
#include "door.h"
#include "ending.h"
#include "judge.h"
#include "maildrop.h"
#include "milterdoor.h"
#include "milterinlet.h"
#include "notify.h"
#include "nursery.h"
#include "reloadable.h"
#include "room.h"
#include "serve.h"
#include "serveconfine.h"
#include "servecontrol.h"
#include "smtpserver.h"
#include "way.h"

#define HOSTNAME_MAX 256
/* beside connections and large messages of theirs */
#define OTHER_FILES (64 + MILTERINLET_UNWAITED_MAX)
/* of libuv: they wait for disks, not for cores */
#define POOL_THREADS "16"
#define TEXT_SIZE 8192

struct serve {
	const struct bs_log *log;
	struct bs_config *config;
	struct bs_config **retired; /* of before a reload: messages use them */
	size_t retired_count;
	char hostname[HOSTNAME_MAX];

	struct nursery nursery;
	struct way *watch; /* for the nursery's end; NULL: it came */
	struct bs_store *store;
	struct bs_key key;
	struct room *room;
	struct activated activated;
	struct smtpserver smtp;
	struct milterdoor *milter; /* NULL: there is none */
	struct servecount count;
	struct servecontrol control;

	uv_loop_t loop;
	bool has_loop;
	uv_signal_t terminate, interrupt, hangup;
	struct ending ending;
	bool is_ending;
	bool stuck;    /* it ends with messages that something holds up */
	bool orphaned; /* it ends as the nursery did */
	int notify;    /* of notify.h */
};

/* --- starting ------------------------------------------------------------ */

static void
set_hostname(struct serve *serve)
{
	const char *name = serve->config->smtp_hostname;

	if (name != NULL)
		(void)snprintf(
		    serve->hostname, sizeof(serve->hostname), "%s", name);
	else if (gethostname(serve->hostname, sizeof(serve->hostname)) != 0)
		strcpy(serve->hostname, "localhost");
	serve->hostname[sizeof(serve->hostname) - 1] = '\0';
}

/* Two files for each connection: its socket, and its message if that is
 * large. */
static void
raise_files(const struct serve *serve)
{
	rlim_t wanted =
	    2 * (rlim_t)serve->config->session.connections + OTHER_FILES;
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
		return;
	limit.rlim_cur = wanted < limit.rlim_max ? wanted : limit.rlim_max;
	if (setrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur < wanted)
		bs_log(serve->log, BS_LOG_WARNING,
		    "session.connections: %u: this process may have no more "
		    "than %llu open files: raise that limit (LimitNOFILE of "
		    "the service), or lower it",
		    serve->config->session.connections,
		    (unsigned long long)limit.rlim_cur);
}

static bool
check_doors(const struct serve *serve)
{
	const struct bs_config *config = serve->config;

	if (config->smtp_listen_count + config->lmtp_listen_count +
		config->milter_listen_count ==
	    0) {
		bs_log(serve->log, BS_LOG_ERROR,
		    "%s:1: smtp.listen: no listener is configured: add "
		    "`smtp: {listen: [127.0.0.1@2525]}`, or one of lmtp or "
		    "milter",
		    config->path);
		return false;
	}
	if (config->trap_domain_count + config->trap_address_count +
		config->trap_pattern_count ==
	    0)
		bs_log(serve->log, BS_LOG_WARNING,
		    "%s: trap: there is none, so no mail is taken but "
		    "postmaster's: add `trap: {domains: [trap.example]}`",
		    config->path);
	return true;
}

/* Whom it becomes: the configuration's user, or, as root, who owns the
 * database's folder.  *drops_r: it is somebody else.  False: logged. */
static bool
find_user(
    const struct serve *serve, struct bs_confine_user *user_r, bool *drops_r)
{
	const struct bs_config *config = serve->config;
	struct bs_message message;

	*drops_r = false;
	if (config->user != NULL) {
		if (bs_confine_find_user(config->user, user_r, &message) !=
		    BS_OK) {
			bs_log(serve->log, BS_LOG_ERROR, "%s: user: %s",
			    config->path, message.text);
			return false;
		}
	} else if (geteuid() != 0 ||
		   bs_confine_find_owner(config->database, user_r) != BS_OK) {
		return true;
	}
	*drops_r = user_r->uid != 0;
	if (user_r->uid == 0)
		bs_log(serve->log, BS_LOG_WARNING,
		    "%s: user: runs as root, without its capabilities: name "
		    "another user, or give the database's folder to one",
		    config->path);
	return true;
}

/* Without it all goes on, and under load slower. */
static void
open_ahead(struct serve *serve)
{
	struct bs_message message;

	if (bs_store_write_ahead(serve->store, &message) != BS_OK)
		bs_log(serve->log, BS_LOG_WARNING, "%s", message.text);
	else if (bs_store_ahead_is_foreign(serve->store))
		bs_log(serve->log, BS_LOG_WARNING,
		    "%s/ahead.log: what it has belongs to a newer database than "
		    "this one, and is not taken in: restore backups by "
		    "`backstopctl restore`",
		    serve->config->database);
}

static int
open_store(struct serve *serve, struct bs_message *message)
{
	int rc = bs_store_open(
	    serve->config->database, BS_STORE_WRITE, &serve->store, message);

	if (rc != BS_OK)
		return rc;
	bs_store_limit_journal(serve->store, serve->config->journal_records,
	    serve->config->journal_age_s);
	rc = bs_key_load(serve->config->trap_key, &serve->key, message);
	if (rc == BS_OK)
		rc = room_prepare(serve->config, message);
	if (rc == BS_OK)
		open_ahead(serve);
	return rc;
}

static int
open_room(struct serve *serve, struct bs_message *message)
{
	struct room_setup setup = {
	    .loop = &serve->loop,
	    .log = serve->log,
	    .config = serve->config,
	    .hostname = serve->hostname,
	    .nursery = &serve->nursery,
	    .store = serve->store,
	    .key = &serve->key,
	    .count = &serve->count,
	};

	return room_new(&setup, &serve->room, message);
}

static int
open_milter(struct serve *serve)
{
	struct milterdoor_setup setup = {&serve->loop, serve->log,
	    serve->config, &serve->nursery, serve->room, &serve->count};

	if (serve->config->milter_listen_count == 0)
		return BS_OK;
	serve->milter = milterdoor_new(&setup);
	if (serve->milter != NULL)
		return BS_OK;
	bs_log(serve->log, BS_LOG_ERROR, "out of memory: close other programs");
	return BS_ENOMEM;
}

/* --- reloading ----------------------------------------------------------- */

static void
report(void *context, bool fatal, const char *line)
{
	bs_log(context, fatal ? BS_LOG_ERROR : BS_LOG_WARNING, "%s", line);
}

/* Judges read rules and tag keys by themselves, but one that can't would be no
 * judge, and nothing would be judged. */
static int
check_judges(const struct serve *serve, const struct bs_config *config)
{
	struct bs_log log = *serve->log;

	return judge_check(config, report, &log);
}

/* Else mail for postmaster would be answered with 451 until somebody looked. */
static bool
check_sendmail(const struct serve *serve, const struct bs_config *config)
{
	struct bs_message message;

	if (config->role_sendmail == NULL ||
	    maildrop_check_program(config, &message) == BS_OK)
		return true;
	bs_log(serve->log, BS_LOG_ERROR, "%s", message.text);
	return false;
}

/* What a running process can't change. */
static bool
check_fixed(const struct serve *serve, const struct bs_config *config)
{
	if (reloadable(serve->config, config))
		return true;
	bs_log(serve->log, BS_LOG_WARNING,
	    "SIGHUP: " RELOADABLE_FIXED " have changed: restart for that; the "
	    "old configuration stays");
	return false;
}

/* Frees configurations that nobody uses any more: what is under way now went by
 * the latest one, and where nothing is, only sessions go by others, and the
 * writer, which may be at what was acknowledged long ago.  The first one has the
 * listeners' addresses. */
static void
free_retired(struct serve *serve)
{
	struct servecount_now now;
	size_t kept = 1;

	room_look(serve->room, &now);
	if (now.messages > 0 || now.writing > 0)
		return;
	for (size_t i = 1; i < serve->retired_count; i++) {
		if (smtpserver_uses(&serve->smtp, serve->retired[i]) ||
		    room_uses(serve->room, serve->retired[i]))
			serve->retired[kept++] = serve->retired[i];
		else
			bs_config_free(&serve->retired[i]);
	}
	if (serve->retired_count > kept)
		serve->retired_count = kept;
}

/* The old one may be in use by messages and sessions on their way. */
static bool
retire(struct serve *serve)
{
	struct bs_config **more = reallocarray(
	    serve->retired, serve->retired_count + 1, sizeof(*serve->retired));

	if (more == NULL)
		return false;
	serve->retired = more;
	serve->retired[serve->retired_count++] = serve->config;
	return true;
}

static void
reload(struct serve *serve)
{
	struct bs_log log = *serve->log;
	struct bs_config *config = NULL;

	free_retired(serve);
	if (bs_config_load(serve->config->path, report, &log, &config) !=
		BS_OK ||
	    !check_fixed(serve, config) || !check_sendmail(serve, config) ||
	    check_judges(serve, config) != BS_OK ||
	    smtpserver_set_config(&serve->smtp, config) != BS_OK) {
		bs_config_free(&config);
		bs_log(serve->log, BS_LOG_ERROR,
		    "SIGHUP: the old configuration stays");
		return;
	}
	room_set_config(serve->room, config);
	milterdoor_set_config(serve->milter, config);
	if (retire(serve))
		serve->config = config;
	bs_log(serve->log, BS_LOG_INFO, "SIGHUP: configuration read again");
}

/* --- the loop ------------------------------------------------------------ */

/* Everything on the loop closes, so that it runs out; or it stops as it is. */
static void
on_over(void *context, bool clean)
{
	struct serve *serve = context;

	serve->stuck = !clean;
	if (serve->stuck) {
		uv_stop(&serve->loop);
		return;
	}
	smtpserver_cut(&serve->smtp);
	milterdoor_close(serve->milter);
	servecontrol_close(&serve->control);
	room_close(serve->room);
	way_close(&serve->watch);
	uv_close((uv_handle_t *)&serve->terminate, NULL);
	uv_close((uv_handle_t *)&serve->interrupt, NULL);
	uv_close((uv_handle_t *)&serve->hangup, NULL);
}

static void
begin_end(struct serve *serve)
{
	serve->is_ending = true;
	bs_notify_send(serve->notify, BS_NOTIFY_STOPPING);
	serve->ending = (struct ending){
	    .smtp = &serve->smtp,
	    .milter = serve->milter,
	    .time_s = serve->config->session.shutdown_time_s,
	    .over = on_over,
	    .context = serve,
	};
	ending_begin(&serve->ending);
}

static void
on_end(uv_signal_t *handle, int number)
{
	struct serve *serve = handle->data;

	if (serve->is_ending)
		return;
	bs_log(serve->log, BS_LOG_INFO, "%s: ending",
	    number == SIGINT ? "SIGINT" : "SIGTERM");
	begin_end(serve);
}

/* It says nothing, so this is its end: there would be no more judges, and sooner
 * or later all mail would be answered with 451, until somebody looked. */
static void
on_nursery(uv_poll_t *poll, int status, int events)
{
	const struct way *way = poll->data;
	struct serve *serve = way->owner;

	(void)status;
	(void)events;
	if (serve == NULL)
		return;
	way_close(&serve->watch);
	if (serve->is_ending)
		return;
	bs_log(serve->log, BS_LOG_ERROR,
	    "the process that starts judges (backstop-nurse) has ended: ending "
	    "too: start it again, or let a service manager do so");
	serve->orphaned = true;
	begin_end(serve);
}

static int
watch_nursery(struct serve *serve)
{
	int file = fcntl(serve->nursery.control, F_DUPFD_CLOEXEC, 0);

	if (file >= 0)
		serve->watch = way_new(&serve->loop, file, on_nursery, serve);
	if (serve->watch != NULL)
		return BS_OK;
	bs_log(serve->log, BS_LOG_ERROR,
	    "event loop: %s: raise the limit of open files", strerror(errno));
	return BS_ESYSTEM;
}

static void
on_hangup(uv_signal_t *handle, int number)
{
	struct serve *serve = handle->data;

	(void)number;
	if (serve->is_ending)
		return;
	bs_notify_send(serve->notify, BS_NOTIFY_RELOADING);
	reload(serve);
	bs_notify_send(serve->notify, BS_NOTIFY_READY);
}

static void
start_signal(
    struct serve *serve, uv_signal_t *handle, uv_signal_cb callback, int number)
{
	(void)uv_signal_init(&serve->loop, handle);
	handle->data = serve;
	(void)uv_signal_start(handle, callback, number);
}

/* "smtp on 127.0.0.1@2525, milter on unix:/x" */
static void
describe(const struct serve *serve, char *text, size_t size)
{
	const struct bs_config *config = serve->config;
	size_t used;

	smtpserver_describe(&serve->smtp, text, size);
	used = strlen(text);
	if (config->milter_listen_count == 0 || size - used < PATH_MAX / 8)
		return;
	used += (size_t)snprintf(
	    text + used, size - used, "%smilter on ", used > 0 ? ", " : "");
	door_describe(&config->milter_listen[0], text + used, size - used);
}

static void
run_loop(struct serve *serve)
{
	char text[TEXT_SIZE];

	start_signal(serve, &serve->terminate, on_end, SIGTERM);
	start_signal(serve, &serve->interrupt, on_end, SIGINT);
	start_signal(serve, &serve->hangup, on_hangup, SIGHUP);
	servecontrol_start(
	    &serve->control, &serve->loop, serve->room, serve->milter);
	describe(serve, text, sizeof(text));
	bs_log(
	    serve->log, BS_LOG_INFO, "serving %s as %s", text, serve->hostname);
	bs_notify_send(serve->notify, BS_NOTIFY_READY);
	(void)uv_run(&serve->loop, UV_RUN_DEFAULT);
}

/* --- the whole ----------------------------------------------------------- */

/* The nursery binds what libmilter must, so it drops the user by itself. */
static int
start_nursery(struct serve *serve, struct bs_message *message)
{
	struct nursery_setup setup = {
	    serve->log, serve->config, serve->hostname, NULL};
	struct bs_confine_user user;
	bool drops;
	int rc;

	if (!find_user(serve, &user, &drops))
		return BS_ECONFIG;
	if (drops)
		setup.user = &user;
	rc = nursery_start(&setup, &serve->nursery);
	if (rc == BS_OK && drops && geteuid() == 0)
		rc = smtpserver_give(&serve->smtp, user.uid, user.gid);
	if (rc == BS_OK && drops &&
	    bs_confine_become(&user, message) != BS_OK) {
		bs_log(serve->log, BS_LOG_ERROR, "%s: user: %s",
		    serve->config->path, message->text);
		rc = BS_ESYSTEM;
	}
	return rc;
}

/* Binds, forks, drops, opens, confines; in this order. */
static int
start(struct serve *serve, struct bs_message *message)
{
	int rc;

	serve->notify = bs_notify_open();
	raise_files(serve);
	rc = smtpserver_bind(&serve->smtp, &serve->activated);
	if (rc == BS_OK && !activated_check(serve->log, serve->config->path,
			       &serve->activated))
		rc = BS_ECONFIG;
	if (rc == BS_OK)
		rc = smtpserver_set_config(&serve->smtp, serve->config);
	if (rc == BS_OK)
		rc = start_nursery(serve, message);
	if (rc != BS_OK) /* it has said why */
		return rc;
	rc = open_store(serve, message);
	if (rc == BS_OK)
		servecontrol_open(&serve->control, serve->config->feed_control);
	if (rc != BS_OK)
		bs_log(serve->log, BS_LOG_ERROR, "%s", message->text);
	else if (check_judges(serve, serve->config) != BS_OK)
		rc = BS_ECONFIG;
	else if (!serveconfine(serve->log, serve->config))
		rc = BS_ESYSTEM;
	return rc;
}

/* Nothing can be closed or freed: threads use it, and wait for what may never
 * come.  The database is as it would be after kill -9. */
static void __attribute__((noreturn)) leave(struct serve *serve)
{
	servecontrol_free(&serve->control); /* its file */
	_exit(BS_EXIT_ENVIRONMENT);
}

/* The loop begins to exist here, and not before the nursery: libuv has files of
 * its own that each fork renews. */
static int
run(struct serve *serve, struct bs_message *message)
{
	int rc;

	(void)setenv("UV_THREADPOOL_SIZE", POOL_THREADS, 0);
	if (uv_loop_init(&serve->loop) != 0) {
		bs_log(serve->log, BS_LOG_ERROR,
		    "event loop: the system refused it: raise the limit of "
		    "open files");
		return BS_ESYSTEM;
	}
	serve->has_loop = true;
	rc = open_room(serve, message);
	serve->smtp.room = serve->room;
	if (rc != BS_OK)
		bs_log(serve->log, BS_LOG_ERROR, "%s", message->text);
	else
		rc = smtpserver_start(&serve->smtp);
	if (rc == BS_OK)
		rc = open_milter(serve);
	if (rc == BS_OK)
		rc = watch_nursery(serve);
	if (rc == BS_OK)
		run_loop(serve);
	else if (serve->room != NULL)
		room_close(serve->room);
	if (serve->stuck)
		leave(serve);
	(void)uv_run(&serve->loop, UV_RUN_DEFAULT);
	return rc == BS_OK && serve->orphaned ? BS_ESYSTEM : rc;
}

static void
free_all(struct serve *serve)
{
	milterdoor_free(&serve->milter);
	servecontrol_free(&serve->control);
	room_free(&serve->room);
	smtpserver_free(&serve->smtp);
	bs_store_free(&serve->store);
	nursery_stop(&serve->nursery);
	explicit_bzero(&serve->key, sizeof(serve->key));
	for (size_t i = 0; i < serve->retired_count; i++)
		bs_config_free(&serve->retired[i]);
	free(serve->retired);
	bs_config_free(&serve->config);
	if (serve->has_loop)
		(void)uv_loop_close(&serve->loop);
	if (serve->notify >= 0)
		(void)close(serve->notify);
	free(serve);
}

enum bs_exit
serve(const struct bs_log *log, struct bs_config *config)
{
	struct serve *self = calloc(1, sizeof(*self));
	struct bs_message message;
	enum bs_exit result = BS_EXIT_ENVIRONMENT;

	if (self == NULL) {
		bs_log(
		    log, BS_LOG_ERROR, "out of memory: close other programs");
		bs_config_free(&config);
		return result;
	}
	self->log = log;
	self->config = config;
	self->nursery.control = -1;
	self->notify = -1;
	set_hostname(self);
	self->smtp.loop = &self->loop;
	self->smtp.spare = -1;
	self->smtp.log = log;
	self->smtp.config = config;
	self->smtp.count = &self->count;
	servecontrol_init(&self->control, log, &self->count, &self->smtp);
	self->smtp.hostname = self->hostname;
	if (activated_take(log, &self->activated) != BS_OK)
		result = BS_EXIT_ENVIRONMENT;
	else if (!check_doors(self))
		result = BS_EXIT_NO;
	else if (start(self, &message) == BS_OK && run(self, &message) == BS_OK)
		result = BS_EXIT_OK;
	free_all(self);
	return result;
}
