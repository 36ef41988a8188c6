/*
 * Internationalised domain names (RFC 5890, UTS 46): the form that DNS and the
 * configuration have of one that a person, or mail with SMTPUTF8, writes.  Pure.
 */
#ifndef BS_IDNA_H
#define BS_IDNA_H

#include <stddef.h>

#define BS_IDNA_MAX 253 /* bytes of a domain in ASCII */

/*
 * The A-labels of a domain in UTF-8 ("xn--bcher-kva.example"), in lower case; what
 * is ASCII already stays as it is, and is not checked.  BS_EINVAL: no domain can be
 * called so, or it would be too long; whether its labels are is for the caller.  BS_ENOMEM.
 */
int bs_idna_ascii(const char *domain, char ascii_r[BS_IDNA_MAX + 1]);

/* The same of the domain of an address, its local part as it is; what has no @ stays.
 * BS_ETOOLONG: it has no room in `size` bytes. */
int bs_idna_ascii_address(const char *address, char *ascii_r, size_t size);

#endif
