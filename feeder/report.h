/*
 * Reports: backscatter that others hand in, as a feedback report (ARF, RFC
 * 5965) or as a message that is attached to another one.
 */
#ifndef FEED_REPORT_H
#define FEED_REPORT_H

#include <stddef.h>

#include "config.h"
#include "judge.h"

/*
 * Judges the message that a report hands in.  `reporter` (borrowed) is who sent
 * the report: known by the folder that it lies in or by the address that it
 * connected from, never by what the report says.
 *
 * The source is the peer in the attached message's own Received lines where
 * the reporter has `by` or `hops`; else the report's Source-IP.  If both are
 * there they must agree.  What is no report, is malformed or of a kind that
 * hands nothing in is JUDGE_NONE, with the reason.
 *
 * *bytes_r is the attached message, to be freed: what identity is made of; NULL
 * with *size_r 0 where there is none.
 */
void report_judge(const struct judge *judge,
    const struct bs_config_reporter *reporter, const struct judge_text *report,
    struct judgement *judgement_r, struct judge_text *attached_r);

/* The reporter whose folders hold the path, or NULL. */
const struct bs_config_reporter *report_of_path(
    const struct bs_config *config, const char *path);

/* The reporter that may connect from `peer`, or NULL; one of our relays is
 * nobody's.  The first that is named wins. */
const struct bs_config_reporter *report_of_peer(
    const struct bs_config *config, const struct bs_addr *peer);

#endif
