/*
 * feeder/milterwire: frames between the milter's process and serve, sound and
 * not.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "milterwire.h"

static void
fill_text(char *text, size_t size)
{
	memset(text, 'x', size);
	text[size] = '\0';
}

static void
test_sender(void **state)
{
	struct envelope envelope = {.utf8 = true}, got;
	uint8_t frame[MILTERWIRE_FRAME_MAX];
	size_t size;

	(void)state;
	for (int family = 0; family < 3; family++) {
		envelope.has_peer = family > 0;
		envelope.peer = (struct bs_addr){
		    family == 1 ? BS_IPV4 : BS_IPV6, {192, 0, 2, 1}};
		/* the longest that there are */
		fill_text(envelope.helo, ENVELOPE_HELO_MAX);
		fill_text(envelope.sender, ENVELOPE_ADDRESS_MAX);
		size = milterwire_put_sender(&envelope, frame);
		assert_true(size <= sizeof(frame));
		assert_int_equal(frame[0], MILTERWIRE_SENDER);
		assert_int_equal(milterwire_get_sender(frame + MILTERWIRE_HEAD,
				     size - MILTERWIRE_HEAD, &got),
		    BS_OK);
		assert_true(got.utf8);
		assert_int_equal(got.has_peer, envelope.has_peer);
		if (family > 0)
			assert_int_equal(
			    bs_addr_compare(&got.peer, &envelope.peer), 0);
		assert_string_equal(got.helo, envelope.helo);
		assert_string_equal(got.sender, envelope.sender);
		for (size_t cut = 0; cut < size - MILTERWIRE_HEAD; cut++)
			assert_int_equal(
			    milterwire_get_sender(
				frame + MILTERWIRE_HEAD, cut, &got),
			    BS_ECORRUPT);
	}
}

static void
test_trap(void **state)
{
	char address[ENVELOPE_ADDRESS_MAX + 1], got[sizeof(address)];
	uint8_t frame[MILTERWIRE_FRAME_MAX];
	size_t size;

	(void)state;
	fill_text(address, ENVELOPE_ADDRESS_MAX);
	size = milterwire_put_trap(address, frame);
	assert_int_equal(milterwire_get_trap(frame + MILTERWIRE_HEAD,
			     size - MILTERWIRE_HEAD, got),
	    BS_OK);
	assert_string_equal(got, address);
	/* one byte more than there may be */
	frame[MILTERWIRE_HEAD] = (ENVELOPE_ADDRESS_MAX + 1) >> 8;
	frame[MILTERWIRE_HEAD + 1] = (ENVELOPE_ADDRESS_MAX + 1) & 0xff;
	frame[size] = 'x';
	assert_int_equal(milterwire_get_trap(frame + MILTERWIRE_HEAD,
			     size + 1 - MILTERWIRE_HEAD, got),
	    BS_ECORRUPT);
	size = milterwire_put_trap("", frame);
	assert_int_equal(milterwire_get_trap(frame + MILTERWIRE_HEAD,
			     size - MILTERWIRE_HEAD, got),
	    BS_ECORRUPT);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_sender),
	    cmocka_unit_test(test_trap),
	};

	cmocka_set_message_output(CM_OUTPUT_TAP);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
