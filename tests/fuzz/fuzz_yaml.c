/*
 * Fuzz target of lib/yaml: any bytes give a tree or errors, never neither.
 * Walks the tree and holds it against the contract of yaml.h.
 */
#include "autoconf.h"

#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "yaml.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size);

struct seen {
	unsigned reports;
};

static void
report(void *context, unsigned line, const char *text)
{
	struct seen *seen = context;

	(void)line;
	assert(text[0] != '\0');
	assert(strpbrk(text, "\r\n") == NULL);
	seen->reports++;
}

static void
walk(const struct bs_yaml_node *node, unsigned depth)
{
	size_t count = 0;

	assert(depth <= BS_YAML_DEPTH_MAX);
	assert(node->line >= 1 && node->column >= 1);
	if (node->kind == BS_YAML_SCALAR) {
		assert(node->text != NULL && node->first == NULL);
		return;
	}
	for (struct bs_yaml_node *c = node->first; c != NULL; c = c->next) {
		assert((c->key != NULL) == (node->kind == BS_YAML_MAP));
		walk(c, depth + 1);
		count++;
	}
	assert(count == node->count);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size)
{
	struct seen seen = {0};
	struct bs_yaml *yaml = NULL;
	int error =
	    bs_yaml_parse((const char *)bytes, size, report, &seen, &yaml);

	assert((error == BS_OK) == (seen.reports == 0));
	assert((error == BS_OK || error == BS_EEXIST) == (yaml != NULL));
	if (yaml != NULL)
		walk(bs_yaml_root(yaml), 0);
	bs_yaml_free(&yaml);
	assert(yaml == NULL);
	return 0;
}
