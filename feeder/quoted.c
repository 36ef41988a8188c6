/*
 * Takes out of a text what it quotes.  Notices and answers bring back what they
 * answer in people's ways, too: below a mark before each line, a line of dashes,
 * Outlook's fields or "... wrote:".  A returned header, which shows whose message
 * it was, is text.c's to find, and cut before; it calls this for the rest.  Pure.
 */
#include "autoconf.h"

#include <ctype.h>
#include <string.h>

#include "line.h"
#include "quoted.h"

#define OWN_MIN 10   /* bytes besides blanks that make a text of one's own */
#define INDENT_MAX 8 /* blanks before a mark */
#define ATTRIBUTION_MAX 300 /* bytes of a line that tells who wrote */
#define DASHES_MIN 3
#define LABELS_MAX 3 /* lines from Outlook's first field to that of the time */

static struct line
without_blanks(struct line line)
{
	while (line.size > 0 && isspace((unsigned char)*line.text)) {
		line.text++;
		line.size--;
	}
	while (
	    line.size > 0 && isspace((unsigned char)line.text[line.size - 1]))
		line.size--;
	return line;
}

static bool
starts(const struct line *line, const char *word)
{
	size_t size = strlen(word);

	return line->size >= size && memcmp(line->text, word, size) == 0;
}

static bool
ends(const struct line *line, const char *word)
{
	size_t size = strlen(word);

	return line->size >= size &&
	       memcmp(line->text + line->size - size, word, size) == 0;
}

static bool
has(const struct line *line, const char *word)
{
	return memmem(line->text, line->size, word, strlen(word)) != NULL;
}

static bool
has_digit(const struct line *line)
{
	for (size_t i = 0; i < line->size; i++) {
		if (isdigit((unsigned char)line->text[i]))
			return true;
	}
	return false;
}

/* --- lines ------------------------------------------------------------------ */

/* Sendmail's ">>> rcpt to:<a@b>": what it said to the other host. */
static bool
is_transcript(const struct line *line)
{
	static const char *const said[] = {">>> helo", ">>> ehlo", ">>> lhlo",
	    ">>> mail", ">>> rcpt", ">>> data", ">>> rset", ">>> quit",
	    ">>> starttls", ">>> auth", ">>> ."};

	for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
		if (starts(line, said[i]))
			return true;
	}
	return false;
}

/* A mark before the line; not a table's border, a pipe's name, nor what a mailbox
 * puts before "From ". */
static bool
is_quoted(const struct line *line)
{
	struct line bare = without_blanks(*line);

	if (bare.size == 0 || bare.text - line->text > INDENT_MAX)
		return false;
	if (*bare.text == '>')
		return !starts(&bare, ">from ") && !is_transcript(&bare);
	return *bare.text == '|' && bare.size > 1 && bare.text[1] == ' ' &&
	       bare.text[bare.size - 1] != '|';
}

/* --- what begins a message --------------------------------------------------- */

/* "----- original message -----": in the languages of those who have it. */
static bool
announces(const struct line *line)
{
	static const char *const words[] = {"original message", "original mail",
	    "original email", "original e-mail", "forwarded message",
	    "forwarded mail", "returned message", "message follows",
	    "message text follows", "copy of your message",
	    "copy of the message", "copy of your mail", "ursprung",
	    "originalnachricht", "original-nachricht", "weitergeleitete",
	    "kopie ihrer", "kopie der nachricht", "message d'origine",
	    "message transfere", "message original", "copie de votre",
	    "copie du message", "mensaje original", "mensaje reenviado",
	    "copia de su", "copia del mensaje", "messaggio original",
	    "messaggio inoltrato", "copia del messaggio", "mensagem original",
	    "mensagem encaminhada", "copia da", "oorspronkelijk",
	    "doorgestuurd bericht", "oryginalna wiad", "wiadomosc oryginal",
	    "przekazana wiad", "puvodni zprava", "preposlana", "исходное сообщ",
	    "исходное письмо", "оригинал", "пересылаемое", "вихідне повід",
	    "оригінал", "orijinal", "ozgun", "iletilen", "ursprungligt",
	    "vidarebefordrat", "oprindelig", "videresendt", "opprinnelig",
	    "alkuperai", "eredeti", "mesaj original", "mesajul original",
	    "αρχικο μηνυμα", "povodna sprava", "izvirno spor", "izvorna poruka",
	    "originalna poruka", "missatge original", "pesan asli",
	    "元のメッセージ", "原始邮件", "原始郵件", "原邮件", "원본 메",
	    "הודעה מקורית", "الرسالة الاصلية"};
	size_t dashes = 0;

	if (starts(line, "note: forwarded message attached"))
		return true; /* Yahoo's, below dashes alone */
	while (dashes < line->size && strchr("-=_*~", line->text[dashes]))
		dashes++;
	if (dashes < DASHES_MIN)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (has(line, words[i]))
			return true;
	}
	return false;
}

