/*
 * The values of the configuration: one text in, one value out, or a message
 * "what is wrong: what to write instead" (the caller puts file, line and key
 * before it).  Pure.
 *
 * All return BS_OK, or BS_EINVAL with the message filled.
 */
#ifndef BS_CONFIG_VALUE_H
#define BS_CONFIG_VALUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "config_table.h"
#include "error.h"
#include "ipprefix.h"

/* Longest text of a TXT record's one string (RFC 1035 section 3.3). */
#define BS_CONFIG_TXT_MAX 255
#define BS_CONFIG_PATH_SIZE_MAX 4095
/* A domain name without its final dot: 255 bytes on the wire. */
#define BS_CONFIG_NAME_SIZE_MAX 253

int bs_config_value_endpoint(const char *text, struct bs_endpoint *endpoint_r,
    struct bs_message *message);

/* ADDRESS@PORT, inet:ADDRESS:PORT, or unix: and an absolute path, which leaves
 * the endpoint as it is; *unix_r: it is a path. */
int bs_config_value_door(const char *text, struct bs_endpoint *endpoint_r,
    bool *unix_r, struct bs_message *message);

/* A mail address; a local part alone where `domain` is false. */
int bs_config_value_address(
    const char *text, bool domain, struct bs_message *message);

/* A pattern of addresses: no blanks in it. */
int bs_config_value_pattern(const char *text, struct bs_message *message);

/* ADDRESS, or ADDRESS@PORT; nothing is kept. */
int bs_config_value_peer(const char *text, struct bs_message *message);

/* A v4-mapped one becomes the IPv4 that it means. */
int bs_config_value_prefix(
    const char *text, struct bs_prefix *prefix_r, struct bs_message *message);

/* Checks a domain name; *size_r is its size without the final dot. */
int bs_config_value_name(
    const char *text, size_t *size_r, struct bs_message *message);

int bs_config_value_word(const char *text, struct bs_message *message);

int bs_config_value_path(const char *text, struct bs_message *message);

/* A whole number, or a length of time, within the key's range. */
int bs_config_value_number(const struct bs_config_key *key, const char *text,
    uint32_t *number_r, struct bs_message *message);
int bs_config_value_duration(const struct bs_config_key *key, const char *text,
    uint32_t *duration_s_r, struct bs_message *message);

int bs_config_value_bool(
    const char *text, bool *value_r, struct bs_message *message);

/* Which one of the key's choices it is, from 0. */
int bs_config_value_choice(const struct bs_config_key *key, const char *text,
    uint32_t *choice_r, struct bs_message *message);

/* A class's bit, or all of them for "all", added to *classes. */
int bs_config_value_class(
    const char *text, uint8_t *classes, struct bs_message *message);

/* Checks that a text is printable ASCII of a length within the key's range. */
int bs_config_value_text(const struct bs_config_key *key, const char *text,
    struct bs_message *message);

/* Checks the letters after % and that all bytes are printable ASCII. */
int bs_config_value_template(const char *text, struct bs_message *message);

/* The bytes that a checked template grows to at the most, for a zone name of
 * so many bytes. */
size_t bs_config_template_size(const char *text, size_t zone_size);

#endif
