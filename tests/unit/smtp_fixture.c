/*
 * The owner of a session, without a socket.
 */
#include "autoconf.h"

#include <assert.h>
#include <string.h>

#include "smtp_fixture.h"

static const char config_text[] =
    "database: /nowhere\n"
    "trap: {domains: [trap.example, b\xc3\xbc"
    "cher.example, xn--strae-oqa.example], addresses: [single@other.example,\n"
    "       one+two@other.example], plus-extension: yes,\n"
    "       patterns: [\"x?-*@pattern.example\", \"v+*@pattern.example\"]}\n"
    "role: {addresses: [abuse, boss@else.example, head+me@else.example]}\n";

static void
report(void *context, bool fatal, const char *line)
{
	(void)context;
	(void)line;
	assert(!fatal);
}

void
smtp_fixture_open(struct smtp_fixture *fixture)
{
	int rc;

	memset(fixture, 0, sizeof(*fixture));
	rc = bs_config_parse("test", config_text, sizeof(config_text) - 1,
	    report, NULL, &fixture->config);
	assert(rc == BS_OK);
	fixture->recipients =
	    recipients_new(fixture->config, "MX.trap.example");
	assert(fixture->recipients != NULL);
	fixture->settings = (struct smtp_settings){
	    .hostname = "mx.trap.example",
	    .recipients = fixture->recipients,
	    .size_max = 1000,
	    .discard_max = 4000,
	    .recipients_max = 100,
	    .commands_max = 1000,
	    .errors_max = 20,
	};
	fixture->peer.has_addr = true;
	(void)bs_addr_parse("192.0.2.1", 9, &fixture->peer.addr);
}

void
smtp_fixture_close(struct smtp_fixture *fixture)
{
	smtp_session_free(&fixture->session);
	recipients_free(&fixture->recipients);
	bs_config_free(&fixture->config);
}

void
smtp_fixture_again(struct smtp_fixture *fixture)
{
	smtp_session_free(&fixture->session);
	fixture->out_size = fixture->body_size = fixture->body_total = 0;
	fixture->messages = fixture->unused = 0;
}

static int
take_body(void *context, const char *bytes, size_t size)
{
	struct smtp_fixture *fixture = context;
	size_t room = sizeof(fixture->body) - fixture->body_size;

	if (fixture->body_error != BS_OK)
		return fixture->body_error;
	fixture->body_total += size;
	if (size > room)
		size = room;
	memcpy(fixture->body + fixture->body_size, bytes, size);
	fixture->body_size += size;
	return BS_OK;
}

static void
take_unused(void *context, const struct envelope *envelope)
{
	struct smtp_fixture *fixture = context;

	assert(envelope->trap_count > 0);
	fixture->unused++;
}

static void
send_output(struct smtp_fixture *fixture)
{
	size_t size, room = sizeof(fixture->out) - 1 - fixture->out_size;
	const char *out = smtp_session_output(fixture->session, &size);

	if (out == NULL)
		return;
	memcpy(
	    fixture->out + fixture->out_size, out, size < room ? size : room);
	fixture->out_size += size < room ? size : room;
	fixture->out[fixture->out_size] = '\0';
	smtp_session_sent(fixture->session, size);
}

void
smtp_fixture_start(struct smtp_fixture *fixture)
{
	struct smtp_sink sink = {
	    fixture, take_body, take_unused, fixture->replies};

	fixture->session =
	    smtp_session_new(&fixture->settings, &fixture->peer, &sink);
	assert(fixture->session != NULL);
	smtp_session_start(fixture->session);
	send_output(fixture);
	fixture->out_size = 0;
	fixture->out[0] = '\0';
}

size_t
smtp_fixture_feed(struct smtp_fixture *fixture, const char *bytes, size_t size)
{
	struct smtp_session *session = fixture->session;
	size_t used = 0, step = 1;

	while (smtp_session_action(session) == SMTP_MESSAGE ||
	       (used < size && step > 0)) {
		step = smtp_session_read(session, bytes + used, size - used);
		used += step;
		if (smtp_session_action(session) == SMTP_MESSAGE) {
			fixture->messages++;
			smtp_session_taken(session, &fixture->result);
			step = 1;
		}
		if (smtp_session_action(session) > SMTP_MESSAGE)
			step = 0;
		send_output(fixture);
	}
	send_output(fixture);
	return used;
}
