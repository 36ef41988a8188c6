/*
 * What lists and what does not: classes, thresholds, kinds that never list,
 * settings, reserved and exempt space.
 */
#include "autoconf.h"

#include "policy_script.h"

static const struct policy_row rows[] = {
    {"a bounce to a trap: listed at once", "",
	"0 bounce 198.51.100.7 : listed; "
	"0 listing 198.51.100.7 : bounce until 4w; "
	"0 answer 198.51.100.7 : bounce; 0 answer 198.51.100.8 : nothing;"},
    {"a challenge: listed at once", "",
	"0 challenge 198.51.100.7 : listed; "
	"0 listing 198.51.100.7 : challenge until 4w;"},
    {"a virus notice: listed at once", "",
	"0 virus 198.51.100.7 : listed; "
	"0 listing 198.51.100.7 : virus until 4w;"},
    {"a callout: listed at once", "",
	"0 callout 198.51.100.7 : listed; "
	"0 listing 198.51.100.7 : callout until 4w;"},
    {"one vacation note: not listed", "",
	"0 autoreply 198.51.100.7 : counted; "
	"0 answer 198.51.100.7 : nothing;"},
    {"vacation note to one trap three times: not listed", "",
	"0 autoreply 198.51.100.7 : counted; "
	"1d autoreply 198.51.100.7 : counted; "
	"2d autoreply 198.51.100.7 : counted; "
	"2d answer 198.51.100.7 : nothing;"},
    {"vacation notes to two traps: two are too few", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"1d autoreply 198.51.100.7 trap=2 : counted; "
	"1d answer 198.51.100.7 : nothing;"},
    {"vacation notes, three on two traps: listed", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"1d autoreply 198.51.100.7 trap=2 : counted; "
	"2d autoreply 198.51.100.7 trap=1 : listed; "
	"2d listing 198.51.100.7 : autoreply until 4w+2d; "
	"2d listing 198.51.100.7 : autoreply 3 hits;"},
    {"vacation notes, three on three traps: listed", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"1h autoreply 198.51.100.7 trap=2 : counted; "
	"2h autoreply 198.51.100.7 trap=3 : listed;"},
    {"four notes to one trap, then one to another: listed", "",
	"0 autoreply 198.51.100.7 : counted; "
	"1h autoreply 198.51.100.7 : counted; "
	"2h autoreply 198.51.100.7 : counted; "
	"3h autoreply 198.51.100.7 : counted; "
	"4h autoreply 198.51.100.7 trap=2 : listed; "
	"4h listing 198.51.100.7 : autoreply 5 hits;"},
    {"three notes on two traps, just within a week: listed", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"1d autoreply 198.51.100.7 trap=2 : counted; "
	"7d autoreply 198.51.100.7 trap=1 : listed;"},
    {"three notes on two traps, a second more than a week: not listed", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"1d autoreply 198.51.100.7 trap=2 : counted; "
	"7d+1s autoreply 198.51.100.7 trap=1 : counted; "
	"8d answer 198.51.100.7 : nothing;"},
    {"a note each month on ever other traps: not listed", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"4w autoreply 198.51.100.7 trap=2 : counted; "
	"8w autoreply 198.51.100.7 trap=3 : counted; "
	"12w autoreply 198.51.100.7 trap=4 : counted; "
	"12w answer 198.51.100.7 : nothing;"},
    {"one list confirmation: not listed", "",
	"0 subscribe 198.51.100.7 : counted; "
	"0 answer 198.51.100.7 : nothing;"},
    {"a list robot, three on two traps: listed", "",
	"0 subscribe 198.51.100.7 trap=1 : counted; "
	"0 subscribe 198.51.100.7 trap=2 : counted; "
	"0 subscribe 198.51.100.7 trap=2 : listed; "
	"0 listing 198.51.100.7 : subscribe until 4w;"},
    {"vacation notes and list confirmations are not added up", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 autoreply 198.51.100.7 trap=2 : counted; "
	"0 subscribe 198.51.100.7 trap=3 : counted; "
	"0 answer 198.51.100.7 : nothing;"},
    {"vacation notes of two hosts are not added up", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 autoreply 198.51.100.7 trap=2 : counted; "
	"0 autoreply 198.51.100.8 trap=3 : counted; "
	"0 answer 198.51.100.7 : nothing; 0 answer 198.51.100.8 : nothing;"},
    {"a listed vacation robot: one more note renews", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 autoreply 198.51.100.7 trap=2 : counted; "
	"0 autoreply 198.51.100.7 trap=3 : listed; "
	"2w autoreply 198.51.100.7 trap=1 : renewed; "
	"2w listing 198.51.100.7 : autoreply until 6w; "
	"2w listing 198.51.100.7 : autoreply 4 hits;"},
    {"a vacation note of a host that is listed for bounces: counted", "",
	"0 bounce 198.51.100.7 : listed; "
	"0 autoreply 198.51.100.7 : counted; "
	"0 answer 198.51.100.7 : bounce;"},
    {"a second class: both in the answer", "",
	"0 bounce 198.51.100.7 : listed; 1d virus 198.51.100.7 : listed; "
	"1d answer 198.51.100.7 : bounce,virus; "
	"1d listing 198.51.100.7 : bounce until 4w; "
	"1d listing 198.51.100.7 : virus until 4w+1d;"},
    {"all six classes: all in the answer",
	"policy: {autoreply: {hits: 1, traps: 1}, subscribe: {hits: 1, traps: 1}}",
	"0 bounce 198.51.100.7 : listed; "
	"0 autoreply 198.51.100.7 : listed; "
	"0 challenge 198.51.100.7 : listed; 0 virus 198.51.100.7 : listed; "
	"0 callout 198.51.100.7 : listed; "
	"0 subscribe 198.51.100.7 : listed; "
	"0 answer 198.51.100.7 : bounce,autoreply,challenge,virus,callout,subscribe;"},
    {"a success notice (NOTIFY=SUCCESS): kept, not listed", "",
	"0 bounce 198.51.100.7 notice : counted; "
	"0 answer 198.51.100.7 : nothing;"},
    {"success notices to many traps: not listed", "",
	"0 bounce 198.51.100.7 notice trap=1 : counted; "
	"0 bounce 198.51.100.7 notice trap=2 : counted; "
	"0 bounce 198.51.100.7 notice trap=3 : counted; "
	"1d bounce 198.51.100.7 notice trap=4 : counted; "
	"1d answer 198.51.100.7 : nothing;"},
    {"a delay notice, then the failure: the failure lists", "",
	"0 bounce 198.51.100.7 notice : counted; "
	"5d bounce 198.51.100.7 : listed; "
	"5d listing 198.51.100.7 : bounce 1 hits; "
	"5d listing 198.51.100.7 : bounce until 4w+5d;"},
    {"read receipts on many traps: not listed", "",
	"0 autoreply 198.51.100.7 notice trap=1 : counted; "
	"0 autoreply 198.51.100.7 notice trap=2 : counted; "
	"0 autoreply 198.51.100.7 notice trap=3 : counted; "
	"0 answer 198.51.100.7 : nothing;"},
    {"read receipts do not count beside vacation notes", "",
	"0 autoreply 198.51.100.7 notice trap=1 : counted; "
	"0 autoreply 198.51.100.7 notice trap=2 : counted; "
	"0 autoreply 198.51.100.7 trap=3 : counted; "
	"0 autoreply 198.51.100.7 trap=4 : counted; "
	"0 answer 198.51.100.7 : nothing;"},
    {"a read receipt brings no trap", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 autoreply 198.51.100.7 notice trap=2 : counted; "
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 answer 198.51.100.7 : nothing;"},
    {"delay notices of a listed host do not renew it", "",
	"0 bounce 198.51.100.7 : listed; "
	"3w bounce 198.51.100.7 notice : counted; "
	"3w listing 198.51.100.7 : bounce until 4w; "
	"4w answer 198.51.100.7 : nothing;"},
    {"a setting: bounces at the second hit", "policy: {bounce: {hits: 2}}",
	"0 bounce 198.51.100.7 : counted; 1h bounce 198.51.100.7 : listed; "
	"1h listing 198.51.100.7 : bounce 2 hits;"},
    {"a setting: two hits within a day, a day and a second apart",
	"policy: {bounce: {hits: 2}}",
	"0 bounce 198.51.100.7 : counted; "
	"1d+1s bounce 198.51.100.7 : counted; "
	"1d+1s answer 198.51.100.7 : nothing;"},
    {"a setting: two hits within a day, a day apart",
	"policy: {bounce: {hits: 2}}",
	"0 bounce 198.51.100.7 : counted; 1d bounce 198.51.100.7 : listed;"},
    {"a setting: bounces on two traps", "policy: {bounce: {traps: 2}}",
	"0 bounce 198.51.100.7 : counted; 0 bounce 198.51.100.7 : counted; "
	"0 bounce 198.51.100.7 trap=2 : listed;"},
    {"a setting: vacation notes at the first hit",
	"policy: {autoreply: {hits: 1, traps: 1}}",
	"0 autoreply 198.51.100.7 : listed;"},
    {"a setting: a window of an hour", "policy: {subscribe: {window: 1h}}",
	"0 subscribe 198.51.100.7 trap=1 : counted; "
	"1h subscribe 198.51.100.7 trap=2 : counted; "
	"1h+1s subscribe 198.51.100.7 trap=3 : counted; "
	"2h subscribe 198.51.100.7 trap=4 : listed;"},
    {"another class keeps its own settings", "policy: {bounce: {hits: 2}}",
	"0 virus 198.51.100.7 : listed; 0 bounce 198.51.100.7 : counted; "
	"0 answer 198.51.100.7 : virus;"},
    {"private space is never listed", "",
	"0 bounce 10.1.2.3 : reserved; 0 bounce 172.16.0.1 : reserved; "
	"0 bounce 192.168.1.1 : reserved; 0 answer 10.1.2.3 : nothing;"},
    {"this host is never listed", "",
	"0 bounce 127.0.0.1 : reserved; 0 bounce ::1 : reserved; "
	"0 bounce ::ffff:127.0.0.1 : reserved; "
	"0 bounce 127.0.0.2 : reserved;"},
    {"link-local, shared and unspecified addresses are never listed", "",
	"0 bounce 169.254.1.1 : reserved; 0 bounce 100.64.0.1 : reserved; "
	"0 bounce 0.0.0.0 : reserved; 0 bounce fe80::1 : reserved; "
	"0 bounce :: : reserved;"},
    {"multicast and unique local addresses are never listed", "",
	"0 bounce 224.0.0.1 : reserved; "
	"0 bounce 255.255.255.255 : reserved; 0 bounce ff02::1 : reserved; "
	"0 bounce fd00::1 : reserved;"},
    {"6to4 and Teredo name a relay and no host: never listed", "",
	"0 bounce 2002:808:808::1 : reserved; "
	"0 bounce 2001:0:808:808::1 : reserved;"},
    {"documentation addresses are reserved by default",
	"documentation-space: no",
	"0 bounce 192.0.2.1 : reserved; 0 bounce 198.51.100.7 : reserved; "
	"0 bounce 2001:db8::1 : reserved; 0 bounce 8.8.8.8 : listed;"},
    {"documentation addresses in a trial: listed", "",
	"0 bounce 192.0.2.1 : listed; 0 bounce 203.0.113.1 : listed;"},
    {"a v4-mapped address is its IPv4 address", "",
	"0 bounce ::ffff:198.51.100.7 : listed; "
	"0 listing 198.51.100.7 : bounce until 4w; "
	"0 bounce 198.51.100.7 : renewed;"},
    {"an exempt address: not listed, its neighbour is",
	"exempt: [198.51.100.7]",
	"0 bounce 198.51.100.7 : exempt; 0 bounce 198.51.100.8 : listed; "
	"0 answer 198.51.100.7 : nothing;"},
    {"an exempt prefix: none of it is listed", "exempt: [198.51.100.0/24]",
	"0 bounce 198.51.100.0 : exempt; 0 bounce 198.51.100.255 : exempt; "
	"0 bounce 198.51.101.0 : listed;"},
    {"our own relays: never listed", "relays: [198.51.100.0/24]",
	"0 bounce 198.51.100.7 : exempt; 0 answer 198.51.100.7 : nothing;"},
    {"an exempt host in a /64: its neighbours list all but it",
	"exempt: [\"2001:db8::25\"]",
	"0 bounce 2001:db8::25 : exempt; 0 answer 2001:db8::7 : nothing;"
	" 0 bounce 2001:db8::7 : listed; 0 listing 2001:db8::/64 : bounce 1 hits;"},
    {"what was exempt counts for nothing later", "",
	"0 exempt 198.51.100.0/24; "
	"0 autoreply 198.51.100.7 trap=1 : exempt; "
	"0 autoreply 198.51.100.7 trap=2 : exempt; 1h exempt nothing; "
	"1h autoreply 198.51.100.7 trap=3 : counted; "
	"1h answer 198.51.100.7 : nothing;"},
    {"an exemption that went: the same message lists", "",
	"0 exempt 198.51.100.0/24; 0 bounce 198.51.100.7 msg=1 : exempt; "
	"1h exempt nothing; 1h bounce 198.51.100.7 msg=1 at=0 : listed; "
	"1h bounce 198.51.100.7 msg=1 at=0 : repeat;"},
    {"a bounce that a partner's feed saw: listed", "",
	"0 bounce 198.51.100.7 feed=partner : listed;"},
};

const struct policy_row *
policy_rows_what(size_t *count_r)
{
	*count_r = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
