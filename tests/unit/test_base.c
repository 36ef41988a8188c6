/*
 * The smallest modules of lib/: error, log, clock, class.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "class.h"
#include "clock.h"
#include "error.h"
#include "log.h"

static void
every_error_has_a_text_of_its_own(void **state)
{
	(void)state;
	for (int a = BS_OK; a >= BS_ERROR_LAST; a--) {
		assert_string_not_equal(bs_strerror(a), "unknown error");
		for (int b = BS_OK; b > a; b--)
			assert_string_not_equal(bs_strerror(a), bs_strerror(b));
	}
	assert_string_equal(bs_strerror(BS_ERROR_LAST - 1), "unknown error");
	assert_int_equal(BS_EXIT_OK, bs_exit_for(BS_OK));
	assert_int_equal(BS_EXIT_NO, bs_exit_for(BS_ECONFIG));
	assert_int_equal(BS_EXIT_ENVIRONMENT, bs_exit_for(BS_EFULL));
}

static void
message_is_one_line_and_cut(void **state)
{
	struct bs_message message;
	char longer[BS_MESSAGE_MAX + 10];

	(void)state;
	bs_message_set(&message, "%s", "a\nb\033[31m\xc3\xa9");
	assert_string_equal(message.text, "a?b?[31m\xc3\xa9");
	/* what is no UTF-8, C1 controls, and right to left */
	bs_message_set(&message, "%s", "\xff.\xc3.\xc2\x9bm\xe2\x80\xaex\xe2");
	assert_string_equal(message.text, "?.?.\?\?m\?\?\?x?");
	memset(longer, 'x', sizeof(longer) - 1);
	longer[sizeof(longer) - 1] = '\0';
	bs_message_set(&message, "%s", longer);
	assert_int_equal(BS_MESSAGE_MAX - 1, strlen(message.text));
	bs_message_set(NULL, "nobody listens");
}

static void
log_writes_one_clean_line(void **state)
{
	char *text = NULL;
	size_t size = 0;
	struct bs_log log = bs_log_stderr("backstopd");

	(void)state;
	log.stream = open_memstream(&text, &size);
	log.priorities = false;
	bs_log(&log, BS_LOG_WARNING, "zone %s: bad\nforged: line", "x");
	bs_log(&log, BS_LOG_DEBUG, "dropped");
	log.priorities = true;
	bs_log(&log, BS_LOG_INFO, "ready");
	(void)fclose(log.stream);
	assert_string_equal(text,
	    "backstopd: warning: zone x: bad?forged: line\n"
	    "<6>backstopd: ready\n");
	free(text);
}

static void
times(void **state)
{
	static const struct {
		const char *text;
		int error;
		uint32_t time_s;
	} rows[] = {
	    {"1970-01-01T00:00:00Z", BS_OK, 0},
	    {"2026-11-22T03:00:00Z", BS_OK, 1795316400},
	    {"2106-02-07T06:28:15Z", BS_OK, UINT32_MAX},
	    {"2106-02-07T06:28:16Z", BS_EINVAL, 0},
	    {"1969-12-31T23:59:59Z", BS_EINVAL, 0},
	    {"2024-02-29T00:00:00Z", BS_OK, 1709164800},
	    {"2023-02-29T00:00:00Z", BS_EINVAL, 0},
	    {"2026-13-01T00:00:00Z", BS_EINVAL, 0},
	    {"2026-01-01T24:00:00Z", BS_EINVAL, 0},
	    {"2026-01-01T00:00:60Z", BS_EINVAL, 0},
	    {"2026-01-01 00:00:00Z", BS_EINVAL, 0},
	    {"2026-01-01T00:00:00", BS_EINVAL, 0},
	    {"2026-01-01T00:00:00Zx", BS_EINVAL, 0},
	    {"", BS_EINVAL, 0},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint32_t time_s = 0;
		char text[BS_TIME_TEXT_MAX];

		print_message("# %s\n", rows[i].text);
		assert_int_equal(
		    rows[i].error, bs_time_parse(rows[i].text, &time_s));
		if (rows[i].error != BS_OK)
			continue;
		assert_int_equal(rows[i].time_s, time_s);
		assert_string_equal(bs_time_format(time_s, text), rows[i].text);
	}
}

