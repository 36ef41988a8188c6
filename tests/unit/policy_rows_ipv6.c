/*
 * IPv6: prefixes, and where more than so many of them are listed as a wider
 * one.
 */
#include "autoconf.h"

#include "policy_script.h"

static const struct policy_row rows[] = {
    {"an IPv6 host lists its /64", "",
	"0 bounce 2001:db8:1:2:a::7 : listed; "
	"0 listing 2001:db8:1:2::/64 : bounce until 4w; "
	"0 answer 2001:db8:1:2:ffff::1 : bounce; "
	"0 answer 2001:db8:1:3::7 : nothing;"},
    {"another address of the /64 renews", "",
	"0 bounce 2001:db8:1:2::7 : listed; "
	"1d bounce 2001:db8:1:2::8 : renewed; "
	"1d listing 2001:db8:1:2::/64 : bounce until 4w+1d;"},
    {"notes of a /64's addresses are added up", "",
	"0 autoreply 2001:db8::1 trap=1 : counted; "
	"0 autoreply 2001:db8::2 trap=2 : counted; "
	"0 autoreply 2001:db8::3 trap=3 : listed;"},
    {"a setting: single IPv6 addresses", "policy: {ipv6-prefix: 128}",
	"0 bounce 2001:db8::7 : listed; "
	"0 listing 2001:db8::7 : bounce until 4w; "
	"0 answer 2001:db8::8 : nothing;"},
    {"a setting: an IPv6 host lists its /56", "policy: {ipv6-prefix: 56}",
	"0 bounce 2001:db8:1:2::7 : listed; "
	"0 answer 2001:db8:1:ff::1 : bounce; "
	"0 answer 2001:db8:1:100::1 : nothing;"},
    {"sixteen /64s of a /48: no more than they are", "",
	"0 bounce 2001:db8:1:{1-16}::1 : listed; "
	"0 listing 2001:db8:1::/48 : nothing; "
	"0 answer 2001:db8:1:99::1 : nothing;"},
    {"more than sixteen /64s of a /48: the /48 is listed", "",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"0 listing 2001:db8:1::/48 : bounce until 4w; "
	"0 listing 2001:db8:1::/48 : bounce 17 hits; "
	"0 answer 2001:db8:1:ffff::1 : bounce; "
	"0 answer 2001:db8:2::1 : nothing;"},
    {"one /64 of a /48 a hundred times: no more than it is", "",
	"0 bounce 2001:db8:1:2::1 : listed; "
	"0 bounce 2001:db8:1:2::{1-100} : renewed; "
	"0 listing 2001:db8:1::/48 : nothing;"},
    {"/64s of two /48s are not added up", "",
	"0 bounce 2001:db8:1:{1-9}::1 : listed; "
	"0 bounce 2001:db8:2:{1-9}::1 : listed; "
	"0 listing 2001:db8:1::/48 : nothing; "
	"0 listing 2001:db8::/32 : nothing;"},
    {"/64s of two classes are not added up", "",
	"0 bounce 2001:db8:1:{1-9}::1 : listed; "
	"0 virus 2001:db8:1:{11-19}::1 : listed; "
	"0 listing 2001:db8:1::/48 : nothing;"},
    {"/64s with too few vacation notes do not count", "",
	"0 autoreply 2001:db8:1:{1-40}::1 : counted; "
	"0 listing 2001:db8:1::/48 : nothing; "
	"0 answer 2001:db8:1:1::1 : nothing;"},
    {"a /64 a day for three weeks: no more than they are", "",
	"0 bounce 2001:db8:1:{1-8}::1 : listed; "
	"25h bounce 2001:db8:1:{11-18}::1 : listed; "
	"50h bounce 2001:db8:1:{21-28}::1 : listed; "
	"75h bounce 2001:db8:1:{31-38}::1 : listed; "
	"75h listing 2001:db8:1::/48 : nothing;"},
    {"seventeen /64s a day apart: within the window", "",
	"0 bounce 2001:db8:1:{1-9}::1 : listed; "
	"1d bounce 2001:db8:1:{11-18}::1 : listed; "
	"1d listing 2001:db8:1::/48 : bounce until 4w+1d;"},
    {"seventeen /64s a day and a second apart: not within it", "",
	"0 bounce 2001:db8:1:{1-9}::1 : listed; "
	"1d+1s bounce 2001:db8:1:{11-18}::1 : listed; "
	"1d+1s listing 2001:db8:1::/48 : nothing;"},
    {"listed /64s that are seen again count again", "",
	"0 bounce 2001:db8:1:{1-9}::1 : listed; "
	"2d bounce 2001:db8:1:{11-18}::1 : listed; "
	"2d listing 2001:db8:1::/48 : nothing; "
	"2d bounce 2001:db8:1:{1-9}::1 : renewed; "
	"2d listing 2001:db8:1::/48 : bounce until 4w+2d;"},
    {"read backwards: the same /48", "",
	"1d bounce 2001:db8:1:{1-9}::1 : listed; "
	"1d bounce 2001:db8:1:{11-18}::1 at=0 : listed; "
	"1d listing 2001:db8:1::/48 : bounce until 4w+1d;"},
    {"read backwards, not within the window: no /48", "",
	"2d bounce 2001:db8:1:{1-9}::1 : listed; "
	"2d bounce 2001:db8:1:{11-18}::1 at=1d-1s : listed; "
	"2d listing 2001:db8:1::/48 : nothing;"},
    {"what a wide listing covers renews it and lists nothing", "",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"1w bounce 2001:db8:1:99::1 : renewed; "
	"1w listing 2001:db8:1:99::/64 : nothing; "
	"1w listing 2001:db8:1::/48 : bounce until 5w; "
	"1w listing 2001:db8:1::/48 : bounce 18 hits;"},
    {"listings inside a wide one end in their own time", "",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"1w bounce 2001:db8:1:1::1 : renewed; "
	"4w listing 2001:db8:1:1::/64 : nothing; "
	"4w answer 2001:db8:1:1::1 : bounce; "
	"5w answer 2001:db8:1:1::1 : nothing;"},
    {"a wide listing for bounces leaves other classes alone", "",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"0 virus 2001:db8:1:99::1 : listed; "
	"0 answer 2001:db8:1:99::1 : bounce,virus; "
	"0 answer 2001:db8:1:98::1 : bounce;"},
    {"one vacation note inside a /48 that is listed for them renews",
	"policy: {autoreply: {hits: 2, traps: 1}, ipv6-widen-48: 1}",
	"0 autoreply 2001:db8:1:{1-2}::1 : counted; "
	"0 autoreply 2001:db8:1:{1-2}::1 : listed; "
	"0 listing 2001:db8:1::/48 : autoreply 2 hits; "
	"0 autoreply 2001:db8:1:3::1 : renewed;"},
    {"a setting: no /48s", "policy: {ipv6-widen-48: 0}",
	"0 bounce 2001:db8:1:{1-40}::1 : listed; "
	"0 listing 2001:db8:1::/48 : nothing; "
	"0 answer 2001:db8:1:99::1 : nothing;"},
    {"a setting: a /48 from the fourth /64 on", "policy: {ipv6-widen-48: 3}",
	"0 bounce 2001:db8:1:{1-3}::1 : listed; "
	"0 listing 2001:db8:1::/48 : nothing; "
	"0 bounce 2001:db8:1:4::1 : listed; "
	"0 listing 2001:db8:1::/48 : bounce 4 hits;"},
    {"a setting: /56s widen, too", "policy: {ipv6-prefix: 56}",
	"0 bounce 2001:db8:1:{10-25}00::1 : listed; "
	"0 listing 2001:db8:1::/48 : nothing; "
	"0 bounce 2001:db8:1:2600::1 : listed; "
	"0 listing 2001:db8:1::/48 : bounce 17 hits;"},
    {"a setting: single addresses widen, too", "policy: {ipv6-prefix: 128}",
	"0 bounce 2001:db8:1::{1-17} : listed; "
	"0 listing 2001:db8:1::/48 : bounce 17 hits; "
	"0 answer 2001:db8:1:ffff::1 : bounce;"},
    {"a /48 with an exempt host is never listed",
	"exempt: [\"2001:db8:1:ffff::25\"]",
	"0 bounce 2001:db8:1:{1-40}::1 : listed; "
	"0 listing 2001:db8:1::/48 : nothing; "
	"0 answer 2001:db8:1:99::1 : nothing;"},
    {"an exemption in another /48 does not matter",
	"exempt: [\"2001:db8:2::25\"]",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"0 listing 2001:db8:1::/48 : bounce until 4w;"},
    {"exempt later: a wide listing is not renewed across it", "",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"1d exempt 2001:db8:1:ffff::25; "
	"1d bounce 2001:db8:1:99::1 : listed; "
	"1d listing 2001:db8:1::/48 : bounce until 4w; 2d exempt nothing; "
	"2d bounce 2001:db8:1:98::1 : renewed; "
	"2d listing 2001:db8:1::/48 : bounce until 4w+2d;"},
    {"a /48 with reserved space in it is never listed", "",
	"0 bounce 64:ff9b:0:{1-17}::1 : listed; "
	"0 listing 64:ff9b::/48 : nothing;"},
    {"a removed /48 stays off: mail from before", "",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"1d remove 2001:db8:1::/48; "
	"2d bounce 2001:db8:1:99::1 at=1h : removed; "
	"2d bounce 2001:db8:1:1::1 at=1h : removed; "
	"2d listing 2001:db8:1::/48 : nothing; "
	"2d answer 2001:db8:1:99::1 : nothing;"},
    {"a removed /48 leaves the listings inside", "",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"1h remove 2001:db8:1::/48; 1h answer 2001:db8:1:1::1 : bounce; "
	"1h answer 2001:db8:1:99::1 : nothing;"},
    {"/64s from before the removal of a /48 do not count", "",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"1h remove 2001:db8:1::/48; "
	"2h bounce 2001:db8:1:{21-36}::1 : listed; "
	"2h listing 2001:db8:1::/48 : nothing; "
	"2h bounce 2001:db8:1:37::1 : listed; "
	"2h listing 2001:db8:1::/48 : bounce 17 hits;"},
    {"a removed /64 keeps its /48 off", "",
	"0 bounce 2001:db8:1:{1-10}::1 : listed; "
	"1h remove 2001:db8:1:5::/64; "
	"2h bounce 2001:db8:1:{11-30}::1 : listed; "
	"2h listing 2001:db8:1::/48 : nothing; "
	"2h answer 2001:db8:1:5::1 : nothing;"},
    {"a removed /64 that is listed again does not", "",
	"0 bounce 2001:db8:1:{1-10}::1 : listed; "
	"1h remove 2001:db8:1:5::/64; "
	"2h bounce 2001:db8:1:{11-30}::1 : listed; "
	"3h bounce 2001:db8:1:5::1 : listed; "
	"3h listing 2001:db8:1::/48 : bounce 30 hits;"},
    {"a removed address in another /48 does not matter", "",
	"0 bounce 2001:db8:2::1 : listed; 1h remove 2001:db8:2::/64; "
	"2h bounce 2001:db8:1:{1-17}::1 : listed; "
	"2h listing 2001:db8:1::/48 : bounce until 4w+2h;"},
    {"/64s put on by a person do not count", "",
	"0 add 2001:db8:1:1::/64 bounce 8w; "
	"0 bounce 2001:db8:1:{2-17}::1 : listed; "
	"0 listing 2001:db8:1::/48 : nothing; "
	"0 bounce 2001:db8:1:1::1 : renewed; "
	"0 listing 2001:db8:1::/48 : bounce 17 hits;"},
    {"a /48 put on by a person: what it covers lists by itself", "",
	"0 add 2001:db8:1::/48 bounce 8w; "
	"0 bounce 2001:db8:1:1::1 : listed; "
	"0 listing 2001:db8:1:1::/64 : bounce until 4w; "
	"0 listing 2001:db8:1::/48 : bounce until 8w;"},
    {"a /48 put on by a person and then widened to: a person's word stands", "",
	"0 add 2001:db8:1::/48 bounce 8w; "
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"0 listing 2001:db8:1::/48 : bounce 17 hits; "
	"0 listing 2001:db8:1::/48 : bounce until 8w; "
	"6w bounce 2001:db8:1:99::1 : renewed; "
	"6w listing 2001:db8:1::/48 : bounce until 10w;"},
    {"a /48 that comes back is a repeater", "",
	"0 bounce 2001:db8:1:{1-17}::1 : listed; "
	"5w bounce 2001:db8:1:{21-37}::1 : listed; "
	"5w listing 2001:db8:1::/48 : bounce until 13w; "
	"5w listing 2001:db8:1:37::/64 : bounce until 9w;"},
    {"one /64 in each of forty /48s: no more than they are", "",
	"0 bounce 2001:db8:{1-40}::1 : listed; "
	"0 listing 2001:db8::/32 : nothing; "
	"0 answer 2001:db8:99::1 : nothing;"},
    {"more than so many listed /48s of a /32: the /32 is listed",
	"policy: {ipv6-widen-48: 1, ipv6-widen-32: 2}",
	"0 bounce 2001:db8:1:{1-2}::1 : listed; "
	"0 bounce 2001:db8:2:{1-2}::1 : listed; "
	"0 listing 2001:db8::/32 : nothing; "
	"0 bounce 2001:db8:3:{1-2}::1 : listed; "
	"0 listing 2001:db8::/32 : bounce 3 hits; "
	"0 answer 2001:db8:ffff::1 : bounce;"},
    {"seventeen /48s of a /32 where sources list as /48",
	"policy: {ipv6-prefix: 48}",
	"0 bounce 2001:db8:{1-16}::1 : listed; "
	"0 listing 2001:db8::/32 : nothing; "
	"0 bounce 2001:db8:17::1 : listed; "
	"0 listing 2001:db8::/32 : bounce 17 hits;"},
    {"what a /32 covers renews the /32",
	"policy: {ipv6-prefix: 48, ipv6-widen-32: 1}",
	"0 bounce 2001:db8:{1-2}::1 : listed; "
	"1w bounce 2001:db8:1::1 : renewed; "
	"1w bounce 2001:db8:9::1 : renewed; "
	"1w listing 2001:db8::/32 : bounce until 5w; "
	"1w listing 2001:db8:1::/48 : bounce until 4w; "
	"1w listing 2001:db8:9::/48 : nothing;"},
    {"a setting: no /32s", "policy: {ipv6-widen-48: 1, ipv6-widen-32: 0}",
	"0 bounce 2001:db8:1:{1-2}::1 : listed; "
	"0 bounce 2001:db8:2:{1-2}::1 : listed; "
	"0 bounce 2001:db8:3:{1-2}::1 : listed; "
	"0 listing 2001:db8:3::/48 : bounce 2 hits; "
	"0 listing 2001:db8::/32 : nothing;"},
    {"a removed /32 binds all inside",
	"policy: {ipv6-prefix: 48, ipv6-widen-32: 1}",
	"0 bounce 2001:db8:{1-2}::1 : listed; 1d remove 2001:db8::/32; "
	"2d bounce 2001:db8:9::1 at=1h : removed; "
	"2d bounce 2001:db8:9::1 : listed; "
	"2d listing 2001:db8::/32 : nothing;"},
    {"a /32 is not listed across a removed /48",
	"policy: {ipv6-prefix: 48, ipv6-widen-32: 2}",
	"0 bounce 2001:db8:{1-2}::1 : listed; 1h remove 2001:db8:1::/48; "
	"2h bounce 2001:db8:{3-9}::1 : listed; "
	"2h listing 2001:db8::/32 : nothing;"},
    {"an IPv4 network does not widen", "",
	"0 bounce 198.51.100.{1-100} : listed; "
	"0 listing 198.51.100.0/24 : nothing; "
	"0 answer 198.51.100.200 : nothing;"},
};

const struct policy_row *
policy_rows_ipv6(size_t *count_r)
{
	*count_r = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
