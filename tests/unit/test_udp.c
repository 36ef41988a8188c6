/*
 * udp.c and all below it on the way of a question, over real sockets and a real
 * database: when all is warm nothing is allocated and no lock is taken, with
 * hits, misses and nonsense alike, while the journal moves; and each answer
 * leaves from the address that was asked.
 *
 * This program's own malloc and pthread functions stand in front of the C
 * library's and count; under AddressSanitizer its hooks do.
 */
#include "autoconf.h"

#include <dlfcn.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bytes.h"
#include "netsocket.h"
#include "server_fixture.h"
#include "snapshot_lookup.h"
#include "store_fixture.h"
#include "udp.h"

/* --- counting ------------------------------------------------------------- */

static struct {
	bool on;
	unsigned allocations, locks;
} counted;

static void
count_allocation(void)
{
	counted.allocations += counted.on;
}

#ifdef __SANITIZE_ADDRESS__
/* of its runtime; not every compiler brings the header */
extern int __sanitizer_install_malloc_and_free_hooks(
    void (*on_malloc)(const volatile void *, size_t),
    void (*on_free)(const volatile void *));

static void
on_malloc(const volatile void *block, size_t size)
{
	(void)block;
	(void)size;
	count_allocation();
}

static void
on_free(const volatile void *block)
{
	(void)block;
	count_allocation();
}

static void
count_allocations(void)
{
	(void)__sanitizer_install_malloc_and_free_hooks(on_malloc, on_free);
}
#else
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);
extern void __libc_free(void *block);

void *
malloc(size_t size)
{
	count_allocation();
	return __libc_malloc(size);
}

void *
calloc(size_t count, size_t size)
{
	count_allocation();
	return __libc_calloc(count, size);
}

void *
realloc(void *block, size_t size)
{
	count_allocation();
	return __libc_realloc(block, size);
}

void
free(void *block)
{
	count_allocation();
	__libc_free(block);
}

static void
count_allocations(void)
{
}
#endif

/* The C library's function of this name. */
static void *
next_function(const char *name)
{
	void *function = dlsym(RTLD_NEXT, name);

	if (function == NULL)
		abort();
	return function;
}

int
pthread_mutex_lock(pthread_mutex_t *mutex)
{
	static int (*next)(pthread_mutex_t *);
	void *function;

	counted.locks += counted.on;
	if (next == NULL) {
		function = next_function("pthread_mutex_lock");
		memcpy(&next, &function, sizeof(next));
	}
	return next(mutex);
}

int
pthread_rwlock_rdlock(pthread_rwlock_t *lock)
{
	static int (*next)(pthread_rwlock_t *);
	void *function;

	counted.locks += counted.on;
	if (next == NULL) {
		function = next_function("pthread_rwlock_rdlock");
		memcpy(&next, &function, sizeof(next));
	}
	return next(lock);
}

static void
start_counting(void)
{
	counted.allocations = counted.locks = 0;
	counted.on = true;
}

/* Else the other tests could not fail. */
static void
it_counts(void **state)
{
	pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
	pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
	void *volatile block;

	(void)state;
	/* the first call finds the function behind ours */
	(void)pthread_mutex_lock(&mutex);
	(void)pthread_mutex_unlock(&mutex);
	(void)pthread_rwlock_rdlock(&rwlock);
	(void)pthread_rwlock_unlock(&rwlock);
	start_counting();
	block = malloc(100);
	free(block);
	(void)pthread_mutex_lock(&mutex);
	(void)pthread_mutex_unlock(&mutex);
	(void)pthread_rwlock_rdlock(&rwlock);
	(void)pthread_rwlock_unlock(&rwlock);
	counted.on = false;
	assert_int_equal(counted.allocations, 2);
	assert_int_equal(counted.locks, 2);
}

/* --- a server without a thread ---------------------------------------------- */

struct stand {
	struct fixture *fixture;
	struct zone_table *zones;
	struct filter_keeper *keeper;
	struct snapshot_lookup from;
	struct udp_batch *batch;
	int server, client;
	struct bs_endpoint at;
};

static struct bs_endpoint
endpoint_of(const char *text)
{
	struct bs_endpoint endpoint;

	assert_int_equal(
	    bs_endpoint_parse(text, strlen(text), &endpoint), BS_OK);
	return endpoint;
}

