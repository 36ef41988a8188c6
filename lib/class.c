/*
 * The names of the classes and the texts of sets of them.
 *
 * Which answer a set leads to is the server's business, when a class lists the
 * policy's; here are only names and bits.
 */
#include "autoconf.h"

#include <stdio.h>
#include <string.h>

#include "class.h"

static const char *const class_names[BS_CLASS_COUNT] = {
    "bounce",
    "autoreply",
    "challenge",
    "virus",
    "callout",
    "subscribe",
};

enum bs_class
bs_class_at(size_t index)
{
	return (enum bs_class)(BS_BOUNCE << index);
}

size_t bs_class_index(enum bs_class class)
{
	size_t index = 0;

	while (index < BS_CLASS_COUNT && bs_class_at(index) != class)
		index++;
	return index;
}

const char *bs_class_name(enum bs_class class)
{
	size_t index = bs_class_index(class);

	return index < BS_CLASS_COUNT ? class_names[index] : NULL;
}

int
bs_class_parse(const char *text, size_t size, enum bs_class *class_r)
{
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if (strlen(class_names[i]) == size &&
		    memcmp(class_names[i], text, size) == 0) {
			*class_r = bs_class_at(i);
			return BS_OK;
		}
	}
	return BS_ENOTFOUND;
}

int
bs_classes_parse(const char *text, bs_classes *classes_r)
{
	bs_classes classes = 0;

	if (strcmp(text, "all") == 0) {
		*classes_r = BS_CLASSES_ALL;
		return BS_OK;
	}
	for (;;) {
		size_t size;
		enum bs_class class;

		text += strspn(text, " ");
		size = strcspn(text, ", ");
		if (size == 0)
			return BS_EINVAL;
		if (bs_class_parse(text, size, &class) != BS_OK)
			return BS_ENOTFOUND;
		if ((classes & class) != 0)
			return BS_EEXIST;
		classes |= (bs_classes) class;
		text += size;
		text += strspn(text, " ");
		if (*text == '\0')
			break;
		if (*text++ != ',')
			return BS_EINVAL;
	}
	*classes_r = classes;
	return BS_OK;
}

char *
bs_classes_format(bs_classes classes, char text[BS_CLASSES_TEXT_MAX])
{
	size_t used = 0;

	text[0] = '\0';
	for (size_t i = 0; i < BS_CLASS_COUNT; i++) {
		if ((classes & bs_class_at(i)) == 0)
			continue;
		used +=
		    (size_t)snprintf(text + used, BS_CLASSES_TEXT_MAX - used,
			"%s%s", used > 0 ? ", " : "", class_names[i]);
	}
	return text;
}
