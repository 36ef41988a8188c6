/*
 * From the tree of the file to struct bs_config, by the table of keys.
 */
#ifndef BS_CONFIG_WALK_H
#define BS_CONFIG_WALK_H

#include "config.h"
#include "config_report.h"
#include "yaml.h"

/*
 * Sets the defaults of all keys and then what the tree says, noting each
 * error.  `folder` (absolute, borrowed) anchors relative paths; `root` may be
 * NULL: defaults only, and nothing is required.  BS_OK also with errors noted;
 * BS_ENOMEM.
 */
int bs_config_walk(struct bs_config *config, struct bs_config_notes *notes,
    const char *folder, const struct bs_yaml_node *root);

#endif
