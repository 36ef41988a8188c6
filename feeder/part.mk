# feeder/

# The judge: pure code, linked by backstop-feed, the unit tests and the fuzz
# targets.  From the lowest layer up.
noinst_LIBRARIES += feeder/libfeed.a
feeder_libfeed_a_SOURCES = \
	%D%/line.c %D%/line.h \
	%D%/bulk.c %D%/bulk.h \
	%D%/maildate.c %D%/maildate.h \
	%D%/received.c %D%/received.h \
	%D%/source.c %D%/source.h \
	%D%/dsn.c %D%/dsn.h \
	%D%/bounds.c %D%/bounds.h \
	%D%/mailhash.c %D%/mailhash.h \
	%D%/facts.c %D%/facts.h \
	%D%/eight.h %D%/block.h %D%/strput.h \
	%D%/fold.c %D%/fold.h %D%/fold_table.h \
	%D%/quoted.c %D%/quoted.h \
	%D%/html.c %D%/html.h \
	%D%/text.c %D%/text.h \
	%D%/arf.c %D%/arf.h \
	%D%/report.c %D%/report.h \
	%D%/returned.c %D%/returned.h \
	%D%/genuine.c %D%/genuine.h \
	%D%/header.c %D%/header.h \
	%D%/typefield.c %D%/typefield.h \
	%D%/parts.c %D%/parts.h \
	%D%/outline.c %D%/outline.h \
	%D%/mime_memory.c %D%/mime_memory.h \
	%D%/mime_header.c %D%/mime_header.h \
	%D%/mime_decode.c %D%/mime_decode.h \
	%D%/mime_tree.c %D%/mime_tree.h \
	%D%/mime.c %D%/mime.h \
	%D%/mime_report.c %D%/mime_report.h \
	%D%/pairs.c %D%/pairs.h \
	%D%/tags.c %D%/tags.h \
	%D%/sender.c %D%/sender.h \
	%D%/listmail.c %D%/listmail.h \
	%D%/view.c %D%/view.h \
	%D%/answers.c %D%/answers.h \
	%D%/signals.c %D%/signals.h \
	%D%/literals.c %D%/literals.h \
	%D%/near.c %D%/near.h \
	%D%/office.c %D%/office.h \
	%D%/pattern.c %D%/pattern.h \
	%D%/rules.c %D%/rules.h \
	%D%/rulekeys.c %D%/rulekeys.h \
	%D%/rulewords.c %D%/rulewords.h \
	%D%/rulesread.c %D%/rulesread.h \
	%D%/rulesload.c %D%/rulesload.h \
	%D%/weigher.c %D%/weigher.h \
	%D%/weigh.c %D%/weigh.h \
	%D%/weighsum.c %D%/weighsum.h \
	%D%/explain.c %D%/explain.h \
	%D%/classify.c %D%/classify.h \
	%D%/disclose_secrets.c %D%/disclose_secrets.h \
	%D%/disclose.c %D%/disclose.h %D%/disclose_phrases.c \
	%D%/judge.c %D%/judge.h
feeder_libfeed_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(srcdir)/%D%
feeder_libfeed_a_CFLAGS = $(AM_CFLAGS) $(GMIME_CFLAGS) $(PCRE2_CFLAGS)

# The standard rules: installed to be read, and part of the program.
RULE_FILES = %D%/rules/bounce.yaml %D%/rules/bounce-languages.yaml \
	%D%/rules/bounce-grammar.yaml %D%/rules/bounce-concepts.yaml \
	%D%/rules/autoreply-grammar.yaml %D%/rules/autoreply-concepts.yaml \
	%D%/rules/autoreply-letters.yaml \
	%D%/rules/autoreply.yaml %D%/rules/autoreply-languages.yaml \
	%D%/rules/challenge.yaml %D%/rules/challenge-concepts.yaml \
	%D%/rules/virus.yaml \
	%D%/rules/subscribe.yaml %D%/rules/forged.yaml \
	%D%/rules/offers.yaml
rulesdir = $(pkgdatadir)/rules
dist_rules_DATA = $(RULE_FILES)
nodist_feeder_libfeed_a_SOURCES = feeder/rulesstandard.c
CLEANFILES += feeder/rulesstandard.c
EXTRA_DIST += %D%/embed.awk
feeder/rulesstandard.c: $(RULE_FILES) %D%/embed.awk
	$(AM_V_GEN)$(MKDIR_P) feeder && cd $(srcdir) && \
	LC_ALL=C $(AWK) -f feeder/embed.awk $(RULE_FILES) \
	    > $(abs_builddir)/$@.tmp && mv $(abs_builddir)/$@.tmp \
	    $(abs_builddir)/$@

# what a program that links libfeed.a needs, before $(LIBBACKSTOP)
LIBFEED = feeder/libfeed.a
LIBFEED_LIBS = $(GMIME_LIBS) $(PCRE2_LIBS)

