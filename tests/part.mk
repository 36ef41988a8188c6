# tests/

TESTS =

# --- fuzz targets ---------------------------------------------------------
# A target X is tests/fuzz/fuzz_X.c with LLVMFuzzerTestOneInput; its seeds lie
# in tests/fuzz/seeds/X/.  Here it takes four lines:
#
#	FUZZ_PROGRAMS += tests/fuzz/fuzz_X
#	tests_fuzz_fuzz_X_SOURCES = %D%/fuzz/fuzz_X.c $(FUZZ_DRIVER)
#	tests_fuzz_fuzz_X_LDFLAGS = $(FUZZ_LDFLAGS)
#	tests_fuzz_fuzz_X_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
#
# `make check` links it with replay.c and replays the seeds.  To fuzz:
#	configure CC=clang --enable-fuzzing --enable-sanitizers
#	make tests/fuzz/fuzz_X && tests/fuzz/fuzz_X NEW_CORPUS tests/fuzz/seeds/X
FUZZ_PROGRAMS =
if FUZZING
FUZZ_DRIVER =
FUZZ_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_DRIVER = %D%/fuzz/replay.c
FUZZ_LDFLAGS = $(AM_LDFLAGS)
TESTS += $(FUZZ_PROGRAMS)
endif
check_PROGRAMS += $(FUZZ_PROGRAMS)
EXTRA_DIST += %D%/fuzz/replay.c %D%/fuzz/seeds

# --- lib/json
check_PROGRAMS += tests/unit/test_json
TESTS += tests/unit/test_json
tests_unit_test_json_SOURCES = %D%/unit/test_json.c
tests_unit_test_json_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_json_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
# sample mail, with its attribution
EXTRA_DIST += %D%/data
