# TCP clients of every kind, for tests/system/tcp:
#
#	perl tcpclient.pl COMMAND PORT [NUMBER...]
#
# Each prints one line of what it saw; `hold` and `deaf` print "open" first,
# when all of their connections stand.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;
use Socket qw(SOL_SOCKET SO_LINGER SO_RCVBUF);
use Time::HiRes qw(time sleep);

$SIG{PIPE} = 'IGNORE';
$| = 1;
my ($command, $port, @numbers) = @ARGV;

# --- messages ---------------------------------------------------------------
sub query {
	my ($id, $name, $type) = @_;
	return pack('n6', $id, 0, 1, 0, 0, 0)
	    . join('', map { pack('C/a', $_) } split(/\./, $name))
	    . pack('Cnn', 0, $type, 1);
}
sub framed { return pack('n/a', $_[0]) }
sub point { return framed(query($_[0], '2.0.0.127.bl.example', 1)) }

# --- connections --------------------------------------------------------------
# Sources of as many networks as are asked for, so that none has its share.
sub client {
	my ($network) = @_;
	my $socket = IO::Socket::INET->new(
		PeerAddr => '127.0.0.1', PeerPort => $port, Proto => 'tcp',
		LocalAddr => '127.0.' . ($network // 0) . '.1', Timeout => 5);
	die "connect: $!\n" unless $socket;
	return $socket;
}

# All messages until there are $count, the end, or nothing for 5 s.
sub answers {
	my ($socket, $count) = @_;
	my ($bytes, @got) = ('');
	my $select = IO::Select->new($socket);
	while (@got < $count && $select->can_read(5)) {
		last unless sysread($socket, $bytes, 65536, length $bytes);
		while (length $bytes >= 2
		    && length $bytes >= 2 + unpack('n', $bytes)) {
			my $size = unpack('n', $bytes);
			push @got, substr($bytes, 2, $size);
			substr($bytes, 0, 2 + $size) = '';
		}
	}
	return @got;
}
sub send_all {
	my ($socket, $bytes) = @_;
	my $at = 0;
	while ($at < length $bytes) {
		$at += syswrite($socket, $bytes, 65536, $at) // return 0;
	}
	return 1;
}
# "ID ID ...", or how many where they are 0, 1, 2 ...
sub ids {
	my @ids = map { unpack('n', $_) } @_;
	my $in_order = !grep { $ids[$_] != $_ } 0 .. $#ids;
	return $in_order ? scalar(@ids) . ' in order' : "@ids";
}
# "FIRST to LAST", in seconds after the start.
sub span {
	my @times = sort { $a <=> $b } @_;
	return @times ? sprintf('%.1f to %.1f', $times[0], $times[-1]) : 'none';
}

my %commands = (
	# pipeline COUNT: all in one segment
	pipeline => sub {
		my ($count) = @numbers;
		my $socket = client();
		send_all($socket, join('', map { point($_) } 0 .. $count - 1));
		print ids(answers($socket, $count)), "\n";
	},
	# bytes COUNT: a byte in a segment
	bytes => sub {
		my ($count) = @numbers;
		my $socket = client();
		$socket->setsockopt(6, 1, 1); # TCP_NODELAY
		for my $byte (split //, join('', map { point($_) }
		    0 .. $count - 1)) {
			syswrite($socket, $byte);
		}
		print ids(answers($socket, $count)), "\n";
	},
	# half: the sending side is shut after two queries and a bit
	half => sub {
		my $socket = client();
		send_all($socket, point(0) . point(1) . "\0");
		shutdown($socket, 1);
		print ids(answers($socket, 3)), "\n";
	},
	# late COUNT: asks, says so, then waits for the answers
	late => sub {
		my ($count) = @numbers;
		my $socket = client();
		send_all($socket, join('', map { point($_) } 0 .. $count - 1));
		print "open\n";
		print ids(answers($socket, $count)), "\n";
	},
	# large COUNT: answers larger than any buffer, read slowly at first
	large => sub {
		my ($count) = @numbers;
		my $socket = client();
		send_all($socket, join('', map {
			framed(query($_, 'huge.bl.example', 16)) }
		    0 .. $count - 1));
		sleep 1;
		my @got = answers($socket, $count);
		my $whole = grep { length $_ > 60000 } @got;
		print ids(@got), ", $whole whole\n";
	},
	# short SIZE: a good query, then a message of SIZE bytes
	short => sub {
		my ($size) = @numbers;
		my $socket = client();
		send_all($socket, point(0) . framed("\0" x $size));
		my @got = answers($socket, 2);
		print ids(@got), "\n";
	},
	# garbage: 65535 bytes that are no query, then a query
	garbage => sub {
		my $socket = client();
		send_all($socket, framed(pack('n6', 0, 0, 1, 0, 0, 0)
		    . "\xff" x 65523) . point(1));
		my @got = answers($socket, 2);
		print ids(@got), ', rcode ',
		    join(' ', map { unpack('x3C', $_) & 15 } @got), "\n";
	},
	# reset COUNT: in the middle of a message
	reset => sub {
		my ($count) = @numbers;
		for my $i (1 .. $count) {
			my $socket = client($i % 50);
			send_all($socket, point(0) . substr(point(1), 0, $i % 30));
			$socket->setsockopt(SOL_SOCKET, SO_LINGER,
			    pack('ii', 1, 0));
			close $socket;
		}
		print "$count reset\n";
	},
	# hold IDLE SLOW NETWORKS SECONDS: idle ones, and ones that send a byte
	# every 2 s; when the server closed them
	hold => sub {
		my ($idle, $slow, $networks, $seconds) = @numbers;
		my (%kind, %closed, @slow);
		my $select = IO::Select->new;
		my %opened;
		for my $i (0 .. $idle + $slow - 1) {
			my $socket = client($i % $networks);
			$kind{$socket} = $i < $idle ? 'idle' : 'slow';
			push @slow, $socket if $i >= $idle;
			$opened{$socket} = time;
			$select->add($socket);
		}
		print "open\n";
		my ($start, $sent) = (time, 0);
		while ($select->count > 0 && time - $start < $seconds) {
			if (time >= $start + 2 * $sent) {
				my $byte = substr(point(0), $sent++, 1);
				syswrite($_, $byte) for @slow;
			}
			for my $socket ($select->can_read(0.1)) {
				$select->remove($socket);
				push @{$closed{$kind{$socket}}},
				    time - ($kind{$socket} eq 'idle' ?
				    $opened{$socket} : $start);
				@slow = grep { $_ != $socket } @slow;
			}
		}
		for my $name ('idle', 'slow') {
			print "$name closed: ",
			    scalar(@{$closed{$name} // []}), ' after ',
			    span(@{$closed{$name} // []}), "\n";
		}
	},
	# deaf COUNT NETWORKS SECONDS: ask for large answers and read none
	deaf => sub {
		my ($count, $networks, $seconds) = @numbers;
		my @sockets = map { client($_ % $networks) } 1 .. $count;
		my $bytes = framed(query(0, 'huge.bl.example', 16)) x 200;
		for my $socket (@sockets) {
			$socket->blocking(0);
			syswrite($socket, $bytes);
		}
		print "open\n";
		my ($start, @closed) = (time);
		# only a write tells, as nothing is read
		while (@sockets && time - $start < $seconds) {
			my @left;
			for my $socket (@sockets) {
				my $sent = syswrite($socket, $bytes);
				if (!defined $sent && !$!{EAGAIN}) {
					push @closed, time - $start;
				} else {
					push @left, $socket;
				}
			}
			@sockets = @left;
			sleep 0.2;
		}
		print 'closed: ', scalar(@closed), ' after ', span(@closed),
		    "\n";
	},
	# flood CONNECTIONS SECONDS: each pipelines as fast as it can
	flood => sub {
		my ($count, $seconds) = @numbers;
		my @sockets = map { client($_ % 50) } 1 .. $count;
		my $bytes = join('', map { point($_) } 0 .. 99);
		my ($start, $got, %rest) = (time, 0);
		$_->blocking(0) for @sockets;
		while (time - $start < $seconds) {
			for my $socket (@sockets) {
				my $left = $rest{$socket} || $bytes;
				my $sent = syswrite($socket, $left) // 0;
				$rest{$socket} = substr($left, $sent);
				$got += sysread($socket, my $answers, 65536)
				    // 0;
			}
		}
		# an A record is 16 bytes
		printf "%d queries a second\n",
		    $got / (length(point(0)) + 16) / $seconds;
	},
);
die "usage: perl tcpclient.pl COMMAND PORT [NUMBER...]\n"
    unless defined $port && $commands{$command};
$commands{$command}->();
