/*
 * What time does where nobody writes: the step that every writer begins with,
 * alone.  Called by the clock of a program that stays, and by the tool.
 */
#include "autoconf.h"

#include "store_private.h"

int
bs_store_tidy(struct bs_store *store, uint32_t now_s, const char *actor,
    struct bs_tidied *tidied_r, struct bs_message *message)
{
	struct bs_writer *writer;
	struct bs_tidied tidied;
	int error = bs_writer_begin(store, now_s, actor, &writer, message);

	if (error != BS_OK)
		return error;
	bs_writer_tidied(writer, &tidied);
	/* where nothing changed LMDB writes nothing and waits for no disk */
	error = bs_writer_commit(&writer, message);
	if (error == BS_OK)
		*tidied_r = tidied;
	return error;
}
