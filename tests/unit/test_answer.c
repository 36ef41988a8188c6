/* Answers: a question in, the response's bytes out, read back by ldns. */
#include "autoconf.h"

#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <ldns/ldns.h>

#include "bytes.h"
#include "dns.h"
#include "respond.h"
#include "server_fixture.h"

#define SOA_OF(zone)                                               \
	" au=" zone " 300 IN SOA ns." zone " hostmaster." zone " " \
	"2026112301 3600 900 2419200 300"
#define NODATA "NOERROR aa" SOA_OF("bl.test.")
#define NXDOMAIN "NXDOMAIN aa" SOA_OF("bl.test.")
#define CALLOUT_NODATA "NOERROR aa" SOA_OF("callout.bl.test.")
#define CALLOUT_NXDOMAIN "NXDOMAIN aa" SOA_OF("callout.bl.test.")
#define SUB_NS(sub)                                                         \
	" au=" sub ".bl.test. 3600 IN NS ns.bl.test. au=" sub ".bl.test. "  \
	"3600 IN NS ns.sub.bl.test. au=" sub ".bl.test. 3600 IN NS "        \
	"ns.example. ad=ns.sub.bl.test. 3600 IN A 192.0.2.54 "              \
	"ad=ns.sub.bl.test. 3600 IN AAAA 2001:db8::54 ad=ns.bl.test. 3600 " \
	"IN A 192.0.2.53 ad=ns.bl.test. 3600 IN AAAA 2001:db8::53"
#define LISTED(n) "NOERROR aa an=Q 900 IN A 127.0.0." n
#define IP6_DB8 "0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2"

#define IP6_2A00 "3.0.0.0.2.0.0.0.1.0.0.0.0.0.a.2."
#define HOLE_120 "0.0.0.0.0.0.0.0.0.0.0.0.0.0."

