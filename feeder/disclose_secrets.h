/*
 * The secrets of a message: its recipients and what they are made of, and how
 * these look in usual encodings.  Pure.
 */
#ifndef FEED_DISCLOSE_SECRETS_H
#define FEED_DISCLOSE_SECRETS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "facts.h"

#define DISCLOSE_SECRETS_MAX 32
#define DISCLOSE_SECRET_MAX 64 /* bytes of one; what is longer is cut */
#define DISCLOSE_ENCODINGS 8
#define DISCLOSE_ENCODED_MAX (2 * DISCLOSE_SECRET_MAX + 8)

/*
 * What must not show: recipients and what they are made of, each as its letters
 * and digits in lower case.
 */
struct disclose_secrets {
	size_t count;
	bool too_many; /* there were more */
	struct disclose_secret {
		bool whole; /* parts of it, as a domain's labels, are none */
		char text[DISCLOSE_SECRET_MAX + 1];
	} secret[DISCLOSE_SECRETS_MAX];
};

/* The secrets in all encodings: made once, looked for in each name. */
struct disclose_encoded {
	size_t count;
	bool too_many; /* secrets: anything may have to do with one */
	struct encoded {
		bool whole; /* see struct disclose_secret */
		uint8_t size;
		uint64_t letters; /* see struct disclose_squeezed */
		char text[DISCLOSE_ENCODED_MAX];
	} encoded[DISCLOSE_SECRETS_MAX * DISCLOSE_ENCODINGS];
};

/* The letters and digits of a text in lower case. */
struct disclose_squeezed {
	size_t size;
	uint64_t letters; /* which there are: a bit for each */
	char text[256];
};

/* Collects them from the recipients that the message's header names, and the
 * trap. */
void disclose_secrets(
    const struct facts *facts, struct disclose_secrets *secrets_r);

void disclose_encode(
    const struct disclose_secrets *secrets, struct disclose_encoded *encoded_r);

/* Of a text of `size` bytes, up to 255 letters and digits. */
void disclose_squeeze(
    const char *text, size_t size, struct disclose_squeezed *squeezed_r);

/* Whether the text holds the secret in this encoding. */
bool disclose_holds(
    const struct disclose_squeezed *text, const struct encoded *encoded);

/* Whether it has to do with any secret: holds it, or is a good part of it. */
bool disclose_hides(const struct disclose_squeezed *text,
    const struct disclose_encoded *encoded);

#endif
