/*
 * The reasons of a judgement, in words.
 */
#ifndef FEED_EXPLAIN_H
#define FEED_EXPLAIN_H

#include "dsn.h"
#include "judge.h"
#include "weigh.h"

/* Adds a reason without a rule; nothing when there is no more room. */
void explain_add(struct judgement *judgement, int weight, const char *format,
    ...) __attribute__((format(printf, 3, 4)));

/* Adds what the status fields say, if they say something. */
void explain_dsn(const struct dsn *dsn, struct judgement *judgement);

/* Adds the rules that decided for judgement->kind, the heaviest first; at least
 * one reason is there then. Leaves only those in weighing->hit. */
void explain_rules(struct weighing *weighing, struct judgement *judgement);

#endif
