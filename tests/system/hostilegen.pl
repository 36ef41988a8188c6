#!/usr/bin/perl
# Writes hostile mail for tests/system/hostilemail and tests/bench/classify:
#
#	hostilegen.pl FOLDER [SCALE]
#
# FOLDER/alone/NAME.eml: only the hostile shape; nothing in it may be listed.
# FOLDER/after/NAME.eml: a whole bounce first, then the shape as a part more or
# as more header fields; the bounce must be told all the same.
# Counts and sizes grow with SCALE (default 1; 10 is what a peer could send).
use strict;
use warnings;

my ($folder, $scale) = (@ARGV, 1);
die "usage: hostilegen.pl FOLDER [SCALE]\n" unless defined $folder;
mkdir $folder;
mkdir "$folder/$_" for qw(alone after);
my $many = 10_000 * $scale;

sub put {
	my ($name, $bytes) = @_;
	open my $out, '>:raw', "$folder/$name.eml" or die "$name: $!\n";
	print $out $bytes;
	close $out or die "$name: $!\n";
}

# --- bodies: what follows "Content-Type: " of a part ------------------------
my $deep = "multipart/mixed; boundary=b0\n\n" . join '', map {
	"--b$_\nContent-Type: multipart/mixed; boundary=b" . ($_ + 1) . "\n\n"
} 0 .. $many / 10;
my $messages = "message/rfc822\n\n"
    . "From: a\nContent-Type: message/rfc822\n\n" x ($many / 10) . "x\n";
