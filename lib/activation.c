/*
 * Socket activation, without libsystemd: the variables are read.  What the
 * files are, and what is served at them, is the programs' business; they call
 * it first of all, before they open any file.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "activation.h"

/* A decimal number of up to nine digits. */
static bool
read_number(const char *text, long *number_r)
{
	size_t size = strlen(text);
	long number = 0;

	if (size == 0 || size > 9)
		return false;
	for (size_t i = 0; i < size; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		number = number * 10 + (text[i] - '0');
	}
	*number_r = number;
	return true;
}

int
bs_activation_count(const char *pid_text, const char *count_text, long pid,
    size_t max, size_t *count_r)
{
	long whose, count;

	*count_r = 0;
	if (pid_text == NULL || count_text == NULL)
		return BS_OK;
	if (!read_number(pid_text, &whose) || !read_number(count_text, &count))
		return BS_EINVAL;
	if (whose != pid)
		return BS_OK;
	if ((size_t)count > max)
		return BS_ERANGE;
	*count_r = (size_t)count;
	return BS_OK;
}

int
bs_activation_take(const struct bs_log *log, size_t max, size_t *count_r)
{
	int result = bs_activation_count(getenv("LISTEN_PID"),
	    getenv("LISTEN_FDS"), (long)getpid(), max, count_r);

	if (result != BS_OK) {
		bs_log(log, BS_LOG_ERROR,
		    "socket activation: LISTEN_PID and LISTEN_FDS: %s: unset "
		    "them, or hand over at most %zu sockets",
		    bs_strerror((enum bs_error)result), max);
		return BS_ECONFIG;
	}
	(void)unsetenv("LISTEN_PID");
	(void)unsetenv("LISTEN_FDS");
	(void)unsetenv("LISTEN_FDNAMES");
	return BS_OK;
}

int
bs_activation_option(int file, int option)
{
	int value = -1;
	socklen_t size = sizeof(value);

	if (getsockopt(file, SOL_SOCKET, option, &value, &size) != 0)
		return -1;
	return value;
}
