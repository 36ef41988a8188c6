# tests/

TESTS =

# --- sample mail with its attribution; what tests/run needs ----------------
EXTRA_PROGRAMS =
EXTRA_DIST += %D%/data %D%/run %D%/system tools/setup.sh tools/trial.sh
.PHONY: list-checks
list-checks:
	@for test in $(TESTS); do echo $$test; done

# --- fuzz targets ---------------------------------------------------------
# A target X is tests/fuzz/fuzz_X.c with LLVMFuzzerTestOneInput; its seeds lie
# in tests/fuzz/seeds/X/.  Here it takes four lines:
#
#	FUZZ_TARGETS += tests/fuzz/fuzz_X
#	tests_fuzz_fuzz_X_SOURCES = %D%/fuzz/fuzz_X.c $(FUZZ_DRIVER)
#	tests_fuzz_fuzz_X_LDFLAGS = $(FUZZ_LINK)
#	tests_fuzz_fuzz_X_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
#
# `make check` links it with replay.c and replays the seeds.  To fuzz:
#	configure CC=clang --enable-fuzzing --enable-sanitizers
#	make tests/fuzz/fuzz_X && tests/fuzz/fuzz_X NEW_CORPUS tests/fuzz/seeds/X
FUZZ_TARGETS =
if FUZZING
FUZZ_DRIVER =
FUZZ_LINK = $(AM_LDFLAGS) -fsanitize=fuzzer
else
FUZZ_DRIVER = %D%/fuzz/replay.c
FUZZ_LINK = $(AM_LDFLAGS)
TESTS += $(FUZZ_TARGETS)
endif
check_PROGRAMS += $(FUZZ_TARGETS)
EXTRA_DIST += %D%/fuzz/replay.c %D%/fuzz/seeds

# What several tests share.
BYTES_FIXTURE = %D%/unit/bytes_fixture.c %D%/unit/bytes_fixture.h
ADDRESS_FIXTURE = %D%/unit/address_fixture.c %D%/unit/address_fixture.h

# --- lib/json
check_PROGRAMS += tests/unit/test_json tests/unit/test_json_read
TESTS += tests/unit/test_json tests/unit/test_json_read
tests_unit_test_json_read_SOURCES = %D%/unit/test_json_read.c
tests_unit_test_json_read_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_json_read_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_json_SOURCES = %D%/unit/test_json.c
tests_unit_test_json_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_json_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
# --- lib: the base
check_PROGRAMS += tests/unit/test_base tests/unit/test_ipprefix \
	tests/unit/test_reserved tests/unit/test_testpoint tests/unit/test_utf8 \
	tests/unit/test_timeslice
TESTS += tests/unit/test_base tests/unit/test_ipprefix \
	tests/unit/test_reserved tests/unit/test_testpoint tests/unit/test_utf8 \
	tests/unit/test_timeslice
tests_unit_test_timeslice_SOURCES = %D%/unit/test_timeslice.c
tests_unit_test_timeslice_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_timeslice_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_utf8_SOURCES = %D%/unit/test_utf8.c
tests_unit_test_utf8_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_utf8_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_base_SOURCES = %D%/unit/test_base.c
tests_unit_test_base_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_base_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_ipprefix_SOURCES = %D%/unit/test_ipprefix.c
tests_unit_test_ipprefix_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ipprefix_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_reserved_SOURCES = %D%/unit/test_reserved.c $(ADDRESS_FIXTURE)
tests_unit_test_reserved_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_reserved_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_testpoint_SOURCES = %D%/unit/test_testpoint.c $(ADDRESS_FIXTURE)
tests_unit_test_testpoint_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_testpoint_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)

# --- lib/control
check_PROGRAMS += tests/unit/test_control
TESTS += tests/unit/test_control
tests_unit_test_control_SOURCES = %D%/unit/test_control.c
tests_unit_test_control_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_control_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_control
tests_fuzz_fuzz_control_SOURCES = %D%/fuzz/fuzz_control.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_control_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_control_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

# --- lib/idna
check_PROGRAMS += tests/unit/test_idna
TESTS += tests/unit/test_idna
tests_unit_test_idna_SOURCES = %D%/unit/test_idna.c
tests_unit_test_idna_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_idna_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_idna
tests_fuzz_fuzz_idna_SOURCES = %D%/fuzz/fuzz_idna.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_idna_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_idna_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

# --- lib/suggest
check_PROGRAMS += tests/unit/test_suggest
TESTS += tests/unit/test_suggest
tests_unit_test_suggest_SOURCES = %D%/unit/test_suggest.c
tests_unit_test_suggest_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_suggest_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)

# --- lib/yaml and lib/config
check_PROGRAMS += tests/unit/test_yaml tests/unit/test_config \
	tests/unit/test_config_result
TESTS += tests/unit/test_yaml tests/unit/test_config \
	tests/unit/test_config_result
tests_unit_test_yaml_SOURCES = %D%/unit/test_yaml.c
tests_unit_test_yaml_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_yaml_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_config_SOURCES = %D%/unit/test_config.c \
	%D%/unit/config_said.c %D%/unit/config_said.h
tests_unit_test_config_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_config_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_config_result_SOURCES = %D%/unit/test_config_result.c \
	%D%/unit/config_said.c %D%/unit/config_said.h $(BYTES_FIXTURE)
tests_unit_test_config_result_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_config_result_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_config
tests_fuzz_fuzz_config_SOURCES = %D%/fuzz/fuzz_config.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_config_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_config_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_yaml
tests_fuzz_fuzz_yaml_SOURCES = %D%/fuzz/fuzz_yaml.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_yaml_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_yaml_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
# --- lib: records, policy, keyed hashes, the store
STORE_TESTS = tests/unit/test_listing tests/unit/test_journal \
	tests/unit/test_policy tests/unit/test_keyhash
check_PROGRAMS += $(STORE_TESTS)
TESTS += $(STORE_TESTS)
tests_unit_test_listing_SOURCES = %D%/unit/test_listing.c $(BYTES_FIXTURE) \
	$(ADDRESS_FIXTURE)
tests_unit_test_listing_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_listing_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_journal_SOURCES = %D%/unit/test_journal.c $(BYTES_FIXTURE) \
	$(ADDRESS_FIXTURE)