/* "Q" in what is expected is the question's name. */
static const struct {
	const char *name;
	const char *type;
	const char *expected;
} rows[] = {
    /* listed */
    {"99.2.0.192.bl.test.", "A", LISTED("6")},
    {"100.2.0.192.bl.test.", "A", LISTED("70")},
    {"100.2.0.192.flat.test.", "A", LISTED("2")},
    {"100.2.0.192.callout.bl.test.", "A", LISTED("66")},
    {"99.2.0.192.bL.tESt.", "A", LISTED("6")},
    {"99.2.0.192.bl.test.", "TXT",
	"NOERROR aa an=Q 900 IN TXT \"backscatter (bounce) from 192.0.2.99, "
	"see https://bl.test/192.0.2.99\""},
    {"99.2.0.192.bl.test.", "ANY", LISTED("6")},
    {"99.2.0.192.bl.test.", "AAAA", NODATA},
    {"99.2.0.192.bl.test.", "NS", NODATA},
    {"99.2.0.192.bl.test.", "CNAME", NODATA},
    {"99.2.0.192.bl.test.", "TYPE65280", NODATA},
    {"1." IP6_DB8 ".bl.test.", "A", LISTED("6")},
    {"1." IP6_DB8 ".bl.test.", "TXT",
	"NOERROR aa an=Q 900 IN TXT \"backscatter (bounce) from 2001:db8::1, "
	"see https://bl.test/2001:db8::1\""},
    /* of a zone that is shut down */
    {"99.2.0.192.closed.test.", "A", "NXDOMAIN aa" SOA_OF("closed.test.")},
    {"99.2.0.192.closed.test.", "TXT", "NXDOMAIN aa" SOA_OF("closed.test.")},
    {"2.0.0.127.closed.test.", "A", "NXDOMAIN aa" SOA_OF("closed.test.")},
    {"127.closed.test.", "A", "NXDOMAIN aa" SOA_OF("closed.test.")},
    {"x.51.198.closed.test.", "A", "NXDOMAIN aa" SOA_OF("closed.test.")},
    {"closed.test.", "A", "NOERROR aa" SOA_OF("closed.test.")},
    {"ns.closed.test.", "A", "NOERROR aa an=Q 3600 IN A 192.0.2.53"},
    {"closed.test.", "TXT", "NOERROR aa an=Q 3600 IN TXT \"a list for tests\""},
    /* aliases (RFC 1034 section 4.3.2; 6604 section 3) */
    {"alias.bl.test.", "A",
	"NOERROR aa an=Q 3600 IN CNAME Www.bl.test. an=Www.bl.test. 3600 IN A "
	"192.0.2.80"},
    {"alias2.bl.test.", "A",
	"NOERROR aa an=Q 3600 IN CNAME aliaS.bl.test. an=aliaS.bl.test. 3600 "
	"IN CNAME Www.bl.test. an=Www.bl.test. 3600 IN A 192.0.2.80"},
    {"alias.bl.test.", "CNAME", "NOERROR aa an=Q 3600 IN CNAME Www.bl.test."},
    {"alias.bl.test.", "ANY", "NOERROR aa an=Q 3600 IN CNAME Www.bl.test."},
    {"alias.bl.test.", "AAAA",
	"NOERROR aa an=Q 3600 IN CNAME Www.bl.test." SOA_OF("bl.test.")},
    {"x.alias.bl.test.", "A", NXDOMAIN},
    {"to-listed.bl.test.", "A",
	"NOERROR aa an=Q 3600 IN CNAME 99.2.0.192.bl.test. "
	"an=99.2.0.192.bl.test. 900 IN A 127.0.0.6"},
    {"to-wide.bl.test.", "TXT",
	"NOERROR aa an=Q 3600 IN CNAME 1.2.51.198.bl.test. "
	"an=1.2.51.198.bl.test. 900 IN TXT \"backscatter (autoreply) from "
	"198.51.0.0/16, see https://bl.test/198.51.0.0/16\""},
    {"to-empty.bl.test.", "A",
	"NOERROR aa an=Q 3600 IN CNAME 192.bl.test." SOA_OF("bl.test.")},
    {"to-nothing.bl.test.", "A",
	"NXDOMAIN aa an=Q 3600 IN CNAME nothing.bl.test." SOA_OF("bl.test.")},
    {"to-outside.bl.test.", "A", "NOERROR aa an=Q 3600 IN CNAME www.example."},
    {"to-cut.bl.test.", "A",
	"NOERROR aa an=Q 3600 IN CNAME x.Sub.bl.test." SUB_NS("Sub")},
    /* what it stands for is another zone's */
    {"to-class.bl.test.", "A",
	"NOERROR aa an=Q 3600 IN CNAME 99.2.0.192.autoreply.bl.test."},
    {"to-class.flat.test.", "A",
	"NXDOMAIN aa an=Q 3600 IN CNAME 99.2.0.192.autoreply.flat.test." SOA_OF(
	    "flat.test.")},
    /* delegations (RFC 1034 section 4.3.2; 4035 section 3.1.4.1) */
    {"sub.bl.test.", "A", "NOERROR" SUB_NS("sub")},
    {"sub.bl.test.", "NS", "NOERROR" SUB_NS("sub")},
    {"sub.bl.test.", "SOA", "NOERROR" SUB_NS("sub")},
    {"sub.bl.test.", "ANY", "NOERROR" SUB_NS("sub")},
    {"sub.bl.test.", "DS", NODATA},
    {"x.y.SUB.bl.test.", "A", "NOERROR" SUB_NS("SUB")},
    {"x.y.sub.bl.test.", "DS", "NOERROR" SUB_NS("sub")},
    {"ns.sub.bl.test.", "A", "NOERROR" SUB_NS("sub")},
    {"99.2.0.192.sub.bl.test.", "A", "NOERROR" SUB_NS("sub")},
    {"xsub.bl.test.", "A", NXDOMAIN},
    /* of a zone that is served here too: it answers, DS excepted */
    {"callout.bl.test.", "SOA",
	"NOERROR aa an=Q 3600 IN SOA ns.callout.bl.test. "
	"hostmaster.callout.bl.test. 2026112301 3600 900 2419200 300"},
    {"callout.bl.test.", "DS", NODATA},
    {"x.callout.bl.test.", "DS", CALLOUT_NXDOMAIN},
    {"autoreply.bl.test.", "DS", "NOERROR aa" SOA_OF("autoreply.bl.test.")},
    {"bl.test.", "DS", NODATA},
    {"callout.flat.test.", "A",
	"NOERROR au=callout.flat.test. 3600 IN NS ns.flat.test. "
	"ad=ns.flat.test. 3600 IN A 192.0.2.53 ad=ns.flat.test. 3600 IN AAAA "
	"2001:db8::53"},
    /* a prefix */
    {"1.2.51.198.bl.test.", "A", LISTED("10")},
    {"7.100.51.198.bl.test.", "A", LISTED("14")},
    {"1.2.51.198.bl.test.", "TXT",
	"NOERROR aa an=Q 900 IN TXT \"backscatter (autoreply) from "
	"198.51.0.0/16, see https://bl.test/198.51.0.0/16\""},
    {"9.115.0.203.bl.test.", "A", LISTED("34")},
    {"9.116.0.203.bl.test.", "A", NXDOMAIN},
    {"9.111.0.203.bl.test.", "A", NXDOMAIN},
    {"f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.test.",
	"A", LISTED("66")},
    {"f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.3.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.test.",
	"A", NXDOMAIN},
    /* not listed */
    {"98.2.0.192.bl.test.", "A", NXDOMAIN},
    {"98.2.0.192.bl.test.", "TXT", NXDOMAIN},
    {"2." IP6_DB8 ".bl.test.", "A", NXDOMAIN},
    {"099.2.0.192.bl.test.", "A", NXDOMAIN},
    {"99.2.0.192.99.2.0.192.bl.test.", "A", NXDOMAIN},
    {"5.99.2.0.192.bl.test.", "A", NXDOMAIN},
    {"foo.bl.test.", "A", NXDOMAIN},
    /* above listings: empty, not missing */
    {"192.bl.test.", "A", NODATA},
    {"0.192.bl.test.", "A", NODATA},
    {"2.0.192.bl.test.", "A", NODATA},
    {"3.0.192.bl.test.", "A", NXDOMAIN},
    {"193.bl.test.", "A", NXDOMAIN},
    {IP6_DB8 ".bl.test.", "A", NODATA},
    {"2.bl.test.", "A", NODATA},
    {"1.0.0.2.bl.test.", "A", NODATA}, /* above 2001:db8::1 */
    {"0.0.0.0.bl.test.", "A", NODATA}, /* above ::ffff:7f00:2 */
    {"2.0.0.2.bl.test.", "A", NXDOMAIN},
    /* beside and below a wildcard (RFC 4592) */
    {"51.198.bl.test.", "A", NODATA},
    {"100.51.198.bl.test.", "A", NODATA}, /* 198.51.100.7 is below */
    {"101.51.198.bl.test.", "A", NODATA}, /* *.101.51.198 */
    {"x.101.51.198.bl.test.", "A", LISTED("10")},
    {"x.100.51.198.bl.test.", "A", NXDOMAIN}, /* its siblings are names */
    {"*.101.51.198.bl.test.", "A", LISTED("10")},
    {"x.*.101.51.198.bl.test.", "A", NXDOMAIN},
    {"x.7.101.51.198.bl.test.", "TXT",
	"NOERROR aa an=Q 900 IN TXT \"backscatter (autoreply) from "
	"198.51.0.0/16, see https://bl.test/198.51.0.0/16\""},
    {"0.203.bl.test.", "A", NODATA},
    {"112.0.203.bl.test.", "A", NODATA}, /* *.112.0.203 stands there */
    {"4.2.bl.test.", "A", NODATA},
    {"7.4.2.bl.test.", "A", NODATA}, /* no wildcard above: looks like IPv6 */
    {"10.4.2.bl.test.", "A", NODATA},
    {"1.7.4.2.bl.test.", "A", LISTED("6")},
    {"1.4.4.4.4.2.bl.test.", "A", NXDOMAIN}, /* 2444:4100::/24 */
    {"2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.test.", "A", NODATA},
    {"1.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.bl.test.", "A", LISTED("66")},
    /* holes: what is exempt is not there, its siblings are */
    {"7.33.22.11.bl.test.", "A", NXDOMAIN},
    {"7.33.22.11.bl.test.", "TXT", NXDOMAIN},
    {"6.33.22.11.bl.test.", "A", LISTED("6")},
    {"8.33.22.11.bl.test.", "TXT",
	"NOERROR aa an=Q 900 IN TXT \"backscatter (bounce) from "
	"11.22.33.0/24, see https://bl.test/11.22.33.0/24\""},
    {"33.22.11.bl.test.", "A", NODATA},
    {"22.11.bl.test.", "A", NODATA},
    /* no wildcard above a hole: its siblings have one each */
    {"9.2.1.12.bl.test.", "A", NXDOMAIN}, /* listed inside the hole */
    {"8.2.1.12.bl.test.", "A", NXDOMAIN},
    {"2.1.12.bl.test.", "A", NXDOMAIN},
    {"3.1.12.bl.test.", "A", NODATA}, /* *.3.1.12 stands there */
    {"8.3.1.12.bl.test.", "A", LISTED("6")},
    {"1.12.bl.test.", "A", NODATA},
    {"3.2.1.14.bl.test.", "A", NXDOMAIN},
    {"4.2.1.14.bl.test.", "A", LISTED("34")},
    {"2.1.14.bl.test.", "A", NODATA},
    {"3.1.14.bl.test.", "A", NODATA}, /* *.3.1.14 */
    {"1.14.bl.test.", "A", NODATA},
    {"2.14.bl.test.", "A", NODATA}, /* *.2.14 */
    {"200.2.14.bl.test.", "A", LISTED("34")},
    {"14.bl.test.", "A", NODATA},
    /* all of a listing is exempt: nothing is there, nor above */
    {"1.1.1.13.bl.test.", "A", NXDOMAIN},
    {"1.1.13.bl.test.", "A", NXDOMAIN},
    {"13.bl.test.", "A", NXDOMAIN},
    {"1.1.1.15.bl.test.", "A", NXDOMAIN},
    {"1.1.15.bl.test.", "A", NXDOMAIN},
    {"1.15.bl.test.", "A", NXDOMAIN},
    {"15.bl.test.", "A", NXDOMAIN},
    {"127.1.1.16.bl.test.", "A", NXDOMAIN},
    {"128.1.1.16.bl.test.", "A", LISTED("6")},
    {"192.1.1.16.bl.test.", "A", NXDOMAIN},
    {"1.1.16.bl.test.", "A", NODATA},
    {"1.16.bl.test.", "A", NODATA},
    {"18.198.bl.test.", "A", NXDOMAIN},
    /* a /128 in a /64: 240 names stand for it */
    {"5.2." HOLE_120 IP6_2A00 "bl.test.", "A", NXDOMAIN},
    {"6.2." HOLE_120 IP6_2A00 "bl.test.", "A", LISTED("6")},
    {"2." HOLE_120 IP6_2A00 "bl.test.", "A", NODATA},
    {"3." HOLE_120 IP6_2A00 "bl.test.", "A", NODATA}, /* *.3… */
    {HOLE_120 IP6_2A00 "bl.test.", "A", NODATA},
    {IP6_2A00 "bl.test.", "A", NODATA},
    {"0." IP6_2A00 "bl.test.", "A", NODATA},
    {"1." IP6_2A00 "bl.test.", "A", NODATA}, /* *.1.… */
    {"1.1." IP6_2A00 "bl.test.", "A", LISTED("6")},
    {"1.0." IP6_2A00 "bl.test.", "A", NODATA},
    {"7.1.0." IP6_2A00 "bl.test.", "A", LISTED("6")},
    /* classes and exemptions */
    {"12.callout.bl.test.", "A", CALLOUT_NXDOMAIN},
    /* a listing without a class of the zone is none of the zone's */
    {"2.0.192.callout.bl.test.", "A", CALLOUT_NODATA},
    {"203.callout.bl.test.", "A", CALLOUT_NXDOMAIN},
    {"51.198.callout.bl.test.", "A", CALLOUT_NXDOMAIN},
    {"7.100.51.198.autoreply.bl.test.", "A", LISTED("10")},
    {"100.51.198.autoreply.bl.test.", "A", LISTED("10")},
    {"7.100.51.198.autoreply.bl.test.", "TXT",
	"NOERROR aa an=Q 900 IN TXT \"backscatter (autoreply) from "
	"198.51.0.0/16, see https://autoreply.bl.test/198.51.0.0/16\""},
    /* test points */
    {"2.0.0.127.bl.test.", "A", LISTED("2")},
    {"2.0.0.127.bl.test.", "TXT",
	"NOERROR aa an=Q 900 IN TXT \"backscatter (test) from 127.0.0.2, see "
	"https://bl.test/127.0.0.2\""},
    {"6.0.0.127.bl.test.", "A", LISTED("6")},
    {"130.0.0.127.bl.test.", "A", LISTED("130")},
    {"1.0.0.127.bl.test.", "A", NXDOMAIN},
    {"3.0.0.127.bl.test.", "A", NXDOMAIN},
    {"0.0.127.bl.test.", "A", NODATA},
    {"66.0.0.127.callout.bl.test.", "A", LISTED("66")},
    {"2.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.bl.test.",
	"A", LISTED("2")},
    {"1.0.0.0.0.0.f.7.f.f.f.f.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.bl.test.",
	"A", NXDOMAIN},
    /* static names */
    {"bl.test.", "SOA",
	"NOERROR aa an=Q 3600 IN SOA ns.bl.test. hostmaster.bl.test. "
	"2026112301 3600 900 2419200 300"},
    {"bl.test.", "NS",
	"NOERROR aa an=Q 3600 IN NS ns.bl.test. an=Q 3600 IN NS ns.example."},
    {"bl.test.", "TXT", "NOERROR aa an=Q 3600 IN TXT \"a list for tests\""},
    {"bl.test.", "A", NODATA},
    {"ns.bl.test.", "A", "NOERROR aa an=Q 3600 IN A 192.0.2.53"},
    {"nS.bL.test.", "AAAA", "NOERROR aa an=Q 3600 IN AAAA 2001:db8::53"},
    {"www.bl.test.", "A", "NOERROR aa an=Q 3600 IN A 192.0.2.80"},
    {"www.bl.test.", "AAAA", NODATA},
    {"er.bl.test.", "A", NODATA},
    {"deep.er.bl.test.", "TXT",
	"NOERROR aa an=Q 3600 IN TXT \"below a name without records\""},
    {"deeper.er.bl.test.", "TXT", NXDOMAIN},
    {"*.bl.test.", "A", NXDOMAIN},
    /* not ours, or not to be asked */
    {"xbl.test.", "A", "REFUSED"},
    {"test.", "A", "REFUSED"},
    {".", "NS", "REFUSED"},
    {"bl.test.", "AXFR", "REFUSED"},
    {"bl.test.", "IXFR", "REFUSED"},
    {"bl.test.", "MAILB", "NOTIMPL"},
    {"bl.test.", "TSIG", "FORMERR"},
    {"bl.test.", "OPT", "FORMERR"},
    {"bl.test.", "TYPE0", NODATA},
    {"bl.test.", "TYPE65535", NODATA},
};

