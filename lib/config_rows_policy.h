/*
 * Rows of the table of keys for when sightings become a listing, of our own traps
 * and of feeds.  The defaults must be those of bs_policy_defaults
 * (tests/unit/test_config.c holds them against each other).  For config_table.c
 * alone, which has NOWHERE, IN_CONFIG, COUNT and MANY.
 */
#ifndef BS_CONFIG_ROWS_POLICY_H
#define BS_CONFIG_ROWS_POLICY_H

#define POLICY_KEY(class_name, index, key, member, default_text, help_text) \
	.path = "policy." class_name "." key, .initial = default_text,      \
	.example = default_text, .help = help_text,                         \
	IN_CONFIG(policy.class[index].member)
#define POLICY_NUMBER(class_name, index, key, default_text, help_text)         \
	{                                                                      \
		.type = BS_CONFIG_NUMBER, .min = 1, .max = BS_POLICY_HITS_MAX, \
		POLICY_KEY(                                                    \
		    class_name, index, #key, key, default_text, help_text)     \
	}
/* Up to nearly 40 years, since trials read collections of old mail; a sighting's time
 * and this together stay below 2^32 until 2066. */
#define POLICY_TIME(class_name, index, key, member, default_text, help_text) \
	{                                                                    \
		.type = BS_CONFIG_DURATION, .min = 1,                        \
		.max = BS_POLICY_EXPIRE_MAX_S,                               \
		POLICY_KEY(                                                  \
		    class_name, index, key, member, default_text, help_text) \
	}
#define POLICY(class_name, index, hits_text, traps_text, window_text)          \
	{.path = "policy." class_name,                                         \
	    .type = BS_CONFIG_MAP,                                             \
	    .example = "{hits: " hits_text ", traps: " traps_text              \
		       ", window: " window_text ", expire: 4w}",               \
	    .help = "When this class lists and for how long.",                 \
	    NOWHERE},                                                          \
	    POLICY_NUMBER(class_name, index, hits, hits_text,                  \
		"So many sightings within the window list a source."),         \
	    POLICY_NUMBER(class_name, index, traps, traps_text,                \
		"They must have hit so many different traps."),                \
	    POLICY_NUMBER(class_name, index, feeds, "1",                       \
		"So many feeds, our own traps being one, must each have seen " \
		"enough."),                                                    \
	    POLICY_TIME(class_name, index, "window", window_s, window_text,    \
		"How far before the newest sighting others count."),           \
	    POLICY_TIME(class_name, index, "expire", expire_s, "4w",           \
		"How long after its last sighting the class stays listed."),   \
	    {.type = BS_CONFIG_NUMBER,                                         \
		.min = 1,                                                      \
		.max = BS_POLICY_FACTOR_MAX,                                   \
		POLICY_KEY(class_name, index, "repeat-factor", repeat_factor,  \
		    "2",                                                       \
		    "Each time the class is listed again, after its listing "  \
		    "ended by time, it stays so many times as long; 1: never " \
		    "longer.")},                                               \
	    {.type = BS_CONFIG_DURATION,                                       \
		.max = BS_POLICY_PAST_MAX_S,                                   \
		POLICY_KEY(class_name, index, "repeat-within",                 \
		    repeat_within_s, "52w",                                    \
		    "A listing that ended longer ago does not make it a "      \
		    "repeater.")},                                             \
	    POLICY_TIME(class_name, index, "expire-max", expire_max_s, "26w",  \
		"A repeater is listed for so long at most, or for expire if "  \
		"that is longer.")

#define CONFIG_ROWS_POLICY                                                         \
	{.path = "policy",                                                         \
	    .type = BS_CONFIG_MAP,                                                 \
	    .example =                                                             \
		"{bounce: {hits: 1, traps: 1, window: 1d, expire: 4w}}",           \
	    .help = "When sightings become a listing.",                            \
	    NOWHERE},                                                              \
	    {.path = "policy.ipv6-prefix",                                         \
		.type = BS_CONFIG_BITS,                                            \
		.min = 48,                                                         \
		.max = 128,                                                        \
		.initial = "64",                                                   \
		.example = "64",                                                   \
		.help = "An IPv6 source lists its prefix of so many bits.",        \
		IN_CONFIG(policy.ipv6_bits)},                                      \
	    {.path = "policy.ipv6-widen-48",                                       \
		.type = BS_CONFIG_NUMBER,                                          \
		.max = BS_POLICY_WIDEN_MAX,                                        \
		.initial = "16",                                                   \
		.example = "16",                                                   \
		.help =                                                            \
		    "More than so many prefixes of a /48, listed by sightings "    \
		    "within one window, list the /48; 0: never.",                  \
		IN_CONFIG(policy.widen_48)},                                       \
	    {.path = "policy.ipv6-widen-32",                                       \
		.type = BS_CONFIG_NUMBER,                                          \
		.max = BS_POLICY_WIDEN_MAX,                                        \
		.initial = "16",                                                   \
		.example = "16",                                                   \
		.help =                                                            \
		    "More than so many /48s of a /32, listed by sightings within " \
		    "one window, list the /32; 0: never.",                         \
		IN_CONFIG(policy.widen_32)},                                       \
	    POLICY("bounce", 0, "1", "1", "1d"),                                   \
	    POLICY("autoreply", 1, "3", "2", "1w"),                                \
	    POLICY("challenge", 2, "1", "1", "1d"),                                \
	    POLICY("virus", 3, "1", "1", "1d"),                                    \
	    POLICY("callout", 4, "1", "1", "1d"),                                  \
	    POLICY("subscribe", 5, "3", "2", "1w")

#define ONE_FEED                                                           \
	"what hosts report is not told by its feed: write them as "        \
	"`reporter: [{feed: NAME, from: [ADDRESS]}]`; files are imported " \
	"wherever they come from"
#define IN_FEED(member) .offset = offsetof(struct bs_policy_feed, member)

#define CONFIG_ROWS_FEED                                                           \
	{.path = "feed",                                                           \
	    .type = BS_CONFIG_MAPS,                                                \
	    .item_size = sizeof(struct bs_policy_feed),                            \
	    .max = BS_CONFIG_ZONES_MAX,                                            \
	    .example = "[{name: partner, classes: [bounce], traps: 2}]",           \
	    .help = "Who reports sightings beside our own traps, by "              \
		    "backstop-feed import; each is judged by itself.",             \
	    IN_CONFIG(feed),                                                       \
	    COUNT(feed_count)},                                                    \
	    {.path = "feed[].name",                                                \
		.type = BS_CONFIG_WORD,                                            \
		.example = "partner",                                              \
		.required = true,                                                  \
		.help = "Name of the feed: letters, digits, - and _.",             \
		IN_FEED(name)},                                                    \
	    {.path = "feed[].from",                                                \
		.type = BS_CONFIG_PREFIXES,                                        \
		.max = BS_CONFIG_PREFIXES_MAX,                                     \
		.example = "[198.51.100.0/24]",                                    \
		.help = "Refused: who reports from there is a reporter.",          \
		.later = ONE_FEED,                                                 \
		.refused = true,                                                   \
		NOWHERE},                                                          \
	    {.path = "feed[].prefixes",                                            \
		.type = BS_CONFIG_PREFIXES,                                        \
		.max = BS_CONFIG_PREFIXES_MAX,                                     \
		.example = "[198.51.100.0/24]",                                    \
		.help =                                                            \
		    "What addresses it may report; all where none is given.",      \
		IN_FEED(prefixes),                                                 \
		.count_offset =                                                    \
		    offsetof(struct bs_policy_feed, prefix_count)},                \
	    {.path = "feed[].classes",                                             \
		.type = BS_CONFIG_CLASSES,                                         \
		.min = 1,                                                          \
		.max = BS_CLASS_COUNT,                                             \
		.initial = "all",                                                  \
		.example = "[bounce]",                                             \
		.help = "What classes it may report.",                             \
		IN_FEED(classes)},                                                 \
	    {.path = "feed[].traps",                                               \
		.type = BS_CONFIG_NUMBER,                                          \
		.min = 1,                                                          \
		.max = BS_POLICY_HITS_MAX,                                         \
		.example = "2",                                                    \
		.help =                                                            \
		    "On so many of its traps a source must be seen, whatever the " \
		    "class asks for; they count as distinct within the feed.",     \
		IN_FEED(traps)},                                                   \
	{                                                                          \
		.path = "feed[].max-new-per-hour", .type = BS_CONFIG_NUMBER,       \
		.min = 1, .max = MANY * 100, .example = "1000",                    \
		.initial = "1000",                                                 \
		.help =                                                            \
		    "New listings beyond that are held back until the operator "   \
		    "releases or drops them (backstopctl feed).",                  \
		IN_FEED(max_new_per_hour)                                          \
	}

#endif
