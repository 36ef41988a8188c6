/*
 * Socket activation.  The variables are read and the files looked at; what is
 * served at them is listeners.c's.  Called by main.c, first of all.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "inherited.h"

/* A decimal number of up to nine digits. */
static bool
read_number(const char *text, long *number_r)
{
	size_t size = strlen(text);
	long number = 0;

	if (size == 0 || size > 9)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = number * 10 + (text[i] - '0');
	}
	*number_r = number;
	return true;
}

int
inherited_count(
    const char *pid_text, const char *count_text, long pid, size_t *count_r)
{
	long whose, count;

	*count_r = 0;
	if (pid_text == NULL || count_text == NULL)
		return BS_OK;
	if (!read_number(pid_text, &whose) || !read_number(count_text, &count))
		return BS_EINVAL;
	if (whose != pid)
		return BS_OK;
	if ((size_t)count > INHERITED_MAX)
		return BS_ERANGE;
	*count_r = (size_t)count;
	return BS_OK;
}

static int
get_option(int file, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	if (getsockopt(file, SOL_SOCKET, option, &value, &size) != 0)
		return -1;
	return value;
}

/* Of UDP, or of TCP and listening. */
static bool
find_type(int file, enum netsocket_type *type_r)
{
	int domain = get_option(file, SO_DOMAIN);
	int type = get_option(file, SO_TYPE);

	if (domain != AF_INET && domain != AF_INET6)
		return false;
	if (type == SOCK_DGRAM)
		*type_r = NETSOCKET_UDP;
	else if (type == SOCK_STREAM && get_option(file, SO_ACCEPTCONN) == 1)
		*type_r = NETSOCKET_TCP;
	else
		return false;
	return true;
}

const struct inherited_endpoint *
inherited_find(
    const struct inherited *inherited, const struct bs_endpoint *endpoint)
{
	for (size_t i = 0; i < inherited->count; i++) {
		const struct inherited_endpoint *item = &inherited->item[i];

		if (item->endpoint.port == endpoint->port &&
		    bs_addr_compare(&item->endpoint.addr, &endpoint->addr) == 0)
			return item;
	}
	return NULL;
}

/* The item of an endpoint, a new one where there is none; NULL: no room. */
static struct inherited_endpoint *
item_of(struct inherited *inherited, const struct bs_endpoint *endpoint)
{
	for (size_t i = 0; i < inherited->count; i++) {
		struct inherited_endpoint *item = &inherited->item[i];

		if (inherited_find(inherited, endpoint) == item)
			return item;
	}
	if (inherited->count == BS_CONFIG_LISTEN_MAX)
		return NULL;
	inherited->item[inherited->count] = (struct inherited_endpoint){
	    .endpoint = *endpoint, .files = {-1, -1}};
	return &inherited->item[inherited->count++];
}

static int
take_one(const struct bs_log *log, int file, struct inherited *inherited)
{
	enum netsocket_type type;
	struct bs_endpoint endpoint;
	struct inherited_endpoint *item;
	int *place;

	if (!find_type(file, &type) ||
	    netsocket_endpoint(file, &endpoint) != BS_OK) {
		bs_log(log, BS_LOG_ERROR,
		    "socket activation: file %d is no socket of UDP or "
		    "listening TCP: have the socket unit name addresses with "
		    "ListenDatagram= and ListenStream=",
		    file);
		return BS_ECONFIG;
	}
	item = item_of(inherited, &endpoint);
	place = item == NULL            ? NULL
		: type == NETSOCKET_UDP ? &item->files.udp
					: &item->files.tcp;
	if (place == NULL || *place >= 0 ||
	    netsocket_adopt(type, file, &endpoint) != BS_OK) {
		char text[BS_ENDPOINT_TEXT_MAX];

		bs_log(log, BS_LOG_ERROR,
		    "socket activation: %s at %s is there twice, or can't be "
		    "used: name each address once in the socket unit",
		    netsocket_type_name(type),
		    bs_endpoint_format(&endpoint, text));
		return BS_ECONFIG;
	}
	*place = file;
	return BS_OK;
}

int
inherited_take(const struct bs_log *log, struct inherited *inherited_r)
{
	struct inherited inherited = {0};
	size_t count;
	int result = inherited_count(
	    getenv("LISTEN_PID"), getenv("LISTEN_FDS"), (long)getpid(), &count);

	if (result != BS_OK) {
		bs_log(log, BS_LOG_ERROR,
		    "socket activation: LISTEN_PID and LISTEN_FDS: %s: unset "
		    "them, or hand over at most %zu sockets",
		    bs_strerror(result), INHERITED_MAX);
		return BS_ECONFIG;
	}
	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_FDNAMES");
	for (size_t i = 0; i < count && result == BS_OK; i++)
		result = take_one(log, INHERITED_FIRST + (int)i, &inherited);
	if (result == BS_OK)
		*inherited_r = inherited;
	return result;
}
