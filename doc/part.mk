# doc/
dist_man_MANS += %D%/backstop-feed.1

dist_man_MANS += %D%/backstopctl.8
