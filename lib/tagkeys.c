/*
 * The file of tag keys: read, rotated, written.  What is made of a key is in
 * batv.c and headertag.c; who may rotate, and when, is the operator's to say
 * (backstopctl tag key).
 */
#include "autoconf.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "clock.h"
#include "secretfile.h"
#include "tagkeys.h"

#define SECRET_OCTETS 16

/* --- the text ------------------------------------------------------------- */

/* A line of the text, and what is said about it. */
struct reading {
	const char *path;
	unsigned line;
	struct bs_message *message;
};

static int
refuse(const struct reading *reading, const char *what)
{
	bs_message_set(reading->message, "%.600s:%u: %s", reading->path,
	    reading->line, what);
	return BS_EINVAL;
}

static bool
is_secret(const char *word, size_t size)
{
	if (size < BS_TAG_SECRET_MIN || size > BS_TAG_SECRET_MAX)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (!isgraph((unsigned char)word[i]))
			return false;
	}
	return true;
}

/* Reads "3: SECRET TIME" into the next key. */
static int
read_key(
    const struct reading *reading, const char *line, struct bs_tag_keys *keys)
{
	struct bs_tag_key key = {0};
	char time[BS_TIME_TEXT_MAX] = "";
	size_t secret_size;

	if (!isdigit((unsigned char)line[0]) || line[1] != ':')
		return refuse(reading,
		    "no key: write DIGIT: SECRET TIME, or # before a comment");
	key.digit = (uint8_t)(line[0] - '0');
	line += 2 + strspn(line + 2, " \t");
	secret_size = strcspn(line, " \t");
	if (!is_secret(line, secret_size))
		return refuse(reading,
		    "the secret must be 8 to 64 letters, digits or signs: put "
		    "one in, or have one made by backstopctl tag key rotate");
	memcpy(key.secret, line, secret_size);
	line += secret_size + strspn(line + secret_size, " \t");
	(void)snprintf(time, sizeof(time), "%s", line);
	if (strlen(line) >= sizeof(time) ||
	    bs_time_parse(time, &key.made_s) != BS_OK)
		return refuse(reading,
		    "the time when the key was made is missing: write it as "
		    "2026-11-25T21:10:00Z");
	for (size_t i = 0; i < keys->count; i++) {
		if (keys->key[i].digit == key.digit)
			return refuse(reading,
			    "a second key of the same digit: take one out");
	}
	if (keys->count > 0 && key.made_s > keys->key[keys->count - 1].made_s)
		return refuse(reading,
		    "newer than the key above it: put the newest first");
	keys->key[keys->count++] = key; /* a digit each: there is room */
	return BS_OK;
}

/* Copies the next line, without what blanks it ends with; false at the end. */
static bool
next_line(const char **text, const char *end, char line[256])
{
	const char *stop;
	size_t size;

	if (*text >= end)
		return false;
	stop = memchr(*text, '\n', (size_t)(end - *text));
	if (stop == NULL)
		stop = end;
	size = (size_t)(stop - *text);
	if (size > 255)
		size = 255;
	memcpy(line, *text, size);
	while (size > 0 && isspace((unsigned char)line[size - 1]))
		size--;
	line[size] = '\0';
	*text = stop + 1;
	return true;
}

int
bs_tag_keys_parse(const char *path, const char *text, size_t size,
    struct bs_tag_keys *keys_r, struct bs_message *message)
{
	struct reading reading = {.path = path, .message = message};
	struct bs_tag_keys keys = {0};
	const char *end = text + size;
	char line[256];
	int error = BS_OK;

	while (error == BS_OK && next_line(&text, end, line)) {
		reading.line++;
		if (line[0] != '\0' && line[0] != '#')
			error = read_key(&reading, line, &keys);
	}
	explicit_bzero(line, sizeof(line));
	if (error == BS_OK && keys.count == 0) {
		bs_message_set(message,
		    "%.600s: no key in it: make one by `backstopctl tag key "
		    "rotate`",
		    path);
		error = BS_EINVAL;
	}
	if (error == BS_OK)
		*keys_r = keys;
	bs_tag_keys_wipe(&keys);
	return error;
}

/* --- the file ------------------------------------------------------------- */

static int
read_file(int fd, const char *path, struct bs_tag_keys *keys_r,
    struct bs_message *message)
{
	char text[BS_TAG_KEYS_TEXT_MAX + 1];
	ssize_t size = pread(fd, text, sizeof(text), 0);
	int error;

	if (size < 0) {
		error = bs_secretfile_fail(
		    path, "not readable", "check the disk", message);
	} else if (size > BS_TAG_KEYS_TEXT_MAX) {
		bs_message_set(message,
		    "%.600s: longer than %d bytes: take out comments and old "
		    "keys",
		    path, BS_TAG_KEYS_TEXT_MAX);
		error = BS_EINVAL;
	} else {
		error = bs_tag_keys_parse(
		    path, text, (size_t)size, keys_r, message);
	}
	explicit_bzero(text, sizeof(text));
	return error;
}

