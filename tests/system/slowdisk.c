/*
 * A slow disk, for tests/system/smtpspool: preloaded (LD_PRELOAD), each write to
 * a file that has no name, as a large message is written to, takes SLOWDISK_MS,
 * and fails with "No space left" if SLOWDISK_FULL is set.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

typedef ssize_t write_function(int file, const void *bytes, size_t size);

static void
wait_ms(long ms)
{
	struct timespec wait = {ms / 1000, ms % 1000 * 1000000};

	(void)nanosleep(&wait, NULL);
}

ssize_t
write(int file, const void *bytes, size_t size)
{
	union {
		void *symbol;
		write_function *function;
	} next = {dlsym(RTLD_NEXT, "write")};
	const char *ms = getenv("SLOWDISK_MS");
	struct stat status;

	if (ms != NULL && fstat(file, &status) == 0 &&
	    S_ISREG(status.st_mode) && status.st_nlink == 0) {
		wait_ms(strtol(ms, NULL, 10));
		if (getenv("SLOWDISK_FULL") != NULL) {
			errno = ENOSPC;
			return -1;
		}
	}
	return next.function(file, bytes, size);
}
