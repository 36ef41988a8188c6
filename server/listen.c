/*
 * Tries the endpoints of the configuration, words what is wrong with them, and
 * opens them.  Called by -t (startup.c) and at the start (listeners.c).
 */
#include "autoconf.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "listen.h"

/* With port 0: how often another port is asked for, since the one that UDP got
 * may be taken for TCP. */
#define PORT_TRIES 16

/* --- words ----------------------------------------------------------------- */

static void
explain_use(enum netsocket_type type, unsigned port, struct bs_message *what)
{
	if (type == NETSOCKET_UDP)
		bs_message_set(what,
		    "in use: stop the other server (ss -lunp 'sport = %u' "
		    "shows it) or choose another port",
		    port);
	else
		bs_message_set(what,
		    "in use for TCP: stop the other server (ss -ltnp 'sport = "
		    "%u' shows it) or choose another port",
		    port);
}

void
listen_explain(const struct bs_config *config,
    const struct bs_config_listen *listen, enum netsocket_type type, int reason,
    struct bs_message *message)
{
	char endpoint[BS_ENDPOINT_TEXT_MAX];
	struct bs_message what;

	if (reason == EADDRINUSE)
		explain_use(type, listen->endpoint.port, &what);
	else if (reason == EACCES || reason == EPERM)
		bs_message_set(&what,
		    "no permission for a port below 1024: start as root, give the "
		    "service CAP_NET_BIND_SERVICE, or choose a higher port");
	else if (reason == EADDRNOTAVAIL)
		bs_message_set(&what,
		    "not an address of this machine: write one of those that "
		    "`ip -brief address` shows");
	else if (reason == EAFNOSUPPORT)
		bs_message_set(&what,
		    "this machine has no IPv%u: remove it, or turn IPv%u on",
		    listen->endpoint.addr.family, listen->endpoint.addr.family);
	else
		bs_message_set(&what, "%s: %s: choose another address or port",
		    netsocket_type_name(type), strerror(reason));
	(void)bs_endpoint_format(&listen->endpoint, endpoint);
	if (listen->line > 0)
		bs_message_set(message, "%s:%u: listen: %s: %s", config->path,
		    listen->line, endpoint, what.text);
	else /* a default */
		bs_message_set(message, "%s: listen: %s: %s", config->path,
		    endpoint, what.text);
}

/* --- trying ---------------------------------------------------------------- */

/* 0, or the errno of a bind. */
static int
try_bind(
    enum netsocket_type type, const struct bs_endpoint *endpoint, bool share)
{
	int file;

	if (netsocket_open(type, endpoint, share, &file) != BS_OK)
		return errno;
	(void)close(file);
	return 0;
}

/* UDP, then TCP: who has a port has both as a rule, and one line is enough. */
static int
check_endpoint(const struct bs_config *config,
    const struct bs_config_listen *listen, bs_config_report *report,
    void *context)
{
	struct bs_message message;

	for (int type = NETSOCKET_UDP; type <= NETSOCKET_TCP; type++) {
		int reason = try_bind(type, &listen->endpoint, false);

		if (reason == EADDRINUSE)
			reason = try_bind(type, &listen->endpoint, true);
		if (reason == 0)
			continue;
		listen_explain(config, listen, type, reason, &message);
		report(context, true, message.text);
		return BS_ESYSTEM;
	}
	return BS_OK;
}

int
listen_check(
    const struct bs_config *config, bs_config_report *report, void *context)
{
	struct bs_message message;
	int result = BS_OK;

	for (size_t i = 0; i < config->listen_count; i++) {
		if (check_endpoint(
			config, &config->listen[i], report, context) != BS_OK)
			result = BS_ESYSTEM;
	}
	if (config->listen_count == 0) {
		bs_message_set(&message, LISTEN_NONE, config->path);
		report(context, true, message.text);
		result = BS_ECONFIG;
	}
	return result;
}

/* --- opening --------------------------------------------------------------- */

static int
open_tcp(const struct bs_endpoint *endpoint, bool share, int *file_r)
{
	int file;

	if (netsocket_open(NETSOCKET_TCP, endpoint, share, &file) != BS_OK)
		return BS_ESYSTEM;
	if (netsocket_listen(file) != BS_OK)
		return netsocket_give_up(file);
	*file_r = file;
	return BS_OK;
}

int
listen_open_one(enum netsocket_type type, const struct bs_endpoint *endpoint,
    bool share, int *file_r)
{
	int result = type == NETSOCKET_TCP
			 ? open_tcp(endpoint, share, file_r)
			 : netsocket_open(type, endpoint, share, file_r);

	if (result == BS_OK)
		(void)netsocket_share(*file_r);
	return result;
}

/* Both, on the port that UDP got. */
static int
open_both(struct bs_endpoint *endpoint, bool share,
    struct listen_files *files_r, enum netsocket_type *failed_r)
{
	struct bs_endpoint got = *endpoint;
	struct listen_files files;

	*failed_r = NETSOCKET_UDP;
	if (netsocket_open(NETSOCKET_UDP, endpoint, share, &files.udp) != BS_OK)
		return BS_ESYSTEM;
	(void)netsocket_endpoint(files.udp, &got);
	*failed_r = NETSOCKET_TCP;
	if (open_tcp(&got, share, &files.tcp) != BS_OK)
		return netsocket_give_up(files.udp);
	(void)netsocket_share(files.udp);
	(void)netsocket_share(files.tcp);
	*endpoint = got;
	*files_r = files;
	return BS_OK;
}

int
listen_open(struct bs_endpoint *endpoint, bool share,
    struct listen_files *files_r, enum netsocket_type *failed_r)
{
	int tries = endpoint->port == 0 ? PORT_TRIES : 1;
	int result;

	do
		result = open_both(endpoint, share, files_r, failed_r);
	while (result != BS_OK && errno == EADDRINUSE && --tries > 0);
	return result;
}

void
listen_close(const struct listen_files *files)
{
	if (files->udp >= 0)
		(void)close(files->udp);
	if (files->tcp >= 0)
		(void)close(files->tcp);
}
