/*
 * A world for the scripts of policy_script.h without a database: arrays, walked
 * from end to end, and the pure policy.  What the store does in bounded steps
 * and with indexes must come to the same.
 */
#ifndef POLICY_MODEL_H
#define POLICY_MODEL_H

#include "policy_script.h"

/* A new world each; free with policy_model_free. */
struct policy_world policy_model_new(void);
void policy_model_free(struct policy_world *world);

#endif
