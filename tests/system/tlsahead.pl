#!/usr/bin/perl
# A way to a mail server on which STARTTLS has been said, and something sent in
# plain text right behind it, before the client's TLS comes:
#
#	tlsahead.pl HOST PORT TEXT
#
# Prints the port at which it takes one client, says TEXT ahead of it, and passes
# on bytes both ways until an end.  TEXT may have \r and \n.
use strict;
use warnings;
use IO::Select;
use IO::Socket::INET;

my ($host, $port, $text) = @ARGV;
$text =~ s/\\r/\r/g;
$text =~ s/\\n/\n/g;
$| = 1;
alarm 60;
my $listener = IO::Socket::INET->new(LocalAddr => '127.0.0.1', Listen => 1)
    or die "cannot listen: $!\n";
print $listener->sockport, "\n";
close STDOUT;
my $client = $listener->accept or die "no client: $!\n";
my $server = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port)
    or die "no server: $!\n";

# reply: reads one, byte by byte, as what follows may be TLS.
sub reply {
	my $got = '';
	until ($got =~ /^\d{3} [^\n]*\n\z/m) {
		sysread($server, my $byte, 1) or die "the server is gone: $got\n";
		$got .= $byte;
	}
}
reply();
syswrite $server, "EHLO c\r\n";
reply();
syswrite $server, "STARTTLS\r\n$text";
reply();

my %other = (fileno($client) => $server, fileno($server) => $client);
my $select = IO::Select->new($client, $server);
for (;;) {
	for my $from ($select->can_read) {
		sysread($from, my $bytes, 65536) or exit 0;
		syswrite $other{fileno $from}, $bytes;
	}
}