static struct stand
stand_new(struct fixture *fixture, const char *listens, const char *asked)
{
	struct stand stand = {.fixture = fixture, .zones = fixture_zones()};
	struct bs_endpoint at = endpoint_of(listens), any;
	struct sockaddr_storage to;
	socklen_t size;

	stand.batch = udp_batch_new();
	assert_non_null(stand.batch);
	assert_int_equal(
	    filter_keeper_new(fixture->store, &stand.keeper, &fixture->message),
	    BS_OK);
	stand.from.reader = filter_reader_take(stand.keeper);
	assert_int_equal(
	    bs_snapshot_new(fixture->store, &stand.from.snapshot, NULL), BS_OK);
	assert_int_equal(
	    netsocket_open(NETSOCKET_UDP, &at, false, &stand.server), BS_OK);
	assert_int_equal(netsocket_endpoint(stand.server, &stand.at), BS_OK);
	any = endpoint_of("127.0.0.1@0");
	assert_int_equal(
	    netsocket_open(NETSOCKET_UDP, &any, false, &stand.client), BS_OK);
	at = endpoint_of(asked);
	at.port = stand.at.port;
	size = bs_endpoint_to_sockaddr(&at, &to);
	assert_int_equal(
	    connect(stand.client, (struct sockaddr *)&to, size), 0);
	return stand;
}

static void
stand_free(struct stand *stand)
{
	(void)close(stand->server);
	(void)close(stand->client);
	snapshot_lookup_release(&stand->from);
	filter_reader_give_back(&stand->from.reader);
	bs_snapshot_free(&stand->from.snapshot);
	filter_keeper_free(&stand->keeper);
	udp_batch_free(&stand->batch);
	zone_table_free(&stand->zones);
}

/* What a worker does with a batch. */
static void
serve(struct stand *stand)
{
	while (udp_receive(stand->batch, stand->server) > 0) {
		struct respond_context context = {
		    .zones = stand->zones,
		    .lookup = snapshot_lookup_renew(&stand->from),
		    .now = bs_clock_moment(),
		};

		udp_answer(stand->batch, stand->server, &context);
	}
	snapshot_lookup_release(&stand->from);
}

/* Far longer than a message takes from one socket to another. */
static void
wait_for_message(int file)
{
	struct pollfd wait = {file, POLLIN, 0};

	assert_int_equal(poll(&wait, 1, 60000), 1);
}

static void
ask(struct stand *stand, const void *message, size_t size, bool counting)
{
	assert_int_equal(send(stand->client, message, size, 0), size);
	wait_for_message(stand->server);
	counted.on = counting;
	serve(stand);
	counted.on = false;
}

/* The rcode of the next answer. */
static int
answered(struct stand *stand)
{
	uint8_t answer[1500];

	wait_for_message(stand->client);
	assert_true(recv(stand->client, answer, sizeof(answer), 0) >= 12);
	return answer[3] & 0xf;
}

/* --- the tests --------------------------------------------------------------- */

#define HEAD "\0\1\0\0\0\1\0\0\0\0\0\0"
#define HEAD_OPT "\0\1\0\0\0\1\0\0\0\0\0\1"
#define OPT "\0\0\51\4\320\0\0\0\0\0\0"
#define ZONE "\2bl\4test\0"
#define QUESTION(name, type) HEAD name ZONE "\0" type "\0\1"
#define A "\1"
#define TXT "\20"
#define SOA "\6"
#define MX "\17"
#define LISTED "\0017\003100\00251\003198"
#define ZEROS4 "\0010\0010\0010\0010"
/* the last and the fourth group of 2001:db8:0:G::N */
#define IPV6(n, g)                                           \
	"\1" n "\0010\0010\0010" ZEROS4 ZEROS4 ZEROS4 "\1" g \
	"\0010\0010\0010" ZEROS4 "\0018\001b\001d\0010\0011\0010\0010\0012"
#define ROW(rcode, bytes)                       \
	{                                       \
		rcode, bytes, sizeof(bytes) - 1 \
	}

static const struct {
	int rcode;
	const char *bytes;
	size_t size;
} questions[] = {
    ROW(0, QUESTION(LISTED, A)),
    ROW(0, QUESTION(LISTED, TXT)),
    ROW(0, QUESTION(LISTED, MX)),
    ROW(0, QUESTION("\00277\003113\0010\003203", TXT)),
    ROW(3, QUESTION("\0018\003100\00251\003198", A)),
    ROW(3, QUESTION("\0018\003101\00251\003198", A)),
    ROW(0, QUESTION("\003100\00251\003198", A)),
    ROW(0, QUESTION("\00251\003198", A)),
    ROW(3, QUESTION("\00252\003198", A)),
    ROW(3, QUESTION("\4none\00251\003198", A)),
    ROW(0, QUESTION("\0012\0010\0010\003127", A)),
    ROW(0, QUESTION(IPV6("5", "0"), TXT)),
    ROW(3, QUESTION(IPV6("5", "1"), A)),
    ROW(0, QUESTION("", SOA)),
    ROW(0, QUESTION("", "\377")),
    ROW(3, QUESTION("\4nope", A)),
    ROW(5, HEAD "\7example\0\0\1\0\1"),
    ROW(1, HEAD "\7example"),
    ROW(0, HEAD_OPT LISTED ZONE "\0\1\0\1" OPT),
};

