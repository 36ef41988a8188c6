/*
 * Bytes written as hexadecimal digits, bytes in memory of their own size, text
 * by chance that is the same in each run, and folders that go, with all in
 * them, when a test is over.
 */
#include "autoconf.h"

#include <ftw.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "bytes_fixture.h"

size_t
unhex(const char *text, uint8_t *bytes_r)
{
	size_t size = strlen(text) / 2;

	for (size_t i = 0; i < size; i++) {
		char digits[3] = {text[2 * i], text[2 * i + 1], '\0'};

		bytes_r[i] = (uint8_t)strtoul(digits, NULL, 16);
	}
	return size;
}

uint8_t *
exact_copy(const uint8_t *bytes, size_t size)
{
	uint8_t *copy = malloc(size == 0 ? 1 : size);

	assert_non_null(copy);
	memcpy(copy, bytes, size);
	return copy;
}

static int
remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

int
make_folder(void **state)
{
	char *path = strdup("/tmp/backstop-unit.XXXXXX");

	if (path == NULL)
		return -1;
	if (mkdtemp(path) == NULL) {
		free(path);
		return -1;
	}
	*state = path;
	return 0;
}

int
remove_folder(void **state)
{
	int rc = nftw(*state, remove_one, 16, FTW_DEPTH | FTW_PHYS);

	free(*state);
	*state = NULL;
	return rc;
}

int
enter_folder(void **state)
{
	return make_folder(state) != 0 ? -1 : chdir(*state);
}

int
leave_folder(void **state)
{
	return chdir("/") != 0 ? -1 : remove_folder(state);
}

void
random_text(unsigned *random, const char *letters, char *text_r, size_t size)
{
	size_t count = strlen(letters);

	for (size_t i = 0; i < size; i++) {
		*random = *random * 1103515245u + 12345u;
		text_r[i] = letters[(*random >> 16) % count];
	}
	text_r[size] = '\0';
}
