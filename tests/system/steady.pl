# Asks a server on 127.0.0.1 at a steady rate, over UDP and over one TCP
# connection, and checks each answer, until a file appears:
#
#	perl steady.pl PORT RATE STOP-FILE [CHECK]
#
# CHECK is what answers must be: "reload" (the default) asks for a listed
# address, a test point, a name that is nobody's, and pair.bl.example, whose
# two A records must be of one generation, 192.0.2.N and 192.0.3.N; "any" takes
# any answer.  Prints "udp ASKED LOST WRONG tcp ASKED LOST WRONG OPENED".
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Time::HiRes qw(time sleep);

$SIG{PIPE} = 'IGNORE';
my ($port, $rate, $stop, $check) = @ARGV;
$check //= 'reload';
my @names = ('99.2.0.192', '2.0.0.127', '1.0.0.127', 'pair');
my $patience = $check eq 'any' ? 5 : 3;

sub query {
	my ($id, $name) = @_;
	return pack('n6', $id, 0, 1, 0, 0, 0)
	    . join('', map { pack('C/a', $_) } split(/\./, "$name.bl.example"))
	    . pack('Cnn', 0, 1, 1);
}

# Whether an answer is right for the name.
sub right {
	my ($message, $which) = @_;
	my ($id, $flags, $questions, $answers) = unpack('n4', $message);
	my $rcode = $flags & 15;
	return 1 if $check eq 'any';
	my $at = 12 + length(query(0, $names[$which])) - 12;
	my @addresses;
	for (1 .. $answers) {
		my ($type, $size) = unpack('x2 n x6 n', substr($message, $at));
		push @addresses,
		    join('.', unpack('C4', substr($message, $at + 12, 4)));
		$at += 12 + $size;
	}
	my $got = "$rcode @{[sort @addresses]}";
	return $got eq '0 127.0.0.6' if $which == 0;
	return $got eq '0 127.0.0.2' if $which == 1;
	return $got eq '3 ' if $which == 2;
	return $got =~ /^0 192\.0\.2\.(\d+) 192\.0\.3\.\1$/;
}

my %sum = map { $_ => { asked => 0, wrong => 0, flying => {} } } qw(udp tcp);
my $opened = 0;
my $udp = IO::Socket::INET->new(Proto => 'udp', PeerAddr => '127.0.0.1',
	PeerPort => $port) or die;
my ($tcp, $rest) = (undef, '');

sub open_tcp {
	$tcp = IO::Socket::INET->new(Proto => 'tcp', PeerAddr => '127.0.0.1',
		PeerPort => $port, Timeout => 3);
	$rest = '';
	$opened++;
}

sub take {
	my ($sum, $message) = @_;
	my $asked = delete $sum->{flying}{ unpack('n', $message) };
	$sum->{wrong}++ if !$asked || !right($message, $asked->[0]);
}

my ($next, $id, $end) = (time, 0, 0);
open_tcp();
while (1) {
	my $now = time;
	$end ||= $now + $patience if -e $stop;
	last if $end && ($now > $end
	    || !%{ $sum{udp}{flying} } && !%{ $sum{tcp}{flying} });
	while (!$end && $next <= $now) {
		my $which = $id % @names;
		$id = ($id + 1) & 0xffff;
		my $query = query($id, $names[$which]);
		for my $kind (qw(udp tcp)) {
			$sum{$kind}{asked}++;
			$sum{$kind}{lost}++ if $sum{$kind}{flying}{$id};
			$sum{$kind}{flying}{$id} = [$which, $now];
		}
		$udp->send($query);
		print $tcp pack('n/a', $query) if $tcp;
		$tcp->flush if $tcp;
		$next += 1 / $rate;
	}
	my $select = IO::Select->new($udp, $tcp ? $tcp : ());
	my $wait = $end ? 0.01 : $next - time;
	for my $socket ($select->can_read($wait > 0 ? $wait : 0)) {
		if ($socket == $udp) {
			while (defined $udp->recv(my $message, 2048, 0x40)) {
				last unless length $message;
				take($sum{udp}, $message);
			}
			next;
		}
		my $got = sysread($tcp, $rest, 65536, length $rest);
		if (!$got) {
			# what was not answered there is asked again
			my %flying = %{ $sum{tcp}{flying} };
			open_tcp();
			for my $again (keys %flying) {
				print $tcp pack('n/a', query($again,
				    $names[$flying{$again}[0]])) if $tcp;
			}
			next;
		}
		while (length $rest >= 2
		    && length $rest >= 2 + unpack('n', $rest)) {
			take($sum{tcp}, substr($rest, 2, unpack('n', $rest)));
			$rest = substr($rest, 2 + unpack('n', $rest));
		}
	}
}
print join(' ', map { my $sum = $sum{$_};
	($_, $sum->{asked}, ($sum->{lost} // 0) + keys %{ $sum->{flying} },
	$sum->{wrong}) } qw(udp tcp)), " $opened\n";