tests_unit_test_journal_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_journal_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
POLICY_ROWS = %D%/unit/policy_script.c %D%/unit/policy_script.h \
	%D%/unit/policy_rows_what.c %D%/unit/policy_rows_when.c \
	%D%/unit/policy_rows_again.c %D%/unit/policy_rows_ipv6.c
tests_unit_test_policy_SOURCES = %D%/unit/test_policy.c \
	%D%/unit/policy_model.c %D%/unit/policy_model.h $(POLICY_ROWS) \
	$(ADDRESS_FIXTURE)
tests_unit_test_policy_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_policy_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_keyhash_SOURCES = %D%/unit/test_keyhash.c $(BYTES_FIXTURE)
tests_unit_test_keyhash_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_keyhash_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
# --- the store, on real LMDB
check_LIBRARIES += tests/unit/libstorefixture.a
tests_unit_libstorefixture_a_SOURCES = %D%/unit/store_fixture.c \
	%D%/unit/store_fixture.h $(ADDRESS_FIXTURE)
tests_unit_libstorefixture_a_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
STORE_FIXTURE = tests/unit/libstorefixture.a
STORE_LMDB_TESTS = tests/unit/test_store_read tests/unit/test_store_open \
	tests/unit/test_store_sighting tests/unit/test_store_write \
	tests/unit/test_store_record tests/unit/test_store_policy \
	tests/unit/test_store_widen tests/unit/test_store_time \
	tests/unit/test_store_admin tests/unit/test_store_traps
check_PROGRAMS += $(STORE_LMDB_TESTS)
TESTS += $(STORE_LMDB_TESTS)
tests_unit_test_store_read_SOURCES = %D%/unit/test_store_read.c
tests_unit_test_store_read_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_read_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_open_SOURCES = %D%/unit/test_store_open.c
tests_unit_test_store_open_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_open_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_sighting_SOURCES = %D%/unit/test_store_sighting.c
tests_unit_test_store_sighting_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_sighting_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_write_SOURCES = %D%/unit/test_store_write.c
tests_unit_test_store_write_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_write_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_record_SOURCES = %D%/unit/test_store_record.c $(BYTES_FIXTURE)
tests_unit_test_store_record_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_record_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_time_SOURCES = %D%/unit/test_store_time.c
tests_unit_test_store_time_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_time_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_traps_SOURCES = %D%/unit/test_store_traps.c
tests_unit_test_store_traps_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_traps_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_admin_SOURCES = %D%/unit/test_store_admin.c
tests_unit_test_store_admin_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_admin_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_widen_SOURCES = %D%/unit/test_store_widen.c
tests_unit_test_store_widen_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_widen_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_policy_SOURCES = %D%/unit/test_store_policy.c $(POLICY_ROWS)
tests_unit_test_store_policy_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_policy_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_listing
tests_fuzz_fuzz_listing_SOURCES = %D%/fuzz/fuzz_listing.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_listing_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_listing_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_record
tests_fuzz_fuzz_record_SOURCES = %D%/fuzz/fuzz_record.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_record_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_record_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_journal
tests_fuzz_fuzz_journal_SOURCES = %D%/fuzz/fuzz_journal.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_journal_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_journal_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

# --- what is written ahead of the database
check_PROGRAMS += tests/unit/test_store_ahead
TESTS += tests/unit/test_store_ahead
AHEAD_FIXTURE = %D%/unit/ahead_fixture.c %D%/unit/ahead_fixture.h
tests_unit_test_store_ahead_SOURCES = %D%/unit/test_store_ahead.c \
	$(AHEAD_FIXTURE)
tests_unit_test_store_ahead_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_ahead_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_socketfile
TESTS += tests/unit/test_socketfile
tests_unit_test_socketfile_SOURCES = %D%/unit/test_socketfile.c $(BYTES_FIXTURE)
tests_unit_test_socketfile_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_socketfile_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_store_files
TESTS += tests/unit/test_store_files
tests_unit_test_store_files_SOURCES = %D%/unit/test_store_files.c $(AHEAD_FIXTURE)
tests_unit_test_store_files_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_files_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_store_keep
TESTS += tests/unit/test_store_keep
tests_unit_test_store_keep_SOURCES = %D%/unit/test_store_keep.c $(AHEAD_FIXTURE)
tests_unit_test_store_keep_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_keep_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_keep_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=fdatasync \
	-Wl,--wrap=unlink
check_PROGRAMS += tests/unit/test_store_foreign
TESTS += tests/unit/test_store_foreign
tests_unit_test_store_foreign_SOURCES = %D%/unit/test_store_foreign.c $(AHEAD_FIXTURE)
tests_unit_test_store_foreign_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_foreign_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_store_due
TESTS += tests/unit/test_store_due
tests_unit_test_store_due_SOURCES = %D%/unit/test_store_due.c $(AHEAD_FIXTURE)
tests_unit_test_store_due_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_due_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_store_next
TESTS += tests/unit/test_store_next
tests_unit_test_store_next_SOURCES = %D%/unit/test_store_next.c $(AHEAD_FIXTURE)
tests_unit_test_store_next_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_next_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_store_follow
TESTS += tests/unit/test_store_follow
tests_unit_test_store_follow_SOURCES = %D%/unit/test_store_follow.c $(AHEAD_FIXTURE)
tests_unit_test_store_follow_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_follow_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_store_bound
TESTS += tests/unit/test_store_bound
tests_unit_test_store_bound_SOURCES = %D%/unit/test_store_bound.c
tests_unit_test_store_bound_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_bound_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_ahead_record
TESTS += tests/unit/test_ahead_record
tests_unit_test_ahead_record_SOURCES = %D%/unit/test_ahead_record.c
tests_unit_test_ahead_record_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_ahead_record_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_ahead
tests_fuzz_fuzz_ahead_SOURCES = %D%/fuzz/fuzz_ahead.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_ahead_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ahead_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

# --- tags
check_PROGRAMS += tests/unit/test_tag tests/unit/test_store_tag
TESTS += tests/unit/test_tag tests/unit/test_store_tag
tests_unit_test_tag_SOURCES = %D%/unit/test_tag.c
tests_unit_test_tag_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_tag_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_tag_SOURCES = %D%/unit/test_store_tag.c
tests_unit_test_store_tag_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_tag_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)

# --- lib/config_exempt
check_PROGRAMS += tests/unit/test_config_exempt
TESTS += tests/unit/test_config_exempt
tests_unit_test_config_exempt_SOURCES = %D%/unit/test_config_exempt.c \
	$(BYTES_FIXTURE)
