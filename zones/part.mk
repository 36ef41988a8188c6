# zones/: a sample of a zone's own records, beside the sample configuration
# (never over the operator's own file)
EXTRA_DIST += %D%/bl.example.zone
nodist_backstopconf_DATA += zones/bl.example.zone.sample
CLEANFILES += zones/bl.example.zone.sample
zones/bl.example.zone.sample: %D%/bl.example.zone
	$(AM_V_GEN)$(MKDIR_P) zones && cp $(srcdir)/%D%/bl.example.zone $@
