#!/bin/bash
# unitsboot.sh FOLDER: systemd as pid 1 of namespaces of its own, on an overlay of
# this machine's /etc and what FOLDER has: dest (as make install DESTDIR makes it)
# and units (for /etc/systemd/system).  Nothing of the machine's own starts there,
# and nothing of it is changed.  Called by tests/system/units, as root.
set -eu
here=$1
if [ "${2:-}" != inner ]; then
	# a control group of its own: of version 2, or of systemd's hierarchies
	for top in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
		[ -e "$top/cgroup.procs" ] || continue
		mkdir -p "$top/${here##*/}"
		echo "$top/${here##*/}" >>"$here/groups"
		echo $$ >"$top/${here##*/}/cgroup.procs"
	done
	exec unshare --pid --fork --kill-child --mount --cgroup --net --ipc \
	    --uts --propagation private bash "$0" "$here" inner
fi
mount -t proc proc /proc
ip link set lo up
mount -t tmpfs tmpfs /run
if [ -e /sys/fs/cgroup/cgroup.controllers ]; then
	mount -t cgroup2 cgroup2 /sys/fs/cgroup
else
	mount -t tmpfs -o mode=755 tmpfs /sys/fs/cgroup
	mkdir /sys/fs/cgroup/systemd /sys/fs/cgroup/unified
	mount -t cgroup -o none,name=systemd,xattr cgroup /sys/fs/cgroup/systemd
	mount -t cgroup2 cgroup2 /sys/fs/cgroup/unified
fi
mkdir -p "$here/over"
mount -t tmpfs tmpfs "$here/over"
mkdir "$here/over/upper" "$here/over/work"
mount -t overlay -o \
    "lowerdir=$here/dest/etc:/etc,upperdir=$here/over/upper,workdir=$here/over/work" \
    overlay /etc
mount --bind "$here/dest/usr/local" /usr/local
mount -t tmpfs -o mode=755 tmpfs /var/lib
install -d -o backstop -g backstop -m 2770 /var/lib/backstop
install -d -m 755 /var/lib/units
mount --bind "$here/units" /etc/systemd/system
# of what starts by itself nothing is left, generated or wanted
mount -t tmpfs tmpfs /lib/systemd/system-generators
for folder in /lib/systemd/system/*.target.wants; do
	mount -t tmpfs tmpfs "$folder"
done
export container=other
exec /lib/systemd/systemd --system --unit=trial.target --log-target=null \
    --show-status=no
