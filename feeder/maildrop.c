/*
 * Delivers into a Maildir as its makers describe it: written under tmp/, moved
 * to new/ when it is on disk.  Called by room.c, in a thread of libuv's pool.
 */
#include "autoconf.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "fileio.h"
#include "maildrop.h"
#include "reserve.h"

#define PATH_SIZE 4096
#define PIECE_SIZE 16384
#define NAME_SIZE 128

static const char *const parts[] = {"", "/tmp", "/new", "/cur"};

int
maildrop_make(const char *folder, struct bs_message *message)
{
	char path[PATH_SIZE];

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		(void)snprintf(path, sizeof(path), "%s%s", folder, parts[i]);
		if (mkdir(path, 0700) == 0 || errno == EEXIST)
			continue;
		bs_message_set(message,
		    "%.600s: the Maildir cannot be made: %s: make its folder "
		    "and let this program's user write there",
		    path, strerror(errno));
		return errno == EACCES ? BS_EACCES : BS_EIO;
	}
	return BS_OK;
}

int
maildrop_check_program(
    const struct bs_config *config, struct bs_message *message)
{
	const char *path = config->role_sendmail;
	struct stat status;
	const char *fault = NULL;

	if (stat(path, &status) != 0)
		fault = strerror(errno);
	else if (!S_ISREG(status.st_mode))
		fault = "no file";
	else if ((status.st_mode & 0111) == 0)
		fault = "nobody may run it";
	if (fault == NULL)
		return BS_OK;
	bs_message_set(message,
	    "%.400s: role.sendmail: %.400s: %s: name a program that takes mail, as "
	    "/usr/sbin/sendmail, or leave it out for a Maildir",
	    config->path, path, fault);
	return BS_EIO;
}

/* --- writing ------------------------------------------------------------- */

/* CRLF becomes LF; *cr: the last byte before was a CR that is not written. */
static size_t
unix_lines(const char *bytes, size_t size, bool *cr, char *out)
{
	size_t used = 0;

	for (size_t i = 0; i < size; i++) {
		if (*cr && bytes[i] != '\n')
			out[used++] = '\r';
		*cr = bytes[i] == '\r';
		if (!*cr)
			out[used++] = bytes[i];
	}
	return used;
}

/* What a client called itself, as far as it can't be taken for more. */
static void
clean_name(const char *helo, char name[ENVELOPE_HELO_MAX + 1])
{
	static const char sound[] = "abcdefghijklmnopqrstuvwxyz"
				    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_:";
	size_t size = strlen(helo);

	for (size_t i = 0; i <= size; i++)
		name[i] = helo[i] == '\0' || strchr(sound, helo[i]) != NULL
			      ? helo[i]
			      : '?';
	if (size == 0)
		strcpy(name, "unknown");
}

/* RFC 5321 section 4.4: whoever reads it wants to know who sent it. */
static int
write_received(int file, const char *by, const struct envelope *envelope)
{
	char line[2 * ENVELOPE_HELO_MAX + 256], date[64];
	char name[ENVELOPE_HELO_MAX + 1], addr[BS_ADDR_TEXT_MAX];
	time_t now = time(NULL);
	struct tm tm;

	(void)gmtime_r(&now, &tm);
	(void)strftime(date, sizeof(date), "%a, %d %b %Y %H:%M:%S +0000", &tm);
	clean_name(envelope->helo, name);
	if (envelope->has_peer)
		(void)snprintf(line, sizeof(line),
		    "Received: from %s ([%s%s])\n\tby %s; %s\n", name,
		    envelope->peer.family == BS_IPV6 ? "IPv6:" : "",
		    bs_addr_format(&envelope->peer, addr), by, date);
	else
		(void)snprintf(
		    line, sizeof(line), "Received: by %s; %s\n", by, date);
	return bs_fileio_write(file, line, strlen(line));
}