my $prefixes = "multipart/mixed; boundary=b\n\n" . join '', map {
	"--b" . 'b' x ($_ % 60) . "\nContent-Type: multipart/mixed; boundary=b"
	    . 'b' x (($_ + 1) % 60) . "\n\n"
} 0 .. $many / 10;
my %body = (
	empty            => "text/plain\n\n",
	'no-body'        => "text/plain\n",
	'no-boundary'    => "multipart/report; report-type=delivery-status\n\nx\n",
	'empty-boundary' => "multipart/mixed; boundary=\"\"\n\n--\n\nx\n----\n",
	'long-boundary'  => "multipart/mixed; boundary=\"" . 'b' x 5000 . "\"\n\n--"
	    . 'b' x 5000 . "\n\nx\n",
	'boundary-nul'   => "multipart/mixed; boundary=\"a\0b\"\n\n--a\0b\n\nx\n",
	'boundary-8bit'  => "multipart/mixed; boundary=\"\xff\xfe\"\n\n--\xff\xfe\n\nx\n",
	'deep-multipart' => $deep,
	'deep-messages'  => $messages,
	'prefix-boundaries' => $prefixes,
	'many-parts'     => "multipart/mixed; boundary=b\n\n"
	    . "--b\n\nx\n" x $many . "--b--\n",
	'many-empty-parts' => "multipart/mixed; boundary=b\n\n" . "--b\n" x $many,
	'many-ends'      => "multipart/mixed; boundary=b\n\n" . "--b--\n" x $many,
	'same-boundary'  => "multipart/mixed; boundary=b\n\n"
	    . "--b\nContent-Type: multipart/mixed; boundary=b\n\n" x 1000,
	'many-status'    => "multipart/report; boundary=b\n\n"
	    . "--b\nContent-Type: message/delivery-status\n\nx: y\n\n" x 1000,
	'status-garbage' => "message/delivery-status\n\n" . "\xff\0:\n" x $many,
	'status-long'    => "message/delivery-status\n\nReporting-MTA: dns; "
	    . 'a' x (100 * $many) . "\n",
	'status-blocks'  => "message/delivery-status\n\n" . "A: b\n\n" x $many,
	'status-fold'    => "message/delivery-status\n\nA:\n" . " b\n" x $many,
	'disposition'    => "message/disposition-notification\n\n" . ":" x $many,
	'params'         => "text/plain; " . join('; ', map { "p$_=v" } 1 .. 5000)
	    . "\n\nx\n",
	'params-2231'    => "text/plain; " . join('; ', map { "name*$_*=a" } 0 .. 5000)
	    . "\n\nx\n",
	'params-2231-gap' => "text/plain; name*999999999999=a; name*0=b\n\nx\n",
	'params-quotes'  => "text/plain; name=\"" . '\\"' x $many . "\n\nx\n",
	'type-garbage'   => "\xff/\0;;;===\n\nx\n",
	'type-comments'  => "text" . '(' x $many . "/plain\n\nx\n",
	'line-long'      => "text/plain\n\n" . 'a' x (100 * $many) . "\n",
	'lines-empty'    => "text/plain\n\n" . "\n" x (10 * $many),
	'nul'            => "text/plain\n\n" . "\0" x (10 * $many),
	'cr'             => "text/plain\r\r" . "a\r" x $many,
	'crcr'           => "text/plain\n\n" . "a\r\r\n" x $many,
	'eight-bit'      => "text/plain\n\n" . join('', map { chr } 128 .. 255) x 100,
	'bad-utf8'       => "text/plain; charset=utf-8\n\n" . "\xe2\x82\xc3(\xf0\x9f" x $many,
	'overlong-utf8'  => "text/plain; charset=utf-8\n\n" . "\xc0\x80\xed\xa0\x80" x $many,
	'bom'            => "text/plain; charset=utf-8\n\n" . "\xef\xbb\xbf" x $many,
	'utf-16'         => "text/plain; charset=utf-16\n\n" . "\xd8\x00a" x $many,
	'utf-7'          => "text/plain; charset=utf-7\n\n" . "+AAAA" x $many,
	'iso-2022-jp'    => "text/plain; charset=iso-2022-jp\n\n" . "\e\$B!" x $many,
	'hz'             => "text/plain; charset=hz-gb-2312\n\n" . "~{~}" x $many,
	'charset-unknown' => "text/plain; charset=x-none\n\nx\n",
	'charset-long'   => "text/plain; charset=" . 'x' x $many . "\n\nx\n",
	'combining'      => "text/plain; charset=utf-8\n\ne" . "\xcc\x81" x (3 * $many),
	'directions'     => "text/plain; charset=utf-8\n\n" . "\xe2\x80\xae" x $many,
	'base64-garbage' => "text/plain\nContent-Transfer-Encoding: base64\n\n"
	    . "=*!\xff" x $many,
	'base64-large'   => "text/plain\nContent-Transfer-Encoding: base64\n\n"
	    . ('QUFB' x 19 . "\n") x (5 * $many),
	'qp-equals'      => "text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
	    . '=' x (10 * $many),
	'qp-soft'        => "text/plain\nContent-Transfer-Encoding: quoted-printable\n\n"
	    . "=\n" x (10 * $many),
	'uuencode'       => "text/plain\nContent-Transfer-Encoding: x-uuencode\n\n"
	    . "begin 644 a\n" . "M\n" x $many,
	'encoding-unknown' => "text/plain\nContent-Transfer-Encoding: x-" . 'y' x $many
	    . "\n\nx\n",
	'html-open'      => "text/html\n\n" . '<' x (10 * $many),
	'html-tags'      => "text/html\n\n" . '<b>' x (3 * $many),
	'html-script'    => "text/html\n\n" . '<script>' x $many,
	'html-style'     => "text/html\n\n<style>" . '</' x (5 * $many),
	'html-entities'  => "text/html\n\n" . '&' x (10 * $many),
	'html-links'     => "text/html\n\n" . '<a href="http' x $many,
	'html-comment'   => "text/html\n\n<!--" . '-' x (10 * $many),
	'words-repeated' => "text/plain\n\n" . 'user unknown ' x $many,
	'words-nearly'   => "text/plain\n\n" . 'user unknow user unknow ' x $many,
	'words-not'      => "text/plain\n\n" . 'could not could not deliver ' x $many,
	'words-a'        => "text/plain\n\n" . 'a' x (20 * $many),
	'words-address'  => "text/plain\n\n" . 'address unknow ' x $many,
	'codes'          => "text/plain\n\n" . '550 5.1.' x $many,
	'fields'         => "text/plain\n\n" . "from: a\n\n" x $many,
	'fields-nearly'  => "text/plain\n\n" . "from\n" x $many,
	'links'          => "text/plain\n\n" . 'http://' x $many,
	'from-lines'     => "text/plain\n\n" . "From a\n" x $many,
	'attachment-name' => "application/octet-stream; name=\"" . 'a.' x $many
	    . "exe\"\n\nx\n",
	'external-body'  => "message/external-body; access-type=local-file;"
	    . " name=\"/etc/passwd\"\n\nContent-Type: text/plain\n\n",
	'partial'        => "message/partial; id=a; number=1; total=999999999\n\nx\n",
	'tnef'           => "application/ms-tnef\n\n" . "\x78\x9f\x3e\x22" x $many,
	'global'         => "message/global-delivery-status\n\n" . "\xff\xff\n" x $many,
);

