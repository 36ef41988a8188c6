/*
 * Reads Received lines.  Knows the forms
 *	from HELO (rdns [ip])			Postfix, Sendmail, Gmail, Haraka
 *	from rdns ([ip]:port helo=HELO)		Exim, Domino, MDaemon, Kerio
 *	from [ip] (helo=HELO)			Exim, CommuniGate Pro
 *	from rdns (HELO x) (ident@ip)		qmail, Yahoo, MessageLabs
 *	from HELO (ip)				Exchange, PowerMTA, LSMTP
 *	from HELO [ip], from HELO (x) [ip]	IMail, old Exim
 *	from rdns ([ip]:port "EHLO x" ...)	ZMailer
 * by one rule: of the `from` clause, brackets and comments that hold nothing
 * but an address count; comments that start with HELO, and the first word, are
 * the client's claims and do not.  Two different addresses are none.
 *
 * Some MTAs write what the client said as it came, blanks and all ("EHLO a
 * [192.0.2.1] by mx.example"), all but a few bytes of it (Postfix leaves
 * brackets and commas), or a name that its owner chose.  A line where that
 * could be taken for what the MTA says, or hide it ("EHLO ["), is doubtful: it
 * has no peer, and no line below it counts.
 *
 * Pure.  Which line to believe is source.c's matter; dates are maildate.c's.
 */
#include "autoconf.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "error.h"
#include "received.h"

#define TOKENS_MAX 24
#define NESTING_MAX 16

enum token_kind { WORD, COMMENT, LITERAL };

/* A piece of the line; comments and literals without what encloses them. */
struct token {
	enum token_kind kind;
	const char *text;
	size_t size;
};

