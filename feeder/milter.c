/*
 * The one door to libmilter: opens its socket, says what we want to be told and
 * may do, and hands each event to a miltersession.  Opened by nursery.c, run by
 * milterwork.c.
 *
 * A mail server waits for an answer at RCPT, at DATA and at the end of a message
 * only; everywhere else it is told that none comes, so that real mail costs it
 * next to nothing.  RCPT has one because libmilter does not read what a mail
 * server sent before it closed a UNIX socket: a callout would be missed.
 *
 * We ask for no right to change a message, and for that to take recipients off
 * only where milter.action wants it.
 */
#include "autoconf.h"

#include <errno.h>
#include <grp.h>
#include <libmilter/mfapi.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

#include "socketfile.h"

#include "door.h"
#include "milter.h"

#define NAME "backstop"
/* A mail server that is silent for longer is gone; it may wait for a client in
 * the middle of DATA, so this is libmilter's own default. */
#define IDLE_S 7210
#define BACKLOG 128
#define UNIX_MODE 0660
#define SPEC_SIZE 160

/* What no answer is given to. */
#define SILENT_STEPS                                                    \
	(SMFIP_NR_CONN | SMFIP_NR_HELO | SMFIP_NR_MAIL | SMFIP_NR_HDR | \
	    SMFIP_NR_EOH | SMFIP_NR_BODY)

/* libmilter has no context of the caller's for a new connection, so what its
 * callbacks share is found here: set once, before there are threads. */
static struct milter_shared *shared_by_all;

/* --- events of libmilter ------------------------------------------------- */

static sfsistat
on_negotiate(SMFICTX *context, unsigned long actions, unsigned long steps,
    unsigned long more, unsigned long most, unsigned long *actions_r,
    unsigned long *steps_r, unsigned long *more_r, unsigned long *most_r)
{
	struct milterrules *rules = milterrules_hold(shared_by_all->box);

	(void)context;
	(void)more;
	(void)most;
	*actions_r = SMFIF_NONE;
	if (rules->config->milter_action != BS_CONFIG_MILTER_ACCEPT)
		*actions_r = actions & SMFIF_DELRCPT;
	milterrules_give_back(shared_by_all->box, rules);
	*steps_r =
	    SILENT_STEPS | (steps & (SMFIP_HDR_LEADSPC | SMFIP_NOUNKNOWN));
	*more_r = 0;
	*most_r = 0;
	return SMFIS_CONTINUE;
}

static sfsistat
on_connect(SMFICTX *context, char *host, _SOCK_ADDR *peer)
{
	struct miltersession *session =
	    miltersession_new(shared_by_all->box, shared_by_all->control, peer);

	struct miltersession *old = smfi_getpriv(context);

	(void)host;
	miltersession_free(&old);
	/* without one its mail is not for us */
	if (session != NULL && smfi_setpriv(context, session) != MI_SUCCESS)
		miltersession_free(&session);
	return SMFIS_NOREPLY;
}

static sfsistat
on_helo(SMFICTX *context, char *name)
{
	struct miltersession *session = smfi_getpriv(context);

	if (session != NULL && name != NULL)
		miltersession_helo(session, name);
	return SMFIS_NOREPLY;
}

/* The sender, and what is said with it (RFC 5321 section 4.1.1.11). */
static void
take_sender(struct miltersession *session, char **arguments)
{
	static const char size[] = "SIZE=";
	const char *digits = "";
	bool utf8 = false;

	for (size_t i = 1; arguments[i] != NULL; i++) {
		utf8 |= strcasecmp(arguments[i], "SMTPUTF8") == 0;
		if (strncasecmp(arguments[i], size, strlen(size)) == 0)
			digits = arguments[i] + strlen(size);
	}
	miltersession_mail(session, arguments[0], utf8);
	miltersession_size(session, digits);
}

/* Its own address: Postfix and Sendmail have it in macros of other names. */
static void
take_server(SMFICTX *context, struct miltersession *session)
{
	static char postfix[] = "{daemon_addr}", sendmail[] = "{if_addr}";
	char *const macros[] = {postfix, sendmail};

	for (size_t i = 0; i < sizeof(macros) / sizeof(macros[0]); i++) {
		const char *text = smfi_getsymval(context, macros[i]);

		if (text != NULL)
			miltersession_server(session, text);
	}
}