tests_unit_test_config_exempt_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_config_exempt_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBBACKSTOP_LIBS)

# --- the store: exemptions
check_PROGRAMS += tests/unit/test_exemption tests/unit/test_store_exempt
TESTS += tests/unit/test_exemption tests/unit/test_store_exempt
tests_unit_test_exemption_SOURCES = %D%/unit/test_exemption.c
tests_unit_test_exemption_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_exemption_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_store_exempt_SOURCES = %D%/unit/test_store_exempt.c
tests_unit_test_store_exempt_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_exempt_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_exemption
tests_fuzz_fuzz_exemption_SOURCES = %D%/fuzz/fuzz_exemption.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_exemption_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_exemption_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

# --- feeder: files
FEEDER_FILE_TESTS = tests/unit/test_mbox tests/unit/test_mailfiles \
	tests/unit/test_scan tests/unit/test_summary tests/unit/test_group \
	tests/unit/test_groupqueue tests/unit/test_groupbeside \
	tests/unit/test_housekeeping
check_PROGRAMS += $(FEEDER_FILE_TESTS)
TESTS += $(FEEDER_FILE_TESTS)
tests_unit_test_mbox_SOURCES = %D%/unit/test_mbox.c
tests_unit_test_mbox_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_mbox_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_mbox_LDADD = feeder/libmailfiles.a $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_mailfiles_SOURCES = %D%/unit/test_mailfiles.c $(BYTES_FIXTURE)
tests_unit_test_mailfiles_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_mailfiles_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_mailfiles_LDADD = feeder/libmailfiles.a $(LIBBACKSTOP) \
	$(CMOCKA_LIBS)
tests_unit_test_scan_SOURCES = %D%/unit/test_scan.c $(BYTES_FIXTURE)
tests_unit_test_scan_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_scan_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_scan_LDADD = feeder/libmailfiles.a $(LIBFEED) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBFEED_LIBS) $(LIBBACKSTOP_LIBS)
GROUP_FIXTURE = %D%/unit/group_fixture.c %D%/unit/group_fixture.h
tests_unit_test_group_SOURCES = %D%/unit/test_group.c $(GROUP_FIXTURE)
tests_unit_test_group_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_group_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_group_LDADD = $(STORE_FIXTURE) feeder/libmailfiles.a \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_groupqueue_SOURCES = %D%/unit/test_groupqueue.c $(GROUP_FIXTURE)
tests_unit_test_groupqueue_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_groupqueue_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_groupqueue_LDADD = $(STORE_FIXTURE) feeder/libmailfiles.a \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_groupbeside_SOURCES = %D%/unit/test_groupbeside.c $(GROUP_FIXTURE)
tests_unit_test_groupbeside_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_groupbeside_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_groupbeside_LDADD = $(STORE_FIXTURE) feeder/libmailfiles.a \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_groupbeside_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=mdb_txn_commit \
	-Wl,--wrap=fdatasync
tests_unit_test_housekeeping_SOURCES = %D%/unit/test_housekeeping.c $(GROUP_FIXTURE)
tests_unit_test_housekeeping_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_housekeeping_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_housekeeping_LDADD = $(STORE_FIXTURE) feeder/libmailfiles.a \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_summary_SOURCES = %D%/unit/test_summary.c
tests_unit_test_summary_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_summary_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_summary_LDADD = feeder/libmailfiles.a $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBFEED_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_mbox
tests_fuzz_fuzz_mbox_SOURCES = %D%/fuzz/fuzz_mbox.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_mbox_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_fuzz_fuzz_mbox_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_mbox_LDADD = feeder/libmailfiles.a $(LIBBACKSTOP)
# --- server: the pure files
SERVER_TESTS = tests/unit/test_query tests/unit/test_tsig \
	tests/unit/test_revname \
	tests/unit/test_answer tests/unit/test_zonefile tests/unit/test_zone \
	tests/unit/test_zonetimes
SERVER_TEST_CFLAGS = $(AM_CFLAGS) -I$(top_srcdir)/server $(CMOCKA_CFLAGS) \
	$(LDNS_CFLAGS)
SERVER_TEST_LIBS = $(LIBSERVER) $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBSERVER_LIBS) $(LIBBACKSTOP_LIBS)
SERVER_FIXTURE = %D%/unit/server_fixture.c %D%/unit/server_fixture.h \
	%D%/unit/zoneset.c %D%/unit/zoneset.h
check_PROGRAMS += $(SERVER_TESTS)
TESTS += $(SERVER_TESTS)
tests_unit_test_tsig_SOURCES = %D%/unit/test_tsig.c
tests_unit_test_tsig_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_tsig_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_query_SOURCES = %D%/unit/test_query.c
tests_unit_test_query_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_query_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_revname_SOURCES = %D%/unit/test_revname.c
tests_unit_test_revname_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_revname_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_answer_SOURCES = %D%/unit/test_answer.c $(SERVER_FIXTURE)
tests_unit_test_answer_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_answer_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_zonefile_SOURCES = %D%/unit/test_zonefile.c
tests_unit_test_zonefile_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_zonefile_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_zonetimes_SOURCES = %D%/unit/test_zonetimes.c
tests_unit_test_zonetimes_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_zonetimes_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_zone_SOURCES = %D%/unit/test_zone.c $(SERVER_FIXTURE)
tests_unit_test_zone_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_zone_LDADD = $(SERVER_TEST_LIBS)
# --- zone content: what is made of listings, and what the query path says
check_PROGRAMS += tests/unit/test_zonecontent
TESTS += tests/unit/test_zonecontent
tests_unit_test_zonecontent_SOURCES = %D%/unit/test_zonecontent.c \
	%D%/unit/zonecheck.c %D%/unit/zonecheck.h \
	%D%/unit/rfc4592.c %D%/unit/rfc4592.h $(SERVER_FIXTURE)
tests_unit_test_zonecontent_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_zonecontent_LDADD = $(SERVER_TEST_LIBS)
# --- server: what is counted
check_PROGRAMS += tests/unit/test_counting
TESTS += tests/unit/test_counting
tests_unit_test_counting_SOURCES = %D%/unit/test_counting.c $(ADDRESS_FIXTURE)
tests_unit_test_counting_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_counting_LDADD = $(LIBSERVER) $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBSERVER_LIBS) $(LIBBACKSTOP_LIBS)

