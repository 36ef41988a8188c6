# A milter of somebody else, for tests/system/milter: it refuses all at one step.
#
#	perl milterother.pl PORT STEP
#
# STEP is the letter of a command of the milter protocol: R (RCPT), T (DATA).
# Listens at 127.0.0.1 and prints "ready".
use strict;
use warnings;
use IO::Socket::INET;

$SIG{CHLD} = 'IGNORE';
$| = 1;
my ($port, $step) = @ARGV;
my $listener = IO::Socket::INET->new(
	LocalAddr => "127.0.0.1:$port", Listen => 16, ReuseAddr => 1) or die "$!";

sub take {
	my ($socket, $size) = @_;
	my $bytes = '';
	while (length $bytes < $size) {
		read($socket, $bytes, $size - length $bytes, length $bytes) or exit;
	}
	return $bytes;
}
sub reply {
	my ($socket, $letter, $bytes) = @_;
	print $socket pack('N', 1 + length $bytes) . $letter . $bytes;
	$socket->flush;
}
print "ready\n";
while (my $socket = $listener->accept) {
	next if fork;
	binmode $socket;
	while (1) {
		my $size = unpack 'N', take($socket, 4);
		my $packet = take($socket, $size);
		my $letter = substr $packet, 0, 1;
		if ($letter eq 'O') {
			# version 6, changes nothing, is told of all and answers all
			reply($socket, 'O', pack('NNN', 6, 0, 0));
		} elsif ($letter eq 'Q') {
			exit;
		} elsif ($letter !~ /[DAK]/) {
			reply($socket, $letter eq $step ? 'r' : 'c', '');
		}
	}
}
