/*
 * The exemptions that the configuration asks for, brought into the database at
 * start: what all who answer from it then leave out.
 */
#ifndef SERVER_EXEMPTING_H
#define SERVER_EXEMPTING_H

#include "config.h"
#include "log.h"
#include "store.h"

/*
 * Makes these the exemptions of the database, within the transaction: `exempt`
 * and `relays`, and reserved space where something is listed all the same (from
 * a trial with `documentation-space`, or by another version), which is logged.
 * Says how many are new or gone.
 */
int exempting_apply(const struct bs_log *log, const struct bs_config *config,
    struct bs_store *store, struct bs_writer *writer);

#endif