int
bs_tag_keys_load(
    const char *path, struct bs_tag_keys *keys_r, struct bs_message *message)
{
	int fd, error = bs_secretfile_open(path, "the tag keys", &fd, message);

	if (error != BS_OK)
		return error;
	error = read_file(fd, path, keys_r, message);
	(void)close(fd);
	return error;
}

/* Writes a key a line. */
static bool
write_keys(int fd, const void *context)
{
	const struct bs_tag_keys *keys = context;
	char text[BS_TAG_KEYS_TEXT_MAX] =
	    "# Keys of Backstop's tags, the newest first: keep them secret.\n";
	char time[BS_TIME_TEXT_MAX];
	size_t size = strlen(text);
	ssize_t written;

	for (size_t i = 0; i < keys->count; i++)
		size += (size_t)snprintf(text + size, sizeof(text) - size,
		    "%u: %s %s\n", keys->key[i].digit, keys->key[i].secret,
		    bs_time_format(keys->key[i].made_s, time));
	written = write(fd, text, size);
	explicit_bzero(text, sizeof(text));
	if (written >= 0 && written != (ssize_t)size)
		errno = ENOSPC;
	return written == (ssize_t)size && fsync(fd) == 0;
}

int
bs_tag_keys_save(const char *path, const struct bs_tag_keys *keys,
    struct bs_message *message)
{
	const struct bs_secretfile_making making = {
	    .write = write_keys, .context = keys, .replaces = true};

	if (bs_secretfile_make(path, &making))
		return BS_OK;
	return bs_secretfile_fail(path, "the tag keys can't be written",
	    "its folder must exist, be writable and have space", message);
}

/* --- rotation ------------------------------------------------------------- */

uint32_t
bs_tag_key_replaced_s(const struct bs_tag_keys *keys, size_t index)
{
	return index == 0 ? UINT32_MAX : keys->key[index - 1].made_s;
}

/* Keys that were replaced long ago go, from the oldest on. */
static void
drop_old(struct bs_tag_keys *keys, uint32_t now_s)
{
	while (keys->count > 1) {
		uint32_t replaced_s =
		    bs_tag_key_replaced_s(keys, keys->count - 1);

		if (replaced_s > now_s ||
		    now_s - replaced_s < BS_TAG_KEY_KEPT_S)
			return;
		keys->count--;
	}
}

/* Takes out the key of a digit; false where its tags may still hold. */
static bool
free_digit(struct bs_tag_keys *keys, uint8_t digit, uint32_t now_s)
{
	for (size_t i = 0; i < keys->count; i++) {
		uint32_t replaced_s = bs_tag_key_replaced_s(keys, i);

		if (keys->key[i].digit != digit)
			continue;
		if (replaced_s > now_s ||
		    now_s - replaced_s < BS_TAG_KEY_REST_S)
			return false;
		memmove(&keys->key[i], &keys->key[i + 1],
		    (keys->count - i - 1) * sizeof(keys->key[0]));
		keys->count--;
		return true;
	}
	return true;
}

static int
make_secret(char secret[BS_TAG_SECRET_MAX + 1])
{
	uint8_t octets[SECRET_OCTETS];

	if (getrandom(octets, sizeof(octets), 0) != sizeof(octets))
		return BS_ESYSTEM;
	for (size_t i = 0; i < sizeof(octets); i++)
		(void)snprintf(secret + 2 * i, 3, "%02x", octets[i]);
	explicit_bzero(octets, sizeof(octets));
	return BS_OK;
}

int
bs_tag_keys_rotate(struct bs_tag_keys *keys, uint32_t now_s)
{
	struct bs_tag_key fresh = {.made_s = now_s};
	int error;

	if (keys->count > 0) {
		fresh.digit = (uint8_t)((keys->key[0].digit + 1) % 10);
		/* after a clock that went back the file must still be in
		 * order */
		if (keys->key[0].made_s > now_s)
			fresh.made_s = keys->key[0].made_s;
	}
	drop_old(keys, now_s);
	if (!free_digit(keys, fresh.digit, now_s))
		return BS_EBUSY;
	error = make_secret(fresh.secret);
	if (error != BS_OK)
		return error;
	memmove(
	    &keys->key[1], &keys->key[0], keys->count * sizeof(keys->key[0]));
	keys->key[0] = fresh;
	keys->count++;
	explicit_bzero(&fresh, sizeof(fresh));
	return BS_OK;
}

void
bs_tag_keys_wipe(struct bs_tag_keys *keys)
{
	explicit_bzero(keys, sizeof(*keys));
}
