/*
 * HTML as text.
 */
#ifndef FEED_HTML_H
#define FEED_HTML_H

/* Makes HTML readable in place: tags out, block tags to newlines, lines of a
 * blockquote begun with '>', the common entities to characters.  Links in it stay
 * as their addresses.  `text` ends with a NUL, in any case and charset that has
 * ASCII in it; what is left is never longer. */
void html_strip(char *text);

#endif