struct fixture {
	struct zone_table *zones;
	struct respond_context context;
};

/* --- asking -------------------------------------------------------------- */

/* Writes a query; returns its size. */
static size_t
make_query(const char *name, uint16_t type, uint8_t *bytes)
{
	ldns_rdf *wire = ldns_dname_new_frm_str(name);
	size_t size, at = DNS_HEADER_SIZE;

	assert_non_null(wire);
	size = ldns_rdf_size(wire);
	memcpy(bytes, "\x12\x34\1\0\0\1\0\0\0\0\0\0", at);
	memcpy(bytes + at, ldns_rdf_data(wire), size);
	bs_put_be16(bytes + at + size, type);
	bs_put_be16(bytes + at + size + 2, DNS_CLASS_IN);
	ldns_rdf_deep_free(wire);
	return at + size + 4;
}

static size_t
add_opt(uint8_t *query, size_t size, uint16_t udp_size, uint8_t version)
{
	memset(query + size, 0, DNS_OPT_SIZE);
	bs_put_be16(query + size + 1, DNS_OPT);
	bs_put_be16(query + size + 3, udp_size);
	query[size + 6] = version;
	query[11]++;
	return size + DNS_OPT_SIZE;
}

static void
append_list(char *text, const char *label, const ldns_rr_list *list,
    const char *question)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		char *line = ldns_rr2str(ldns_rr_list_rr(list, i));
		char *rest = strchr(line, '\t');
		size_t owner = (size_t)(rest - line);

		strcat(text, label);
		if (owner == strlen(question) &&
		    strncmp(line, question, owner) == 0 &&
		    strcmp(label, " an=") == 0)
			strcat(text, "Q");
		else
			strncat(text, line, owner);
		rest[strcspn(rest, "\n")] = '\0';
		for (char *at = rest; (at = strchr(at, '\t')) != NULL;)
			*at = ' ';
		strcat(text, rest);
		free(line);
	}
}