/* How Outlook names the sender and the time, above what is answered. */
static const struct labels {
	const char *from, *sent;
} labels[] = {{"from:", "sent:"}, {"von:", "gesendet:"}, {"de :", "envoye :"},
    {"de:", "envoye:"}, {"de:", "enviado:"}, {"de:", "enviado el:"},
    {"de:", "enviada:"}, {"de:", "enviada em:"}, {"da:", "inviato:"},
    {"van:", "verzonden:"}, {"od:", "wyslano:"}, {"od:", "odeslano:"},
    {"od:", "odoslane:"}, {"od:", "poslano:"}, {"sal:", "poslano:"},
    {"от:", "отправлено:"}, {"від:", "надіслано:"}, {"от:", "изпратено:"},
    {"kimden:", "gonderildi:"}, {"kimden:", "gonderme tarihi:"},
    {"fran:", "skickat:"}, {"fra:", "sendt:"}, {"lahettaja:", "lahetetty:"},
    {"felado:", "kuldve:"}, {"kuldo:", "kuldve:"}, {"de la:", "trimis:"},
    {"απο:", "σταλθηκε:"}, {"απο:", "αποστολη:"}, {"saatja:", "saadetud:"},
    {"no:", "nosutits:"}, {"nuo:", "issiusta:"}, {"dari:", "dikirim:"},
    {"差出人:", "送信日時:"}, {"发件人:", "发送时间:"},
    {"寄件者:", "寄件日期:"}, {"보낸 사람:", "보낸 날짜:"}, {"מאת:", "נשלח:"}};

static struct line
without_stars(struct line line)
{
	line = without_blanks(line);
	while (line.size > 0 && *line.text == '*') {
		line.text++;
		line.size--;
	}
	return line;
}

/* Whether a line with one of these follows soon. */
static bool
is_soon(struct line_reader reader, const char *sent)
{
	struct line line;

	for (size_t i = 0; i < LABELS_MAX && line_next(&reader, &line); i++) {
		line = without_stars(line);
		if (starts(&line, sent))
			return true;
	}
	return false;
}

static bool
is_outlook(const struct line *line, const struct line_reader *after)
{
	struct line bare = without_stars(*line);

	if (memchr(bare.text, ':', bare.size) == NULL)
		return false;
	for (size_t i = 0; i < sizeof labels / sizeof *labels; i++) {
		if (starts(&bare, labels[i].from) &&
		    is_soon(*after, labels[i].sent))
			return true;
	}
	return false;
}

/* "On Monday, 5 May, at 10:00, Joe <joe@b.org> wrote:", maybe on two lines. */
static bool
is_attribution(const struct line *line, const struct line *before)
{
	static const char *const wrote[] = {"wrote:", "writes:", "schrieb:",
	    "ecrit:", "ecrit :", "escribio:", "scritto:", "escreveu:",
	    "schreef:", "napisal:", "napisal(a):", "napisala:", "napsal:",
	    "napsal(a):", "napsala:", "написал:", "написал(а):", "написала:",
	    "пишет:", "написав:", "написав(ла):", "skrev:", "kirjoitti:",
	    "yazdi:", "irta:", "scris:", "εγραψε:", "написа:", "napisao:",
	    "napisao je:", "je napisal:", "napisal/-a:", "kirjutas:",
	    "rakstija:", "rase:", "menulis:", "viet:", "escriure:", "写道:",
	    "写道：", "寫道:", "のメール:", "작성:", "כתב:", "כתבה:", "كتب:"};

	if (line->size > ATTRIBUTION_MAX ||
	    (!ends(line, ":") && !ends(line, "：")))
		return false;
	for (size_t i = 0; i < sizeof wrote / sizeof *wrote; i++) {
		if (ends(line, wrote[i]))
			return has_digit(line) || has_digit(before) ||
			       has(line, "@") || has(before, "@");
	}
	return false;
}

static bool
next_is_quoted(struct line_reader reader)
{
	struct line line;

	while (line_next(&reader, &line)) {
		if (without_blanks(line).size > 0)
			return is_quoted(&line);
	}
	return false;
}

/* Where the message begins of which no line has a mark; or the end.  The line of
 * dashes is the writer's. */
static const char *
find_message(const char *text, size_t size)
{
	struct line_reader reader = line_reader_start(text, size);
	struct line line, bare, before = {text, 0};

	while (line_next(&reader, &line)) {
		bare = without_blanks(line);
		if (bare.size == 0)
			continue;
		if (announces(&bare))
			return reader.next;
		if (is_outlook(&bare, &reader) ||
		    (is_attribution(&bare, &before) && !next_is_quoted(reader)))
			return line.text;
		before = bare;
	}
	return text + size;
}

/* --- all of it --------------------------------------------------------------- */

static size_t
count_bytes(const struct line *line)
{
	size_t count = 0;

	for (size_t i = 0; i < line->size; i++)
		count += !isspace((unsigned char)line->text[i]);
	return count;
}

/* Whether enough is left without the lines that have a mark; *quoted_r: whether
 * any has. */
static bool
has_own(const char *text, const char *end, bool *quoted_r)
{
	struct line_reader reader =
	    line_reader_start(text, (size_t)(end - text));
	struct line line;
	size_t own = 0;

	*quoted_r = false;
	while (line_next(&reader, &line)) {
		if (is_quoted(&line))
			*quoted_r = true;
		else if (own < OWN_MIN)
			own += count_bytes(&line);
	}
	return own >= OWN_MIN;
}

/* Moves the lines without a mark together; how much they are. */
static size_t
keep_own(char *text, const char *end)
{
	struct line_reader reader =
	    line_reader_start(text, (size_t)(end - text));
	struct line line;
	char *to = text;

	while (line_next(&reader, &line)) {
		size_t size = (size_t)(reader.next - line.text);

		if (is_quoted(&line))
			continue;
		memmove(to, line.text, size);
		to += size;
	}
	return (size_t)(to - text);
}

bool
quoted_cut(char *text, size_t *size)
{
	const char *end = find_message(text, *size);
	bool has_marks;

	if (!has_own(text, end, &has_marks))
		return has_marks;
	*size = has_marks ? keep_own(text, end) : (size_t)(end - text);
	text[*size] = '\0';
	return has_marks;
}
