/*
 * Many literals in one pass over a text: each position's four bytes are looked
 * up in a filter, and only where some literal has them, at the place that is
 * rarest among all literals, is it compared.  So the time per byte hardly
 * depends on how many literals there are.  Pure.
 */
#ifndef FEED_LITERALS_H
#define FEED_LITERALS_H

#include <stddef.h>
#include <stdint.h>

#define LITERALS_SIZE_MIN 3 /* bytes of a literal */
#define LITERALS_SIZE_MAX 200
#define LITERALS_MAX 50000

struct literals;

/* A literal was found at that offset.  Called for each place where it is. */
typedef void literals_found(void *context, uint32_t id, size_t offset);

/* A new set, or NULL when out of memory. */
struct literals *literals_new(void);

/*
 * Adds a literal of LITERALS_SIZE_MIN to LITERALS_SIZE_MAX bytes (borrowed as
 * long as the set); several may be equal.  BS_OK, BS_ERANGE for another size,
 * BS_EFULL after LITERALS_MAX, BS_ENOMEM.
 */
int literals_add(
    struct literals *set, const char *text, size_t size, uint32_t id);

/* To be called once, after the last literals_add.  BS_OK or BS_ENOMEM. */
int literals_build(struct literals *set);

/*
 * Reports each literal at each place of `size` bytes.  Of two literals of four
 * bytes or more of which one begins behind the other's end that other comes
 * first; all those of three bytes come last.  Threads may share a set.
 */
void literals_scan(const struct literals *set, const char *text, size_t size,
    literals_found *found, void *context);

void literals_free(struct literals **set);

#endif
