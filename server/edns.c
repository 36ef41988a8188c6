/*
 * OPT records.  A query's options are read for those that the server knows,
 * others are passed over (RFC 6891 section 6.1.2).  What a cookie is worth is
 * decided elsewhere (respond.c).  Called by query.c and answer.c.
 */
#include "autoconf.h"

#include <string.h>

#include "bytes.h"

#include "edns.h"

enum option {
	OPTION_NSID = 3,    /* RFC 5001 */
	OPTION_COOKIE = 10, /* RFC 7873 */
	OPTION_ERROR = 15,  /* RFC 8914 */
};

#define OPTION_HEAD 4
#define ERROR_SIZE (OPTION_HEAD + 2)

/* --- reading --------------------------------------------------------------- */

static void
note_option(
    uint16_t option, const uint8_t *data, uint16_t size, struct edns *edns)
{
	if (option == OPTION_NSID) {
		edns->nsid = true;
	} else if (option == OPTION_COOKIE && edns->cookie == NULL) {
		/* others behind the first are ignored: RFC 7873 section 5.2 */
		edns->cookie = data;
		edns->cookie_size = size;
	}
}

enum dns_rcode
edns_parse(uint16_t class, uint32_t ttl, const uint8_t *data, size_t size,
    struct edns *edns_r)
{
	*edns_r = (struct edns){
	    .present = true,
	    .size = class,
	    .dnssec_ok = (ttl >> 15 & 1) != 0,
	};
	if ((ttl >> 16 & 0xff) != 0)
		return DNS_BADVERS;
	while (size >= OPTION_HEAD) {
		uint16_t option_size = bs_get_be16(data + 2);

		if (option_size > size - OPTION_HEAD)
			return DNS_FORMERR;
		note_option(
		    bs_get_be16(data), data + OPTION_HEAD, option_size, edns_r);
		data += OPTION_HEAD + option_size;
		size -= OPTION_HEAD + (size_t)option_size;
	}
	return size == 0 ? DNS_NOERROR : DNS_FORMERR;
}

/* --- writing --------------------------------------------------------------- */

static uint8_t *
put_option(uint8_t *at, enum option option, const void *data, size_t size)
{
	bs_put_be16(at, (uint16_t)option);
	bs_put_be16(at + 2, (uint16_t)size);
	memcpy(at + OPTION_HEAD, data, size);
	return at + OPTION_HEAD + size;
}

size_t
edns_reply_size(const struct edns_reply *reply)
{
	size_t size = DNS_OPT_SIZE;

	if (reply->nsid != NULL)
		size += OPTION_HEAD + strlen(reply->nsid);
	if (reply->cookie != NULL)
		size += OPTION_HEAD + COOKIE_SIZE;
	return size;
}

size_t
edns_write(const struct edns_reply *reply, enum dns_rcode rcode, uint8_t *bytes,
    size_t room)
{
	uint8_t *at = bytes + DNS_OPT_SIZE;
	uint8_t error[2];

	memset(bytes, 0, DNS_OPT_SIZE); /* the root's name, version 0, no Z */
	bs_put_be16(bytes + 1, DNS_OPT);
	bs_put_be16(bytes + 3, reply->size);
	bytes[5] = (uint8_t)(rcode >> 4);
	bytes[7] = reply->dnssec_ok ? DNS_OPT_DO : 0;
	if (reply->nsid != NULL)
		at = put_option(
		    at, OPTION_NSID, reply->nsid, strlen(reply->nsid));
	if (reply->cookie != NULL)
		at = put_option(at, OPTION_COOKIE, reply->cookie, COOKIE_SIZE);
	if (reply->error != EDNS_ERROR_NONE &&
	    room - (size_t)(at - bytes) >= ERROR_SIZE) {
		bs_put_be16(error, (uint16_t)reply->error);
		at = put_option(at, OPTION_ERROR, error, sizeof(error));
	}
	bs_put_be16(bytes + 9, (uint16_t)(at - bytes - DNS_OPT_SIZE));
	return (size_t)(at - bytes);
}
