/*
 * The classifier: facts in, a kind, a type and the reasons out.  Pure.
 */
#ifndef FEED_CLASSIFY_H
#define FEED_CLASSIFY_H

#include "facts.h"
#include "judge.h"

/*
 * Fills kind, type, lists, class, status, reporting_mta and the reasons of
 * *judgement_r; the rest of it is not touched.
 */
void classify(const struct facts *facts, struct judgement *judgement_r);

#endif
