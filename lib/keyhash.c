/*
 * Keyed hashes and the key file.  The only file that knows libcrypto's HMAC;
 * what is hashed is the callers' business (the feeder: traps and messages).
 * The key file is made where there is none.
 */
#include "autoconf.h"

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/params.h>

#include "keyhash.h"
#include "secretfile.h"

/* 64 hex digits and a newline */
#define KEY_TEXT_SIZE (2 * BS_KEY_SIZE + 1)
#define HMAC_SIZE 32

struct bs_keyhash {
	EVP_MAC *mac;
	EVP_MAC_CTX *context;
};

/* --- the key file ------------------------------------------------------- */

static int
hex_digit(char digit)
{
	if (digit >= '0' && digit <= '9')
		return digit - '0';
	if (digit >= 'a' && digit <= 'f')
		return digit - 'a' + 10;
	if (digit >= 'A' && digit <= 'F')
		return digit - 'A' + 10;
	return -1;
}

static bool
parse_key(const char text[KEY_TEXT_SIZE], struct bs_key *key)
{
	if (text[KEY_TEXT_SIZE - 1] != '\n')
		return false;
	for (size_t i = 0; i < BS_KEY_SIZE; i++) {
		int high = hex_digit(text[2 * i]);
		int low = hex_digit(text[2 * i + 1]);

		if (high < 0 || low < 0)
			return false;
		key->octet[i] = (uint8_t)(high << 4 | low);
	}
	return true;
}

static void
format_key(const struct bs_key *key, char text[KEY_TEXT_SIZE])
{
	static const char digits[] = "0123456789abcdef";

	for (size_t i = 0; i < BS_KEY_SIZE; i++) {
		text[2 * i] = digits[key->octet[i] >> 4];
		text[2 * i + 1] = digits[key->octet[i] & 15];
	}
	text[KEY_TEXT_SIZE - 1] = '\n';
}

/* Reads the key from an open file. */
static int
read_key(
    int fd, const char *path, struct bs_key *key_r, struct bs_message *message)
{
	char text[KEY_TEXT_SIZE + 1];
	struct bs_key key;
	ssize_t size = pread(fd, text, sizeof(text), 0);
	int error = BS_OK;

	if (size < 0) {
		error = bs_secretfile_fail(
		    path, "not readable", "check the disk", message);
	} else if (size != KEY_TEXT_SIZE || !parse_key(text, &key)) {
		bs_message_set(message,
		    "%s: this is no trap key (%d hex digits and a newline): "
		    "put the backup back, or move the file away for a new key "
		    "(mail counted before may then be counted again)",
		    path, 2 * BS_KEY_SIZE);
		error = BS_EINVAL;
	} else {
		*key_r = key;
	}
	OPENSSL_cleanse(text, sizeof(text));
	OPENSSL_cleanse(&key, sizeof(key));
	return error;
}

/* Fresh random bytes, written and on disk. */
static bool
write_key(int fd, const void *context)
{
	struct bs_key key;
	char text[KEY_TEXT_SIZE];
	ssize_t written;

	(void)context;
	if (getrandom(key.octet, BS_KEY_SIZE, 0) != BS_KEY_SIZE)
		return false;
	format_key(&key, text);
	written = write(fd, text, sizeof(text));
	OPENSSL_cleanse(&key, sizeof(key));
	OPENSSL_cleanse(text, sizeof(text));
	if (written >= 0 && written != (ssize_t)sizeof(text))
		errno = ENOSPC;
	return written == (ssize_t)sizeof(text) && fsync(fd) == 0;
}

int
bs_key_load(const char *path, struct bs_key *key_r, struct bs_message *message)
{
	/* one that somebody else made meanwhile is as good */
	static const struct bs_secretfile_making making = {.write = write_key};
	static const char what[] = "the trap key";
	int fd, error = bs_secretfile_open(path, what, &fd, message);

	if (error == BS_ENOTFOUND) {
		if (!bs_secretfile_make(path, &making))
			return bs_secretfile_fail(path,
			    "the trap key can't be made",
			    "its folder must exist, be writable and have space",
			    message);
		error = bs_secretfile_open(path, what, &fd, message);
	}
	if (error != BS_OK)
		return error;
	error = read_key(fd, path, key_r, message);
	(void)close(fd);
	return error;
}

/* --- hashing ------------------------------------------------------------ */

struct bs_keyhash *
bs_keyhash_new(const struct bs_key *key)
{
	struct bs_keyhash *hash = calloc(1, sizeof(*hash));
	char digest[] = "SHA256";
	OSSL_PARAM params[] = {
	    OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
	    OSSL_PARAM_construct_end(),
	};

	if (hash == NULL)
		return NULL;
	hash->mac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	if (hash->mac != NULL)
		hash->context = EVP_MAC_CTX_new(hash->mac);
	if (hash->context == NULL ||
	    EVP_MAC_init(hash->context, key->octet, BS_KEY_SIZE, params) != 1)
		bs_keyhash_free(&hash);
	return hash;
}

void
bs_keyhash_start(struct bs_keyhash *hash, const char *domain)
{
	/* no key: the one given before */
	int done = EVP_MAC_init(hash->context, NULL, 0, NULL);

	assert(done == 1);
	(void)done;
	/* with its NUL: no domain is the beginning of another one */
	bs_keyhash_add(hash, domain, strlen(domain) + 1);
}

void
bs_keyhash_add(struct bs_keyhash *hash, const void *bytes, size_t size)
{
	int done = EVP_MAC_update(hash->context, bytes, size);

	assert(done == 1);
	(void)done;
}

void
bs_keyhash_end(struct bs_keyhash *hash, uint8_t digest_r[BS_KEYHASH_SIZE])
{
	uint8_t full[HMAC_SIZE];
	size_t size = 0;
	int done = EVP_MAC_final(hash->context, full, &size, sizeof(full));

	assert(done == 1 && size == HMAC_SIZE);
	(void)done;
	memcpy(digest_r, full, BS_KEYHASH_SIZE);
}

void
bs_keyhash_free(struct bs_keyhash **hash)
{
	if (*hash == NULL)
		return;
	EVP_MAC_CTX_free((*hash)->context);
	EVP_MAC_free((*hash)->mac);
	free(*hash);
	*hash = NULL;
}

/* --- in one step ---------------------------------------------------------- */

static int
hmac(
    const EVP_MD *md, struct bs_bytes key, struct bs_bytes what, uint8_t *mac_r)
{
	uint8_t mac[EVP_MAX_MD_SIZE];
	unsigned size = 0;

	if (HMAC(md, key.bytes, (int)key.size, what.bytes, what.size, mac,
		&size) == NULL)
		return BS_ESYSTEM;
	memcpy(mac_r, mac, size);
	return BS_OK;
}

int
bs_hmac_sha1(
    struct bs_bytes key, struct bs_bytes what, uint8_t mac_r[BS_HMAC_SHA1_SIZE])
{
	return hmac(EVP_sha1(), key, what, mac_r);
}

int
bs_hmac_sha256(struct bs_bytes key, struct bs_bytes what,
    uint8_t mac_r[BS_HMAC_SHA256_SIZE])
{
	return hmac(EVP_sha256(), key, what, mac_r);
}

bool
bs_secret_equal(const void *a, const void *b, size_t size)
{
	return CRYPTO_memcmp(a, b, size) == 0;
}
