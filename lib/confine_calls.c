/*
 * seccomp: a filter that lets through the system calls of the groups that a
 * program names, for its own kind of processor, and makes all others fail with
 * EPERM.  The kernel remembers which calls a filter always allows, so they cost
 * nothing more.  Called by confine.c.
 */
#include "autoconf.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_LINUX_SECCOMP_H
#	include <linux/audit.h>
#	include <linux/filter.h>
#	include <linux/seccomp.h>
#	include <linux/sockios.h>
#endif

#include "confine.h"
#include "confine_sanitizer.h"

#if defined(__x86_64__) && defined(__LP64__)
#	define ARCHITECTURE AUDIT_ARCH_X86_64
#elif defined(__aarch64__)
#	define ARCHITECTURE AUDIT_ARCH_AARCH64
#elif defined(__riscv) && __riscv_xlen == 64
#	define ARCHITECTURE AUDIT_ARCH_RISCV64
#endif

#if defined(HAVE_LINUX_SECCOMP_H) && defined(ARCHITECTURE)

/* Which group a call is of; 0: every program's. */
struct call_row {
	int number;
	unsigned groups;
};

#	define ALWAYS 0
#	define CALL(name, of)         \
		{                      \
			SYS_##name, of \
		}

static const struct call_row call_table[] = {
    /* memory */
    CALL(brk, ALWAYS),
    CALL(madvise, ALWAYS),
    CALL(mmap, ALWAYS),
    CALL(mprotect, ALWAYS),
    CALL(mremap, ALWAYS),
    CALL(msync, ALWAYS),
    CALL(munmap, ALWAYS),
    /* itself: threads, signals, time, limits, randomness */
    CALL(clock_getres, ALWAYS),
    CALL(clock_gettime, ALWAYS),
    CALL(clock_nanosleep, ALWAYS),
    CALL(clone, ALWAYS),
    CALL(clone3, ALWAYS),
    CALL(exit, ALWAYS),
    CALL(exit_group, ALWAYS),
    CALL(futex, ALWAYS),
    CALL(getegid, ALWAYS),
    CALL(geteuid, ALWAYS),
    CALL(getgid, ALWAYS),
    CALL(getpid, ALWAYS),
    CALL(getppid, ALWAYS),
    CALL(getrandom, ALWAYS),
    CALL(getrusage, ALWAYS),
    CALL(gettid, ALWAYS),
    CALL(gettimeofday, ALWAYS),
    CALL(getuid, ALWAYS),
    CALL(membarrier, ALWAYS),
    CALL(nanosleep, ALWAYS),
    CALL(prctl, ALWAYS),
    CALL(restart_syscall, ALWAYS),
    CALL(rseq, ALWAYS),
    CALL(rt_sigaction, ALWAYS),
    CALL(rt_sigpending, ALWAYS),
    CALL(rt_sigprocmask, ALWAYS),
    CALL(rt_sigreturn, ALWAYS),
    CALL(rt_sigsuspend, ALWAYS),
    CALL(rt_sigtimedwait, ALWAYS),
    CALL(sched_getaffinity, ALWAYS),
    CALL(sched_yield, ALWAYS),
    CALL(set_robust_list, ALWAYS),
    CALL(set_tid_address, ALWAYS),
    CALL(sigaltstack, ALWAYS),
    CALL(sysinfo, ALWAYS),
    CALL(tgkill, BS_CONFINE_CHILDREN), /* others */
    CALL(uname, ALWAYS),
#	ifdef SYS_time
    CALL(time, ALWAYS),
#	endif
    /* what is open, and waiting for it */
    CALL(close, ALWAYS),
    CALL(dup, ALWAYS),
    CALL(dup3, ALWAYS),
    CALL(epoll_create1, ALWAYS),
    CALL(epoll_ctl, ALWAYS),
    CALL(epoll_pwait, ALWAYS),
    CALL(eventfd2, ALWAYS),
    CALL(fcntl, ALWAYS),
    CALL(fdatasync, ALWAYS),
    CALL(fstat, ALWAYS),
    CALL(fsync, ALWAYS),
    CALL(ioctl, ALWAYS),
    CALL(lseek, ALWAYS),
    CALL(pipe2, ALWAYS),
    CALL(ppoll, ALWAYS),
    CALL(pread64, ALWAYS),
    CALL(preadv, ALWAYS),
    CALL(pselect6, ALWAYS),
    CALL(pwrite64, ALWAYS),
    CALL(pwritev, ALWAYS),
    CALL(read, ALWAYS),
    CALL(readv, ALWAYS),
    CALL(write, ALWAYS),
    CALL(writev, ALWAYS),
#	ifdef SYS_poll
    CALL(dup2, ALWAYS),
    CALL(epoll_create, ALWAYS),
    CALL(epoll_wait, ALWAYS),
    CALL(pipe, ALWAYS),
    CALL(poll, ALWAYS),
    CALL(select, ALWAYS),
#	endif
    /* files by their names */
    CALL(chdir, BS_CONFINE_FILES),
    CALL(faccessat, BS_CONFINE_FILES),
#	ifdef SYS_faccessat2
    CALL(faccessat2, BS_CONFINE_FILES),
#	endif
    CALL(fallocate, BS_CONFINE_FILES),
    CALL(fchmod, BS_CONFINE_FILES),
    CALL(fchmodat, BS_CONFINE_FILES),
    CALL(fchown, BS_CONFINE_FILES),
    CALL(flock, BS_CONFINE_FILES),
    CALL(fstatfs, BS_CONFINE_FILES),
    CALL(ftruncate, BS_CONFINE_FILES),
    CALL(getcwd, BS_CONFINE_FILES),
    CALL(getdents64, BS_CONFINE_FILES),
    CALL(linkat, BS_CONFINE_FILES),
    CALL(mkdirat, BS_CONFINE_FILES),
    CALL(newfstatat, BS_CONFINE_FILES),
    CALL(openat, BS_CONFINE_FILES),
    CALL(readlinkat, BS_CONFINE_FILES),
    CALL(renameat2, BS_CONFINE_FILES),
    CALL(statfs, BS_CONFINE_FILES),
    CALL(statx, BS_CONFINE_FILES),
    CALL(truncate, BS_CONFINE_FILES),
    CALL(umask, BS_CONFINE_FILES),
    CALL(unlinkat, BS_CONFINE_FILES),
    CALL(utimensat, BS_CONFINE_FILES),
#	ifdef SYS_open
    CALL(access, BS_CONFINE_FILES),
    CALL(chmod, BS_CONFINE_FILES),
    CALL(getdents, BS_CONFINE_FILES),
    CALL(link, BS_CONFINE_FILES),
    CALL(lstat, BS_CONFINE_FILES),
    CALL(mkdir, BS_CONFINE_FILES),
    CALL(open, BS_CONFINE_FILES),
    CALL(readlink, BS_CONFINE_FILES),
    CALL(rename, BS_CONFINE_FILES),
    CALL(renameat, BS_CONFINE_FILES),
    CALL(rmdir, BS_CONFINE_FILES),
    CALL(stat, BS_CONFINE_FILES),
    CALL(unlink, BS_CONFINE_FILES),
#	endif
    /* sockets */
    CALL(accept, BS_CONFINE_SOCKETS),
    CALL(accept4, BS_CONFINE_SOCKETS),
    CALL(bind, BS_CONFINE_SOCKETS),
    CALL(connect, BS_CONFINE_SOCKETS),
    CALL(getpeername, BS_CONFINE_SOCKETS),
    CALL(getsockname, BS_CONFINE_SOCKETS),
    CALL(getsockopt, BS_CONFINE_SOCKETS),
    CALL(listen, BS_CONFINE_SOCKETS),
    CALL(recvfrom, BS_CONFINE_SOCKETS),
    CALL(recvmmsg, BS_CONFINE_SOCKETS),
    CALL(recvmsg, BS_CONFINE_SOCKETS),
    CALL(sendmmsg, BS_CONFINE_SOCKETS),
    CALL(sendmsg, BS_CONFINE_SOCKETS),
    CALL(sendto, BS_CONFINE_SOCKETS),
    CALL(setsockopt, BS_CONFINE_SOCKETS),
    CALL(shutdown, BS_CONFINE_SOCKETS),
    CALL(socket, BS_CONFINE_SOCKETS),
    CALL(socketpair, BS_CONFINE_SOCKETS),
    /* children */
    CALL(kill, BS_CONFINE_CHILDREN),
    CALL(wait4, BS_CONFINE_CHILDREN),
    CALL(waitid, BS_CONFINE_CHILDREN),
#	ifdef SYS_fork
    CALL(fork, BS_CONFINE_CHILDREN),
#	endif
};