# --- server: who starts it
check_PROGRAMS += tests/unit/test_service
TESTS += tests/unit/test_service
tests_unit_test_service_SOURCES = %D%/unit/test_service.c
tests_unit_test_service_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_service_LDADD = $(LIBSERVER) $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBSERVER_LIBS) $(LIBBACKSTOP_LIBS)

# --- server: the lookup, on real LMDB
check_PROGRAMS += tests/unit/test_snapshot_lookup
TESTS += tests/unit/test_snapshot_lookup
tests_unit_test_snapshot_lookup_SOURCES = %D%/unit/test_snapshot_lookup.c
tests_unit_test_snapshot_lookup_CFLAGS = $(SERVER_TEST_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_snapshot_lookup_LDADD = $(STORE_FIXTURE) $(LIBSERVER) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVER_LIBS) $(LIBBACKSTOP_LIBS)
# --- server: the filter
check_PROGRAMS += tests/unit/test_filter tests/unit/test_filter_keeper
TESTS += tests/unit/test_filter tests/unit/test_filter_keeper
tests_unit_test_filter_SOURCES = %D%/unit/test_filter.c $(ADDRESS_FIXTURE)
tests_unit_test_filter_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_filter_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_filter_keeper_SOURCES = %D%/unit/test_filter_keeper.c
tests_unit_test_filter_keeper_CFLAGS = $(SERVER_TEST_CFLAGS) $(LMDB_CFLAGS) \
	$(UV_CFLAGS)
tests_unit_test_filter_keeper_LDADD = $(STORE_FIXTURE) $(LIBSERVER) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVER_LIBS) $(LIBBACKSTOP_LIBS)
# --- server: the way of a question over UDP
check_PROGRAMS += tests/unit/test_udp
TESTS += tests/unit/test_udp
tests_unit_test_udp_SOURCES = %D%/unit/test_udp.c $(SERVER_FIXTURE)
tests_unit_test_udp_CFLAGS = $(SERVER_TEST_CFLAGS) $(LMDB_CFLAGS) -fno-builtin
tests_unit_test_udp_LDADD = $(STORE_FIXTURE) $(LIBSERVER) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVER_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_controller
TESTS += tests/unit/test_controller
tests_unit_test_controller_SOURCES = %D%/unit/test_controller.c
tests_unit_test_controller_CFLAGS = $(SERVER_TEST_CFLAGS) $(LMDB_CFLAGS) \
	$(UV_CFLAGS)
tests_unit_test_controller_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_controller_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc
check_PROGRAMS += tests/unit/test_controlfile
TESTS += tests/unit/test_controlfile
tests_unit_test_controlfile_SOURCES = %D%/unit/test_controlfile.c
tests_unit_test_controlfile_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_controlfile_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBBACKSTOP_LIBS)
tests_unit_test_controlfile_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=bind \
	-Wl,--wrap=lstat -Wl,--wrap=listen
