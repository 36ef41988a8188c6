# Mailman 3 of Debian's packages as they were unpacked, not installed: sourced
# (bash) by tests/data/make/make and by tests/system/smtpmailman.
# shellcheck shell=bash

# mailman3_set_up ROOT SMTP-HOST OWNER: a configuration, and folders below ROOT,
# where the packages were unpacked ("" is /); it sends by port 25 of SMTP-HOST.
# More of its settings may follow on stdin.  All as `list` of Debian.
mailman3_set_up() {
	local name
	mailman3_folder=$1/var/lib/mailman3
	mkdir -p "$mailman3_folder"/{bin,log,run}
	# its programs start each other without the environment that they have
	for name in mailman master runner; do
		cat >"$mailman3_folder/bin/$name" <<-EOF
			#!/usr/bin/python3
			import os, sys
			os.environ["PYTHONPATH"] = "$1/usr/lib/python3/dist-packages"
			# compiled once, not by each of them
			os.environ["PYTHONPYCACHEPREFIX"] = "$mailman3_folder/compiled"
			os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
			program = "$1/usr/lib/mailman3/bin/$name"
			os.execv(program, [program] + sys.argv[1:])
		EOF
	done
	{
		cat <<-EOF
			[mailman]
			site_owner: $3
			layout: made
			[paths.made]
			var_dir: $mailman3_folder
			bin_dir: $mailman3_folder/bin
			pid_file: $mailman3_folder/run/master.pid
			log_dir: $mailman3_folder/log
			lock_file: $mailman3_folder/run/master.lck
			[mta]
			incoming: mailman.mta.null.NullMTA
			smtp_host: $2
			smtp_port: 25
		EOF
		cat
	} >"$mailman3_folder/mailman.cfg"
	chmod 755 "$mailman3_folder"/bin/*
	chown -R 38:38 "$mailman3_folder"
}
mailman3_run() {
	# its REST API does not start where `list` may not go, as in root's home
	cd / && HOME=$mailman3_folder exec setpriv --reuid 38 --regid 38 --clear-groups \
	    "$mailman3_folder/bin/$1" -C "$mailman3_folder/mailman.cfg" "${@:2}"
}
# mailman3 COMMAND...: its command `mailman`
mailman3() {
	(mailman3_run mailman "$@")
}
# mailman3_master: takes the place of the shell that calls it; SIGTERM ends it
mailman3_master() {
	mailman3_run master
}
# mailman3_kill PID: ends a master and its runners at once
mailman3_kill() {
	local runner
	kill -STOP "$1" || return # it would start them again
	for runner in $(pgrep -P "$1"); do
		# shellcheck disable=SC2046 # a word a process
		kill -9 "$runner" $(pgrep -P "$runner")
	done
	kill -9 "$1"
	wait "$1" 2>/dev/null
}
