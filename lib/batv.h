/*
 * Tags of envelope senders: BATV's prvs (draft-levine-smtp-batv-01), by which
 * a bounce shows that it answers mail of ours:
 *
 *	prvs=KDDDSSSSSS=local@domain	also prvs=local=KDDDSSSSSS@domain
 *
 * K is the digit of a key, DDD the last day on which the tag holds (days since
 * 1970, modulo 1000), SSSSSS the first three octets of HMAC-SHA-1 under that
 * key of K, DDD and the address, in hexadecimal: what Exim's ${prvs makes.
 *
 * Pure: keys come from tagkeys.c, how often a tag was seen is the store's to
 * count.
 */
#ifndef BS_BATV_H
#define BS_BATV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "error.h"
#include "keyhash.h"
#include "tagkeys.h"

#define BS_TAG_DAYS 7           /* a tag holds so long */
#define BS_TAG_USES_MAX 1000    /* the most that `tag.uses` may say */
#define BS_BATV_ADDRESS_MAX 320 /* RFC 5321 section 4.5.3.1: 64 + 1 + 255 */
#define BS_BATV_LOCAL_MAX 64
#define BS_BATV_PREFIX_SIZE 16 /* "prvs=KDDDSSSSSS=" */

/* What a tag says that one of our keys made. */
struct bs_tag {
	uint8_t digit;
	uint16_t day;                /* its last one, modulo 1000 */
	uint8_t id[BS_KEYHASH_SIZE]; /* the same for the same tag, tells
					nothing of it */
};

enum bs_batv_form {
	BS_BATV_PLAIN,   /* prvs=KDDDSSSSSS=local@domain */
	BS_BATV_SWAPPED, /* prvs=local=KDDDSSSSSS@domain */
};

/* An address taken apart. */
struct bs_batv {
	enum bs_batv_form form;
	uint8_t digit;
	uint16_t day;
	char mac[7];                           /* lower case */
	char address[BS_BATV_ADDRESS_MAX + 1]; /* without tag, as written */
};

/* Takes an address of `size` bytes apart in one form; false where it is none.
 * Nothing is checked but its form. */
bool bs_batv_split(const char *address, size_t size, enum bs_batv_form form,
    struct bs_batv *batv_r);

/*
 * Takes the tag off an address, in place, whichever form it has and whoever
 * made it; without one it stays as it is.
 */
void bs_batv_strip(char *address);

/*
 * Whether one of the keys made the tag of an address, of whatever age; letters
 * may have become lower case on the way.  False: no tag, or not ours.
 */
bool bs_batv_check(const struct bs_tag_keys *keys, const char *address,
    size_t size, struct bs_tag *tag_r);

/*
 * Tags an address with the newest key, to hold for BS_TAG_DAYS days after
 * `now_s`.  BS_EINVAL: no address; BS_EEXIST: it has a tag; BS_ETOOLONG: its
 * local part would pass 64 octets; BS_ENOTFOUND: no key; BS_ESYSTEM.
 */
int bs_batv_make(const struct bs_tag_keys *keys, const char *address,
    uint32_t now_s, enum bs_batv_form form,
    char tagged_r[BS_BATV_ADDRESS_MAX + 1]);

/* The day that a tag made at that time holds to. */
uint16_t bs_tag_last_day(uint32_t time_s);

/* Whether a tag still holds, and not for longer than ours do, at that time. */
bool bs_tag_holds(const struct bs_tag *tag, uint32_t time_s);

/* The key of a digit, or NULL. */
const struct bs_tag_key *bs_tag_key_of(
    const struct bs_tag_keys *keys, uint8_t digit);

/* The id of a tag: a keyed hash of what it was made for. */
int bs_tag_id(const struct bs_tag_key *key, const char *what, size_t size,
    uint8_t id_r[BS_KEYHASH_SIZE]);

#endif
