# Mail servers for tests: sourced (bash) after lib.sh and setup.sh.
#
# Debian's packages of Postfix and Exim, or of those that MTA_PACKAGES names, are
# fetched and unpacked into a folder, the jail; nothing is installed and no
# service started.  The programs run there
# by chroot(2), in a network namespace that the test alone is in, with a
# resolv.conf that points at 127.0.0.1.
# shellcheck shell=bash disable=SC2154

MTA_PACKAGES=${MTA_PACKAGES:-postfix exim4-daemon-light}

# They, and what is not installed of their libraries; of +NAME, of all it needs.
mta_packages() {
	local package wanted
	# shellcheck disable=SC2086 # one word a package
	for package in $MTA_PACKAGES; do
		wanted=lib
		[[ $package != +* ]] || wanted=
		echo "${package#+}"
		# simulated: what lies in apt's cache is told as well
		apt-get "$@" -qq -s --no-install-recommends install \
		    "${package#+}" 2>/dev/null |
		    sed -n "s/^Inst \\($wanted[^ ]*\\) .*/\\1/p"
	done
}
# fetch APT-OPTION...: the packages as files, into the folder it is called in.
fetch() {
	local packages
	packages=$(mta_packages "$@" | sort -u)
	# shellcheck disable=SC2086 # one word a package
	apt-get "$@" -q download $packages
}
# Lists of packages that are missing or old are fetched for this run only.
fetch_packages() {
	mkdir "$tmp/packages" && cd "$tmp/packages" || return
	fetch && return
	mkdir -p "$tmp/apt/lists/partial" "$tmp/apt/cache/archives/partial"
	set -- -o Dir::State::lists="$tmp/apt/lists" -o Dir::Cache="$tmp/apt/cache"
	apt-get "$@" -q update && fetch "$@"
}

# Libraries of the system that the unpacked programs want, at their places.
copy_libraries() {
	local jail=$1 folder program listing
	local path=$1/usr/lib/postfix:$1/usr/lib/dovecot
	for folder in "$jail"/usr/lib/*-linux-gnu "$jail"/lib/*-linux-gnu; do
		[ ! -d "$folder" ] || path+=:$folder
	done
	for program in "$jail"/usr/lib/postfix/sbin/* "$jail/usr/sbin/exim4" \
	    "$jail/usr/libexec/sendmail/sendmail" "$jail/usr/bin/vacation" \
	    "$jail"/usr/{bin/doveconf,lib/dovecot/{dovecot-lda,modules/lib90_sieve_plugin.so}}; do
		listing=$(LD_LIBRARY_PATH=$path ldd "$program" 2>/dev/null) ||
		    continue # a script
		if grep -q 'not found' <<<"$listing"; then
			echo "${program##*/}: $(grep 'not found' <<<"$listing")"
			return 1
		fi
		grep -o '/[^ ]*' <<<"$listing" | grep -v "^$jail/" |
		    xargs cp -L --parents -n -t "$jail" || return
	done
}

make_jail() {
	local jail=$1 package
	mkdir -p "$jail"/{dev,etc,tmp} "$jail"/var/log/exim4 &&
	    for package in "$tmp"/packages/*.deb; do
		    dpkg -x "$package" "$jail" || return
	    done &&
	    copy_libraries "$jail" || return
	# files do for the devices: what they are needed for here is little
	: >"$jail/dev/null" && head -c 4096 /dev/urandom >"$jail/dev/urandom" &&
	    chmod 666 "$jail"/dev/* || return
	printf 'nameserver 127.0.0.1\n' >"$jail/etc/resolv.conf"
	printf 'smtp 25/tcp\n' >"$jail/etc/services"
	printf '%s:x:%d:%d::/:/bin/false\n' root 0 0 nobody 65534 65534 \
	    postfix 2001 2001 Debian-exim 2003 2003 >"$jail/etc/passwd"
	printf '%s:x:%d:\n' root 0 postfix 2001 postdrop 2002 Debian-exim 2003 \
	    >"$jail/etc/group"
}

# enter JAIL SCRIPT: the script again, with MTA_JAIL, in a network namespace, as
# root of it.  Who is not root needs sudo, or user ids of his own (/etc/subuid)
# for Postfix to change to.
enter() {
	local inside=(env BS_SOURCE="$BS_SOURCE" BS_BUILD="$BS_BUILD" MTA_JAIL="$1")
	if [ "$(id -u)" -eq 0 ]; then
		inside+=(unshare -n)
	elif sudo -n true 2>/dev/null; then
		inside=(sudo -n "${inside[@]}" unshare -n)
	else
		inside+=(unshare --map-root-user --map-auto -n)
	fi
	if ! why=$("${inside[@]}" true 2>&1); then
		not_ok "a network namespace: run this as root" "$why"
		finish
	fi
	"${inside[@]}" "$2"
}

# enter_jail SCRIPT: makes the jail and enters it; does not return.
enter_jail() {
	# in subshells: they change folder, and what they say is a reason
	if ! why=$(setup_install "$tmp/apt.log" iproute2 2>&1); then
		not_ok "what the test needs is there" "$why"
		finish
	fi
	if ! why=$(fetch_packages 2>&1 && make_jail "$tmp/jail" 2>&1); then
		not_ok "the mail servers can be unpacked: $MTA_PACKAGES" \
		    "$(tail -n 1 <<<"$why")"$'\n'"$why"
		finish
	fi
	enter "$tmp/jail" "$1"
	exit
}

# have_addresses ADDRESS...: on the namespace's loopback.
have_addresses() {
	local address
	ip link set lo up || return
	for address in "$@"; do
		ip address add "$address/32" dev lo || return
	done
}

# postfix_folders: the queue, as Postfix wants it.
postfix_folders() {
	local queue=$jail/var/spool/postfix
	mkdir -p "$jail/etc/postfix" "$queue"/{pid,public,private,maildrop} \
	    "$queue"/{active,bounce,corrupt,defer,deferred,flush,hold,incoming} \
	    "$queue"/{saved,trace} "$jail/var/lib/postfix"
	chown 2001 "$queue"/{active,bounce,corrupt,defer,deferred,flush,hold} \
	    "$queue"/{incoming,private,public,maildrop,saved,trace} \
	    "$jail/var/lib/postfix"
	chgrp 2002 "$queue"/{public,maildrop}
	chmod 700 "$queue"/{private,active,incoming}
	chmod 710 "$queue/public"
	chmod 1730 "$queue/maildrop"
}
# run_postfix: in the foreground of a process of its own.
run_postfix() {
	chroot "$jail" /usr/lib/postfix/sbin/master -c /etc/postfix -d \
	    >"$tmp/postfix.log" 2>&1 &
	started+=($!)
}
