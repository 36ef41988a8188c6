/*
 * Replays seeds: feeds every file of some folders to LLVMFuzzerTestOneInput,
 * so that `make check` runs each fuzz target without libFuzzer and with any
 * compiler.  Linked with each tests/fuzz/fuzz_X.c unless --enable-fuzzing.
 *
 *	fuzz_X [FOLDER...]	default: $srcdir/tests/fuzz/seeds/X
 *
 * Prints a TAP line per file and exits 1 if a folder is missing or has no
 * file: a check that read nothing must not pass.  What the target is for, and
 * every assert about it, is in fuzz_X.c; a crash ends the process, as it
 * should.
 */
#include "autoconf.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define PATH_SIZE 4096

struct replay {
	unsigned run;    /* files fed to the target */
	unsigned failed; /* folders or files that could not be read */
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
not_ok(struct replay *replay, const char *path, const char *why)
{
	printf("not ok - %s: %s\n", path, why);
	replay->failed++;
}

/* Reads a whole file into a buffer of exactly its size, so that a sanitizer
 * sees one byte too far.  NULL with errno set on failure. */
static uint8_t *
slurp(const char *path, size_t *size_r)
{
	FILE *in = fopen(path, "rb");
	struct stat st;
	uint8_t *bytes = NULL;

	if (in == NULL)
		return NULL;
	if (fstat(fileno(in), &st) == 0 && st.st_size >= 0) {
		*size_r = (size_t)st.st_size;
		bytes = malloc(*size_r > 0 ? *size_r : 1);
	}
	if (bytes != NULL && fread(bytes, 1, *size_r, in) != *size_r) {
		free(bytes);
		bytes = NULL;
		errno = EIO;
	}
	(void)fclose(in);
	return bytes;
}

static void
replay_file(struct replay *replay, const char *path)
{
	size_t size;
	uint8_t *bytes = slurp(path, &size);

	if (bytes == NULL) {
		not_ok(replay, path, strerror(errno));
		return;
	}
	(void)LLVMFuzzerTestOneInput(bytes, size);
	free(bytes);
	replay->run++;
	printf("ok - %s\n", path);
}

static void
replay_folder(struct replay *replay, const char *folder)
{
	unsigned run_before = replay->run;
	struct dirent **entry;
	int count = scandir(folder, &entry, NULL, alphasort);

	if (count < 0) {
		not_ok(replay, folder, strerror(errno));
		return;
	}
	for (int i = 0; i < count; i++) {
		char path[PATH_SIZE];

		(void)snprintf(
		    path, sizeof(path), "%s/%s", folder, entry[i]->d_name);
		if (entry[i]->d_name[0] != '.')
			replay_file(replay, path);
		free(entry[i]);
	}
	free(entry);
	if (replay->run == run_before)
		not_ok(replay, folder, "no seeds in this folder");
}

/* "…/fuzz_yaml" has its seeds in $srcdir/tests/fuzz/seeds/yaml. */
static void
replay_default(struct replay *replay, const char *program)
{
	const char *srcdir = getenv("srcdir");
	const char *name = strrchr(program, '/');
	char folder[PATH_SIZE];

	name = name != NULL ? name + 1 : program;
	if (strncmp(name, "fuzz_", 5) == 0)
		name += 5;
	(void)snprintf(folder, sizeof(folder), "%s/tests/fuzz/seeds/%s",
	    srcdir != NULL ? srcdir : ".", name);
	replay_folder(replay, folder);
}

int
main(int argc, char **argv)
{
	struct replay replay = {0};

	(void)setvbuf(stdout, NULL, _IOLBF, 0);
	if (argc < 2)
		replay_default(&replay, argv[0]);
	for (int i = 1; i < argc; i++)
		replay_folder(&replay, argv[i]);
	printf("1..%u\n", replay.run + replay.failed);
	return replay.failed == 0 ? 0 : 1;
}
