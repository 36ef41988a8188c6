/*
 * Disclosure: what of a message may be kept to show to whom it concerns, made
 * clean of traps, recipients and tokens.
 */
#ifndef FEED_DISCLOSE_H
#define FEED_DISCLOSE_H

#include "evidence.h"

#include "disclose_secrets.h"
#include "facts.h"

/*
 * The domain of a host name (nothing where there were too many secrets), as it
 * has to be registered, or less: its last two labels, or three below a category
 * of a country ("co.uk").  In lower case; a label with a long or mixed token, an
 * encoded one, or one that has to do with a secret, however that may be encoded,
 * becomes '*'.  "" for what is no host name, or hides a secret as a whole.
 */
void disclose_domain(const char *name, const struct disclose_encoded *secrets,
    char host_r[BS_EVIDENCE_HOST_MAX + 1]);

/*
 * A subject (case-folded UTF-8) as far as it is the beginning of a usual one,
 * '*' for what follows, and for all of any other.
 */
void disclose_subject(const char *subject,
    const struct disclose_secrets *secrets,
    char subject_r[BS_EVIDENCE_SUBJECT_MAX + 1]);

/* A status code of RFC 3463, '*' in the place of a detail, or of subject and
 * detail, that nobody registered; "" for what is none. */
void disclose_status(
    const char *status, char status_r[BS_EVIDENCE_STATUS_MAX + 1]);

/* What a message says of itself; all borrowed, each may be "". */
struct disclose_claims {
	const char *status, *action, *reporting_mta;
	/* what the source called itself by, where our own MTA found that to be
	 * its name in both directions */
	const char *helo;
};

/* All of it for one message. */
void disclose(const struct facts *facts, const struct disclose_claims *claims,
    struct bs_evidence_facts *evidence_r);

/* The longest of the usual beginnings of subjects (disclose_phrases.c) that the
 * subject begins with, and that ends there or at the end of a word; static
 * storage; NULL where it has none. */
const char *disclose_phrase(const char *subject);

#endif
