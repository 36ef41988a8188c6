/*
 * feeder/smtp_session on any bytes, as SMTP and as LMTP, from a host that may
 * speak for others: in pieces of any size the replies are the same, each line
 * ends in CRLF and begins with a code, output and body stay within their
 * limits.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "smtp_fixture.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

static void
check_replies(const char *out, size_t size)
{
	const char *end = out + size;

	while (out < end) {
		const char *lf = memchr(out, '\n', (size_t)(end - out));

		if (lf == NULL) /* more than the fixture keeps */
			return;
		assert(lf - out >= 5 && lf - out < 512 && lf[-1] == '\r');
		assert(out[0] >= '2' && out[0] <= '5');
		assert(out[3] == ' ' || out[3] == '-');
		assert(memchr(out, '\r', (size_t)(lf - 1 - out)) == NULL);
		out = lf + 1;
	}
}

static void
run(struct smtp_fixture *fixture, const char *bytes, size_t size, size_t piece)
{
	smtp_fixture_start(fixture);
	for (size_t used = 0; used < size;) {
		size_t part = size - used < piece ? size - used : piece;
		size_t step = smtp_fixture_feed(fixture, bytes + used, part);

		used += step;
		if (step < part)
			break;
	}
	check_replies(fixture->out, fixture->out_size);
	if (fixture->messages == 0)
		assert(fixture->body_total <= fixture->settings.size_max);
	smtp_session_end(fixture->session);
}

/* Made once: to read a configuration takes far longer than a session. */
static void
prepare(struct smtp_fixture *fixture, bool lmtp)
{
	if (fixture->config == NULL)
		smtp_fixture_open(fixture);
	smtp_fixture_again(fixture);
	fixture->settings.lmtp = lmtp;
	fixture->settings.tls = true;
	fixture->peer.may_xclient = true;
	fixture->peer.may_xforward = true;
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	static struct smtp_fixture whole, pieces;

	for (int lmtp = 0; lmtp < 2; lmtp++) {
		prepare(&whole, lmtp == 1);
		prepare(&pieces, lmtp == 1);
		run(&whole, (const char *)bytes, size, SIZE_MAX);
		run(&pieces, (const char *)bytes, size, 1);
		assert(whole.out_size == pieces.out_size);
		assert(memcmp(whole.out, pieces.out, whole.out_size) == 0);
		assert(whole.body_size == pieces.body_size);
		assert(whole.messages == pieces.messages);
		assert(whole.unused == pieces.unused);
	}
	return 0;
}