#	define CALL_COUNT (sizeof(call_table) / sizeof(call_table[0]))
_Static_assert(CALL_COUNT <= BS_CONFINE_CALLS_MAX, "raise the maximum");

/* The head, two instructions a call, what is for itself only, and the end. */
#	define FILTER_MAX (2 * (2 * BS_CONFINE_CALLS_MAX) + 64)

#	define LOAD(member)                       \
		BPF_STMT(BPF_LD | BPF_W | BPF_ABS, \
		    (uint32_t)offsetof(struct seccomp_data, member))

#	define REFUSED (SECCOMP_RET_ERRNO | (EPERM & SECCOMP_RET_DATA))

struct filter {
	struct sock_filter code[FILTER_MAX];
	unsigned short size;
};

static void
add(struct filter *filter, struct sock_filter instruction)
{
	filter->code[filter->size++] = instruction;
}

/* Passes over so many instructions unless what was loaded is this. */
static void
skip_unless(struct filter *filter, uint32_t value, uint8_t instructions)
{
	add(filter, (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, value, 0, instructions));
}

static void
end_with(struct filter *filter, uint32_t verdict)
{
	add(filter, (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, verdict));
}

static void
begin(struct filter *filter)
{
	filter->size = 0;
	add(filter, (struct sock_filter)LOAD(arch));
	add(filter, (struct sock_filter)BPF_JUMP(
			BPF_JMP | BPF_JEQ | BPF_K, ARCHITECTURE, 1, 0));
	end_with(filter, SECCOMP_RET_KILL_PROCESS);
	add(filter, (struct sock_filter)LOAD(nr));
}

