/*
 * Makes, reads and checks prvs tags.  The feeder asks whether a bounce's
 * recipient was ours; backstopctl tag makes and checks them for people and
 * scripts.  headertag.c has the other kind of tag and shares days and ids.
 */
#include "autoconf.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "batv.h"
#include "clock.h"
#include "utf8.h"

#define DAYS 1000u /* the days of tags are counted modulo this */
#define TAG_SIZE 10
#define MAC_OCTETS 3

static const char prefix[] = "prvs=";

/* --- days, keys, ids ------------------------------------------------------ */

uint16_t
bs_tag_last_day(uint32_t time_s)
{
	return (uint16_t)((time_s / BS_DAY_S + BS_TAG_DAYS) % DAYS);
}

bool
bs_tag_holds(const struct bs_tag *tag, uint32_t time_s)
{
	unsigned today = time_s / BS_DAY_S % DAYS;

	return (tag->day + DAYS - today) % DAYS <= BS_TAG_DAYS;
}

const struct bs_tag_key *
bs_tag_key_of(const struct bs_tag_keys *keys, uint8_t digit)
{
	for (size_t i = 0; i < keys->count; i++) {
		if (keys->key[i].digit == digit)
			return &keys->key[i];
	}
	return NULL;
}

int
bs_tag_id(const struct bs_tag_key *key, const char *what, size_t size,
    uint8_t id_r[BS_KEYHASH_SIZE])
{
	static const char domain[] = "tag id";
	char text[sizeof(domain) + BS_BATV_PREFIX_SIZE + 2048];
	uint8_t mac[BS_HMAC_SHA256_SIZE];
	struct bs_bytes secret = {key->secret, strlen(key->secret)};

	if (size > sizeof(text) - sizeof(domain))
		return BS_ETOOLONG;
	memcpy(text, domain, sizeof(domain));
	memcpy(text + sizeof(domain), what, size);
	if (bs_hmac_sha256(secret,
		(struct bs_bytes){text, sizeof(domain) + size}, mac) != BS_OK)
		return BS_ESYSTEM;
	memcpy(id_r, mac, BS_KEYHASH_SIZE);
	return BS_OK;
}

/* --- taking apart --------------------------------------------------------- */

/* Whether "KDDDSSSSSS" stands there. */
static bool
is_tag(const char *text)
{
	for (int i = 0; i < TAG_SIZE; i++) {
		if (i < 4 ? !isdigit((unsigned char)text[i])
			  : !isxdigit((unsigned char)text[i]))
			return false;
	}
	return true;
}

static void
read_tag(const char *text, struct bs_batv *batv)
{
	batv->digit = (uint8_t)(text[0] - '0');
	batv->day = (uint16_t)((text[1] - '0') * 100 + (text[2] - '0') * 10 +
			       (text[3] - '0'));
	for (size_t i = 0; i < sizeof(batv->mac) - 1; i++)
		batv->mac[i] = (char)tolower((unsigned char)text[4 + i]);
	batv->mac[sizeof(batv->mac) - 1] = '\0';
}

/* What an address consists of; the local part without "prvs=". */
struct parts {
	const char *local, *domain; /* domain with its @ */
	size_t local_size, domain_size;
};

static bool
find_parts(const char *address, size_t size, struct parts *parts_r)
{
	const char *at = memrchr(address, '@', size);
	size_t skip = sizeof(prefix) - 1;

	if (at == NULL || size > BS_BATV_ADDRESS_MAX ||
	    memchr(address, '\0', size) != NULL ||
	    (size_t)(at - address) < skip + TAG_SIZE + 2 ||
	    at + 1 == address + size || strncasecmp(address, prefix, skip) != 0)
		return false;
	parts_r->local = address + skip;
	parts_r->local_size = (size_t)(at - address) - skip;
	parts_r->domain = at;
	parts_r->domain_size = size - (size_t)(at - address);
	return true;
}

bool
bs_batv_split(const char *address, size_t size, enum bs_batv_form form,
    struct bs_batv *batv_r)
{
	struct parts parts;
	const char *tag, *bare, *sign;
	size_t bare_size;

	if (!find_parts(address, size, &parts))
		return false;
	bare_size = parts.local_size - TAG_SIZE - 1;
	if (form == BS_BATV_PLAIN) {
		tag = parts.local;
		sign = tag + TAG_SIZE;
		bare = sign + 1;
	} else {
		bare = parts.local;
		sign = bare + bare_size;
		tag = sign + 1;
	}
	if (*sign != '=' || !is_tag(tag))
		return false;
	batv_r->form = form;
	read_tag(tag, batv_r);
	memcpy(batv_r->address, bare, bare_size);
	memcpy(batv_r->address + bare_size, parts.domain, parts.domain_size);
	batv_r->address[bare_size + parts.domain_size] = '\0';
	return true;
}

void
bs_batv_strip(char *address)
{
	struct bs_batv batv;
	size_t size = strlen(address);

	if (bs_batv_split(address, size, BS_BATV_PLAIN, &batv) ||
	    bs_batv_split(address, size, BS_BATV_SWAPPED, &batv))
		memcpy(address, batv.address, strlen(batv.address) + 1);
}

/* --- making and checking -------------------------------------------------- */

