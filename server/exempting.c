/*
 * Brings the configuration's exemptions into the database.  What that alters in
 * answers and in the journal is the store's business (store_exempt.c); which
 * prefixes they are is decided here.  Called by startup.c.
 */
#include "autoconf.h"

#include <stdlib.h>

#include "exempting.h"
#include "reserved.h"

/* Whether anything is listed in a prefix, served or not. */
static int
has_listing(
    struct bs_snapshot *snapshot, const struct bs_prefix *prefix, bool *has_r)
{
	struct bs_listing listing;
	int error = bs_snapshot_get(snapshot, prefix, &listing);

	/* what lies inside follows the prefix itself */
	if (error == BS_ENOTFOUND)
		error = bs_snapshot_next(snapshot, prefix, &listing);
	*has_r = error == BS_OK && bs_prefix_covers(prefix, &listing.prefix);
	return error == BS_ENOTFOUND ? BS_OK : error;
}

/* The rows of reserved space where something is listed, appended. */
static int
gather_reserved(const struct bs_log *log, bool documentation_allowed,
    struct bs_snapshot *snapshot, struct bs_prefix *list, size_t *count)
{
	size_t rows;
	const struct bs_reserved *table = bs_reserved_table(&rows);

	for (size_t i = 0; i < rows; i++) {
		const struct bs_reserved *row = &table[i];
		char text[BS_PREFIX_TEXT_MAX];
		bool has;
		int error;

		if (row->documentation && documentation_allowed)
			continue;
		error = has_listing(snapshot, &row->prefix, &has);
		if (error != BS_OK)
			return error;
		if (!has)
			continue;
		bs_log(log, BS_LOG_WARNING,
		    "%s: %s (%s) has listings, which are kept and not served: "
		    "remove them, `backstopctl list --prefix %s` shows them",
		    bs_prefix_format(&row->prefix, text), row->name,
		    row->source, text);
		list[(*count)++] = row->prefix;
	}
	return BS_OK;
}

/* All prefixes that shall be exempt; a new array. */
static int
gather(const struct bs_log *log, const struct bs_config *config,
    struct bs_snapshot *snapshot, struct bs_prefix **prefix_r, size_t *count_r)
{
	size_t rows, count = config->exempt_count;
	struct bs_prefix *list;
	int error;

	(void)bs_reserved_table(&rows);
	list = calloc(count + rows, sizeof(*list));
	if (list == NULL)
		return BS_ENOMEM;
	for (size_t i = 0; i < count; i++)
		list[i] = config->exempt[i];
	error = gather_reserved(
	    log, config->policy.documentation_space, snapshot, list, &count);
	if (error != BS_OK) {
		free(list);
		return error;
	}
	*prefix_r = list;
	*count_r = count;
	return BS_OK;
}

int
exempting_apply(const struct bs_log *log, const struct bs_config *config,
    struct bs_store *store, struct bs_writer *writer)
{
	struct bs_snapshot *snapshot = NULL;
	struct bs_prefix *list = NULL;
	size_t count, changes;
	int error = bs_snapshot_new(store, &snapshot, NULL);

	if (error == BS_OK)
		error = bs_snapshot_renew(snapshot);
	if (error == BS_OK)
		error = gather(log, config, snapshot, &list, &count);
	bs_snapshot_free(&snapshot);
	if (error == BS_OK)
		error =
		    bs_writer_exempt_configured(writer, list, count, &changes);
	free(list);
	if (error == BS_OK && changes > 0)
		bs_log(log, BS_LOG_INFO,
		    "exemptions of the configuration: %zu are new or gone",
		    changes);
	return error;
}