/* Puts a response into the form of the table. */
static void
describe(const uint8_t *bytes, size_t size, const char *question, char *text)
{
	ldns_pkt *packet = NULL;
	char *rcode;

	assert_int_equal(ldns_wire2pkt(&packet, bytes, size), LDNS_STATUS_OK);
	assert_int_equal(ldns_pkt_id(packet), 0x1234);
	assert_true(ldns_pkt_qr(packet));
	assert_true(ldns_pkt_rd(packet));
	assert_false(ldns_pkt_ra(packet));
	rcode = ldns_pkt_rcode2str(ldns_pkt_get_rcode(packet));
	strcpy(text, rcode);
	free(rcode);
	if (ldns_pkt_aa(packet))
		strcat(text, " aa");
	if (ldns_pkt_tc(packet))
		strcat(text, " tc");
	append_list(text, " an=", ldns_pkt_answer(packet), question);
	append_list(text, " au=", ldns_pkt_authority(packet), question);
	append_list(text, " ad=", ldns_pkt_additional(packet), question);
	while (strlen(text) > 0 && text[strlen(text) - 1] == ' ')
		text[strlen(text) - 1] = '\0';
	ldns_pkt_free(packet);
}

/* --- tests --------------------------------------------------------------- */

static void
answers(void **state)
{
	const struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		uint8_t query[512], response[RESPOND_UDP_MAX];
		uint16_t type =
		    (uint16_t)ldns_get_rr_type_by_name(rows[i].type);
		size_t size = make_query(rows[i].name, type, query);
		char text[4096];

		print_message("%s %s\n", rows[i].name, rows[i].type);
		size = respond_udp(&fixture->context, query, size, response);
		assert_true(size > 0 && size <= DNS_UDP_PLAIN_MAX);
		describe(response, size, rows[i].name, text);
		assert_string_equal(text, rows[i].expected);
	}
}