static void
ask_all(struct stand *stand, bool counting)
{
	for (size_t i = 0; i < sizeof(questions) / sizeof(questions[0]); i++) {
		int rcode;

		/* too short for an answer: the next one is the question's */
		ask(stand, "\0\1", 2, counting);
		ask(stand, questions[i].bytes, questions[i].size, counting);
		rcode = answered(stand);
		if (rcode != questions[i].rcode)
			fail_msg("question %zu: rcode %d, not %d", i, rcode,
			    questions[i].rcode);
	}
}

static void
neither_memory_nor_locks(void **state)
{
	struct fixture *fixture = *state;
	struct stand stand = stand_new(fixture, "127.0.0.1@0", "127.0.0.1@0");

	add(fixture, T0, "198.51.100.7", BS_BOUNCE, BS_LISTING_FOREVER);
	add(fixture, T0, "203.0.113.0/24", BS_BOUNCE, BS_LISTING_FOREVER);
	add(fixture, T0, "2001:db8::/64", BS_BOUNCE, BS_LISTING_FOREVER);
	/* from the database, then with the filter, then following the journal */
	ask_all(&stand, false);
	counted.allocations = counted.locks = 0;
	ask_all(&stand, true);
	assert_int_equal(counted.allocations, 0);
	assert_int_equal(counted.locks, 0);
	assert_null(stand.from.view.filter);
	assert_int_equal(filter_keeper_build(stand.keeper), BS_OK);
	for (char digit = '1'; digit <= '9'; digit++) {
		char text[] = "192.0.2.x";

		text[sizeof(text) - 2] = digit;
		add(fixture, T0, text, BS_BOUNCE, BS_LISTING_FOREVER);
		ask_all(&stand, true);
		remove_at(fixture, T0 + 1, text);
		ask_all(&stand, true);
	}
	assert_int_equal(counted.allocations, 0);
	assert_int_equal(counted.locks, 0);
	stand_free(&stand);
}

/* The client's socket is connected: it takes an answer from there only. */
static void
answers_from_where_it_was_asked(void **state)
{
	static const char *const asked[] = {
	    "127.0.0.1@0", "127.0.0.2@0", "127.200.3.4@0"};

	add(*state, T0, "198.51.100.7", BS_BOUNCE, BS_LISTING_FOREVER);
	add(*state, T0, "203.0.113.0/24", BS_BOUNCE, BS_LISTING_FOREVER);
	add(*state, T0, "2001:db8::/64", BS_BOUNCE, BS_LISTING_FOREVER);
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		struct stand stand = stand_new(*state, "0.0.0.0@0", asked[i]);

		ask_all(&stand, false);
		stand_free(&stand);
	}
}

static int
option_of(int file, int level, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	assert_int_equal(getsockopt(file, level, option, &value, &size), 0);
	return value;
}

/* No router may make fragments of what is sent (RFC 9715 section 3.1), by our
 * own sockets and by those that a service manager hands over. */
static void
makes_no_fragments(void **state)
{
	const struct bs_endpoint at = endpoint_of("127.0.0.1@0");
	int own, adopted = socket(AF_INET, SOCK_DGRAM, 0);

	(void)state;
	assert_int_equal(netsocket_open(NETSOCKET_UDP, &at, false, &own), 0);
	assert_int_equal(netsocket_adopt(NETSOCKET_UDP, adopted, &at), 0);
	assert_int_equal(
	    option_of(own, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_PROBE);
	assert_int_equal(
	    option_of(adopted, IPPROTO_IP, IP_MTU_DISCOVER), IP_PMTUDISC_PROBE);
	(void)close(own);
	(void)close(adopted);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(it_counts),
	    cmocka_unit_test(makes_no_fragments),
	    cmocka_unit_test_setup_teardown(
		neither_memory_nor_locks, fixture_open, fixture_close),
	    cmocka_unit_test_setup_teardown(
		answers_from_where_it_was_asked, fixture_open, fixture_close),
	};

	count_allocations();
	return cmocka_run_group_tests(tests, NULL, NULL);
}
