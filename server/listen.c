/*
 * Tries the endpoints of the configuration, and words what is wrong with them.
 * Called at start and by -t (startup.c).
 */
#include "autoconf.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "listen.h"
#include "udp.h"

void
listen_explain(const struct bs_config *config,
    const struct bs_config_listen *listen, int reason,
    struct bs_message *message)
{
	char endpoint[BS_ENDPOINT_TEXT_MAX];
	unsigned port = listen->endpoint.port;
	struct bs_message what;

	if (reason == EADDRINUSE)
		bs_message_set(&what,
		    "in use: stop the other server (ss -lunp 'sport = %u' "
		    "shows it) or choose another port",
		    port);
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
		bs_message_set(&what, "%s: choose another address or port",
		    strerror(reason));
	(void)bs_endpoint_format(&listen->endpoint, endpoint);
	if (listen->line > 0)
		bs_message_set(message, "%s:%u: listen: %s: %s", config->path,
		    listen->line, endpoint, what.text);
	else /* a default */
		bs_message_set(message, "%s: listen: %s: %s", config->path,
		    endpoint, what.text);
}

/* 0, or the errno of a bind. */
static int
try_bind(const struct bs_endpoint *endpoint, bool share)
{
	int file;

	if (udp_open(endpoint, share, &file) != BS_OK)
		return errno;
	(void)close(file);
	return 0;
}

int
listen_check(const struct bs_config *config, bool running_is_fine,
    bs_config_report *report, void *context)
{
	struct bs_message message;
	int result = BS_OK;

	for (size_t i = 0; i < config->listen_count; i++) {
		const struct bs_config_listen *listen = &config->listen[i];
		int reason = try_bind(&listen->endpoint, false);

		if (reason == EADDRINUSE && running_is_fine)
			reason = try_bind(&listen->endpoint, true);
		if (reason == 0)
			continue;
		listen_explain(config, listen, reason, &message);
		report(context, true, message.text);
		result = BS_ESYSTEM;
	}
	if (config->listen_count == 0) {
		bs_message_set(&message,
		    "%s:1: listen: none configured, so nobody could ask: add "
		    "`listen: [127.0.0.1@53]`",
		    config->path);
		report(context, true, message.text);
		result = BS_ECONFIG;
	}
	return result;
}
