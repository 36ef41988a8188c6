# feeder/
