/*
 * The classifier: facts in, a kind, a type and the reasons out.  Pure.
 */
#ifndef FEED_CLASSIFY_H
#define FEED_CLASSIFY_H

#include "facts.h"
#include "judge.h"
#include "weigh.h"

/*
 * Fills what *judgement_r says of the class, and the reasons; source, trap and
 * limits are not touched.
 */
void classify(const struct weigher *weigher, const struct facts *facts,
    struct judgement *judgement_r);

#endif