static sfsistat
on_mail(SMFICTX *context, char **arguments)
{
	struct miltersession *session = smfi_getpriv(context);
	static char client_macro[] = "_", user_macro[] = "{auth_authen}";
	const char *client, *user;

	if (session == NULL || arguments[0] == NULL)
		return SMFIS_NOREPLY;
	client = smfi_getsymval(context, client_macro);
	if (client != NULL)
		miltersession_client(session, client);
	user = smfi_getsymval(context, user_macro);
	if (user != NULL && user[0] != '\0')
		miltersession_user(session);
	take_sender(session, arguments);
	take_server(context, session);
	return SMFIS_NOREPLY;
}

static sfsistat
on_rcpt(SMFICTX *context, char **arguments)
{
	struct miltersession *session = smfi_getpriv(context);

	if (session != NULL && arguments[0] != NULL)
		miltersession_rcpt(session, arguments[0]);
	return SMFIS_CONTINUE;
}

static sfsistat
on_data(SMFICTX *context)
{
	struct miltersession *session = smfi_getpriv(context);

	return session != NULL && miltersession_data(session) ? SMFIS_CONTINUE
							      : SMFIS_ACCEPT;
}

static sfsistat
on_header(SMFICTX *context, char *name, char *value)
{
	struct miltersession *session = smfi_getpriv(context);

	if (session != NULL)
		miltersession_header(session, name, value);
	return SMFIS_NOREPLY;
}

static sfsistat
on_end_of_header(SMFICTX *context)
{
	struct miltersession *session = smfi_getpriv(context);

	if (session != NULL)
		miltersession_end_of_header(session);
	return SMFIS_NOREPLY;
}

static sfsistat
on_body(SMFICTX *context, unsigned char *bytes, size_t size)
{
	struct miltersession *session = smfi_getpriv(context);

	if (session != NULL)
		miltersession_body(session, bytes, size);
	return SMFIS_NOREPLY;
}

static void
take_off(SMFICTX *context, const struct miltersession *session)
{
	const char *trap;

	for (size_t i = 0; (trap = miltersession_trap(session, i)) != NULL;
	     i++) {
		char recipient[2048]; /* libmilter takes none to const */

		(void)snprintf(recipient, sizeof(recipient), "%s", trap);
		/* a mail server that does not allow it keeps the trap */
		(void)smfi_delrcpt(context, recipient);
	}
}

static sfsistat
reply(
    SMFICTX *context, const char *code, const char *enhanced, const char *text)
{
	char copy[3][64]; /* as above */

	(void)snprintf(copy[0], sizeof(copy[0]), "%s", code);
	(void)snprintf(copy[1], sizeof(copy[1]), "%s", enhanced);
	(void)snprintf(copy[2], sizeof(copy[2]), "%s", text);
	(void)smfi_setreply(context, copy[0], copy[1], copy[2]);
	return code[0] == '5' ? SMFIS_REJECT : SMFIS_TEMPFAIL;
}

static sfsistat
on_end(SMFICTX *context)
{
	struct miltersession *session = smfi_getpriv(context);

	if (session == NULL)
		return SMFIS_CONTINUE;
	switch (miltersession_end(session)) {
	case MILTER_TAKE_OFF:
		take_off(context, session);
		return SMFIS_CONTINUE;
	case MILTER_DISCARD:
		return SMFIS_DISCARD;
	case MILTER_REFUSE:
		return reply(context, "550", "5.1.1", "No such recipient here");
	case MILTER_TEMPFAIL:
		return reply(context, "451", "4.3.0", "Cannot be kept now");
	case MILTER_PASS:
		break;
	}
	return SMFIS_CONTINUE;
}

static sfsistat
on_abort(SMFICTX *context)
{
	struct miltersession *session = smfi_getpriv(context);

	if (session != NULL)
		miltersession_abort(session);
	return SMFIS_CONTINUE;
}

static sfsistat
on_close(SMFICTX *context)
{
	struct miltersession *session = smfi_getpriv(context);

	miltersession_free(&session);
	(void)smfi_setpriv(context, NULL);
	return SMFIS_CONTINUE;
}