check_PROGRAMS += tests/unit/test_udploop
TESTS += tests/unit/test_udploop
tests_unit_test_udploop_SOURCES = %D%/unit/test_udploop.c
tests_unit_test_udploop_CFLAGS = $(SERVER_TEST_CFLAGS) $(UV_CFLAGS)
tests_unit_test_udploop_LDADD = $(SERVER_TEST_LIBS)
check_PROGRAMS += tests/unit/test_content
TESTS += tests/unit/test_content
tests_unit_test_content_SOURCES = %D%/unit/test_content.c $(SERVER_FIXTURE)
tests_unit_test_content_CFLAGS = $(SERVER_TEST_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_content_LDADD = $(STORE_FIXTURE) $(LIBSERVER) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVER_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_query
tests_fuzz_fuzz_query_SOURCES = %D%/fuzz/fuzz_query.c $(SERVER_FIXTURE) \
	$(FUZZ_DRIVER)
tests_fuzz_fuzz_query_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/server \
	-I$(top_srcdir)/tests/unit
tests_fuzz_fuzz_query_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_query_LDADD = $(LIBSERVER) $(LIBBACKSTOP) $(LIBSERVER_LIBS) \
	$(LIBBACKSTOP_LIBS)
# --- server: whom it answers, and what it tells
GUARD_TESTS = tests/unit/test_cookie tests/unit/test_access \
	tests/unit/test_ratelimit tests/unit/test_guard \
	tests/unit/test_guard_config
check_PROGRAMS += $(GUARD_TESTS)
TESTS += $(GUARD_TESTS)
tests_unit_test_cookie_SOURCES = %D%/unit/test_cookie.c $(BYTES_FIXTURE) \
	$(ADDRESS_FIXTURE)
tests_unit_test_cookie_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_cookie_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_access_SOURCES = %D%/unit/test_access.c %D%/unit/access_model.h \
	$(ADDRESS_FIXTURE)
tests_unit_test_access_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_access_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_ratelimit_SOURCES = %D%/unit/test_ratelimit.c $(ADDRESS_FIXTURE)
tests_unit_test_ratelimit_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_ratelimit_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_guard_SOURCES = %D%/unit/test_guard.c $(SERVER_FIXTURE) \
	$(BYTES_FIXTURE) $(ADDRESS_FIXTURE)
tests_unit_test_guard_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_guard_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_guard_config_SOURCES = %D%/unit/test_guard_config.c $(BYTES_FIXTURE)
tests_unit_test_guard_config_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_guard_config_LDADD = $(SERVER_TEST_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_access
tests_fuzz_fuzz_access_SOURCES = %D%/fuzz/fuzz_access.c $(FUZZ_DRIVER) %D%/unit/access_model.h
tests_fuzz_fuzz_access_CPPFLAGS = $(tests_fuzz_fuzz_query_CPPFLAGS)
tests_fuzz_fuzz_access_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_access_LDADD = $(tests_fuzz_fuzz_query_LDADD)
FUZZ_TARGETS += tests/fuzz/fuzz_ratelimit
tests_fuzz_fuzz_ratelimit_SOURCES = %D%/fuzz/fuzz_ratelimit.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_ratelimit_CPPFLAGS = $(tests_fuzz_fuzz_query_CPPFLAGS)
tests_fuzz_fuzz_ratelimit_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_ratelimit_LDADD = $(tests_fuzz_fuzz_query_LDADD)
FUZZ_TARGETS += tests/fuzz/fuzz_secrets
tests_fuzz_fuzz_secrets_SOURCES = %D%/fuzz/fuzz_secrets.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_secrets_CPPFLAGS = $(tests_fuzz_fuzz_query_CPPFLAGS)
tests_fuzz_fuzz_secrets_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_secrets_LDADD = $(tests_fuzz_fuzz_query_LDADD)
# --- server: TCP
TCP_TESTS = tests/unit/test_tcpframe tests/unit/test_tcpclients
check_PROGRAMS += $(TCP_TESTS)
TESTS += $(TCP_TESTS)
tests_unit_test_tcpframe_SOURCES = %D%/unit/test_tcpframe.c $(SERVER_FIXTURE)
tests_unit_test_tcpframe_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_tcpframe_LDADD = $(SERVER_TEST_LIBS)
tests_unit_test_tcpclients_SOURCES = %D%/unit/test_tcpclients.c \
	$(ADDRESS_FIXTURE)
tests_unit_test_tcpclients_CFLAGS = $(SERVER_TEST_CFLAGS)
tests_unit_test_tcpclients_LDADD = $(SERVER_TEST_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_tcpframe
tests_fuzz_fuzz_tcpframe_SOURCES = %D%/fuzz/fuzz_tcpframe.c $(SERVER_FIXTURE) \
	$(FUZZ_DRIVER)
tests_fuzz_fuzz_tcpframe_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/server \
	-I$(top_srcdir)/tests/unit
tests_fuzz_fuzz_tcpframe_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_tcpframe_LDADD = $(LIBSERVER) $(LIBBACKSTOP) \
	$(LIBSERVER_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_zonefile
tests_fuzz_fuzz_zonefile_SOURCES = %D%/fuzz/fuzz_zonefile.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_zonefile_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/server
tests_fuzz_fuzz_zonefile_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_zonefile_LDADD = $(LIBSERVER) $(LIBBACKSTOP) \
	$(LIBSERVER_LIBS) $(LIBBACKSTOP_LIBS)


# --- tools/
TOOLS_TESTS = tests/unit/test_ctl_options tests/unit/test_ctl_listing \
	tests/unit/test_ctl_import
check_PROGRAMS += $(TOOLS_TESTS)
TESTS += $(TOOLS_TESTS)
tests_unit_test_ctl_options_SOURCES = %D%/unit/test_ctl_options.c \
	tools/ctl_options.c
tests_unit_test_ctl_options_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ctl_options_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_ctl_import_SOURCES = %D%/unit/test_ctl_import.c \
	tools/ctl_listing.c tools/ctl_listing_read.c
tests_unit_test_ctl_import_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tools
tests_unit_test_ctl_import_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ctl_import_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_listing_json
tests_fuzz_fuzz_listing_json_SOURCES = %D%/fuzz/fuzz_listing_json.c \
	tools/ctl_listing_read.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_listing_json_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tools
tests_fuzz_fuzz_listing_json_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_listing_json_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
tests_unit_test_ctl_listing_SOURCES = %D%/unit/test_ctl_listing.c \
	tools/ctl_listing.c tools/ctl_listing_read.c
tests_unit_test_ctl_listing_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_ctl_listing_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBBACKSTOP_LIBS)

# --- feeder: reports of others
check_PROGRAMS += tests/unit/test_report
TESTS += tests/unit/test_report
tests_unit_test_report_SOURCES = %D%/unit/test_report.c $(ADDRESS_FIXTURE)
tests_unit_test_report_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_report_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_report_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBFEED_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_arf
tests_fuzz_fuzz_arf_SOURCES = %D%/fuzz/fuzz_arf.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_arf_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_fuzz_fuzz_arf_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_arf_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)

# --- feeder: judging in processes
check_PROGRAMS += tests/unit/test_crew
TESTS += tests/unit/test_crew
tests_unit_test_crew_SOURCES = %D%/unit/test_crew.c
tests_unit_test_crew_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_crew_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_crew_LDADD = feeder/libmailfiles.a $(LIBFEED) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBFEED_LIBS) $(LIBBACKSTOP_LIBS)

# --- feeder/libfeed: genuine or not
check_PROGRAMS += tests/unit/test_genuine
TESTS += tests/unit/test_genuine
tests_unit_test_genuine_SOURCES = %D%/unit/test_genuine.c
tests_unit_test_genuine_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_unit_test_genuine_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_genuine_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBFEED_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_tag
tests_fuzz_fuzz_tag_SOURCES = %D%/fuzz/fuzz_tag.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_tag_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_fuzz_fuzz_tag_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_tag_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)

# --- feeder/libfeed: the judge
JUDGE_TESTS = tests/unit/test_received tests/unit/test_bounds \
	tests/unit/test_line tests/unit/test_bulk \
	tests/unit/test_dsn tests/unit/test_maildate tests/unit/test_text \
	tests/unit/test_quoted tests/unit/test_tags tests/unit/test_html \
	tests/unit/test_classify tests/unit/test_judge tests/unit/test_fold \
	tests/unit/test_literals tests/unit/test_near tests/unit/test_sender tests/unit/test_pattern \
	tests/unit/test_rules \
	tests/unit/test_typical tests/unit/test_languages \
	tests/unit/test_header tests/unit/test_typefield tests/unit/test_outline
check_PROGRAMS += $(JUDGE_TESTS)
TESTS += $(JUDGE_TESTS)
JUDGE_TEST_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
JUDGE_TEST_LIBS = $(LIBFEED) $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
tests_unit_test_received_SOURCES = %D%/unit/test_received.c
tests_unit_test_received_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_received_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_received_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_bounds_SOURCES = %D%/unit/test_bounds.c
tests_unit_test_bounds_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_bounds_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_bounds_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_line_SOURCES = %D%/unit/test_line.c $(BYTES_FIXTURE)
tests_unit_test_line_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_line_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_line_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_bulk_SOURCES = %D%/unit/test_bulk.c $(BYTES_FIXTURE)
tests_unit_test_bulk_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_bulk_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_bulk_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_dsn_SOURCES = %D%/unit/test_dsn.c
tests_unit_test_dsn_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_dsn_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_dsn_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_maildate_SOURCES = %D%/unit/test_maildate.c
tests_unit_test_maildate_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_maildate_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_maildate_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_text_SOURCES = %D%/unit/test_text.c
tests_unit_test_text_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_text_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_text_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_html_SOURCES = %D%/unit/test_html.c
tests_unit_test_html_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_html_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_html_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_tags_SOURCES = %D%/unit/test_tags.c
tests_unit_test_tags_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_tags_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_tags_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_quoted_SOURCES = %D%/unit/test_quoted.c
tests_unit_test_quoted_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_quoted_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_quoted_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_classify_SOURCES = %D%/unit/test_classify.c
tests_unit_test_classify_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_classify_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_classify_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_judge_SOURCES = %D%/unit/test_judge.c
tests_unit_test_judge_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS) \
	-DTEST_DATA='"$(abs_top_srcdir)/tests/data/mail"'
