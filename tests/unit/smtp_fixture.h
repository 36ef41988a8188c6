/*
 * A session of SMTP or LMTP for tests: settings, a configuration with traps
 * and roles, and a sink that notes what it gets.
 */
#ifndef TEST_SMTP_FIXTURE_H
#define TEST_SMTP_FIXTURE_H

#include "config.h"
#include "smtp_session.h"

#define SMTP_FIXTURE_TEXT 65536

struct smtp_fixture {
	struct bs_config *config; /* owned */
	struct recipients *recipients;
	struct smtp_settings settings; /* to be changed before the start */
	struct smtp_peer peer;
	struct smtp_session *session;
	uint64_t replies[2]; /* that it counted */

	char out[SMTP_FIXTURE_TEXT]; /* all replies so far */
	size_t out_size;
	char body[SMTP_FIXTURE_TEXT]; /* of the message under way */
	size_t body_size, body_total;
	unsigned messages, unused;
	int body_error;                /* of the sink */
	struct envelope_result result; /* what messages are answered by */
};

/* trap.example and single@other.example are traps, abuse is a role. */
void smtp_fixture_open(struct smtp_fixture *fixture);
void smtp_fixture_close(struct smtp_fixture *fixture);

/* Forgets the session that was, and keeps configuration and settings. */
void smtp_fixture_again(struct smtp_fixture *fixture);

/* Begins the session and drops the greeting. */
void smtp_fixture_start(struct smtp_fixture *fixture);

/* Feeds bytes as a connection would: sends output, answers messages, and stops
 * where TLS begins or the session closes.  Returns how many were read. */
size_t smtp_fixture_feed(
    struct smtp_fixture *fixture, const char *bytes, size_t size);

#endif