static void
let_through(struct filter *filter, int number)
{
	skip_unless(filter, (uint32_t)number, 1);
	end_with(filter, SECCOMP_RET_ALLOW);
}

/* Only with such a first argument, of which these calls take the lower half;
 * no processor above has that elsewhere. */
static void
let_through_with(struct filter *filter, int number, uint32_t first)
{
	skip_unless(filter, (uint32_t)number, 4);
	add(filter, (struct sock_filter)LOAD(args[0]));
	skip_unless(filter, first, 1);
	end_with(filter, SECCOMP_RET_ALLOW);
	end_with(filter, REFUSED);
}

/* Never with such a second argument, of which these calls take the lower half. */
static void
refuse_with(struct filter *filter, int number, uint32_t second)
{
	skip_unless(filter, (uint32_t)number, 4);
	add(filter, (struct sock_filter)LOAD(args[1]));
	skip_unless(filter, second, 1);
	end_with(filter, REFUSED);
	add(filter, (struct sock_filter)LOAD(nr));
}

/* A file may have signals sent to any process of the same user, SIGKILL too. */
static void
refuse_signals_by_files(struct filter *filter)
{
	refuse_with(filter, SYS_fcntl, F_SETOWN);
	refuse_with(filter, SYS_fcntl, F_SETOWN_EX);
	refuse_with(filter, SYS_fcntl, F_SETSIG);
	refuse_with(filter, SYS_ioctl, FIOSETOWN);
	refuse_with(filter, SYS_ioctl, SIOCSPGRP);
}

/* Its own limits, its own threads: others of the same user are no business of
 * who is taken over. */
static void
let_through_for_itself(struct filter *filter)
{
	let_through_with(filter, SYS_prlimit64, 0);
	let_through_with(filter, SYS_tgkill, (uint32_t)getpid());
}

static int
install(const struct filter *filter)
{
	struct sock_filter code[FILTER_MAX];
	struct sock_fprog program = {.len = filter->size, .filter = code};

	memcpy(code, filter->code, filter->size * sizeof(code[0]));
	(void)prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program, 0, 0) == 0
		   ? 0
		   : errno;
}

int
bs_confine_calls(
    unsigned groups, const int *call, size_t count, struct bs_message *message)
{
	struct filter filter;
	int number;

	if (count > BS_CONFINE_CALLS_MAX - BS_CONFINE_SANITIZER_CALLS) {
		bs_message_set(
		    message, "seccomp: %zu calls are too many", count);
		return BS_ESYSTEM;
	}
	begin(&filter);
	refuse_signals_by_files(&filter);
	for (size_t i = 0; i < CALL_COUNT; i++) {
		const struct call_row *row = &call_table[i];

		if (row->groups == ALWAYS || (row->groups & groups) != 0)
			let_through(&filter, row->number);
	}
	for (size_t i = 0; i < count; i++)
		let_through(&filter, call[i]);
	let_through_for_itself(&filter);
	for (size_t i = 0; i != BS_CONFINE_SANITIZER_CALLS; i++)
		let_through(&filter, bs_confine_sanitizer_call(i));
	end_with(&filter, REFUSED);
	number = install(&filter);
	if (number == 0)
		return BS_OK;
	bs_message_set(message,
	    "seccomp: %s: use a kernel with CONFIG_SECCOMP_FILTER",
	    strerror(number));
	return number == EINVAL ? BS_ENOTFOUND : BS_ESYSTEM;
}

#else
int
bs_confine_calls(
    unsigned groups, const int *call, size_t count, struct bs_message *message)
{
	(void)groups;
	(void)call;
	(void)count;
	bs_message_set(message,
	    "seccomp: this program was built without linux/seccomp.h, or for "
	    "a processor whose calls it does not know");
	return BS_ENOTFOUND;
}
#endif
