/*
 * Generations of the filter, and who may look at which.  filter.c knows what is
 * in one; workers come here by snapshot_lookup.c, server.c starts and ends it.
 *
 * A generation is made from a walk over all listings, which goes on while
 * others write.  It holds whatever was listed at some state from `from` on,
 * where the walk ended, to `upto`, the last journal entry that was put in:
 * what came during the walk is in the journal, what ended is of no harm.
 *
 * A reader says which generation it looks at before it makes sure that this is
 * still the present one; the thread, having put a new one in its place, frees
 * the old one when no reader says that it looks at it.
 */
#include "autoconf.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>

#include <uv.h>

#include "filter_keeper.h"

#define TICK_MS 200   /* between looks at what there is to do */
#define WAIT_MS 1     /* between looks whether readers let go */
#define APPLY_MAX 256 /* journal entries put in by one batch */
#define NICE 5        /* of the thread */
#define CACHE_LINE 64
#define CHANGING UINT64_MAX

/* A filter is replaced after so many changes, and half its listings. */
#define CHANGES_MAX 100000u
/* The same where its table has become full. */
#define CHANGES_FULL_MAX 10000u

struct generation {
	struct filter *filter;
	struct filter_table *table; /* NULL: too many listings */
	struct filter_classes *classes;
	uint64_t listings; /* when it was made */
	uint64_t from;
	_Atomic uint64_t upto;
	_Atomic uint64_t number; /* of the state that table and classes are of;
				    CHANGING while they are not of any */
	atomic_bool table_full;  /* not to be asked any more */
	atomic_bool applying;    /* somebody is at it */
	atomic_bool broken;      /* the journal says less than has happened */
};

struct filter_reader {
	_Alignas(CACHE_LINE) _Atomic(struct generation *) looks_at;
	struct filter_keeper *keeper;
	atomic_bool taken;
};

struct filter_keeper {
	struct filter_reader reader[FILTER_READERS_MAX];
	_Atomic(struct generation *) current;
	_Atomic uint64_t built, size_bytes;
	struct bs_snapshot *snapshot; /* of whoever builds */
	struct bs_prefixes prefixes;
	uv_thread_t thread;
	uv_mutex_t mutex; /* of `ending`, for the condition only */
	uv_cond_t wake;
	atomic_bool ending;
	bool has_thread;
};

/* --- following the journal ----------------------------------------------- */

static bool
has_place(const struct generation *generation, const struct bs_prefix *prefix)
{
	return generation->table != NULL && prefix->addr.family == BS_IPV4 &&
	       prefix->bits == 32;
}

/* A single address has these classes, and not those that the table has. */
static bool
put_single(struct generation *generation, const struct bs_addr *addr,
    bs_classes classes)
{
	bs_classes old = filter_table_get(generation->table, addr);

	if (!filter_table_set(generation->table, addr, classes))
		return false;
	filter_classes_change(generation->classes, addr, old, classes);
	return true;
}

/* Puts in a listing, or what has become of it: no classes, it ended. */
static void
put(struct generation *generation, const struct bs_prefix *prefix,
    bs_classes classes)
{
	if (classes != 0)
		filter_add(generation->filter, prefix);
	if (has_place(generation, prefix)) {
		if (put_single(generation, &prefix->addr, classes))
			return;
		atomic_store(&generation->table_full, true);
	}
	filter_classes_add(generation->classes, prefix, classes);
}

/* Puts in what one entry changes; false: the journal can't be followed. */
static bool
apply_entry(struct generation *generation, struct bs_snapshot *snapshot,
    uint64_t number)
{
	struct bs_journal_entry entry;

	if (bs_snapshot_journal(snapshot, number, &entry) != BS_OK ||
	    entry.number != number || entry.kind != BS_JOURNAL_CHANGE)
		return false;
	put(generation, &entry.prefix, entry.new_classes);
	return true;
}

/* Up to the snapshot's state, or APPLY_MAX entries of the way there, unless
 * somebody else is at it. */