# --- header fields -----------------------------------------------------------
my %header = (
	'groups'          => "To: " . 'g:' x ($many * 7) . ";\n",
	'groups-cc'       => "Cc: " . 'g:a@b;' x $many . "\n",
	'comments'        => "Reply-To: " . '(' x $many . "\n",
	'quotes'          => "To: " . '"' x $many . "\n",
	'angles'          => "Sender: " . '<' x $many . "\n",
	'routes'          => "Cc: <" . '@a,' x $many . ":b\@c>\n",
	'many-fields'     => "X-A: b\n" x $many,
	'many-received'   => "Received: from a (b [192.0.2.1]) by c; d\n" x $many,
	'received-long'   => "Received: " . '(' x (5 * $many) . "\n",
	'received-brackets' => "Received: from " . '[' x $many . " by c\n",
	'received-semicolons' => "Received: from a by b" . ';' x $many . "\n",
	'many-to'         => "Cc: a\@b.example\n" x $many,
	'field-long'      => "X-Long: " . 'a' x (20 * $many) . "\n",
	'field-folded'    => "X-Folded:\n" . " a\n" x $many,
	'field-blank'     => "X-Blank: a\n" . " \n" x $many,
	'no-colon'        => "no colon here\n" x 100,
	'colon-only'      => ":\n" x 100,
	'name-long'       => 'X' x $many . ": a\n",
	'name-8bit'       => "\xff\xfe: a\n",
	'encoded-words'   => "X-E: " . '=?utf-8?b?YQ==?= ' x ($many / 2) . "\n",
	'encoded-bad'     => "Comments: " . '=?' x $many . "\n",
	'encoded-nested'  => "Comments: " . '=?a?q?' x $many . "\n",
	'encoded-charset' => "Comments: =?" . 'x' x $many . "?q?a?=\n",
	'encoded-nul'     => "Comments: =?utf-8?q?=00=0a=0d?=\n",
	'dates'           => "Date: " . '9' x $many . "\n",
	'message-ids'     => "References: " . '<a@b> ' x $many . "\n",
	'message-id-long' => "In-Reply-To: <" . 'a' x $many . "\n",
	'mime-version'    => "MIME-Version: " . '(' x 1000 . "1.0\n",
	'disposition'     => "Content-Disposition: attachment; "
	    . 'a*0*=b;' x 2000 . "\n",
	'list-id'         => "X-List: " . "<\0>" x 1000 . "\n",
	'auto-submitted'  => "X-Auto: " . ';' x $many . "\n",
);

my $plain = "From: joe\@people.example\nTo: trap\@trap.example\nSubject: hello\n";
my $bounce_header = "Return-Path: <>\nFrom: MAILER-DAEMON\@mx.example\n"
    . "To: trap\@trap.example\nSubject: Undelivered Mail Returned to Sender\n";
my $bounce_parts = "--whole\nContent-Type: text/plain\n\n"
    . "This is the mail system at host mx.example.\n\n"
    . "--whole\nContent-Type: message/delivery-status\n\n"
    . "Reporting-MTA: dns; mx.example\n\nFinal-Recipient: rfc822; a\@mx.example\n"
    . "Action: failed\nStatus: 5.1.1\n\n";
my $report = "Content-Type: multipart/report; report-type=delivery-status;"
    . " boundary=whole\n\n";

for my $name (sort keys %body) {
	put("alone/body-$name", "${plain}Content-Type: $body{$name}");
	put("after/body-$name", $bounce_header . $report . $bounce_parts
	    . "--whole\nContent-Type: $body{$name}\n--whole--\n");
}
for my $name (sort keys %header) {
	put("alone/header-$name", "$plain$header{$name}\nhello\n");
	put("after/header-$name",
	    "$bounce_header$header{$name}$report$bounce_parts--whole--\n");
}
# no message at all, or none that a bounce can hold
put('alone/feedback', "${plain}Content-Type: message/feedback-report\n\n"
    . "A: b\n" x $many);
put('alone/nothing-but-header', $plain);
put('alone/binary', "From: a\n\n" . join('', map { chr($_ * 7 % 256) } 1 .. $many));
put('alone/zeros', "From: a\n" . "\0" x $many);
put('alone/only-fields', "A: b\n" x $many);
put('alone/large', "${plain}\n" . ("0123456789abcdef" x 4 . "\n") x (8 * $many));