struct tokens {
	struct token token[TOKENS_MAX];
	size_t count;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* The end of the comment that starts at `p`, at its closing parenthesis. */
static const char *
comment_end(const char *p)
{
	int depth = 0;

	for (; *p != '\0'; p++) {
		if (*p == '\\' && p[1] != '\0')
			p++;
		else if (*p == '(' && depth < NESTING_MAX)
			depth++;
		else if (*p == ')' && --depth <= 0)
			return p;
	}
	return p;
}

/* Passes over a literal's port, which CommuniGate and Exim write behind it. */
static const char *
skip_port(const char *p)
{
	const char *start = p;

	if (*p != ':')
		return p;
	for (p++; isdigit((unsigned char)*p); p++)
		;
	return *p == '\0' || is_blank(*p) || *p == '(' || *p == ')' ? p : start;
}

static const char *
read_word(const char *p, struct token *token_r)
{
	token_r->kind = WORD;
	token_r->text = p;
	while (*p != '\0' && !is_blank(*p) && *p != '(' && *p != ';')
		p++;
	token_r->size = (size_t)(p - token_r->text);
	return p;
}

/* "[...]" standing alone; anything glued to it makes it a word. */
static const char *
read_literal(const char *p, struct token *token_r)
{
	const char *end = strchr(p, ']');
	const char *after;

	if (end == NULL)
		return read_word(p, token_r);
	after = skip_port(end + 1);
	if (*after != '\0' && !is_blank(*after) && *after != '(' &&
	    *after != ')' && *after != ';')
		return read_word(p, token_r);
	token_r->kind = LITERAL;
	token_r->text = p + 1;
	token_r->size = (size_t)(end - p - 1);
	return after;
}

static const char *
read_comment(const char *p, struct token *token_r)
{
	const char *end = comment_end(p);

	token_r->kind = COMMENT;
	token_r->text = p + 1;
	token_r->size = (size_t)(end - p - 1);
	return *end == '\0' ? end : end + 1;
}

/* The next token; NULL at the end of the line or at its date. */
static const char *
next_token(const char *p, struct token *token_r)
{
	while (is_blank(*p) || *p == ',')
		p++;
	if (*p == '\0' || *p == ';')
		return NULL;
	if (*p == '(')
		return read_comment(p, token_r);
	if (*p == '[')
		return read_literal(p, token_r);
	return read_word(p, token_r);
}

static bool
token_is(const struct token *token, const char *word)
{
	return token->kind == WORD && token->size == strlen(word) &&
	       strncasecmp(token->text, word, token->size) == 0;
}

static bool
token_starts(const struct token *token, const char *prefix)
{
	size_t size = strlen(prefix);

	return token->size >= size &&
	       strncasecmp(token->text, prefix, size) == 0;
}

static void
tokenise(const char *value, struct tokens *tokens_r)
{
	const char *p = value;

	tokens_r->count = 0;
	while (tokens_r->count < TOKENS_MAX) {
		p = next_token(p, &tokens_r->token[tokens_r->count]);
		if (p == NULL)
			return;
		tokens_r->count++;
	}
}

/* --- addresses ---------------------------------------------------------- */

/* What a set of bytes is, as far as addresses go. */
enum meaning { NO_ADDRESS, BAD_ADDRESS, GOOD_ADDRESS };

/* Whether someone meant an address by it: 010.0.0.1, 1.2.3, fe80::1%eth0. */
static bool
looks_like_address(const char *text, size_t size)
{
	size_t dots = 0, colons = 0, digits = 0;

	for (size_t i = 0; i < size; i++) {
		if (text[i] == '%' && colons > 1)
			return true;
		if (!isxdigit((unsigned char)text[i]) && text[i] != '.' &&
		    text[i] != ':' && text[i] != '/')
			return false;
		dots += text[i] == '.';
		colons += text[i] == ':';
		digits += isdigit((unsigned char)text[i]) != 0;
	}
	return digits > 0 && (colons > 1 || dots > 0);
}

static enum meaning
read_address(const char *text, size_t size, struct bs_addr *addr_r)
{
	if (size > 5 && strncasecmp(text, "IPv6:", 5) == 0) {
		text += 5;
		size -= 5;
		if (memchr(text, ':', size) == NULL)
			return BAD_ADDRESS;
	}
	if (bs_addr_parse(text, size, addr_r) == BS_OK) {
		bs_addr_unmap(addr_r);
		return GOOD_ADDRESS;
	}
	return looks_like_address(text, size) ? BAD_ADDRESS : NO_ADDRESS;
}

/* A literal's content: an address, or with Momentum 192.0.2.1:25. */
static enum meaning
read_literal_address(const struct token *token, struct bs_addr *addr_r)
{
	const char *colon = memchr(token->text, ':', token->size);
	size_t size = token->size;

	while (size > 0 && is_blank(token->text[size - 1]))
		size--; /* Haraka 2.1 */

	if (colon != NULL && isdigit((unsigned char)*token->text) &&
	    memchr(token->text, '.', size) != NULL &&
	    memchr(colon + 1, ':', size - (size_t)(colon + 1 - token->text)) ==
		NULL)
		size = (size_t)(colon - token->text);
	return read_address(token->text, size, addr_r);
}

/* What the lines' parts said so far. */
struct finding {
	enum received_peer peer;
	struct bs_addr addr;
	bool unread; /* there is a literal that is no address */
};

static void
finding_add(
    struct finding *finding, enum meaning meaning, const struct bs_addr *addr)
{
	if (meaning == NO_ADDRESS)
		return;
	if (meaning == BAD_ADDRESS) {
		if (finding->peer != RECEIVED_AMBIGUOUS)
			finding->peer = RECEIVED_MALFORMED;
		return;
	}
	if (finding->peer == RECEIVED_NO_ADDRESS) {
		finding->peer = RECEIVED_ADDRESS;
		finding->addr = *addr;
	} else if (finding->peer == RECEIVED_ADDRESS &&
		   bs_addr_compare(&finding->addr, addr) != 0) {
		finding->peer = RECEIVED_AMBIGUOUS;
	}
}

/* Whether a literal or comment may have begun with the client's words and hide
 * what the MTA says of it: "[" before "(name [192.0.2.1])". */
static bool
hides_more(const struct token *token)
{
	const char *end = token->text + token->size;
	bool opened = false;

	if (token->kind == WORD)
		return false;
	for (const char *p = token->text; p < end; p++) {
		opened |= *p == '(' || *p == '[';
		if (opened && token->kind == LITERAL)
			return true;
		if (opened && end - p > 3 && is_blank(p[0]) &&
		    strncasecmp(p + 1, "by", 2) == 0 && is_blank(p[3]))
			return true;
	}
	return false;
}

/* A literal counts even where it is none of an address: then the peer is not
 * known ("[unknown]"), unless it was none of the network's. */
static void
literal_add(struct finding *finding, const struct token *literal)
{
	struct bs_addr addr;
	enum meaning meaning = read_literal_address(literal, &addr);

	if (hides_more(literal))
		meaning = BAD_ADDRESS;
	finding->unread |=
	    meaning == NO_ADDRESS && !token_starts(literal, "unix socket");
	finding_add(finding, meaning, &addr);
}

/* Whether a comment holds what the client said of itself. */
static bool
is_claim(const struct token *comment)
{
	return token_starts(comment, "HELO ") ||
	       token_starts(comment, "EHLO ") ||
	       token_starts(comment, "LHLO ") ||
	       token_starts(comment, "HELO=") ||
	       token_starts(comment, "port=") ||
	       token_starts(comment, "account ");
}

/* "(192.0.2.1)", and qmail's "(ident@192.0.2.1)". */
static enum meaning
read_bare(const struct token *word, struct bs_addr *addr_r)
{
	const char *text = word->text;
	size_t size = word->size;
	const char *at = memrchr(text, '@', size);

	if (at != NULL) {
		size -= (size_t)(at + 1 - text);
		text = at + 1;
	}
	return read_address(text, size, addr_r);
}

/* A comment's literals count; where there is none, its only word. */
static void
comment_add(struct finding *finding, const struct token *comment)
{
	char text[512];
	struct tokens inner;
	struct bs_addr addr;
	size_t literals = 0;

	if (is_claim(comment))
		return;
	if (comment->size >= sizeof text) { /* by a name of any length */
		finding_add(finding, BAD_ADDRESS, NULL);
		return;
	}
	memcpy(text, comment->text, comment->size);
	text[comment->size] = '\0';
	tokenise(text, &inner);
	for (size_t i = 0; i < inner.count; i++) {
		if (inner.token[i].kind != LITERAL)
			continue;
		literals++;
		literal_add(finding, &inner.token[i]);
	}
	if (literals == 0 && inner.count == TOKENS_MAX)
		finding_add(finding, BAD_ADDRESS, NULL);
	if (literals == 0 && inner.count == 1 && inner.token[0].kind == WORD)
		finding_add(finding, read_bare(&inner.token[0], &addr), &addr);
}

/* --- one line ------------------------------------------------------------ */

static bool
has_claim(const struct tokens *tokens, size_t end)
{
	for (size_t i = 2; i < end; i++) {
		if (tokens->token[i].kind == COMMENT &&
		    is_claim(&tokens->token[i]))
			return true;
	}
	return false;
}

/* MTAs that write the peer's bare address first where it has no name. */
static bool
writes_address_first(const struct tokens *tokens, size_t by)
{
	for (size_t i = by; i < tokens->count; i++) {
		if (tokens->token[i].kind == COMMENT &&
		    (token_starts(&tokens->token[i], "Exim ") ||
			token_starts(&tokens->token[i], "CommuniGate ")))
			return true;
	}
	return false;
}

/* A comment right behind a word belongs to that word, whose text may be the
 * client's. */
static bool
is_glued(const struct token *comment)
{
	char before = comment->text[-2];

	return !is_blank(before) && before != ')' && before != ']';
}

/* qmail's "(HELO [192.0.2.1])" is a claim; a host that is called "helo" looks
 * the same with Sendmail, and there it is the peer. */
static bool
may_be_no_claim(const struct token *comment)
{
	return is_claim(comment) &&
	       memchr(comment->text, '[', comment->size) != NULL &&
	       memchr(comment->text, '=', comment->size) == NULL;
}

/* The `from` clause is the tokens 1 to by - 1. */
static void
read_from(const struct tokens *tokens, size_t by, struct finding *finding)
{
	const struct token *first = &tokens->token[1];
	bool claims = has_claim(tokens, by), doubtful = false;

	for (size_t i = 2; i < by; i++) {
		const struct token *token = &tokens->token[i];

		doubtful |= token->kind == COMMENT && may_be_no_claim(token);

		if (token->kind == COMMENT && !is_glued(token))
			comment_add(finding, token);
		else if (token->kind == LITERAL)
			literal_add(finding, token);
	}
	if (finding->peer != RECEIVED_NO_ADDRESS)
		return;
	if (!doubtful && !finding->unread && first->kind == LITERAL &&
	    (claims || writes_address_first(tokens, by)))
		literal_add(finding, first);
	if (finding->peer == RECEIVED_NO_ADDRESS && claims)
		finding->peer = RECEIVED_DOUBTFUL;
	if (finding->peer == RECEIVED_NO_ADDRESS && finding->unread)
		finding->peer = RECEIVED_MALFORMED;
}

/* Whether blanks set the token apart.  What is glued to another may have come
 * with the HELO name, where a client can write "a([192.0.2.1])by". */
static bool
stands_alone(const struct tokens *tokens, size_t i)
{
	return i == 0 || is_blank(tokens->token[i].text[-1]);
}

static size_t
find_word(const struct tokens *tokens, size_t start, const char *word)
{
	for (size_t i = start; i < tokens->count; i++) {
		if (token_is(&tokens->token[i], word) &&
		    stands_alone(tokens, i))
			return i;
	}
	return tokens->count;
}

static bool
is_host_byte(char c)
{
	return isalnum((unsigned char)c) || c == '.' || c == '-' || c == '_' ||
	       c == ':';
}

static void
read_by(const struct tokens *tokens, size_t by, char by_r[RECEIVED_BY_MAX])
{
	const struct token *host;
	size_t size = 0;

	by_r[0] = '\0';
	if (by + 1 >= tokens->count)
		return;
	host = &tokens->token[by + 1];
	if (host->kind == COMMENT)
		return;
	while (size < host->size && size < RECEIVED_BY_MAX - 1 &&
	       is_host_byte(host->text[size])) {
		by_r[size] = (char)tolower((unsigned char)host->text[size]);
		size++;
	}
	while (size > 0 && by_r[size - 1] == '.')
		size--;
	by_r[size] = '\0';
}

/* "from HELO (NAME [ip])" with one name twice: Postfix and Sendmail write NAME
 * where it leads to the address and back, else "unknown", or more words. */
static void
read_helo(const struct tokens *tokens, char helo_r[RECEIVED_HELO_MAX])
{
	const struct token *name = &tokens->token[1];
	const struct token *comment = &tokens->token[2];

	helo_r[0] = '\0';
	if (tokens->count < 3 || name->kind != WORD ||
	    comment->kind != COMMENT || is_glued(comment) ||
	    name->size >= RECEIVED_HELO_MAX || comment->size < name->size + 4 ||
	    strncasecmp(comment->text, name->text, name->size) != 0 ||
	    comment->text[name->size] != ' ' ||
	    comment->text[name->size + 1] != '[' ||
	    comment->text[comment->size - 1] != ']')
		return;
	memcpy(helo_r, name->text, name->size);
	helo_r[name->size] = '\0';
}

/* Steps whose client is no mail server: its address is a person's. */
static bool
is_not_smtp(const struct tokens *tokens, size_t by)
{
	static const char *const protocols[] = {"HTTP", "HTTPS", "HTTPREST",
	    "MAPI", "POP3", "IMAP", "IMAP4", "NNFMP", "RAW"};
	static const char *const clauses[] = {"with", "via"};

	for (size_t i = 0; i < 2; i++) {
		size_t with = find_word(tokens, by, clauses[i]);

		if (with + 1 >= tokens->count)
			continue;
		for (size_t j = 0; j < sizeof protocols / sizeof *protocols;
		     j++) {
			if (token_is(&tokens->token[with + 1], protocols[j]))
				return true;
		}
	}
	return false;
}

/* Whether the line says that the client spoke SMTP.  Sendmail says so of its
 * filters, too, and of others never without an address. */
static bool
is_from_client(const struct tokens *tokens, size_t by)
{
	static const char *const protocols[] = {"SMTP", "ESMTP", "UTF8SMTP"};
	size_t with = find_word(tokens, by, "with");
	const struct token *protocol;

	if (with + 1 >= tokens->count)
		return false;
	protocol = &tokens->token[with + 1];
	for (size_t i = by; i < with; i++) {
		if (tokens->token[i].kind == COMMENT &&
		    token_starts(&tokens->token[i], "8."))
			return false;
	}
	for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
		if (protocol->kind == WORD &&
		    token_starts(protocol, protocols[i]))
			return true;
	}
	return false;
}

