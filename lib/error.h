/*
 * Errors: one enum for the whole project, one text for each value, and the
 * exit codes of the three programs.
 *
 * 0 is success, failures are negative; questions with a yes or no return bool.
 * Where a failure must be explained to a person, the function that can name
 * the object fills a struct bs_message with one line: the thing, what is wrong
 * with it, what to do.  Who calls logs that line; lower layers never log.
 */
#ifndef BS_ERROR_H
#define BS_ERROR_H

#include <stdarg.h>
#include <stddef.h>

enum bs_error {
	BS_OK = 0,
	BS_EINVAL = -1,    /* not of the form that was asked for */
	BS_ERANGE = -2,    /* of the form, outside the allowed range */
	BS_ETOOLONG = -3,  /* longer than its limit */
	BS_ENOTFOUND = -4, /* no such thing */
	BS_EEXIST = -5,    /* there already */
	BS_EHOSTBITS = -6, /* a prefix with bits set beyond its length */
	BS_ERESERVED = -7, /* reserved address space, or exempt */
	BS_ENOMEM = -8,    /* out of memory */
	BS_EACCES = -9,    /* no permission */
	BS_EIO = -10,      /* reading or writing failed */
	BS_EFULL = -11,    /* the disk or the database is full */
	BS_ECORRUPT = -12, /* stored bytes that do not decode */
	BS_EVERSION = -13, /* made by another version of this program */
	BS_EFOREIGN = -14, /* made by another program */
	BS_EBUSY = -15,    /* in use by somebody else */
	BS_ECONFIG = -16,  /* the configuration has errors, all reported */
	BS_ESYSTEM = -17,  /* the operating system refused something else */
};

/* The last value, for tests that walk over all of them. */
#define BS_ERROR_LAST BS_ESYSTEM

/*
 * A short lower-case text for an error, without a full stop.  Never NULL;
 * static storage.
 */
const char *bs_strerror(enum bs_error error);

/* Exit codes of all three programs (documented in their manual pages). */
enum bs_exit {
	BS_EXIT_OK = 0,          /* done */
	BS_EXIT_NO = 1,          /* the answer is no, or the input was bad */
	BS_EXIT_USAGE = 2,       /* the command line is wrong */
	BS_EXIT_ENVIRONMENT = 3, /* a file, port, disk or database failed */
};

/* The exit code that an error leads to, where nothing better is known. */
enum bs_exit bs_exit_for(enum bs_error error);

/* One line for a person, without a newline; cut at the end if longer. */
#define BS_MESSAGE_MAX 1024

struct bs_message {
	char text[BS_MESSAGE_MAX];
};

/* Control characters and what is no UTF-8 (of a hostile file name, say) become
 * '?', see bs_utf8_plain. */
void bs_text_clean(char *text);

/*
 * Formats a message; `message` may be NULL when nobody wants to know.
 * Control characters become '?'.
 */
void bs_message_set(struct bs_message *message, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The same of a started argument list, which the caller ends. */
void bs_message_vset(struct bs_message *message, const char *format,
    va_list args) __attribute__((format(printf, 2, 0)));

#endif
