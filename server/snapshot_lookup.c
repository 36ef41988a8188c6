/*
 * Where the query path meets the database: once per batch a renewed snapshot,
 * then its three questions.  Most are about what is not listed: these the
 * filter answers.  Called by worker.c.
 */
#include "autoconf.h"

#include "revname.h"
#include "snapshot_lookup.h"

static int
note(struct snapshot_lookup *from, int error)
{
	if (error != 0)
		from->failed = error;
	return error;
}

static int
cover(void *context, const struct bs_addr *addr, bs_classes served,
    struct bs_cover *cover_r)
{
	struct snapshot_lookup *from = context;
	const struct bs_prefix single = bs_prefix_single(addr);

	if (from->filter != NULL && !filter_may_cover(from->filter, &single)) {
		*cover_r = (struct bs_cover){0};
		return 0;
	}
	return note(
	    from, bs_snapshot_cover(from->snapshot, addr, served, cover_r));
}

static int
cover_prefix(void *context, const struct bs_prefix *prefix, bs_classes served,
    struct bs_cover *cover_r, unsigned *clear_r)
{
	struct snapshot_lookup *from = context;

	if (from->filter != NULL && !filter_may_cover(from->filter, prefix)) {
		*cover_r = (struct bs_cover){0};
		*clear_r = 0;
		return 0;
	}
	return note(from, bs_snapshot_cover_prefix(from->snapshot, prefix,
			      served, cover_r, clear_r));
}

static int
any_inside(void *context, const struct bs_prefix *prefix, bs_classes served,
    bool *any_r)
{
	struct snapshot_lookup *from = context;

	if (from->filter != NULL && !filter_may_hold(from->filter, prefix)) {
		*any_r = false;
		return 0;
	}
	return note(from,
	    bs_snapshot_any_inside(from->snapshot, prefix, served, any_r));
}

static void
expect(void *context, const uint8_t *name, size_t size)
{
	struct snapshot_lookup *from = context;
	struct bs_addr addr;

	if (from->filter != NULL && revname_guess(name, size, &addr))
		filter_expect(from->filter, &addr);
}

struct lookup
snapshot_lookup_renew(struct snapshot_lookup *from)
{
	struct lookup lookup = {
	    .context = from,
	    .cover = cover,
	    .cover_prefix = cover_prefix,
	    .any_inside = any_inside,
	    .expect = expect,
	    .error = bs_snapshot_renew(from->snapshot),
	};

	from->failed = lookup.error;
	from->filter = NULL;
	if (lookup.error != 0)
		return lookup;
	lookup.serial = bs_snapshot_serial(from->snapshot);
	if (from->reader != NULL)
		from->filter =
		    filter_reader_renew(from->reader, from->snapshot);
	return lookup;
}

void
snapshot_lookup_release(struct snapshot_lookup *from)
{
	from->filter = NULL;
	if (from->reader != NULL)
		filter_reader_release(from->reader);
	bs_snapshot_release(from->snapshot);
}