/* --- the socket ---------------------------------------------------------- */

/* As libmilter writes it: "inet:PORT@[ADDRESS]", "unix:PATH". */
static void
write_spec(const struct bs_config_door *door, char spec[SPEC_SIZE])
{
	char address[BS_ADDR_TEXT_MAX];
	const struct bs_endpoint *endpoint = &door->endpoint;

	if (door->path != NULL)
		(void)snprintf(spec, SPEC_SIZE, "unix:%s", door->path);
	else
		(void)snprintf(spec, SPEC_SIZE, "inet%s:%u@[%s]",
		    endpoint->addr.family == BS_IPV6 ? "6" : "", endpoint->port,
		    bs_addr_format(&endpoint->addr, address));
}

static int
register_us(char *spec)
{
	static char name[] = NAME;
	struct smfiDesc description = {
	    .xxfi_name = name,
	    .xxfi_version = SMFI_VERSION,
	    .xxfi_flags = SMFIF_DELRCPT, /* at most: see on_negotiate */
	    .xxfi_connect = on_connect,
	    .xxfi_helo = on_helo,
	    .xxfi_envfrom = on_mail,
	    .xxfi_envrcpt = on_rcpt,
	    .xxfi_header = on_header,
	    .xxfi_eoh = on_end_of_header,
	    .xxfi_body = on_body,
	    .xxfi_eom = on_end,
	    .xxfi_abort = on_abort,
	    .xxfi_close = on_close,
	    .xxfi_data = on_data,
	    .xxfi_negotiate = on_negotiate,
	};

	return smfi_setconn(spec) == MI_SUCCESS &&
		       smfi_register(description) == MI_SUCCESS &&
		       smfi_settimeout(IDLE_S) == MI_SUCCESS &&
		       smfi_setbacklog(BACKLOG) == MI_SUCCESS
		   ? BS_OK
		   : BS_ESYSTEM;
}

/* libmilter tells no reason, so the socket is tried first; BS_OK: it can be
 * bound. */
static int
try_door(const struct bs_log *log, const struct bs_config *config)
{
	const struct bs_config_door *door = &config->milter_listen[0];
	int file = door_open(door);

	if (file < 0) {
		door_complain(log, config->path, "milter.listen", door, errno);
		return BS_ESYSTEM;
	}
	(void)close(file);
	if (door->path != NULL)
		(void)unlink(door->path);
	return BS_OK;
}

/* The mail server is of another group. */
static int
hand_to_group(const struct bs_log *log, const struct bs_config *config)
{
	const char *path = config->milter_listen[0].path;
	const struct group *group;

	if (config->milter_group == NULL)
		return BS_OK;
	group = getgrnam(config->milter_group);
	/* of a link that somebody put there, not of what it leads to */
	if (group != NULL && lchown(path, (uid_t)-1, group->gr_gid) == 0)
		return BS_OK;
	bs_log(log, BS_LOG_ERROR,
	    "%s: milter.group: %s: %s: name a group of this machine that this "
	    "user is a member of, or start as root",
	    config->path, config->milter_group,
	    group == NULL ? "there is no such group" : strerror(errno));
	return BS_ESYSTEM;
}

int
milter_open(const struct bs_log *log, const struct bs_config *config)
{
	const struct bs_config_door *door = &config->milter_listen[0];
	char spec[SPEC_SIZE];
	mode_t old;
	int rc = try_door(log, config);

	if (rc != BS_OK)
		return rc;
	write_spec(door, spec);
	old = umask(0777 & ~UNIX_MODE);
	rc = register_us(spec);
	if (rc == BS_OK && smfi_opensocket(0) != MI_SUCCESS)
		rc = BS_ESYSTEM;
	(void)umask(old);
	if (rc == BS_OK && door->path != NULL &&
	    bs_socketfile_settle(door->path, UNIX_MODE) != 0) {
		door_complain(log, config->path, "milter.listen", door, errno);
		return BS_ESYSTEM;
	}
	if (rc != BS_OK) {
		door_complain(
		    log, config->path, "milter.listen", door, EADDRINUSE);
		return rc;
	}
	return hand_to_group(log, config);
}

void
milter_run(struct milter_shared *shared)
{
	shared_by_all = shared;
	(void)smfi_main();
}