static void
durations(void **state)
{
	static const struct {
		const char *text;
		int error;
		uint32_t duration_s;
		const char *written;
	} rows[] = {
	    {"0", BS_OK, 0, "0s"},
	    {"90", BS_OK, 90, "1m30s"},
	    {"90s", BS_OK, 90, "1m30s"},
	    {"15m", BS_OK, 900, "15m"},
	    {"26h", BS_OK, 93600, "1d2h"},
	    {"7d", BS_OK, 604800, "1w"},
	    {"4w", BS_OK, 2419200, "4w"},
	    {"694861s", BS_OK, 694861, "1w1d"},
	    {"36600d", BS_OK, 3162240000u, "5228w4d"},
	    {"36601d", BS_ERANGE, 0, NULL},
	    {"99999999999999999999", BS_ERANGE, 0, NULL},
	    {"", BS_EINVAL, 0, NULL},
	    {"w", BS_EINVAL, 0, NULL},
	    {"4 w", BS_EINVAL, 0, NULL},
	    {"4W", BS_EINVAL, 0, NULL},
	    {"4weeks", BS_EINVAL, 0, NULL},
	    {"1d2h", BS_EINVAL, 0, NULL},
	    {"-1", BS_EINVAL, 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint32_t duration_s = 0;
		char text[BS_DURATION_TEXT_MAX];

		print_message("# %s\n", rows[i].text);
		assert_int_equal(rows[i].error,
		    bs_duration_parse(rows[i].text, &duration_s));
		if (rows[i].error != BS_OK)
			continue;
		assert_int_equal(rows[i].duration_s, duration_s);
		assert_string_equal(
		    bs_duration_format(duration_s, text), rows[i].written);
	}
}

static void
clock_can_be_fixed(void **state)
{
	uint32_t now_s = 7;
	struct bs_clock clock = bs_clock_fixed(&now_s);

	(void)state;
	assert_int_equal(7, bs_clock_now_s(&clock));
	now_s = 8;
	assert_int_equal(8, bs_clock_now_s(&clock));
	assert_true(bs_clock_now_s(&bs_clock_system) > 1700000000u);
}

static void
class_sets(void **state)
{
	static const struct {
		const char *text;
		int error;
		bs_classes classes;
		const char *written;
	} rows[] = {
	    {"bounce", BS_OK, 4, "bounce"},
	    {"subscribe,bounce", BS_OK, 132, "bounce, subscribe"},
	    {"bounce, callout", BS_OK, 68, "bounce, callout"},
	    {"all", BS_OK, 252,
		"bounce, autoreply, challenge, virus, callout, "
		"subscribe"},
	    {"", BS_EINVAL, 0, NULL},
	    {"bounce,", BS_EINVAL, 0, NULL},
	    {",bounce", BS_EINVAL, 0, NULL},
	    {"bounce callout", BS_EINVAL, 0, NULL},
	    {"bounce,bounce", BS_EEXIST, 0, NULL},
	    {"Bounce", BS_ENOTFOUND, 0, NULL},
	    {"boun", BS_ENOTFOUND, 0, NULL},
	    {"forged", BS_ENOTFOUND, 0, NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		bs_classes classes = 0;
		char text[BS_CLASSES_TEXT_MAX];

		print_message("# %s\n", rows[i].text);
		assert_int_equal(
		    rows[i].error, bs_classes_parse(rows[i].text, &classes));
		if (rows[i].error != BS_OK)
			continue;
		assert_int_equal(rows[i].classes, classes);
		assert_string_equal(
		    bs_classes_format(classes, text), rows[i].written);
	}
}

static void
classes_and_bits(void **state)
{
	bs_classes all = 0;

	(void)state;
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		enum bs_class class = bs_class_at(i), back;
		const char *name = bs_class_name(class);

		assert_int_equal(i, bs_class_index(class));
		assert_int_equal(
		    BS_OK, bs_class_parse(name, strlen(name), &back));
		assert_int_equal(class, back);
		all |= (bs_classes) class;
	}
	assert_int_equal(BS_CLASSES_ALL, all);
	assert_null(bs_class_name((enum bs_class)2));
	assert_null(bs_class_name((enum bs_class)12));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(every_error_has_a_text_of_its_own),
	    cmocka_unit_test(message_is_one_line_and_cut),
	    cmocka_unit_test(log_writes_one_clean_line),
	    cmocka_unit_test(times),
	    cmocka_unit_test(durations),
	    cmocka_unit_test(clock_can_be_fixed),
	    cmocka_unit_test(class_sets),
	    cmocka_unit_test(classes_and_bits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
