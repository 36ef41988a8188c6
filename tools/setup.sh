# What tools/quickstart and tests/run share: installing what is missing on
# Debian, and building out of tree.  Sourced by both (bash); defines functions
# only.  Who sources it has set -u and writes for a person on stdout.
# shellcheck shell=bash

# Debian's packages that a build needs; used by those who source this.
# shellcheck disable=SC2034
SETUP_BUILD_PACKAGES="autoconf automake make gcc libc6-dev pkg-config
	libldns-dev libuv1-dev liblmdb-dev libjansson-dev libgmime-3.0-dev
	libyaml-dev libpcre2-dev libssl-dev libidn2-dev
	libmilter-dev"

# Prints those of the packages that are not installed.
setup_missing() {
	local package
	for package in "$@"; do
		dpkg-query -W -f='${Status}\n' "$package" 2>/dev/null |
		    grep -q 'ok installed$' || printf '%s ' "$package"
	done
}

# Runs as root, in a process of its own: installs "$@".  No service of an
# installed package may start: while apt runs, policy-rc.d answers 101; the one
# that was there before is put back whatever happens, also after a run that
# was killed.  Lists of packages are fetched only where the installation fails
# without.
# shellcheck disable=SC2016 # expanded by the shell that runs it
SETUP_AS_ROOT='
set -u
policy=/usr/sbin/policy-rc.d
saved=$policy.before-backstop
mark="# put here by Backstop while it installs packages"
put_back() {
	if [ -e "$saved" ] || [ -L "$saved" ]; then
		mv -f "$saved" "$policy"
	elif grep -qsF "$mark" "$policy"; then
		rm -f "$policy"
	fi
}
install_them() {
	apt-get install -y -q --no-install-recommends \
	    -o DPkg::Lock::Timeout=600 "$@" </dev/null
}
PATH=$PATH:/usr/sbin:/sbin
mkdir -p /run/lock && exec 9>/run/lock/backstop-install.lock && flock 9
put_back
trap put_back EXIT
trap "exit 130" HUP INT TERM
if [ -e "$policy" ] || [ -L "$policy" ]; then
	mv "$policy" "$saved" || exit 1
fi
printf "#!/bin/sh\n%s\nexit 101\n" "$mark" >"$policy" &&
    chmod 755 "$policy" || exit 1
export DEBIAN_FRONTEND=noninteractive
install_them "$@" || { apt-get update -q </dev/null && install_them "$@"; }
'

# setup_install LOG PACKAGE...: installs what is missing of them; what apt says
# goes to LOG.  Returns 1, having said why and what to do, where it can't.
setup_install() {
	local log=$1 missing root=()
	shift
	if ! command -v dpkg-query >/dev/null; then
		echo "This is no Debian: install by hand what these packages" \
		    "of Debian hold, if it is not there: $*" >&2
		return 0
	fi
	missing=$(setup_missing "$@")
	missing=${missing% }
	[ -n "$missing" ] || return 0
	if [ "$(id -u)" -ne 0 ]; then
		if ! command -v sudo >/dev/null; then
			echo "missing packages: $missing: neither root nor sudo" \
			    "is at hand: as root, apt-get install $missing" >&2
			return 1
		fi
		root=(sudo)
		[ -t 0 ] || root=(sudo -n)
	fi
	if ! command -v apt-get >/dev/null; then
		echo "missing packages: $missing: there is no apt-get:" \
		    "install them by hand" >&2
		return 1
	fi
	echo "Installing by apt: $missing (log: $log)"
	# word splitting is wanted: one argument a package
	# shellcheck disable=SC2086
	if ! ${root[@]+"${root[@]}"} sh -c "$SETUP_AS_ROOT" install $missing \
	    >"$log" 2>&1; then
		tail -n 15 "$log" >&2
		echo "missing packages: $missing: apt-get could not install" \
		    "them (the whole log: $log): check the network and" \
		    "/etc/apt, or install them by hand" >&2
		return 1
	fi
}

# setup_is_configured SOURCE BUILD ARGUMENTS...: whether BUILD is configured in just
# this way already.
setup_is_configured() {
	local source=$1 build=$2
	shift 2
	[ -f "$build/Makefile" ] && [ -f "$build/config.status" ] &&
	    [ "$(cat "$build/.configured" 2>/dev/null)" = "$source $*" ]
}

# setup_source SOURCE BUILD: prints the folder to configure from.  That is
# SOURCE, unless the tree was configured in place: make then can't build out of
# tree, so a copy of the sources (times kept) is made beside BUILD.
setup_source() {
	local source=$1 copy=$2.source folders
	if [ ! -f "$source/config.status" ]; then
		echo "$source"
		return
	fi
	folders=(lib server feeder tools zones tests doc)
	mkdir -p "$copy" && (cd "$source" && tar -cf - \
	    --exclude='*.o' --exclude='*.a' --exclude='.deps' \
	    --exclude='.dirstamp' --exclude='*.log' --exclude='*.trs' \
	    configure.ac Makefile.am autogen.sh README.md NEWS LICENSE \
	    .clang-format .editorconfig "${folders[@]}") |
	    tar -xf - -C "$copy" >&2 || return 1
	echo "$copy"
}

# setup_build SOURCE BUILD LOG JOBS CONFIGURE-ARGUMENTS...: builds all programs
# in BUILD, from nothing or from what is there.  Quiet; on failure the end of
# LOG and where it lies.
setup_build() {
	local build=$2 log=$3 jobs=$4 source
	mkdir -p "$build" "$(dirname "$log")"
	source=$(setup_source "$1" "$2") || return 1
	shift 4
	if setup_configure "$source" "$build" "$@" >"$log" 2>&1 &&
	    make -C "$build" -j "$jobs" >>"$log" 2>&1; then
		return 0
	fi
	tail -n 25 "$log" >&2
	echo "the build failed: the whole log: $log" >&2
	return 1
}

setup_configure() {
	local source=$1 build=$2
	shift 2
	[ -x "$source/configure" ] || "$source/autogen.sh" || return 1
	setup_is_configured "$source" "$build" "$@" && return 0
	# only what configure and make put there: BUILD is ours
	rm -rf "$build" && mkdir -p "$build" &&
	    (cd "$build" && "$source/configure" -q "$@") &&
	    printf '%s\n' "$source $*" >"$build/.configured"
}
