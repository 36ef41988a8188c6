/*
 * What a build with sanitizers (for tests only) needs beyond what the program
 * does: LeakSanitizer looks into the process at its end, reports are written
 * into the folder that $BS_SANITIZER_FOLDER names, with names of functions from
 * the program's own file.  Other builds allow none of it.  For confine_*.c.
 */
#ifndef BS_CONFINE_SANITIZER_H
#define BS_CONFINE_SANITIZER_H

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/syscall.h>

#include "confine.h"

typedef int bs_confine_allow(
    int ruleset, const struct bs_confine_path *path, uint64_t barred);

#if defined(__SANITIZE_ADDRESS__)
#	define BS_SANITIZED 1
#elif defined(__has_feature)
#	if __has_feature(address_sanitizer)
#		define BS_SANITIZED 1
#	endif
#endif

#ifdef BS_SANITIZED
#	define BS_CONFINE_SANITIZER_CALLS 6

static inline int
bs_confine_sanitizer_call(size_t i)
{
	static const int calls[BS_CONFINE_SANITIZER_CALLS] = {SYS_ptrace,
	    SYS_process_vm_readv, SYS_wait4, SYS_kill, SYS_getdents64,
	    SYS_readlink};

	return calls[i];
}

static inline int
bs_confine_sanitizer_paths(
    int ruleset, uint64_t barred, bs_confine_allow *allow)
{
	const char *folder = getenv("BS_SANITIZER_FOLDER");
	const struct bs_confine_path paths[] = {
	    {"/proc", BS_CONFINE_READ},
	    {"/proc/self/exe", BS_CONFINE_READ},
	    {"/lib", BS_CONFINE_READ},
	    {"/usr/lib", BS_CONFINE_READ},
	    {folder, BS_CONFINE_READ | BS_CONFINE_WRITE | BS_CONFINE_MAKE},
	};
	size_t count = sizeof(paths) / sizeof(paths[0]);
	int number = 0;

	if (folder == NULL)
		count--;
	for (size_t i = 0; i < count && number == 0; i++)
		number = allow(ruleset, &paths[i], barred);
	return number;
}
#else
#	define BS_CONFINE_SANITIZER_CALLS 0

static inline int
bs_confine_sanitizer_call(size_t i)
{
	(void)i;
	return -1;
}

static inline int
bs_confine_sanitizer_paths(
    int ruleset, uint64_t barred, bs_confine_allow *allow)
{
	(void)ruleset;
	(void)barred;
	(void)allow;
	return 0;
}
#endif

#endif
