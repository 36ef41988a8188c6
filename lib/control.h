/*
 * What is said between backstopctl and a running backstopd, over a UNIX socket:
 * one line asks, lines answer.
 *
 *	backstop 1 reload
 *	warning zone bl.example: ...
 *	error /etc/backstop/backstop.conf:3: zone[].ttl: ...
 *	done 1
 *
 * A request has the protocol's version and a command.  An answer is lines of
 * text for a person (error, warning, info) and of numbers (count GROUP NAME
 * NUMBER), and ends with the exit code.  A name has no blank, control
 * characters are '?'.  Pure.
 */
#ifndef BS_CONTROL_H
#define BS_CONTROL_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

#define BS_CONTROL_VERSION 1
#define BS_CONTROL_REQUEST_MAX 128 /* bytes, with the newline */
#define BS_CONTROL_LINE_MAX 1280   /* bytes, with the newline */
#define BS_CONTROL_LINES_MAX 65536 /* of an answer */

enum bs_control_command {
	BS_CONTROL_RELOAD,
	BS_CONTROL_STATS,
};
#define BS_CONTROL_COMMANDS 2

/* The request for a command, with a newline; at most BS_CONTROL_REQUEST_MAX
 * bytes with the NUL.  Returns its length. */
size_t bs_control_request(
    enum bs_control_command command, char text[BS_CONTROL_REQUEST_MAX]);

/* Reads a request of `size` bytes without its newline: BS_EINVAL for what is
 * none, BS_EVERSION, BS_ENOTFOUND for a command that is not known. */
int bs_control_parse_request(
    const char *text, size_t size, enum bs_control_command *command_r);

enum bs_control_kind {
	BS_CONTROL_ERROR,
	BS_CONTROL_WARNING,
	BS_CONTROL_INFO,
	BS_CONTROL_COUNT,
	BS_CONTROL_DONE,
};

#define BS_CONTROL_GROUP_MAX 31 /* bytes */
#define BS_CONTROL_NAME_MAX 1020

struct bs_control_line {
	enum bs_control_kind kind;
	struct bs_message text;               /* error, warning, info */
	char group[BS_CONTROL_GROUP_MAX + 1]; /* of a count */
	char name[BS_CONTROL_NAME_MAX + 1];
	uint64_t number; /* of a count; of `done` the exit code */
};

/* Writes a line with its newline; returns its length without the NUL. */
size_t bs_control_format(
    const struct bs_control_line *line, char text[BS_CONTROL_LINE_MAX]);

/* Reads a line of `size` bytes without its newline; BS_EINVAL. */
int bs_control_parse_line(
    const char *text, size_t size, struct bs_control_line *line_r);

#endif
