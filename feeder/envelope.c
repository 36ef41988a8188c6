/*
 * Keeps an envelope's list of recipients.  Filled by the sessions of the live
 * doors, read by the room.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>

#include "envelope.h"

int
envelope_add(
    struct envelope *envelope, const char *address, enum recipient_kind kind)
{
	size_t count = envelope->recipient_count;
	char *copy;

	if ((count & (count - 1)) == 0) { /* grows at powers of two */
		size_t capacity = count > 0 ? 2 * count : 1;
		struct envelope_recipient *more =
		    reallocarray(envelope->recipient, capacity, sizeof(*more));

		if (more == NULL)
			return BS_ENOMEM;
		envelope->recipient = more;
	}
	copy = strdup(address);
	if (copy == NULL)
		return BS_ENOMEM;
	envelope->recipient[count] = (struct envelope_recipient){copy, kind};
	envelope->recipient_count++;
	envelope->trap_count += kind == RECIPIENT_TRAP;
	envelope->role_count += kind == RECIPIENT_ROLE;
	return BS_OK;
}

enum envelope_taken
envelope_taken_of(int rc)
{
	if (rc == BS_OK)
		return ENVELOPE_TAKEN;
	return rc == BS_EFULL ? ENVELOPE_NO_ROOM : ENVELOPE_TRY_LATER;
}

void
envelope_reset(struct envelope *envelope)
{
	for (size_t i = 0; i < envelope->recipient_count; i++)
		free(envelope->recipient[i].address);
	free(envelope->recipient);
	envelope->recipient = NULL;
	envelope->recipient_count = 0;
	envelope->trap_count = 0;
	envelope->role_count = 0;
	envelope->sender[0] = '\0';
	envelope->utf8 = false;
	envelope->cut = false;
}

int
envelope_copy(const struct envelope *envelope, struct envelope *to_r)
{
	struct envelope copy = *envelope;

	copy.recipient = NULL;
	copy.recipient_count = copy.trap_count = copy.role_count = 0;
	for (size_t i = 0; i < envelope->recipient_count; i++) {
		if (envelope_add(&copy, envelope->recipient[i].address,
			envelope->recipient[i].kind) != BS_OK) {
			envelope_reset(&copy);
			return BS_ENOMEM;
		}
	}
	*to_r = copy;
	return BS_OK;
}