# --- SMTP and LMTP: pure code, linked by backstop-feed, tests and fuzz targets
noinst_LIBRARIES += feeder/libsmtp.a
feeder_libsmtp_a_SOURCES = \
	%D%/envelope.c %D%/envelope.h \
	%D%/smtpaddress.c %D%/smtpaddress.h \
	%D%/smtpcommand.c %D%/smtpcommand.h \
	%D%/smtpdata.c %D%/smtpdata.h \
	%D%/smtpxattr.c %D%/smtpxattr.h \
	%D%/proxyhead.c %D%/proxyhead.h \
	%D%/recipients.c %D%/recipients.h \
	%D%/smtp_session.c %D%/smtp_session.h %D%/smtp_private.h \
	%D%/smtp_reply.c %D%/smtp_greet.c %D%/smtp_mail.c %D%/smtp_rcpt.c \
	%D%/smtp_text.c %D%/smtp_other.c %D%/smtp_trusted.c
LIBSMTP = feeder/libsmtp.a

# --- files: finding and reading mail, and the commands on it
noinst_LIBRARIES += feeder/libmailfiles.a
feeder_libmailfiles_a_SOURCES = \
	%D%/mbox.c %D%/mbox.h \
	%D%/mailstream.c %D%/mailstream.h \
	%D%/names.c %D%/names.h \
	%D%/maildir.c %D%/maildir.h \
	%D%/stop.c %D%/stop.h \
	%D%/mailread.c %D%/mailread.h \
	%D%/mailwalk.c %D%/mailwalk.h \
	%D%/mailfiles.c %D%/mailfiles.h \
	%D%/progress.c %D%/progress.h \
	%D%/crewman.c %D%/crewman.h \
	%D%/crew.c %D%/crew.h \
	%D%/messages.c %D%/messages.h \
	%D%/tally.c %D%/tally.h \
	%D%/group.c %D%/group.h \
	%D%/housekeeping.c %D%/housekeeping.h \
	%D%/groupqueue.c %D%/groupqueue.h %D%/groupqueue_private.h \
	%D%/groupqueue_writer.c %D%/groupqueue_beside.c \
	%D%/judging.c %D%/judging.h \
	%D%/scan.c %D%/scan.h \
	%D%/import.c %D%/import.h \
	%D%/handout.c %D%/handout.h \
	%D%/verdict.c %D%/verdict.h

# --- serving: the live doors and the room behind them
noinst_LIBRARIES += feeder/libserve.a
feeder_libserve_a_SOURCES = \
	%D%/reserve.c %D%/reserve.h \
	%D%/spool.c %D%/spool.h %D%/spoolwrite.c %D%/spoolwrite.h \
	%D%/judgewire.c %D%/judgewire.h %D%/wire.c %D%/wire.h \
	%D%/judgework.c %D%/judgework.h \
	%D%/nursery.c %D%/nursery.h \
	%D%/way.c %D%/way.h %D%/filepass.c %D%/filepass.h \
	%D%/judgering.c %D%/judgering.h %D%/judgering_private.h \
	%D%/judgepool.c %D%/judgepool.h \
	%D%/quarantine.c %D%/quarantine.h \
	%D%/killers.c %D%/killers.h \
	%D%/callout.c %D%/callout.h \
	%D%/maildrop.c %D%/maildrop.h \
	%D%/rolemail.c %D%/rolemail.h \
	%D%/roomsight.c %D%/roomsight.h \
	%D%/room.c %D%/room.h \
	%D%/servecount.c %D%/servecount.h \
	%D%/reloadable.c %D%/reloadable.h \
	%D%/serveconfine.c %D%/serveconfine.h \
	%D%/servecontrol.c %D%/servecontrol.h \
	%D%/tls.c %D%/tls.h \
	%D%/door.c %D%/door.h %D%/activated.c %D%/activated.h \
	%D%/milterwire.c %D%/milterwire.h \
	%D%/milterintake.c %D%/milterintake.h \
	%D%/milterrules.c %D%/milterrules.h \
	%D%/milterlink.c %D%/milterlink.h \
	%D%/miltersession.c %D%/miltersession.h \
	%D%/milter.c %D%/milter.h \
	%D%/milterwork.c %D%/milterwork.h \
	%D%/milterinlet.c %D%/milterinlet.h \
	%D%/milterdoor.c %D%/milterdoor.h \
	%D%/smtpconn.c %D%/smtpconn.h %D%/smtpconn_private.h \
	%D%/smtpaccept.c \
	%D%/smtpserver.c %D%/smtpserver.h \
	%D%/ending.c %D%/ending.h \
	%D%/serve.c %D%/serve.h
feeder_libserve_a_CFLAGS = $(AM_CFLAGS) $(UV_CFLAGS) $(SSL_CFLAGS) $(MILTER_CFLAGS)
LIBSERVE = feeder/libserve.a
LIBSERVE_LIBS = $(UV_LIBS) $(SSL_LIBS) $(MILTER_LIBS)

bin_PROGRAMS += feeder/backstop-feed
feeder_backstop_feed_SOURCES = %D%/main.c
feeder_backstop_feed_LDADD = $(LIBSERVE) $(LIBSMTP) feeder/libmailfiles.a \
	$(LIBSERVE_LIBS) $(LIBFEED) $(LIBBACKSTOP) \
	$(LIBFEED_LIBS) $(LIBBACKSTOP_LIBS)
