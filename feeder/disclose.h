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
 * A host name (nothing where there were too many secrets) without what may be a
 * secret: in lower case; a label with a long or mixed token, an encoded one, or
 * one that has to do with a secret, however that may be encoded, becomes '*'.
 * "" for what is no host name, or hides a secret as a whole.
 */
void disclose_host(const char *name, const struct disclose_encoded *secrets,
    char host_r[BS_EVIDENCE_HOST_MAX + 1]);

/*
 * A subject (case-folded UTF-8) without what may be a secret: only the words
 * that subjects of notices are made of stay, everything else becomes '*'.
 */
void disclose_subject(const char *subject,
    const struct disclose_secrets *secrets,
    char subject_r[BS_EVIDENCE_SUBJECT_MAX + 1]);

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

/* Whether subjects of notices are made of that word (disclose_words.c). */
bool disclose_is_word(const char *word, size_t size);

#endif
