# tools/: backstopctl
bin_PROGRAMS += tools/backstopctl
tools_backstopctl_SOURCES = \
	%D%/main.c \
	%D%/ctl.c %D%/ctl.h \
	%D%/ctl_options.c %D%/ctl_options.h \
	%D%/ctl_command.c %D%/ctl_command.h \
	%D%/ctl_help.c \
	%D%/ctl_listing.c %D%/ctl_listing.h \
	%D%/ctl_exemption.c %D%/ctl_exemption.h \
	%D%/ctl_listable.c %D%/ctl_listable.h \
	%D%/ctl_listing_read.c %D%/ctl_listing_read.h \
	%D%/ctl_format.c %D%/ctl_format.h \
	%D%/ctl_walk.c %D%/ctl_walk.h \
	%D%/ctl_findings.c %D%/ctl_findings.h %D%/ctl_due.c %D%/ctl_due.h \
	%D%/ctl_import_lines.c %D%/ctl_import.h \
	%D%/ctl_add.c \
	%D%/ctl_evidence.c \
	%D%/ctl_exempt.c \
	%D%/ctl_exempt_list.c \
	%D%/ctl_expire.c \
	%D%/ctl_feed.c \
	%D%/ctl_history.c \
	%D%/ctl_list.c \
	%D%/ctl_control.c %D%/ctl_control.h \
	%D%/ctl_stats_live.c %D%/ctl_stats_live.h \
	%D%/ctl_reload.c \
	%D%/ctl_purge.c \
	%D%/ctl_parts.c %D%/ctl_parts.h \
	%D%/ctl_target.c %D%/ctl_target.h \
	%D%/ctl_time.c %D%/ctl_time.h \
	%D%/ctl_remove.c \
	%D%/ctl_remove_self.c \
	%D%/ctl_backup.c \
	%D%/ctl_check.c \
	%D%/ctl_export.c \
	%D%/ctl_import.c \
	%D%/ctl_replace.c \
	%D%/ctl_serial.c \
	%D%/ctl_show.c \
	%D%/ctl_tag.c \
	%D%/ctl_stats.c \
	%D%/ctl_waiting.c %D%/ctl_waiting.h
tools_backstopctl_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

completionsdir = $(datadir)/bash-completion/completions
dist_completions_DATA = %D%/completion/backstopctl
