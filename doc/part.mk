# doc/
dist_man_MANS += %D%/backstop-feed.1
