/*
 * What the tests of what is written ahead of the database share: short words for
 * a transaction with batches, and for the end of a process.
 */
#ifndef AHEAD_FIXTURE_H
#define AHEAD_FIXTURE_H

#include <sys/types.h>

#include "store_admin.h"
#include "store_ahead_record.h"
#include "store_fixture.h"

/* Has the fixture's database written ahead, or fails the test. */
void write_ahead(struct fixture *fixture);
/* Begins a transaction with what is in the file. */
struct bs_writer *begin_ahead(struct fixture *fixture);
/* A bounce of 192.0.2.HOST; each host is listed by its first. */
struct bs_sighting of_host(struct fixture *fixture, unsigned host);
/* That one into a transaction. */
void take_in(struct fixture *fixture, struct bs_writer *writer, unsigned host);
/* A transaction with that one, in a batch on disk. */
struct bs_writer *begin_secured(struct fixture *fixture, unsigned host);
/* The same, and the transaction is not made: the file alone has it. */
void leave_due(struct fixture *fixture, unsigned host);
/* Puts a host's sighting on disk beside the transaction that is under way. */
int beside(struct fixture *fixture, unsigned host);
/* Takes over one that is on disk already. */
void take_over(
    struct fixture *fixture, struct bs_writer *writer, unsigned host);
/* Hosts 1 to `last` are listed by one sighting each, and nobody else. */
void assert_listed(struct fixture *fixture, unsigned last);
/* The process dies, and another one begins. */
void crash(struct fixture *fixture);
/* How many sightings a listing has; 0: there is none. */
unsigned hits_of(struct fixture *fixture, const char *prefix);
/* Takes in what is in the file, in a transaction of its own. */
void recover(struct fixture *fixture);
/* Changes one octet of the file. */
void damage(struct fixture *fixture, off_t at);
/* What a look at the file says, or fails the test. */
struct bs_store_due due_ahead(struct fixture *fixture);
/* Copies the database, with nothing in the file; and puts the copy in its place
 * by hand, whatever the file has then. */
void copy_database(struct fixture *fixture);
void put_copy_back(struct fixture *fixture);
/* A copy of before `commits` transactions, the last of which the process died
 * in, is put in the place of the database by hand. */
void put_back(struct fixture *fixture, unsigned commits);

#endif
