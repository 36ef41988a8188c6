/*
 * Delivers mail for a person.  A thread of libuv's pool writes the file
 * (maildrop.c); where sendmail is to have it, the nursery starts that, and its
 * exit code is awaited on the loop.  Called by room.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "maildrop.h"
#include "reserve.h"
#include "rolemail.h"
#include "way.h"

struct rolemail {
	struct rolemail_setup setup;
	const struct envelope *envelope;
	const struct spool *spool;
	rolemail_done *done;
	void *context;

	uv_work_t work;
	int rc;
	int socket;      /* to the sendmail that has it, or -1 */
	struct way *way; /* the same, watched */
};

/* --- in a thread of the pool --------------------------------------------- */

static int
put_to_sendmail(struct rolemail *mail)
{
	const char *folder = mail->setup.config->database;
	int file, rc;

	if (!reserve_allows(folder, spool_size(mail->spool)))
		return BS_EFULL;
	file = spool_open_unnamed(folder);
	if (file < 0)
		return BS_EIO;
	rc = maildrop_write(
	    file, mail->setup.hostname, mail->envelope, mail->spool);
	if (rc == BS_OK)
		rc = nursery_sendmail(mail->setup.nursery, file, &mail->socket);
	(void)close(file);
	return rc;
}

static void
put(uv_work_t *work)
{
	struct rolemail *mail = work->data;
	const struct bs_config *config = mail->setup.config;

	if (config->role_sendmail != NULL)
		mail->rc = put_to_sendmail(mail);
	else
		mail->rc = maildrop_put(config->role_maildir,
		    mail->setup.hostname, mail->envelope, mail->spool);
}

/* --- on the loop --------------------------------------------------------- */

static void
end(struct rolemail *mail)
{
	mail->done(mail->context, mail->rc);
	free(mail);
}

/* Its exit code, or the end of the socket where it failed otherwise. */
static void
on_sendmail(uv_poll_t *poll, int status, int events)
{
	struct way *way = poll->data;
	struct rolemail *mail = way->owner;
	uint8_t code = 255;
	ssize_t got;

	(void)events;
	if (mail == NULL)
		return;
	got = recv(way->socket, &code, 1, MSG_DONTWAIT);
	if (status == 0 && got < 0 && (errno == EAGAIN || errno == EINTR))
		return;
	mail->rc = got == 1 && code == 0 ? BS_OK : BS_EIO;
	way_close(&mail->way);
	end(mail);
}

/* The threads of libuv's pool are few: none waits for sendmail. */
static void
on_put(uv_work_t *work, int status)
{
	struct rolemail *mail = work->data;

	if (status != 0)
		mail->rc = BS_EIO;
	if (mail->rc == BS_OK && mail->socket >= 0) {
		mail->way =
		    way_new(mail->setup.loop, mail->socket, on_sendmail, mail);
		if (mail->way != NULL)
			return;
		mail->rc = BS_ESYSTEM;
	}
	end(mail);
}

int
rolemail_put(const struct rolemail_setup *setup,
    const struct envelope *envelope, const struct spool *spool,
    rolemail_done *done, void *context)
{
	struct rolemail *mail = calloc(1, sizeof(*mail));

	if (mail == NULL)
		return BS_ENOMEM;
	*mail = (struct rolemail){.setup = *setup,
	    .envelope = envelope,
	    .spool = spool,
	    .done = done,
	    .context = context,
	    .socket = -1};
	mail->work.data = mail;
	if (uv_queue_work(setup->loop, &mail->work, put, on_put) == 0)
		return BS_OK;
	free(mail);
	return BS_ENOMEM;
}
