/*
 * Hands out pieces to the processes of a crew and their answers, in order, to
 * who put them.  A ring of slots: a piece takes the next one, and `done` is
 * told of the oldest when its answer is there.  crewman.c is one process.
 */
#include "autoconf.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "crew.h"
#include "crewman.h"

#define SEND_TRIES 2

struct slot {
	void *ticket;
	bool answered, died;
	char why[CREWMAN_WHY_MAX];
	char *answer; /* answer_size bytes */
};

struct crew {
	struct crew_setup setup;
	struct crewman *man;
	struct slot *slot;
	char *answers;
	size_t slot_count;
	size_t oldest, count; /* slots in use */
	int failed;           /* BS_OK, or what all calls say from now on */
};

int
crew_new(const struct crew_setup *setup, struct crew **crew_r)
{
	struct crew *crew = calloc(1, sizeof(*crew));
	int error = BS_OK;

	if (crew == NULL)
		return BS_ENOMEM;
	crew->setup = *setup;
	crew->slot_count = setup->jobs * CREW_AHEAD;
	crew->man = calloc(setup->jobs, sizeof(*crew->man));
	crew->slot = calloc(crew->slot_count, sizeof(*crew->slot));
	crew->answers = calloc(crew->slot_count, setup->answer_size);
	if (crew->man == NULL || crew->slot == NULL || crew->answers == NULL)
		error = BS_ENOMEM;
	for (size_t i = 0; error == BS_OK && i < crew->slot_count; i++)
		crew->slot[i].answer = crew->answers + i * setup->answer_size;
	for (size_t i = 0; crew->man != NULL && i < setup->jobs; i++)
		crew->man[i].socket = -1;
	for (size_t i = 0; error == BS_OK && i < setup->jobs; i++)
		error = crewman_start(&crew->setup, &crew->man[i]);
	if (error == BS_OK)
		*crew_r = crew;
	else
		crew_free(&crew);
	return error;
}

void
crew_free(struct crew **crew)
{
	struct crew *old = *crew;

	if (old == NULL)
		return;
	for (size_t i = 0; old->man != NULL && i < old->setup.jobs; i++)
		crewman_end(&old->man[i], NULL);
	for (; old->count > 0; old->count--) {
		struct slot *slot = &old->slot[old->oldest];

		old->setup.dropped(old->setup.context, slot->ticket);
		old->oldest = (old->oldest + 1) % old->slot_count;
	}
	free(old->man);
	free(old->slot);
	free(old->answers);
	free(old);
	*crew = NULL;
}

/* --- answers --------------------------------------------------------------- */

/* Tells of the oldest pieces that are answered. */
static int
tell(struct crew *crew)
{
	while (crew->failed == BS_OK && crew->count > 0) {
		struct slot *slot = &crew->slot[crew->oldest];

		if (!slot->answered)
			return BS_OK;
		crew->oldest = (crew->oldest + 1) % crew->slot_count;
		crew->count--;
		crew->failed = crew->setup.done(crew->setup.context,
		    slot->ticket, slot->died ? NULL : slot->answer, slot->why);
	}
	return crew->failed;
}

/* A process that is gone is replaced. */
static void
replace(struct crew *crew, struct crewman *man, char *why)
{
	crewman_end(man, why);
	if (crewman_start(&crew->setup, man) != BS_OK)
		crew->failed = BS_ESYSTEM;
}

static void
take_answer(struct crew *crew, struct crewman *man)
{
	struct slot *slot = &crew->slot[man->slot];

	slot->answered = true;
	man->busy = false;
	if (crewman_receive(man, slot->answer, crew->setup.answer_size))
		return;
	slot->died = true;
	replace(crew, man, slot->why);
}

/* Waits until one of those that are busy has answered or died. */
static int
wait_answer(struct crew *crew)
{
	struct pollfd poll_fd[CREW_JOBS_MAX];
	size_t jobs = crew->setup.jobs;

	for (size_t i = 0; i < jobs; i++) {
		poll_fd[i].fd = crew->man[i].busy ? crew->man[i].socket : -1;
		poll_fd[i].events = POLLIN;
		poll_fd[i].revents = 0;
	}
	while (poll(poll_fd, (nfds_t)jobs, -1) < 0) {
		if (errno != EINTR) {
			crew->failed = BS_ESYSTEM;
			return crew->failed;
		}
	}
	for (size_t i = 0; crew->failed == BS_OK && i < jobs; i++) {
		if (poll_fd[i].revents != 0)
			take_answer(crew, &crew->man[i]);
	}
	return tell(crew);
}

/* --- pieces ---------------------------------------------------------------- */

static struct crewman *
find_idle(struct crew *crew)
{
	for (size_t i = 0; i < crew->setup.jobs; i++) {
		if (!crew->man[i].busy)
			return &crew->man[i];
	}
	return NULL;
}

/* One that died while it had nothing to do is no fault of the piece. */
static void
hand_out(struct crew *crew, struct crewman *man, const struct crew_piece *piece)
{
	size_t number = (crew->oldest + crew->count) % crew->slot_count;
	struct slot *slot = &crew->slot[number];

	slot->ticket = piece->ticket;
	slot->answered = slot->died = false;
	slot->why[0] = '\0';
	crew->count++;
	for (int i = 0; crew->failed == BS_OK && i < SEND_TRIES; i++) {
		if (crewman_send(man, piece)) {
			man->slot = number;
			man->busy = true;
			return;
		}
		replace(crew, man, slot->why);
	}
	slot->answered = slot->died = true;
}

int
crew_put(struct crew *crew, const struct crew_piece *piece)
{
	struct crewman *man = NULL;

	while (crew->failed == BS_OK) {
		man = find_idle(crew);
		if (man != NULL && crew->count < crew->slot_count)
			break;
		(void)wait_answer(crew);
	}
	if (crew->failed != BS_OK) {
		crew->setup.dropped(crew->setup.context, piece->ticket);
		return crew->failed;
	}
	hand_out(crew, man, piece);
	return crew->failed == BS_OK ? tell(crew) : crew->failed;
}

int
crew_drain(struct crew *crew)
{
	while (crew->failed == BS_OK && crew->count > 0)
		(void)wait_answer(crew);
	return crew->failed;
}