static int
write_heads(int file, const char *by, const struct envelope *envelope)
{
	char line[ENVELOPE_ADDRESS_MAX + 64];
	int rc;

	(void)snprintf(
	    line, sizeof(line), "Return-Path: <%s>\n", envelope->sender);
	rc = bs_fileio_write(file, line, strlen(line));
	for (size_t i = 0; rc == BS_OK && i < envelope->recipient_count; i++) {
		if (envelope->recipient[i].kind != RECIPIENT_ROLE)
			continue;
		(void)snprintf(line, sizeof(line), "Delivered-To: %s\n",
		    envelope->recipient[i].address);
		rc = bs_fileio_write(file, line, strlen(line));
	}
	return rc == BS_OK ? write_received(file, by, envelope) : rc;
}

int
maildrop_write(int file, const char *by, const struct envelope *envelope,
    const struct spool *spool)
{
	char piece[PIECE_SIZE], out[2 * PIECE_SIZE];
	size_t offset = 0, size = 1;
	bool cr = false;
	int rc = write_heads(file, by, envelope);

	while (rc == BS_OK && offset < spool_size(spool)) {
		rc = spool_read(spool, offset, piece, sizeof(piece), &size);
		if (rc != BS_OK)
			break;
		offset += size;
		rc = bs_fileio_write(
		    file, out, unix_lines(piece, size, &cr, out));
	}
	if (rc == BS_OK && cr)
		rc = bs_fileio_write(file, "\r", 1);
	return rc;
}

/* --- delivering ---------------------------------------------------------- */

/* Unique: time, random, process. */
static void
make_name(char name[NAME_SIZE])
{
	struct timespec now;
	uint64_t number = 0;

	(void)clock_gettime(CLOCK_REALTIME, &now);
	/* without it time and process still make it unique */
	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		number = 0;
	(void)snprintf(name, NAME_SIZE, "%lld.M%ldR%016llxP%d.backstop",
	    (long long)now.tv_sec, now.tv_nsec / 1000,
	    (unsigned long long)number, (int)getpid());
}

static int
sync_folder(const char *path)
{
	int file = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	int rc;

	if (file < 0)
		return BS_EIO;
	rc = fsync(file) == 0 ? BS_OK : BS_EIO;
	(void)close(file);
	return rc;
}

static int
write_file(const char *path, const char *by, const struct envelope *envelope,
    const struct spool *spool)
{
	int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	int rc;

	if (file < 0)
		return bs_fileio_error(errno);
	rc = maildrop_write(file, by, envelope, spool);
	if (rc == BS_OK && fsync(file) != 0)
		rc = bs_fileio_error(errno);
	if (close(file) != 0 && rc == BS_OK)
		rc = bs_fileio_error(errno);
	return rc;
}

int
maildrop_put(const char *folder, const char *by,
    const struct envelope *envelope, const struct spool *spool)
{
	char name[NAME_SIZE], from[PATH_SIZE], to[PATH_SIZE];
	int rc;

	if (!reserve_allows(folder, spool_size(spool)))
		return BS_EFULL;
	make_name(name);
	(void)snprintf(from, sizeof(from), "%s/tmp/%s", folder, name);
	(void)snprintf(to, sizeof(to), "%s/new/%s", folder, name);
	rc = write_file(from, by, envelope, spool);
	if (rc == BS_OK && rename(from, to) != 0) {
		int reason = errno;

		(void)unlink(from);
		if (reason != EXDEV)
			return bs_fileio_error(reason);
		/* Landlock before Linux 5.19: no way from folder to folder;
		 * readers pass over names with a dot */
		(void)snprintf(from, sizeof(from), "%s/new/.%s", folder, name);
		rc = write_file(from, by, envelope, spool);
		if (rc == BS_OK && rename(from, to) != 0)
			rc = bs_fileio_error(errno);
	}
	if (rc != BS_OK) {
		(void)unlink(from);
		return rc;
	}
	(void)snprintf(to, sizeof(to), "%s/new", folder);
	return sync_folder(to);
}

size_t
maildrop_count(const char *folder)
{
	char path[PATH_SIZE];
	struct dirent *entry;
	size_t count = 0;
	DIR *dir;

	(void)snprintf(path, sizeof(path), "%s/new", folder);
	dir = opendir(path);
	if (dir == NULL)
		return 0;
	while ((entry = readdir(dir)) != NULL)
		count += entry->d_name[0] != '.';
	(void)closedir(dir);
	return count;
}
