/*
 * Mutates seeds and feeds them to LLVMFuzzerTestOneInput, with any compiler,
 * for a count that is given: what a fuzzer does without being told what was
 * new.  Linked with a tests/fuzz/fuzz_X.c in the place of replay.c.
 *
 *	mutate_X COUNT FOLDER [SEED]
 *
 * Every run with the same arguments is the same; a crash ends the process, as
 * it should.
 */
#include "autoconf.h"

#include <dirent.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SEEDS_MAX 256
#define SIZE_MAX_BYTES 1500 /* of an input */
#define MUTATIONS_MAX 6     /* of one */

struct input {
	uint8_t bytes[SIZE_MAX_BYTES];
	size_t size;
};

struct corpus {
	struct input seed[SEEDS_MAX];
	size_t count;
	uint64_t random;
};

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

/* --- chance --------------------------------------------------------------- */

/* xorshift64*; 0 to limit - 1. */
static size_t
draw(struct corpus *corpus, size_t limit)
{
	uint64_t x = corpus->random;

	x ^= x >> 12;
	x ^= x << 25;
	x ^= x >> 27;
	corpus->random = x;
	return (size_t)((x * 2685821657736338717u >> 33) % limit);
}

/* --- mutations ------------------------------------------------------------- */

static void
set_octet(struct corpus *corpus, struct input *input, size_t at)
{
	static const uint8_t edges[] = {
	    0, 1, 12, 41, 63, 64, 127, 128, 191, 192, 255};

	input->bytes[at] = draw(corpus, 2) > 0
			       ? edges[draw(corpus, sizeof(edges))]
			       : (uint8_t)draw(corpus, 256);
}

static void
flip_bit(struct corpus *corpus, struct input *input, size_t at)
{
	input->bytes[at] ^= (uint8_t)(1u << draw(corpus, 8));
}

static void
cut_out(struct corpus *corpus, struct input *input, size_t at)
{
	size_t size = 1 + draw(corpus, 16);

	if (size > input->size - at)
		size = input->size - at;
	memmove(input->bytes + at, input->bytes + at + size,
	    input->size - at - size);
	input->size -= size;
}

/* Puts bytes of any seed in. */
static void
splice(struct corpus *corpus, struct input *input, size_t at)
{
	const struct input *other = &corpus->seed[draw(corpus, corpus->count)];
	size_t from, size;

	if (other->size == 0)
		return;
	from = draw(corpus, other->size);
	size = 1 + draw(corpus, other->size - from);
	if (size > SIZE_MAX_BYTES - input->size)
		size = SIZE_MAX_BYTES - input->size;
	memmove(input->bytes + at + size, input->bytes + at, input->size - at);
	memcpy(input->bytes + at, other->bytes + from, size);
	input->size += size;
}

/* A number of 16 bits to something near another one: counts, sizes. */
static void
step_number(struct corpus *corpus, struct input *input, size_t at)
{
	uint8_t *low = &input->bytes[at];

	*low = (uint8_t)(*low + draw(corpus, 5) - 2);
}

static void
end_here(struct corpus *corpus, struct input *input, size_t at)
{
	(void)corpus;
	input->size = at;
}

typedef void mutation(struct corpus *corpus, struct input *input, size_t at);

static mutation *const mutations[] = {
    set_octet,
    set_octet,
    flip_bit,
    flip_bit,
    cut_out,
    splice,
    step_number,
    end_here,
};

static void
run_one(struct corpus *corpus)
{
	struct input input = corpus->seed[draw(corpus, corpus->count)];
	size_t times = 1 + draw(corpus, MUTATIONS_MAX);
	uint8_t *bytes;

	while (times-- > 0 && input.size > 0)
		mutations[draw(corpus, sizeof(mutations) / sizeof(*mutations))](
		    corpus, &input, draw(corpus, input.size));
	/* of exactly its size, so that a sanitizer sees one byte too far */
	bytes = malloc(input.size > 0 ? input.size : 1);
	if (bytes == NULL)
		abort();
	memcpy(bytes, input.bytes, input.size);
	(void)LLVMFuzzerTestOneInput(bytes, input.size);
	free(bytes);
}

/* --- seeds ------------------------------------------------------------------- */

static void
read_seed(struct corpus *corpus, const char *folder, const char *name)
{
	struct input *seed = &corpus->seed[corpus->count];
	char path[4096];
	FILE *in;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	in = fopen(path, "rb");
	if (in == NULL)
		return;
	seed->size = fread(seed->bytes, 1, sizeof(seed->bytes), in);
	(void)fclose(in);
	corpus->count++;
}

static void
read_seeds(struct corpus *corpus, const char *folder)
{
	struct dirent **entry;
	int count = scandir(folder, &entry, NULL, alphasort);

	for (int i = 0; i < count; i++) {
		if (entry[i]->d_name[0] != '.' && corpus->count < SEEDS_MAX)
			read_seed(corpus, folder, entry[i]->d_name);
		free(entry[i]);
	}
	if (count >= 0)
		free(entry);
}

int
main(int argc, char **argv)
{
	static struct corpus corpus;
	uint64_t count;

	if (argc < 3) {
		(void)fprintf(
		    stderr, "usage: %s COUNT FOLDER [SEED]\n", argv[0]);
		return 2;
	}
	count = strtoull(argv[1], NULL, 10);
	corpus.random = argc > 3 ? strtoull(argv[3], NULL, 10) : 1;
	read_seeds(&corpus, argv[2]);
	if (corpus.count == 0 || corpus.random == 0) {
		(void)fprintf(stderr,
		    "%s: no seeds: name a folder of them, and "
		    "no seed number 0\n",
		    argv[2]);
		return 2;
	}
	for (uint64_t i = 0; i < count; i++)
		run_one(&corpus);
	(void)printf("%" PRIu64 " mutated, none fatal\n", count);
	return 0;
}