static void
apply(struct generation *generation, struct bs_snapshot *snapshot)
{
	uint64_t end = bs_snapshot_number(snapshot), at;

	if (atomic_load_explicit(&generation->broken, memory_order_relaxed) ||
	    atomic_exchange_explicit(
		&generation->applying, true, memory_order_acquire))
		return;
	at = atomic_load_explicit(&generation->upto, memory_order_relaxed);
	/* who sees a change of classes sees this, or what follows it */
	atomic_store_explicit(
	    &generation->number, CHANGING, memory_order_relaxed);
	for (int i = 0; i < APPLY_MAX && at < end; i++) {
		if (!apply_entry(generation, snapshot, at + 1)) {
			atomic_store(&generation->broken, true);
			break;
		}
		at++;
	}
	/* readers that see it find what was added */
	atomic_store_explicit(&generation->number, at, memory_order_release);
	atomic_store_explicit(&generation->upto, at, memory_order_release);
	atomic_store_explicit(
	    &generation->applying, false, memory_order_release);
}

/* Whether all that is listed in the snapshot is in it. */
static bool
is_complete(struct generation *generation, struct bs_snapshot *snapshot)
{
	uint64_t number = bs_snapshot_number(snapshot);

	if (number < generation->from)
		return false;
	if (atomic_load_explicit(&generation->upto, memory_order_acquire) >=
	    number)
		return true;
	apply(generation, snapshot);
	return atomic_load_explicit(&generation->upto, memory_order_acquire) >=
	       number;
}

/* --- readers ------------------------------------------------------------- */

struct filter_reader *
filter_reader_take(struct filter_keeper *keeper)
{
	for (size_t i = 0; keeper != NULL && i < FILTER_READERS_MAX; i++) {
		if (!atomic_exchange(&keeper->reader[i].taken, true))
			return &keeper->reader[i];
	}
	return NULL;
}

void
filter_reader_give_back(struct filter_reader **reader)
{
	if (*reader == NULL)
		return;
	filter_reader_release(*reader);
	atomic_store(&(*reader)->taken, false);
	*reader = NULL;
}

struct filter_view
filter_reader_renew(struct filter_reader *reader, struct bs_snapshot *snapshot)
{
	struct generation *generation = atomic_load(&reader->keeper->current);
	struct filter_view view = {.number = bs_snapshot_number(snapshot)};

	atomic_store(&reader->looks_at, generation);
	/* from here on it is not freed, if it was not replaced before */
	if (generation == NULL ||
	    atomic_load(&reader->keeper->current) != generation ||
	    !is_complete(generation, snapshot)) {
		filter_reader_release(reader);
		return view;
	}
	view.filter = generation->filter;
	view.classes = generation->classes;
	view.number_now = &generation->number;
	if (!atomic_load_explicit(
		&generation->table_full, memory_order_relaxed))
		view.table = generation->table;
	return view;
}

/* Whether what is known of classes is of the view's state. */
static bool
is_now(const struct filter_view *view, memory_order order)
{
	return atomic_load_explicit(view->number_now, order) == view->number;
}

bool
filter_view_classes(const struct filter_view *view, const struct bs_addr *addr,
    bs_classes *classes_r)
{
	bs_classes classes;

	if (view->table == NULL || !is_now(view, memory_order_acquire))
		return false;
	classes = filter_table_get(view->table, addr);
	/* whether that was of this state still */
	if (!is_now(view, memory_order_relaxed))
		return false;
	*classes_r = classes;
	return true;
}

bool
filter_view_may_hold(const struct filter_view *view,
    const struct bs_prefix *prefix, bs_classes wanted)
{
	if (!filter_may_hold(view->filter, prefix))
		return false;
	return !is_now(view, memory_order_acquire) ||
	       filter_classes_may_hold(view->classes, prefix, wanted) ||
	       !is_now(view, memory_order_relaxed);
}

void
filter_reader_release(struct filter_reader *reader)
{
	atomic_store_explicit(&reader->looks_at, NULL, memory_order_release);
}

/* --- making one ---------------------------------------------------------- */

static void
generation_free(struct generation **generation)
{
	if (*generation == NULL)
		return;
	filter_free(&(*generation)->filter);
	filter_table_free(&(*generation)->table);
	filter_classes_free(&(*generation)->classes);
	free(*generation);
	*generation = NULL;
}

