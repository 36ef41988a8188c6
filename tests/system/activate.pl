# Starts a program with sockets as a service manager does:
#
#	perl activate.pl [KIND=ADDRESS=PORT]... -- PROGRAM [ARGUMENT...]
#
# KIND is udp, tcp, unbound (TCP that does not listen), pipe, or unix (with a
# path alone); both-udp and both-tcp take IPv4 too, as systemd's sockets of [::]
# do unless told not to.
use strict;
use warnings;
use IO::Socket::IP;
use IO::Socket::UNIX;
use POSIX ();

$^F = 200; # what is opened stays open
my @sockets;
while (defined(my $word = shift @ARGV)) {
	last if $word eq '--';
	my ($kind, $address, $port) = split /=/, $word;
	if ($kind eq 'pipe') {
		pipe(my $in, my $out) or die "pipe: $!\n";
		push @sockets, $in, $out;
		next;
	}
	if ($kind eq 'unix') {
		push @sockets, IO::Socket::UNIX->new(
			Local => $address, Listen => 64) // die "$word: $!\n";
		next;
	}
	my $socket = IO::Socket::IP->new(
		LocalHost => $address, LocalPort => $port,
		V6Only => $kind =~ s/^both-// ? 0 : 1,
		Proto => $kind eq 'udp' ? 'udp' : 'tcp',
		ReuseAddr => 1, $kind eq 'tcp' ? (Listen => 64) : ())
	    or die "$word: $@\n";
	push @sockets, $socket;
}
# out of the way first, then to their places
my $next = 100;
my @moved = map { POSIX::dup2(fileno($_), $next) // die; $next++ } @sockets;
my $place = 3;
POSIX::dup2($_, $place++) // die for @moved;
POSIX::close($_) for @moved;
$ENV{LISTEN_PID} //= $$;
$ENV{LISTEN_FDS} //= @sockets;
exec @ARGV or die "$ARGV[0]: $!\n";