/* The question comes back byte by byte. */
static void
echo(void **state)
{
	const struct fixture *fixture = *state;
	uint8_t query[512], response[RESPOND_UDP_MAX];
	size_t size = make_query("99.2.0.192.bL.TeSt.", DNS_A, query), got;

	got = respond_udp(&fixture->context, query, size, response);
	assert_true(got > size);
	assert_memory_equal(response + 12, query + 12, size - 12);
}

static const struct {
	const char *name;
	uint16_t size;
	uint8_t version;
	const char *expected;
} edns_rows[] = {
    {"the usual", 1232, 0, "NOERROR aa"}, {"tiny", 0, 0, "NOERROR aa"},
    {"huge", 65535, 0, "NOERROR aa"},
    {"version 1", 1232, 1, "NOERROR"}, /* its rcode is 16 */
};

static void
edns(void **state)
{
	const struct fixture *fixture = *state;

	for (size_t i = 0; i < sizeof(edns_rows) / sizeof(*edns_rows); i++) {
		uint8_t query[512], response[RESPOND_UDP_MAX];
		size_t size = make_query("ns.bl.test.", DNS_A, query);
		const uint8_t *opt;
		char text[4096];

		print_message("%s\n", edns_rows[i].name);
		size = add_opt(
		    query, size, edns_rows[i].size, edns_rows[i].version);
		size = respond_udp(&fixture->context, query, size, response);
		opt = response + size - DNS_OPT_SIZE;
		assert_int_equal(bs_get_be16(response + 10), 1);
		assert_int_equal(bs_get_be16(opt + 1), DNS_OPT);
		assert_int_equal(bs_get_be16(opt + 3), 1232);
		assert_int_equal(opt[5], edns_rows[i].version != 0);
		assert_int_equal(opt[6], 0);
		describe(response, size, "ns.bl.test.", text);
		assert_int_equal(strncmp(text, edns_rows[i].expected,
				     strlen(edns_rows[i].expected)),
		    0);
	}
}

