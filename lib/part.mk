# lib/: what the three programs stand on.
noinst_LIBRARIES += lib/libbackstop.a

# from the lowest layer up
lib_libbackstop_a_SOURCES = \
	%D%/error.c %D%/error.h \
	%D%/stdfiles.c %D%/stdfiles.h \
	%D%/nocore.c %D%/nocore.h \
	%D%/timeslice.c %D%/timeslice.h \
	%D%/log.c %D%/log.h \
	%D%/clock.c %D%/clock.h \
	%D%/notify.c %D%/notify.h \
	%D%/supervisor.c %D%/supervisor.h \
	%D%/activation.c %D%/activation.h \
	%D%/ipprefix.c %D%/ipprefix.h \
	%D%/reserved.c %D%/reserved.h \
	%D%/class.c %D%/class.h \
	%D%/testpoint.c %D%/testpoint.h \
	%D%/zonename.c %D%/zonename.h \
	%D%/zonecontent.c %D%/zonecontent.h \
	%D%/fileio.c %D%/fileio.h %D%/folder.c %D%/folder.h \
	%D%/socketfile.c %D%/socketfile.h \
	%D%/utf8.c %D%/utf8.h \
	%D%/yaml_words.c %D%/yaml_words.h \
	%D%/yaml.c %D%/yaml.h \
	%D%/bytes.h \
	%D%/confine.c %D%/confine.h %D%/confine_sanitizer.h \
	%D%/confine_paths.c %D%/confine_calls.c \
	%D%/listing.c %D%/listing.h \
	%D%/journal.c %D%/journal.h \
	%D%/exemption.c %D%/exemption.h \
	%D%/history.c %D%/history.h %D%/history4.c %D%/history4.h \
	%D%/history_pack.c %D%/history_pack.h \
	%D%/evidence.c %D%/evidence.h %D%/held.c %D%/held.h %D%/waiting.c %D%/waiting.h \
	%D%/policy.c %D%/policy.h \
	%D%/secretfile.c %D%/secretfile.h \
	%D%/keyhash.c %D%/keyhash.h \
	%D%/tagkeys.c %D%/tagkeys.h \
	%D%/batv.c %D%/batv.h \
	%D%/headertag.c %D%/headertag.h \
	%D%/config_table.c %D%/config_table.h \
	%D%/config_rows_mail.h %D%/config_rows_policy.h \
	%D%/config_rows_zone.h \
	%D%/config_value.c %D%/config_value.h \
	%D%/config_store.c %D%/config_store.h \
	%D%/config_report.c %D%/config_report.h \
	%D%/config_walk.c %D%/config_walk.h \
	%D%/config_exempt.c %D%/config_exempt.h \
	%D%/config_mdoc.c %D%/config.c %D%/config.h \
	%D%/digest.c %D%/digest.h \
	%D%/json.c %D%/json.h %D%/sighting_line.c %D%/sighting_line.h \
	%D%/json_read.c %D%/json_read.h \
	%D%/control.c %D%/control.h \
	%D%/controlfile.c %D%/controlfile.h \
	%D%/controller.c %D%/controller.h \
	%D%/idna.c %D%/idna.h \
	%D%/suggest.c %D%/suggest.h
lib_libbackstop_a_CFLAGS = $(AM_CFLAGS) $(UV_CFLAGS) $(LMDB_CFLAGS) $(YAML_CFLAGS) \
	$(JANSSON_CFLAGS) $(CRYPTO_CFLAGS) $(IDN2_CFLAGS)

# what a program that links libbackstop.a needs
LIBBACKSTOP = lib/libbackstop.a
LIBBACKSTOP_LIBS = $(LMDB_LIBS) $(YAML_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS) \
	$(IDN2_LIBS)

# the store: the one door to LMDB
lib_libbackstop_a_SOURCES += \
	%D%/store.c %D%/store.h %D%/store_private.h \
	%D%/store_record.c %D%/store_record.h \
	%D%/store_error.c %D%/store_check.c %D%/store_lock.c \
	%D%/store_files.c \
	%D%/store_read.c %D%/store_cover.c %D%/store_stats.c \
	%D%/store_write.c %D%/store_manual.c %D%/store_sighting.c \
	%D%/store_window.c %D%/store_widen.c %D%/store_removed.c \
	%D%/store_past.c %D%/store_carry.c %D%/store_exempt.c %D%/store_exempt_view.c \
	%D%/store_expiry.c %D%/store_journal.c %D%/store_clock.c \
	%D%/store_tidy.c %D%/store_serial.c %D%/store_tag.c \
	%D%/store_admin.h %D%/store_file.c %D%/store_backup.c \
	%D%/store_hold.c %D%/store_verify.c %D%/store_import.c %D%/child.c %D%/child.h \
	%D%/store_sound.c %D%/store_history.c %D%/store_self.c \
	%D%/store_history_trim.c %D%/store_upgrade.c %D%/store_map.c %D%/store_bound.c \
	%D%/store_evidence.c %D%/store_purge.c %D%/store_rejudge.c \
	%D%/store_held.c %D%/store_publish.c %D%/store_gather.c \
	%D%/store_ahead.c %D%/store_ahead_run.c %D%/store_ahead_recover.c %D%/store_ahead_keep.c \
	%D%/store_ahead_file.h %D%/store_due.c %D%/store_ahead_record.c %D%/store_ahead_record.h
