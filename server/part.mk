# server/: backstopd.  All but main.c is a library, so that tests link it.
noinst_LIBRARIES += server/libserver.a
server_libserver_a_SOURCES = \
	%D%/dns.h \
	%D%/dname.c %D%/dname.h \
	%D%/siphash.c %D%/siphash.h \
	%D%/cookie.c %D%/cookie.h \
	%D%/access.c %D%/access.h \
	%D%/ratelimit.c %D%/ratelimit.h \
	%D%/guard.c %D%/guard.h \
	%D%/chaos.c %D%/chaos.h \
	%D%/edns.c %D%/edns.h \
	%D%/tsig.c %D%/tsig.h \
	%D%/query.c %D%/query.h \
	%D%/revname.c %D%/revname.h \
	%D%/txt.c %D%/txt.h \
	%D%/zonetext.c %D%/zonetext.h \
	%D%/zonetimes.c %D%/zonetimes.h \
	%D%/zonefile.c %D%/zonefile.h \
	%D%/zonefile_check.c %D%/zonefile_check.h \
	%D%/zonefile_numbers.c %D%/zonefile_numbers.h \
	%D%/zonefile_names.c %D%/zonefile_names.h \
	%D%/zone_links.c %D%/zone_links.h \
	%D%/zone.c %D%/zone.h \
	%D%/zone_table.c %D%/zone_table.h \
	%D%/content.c %D%/content.h \
	%D%/answer.c %D%/answer.h \
	%D%/sketch.c %D%/sketch.h \
	%D%/counters.c %D%/counters.h \
	%D%/counting.c %D%/counting.h \
	%D%/respond.c %D%/respond.h \
	%D%/hugepages.c %D%/hugepages.h \
	%D%/filter.c %D%/filter.h \
	%D%/filter_table.c %D%/filter_table.h \
	%D%/filter_classes.c %D%/filter_classes.h \
	%D%/filter_keeper.c %D%/filter_keeper.h \
	%D%/snapshot_lookup.c %D%/snapshot_lookup.h \
	%D%/netsocket.c %D%/netsocket.h \
	%D%/udp.c %D%/udp.h \
	%D%/udploop.c %D%/udploop.h \
	%D%/tcpframe.c %D%/tcpframe.h \
	%D%/tcpanswer.c %D%/tcpanswer.h \
	%D%/tcpclients.c %D%/tcpclients.h \
	%D%/tcpblocks.c %D%/tcpblocks.h \
	%D%/tcpconn.c %D%/tcpconn.h \
	%D%/tcp.c %D%/tcp.h \
	%D%/filelimit.c %D%/filelimit.h \
	%D%/listen.c %D%/listen.h \
	%D%/worker.c %D%/worker.h \
	%D%/inherited.c %D%/inherited.h \
	%D%/listeners.c %D%/listeners.h \
	%D%/privileges.c %D%/privileges.h \
	%D%/workers.c %D%/workers.h \
	%D%/generation.c %D%/generation.h \
	%D%/exempting.c %D%/exempting.h \
	%D%/database.c %D%/database.h \
	%D%/served.c %D%/served.h \
	%D%/controlled.c %D%/controlled.h \
	%D%/startup.c %D%/startup.h \
	%D%/server.c %D%/server.h
server_libserver_a_CFLAGS = $(AM_CFLAGS) $(LDNS_CFLAGS) $(UV_CFLAGS)

LIBSERVER = server/libserver.a
LIBSERVER_LIBS = $(LDNS_LIBS) $(UV_LIBS)

sbin_PROGRAMS += server/backstopd
server_backstopd_SOURCES = %D%/main.c
server_backstopd_LDADD = $(LIBSERVER) $(LIBBACKSTOP) $(LIBSERVER_LIBS) \
	$(LIBBACKSTOP_LIBS)
