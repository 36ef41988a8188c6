/*
 * HTML made readable.
 */
#include "autoconf.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "html.h"

static const struct {
	const char *name, *html, *text;
} html_rows[] = {
    {"plain", "a b", "a b"},
    {"tags", "<b>a</b> <i>c</i>", "a c"},
    {"blocks", "a<br>b<p>c</p>", "a\nb\nc\n"},
    {"link", "<a href=\"http://x/y\">z</a>", " http://x/y z"},
    {"link, unquoted", "<a href=http://x>z</a>", " http://x z"},
    {"entities", "&lt;&gt;&amp;&quot;&nbsp;&#39;", "<>&\" '"},
    {"unknown entity", "&foo; &", "&foo; &"},
    {"style goes", "a<style>b{}</style>c", "ac"},
    {"script goes", "a<script>if (a</b) x</script>c", "ac"},
    {"style without end", "a<style>b", "a"},
    {"style closed by nothing", "a<style>b</style", "a"},
    {"open tag", "a<b", "a"},
    {"bare less-than at the end", "a<", "a"},
    {"empty", "", ""},
    {"quotation", "a<blockquote>b<br>c\nd</blockquote>e", "a\n> b\n> c d\ne"},
    {"quotation in one",
	"<blockquote>a<blockquote>b</blockquote>c</blockquote>d",
	"\n> a\n> b\n> c\nd"},
    {"quotation's end alone", "a</blockquote>b<p>c", "a\nb\nc"},
    {"quotation cut in a tag", "<blockquote>a<p", "\n> a\n"},
};

static void
test_html(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof html_rows / sizeof *html_rows; i++) {
		char *text = strdup(html_rows[i].html);

		html_strip(text);
		if (strcmp(text, html_rows[i].text) != 0)
			fail_msg("%s: \"%s\"", html_rows[i].name, text);
		free(text);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_html),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
