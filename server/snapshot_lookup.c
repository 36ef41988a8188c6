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

/* What covers an IPv4 address, as far as memory knows. */
static bool
cover_from_memory(const struct filter_view *view, const struct bs_addr *addr,
    bs_classes served, struct bs_cover *cover_r)
{
	enum filter_said said = filter_ask_ipv4(view->filter, addr);
	bs_classes classes = 0;

	if (said == FILTER_ANY ||
	    (said == FILTER_SINGLE &&
		!filter_view_classes(view, addr, &classes)))
		return false;
	*cover_r = (struct bs_cover){.classes = classes & served};
	if (cover_r->classes != 0)
		cover_r->widest = cover_r->narrowest = bs_prefix_single(addr);
	return true;
}

static int
cover(void *context, const struct bs_addr *addr, bs_classes served,
    struct bs_cover *cover_r)
{
	struct snapshot_lookup *from = context;

	if (from->view.filter != NULL) {
		struct bs_prefix single;

		if (addr->family == BS_IPV4 &&
		    cover_from_memory(&from->view, addr, served, cover_r))
			return 0;
		single = bs_prefix_single(addr);
		if (!filter_may_cover(from->view.filter, &single)) {
			*cover_r = (struct bs_cover){0};
			return 0;
		}
	}
	return note(
	    from, bs_snapshot_cover(from->snapshot, addr, served, cover_r));
}

static int
cover_prefix(void *context, const struct bs_prefix *prefix, bs_classes served,
    struct bs_cover *cover_r, unsigned *clear_r)
{
	struct snapshot_lookup *from = context;

	if (from->view.filter != NULL &&
	    !filter_may_cover(from->view.filter, prefix)) {
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

	if (from->view.filter != NULL &&
	    !filter_view_may_hold(&from->view, prefix, served)) {
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

	if (from->view.filter == NULL || !revname_guess(name, size, &addr))
		return;
	filter_expect(from->view.filter, &addr, from->view.table == NULL);
	if (from->view.table != NULL && addr.family == BS_IPV4)
		filter_table_expect(from->view.table, &addr);
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
	from->view.filter = NULL;
	if (lookup.error != 0)
		return lookup;
	lookup.serial = bs_snapshot_serial(from->snapshot);
	if (from->reader != NULL)
		from->view = filter_reader_renew(from->reader, from->snapshot);
	return lookup;
}

void
snapshot_lookup_release(struct snapshot_lookup *from)
{
	from->view.filter = NULL;
	if (from->reader != NULL)
		filter_reader_release(from->reader);
	bs_snapshot_release(from->snapshot);
}