static void
other_class(void **state)
{
	const struct fixture *fixture = *state;
	uint8_t query[512], response[RESPOND_UDP_MAX];
	size_t size = make_query("bl.test.", DNS_SOA, query);

	query[size - 1] = 3; /* CHAOS */
	size = respond_udp(&fixture->context, query, size, response);
	assert_int_equal(response[3], DNS_REFUSED);
	assert_int_equal(size, 12 + 9 + 4);
}

static void
broken_database(void **state)
{
	const struct fixture *fixture = *state;
	struct respond_context context = fixture->context;
	uint8_t query[512], response[RESPOND_UDP_MAX];
	size_t size = make_query("99.2.0.192.bl.test.", DNS_A, query);

	context.lookup = (struct lookup){.error = BS_EIO};
	size = respond_udp(&context, query, size, response);
	assert_true(size > 0);
	assert_int_equal(response[3], DNS_SERVFAIL);
	assert_int_equal(response[2] & DNS_AA, 0);
	assert_int_equal(bs_get_be16(response + 6), 0);
}

/* Every type is answered, none with a record of another. */
static void
every_type(void **state)
{
	const struct fixture *fixture = *state;

	for (unsigned type = 0; type <= UINT16_MAX; type++) {
		uint8_t query[512], response[RESPOND_UDP_MAX];
		size_t size =
		    make_query("99.2.0.192.bl.test.", (uint16_t)type, query);
		bool has;

		has = type == DNS_A || type == DNS_TXT || type == DNS_ANY;
		size = respond_udp(&fixture->context, query, size, response);
		assert_true(size >= 36);
		assert_int_equal(bs_get_be16(response + 6), has);
	}
}

