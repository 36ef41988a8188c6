# doc/
dist_man_MANS += %D%/backstop-feed.1 %D%/backstop-rules.5

dist_man_MANS += %D%/backstopctl.8 %D%/backstopd.8

dist_backstopconf_DATA += %D%/backstop.conf.sample

# backstop.conf(5): its key list comes from the table in lib/config_table.c
noinst_PROGRAMS += doc/configdoc
doc_configdoc_SOURCES = %D%/configdoc.c
doc_configdoc_LDADD = $(LIBBACKSTOP) $(LIBBACKSTOP_LIBS)

nodist_man_MANS += doc/backstop.conf.5
EXTRA_DIST += %D%/backstop.conf.5.in
CLEANFILES += doc/backstop.conf.5 doc/backstop.conf.keys
doc/backstop.conf.5: %D%/backstop.conf.5.in doc/configdoc$(EXEEXT)
	$(AM_V_GEN)doc/configdoc$(EXEEXT) > doc/backstop.conf.keys && \
	sed -e '/^@KEYS@$$/{r doc/backstop.conf.keys' -e 'd;}' \
	    -e 's|[@]sysconfdir[@]|$(sysconfdir)|g' \
	    $(srcdir)/doc/backstop.conf.5.in > $@.tmp && mv $@.tmp $@

# units for systemd, as samples
systemdsampledir = $(docdir)/systemd
dist_systemdsample_DATA = %D%/systemd/backstopd.socket \
	%D%/systemd/backstop-feed.socket
nodist_systemdsample_DATA = doc/systemd/backstopd.service \
	doc/systemd/backstop-feed.service
EXTRA_DIST += %D%/systemd/backstopd.service.in \
	%D%/systemd/backstop-feed.service.in
CLEANFILES += $(nodist_systemdsample_DATA)
UNIT_SED = $(MKDIR_P) doc/systemd && sed -e 's|[@]sbindir[@]|$(sbindir)|g' \
	-e 's|[@]bindir[@]|$(bindir)|g' \
	-e 's|[@]localstatedir[@]|$(localstatedir)|g'
doc/systemd/backstopd.service: %D%/systemd/backstopd.service.in
	$(AM_V_GEN)$(UNIT_SED) $(srcdir)/doc/systemd/backstopd.service.in > $@
doc/systemd/backstop-feed.service: %D%/systemd/backstop-feed.service.in
	$(AM_V_GEN)$(UNIT_SED) $(srcdir)/doc/systemd/backstop-feed.service.in > $@
