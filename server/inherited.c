/*
 * Looks at the files that socket activation hands over; what is served at them
 * is listeners.c's.  Called by main.c, first of all.
 */
#include "autoconf.h"

#include <sys/socket.h>

#include "activation.h"
#include "inherited.h"

/* Of UDP, or of TCP and listening. */
static bool
find_type(int file, enum netsocket_type *type_r)
{
	int domain = bs_activation_option(file, SO_DOMAIN);
	int type = bs_activation_option(file, SO_TYPE);

	if (domain != AF_INET && domain != AF_INET6)
		return false;
	if (type == SOCK_DGRAM)
		*type_r = NETSOCKET_UDP;
	else if (type == SOCK_STREAM &&
		 bs_activation_option(file, SO_ACCEPTCONN) == 1)
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
	int result = bs_activation_take(log, INHERITED_MAX, &count);

	for (size_t i = 0; result == BS_OK && i < count; i++)
		result =
		    take_one(log, BS_ACTIVATION_FIRST + (int)i, &inherited);
	if (result == BS_OK)
		*inherited_r = inherited;
	return result;
}
