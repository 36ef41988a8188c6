/*
 * Texts and exit codes of the errors, and messages for a person.
 *
 * Everybody calls this; it calls nobody.  What is wrong with which object is
 * said by the callers: here are only the general words.
 */
#include "autoconf.h"

#include <stdarg.h>
#include <stdio.h>

#include "error.h"
#include "utf8.h"

struct error_row {
	const char *text;
	enum bs_exit exit_code;
};

/* indexed by the negated error */
static const struct error_row error_table[] = {
    [-BS_OK] = {"success", BS_EXIT_OK},
    [-BS_EINVAL] = {"malformed", BS_EXIT_NO},
    [-BS_ERANGE] = {"out of range", BS_EXIT_NO},
    [-BS_ETOOLONG] = {"too long", BS_EXIT_NO},
    [-BS_ENOTFOUND] = {"not found", BS_EXIT_NO},
    [-BS_EEXIST] = {"there already", BS_EXIT_NO},
    [-BS_EHOSTBITS] = {"bits set beyond the prefix length", BS_EXIT_NO},
    [-BS_ERESERVED] = {"reserved or exempt address space", BS_EXIT_NO},
    [-BS_ENOMEM] = {"out of memory", BS_EXIT_ENVIRONMENT},
    [-BS_EACCES] = {"no permission", BS_EXIT_ENVIRONMENT},
    [-BS_EIO] = {"reading or writing failed", BS_EXIT_ENVIRONMENT},
    [-BS_EFULL] = {"no space left", BS_EXIT_ENVIRONMENT},
    [-BS_ECORRUPT] = {"damaged", BS_EXIT_ENVIRONMENT},
    [-BS_EVERSION] = {"made by another version", BS_EXIT_ENVIRONMENT},
    [-BS_EFOREIGN] = {"made by another program", BS_EXIT_ENVIRONMENT},
    [-BS_EBUSY] = {"in use", BS_EXIT_ENVIRONMENT},
    [-BS_ECONFIG] = {"errors in the configuration", BS_EXIT_NO},
    [-BS_ESYSTEM] = {"the system refused", BS_EXIT_ENVIRONMENT},
};

#define ERROR_COUNT (sizeof(error_table) / sizeof(error_table[0]))

const char *
bs_strerror(enum bs_error error)
{
	if (error > 0 || (size_t)-error >= ERROR_COUNT)
		return "unknown error";
	return error_table[-error].text;
}

enum bs_exit
bs_exit_for(enum bs_error error)
{
	if (error > 0 || (size_t)-error >= ERROR_COUNT)
		return BS_EXIT_ENVIRONMENT;
	return error_table[-error].exit_code;
}

void
bs_text_clean(char *text)
{
	while (*text != '\0') {
		size_t size = bs_utf8_plain(text);

		if (size == 0)
			*text = '?';
		text += size == 0 ? 1 : size;
	}
}

void
bs_message_set(struct bs_message *message, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	bs_message_vset(message, format, args);
	va_end(args);
}

void
bs_message_vset(struct bs_message *message, const char *format, va_list args)
{
	if (message == NULL)
		return;
	(void)vsnprintf(message->text, sizeof(message->text), format, args);
	bs_text_clean(message->text);
}