tests_unit_test_judge_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_judge_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_fold_SOURCES = %D%/unit/test_fold.c $(BYTES_FIXTURE)
tests_unit_test_fold_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_fold_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_fold_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_literals_SOURCES = %D%/unit/test_literals.c $(BYTES_FIXTURE)
tests_unit_test_literals_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_literals_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_literals_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_sender_SOURCES = %D%/unit/test_sender.c
tests_unit_test_sender_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_sender_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_sender_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_near_SOURCES = %D%/unit/test_near.c $(BYTES_FIXTURE)
tests_unit_test_near_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_near_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_near_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_pattern_SOURCES = %D%/unit/test_pattern.c
tests_unit_test_pattern_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_pattern_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_pattern_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_rules_SOURCES = %D%/unit/test_rules.c
tests_unit_test_rules_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_rules_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_rules_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_typical_SOURCES = %D%/unit/test_typical.c
tests_unit_test_typical_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS) \
	-DTEST_DATA='"$(abs_top_srcdir)/tests/data"'
tests_unit_test_typical_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_typical_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_languages_SOURCES = %D%/unit/test_languages.c
tests_unit_test_languages_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_languages_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_languages_LDADD = $(JUDGE_TEST_LIBS)

tests_unit_test_header_SOURCES = %D%/unit/test_header.c
tests_unit_test_header_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_header_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_header_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_typefield_SOURCES = %D%/unit/test_typefield.c
tests_unit_test_typefield_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_typefield_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_typefield_LDADD = $(JUDGE_TEST_LIBS)
OUTLINE_ORACLE = %D%/unit/outline_oracle.c %D%/unit/outline_oracle.h
tests_unit_test_outline_SOURCES = %D%/unit/test_outline.c $(OUTLINE_ORACLE)
tests_unit_test_outline_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS) \
	-DTEST_DATA='"$(abs_top_srcdir)/tests/data/mail"'
tests_unit_test_outline_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_outline_LDADD = $(JUDGE_TEST_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_judge tests/fuzz/fuzz_received \
	tests/fuzz/fuzz_dsn tests/fuzz/fuzz_rules tests/fuzz/fuzz_outline
tests_fuzz_fuzz_outline_SOURCES = %D%/fuzz/fuzz_outline.c $(OUTLINE_ORACLE) \
	$(FUZZ_DRIVER)
tests_fuzz_fuzz_outline_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS) \
	-I$(top_srcdir)/tests/unit
tests_fuzz_fuzz_outline_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_outline_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
tests_fuzz_fuzz_rules_SOURCES = %D%/fuzz/fuzz_rules.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_rules_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_fuzz_fuzz_rules_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_rules_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
tests_fuzz_fuzz_judge_SOURCES = %D%/fuzz/fuzz_judge.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_judge_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_fuzz_fuzz_judge_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_judge_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
tests_fuzz_fuzz_received_SOURCES = %D%/fuzz/fuzz_received.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_received_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_fuzz_fuzz_received_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_received_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
tests_fuzz_fuzz_dsn_SOURCES = %D%/fuzz/fuzz_dsn.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_dsn_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_fuzz_fuzz_dsn_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_dsn_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)

# --- feeder/libsmtp: the sessions of SMTP and LMTP
SMTP_TESTS = tests/unit/test_smtpparse tests/unit/test_smtp \
	tests/unit/test_smtplimits \
	tests/unit/test_smtpdata tests/unit/test_smtptrusted \
	tests/unit/test_recipients
check_PROGRAMS += $(SMTP_TESTS)
TESTS += $(SMTP_TESTS)
SMTP_FIXTURE = %D%/unit/smtp_fixture.c %D%/unit/smtp_fixture.h
SMTP_TEST_LIBS = $(LIBSMTP) $(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
SMTP_FUZZ_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS) -I$(top_srcdir)/tests/unit
tests_unit_test_smtpparse_SOURCES = %D%/unit/test_smtpparse.c
tests_unit_test_smtpparse_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_smtpparse_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_smtpparse_LDADD = $(SMTP_TEST_LIBS)
tests_unit_test_smtpdata_SOURCES = %D%/unit/test_smtpdata.c
tests_unit_test_smtpdata_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_smtpdata_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_smtpdata_LDADD = $(SMTP_TEST_LIBS)
tests_unit_test_smtp_SOURCES = %D%/unit/test_smtp.c $(SMTP_FIXTURE)
tests_unit_test_smtp_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_smtp_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_smtp_LDADD = $(SMTP_TEST_LIBS)
tests_unit_test_smtplimits_SOURCES = %D%/unit/test_smtplimits.c $(SMTP_FIXTURE)
tests_unit_test_smtplimits_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_smtplimits_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_smtplimits_LDADD = $(SMTP_TEST_LIBS)
tests_unit_test_smtptrusted_SOURCES = %D%/unit/test_smtptrusted.c \
	$(SMTP_FIXTURE)
