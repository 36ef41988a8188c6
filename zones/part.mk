# zones/: a sample of a zone's own records, beside the sample configuration
dist_backstopconf_DATA += %D%/bl.example.zone
