/*
 * Rows of the table of keys for the zones: their names and files, what they
 * answer, who may ask and transfer.  For config_table.c alone, which has
 * NOWHERE, IN_CONFIG and COUNT.
 */
#ifndef BS_CONFIG_ROWS_ZONE_H
#define BS_CONFIG_ROWS_ZONE_H

#define ZONE_TTL_MAX_S 604800u /* a week */
#define NO_TRANSFERS "serve every name server from this host until then"

#define IN_ZONE(member) .offset = offsetof(struct bs_config_zone, member)
#define COUNT_IN_ZONE(member) \
	.count_offset = offsetof(struct bs_config_zone, member)

#define CONFIG_ROWS_ZONE                                                             \
	{.path = "zone",                                                             \
	    .type = BS_CONFIG_MAPS,                                                  \
	    .max = BS_CONFIG_ZONES_MAX,                                              \
	    .example = "[{name: bl.example, file: bl.example.zone}]",                \
	    .help = "The zones that backstopd serves.",                              \
	    IN_CONFIG(zone),                                                         \
	    COUNT(zone_count),                                                       \
	    .item_size = sizeof(struct bs_config_zone)},                             \
	    {.path = "zone[].name",                                                  \
		.type = BS_CONFIG_NAME,                                              \
		.example = "bl.example",                                             \
		.required = true,                                                    \
		.help = "Name of the zone.",                                         \
		IN_ZONE(name)},                                                      \
	    {.path = "zone[].file",                                                  \
		.type = BS_CONFIG_PATH,                                              \
		.example = "bl.example.zone",                                        \
		.required = true,                                                    \
		.help =                                                              \
		    "Master file with the zone's SOA, NS and other own records.",    \
		IN_ZONE(file)},                                                      \
	    {.path = "zone[].classes",                                               \
		.type = BS_CONFIG_CLASSES,                                           \
		.min = 1,                                                            \
		.max = BS_CLASS_COUNT,                                               \
		.initial = "all",                                                    \
		.example = "[bounce, callout]",                                      \
		.help = "The classes that the zone answers for.",                    \
		IN_ZONE(classes)},                                                   \
	    {.path = "zone[].ttl",                                                   \
		.type = BS_CONFIG_DURATION,                                          \
		.max = ZONE_TTL_MAX_S,                                               \
		.initial = "15m",                                                    \
		.example = "15m",                                                    \
		.help =                                                              \
		    "How long resolvers may keep the answer for a listed address.",  \
		IN_ZONE(ttl_s)},                                                     \
	    {.path = "zone[].txt",                                                   \
		.type = BS_CONFIG_TEMPLATE,                                          \
		.initial = BS_CONFIG_TXT_DEFAULT,                                    \
		.example = "\"" BS_CONFIG_TXT_DEFAULT "\"",                          \
		.help =                                                              \
		    "Text of the TXT answer: %c stands for the classes, %a for the " \
		    "address or prefix, %z for the zone, %% for a percent sign.",    \
		IN_ZONE(txt)},                                                       \
	    {.path = "zone[].flat",                                                  \
		.type = BS_CONFIG_BOOL,                                              \
		.initial = "no",                                                     \
		.example = "yes",                                                    \
		.help =                                                              \
		    "Answer 127.0.0.2 whatever the classes, for clients that "       \
		    "compare for equality.",                                         \
		IN_ZONE(flat)},                                                      \
	    {.path = "zone[].allow",                                                 \
		.type = BS_CONFIG_PREFIXES,                                          \
		.max = BS_CONFIG_PREFIXES_MAX,                                       \
		.example = "[192.0.2.0/24]",                                         \
		.help =                                                              \
		    "Who may ask: everybody else is refused.  No list: everybody "   \
		    "may.  Where prefixes of allow and deny overlap the narrowest "  \
		    "decides.  Who is in it is never limited by rate-limit.",        \
		IN_ZONE(allow),                                                      \
		COUNT_IN_ZONE(allow_count)},                                         \
	    {.path = "zone[].deny",                                                  \
		.type = BS_CONFIG_PREFIXES,                                          \
		.max = BS_CONFIG_PREFIXES_MAX,                                       \
		.example = "[198.51.100.0/24]",                                      \
		.help = "Who is refused.",                                           \
		IN_ZONE(deny),                                                       \
		COUNT_IN_ZONE(deny_count)},                                          \
	    {.path = "zone[].shutdown",                                              \
		.type = BS_CONFIG_BOOL,                                              \
		.initial = "no",                                                     \
		.example = "yes",                                                    \
		.help =                                                              \
		    "The list has ended: no address is listed, nor any test "        \
		    "address, and the zone's own name has a TXT record that says "   \
		    "so, unless the master file has one.",                           \
		IN_ZONE(shutdown)},                                                  \
	    {.path = "zone[].transfer",                                              \
		.type = BS_CONFIG_PREFIXES,                                          \
		.max = BS_CONFIG_PREFIXES_MAX,                                       \
		.example = "[192.0.2.53]",                                           \
		.help = "Who may transfer the zone.",                                \
		.later = NO_TRANSFERS,                                               \
		NOWHERE},                                                            \
	{                                                                            \
		.path = "zone[].notify", .type = BS_CONFIG_PEERS,                    \
		.max = BS_CONFIG_LISTEN_MAX, .example = "[192.0.2.53]",              \
		.help = "Who is told of changes.", .later = NO_TRANSFERS,            \
		NOWHERE                                                              \
	}

#endif