tests_unit_test_smtptrusted_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_smtptrusted_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_smtptrusted_LDADD = $(SMTP_TEST_LIBS)
tests_unit_test_recipients_SOURCES = %D%/unit/test_recipients.c $(SMTP_FIXTURE)
tests_unit_test_recipients_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_recipients_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_recipients_LDADD = $(SMTP_TEST_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_smtp tests/fuzz/fuzz_smtpline
tests_fuzz_fuzz_smtp_SOURCES = %D%/fuzz/fuzz_smtp.c $(SMTP_FIXTURE) \
	$(FUZZ_DRIVER)
tests_fuzz_fuzz_smtp_CPPFLAGS = $(SMTP_FUZZ_CPPFLAGS)
tests_fuzz_fuzz_smtp_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_smtp_LDADD = $(LIBSMTP) $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
tests_fuzz_fuzz_smtpline_SOURCES = %D%/fuzz/fuzz_smtpline.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_smtpline_CPPFLAGS = $(SMTP_FUZZ_CPPFLAGS)
tests_fuzz_fuzz_smtpline_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_smtpline_LDADD = $(LIBSMTP) $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

# --- feeder/libserve: the live doors' parts
check_PROGRAMS += tests/unit/test_live
TESTS += tests/unit/test_live
tests_unit_test_live_SOURCES = %D%/unit/test_live.c
tests_unit_test_live_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_live_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_live_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_spool
TESTS += tests/unit/test_spool
tests_unit_test_spool_SOURCES = %D%/unit/test_spool.c
tests_unit_test_spool_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_spool_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_spool_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_killers
TESTS += tests/unit/test_killers
tests_unit_test_killers_SOURCES = %D%/unit/test_killers.c
tests_unit_test_killers_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_killers_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_killers_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_smtpserver
TESTS += tests/unit/test_smtpserver
tests_unit_test_smtpserver_SOURCES = %D%/unit/test_smtpserver.c
tests_unit_test_smtpserver_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_smtpserver_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(UV_CFLAGS)
tests_unit_test_smtpserver_LDADD = $(LIBSERVE) $(LIBSMTP) feeder/libmailfiles.a $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
tests_unit_test_smtpserver_LDFLAGS = $(AM_LDFLAGS) -Wl,--wrap=calloc
check_PROGRAMS += tests/unit/test_maildrop
TESTS += tests/unit/test_maildrop
tests_unit_test_maildrop_SOURCES = %D%/unit/test_maildrop.c
tests_unit_test_maildrop_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_maildrop_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_maildrop_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_reloadable
TESTS += tests/unit/test_reloadable
tests_unit_test_reloadable_SOURCES = %D%/unit/test_reloadable.c \
	%D%/unit/config_said.c %D%/unit/config_said.h
tests_unit_test_reloadable_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_reloadable_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_reloadable_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
JUDGEPOOL_FIXTURE = %D%/unit/judgepool_fixture.c %D%/unit/judgepool_fixture.h
check_PROGRAMS += tests/unit/test_judgepool
TESTS += tests/unit/test_judgepool
tests_unit_test_judgepool_SOURCES = %D%/unit/test_judgepool.c $(JUDGEPOOL_FIXTURE)
tests_unit_test_judgepool_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_judgepool_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_judgepool_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_judgerenewal
TESTS += tests/unit/test_judgerenewal
tests_unit_test_judgerenewal_SOURCES = %D%/unit/test_judgerenewal.c \
	$(JUDGEPOOL_FIXTURE)
tests_unit_test_judgerenewal_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_judgerenewal_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_judgerenewal_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_judgering
TESTS += tests/unit/test_judgering
tests_unit_test_judgering_SOURCES = %D%/unit/test_judgering.c
tests_unit_test_judgering_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_judgering_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_judgering_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_judgering
tests_fuzz_fuzz_judgering_SOURCES = %D%/fuzz/fuzz_judgering.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_judgering_CPPFLAGS = $(SMTP_FUZZ_CPPFLAGS)
tests_fuzz_fuzz_judgering_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_judgering_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(LIBFEED_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_judgewire
tests_fuzz_fuzz_judgewire_SOURCES = %D%/fuzz/fuzz_judgewire.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_judgewire_CPPFLAGS = $(SMTP_FUZZ_CPPFLAGS)
tests_fuzz_fuzz_judgewire_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_judgewire_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(LIBFEED_LIBS) $(LIBBACKSTOP_LIBS)

# --- the milter, without libmilter
check_PROGRAMS += tests/unit/test_milter
TESTS += tests/unit/test_milter
MILTER_HEARD = %D%/unit/heard.c %D%/unit/heard.h
tests_unit_test_milter_SOURCES = %D%/unit/test_milter.c $(MILTER_HEARD) \
	%D%/unit/config_said.c %D%/unit/config_said.h
tests_unit_test_milter_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_milter_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_milter_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_milterintake
TESTS += tests/unit/test_milterintake
tests_unit_test_milterintake_SOURCES = %D%/unit/test_milterintake.c \
	$(MILTER_HEARD)
tests_unit_test_milterintake_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_milterintake_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_milterintake_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_milterwire
TESTS += tests/unit/test_milterwire
tests_unit_test_milterwire_SOURCES = %D%/unit/test_milterwire.c
tests_unit_test_milterwire_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_milterwire_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_milterwire_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(CMOCKA_LIBS) $(LIBSERVE_LIBS) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_milter
tests_fuzz_fuzz_milter_SOURCES = %D%/fuzz/fuzz_milter.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_milter_CPPFLAGS = $(SMTP_FUZZ_CPPFLAGS)
tests_fuzz_fuzz_milter_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_milter_LDADD = $(LIBSERVE) $(LIBSMTP) $(LIBFEED) \
	$(LIBBACKSTOP) $(LIBFEED_LIBS) $(LIBBACKSTOP_LIBS)

# --- the store: built by tests/system/crash and lmdb
EXTRA_PROGRAMS += tests/system/storeload
tests_system_storeload_SOURCES = %D%/system/storeload.c
tests_system_storeload_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/feeder
tests_system_storeload_LDADD = feeder/libmailfiles.a $(LIBBACKSTOP) \
	$(LIBBACKSTOP_LIBS)

# --- benchmarks: built by tests/bench/*, not by make
dist_noinst_SCRIPTS += %D%/bench/dns %D%/bench/churn %D%/bench/smtp
EXTRA_DIST += %D%/bench/lib.sh
EXTRA_PROGRAMS += tests/bench/dnsload tests/bench/udplimit \
	tests/bench/listdata tests/bench/dnswriter tests/bench/smtpload
tests_bench_smtpload_SOURCES = %D%/bench/smtpload.c
dist_noinst_SCRIPTS += %D%/bench/store
EXTRA_PROGRAMS += tests/bench/storebench
tests_bench_storebench_SOURCES = %D%/bench/storebench.c
tests_bench_storebench_CFLAGS = $(AM_CFLAGS) $(LMDB_CFLAGS)
tests_bench_storebench_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
tests_bench_dnsload_SOURCES = %D%/bench/dnsload.c
tests_bench_dnsload_LDADD = $(LIBBACKSTOP)
tests_bench_dnswriter_SOURCES = %D%/bench/dnswriter.c
tests_bench_dnswriter_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)
tests_bench_udplimit_SOURCES = %D%/bench/udplimit.c
tests_bench_listdata_SOURCES = %D%/bench/listdata.c
tests_bench_listdata_LDADD = $(LIBBACKSTOP)

# --- the classifier's benchmark
dist_noinst_SCRIPTS += %D%/bench/classify
EXTRA_PROGRAMS += tests/bench/gmimeparse
tests_bench_gmimeparse_SOURCES = %D%/bench/gmimeparse.c
tests_bench_gmimeparse_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS)
tests_bench_gmimeparse_LDADD = $(GMIME_LIBS)

