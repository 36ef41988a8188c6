/*
 * The list of a message's parts, and what their types and names mean.  Where
 * the parts are is found by outline.c or mime_tree.c.  Pure.
 */
#include "autoconf.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "parts.h"

void
parts_start(struct parts *parts)
{
	parts->part = parts->few;
	parts->count = 0;
	parts->capacity = PARTS_FEW;
	parts->content_type[0] = parts->report_type[0] = '\0';
}

static bool
grow(struct parts *parts)
{
	size_t capacity = 4 * parts->capacity;
	struct part *part =
	    reallocarray(parts->part == parts->few ? NULL : parts->part,
		capacity, sizeof *part);

	if (part == NULL)
		return false;
	if (parts->part == parts->few)
		memcpy(part, parts->few, sizeof parts->few);
	parts->part = part;
	parts->capacity = capacity;
	return true;
}

struct part *
parts_add(struct parts *parts)
{
	struct part *part;

	if (parts->count == parts->capacity && !grow(parts))
		return NULL;
	part = &parts->part[parts->count++];
	memset(part, 0, sizeof *part);
	return part;
}

void
parts_clear(struct parts *parts)
{
	if (parts->part != parts->few)
		free(parts->part);
	parts_start(parts);
}

/* --- types and names ------------------------------------------------------- */

static bool
is(const char *text, size_t size, const char *word)
{
	return size == strlen(word) && strncasecmp(text, word, size) == 0;
}

enum part_kind
parts_kind(const char *type, size_t type_size, const char *subtype,
    size_t subtype_size)
{
	static const struct {
		const char *subtype;
		enum part_kind kind;
	} rows[] = {
	    {"rfc822", PART_MESSAGE},
	    {"delivery-status", PART_STATUS},
	    {"global-delivery-status", PART_STATUS},
	    {"disposition-notification", PART_DISPOSITION},
	    {"global-disposition-notification", PART_DISPOSITION},
	    {"feedback-report", PART_FEEDBACK},
	    {"global-headers", PART_HEADERS},
	    {"rfc2822", PART_MESSAGE},
	    {"global", PART_MESSAGE},
	    {"news", PART_MESSAGE},
	};

	if (is(type, type_size, "text"))
		return is(subtype, subtype_size, "html") ? PART_HTML
		       : is(subtype, subtype_size, "rfc822-headers")
			   ? PART_HEADERS
			   : PART_TEXT;
	if (!is(type, type_size, "message"))
		return PART_OTHER;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		if (is(subtype, subtype_size, rows[i].subtype))
			return rows[i].kind;
	}
	return PART_OTHER;
}

static bool
ends(const char *name, size_t size, const char *const endings[], size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t ending = strlen(endings[i]);

		if (size > ending &&
		    strncasecmp(name + size - ending, endings[i], ending) == 0)
			return true;
	}
	return false;
}

bool
parts_name_runs(const char *name, size_t size)
{
	static const char *const endings[] = {".exe", ".zip", ".scr", ".pif",
	    ".bat", ".com", ".cmd", ".js", ".jse", ".vbs", ".wsf", ".lnk",
	    ".cpl", ".hta", ".rar", ".7z", ".iso", ".img", ".jar", ".ace",
	    ".htm", ".html", ".shtml", ".xhtml", ".xht", ".mht", ".mhtml",
	    ".svg", ".svgz", ".vhd", ".vhdx", ".cab", ".arj", ".one", ".msi",
	    ".msc", ".vbe", ".wsh", ".ps1", ".url", ".chm", ".docm", ".dotm",
	    ".xlsm", ".xlsb", ".xlam", ".pptm"};

	return ends(name, size, endings, sizeof endings / sizeof *endings);
}

bool
parts_name_shows(const char *name, size_t size)
{
	static const char *const endings[] = {".pdf", ".doc", ".docx", ".xls",
	    ".xlsx", ".ppt", ".pptx", ".rtf", ".odt", ".png", ".jpg", ".jpeg",
	    ".gif", ".bmp", ".tif", ".tiff", ".webp"};

	return ends(name, size, endings, sizeof endings / sizeof *endings);
}

void
parts_set_charset(struct part *part, const char *name, size_t size)
{
	static const char *const plain[] = {"us-ascii", "utf-8", "ascii"};

	part->charset[0] = '\0';
	for (size_t i = 0; i < sizeof plain / sizeof *plain; i++) {
		if (is(name, size, plain[i]))
			return;
	}
	if (size >= sizeof part->charset) { /* nobody's */
		name = "?";
		size = 1;
	}
	memcpy(part->charset, name, size);
	part->charset[size] = '\0';
}