/* An empty one, from the snapshot's state on. */
static struct generation *
generation_new(struct bs_snapshot *snapshot)
{
	struct generation *generation = calloc(1, sizeof(*generation));
	uint64_t ipv4 = bs_snapshot_listings_of(snapshot, BS_IPV4);
	uint64_t ipv6 = bs_snapshot_listings_of(snapshot, BS_IPV6);

	if (generation == NULL)
		return NULL;
	generation->listings = ipv4 + ipv6;
	generation->from = bs_snapshot_number(snapshot);
	atomic_init(&generation->upto, generation->from);
	atomic_init(&generation->number, CHANGING);
	generation->table = filter_table_new(ipv4);
	generation->filter = filter_new(ipv4, ipv6);
	generation->classes = filter_classes_new();
	if (generation->filter == NULL || generation->classes == NULL)
		generation_free(&generation);
	return generation;
}

/* One of the walk's; an address that is exempt has no classes in the table. */
static int
put_listing(struct filter_keeper *keeper, struct generation *generation,
    const struct bs_prefix *prefix, bs_classes classes)
{
	struct bs_exemption exemption;
	int error;

	filter_add(generation->filter, prefix);
	/* a record that can't be read is the database's to tell of */
	if (classes == 0) {
		atomic_store(&generation->table_full, true);
		filter_classes_add(generation->classes, prefix, BS_CLASSES_ALL);
	}
	if (!has_place(generation, prefix)) {
		filter_classes_add(generation->classes, prefix, classes);
		return BS_OK;
	}
	error = bs_snapshot_exempt(keeper->snapshot, prefix, &exemption);
	if (error == BS_ENOTFOUND) {
		put(generation, prefix, classes);
		return BS_OK;
	}
	return error;
}

static int
put_listings(struct filter_keeper *keeper, struct generation *generation)
{
	const struct bs_prefixes *list = &keeper->prefixes;
	int error = BS_OK;

	for (size_t i = 0; error == BS_OK && i < list->count; i++)
		error = put_listing(
		    keeper, generation, &list->prefix[i], list->classes[i]);
	return error;
}

/* All that is listed, a snapshot for each step. */
static int
walk(struct filter_keeper *keeper, struct generation *generation)
{
	struct bs_prefixes *list = &keeper->prefixes;
	struct bs_prefix last;
	const struct bs_prefix *after = NULL;

	while (!atomic_load(&keeper->ending)) {
		int error = bs_snapshot_renew(keeper->snapshot);

		if (error == BS_OK)
			error =
			    bs_snapshot_prefixes(keeper->snapshot, after, list);
		if (error == BS_OK)
			error = put_listings(keeper, generation);
		if (error != BS_OK)
			return error;
		generation->from = bs_snapshot_number(keeper->snapshot);
		if (list->count == 0)
			return BS_OK;
		last = list->prefix[list->count - 1];
		after = &last;
	}
	return BS_EBUSY;
}

/* What came during the walk; BS_EBUSY: make another. */
static int
catch_up(struct filter_keeper *keeper, struct generation *generation)
{
	while (!atomic_load(&keeper->ending)) {
		int error = bs_snapshot_renew(keeper->snapshot);

		if (error != BS_OK)
			return error;
		if (is_complete(generation, keeper->snapshot)) {
			/* nobody else has it yet */
			atomic_store(&generation->number, generation->upto);
			return BS_OK;
		}
		if (atomic_load(&generation->broken))
			return BS_EBUSY;
	}
	return BS_EBUSY;
}

static bool
is_looked_at(struct filter_keeper *keeper, const struct generation *generation)
{
	for (size_t i = 0; i < FILTER_READERS_MAX; i++) {
		if (atomic_load(&keeper->reader[i].looks_at) == generation)
			return true;
	}
	return false;
}

static void
replace(struct filter_keeper *keeper, struct generation *generation)
{
	struct generation *old = atomic_exchange(&keeper->current, generation);

	uint64_t bytes = filter_size_bytes(generation->filter);

	if (generation->table != NULL)
		bytes += filter_table_size_bytes(generation->table);
	atomic_store(&keeper->size_bytes, bytes);
	atomic_fetch_add(&keeper->built, 1);
	/* a batch is over soon, and nobody looks while it waits */
	while (old != NULL && is_looked_at(keeper, old))
		uv_sleep(WAIT_MS);
	generation_free(&old);
}

int
filter_keeper_build(struct filter_keeper *keeper)
{
	struct generation *generation = NULL;
	int error = bs_snapshot_renew(keeper->snapshot);

	if (error == BS_OK) {
		generation = generation_new(keeper->snapshot);
		error =
		    generation != NULL ? walk(keeper, generation) : BS_ENOMEM;
	}
	if (error == BS_OK)
		error = catch_up(keeper, generation);
	bs_snapshot_release(keeper->snapshot);
	if (error == BS_OK)
		replace(keeper, generation);
	else
		generation_free(&generation);
	return error;
}

