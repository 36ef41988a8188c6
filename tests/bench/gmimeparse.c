/*
 * Parses each file named on standard input with GMime and nothing else: what
 * tests/bench/classify measures the classifier against.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <gmime/gmime.h>

#define MESSAGE_MAX ((size_t)64 << 20)

static void
parse(const char *bytes, size_t size)
{
	GMimeStream *stream = g_mime_stream_mem_new_with_buffer(bytes, size);
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	if (message != NULL)
		g_object_unref(message);
	g_object_unref(parser);
	g_object_unref(stream);
}

int
main(void)
{
	char path[4096];
	char *bytes = malloc(MESSAGE_MAX);

	if (bytes == NULL)
		return 3;
	g_mime_init();
	while (fgets(path, sizeof path, stdin) != NULL) {
		FILE *file;

		path[strcspn(path, "\n")] = '\0';
		file = fopen(path, "rb");
		if (file == NULL) {
			perror(path);
			return 3;
		}
		parse(bytes, fread(bytes, 1, MESSAGE_MAX, file));
		fclose(file);
	}
	free(bytes);
	g_mime_shutdown();
	return 0;
}
