/*
 * The files of `exempt-files`: what chosen providers say their addresses are.
 * An address or prefix a line; # begins a comment; empty lines are passed over.
 */
#ifndef BS_CONFIG_EXEMPT_H
#define BS_CONFIG_EXEMPT_H

#include "config.h"

/* Of a line, without its newline. */
#define BS_EXEMPT_LINE_MAX 1023

/*
 * Reads all files and appends what they name to `exempt` of the configuration
 * (policy.exempt points to it then).  Every error is reported, "FILE:LINE: what
 * is wrong: what to write".  BS_ECONFIG: their content is wrong; BS_ENOTFOUND,
 * BS_EACCES, BS_EIO: one can't be read; BS_ENOMEM.
 */
int bs_config_read_exempt(
    struct bs_config *config, bs_config_report *report, void *context);

#endif