/* --- the thread ---------------------------------------------------------- */

/* Whether a new one would say "may be" less often, or know more. */
static bool
is_worn(struct generation *generation)
{
	uint64_t changes = atomic_load(&generation->upto) - generation->from;

	if (atomic_load(&generation->table_full))
		return changes > CHANGES_FULL_MAX;
	return changes > CHANGES_MAX + generation->listings / 2;
}

/* Follows the journal where no question makes a worker do so. */
static void
tick(struct filter_keeper *keeper)
{
	struct generation *generation = atomic_load(&keeper->current);

	if (generation != NULL && bs_snapshot_renew(keeper->snapshot) == BS_OK)
		(void)is_complete(generation, keeper->snapshot);
	bs_snapshot_release(keeper->snapshot);
	if (generation == NULL || atomic_load(&generation->broken) ||
	    is_worn(generation))
		(void)filter_keeper_build(keeper);
}

static void
run(void *argument)
{
	struct filter_keeper *keeper = argument;

	/* of this thread alone, in Linux; workers come first */
	(void)setpriority(PRIO_PROCESS, 0, NICE);
	while (!atomic_load(&keeper->ending)) {
		tick(keeper);
		uv_mutex_lock(&keeper->mutex);
		if (!atomic_load(&keeper->ending))
			(void)uv_cond_timedwait(&keeper->wake, &keeper->mutex,
			    TICK_MS * UINT64_C(1000000));
		uv_mutex_unlock(&keeper->mutex);
	}
}

/* --- life ---------------------------------------------------------------- */

static struct filter_keeper *
allocate(void)
{
	struct filter_keeper *keeper = aligned_alloc(CACHE_LINE,
	    (sizeof(*keeper) + CACHE_LINE - 1) / CACHE_LINE * CACHE_LINE);

	if (keeper == NULL)
		return NULL;
	memset(keeper, 0, sizeof(*keeper));
	if (uv_mutex_init(&keeper->mutex) != 0) {
		free(keeper);
		return NULL;
	}
	if (uv_cond_init(&keeper->wake) != 0) {
		uv_mutex_destroy(&keeper->mutex);
		free(keeper);
		return NULL;
	}
	for (size_t i = 0; i < FILTER_READERS_MAX; i++)
		keeper->reader[i].keeper = keeper;
	return keeper;
}

int
filter_keeper_new(struct bs_store *store, struct filter_keeper **keeper_r,
    struct bs_message *message)
{
	struct filter_keeper *keeper = allocate();
	int error;

	if (keeper == NULL) {
		bs_message_set(message, "filter: out of memory: add some");
		return BS_ENOMEM;
	}
	error = bs_snapshot_new(store, &keeper->snapshot, message);
	if (error == BS_OK)
		*keeper_r = keeper;
	else
		filter_keeper_free(&keeper);
	return error;
}

int
filter_keeper_start(struct filter_keeper *keeper, struct bs_message *message)
{
	int result = uv_thread_create(&keeper->thread, run, keeper);

	if (result != 0) {
		bs_message_set(message,
		    "filter: %s: raise the limit of threads",
		    uv_strerror(result));
		return BS_ESYSTEM;
	}
	keeper->has_thread = true;
	return BS_OK;
}

void
filter_keeper_free(struct filter_keeper **keeper)
{
	struct filter_keeper *old = *keeper;
	struct generation *generation;

	if (old == NULL)
		return;
	if (old->has_thread) {
		uv_mutex_lock(&old->mutex);
		atomic_store(&old->ending, true);
		uv_cond_signal(&old->wake);
		uv_mutex_unlock(&old->mutex);
		(void)uv_thread_join(&old->thread);
	}
	generation = atomic_load(&old->current);
	generation_free(&generation);
	bs_snapshot_free(&old->snapshot);
	uv_cond_destroy(&old->wake);
	uv_mutex_destroy(&old->mutex);
	free(old);
	*keeper = NULL;
}

struct filter_keeper_stats
filter_keeper_stats(struct filter_keeper *keeper)
{
	return (struct filter_keeper_stats){
	    .built = atomic_load(&keeper->built),
	    .size_bytes = atomic_load(&keeper->size_bytes),
	};
}
