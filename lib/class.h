/*
 * The classes of backscatter: the bits of an answer 127.0.0.N.
 *
 * Bit 2 is set in every answer and is no class.  A set of classes is the OR of
 * their bits (a bs_classes); 0 is the empty set.
 */
#ifndef BS_CLASS_H
#define BS_CLASS_H

#include <stddef.h>
#include <stdint.h>

#include "error.h"

enum bs_class {
	BS_BOUNCE = 4,
	BS_AUTOREPLY = 8,
	BS_CHALLENGE = 16,
	BS_VIRUS = 32,
	BS_CALLOUT = 64,
	BS_SUBSCRIBE = 128,
};

typedef uint8_t bs_classes;

#define BS_CLASS_COUNT 6
#define BS_CLASSES_ALL ((bs_classes)0xfc)
#define BS_LISTED 2 /* set in every answer */

/* Room for the names of all classes, comma and blank between, and a NUL. */
#define BS_CLASSES_TEXT_MAX 64

/* The i-th class, 0 <= i < BS_CLASS_COUNT, in the order of their bits. */
enum bs_class bs_class_at(size_t index);

/* The index of a class: bs_class_at(bs_class_index(c)) == c. */
size_t bs_class_index(enum bs_class class);

/* "bounce"; NULL for what is no single class.  Static storage. */
const char *bs_class_name(enum bs_class class);

/* Reads one name, exactly; BS_ENOTFOUND for an unknown one. */
int bs_class_parse(const char *text, size_t size, enum bs_class *class_r);

/* Reads "bounce,callout" (blanks after commas allowed) or "all".  BS_EINVAL
 * for an empty list or name, BS_ENOTFOUND for an unknown name, BS_EEXIST for
 * one given twice. */
int bs_classes_parse(const char *text, bs_classes *classes_r);

/* "bounce, callout", "" for none; returns `text`. */
char *bs_classes_format(bs_classes classes, char text[BS_CLASSES_TEXT_MAX]);

#endif
