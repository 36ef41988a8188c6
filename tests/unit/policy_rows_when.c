/*
 * Time: what makes two sightings one, old and late mail, the end of a listing,
 * removals, listings by hand.
 */
#include "autoconf.h"

#include "policy_script.h"

static const struct policy_row rows[] = {
    {"the same message scanned again: counted once", "",
	"0 bounce 198.51.100.7 msg=1 : listed; "
	"1d bounce 198.51.100.7 msg=1 at=0 : repeat; "
	"2d bounce 198.51.100.7 msg=1 at=0 : repeat; "
	"2d listing 198.51.100.7 : bounce 1 hits; "
	"2d listing 198.51.100.7 : bounce until 4w;"},
    {"a vacation note copied to three folders: one sighting", "",
	"0 autoreply 198.51.100.7 msg=1 trap=1 : counted; "
	"0 autoreply 198.51.100.7 msg=1 trap=1 : repeat; "
	"0 autoreply 198.51.100.7 msg=1 trap=1 : repeat; "
	"0 answer 198.51.100.7 : nothing;"},
    {"a delay notice scanned again: kept once", "",
	"0 bounce 198.51.100.7 msg=1 notice : counted; "
	"1h bounce 198.51.100.7 msg=1 at=0 notice : repeat;"},
    {"two messages at the same second: two sightings", "",
	"0 subscribe 198.51.100.7 trap=1 msg=1 : counted; "
	"0 subscribe 198.51.100.7 trap=1 msg=2 : counted; "
	"0 subscribe 198.51.100.7 trap=2 msg=3 : listed;"},
    {"a file's identity lasts as long as it may count", "",
	"0 bounce 198.51.100.7 msg=1 : listed; "
	"4w-1s bounce 198.51.100.7 msg=1 at=0 : repeat; "
	"4w bounce 198.51.100.7 msg=1 at=0 : old; "
	"4w answer 198.51.100.7 : nothing;"},
    {"identities last as long as the longest expiry",
	"policy: {virus: {expire: 8w}}",
	"0 bounce 198.51.100.7 msg=1 : listed; "
	"8w-1s bounce 198.51.100.7 msg=1 at=0 : repeat; "
	"8w bounce 198.51.100.7 msg=1 at=0 : old;"},
    {"a file read late is remembered from then on", "",
	"3w bounce 198.51.100.7 msg=1 at=0 : listed; "
	"6w bounce 198.51.100.7 msg=1 at=0 : repeat; "
	"7w bounce 198.51.100.7 msg=1 at=0 : old;"},
    {"a queue's retry at a live door: the same sighting", "",
	"0 bounce 198.51.100.7 live msg=1 : listed; "
	"1h bounce 198.51.100.7 live msg=1 : repeat; "
	"5d bounce 198.51.100.7 live msg=1 : repeat; "
	"7d-1s bounce 198.51.100.7 live msg=1 : repeat; "
	"7d-1s listing 198.51.100.7 : bounce until 4w;"},
    {"the same at a live door after a week: a new sighting", "",
	"0 bounce 198.51.100.7 live msg=1 : listed; "
	"7d bounce 198.51.100.7 live msg=1 : renewed; "
	"7d listing 198.51.100.7 : bounce until 5w; "
	"7d listing 198.51.100.7 : bounce 2 hits;"},
    {"retries count from the sighting, not from the last retry", "",
	"0 bounce 198.51.100.7 live msg=1 : listed; "
	"6d bounce 198.51.100.7 live msg=1 : repeat; "
	"8d bounce 198.51.100.7 live msg=1 : renewed; "
	"14d bounce 198.51.100.7 live msg=1 : repeat; "
	"15d bounce 198.51.100.7 live msg=1 : renewed;"},
    {"a note that a queue retries three times: one sighting", "",
	"0 autoreply 198.51.100.7 live msg=1 trap=1 : counted; "
	"1h autoreply 198.51.100.7 live msg=1 trap=1 : repeat; "
	"2h autoreply 198.51.100.7 live msg=1 trap=1 : repeat; "
	"3h autoreply 198.51.100.7 live msg=2 trap=2 : counted; "
	"3h answer 198.51.100.7 : nothing;"},
    {"a note each eighth day at a live door: never within a week", "",
	"0 autoreply 198.51.100.7 live msg=1 trap=1 : counted; "
	"8d autoreply 198.51.100.7 live msg=1 trap=2 : counted; "
	"16d autoreply 198.51.100.7 live msg=1 trap=3 : counted; "
	"16d answer 198.51.100.7 : nothing;"},
    {"last year's mailbox: changes nothing", "",
	"52w bounce 198.51.100.7 at=0 : old; "
	"52w answer 198.51.100.7 : nothing;"},
    {"received four weeks ago to the second: old", "",
	"4w bounce 198.51.100.7 at=0 : old; "
	"4w answer 198.51.100.7 : nothing;"},
    {"received a second less ago: listed for a second", "",
	"4w-1s bounce 198.51.100.7 at=0 : listed; "
	"4w-1s listing 198.51.100.7 : bounce until 4w; "
	"4w answer 198.51.100.7 : nothing;"},
    {"old mail of a listed host: changes nothing", "",
	"5w bounce 198.51.100.7 : listed; "
	"5w bounce 198.51.100.7 at=0 : old; "
	"5w listing 198.51.100.7 : bounce 1 hits;"},
    {"mail from the future counts as received now", "",
	"0 bounce 198.51.100.7 at=1w : listed; "
	"0 listing 198.51.100.7 : bounce until 4w;"},
    {"late mail never makes a listing end earlier", "",
	"2w bounce 198.51.100.7 : listed; "
	"2w+1d bounce 198.51.100.7 at=1w : renewed; "
	"2w+1d listing 198.51.100.7 : bounce until 6w;"},
    {"late mail of a second class: its own end", "",
	"2w bounce 198.51.100.7 : listed; "
	"2w+1d virus 198.51.100.7 at=1w : listed; "
	"2w+1d listing 198.51.100.7 : virus until 5w;"},
    {"three notes read backwards: listed as read forwards", "",
	"10d autoreply 198.51.100.7 at=3d trap=1 : counted; "
	"10d autoreply 198.51.100.7 at=2d trap=2 : counted; "
	"10d autoreply 198.51.100.7 at=1d trap=1 : listed; "
	"10d listing 198.51.100.7 : autoreply until 4w+3d;"},
    {"the middle one of three notes read last: listed", "",
	"10d autoreply 198.51.100.7 at=1d trap=1 : counted; "
	"10d autoreply 198.51.100.7 at=8d trap=2 : counted; "
	"10d autoreply 198.51.100.7 at=4d trap=1 : listed; "
	"10d listing 198.51.100.7 : autoreply until 4w+8d;"},
    {"no week holds all three notes, whichever is read last", "",
	"10d autoreply 198.51.100.7 at=1d trap=1 : counted; "
	"10d autoreply 198.51.100.7 at=9d trap=2 : counted; "
	"10d autoreply 198.51.100.7 at=5d trap=1 : counted; "
	"10d answer 198.51.100.7 : nothing;"},
    {"a listing ends four weeks after the last sighting", "",
	"0 bounce 198.51.100.7 : listed; 3w bounce 198.51.100.7 : renewed; "
	"7w-1s answer 198.51.100.7 : bounce; "
	"7w answer 198.51.100.7 : nothing;"},
    {"each class ends by itself", "",
	"0 bounce 198.51.100.7 : listed; 1w virus 198.51.100.7 : listed; "
	"4w answer 198.51.100.7 : virus; 5w answer 198.51.100.7 : nothing;"},
    {"a setting: virus notices list for a week",
	"policy: {virus: {expire: 1w}}",
	"0 virus 198.51.100.7 : listed; 0 bounce 198.51.100.7 : listed; "
	"1w answer 198.51.100.7 : bounce; "
	"1w virus 198.51.100.7 at=1h : listed; "
	"1w+1h virus 198.51.100.7 at=1h : old;"},
    {"the mail that listed a host does not put it back after its end", "",
	"0 bounce 198.51.100.7 msg=1 : listed; "
	"4w answer 198.51.100.7 : nothing; "
	"4w bounce 198.51.100.7 msg=1 at=0 : old; "
	"4w answer 198.51.100.7 : nothing;"},
    {"other mail from before the end is old by then, too", "",
	"1d bounce 198.51.100.7 : listed; "
	"4w+1d bounce 198.51.100.7 at=0 : old; "
	"4w+1d bounce 198.51.100.7 at=1d : old; "
	"4w+1d answer 198.51.100.7 : nothing;"},
    {"after its end a vacation robot needs three notes again", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 autoreply 198.51.100.7 trap=2 : counted; "
	"0 autoreply 198.51.100.7 trap=3 : listed; "
	"5w autoreply 198.51.100.7 trap=1 : counted; "
	"5w autoreply 198.51.100.7 trap=2 : counted; "
	"5w answer 198.51.100.7 : nothing; "
	"5w autoreply 198.51.100.7 trap=2 : listed;"},
    {"mail received before a removal never lists again", "",
	"0 bounce 198.51.100.7 : listed; 1d remove 198.51.100.7; "
	"2d bounce 198.51.100.7 at=1h : removed; "
	"2d answer 198.51.100.7 : nothing;"},
    {"mail received in the second of a removal: not listed", "",
	"0 bounce 198.51.100.7 : listed; 1d remove 198.51.100.7; "
	"2d bounce 198.51.100.7 at=1d : removed; "
	"2d answer 198.51.100.7 : nothing;"},
    {"mail received a second after a removal: listed", "",
	"0 bounce 198.51.100.7 : listed; 1d remove 198.51.100.7; "
	"2d bounce 198.51.100.7 at=1d+1s : listed; "
	"2d listing 198.51.100.7 : bounce until 4w+1d+1s;"},
    {"the message that listed a host, after its removal: a repeat", "",
	"0 bounce 198.51.100.7 msg=1 : listed; 1d remove 198.51.100.7; "
	"2d bounce 198.51.100.7 msg=1 at=0 : repeat; "
	"2d answer 198.51.100.7 : nothing;"},
    {"years later mail from before a removal still binds",
	"policy: {bounce: {expire: 500w}}",
	"0 bounce 198.51.100.7 : listed; 1d remove 198.51.100.7; "
	"400w bounce 198.51.100.7 at=1h : removed; "
	"400w answer 198.51.100.7 : nothing;"},
    {"a removal binds every class", "",
	"0 bounce 198.51.100.7 : listed; 1d remove 198.51.100.7; "
	"2d virus 198.51.100.7 at=1h : removed; "
	"2d autoreply 198.51.100.7 at=1h : removed; "
	"2d answer 198.51.100.7 : nothing;"},
    {"a removal does not bind the neighbour", "",
	"0 bounce 198.51.100.7 : listed; 1d remove 198.51.100.7; "
	"2d bounce 198.51.100.8 at=1h : listed;"},
    {"removed twice: the later one counts", "",
	"0 bounce 198.51.100.7 : listed; 1d remove 198.51.100.7; "
	"2d bounce 198.51.100.7 : listed; 3d remove 198.51.100.7; "
	"4d bounce 198.51.100.7 at=2d+1h : removed; "
	"4d bounce 198.51.100.7 : listed;"},
    {"notes from before a removal do not count after it", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 autoreply 198.51.100.7 trap=2 : counted; "
	"0 bounce 198.51.100.7 : listed; 1h remove 198.51.100.7; "
	"2h autoreply 198.51.100.7 trap=3 : counted; "
	"3h autoreply 198.51.100.7 trap=1 : counted; "
	"3h answer 198.51.100.7 : nothing; "
	"4h autoreply 198.51.100.7 trap=2 : listed;"},
    {"a listed robot that was removed needs three notes again", "",
	"0 autoreply 198.51.100.7 trap=1 : counted; "
	"0 autoreply 198.51.100.7 trap=2 : counted; "
	"0 autoreply 198.51.100.7 trap=3 : listed; 1h remove 198.51.100.7; "
	"2h autoreply 198.51.100.7 trap=4 : counted; "
	"2h autoreply 198.51.100.7 trap=5 : counted; "
	"2h autoreply 198.51.100.7 trap=6 : listed;"},
    {"added by hand for longer: a sighting does not shorten it", "",
	"0 add 198.51.100.7 bounce 8w; 1d bounce 198.51.100.7 : renewed; "
	"1d listing 198.51.100.7 : bounce until 8w;"},
    {"added by hand for a week: a sighting lengthens it", "",
	"0 add 198.51.100.7 bounce 1w; 3d bounce 198.51.100.7 : renewed; "
	"3d listing 198.51.100.7 : bounce until 4w+3d;"},
    {"added by hand: one vacation note renews", "",
	"0 add 198.51.100.7 autoreply 1w; "
	"3d autoreply 198.51.100.7 : renewed; "
	"3d listing 198.51.100.7 : autoreply until 4w+3d;"},
    {"added by hand for bounces: another class lists by itself", "",
	"0 add 198.51.100.7 bounce 8w; 1d virus 198.51.100.7 : listed; "
	"1d answer 198.51.100.7 : bounce,virus; "
	"5w answer 198.51.100.7 : bounce;"},
    {"added by hand and removed: mail from before does not list", "",
	"0 add 198.51.100.7 bounce 8w; 1d remove 198.51.100.7; "
	"2d bounce 198.51.100.7 at=1h : removed; "
	"2d bounce 198.51.100.7 : listed;"},
};

const struct policy_row *
policy_rows_when(size_t *count_r)
{
	*count_r = sizeof(rows) / sizeof(rows[0]);
	return rows;
}
