/*
 * The keys of tags, by which mail that comes back is known as our own: a text
 * file of mode 0600 with a key a line, the newest first:
 *
 *	3: 5f0c4e2b9d61a7f83e15c09a42b7d6ee 2026-11-25T21:10:00Z
 *
 * A digit that stands in each tag, the secret as it is used (its letters, not
 * what they may stand for as hexadecimal digits, so that Exim's ${prvs and
 * others work with the same key), and when it was made.  The first one makes
 * tags, all check them.  # begins a comment.
 */
#ifndef BS_TAGKEYS_H
#define BS_TAGKEYS_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define BS_TAG_KEYS_MAX 10  /* as many as there are digits */
#define BS_TAG_SECRET_MIN 8 /* printable ASCII, no blanks */
#define BS_TAG_SECRET_MAX 64
#define BS_TAG_KEYS_TEXT_MAX 4096 /* of the file */
/* A key that a newer one replaced is kept so long: its tags hold for a week,
 * and mail may be scanned late. */
#define BS_TAG_KEY_KEPT_S (30u * 24 * 60 * 60)
/* A digit is not used again while tags of its last key hold. */
#define BS_TAG_KEY_REST_S (8u * 24 * 60 * 60)

struct bs_tag_key {
	uint8_t digit;
	uint32_t made_s;
	char secret[BS_TAG_SECRET_MAX + 1];
};

struct bs_tag_keys {
	size_t count;
	struct bs_tag_key key[BS_TAG_KEYS_MAX]; /* the newest first */
};

/*
 * Reads the file's text; `path` is for messages only.  Pure.  BS_EINVAL with
 * "PATH:LINE: what is wrong: what to write" in *message.
 */
int bs_tag_keys_parse(const char *path, const char *text, size_t size,
    struct bs_tag_keys *keys_r, struct bs_message *message);

/*
 * Reads the file.  BS_ENOTFOUND: there is none, no message then; BS_EACCES:
 * others may read it, or we may not; BS_EINVAL; `message` says why and what to
 * do.
 */
int bs_tag_keys_load(
    const char *path, struct bs_tag_keys *keys_r, struct bs_message *message);

/*
 * Puts a fresh key of the next digit before the others and drops those whose
 * time is over.  Pure but for getrandom.  BS_EBUSY: the digit's last key was
 * replaced less than BS_TAG_KEY_REST_S ago; BS_ESYSTEM: no random bytes.
 */
int bs_tag_keys_rotate(struct bs_tag_keys *keys, uint32_t now_s);

/* Writes the file anew, mode 0600, by rename; made by root it belongs to whom
 * its folder belongs.  `message` as for bs_tag_keys_load. */
int bs_tag_keys_save(const char *path, const struct bs_tag_keys *keys,
    struct bs_message *message);

/* When a newer key replaced key[index]; UINT32_MAX for the newest. */
uint32_t bs_tag_key_replaced_s(const struct bs_tag_keys *keys, size_t index);

/* Overwrites the secrets in memory. */
void bs_tag_keys_wipe(struct bs_tag_keys *keys);

#endif