/* A zone whose apex has more than fits into any UDP response. */
static void
truncation(void **state)
{
	static char txt[] = "%a";
	static const uint8_t name[] = "\3big\4test";
	struct bs_config_zone config = {
	    .name = strdup("big.test"), .classes = BS_CLASSES_ALL, .txt = txt};
	struct zonefile_source source = {
	    .path = "big", .name = name, .name_size = sizeof(name)};
	const struct fixture *fixture = *state;
	struct respond_context context = fixture->context;
	char text[16384] = "@ 60 SOA a. b. 1 2 3 4 5\n@ 60 NS ns.test.\n";
	struct zonefile *zonefile = NULL;
	struct zone *zone = NULL;
	struct zone_table *zones = NULL;
	uint8_t query[512], response[RESPOND_UDP_MAX];
	size_t plain, size;

	for (int i = 0; i < 20; i++)
		sprintf(text + strlen(text),
		    "many 60 TXT \"%0100d\"\nmore 60 A 192.0.2.%d\n", i, i);
	for (int i = 20; i < 60; i++)
		sprintf(text + strlen(text), "more 60 A 192.0.2.%d\n", i);
	assert_int_equal(
	    zonefile_parse(&source, text, strlen(text), &zonefile), 0);
	assert_int_equal(zone_new(&config, zonefile, &zone), 0);
	assert_int_equal(zone_table_new(&zone, 1, &zones), 0);
	context.zones = zones;

	plain = make_query("many.big.test.", DNS_TXT, query);
	size = add_opt(query, plain, 4096, 0);
	size = respond_udp(&context, query, size, response);
	assert_int_equal(size, plain + DNS_OPT_SIZE); /* over 1232: TC */
	assert_true(response[2] & DNS_TC);
	assert_int_equal(bs_get_be16(response + 6), 0);
	assert_int_equal(bs_get_be16(response + 10), 1);

	plain = make_query("more.big.test.", DNS_A, query);
	size = respond_udp(&context, query, plain, response);
	assert_int_equal(size, plain); /* over 512 without EDNS: TC */
	assert_true(response[2] & DNS_TC);
	size = add_opt(query, plain, 1232, 0);
	size = respond_udp(&context, query, size, response);
	assert_int_equal(size, plain + 60 * 16 + DNS_OPT_SIZE);
	assert_false(response[2] & DNS_TC);

	zone_table_free(&zones);
	zonefile_free(&zonefile);
	free(config.name);
}

static int
set_up(void **state)
{
	static struct fixture fixture;

	fixture.zones = fixture_zones();
	fixture.context = (struct respond_context){
	    .zones = fixture.zones,
	    .lookup = fixture_lookup(),
	};
	*state = &fixture;
	return 0;
}

static int
tear_down(void **state)
{
	struct fixture *fixture = *state;

	zone_table_free(&fixture->zones);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(answers),
	    cmocka_unit_test(echo),
	    cmocka_unit_test(edns),
	    cmocka_unit_test(other_class),
	    cmocka_unit_test(broken_database),
	    cmocka_unit_test(every_type),
	    cmocka_unit_test(truncation),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
