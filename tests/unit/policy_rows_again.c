/*
 * Who comes back after a listing ended: for how much longer, and who does not
 * count as that.
 */
#include "autoconf.h"

#include "policy_script.h"

static const struct policy_row rows[] = {
    {"who comes back is listed for 8, 16, then at most 26 weeks", "",
	"0 bounce 198.51.100.7 : listed; "
	"0 listing 198.51.100.7 : bounce until 4w; "
	"5w bounce 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : bounce until 13w; "
	"14w bounce 198.51.100.7 : listed; "
	"14w listing 198.51.100.7 : bounce until 30w; "
	"31w bounce 198.51.100.7 : listed; "
	"31w listing 198.51.100.7 : bounce until 57w; "
	"58w bounce 198.51.100.7 : listed; "
	"58w listing 198.51.100.7 : bounce until 84w;"},
    {"who never stops is no repeater", "",
	"0 bounce 198.51.100.7 : listed; 3w bounce 198.51.100.7 : renewed; "
	"6w bounce 198.51.100.7 : renewed; "
	"9w bounce 198.51.100.7 : renewed; "
	"9w listing 198.51.100.7 : bounce until 13w;"},
    {"a repeater's later sightings renew for as long", "",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.7 : listed; "
	"10w bounce 198.51.100.7 : renewed; "
	"10w listing 198.51.100.7 : bounce until 18w;"},
    {"back in the very second of the end: part of what ended", "",
	"0 bounce 198.51.100.7 : listed; 4w bounce 198.51.100.7 : listed; "
	"4w listing 198.51.100.7 : bounce until 8w;"},
    {"back a second after the end: a repeater", "",
	"0 bounce 198.51.100.7 : listed; "
	"4w+1s bounce 198.51.100.7 : listed; "
	"4w+1s listing 198.51.100.7 : bounce until 12w+1s;"},
    {"back a year after the end: a repeater", "",
	"0 bounce 198.51.100.7 : listed; 56w bounce 198.51.100.7 : listed; "
	"56w listing 198.51.100.7 : bounce until 64w;"},
    {"back a year and a second after the end: starts afresh", "",
	"0 bounce 198.51.100.7 : listed; "
	"56w+1s bounce 198.51.100.7 : listed; "
	"56w+1s listing 198.51.100.7 : bounce until 60w+1s;"},
    {"a repeater who stayed away for a year starts afresh", "",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.7 : listed; "
	"66w bounce 198.51.100.7 : listed; "
	"66w listing 198.51.100.7 : bounce until 70w;"},
    {"late mail of the listing that ended: part of that", "",
	"0 bounce 198.51.100.7 : listed; "
	"4w+1d bounce 198.51.100.7 at=3w : listed; "
	"4w+1d listing 198.51.100.7 : bounce until 7w; "
	"8w bounce 198.51.100.7 : listed; "
	"8w listing 198.51.100.7 : bounce until 16w;"},
    {"a repeater's mail is old as anybody's", "",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.7 : listed; "
	"10w bounce 198.51.100.7 at=5w+1d : old; "
	"10w listing 198.51.100.7 : bounce until 13w;"},
    {"classes are no repeaters of each other", "",
	"0 bounce 198.51.100.7 : listed; 5w virus 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : virus until 9w;"},
    {"a class that comes back while another stays listed: a repeater", "",
	"0 bounce 198.51.100.7 : listed; 0 virus 198.51.100.7 : listed; "
	"3w virus 198.51.100.7 : renewed; 5w bounce 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : bounce until 13w; "
	"5w listing 198.51.100.7 : virus until 7w;"},
    {"a vacation robot that comes back", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 autoreply 198.51.100.7 trap=2 : counted; "
	"0 autoreply 198.51.100.7 trap=3 : listed; "
	"5w autoreply 198.51.100.7 trap=1 : counted; "
	"5w autoreply 198.51.100.7 trap=2 : counted; "
	"5w autoreply 198.51.100.7 trap=3 : listed; "
	"5w listing 198.51.100.7 : autoreply until 13w;"},
    {"what a person took off is not held against the host", "",
	"0 bounce 198.51.100.7 : listed; 1w remove 198.51.100.7; "
	"5w bounce 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : bounce until 9w;"},
    {"a removal ends a repeater's record", "",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.7 : listed; "
	"6w remove 198.51.100.7; 7w bounce 198.51.100.7 : listed; "
	"7w listing 198.51.100.7 : bounce until 11w;"},
    {"a removal ends the record of classes that ended before", "",
	"0 virus 198.51.100.7 : listed; 3w bounce 198.51.100.7 : listed; "
	"5w remove 198.51.100.7; 6w virus 198.51.100.7 : listed; "
	"6w listing 198.51.100.7 : virus until 10w;"},
    {"what a person put on is not held against the host", "",
	"0 add 198.51.100.7 bounce 1w; 2w bounce 198.51.100.7 : listed; "
	"2w listing 198.51.100.7 : bounce until 6w;"},
    {"put on by a person, then seen: held against it", "",
	"0 add 198.51.100.7 bounce 1w; 1d bounce 198.51.100.7 : renewed; "
	"5w bounce 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : bounce until 13w;"},
    {"a repeater whom a person put on again", "",
	"0 bounce 198.51.100.7 : listed; 5w add 198.51.100.7 bounce 6w; "
	"5w+1d bounce 198.51.100.7 : renewed; "
	"5w+1d listing 198.51.100.7 : bounce until 13w+1d;"},
    {"an ended listing by hand does not hide the one before", "",
	"0 bounce 198.51.100.7 : listed; 5w add 198.51.100.7 bounce 6w; "
	"7w bounce 198.51.100.7 : listed; "
	"7w listing 198.51.100.7 : bounce until 15w;"},
    {"a neighbour is no repeater", "",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.8 : listed; "
	"5w listing 198.51.100.8 : bounce until 9w;"},
    {"a /64 that comes back from another address", "",
	"0 bounce 2001:db8::1 : listed; 5w bounce 2001:db8::2 : listed; "
	"5w listing 2001:db8::/64 : bounce until 13w;"},
    {"a setting: never longer", "policy: {bounce: {repeat-factor: 1}}",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : bounce until 9w;"},
    {"a setting: three times as long", "policy: {bounce: {repeat-factor: 3}}",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : bounce until 17w; "
	"18w bounce 198.51.100.7 : listed; "
	"18w listing 198.51.100.7 : bounce until 44w;"},
    {"a setting: at most six weeks", "policy: {bounce: {expire-max: 6w}}",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : bounce until 11w;"},
    {"a setting: an expire-max below expire shortens nothing",
	"policy: {bounce: {expire: 8w, expire-max: 4w}}",
	"0 bounce 198.51.100.7 : listed; "
	"0 listing 198.51.100.7 : bounce until 8w; "
	"9w bounce 198.51.100.7 : listed; "
	"9w listing 198.51.100.7 : bounce until 17w;"},
    {"a setting: nobody is a repeater", "policy: {bounce: {repeat-within: 0}}",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : bounce until 9w;"},
    {"a setting: a repeater within a week only",
	"policy: {bounce: {repeat-within: 1w}}",
	"0 bounce 198.51.100.7 : listed; 5w bounce 198.51.100.7 : listed; "
	"5w listing 198.51.100.7 : bounce until 13w; "
	"14w+1s bounce 198.51.100.7 : listed; "
	"14w+1s listing 198.51.100.7 : bounce until 18w+1s;"},
    {"a setting: 400 days are remembered",
	"policy: {bounce: {repeat-within: 400d}}",
	"0 bounce 198.51.100.7 : listed; "
	"427d bounce 198.51.100.7 : listed; "
	"427d listing 198.51.100.7 : bounce until 483d;"},
};

const struct policy_row *
policy_rows_again(size_t *count_r)
{
	*count_r = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