# --- confinement, tried by a process that confines itself: built by
# tests/system/confine
EXTRA_PROGRAMS += tests/system/confineprobe
tests_system_confineprobe_SOURCES = %D%/system/confineprobe.c
tests_system_confineprobe_LDADD = $(LIBBACKSTOP)

# --- many questions at once: built by tests/system/changes
EXTRA_PROGRAMS += tests/system/dnsask
tests_system_dnsask_SOURCES = %D%/system/dnsask.c
tests_system_dnsask_LDADD = $(LIBBACKSTOP)

# --- zone content as a master file: built by tests/system/zonecontent
EXTRA_PROGRAMS += tests/system/zonemaster
tests_system_zonemaster_SOURCES = %D%/system/zonemaster.c \
	%D%/unit/zoneset.c %D%/unit/zoneset.h
tests_system_zonemaster_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/server \
	-I$(top_srcdir)/tests/unit
tests_system_zonemaster_LDADD = $(LIBSERVER) $(LIBBACKSTOP) $(LIBSERVER_LIBS) \
	$(LIBBACKSTOP_LIBS)

# --- fuzz_query under mutations of its seeds, for tests/system/conformance
if !FUZZING
EXTRA_PROGRAMS += tests/fuzz/mutate_query
tests_fuzz_mutate_query_SOURCES = %D%/fuzz/fuzz_query.c $(SERVER_FIXTURE) \
	%D%/fuzz/mutate.c
tests_fuzz_mutate_query_CPPFLAGS = $(tests_fuzz_fuzz_query_CPPFLAGS)
tests_fuzz_mutate_query_LDADD = $(tests_fuzz_fuzz_query_LDADD)
endif

# --- the store: history, removals by who is listed
check_PROGRAMS += tests/unit/test_history tests/unit/test_store_history \
	tests/unit/test_store_self
TESTS += tests/unit/test_history tests/unit/test_store_history \
	tests/unit/test_store_self
tests_unit_test_history_SOURCES = %D%/unit/test_history.c $(BYTES_FIXTURE)
tests_unit_test_history_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_history_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_store_history_SOURCES = %D%/unit/test_store_history.c
tests_unit_test_store_history_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_history_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_store_self_SOURCES = %D%/unit/test_store_self.c
tests_unit_test_store_self_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_self_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_history
tests_fuzz_fuzz_history_SOURCES = %D%/fuzz/fuzz_history.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_history_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_history_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

# --- evidence
check_PROGRAMS += tests/unit/test_evidence tests/unit/test_disclose \
	tests/unit/test_store_evidence
TESTS += tests/unit/test_evidence tests/unit/test_disclose \
	tests/unit/test_store_evidence
tests_unit_test_evidence_SOURCES = %D%/unit/test_evidence.c
tests_unit_test_evidence_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_evidence_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS)
tests_unit_test_disclose_SOURCES = %D%/unit/test_disclose.c
tests_unit_test_disclose_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_unit_test_disclose_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_disclose_LDADD = $(JUDGE_TEST_LIBS)
tests_unit_test_store_evidence_SOURCES = %D%/unit/test_store_evidence.c
tests_unit_test_store_evidence_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_evidence_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_store_gather
TESTS += tests/unit/test_store_gather
tests_unit_test_store_gather_SOURCES = %D%/unit/test_store_gather.c
tests_unit_test_store_gather_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_gather_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_evidence
tests_fuzz_fuzz_evidence_SOURCES = %D%/fuzz/fuzz_evidence.c $(FUZZ_DRIVER)
tests_fuzz_fuzz_evidence_CPPFLAGS = $(JUDGE_TEST_CPPFLAGS)
tests_fuzz_fuzz_evidence_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_evidence_LDADD = $(LIBFEED) $(LIBBACKSTOP) $(LIBFEED_LIBS) \
	$(LIBBACKSTOP_LIBS)

# --- the store: purge, feeds
check_PROGRAMS += tests/unit/test_store_purge
TESTS += tests/unit/test_store_purge
tests_unit_test_store_purge_SOURCES = %D%/unit/test_store_purge.c
tests_unit_test_store_purge_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_purge_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_store_publish
TESTS += tests/unit/test_store_publish
tests_unit_test_store_publish_SOURCES = %D%/unit/test_store_publish.c $(BYTES_FIXTURE)
tests_unit_test_store_publish_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_publish_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
check_PROGRAMS += tests/unit/test_store_held tests/unit/test_sighting_line
TESTS += tests/unit/test_store_held tests/unit/test_sighting_line
tests_unit_test_store_held_SOURCES = %D%/unit/test_store_held.c
tests_unit_test_store_held_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS) $(LMDB_CFLAGS)
tests_unit_test_store_held_LDADD = $(STORE_FIXTURE) $(LIBBACKSTOP) \
	$(CMOCKA_LIBS) $(LIBBACKSTOP_LIBS)
tests_unit_test_sighting_line_SOURCES = %D%/unit/test_sighting_line.c
tests_unit_test_sighting_line_CFLAGS = $(AM_CFLAGS) $(CMOCKA_CFLAGS)
tests_unit_test_sighting_line_LDADD = $(LIBBACKSTOP) $(CMOCKA_LIBS) \
	$(LIBBACKSTOP_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_sighting_line
tests_fuzz_fuzz_sighting_line_SOURCES = %D%/fuzz/fuzz_sighting_line.c \
	$(FUZZ_DRIVER)
tests_fuzz_fuzz_sighting_line_LDFLAGS = $(FUZZ_LINK)
tests_fuzz_fuzz_sighting_line_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

# --- what was built beside the tests is no part of a release
dist-hook:
	cd '$(distdir)/tests/system' && chmod u+w . && rm -rf .deps .dirstamp \
	    *.o confineprobe dnsask storeload zonemaster