/* The tag's ten characters for an address. */
static int
make_tag(const struct bs_tag_key *key, uint16_t day, const char *address,
    char tag_r[TAG_SIZE + 1])
{
	char text[4 + BS_BATV_ADDRESS_MAX + 1];
	uint8_t mac[BS_HMAC_SHA1_SIZE];
	int size = snprintf(
	    text, sizeof(text), "%u%03u%s", key->digit, day % DAYS, address);

	if (size < 0 || (size_t)size >= sizeof(text))
		return BS_ETOOLONG;
	if (bs_hmac_sha1((struct bs_bytes){key->secret, strlen(key->secret)},
		(struct bs_bytes){text, (size_t)size}, mac) != BS_OK)
		return BS_ESYSTEM;
	memcpy(tag_r, text, 4);
	for (size_t i = 0; i < MAC_OCTETS; i++)
		(void)snprintf(tag_r + 4 + 2 * i, 3, "%02x", mac[i]);
	return BS_OK;
}

/* Whether the key made it for exactly this address. */
static bool
is_made_for(const struct bs_tag_key *key, const struct bs_batv *batv,
    const char *address)
{
	char tag[TAG_SIZE + 1];

	return make_tag(key, batv->day, address, tag) == BS_OK &&
	       bs_secret_equal(tag + 4, batv->mac, sizeof(batv->mac) - 1);
}

/* As written, with its domain in lower case, and all of it. */
static bool
check_split(const struct bs_tag_keys *keys, const struct bs_batv *batv,
    struct bs_tag *tag_r)
{
	const struct bs_tag_key *key = bs_tag_key_of(keys, batv->digit);
	struct bs_tag tag = {.digit = batv->digit, .day = batv->day};
	char address[BS_BATV_ADDRESS_MAX + 1];
	char what[TAG_SIZE + 2 + BS_BATV_ADDRESS_MAX];
	bool made;

	if (key == NULL)
		return false;
	memcpy(address, batv->address, sizeof(address));
	made = is_made_for(key, batv, address);
	if (!made) {
		bs_utf8_lower(strrchr(address, '@'));
		made = is_made_for(key, batv, address);
	}
	bs_utf8_lower(address);
	made = made || is_made_for(key, batv, address);
	(void)snprintf(what, sizeof(what), "%u%03u%s=%s", batv->digit,
	    batv->day, batv->mac, address);
	if (!made || bs_tag_id(key, what, strlen(what), tag.id) != BS_OK)
		return false;
	*tag_r = tag;
	return true;
}

bool
bs_batv_check(const struct bs_tag_keys *keys, const char *address, size_t size,
    struct bs_tag *tag_r)
{
	struct bs_batv batv;

	if (bs_batv_split(address, size, BS_BATV_PLAIN, &batv) &&
	    check_split(keys, &batv, tag_r))
		return true;
	return bs_batv_split(address, size, BS_BATV_SWAPPED, &batv) &&
	       check_split(keys, &batv, tag_r);
}

/* LOCAL@DOMAIN of printable characters; *local_size_r. */
static bool
is_address(const char *address, size_t *local_size_r)
{
	const char *at = strrchr(address, '@');

	if (at == NULL || at == address || at[1] == '\0' ||
	    strlen(address) > BS_BATV_ADDRESS_MAX)
		return false;
	for (const char *p = address; *p != '\0'; p++) {
		if (!isgraph((unsigned char)*p) || strchr("<>\"\\,;", *p))
			return false;
	}
	*local_size_r = (size_t)(at - address);
	return true;
}

int
bs_batv_make(const struct bs_tag_keys *keys, const char *address,
    uint32_t now_s, enum bs_batv_form form,
    char tagged_r[BS_BATV_ADDRESS_MAX + 1])
{
	char tag[TAG_SIZE + 1], bare[BS_BATV_ADDRESS_MAX + 1];
	char text[BS_BATV_ADDRESS_MAX + BS_BATV_PREFIX_SIZE + 1];
	size_t local_size;
	int error;

	if (!is_address(address, &local_size))
		return BS_EINVAL;
	(void)snprintf(bare, sizeof(bare), "%s", address);
	bs_batv_strip(bare);
	if (strcmp(bare, address) != 0)
		return BS_EEXIST;
	if (local_size + BS_BATV_PREFIX_SIZE > BS_BATV_LOCAL_MAX ||
	    strlen(address) + BS_BATV_PREFIX_SIZE > BS_BATV_ADDRESS_MAX)
		return BS_ETOOLONG;
	if (keys->count == 0)
		return BS_ENOTFOUND;
	bs_utf8_lower(strrchr(bare, '@'));
	error = make_tag(&keys->key[0], bs_tag_last_day(now_s), bare, tag);
	if (error != BS_OK)
		return error;
	if (form == BS_BATV_PLAIN)
		(void)snprintf(
		    text, sizeof(text), "%s%s=%s", prefix, tag, bare);
	else
		(void)snprintf(text, sizeof(text), "%s%.*s=%s%s", prefix,
		    (int)local_size, bare, tag, bare + local_size);
	memcpy(tagged_r, text, strlen(text) + 1); /* checked above: fits */
	return BS_OK;
}
