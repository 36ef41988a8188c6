/*
 * What is to be listed and waits to become public: finds it and says so, for the
 * operator alone.  Called by ctl_show.c.
 */
#include "autoconf.h"

#include <inttypes.h>
#include <stdlib.h>

#include "ctl_listing.h"
#include "ctl_waiting.h"

/* The classes of one prefix. */
static int
find_of(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    struct ctl_waiting *waiting)
{
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		int error = bs_snapshot_waits(snapshot, prefix, bs_class_at(i),
		    &waiting->one[waiting->count]);

		if (error == BS_OK)
			waiting->count++;
		else if (error != BS_ENOTFOUND)
			return error;
	}
	return BS_OK;
}

int
ctl_waiting_find(struct bs_snapshot *snapshot, const struct bs_prefix *prefix,
    struct ctl_waiting *waiting_r)
{
	size_t most = ((size_t)prefix->bits + 1) * BS_CLASS_COUNT;
	struct ctl_waiting waiting = {
	    .one = calloc(most, sizeof(*waiting.one))};
	int error = waiting.one != NULL ? BS_OK : BS_ENOMEM;

	for (unsigned bits = 0; error == BS_OK && bits <= prefix->bits;
	     bits++) {
		struct bs_prefix wider = bs_prefix_of(&prefix->addr, bits);

		error = find_of(snapshot, &wider, &waiting);
	}
	if (error == BS_OK)
		*waiting_r = waiting;
	else
		ctl_waiting_free(&waiting);
	return error;
}

void
ctl_waiting_free(struct ctl_waiting *waiting)
{
	free(waiting->one);
	*waiting = (struct ctl_waiting){.count = 0};
}

void
ctl_waiting_write(const struct ctl_waiting *waiting, FILE *out)
{
	for (size_t i = 0; i < waiting->count; i++) {
		const struct bs_waiting *one = &waiting->one[i];
		char text[BS_PREFIX_TEXT_MAX], publish[BS_TIME_TEXT_MAX];
		char last[BS_TIME_TEXT_MAX];

		fprintf(out,
		    "    %s is to be listed (%s) at %s, and is not public "
		    "before: %" PRIu32 " hits, last %s\n",
		    bs_prefix_format(&one->prefix, text),
		    bs_class_name(one->class),
		    bs_time_format(one->publish_s, publish), one->as.hits,
		    bs_time_format(one->as.last_s, last));
	}
}

static struct bs_json *
json_of(const struct bs_waiting *one)
{
	struct bs_json *json = bs_json_object();
	char text[BS_PREFIX_TEXT_MAX];

	bs_json_text(json, "prefix", bs_prefix_format(&one->prefix, text));
	bs_json_text(json, "class", bs_class_name(one->class));
	ctl_json_time(json, "publish", one->publish_s);
	ctl_json_time(json, "last", one->as.last_s);
	ctl_json_time(json, "expires", one->as.expires_s);
	bs_json_number(json, "hits", one->as.hits);
	return json;
}

struct bs_json *
ctl_waiting_json(const struct ctl_waiting *waiting)
{
	struct bs_json *array = bs_json_array();

	for (size_t i = 0; i < waiting->count; i++)
		bs_json_put(array, NULL, json_of(&waiting->one[i]));
	return array;
}