/* Behind a token, or a semicolon; NULL at the end of all. */
static const char *
pass_token(const char *p, struct token *token_r)
{
	const char *next = next_token(p, token_r);

	if (next != NULL)
		return next;
	p += strcspn(p, ";");
	token_r->size = 0;
	return *p != '\0' ? p + 1 : NULL;
}

/* Whether there is a `by` beside the one that was found, a comment without an
 * end or that hides something, or more than is read. */
static bool
is_doubtful(const char *value, bool found_by)
{
	size_t count = 0, size = strnlen(value, RECEIVED_VALUE_MAX + 1);
	const char *p = value;
	struct token token = {0};

	if (size > RECEIVED_VALUE_MAX)
		return true;
	while ((p = pass_token(p, &token)) != NULL) {
		if (token.size == 0)
			continue;
		if (token.kind == COMMENT && token.text[token.size] == '\0')
			return true;
		if (hides_more(&token))
			return true;
		count += token_is(&token, "by") &&
			 (token.text == value || is_blank(token.text[-1]));
	}
	return count > found_by;
}

void
received_parse(const char *value, struct received *received_r)
{
	struct tokens tokens;
	struct finding finding = {.peer = RECEIVED_NO_ADDRESS};
	size_t by;

	memset(received_r, 0, sizeof *received_r);
	tokenise(value, &tokens);
	by = find_word(&tokens, 0, "by");
	received_r->peer = RECEIVED_DOUBTFUL;
	if (by == TOKENS_MAX || is_doubtful(value, by < tokens.count))
		return;
	read_by(&tokens, by, received_r->by);
	if (tokens.count == 0 || !token_is(&tokens.token[0], "from")) {
		received_r->peer = RECEIVED_NO_FROM;
		return;
	}
	if (by > 1)
		read_from(&tokens, by, &finding);
	if (by > 2 && finding.peer == RECEIVED_ADDRESS)
		read_helo(&tokens, received_r->helo);
	received_r->peer = finding.peer;
	received_r->from_client = is_from_client(&tokens, by);
	if (is_not_smtp(&tokens, by))
		received_r->peer = RECEIVED_NOT_SMTP;
	if (received_r->peer == RECEIVED_ADDRESS)
		received_r->addr = finding.addr;
}
