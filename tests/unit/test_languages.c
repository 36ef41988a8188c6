/*
 * Notices and out-of-office mail in the languages and charsets that they come
 * in: each row becomes whole messages in each of its charsets, encoded as mail
 * programs do.  The sentences are written for this test, as mail systems and
 * people of that language put it; they come from no sample.
 */
#include "autoconf.h"

#include <iconv.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "judge.h"

#define MESSAGE_MAX 8192

struct row {
	const char *language;
	const char *charsets[3];
	enum judge_kind kind;
	const char *subject;
	const char *text;
};

/* clang-format off */
static const struct row rows[] = {
	/* bounces of a plain MTA: From of a daemon, text, nothing returned */
	{"en", {"us-ascii", "utf-8"}, JUDGE_BOUNCE, "Undeliverable: Offer", "Your message did not reach some of its recipients.\n\nBob: The mailbox you tried to reach cannot be found."},
	{"de", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "Nachricht nicht zustellbar: Angebot", "Ihre E-Mail konnte an den folgenden Empfänger nicht übermittelt werden:\n\nDie Adresse ist unbekannt."},
	{"de", {"windows-1252"}, JUDGE_BOUNCE, "Unzustellbar: Grüße", "Fehler bei der Zustellung an diese Empfänger oder Verteilerlisten:\n\nDas Postfach des Empfängers ist voll."},
	{"fr", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "Échec de la remise : Offre", "La livraison de votre message aux destinataires suivants a échoué :\n\nCette boîte aux lettres n'existe pas."},
	{"fr", {"iso-8859-15"}, JUDGE_BOUNCE, "Message non distribuable", "Votre message n'a pas pu être transmis au destinataire. Adresse inconnue."},
	{"es", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "No se puede entregar: Oferta", "Su mensaje no llegó a algunos de los destinatarios previstos.\n\nLa dirección de correo no existe."},
	{"es", {"windows-1252"}, JUDGE_BOUNCE, "Correo devuelto", "No fue posible entregar su mensaje al destinatario siguiente: cuenta desconocida."},
	{"it", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "Non recapitabile: Offerta", "Impossibile recapitare il messaggio ai seguenti destinatari:\n\nL'indirizzo non esiste."},
	{"it", {"windows-1252"}, JUDGE_BOUNCE, "Messaggio non consegnato", "Il suo messaggio non è stato consegnato: casella postale piena."},
	{"pt", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "Não entregue: Oferta", "A sua mensagem não chegou a alguns destinatários.\n\nO endereço de e-mail não foi encontrado."},
	{"pt", {"windows-1252"}, JUDGE_BOUNCE, "Falha na entrega da mensagem", "Não conseguimos entregar a mensagem ao destinatário: a caixa de correio está cheia."},
	{"nl", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "Onbestelbaar: Aanbod", "Uw bericht heeft enkele of alle geadresseerden niet bereikt.\n\nHet e-mailadres bestaat niet."},
	{"nl", {"us-ascii"}, JUDGE_BOUNCE, "Bericht kon niet worden afgeleverd", "De bezorging bij de volgende ontvanger is mislukt: onbekende gebruiker."},
	{"pl", {"iso-8859-2", "utf-8"}, JUDGE_BOUNCE, "Niedostarczalne: Oferta", "Wiadomość nie dotarła do niektórych adresatów.\n\nNie znaleziono adresu e-mail."},
	{"pl", {"windows-1250"}, JUDGE_BOUNCE, "Zwrot: wiadomość nie została doręczona", "Nie udało się doręczyć wiadomości: skrzynka odbiorcy jest pełna."},
	{"cs", {"iso-8859-2", "utf-8"}, JUDGE_BOUNCE, "Nedoručitelné: Nabídka", "Zprávu se nepodařilo doručit těmto příjemcům:\n\nE-mailová adresa nebyla nalezena."},
	{"cs", {"windows-1250"}, JUDGE_BOUNCE, "Zpráva nebyla doručena", "Vaši zprávu nelze doručit: schránka příjemce je plná."},
	{"ru", {"koi8-r", "utf-8"}, JUDGE_BOUNCE, "Недоставлено: Предложение", "Ваше сообщение не было доставлено следующим получателям:\n\nПочтовый ящик не найден."},
	{"ru", {"windows-1251"}, JUDGE_BOUNCE, "Письмо не доставлено", "К сожалению, мы не смогли доставить ваше письмо: почтовый ящик получателя переполнен."},
	{"uk", {"koi8-u", "utf-8"}, JUDGE_BOUNCE, "Не вдалося доставити: Пропозиція", "Ваше повідомлення не доставлено таким одержувачам:\n\nАдресу не знайдено."},
	{"uk", {"windows-1251"}, JUDGE_BOUNCE, "Лист не доставлено", "На жаль, лист не може бути доставлено: поштова скринька переповнена."},
	{"tr", {"iso-8859-9", "utf-8"}, JUDGE_BOUNCE, "Teslim edilemedi: Teklif", "İletiniz bazı alıcılara ulaştırılamadı.\n\nE-posta adresi bulunamadı."},
	{"tr", {"windows-1254"}, JUDGE_BOUNCE, "İleti gönderilemedi", "Mesajınız teslim edilemedi: alıcının posta kutusu dolu."},
	{"sv", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "Kunde inte levereras: Erbjudande", "Meddelandet nådde inte fram till alla mottagare.\n\nE-postadressen kunde inte hittas."},
	{"da", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "Kan ikke leveres: Tilbud", "Meddelelsen kunne ikke leveres til følgende modtagere:\n\nE-mailadressen blev ikke fundet."},
	{"no", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "Kan ikke leveres: Tilbud", "Meldingen kunne ikke leveres til følgende mottakere:\n\nFinner ikke e-postadressen."},
	{"fi", {"iso-8859-1", "utf-8"}, JUDGE_BOUNCE, "Ei voi toimittaa: Tarjous", "Viestiä ei voitu toimittaa seuraaville vastaanottajille:\n\nSähköpostiosoitetta ei löytynyt."},
	{"ja", {"iso-2022-jp", "utf-8", "shift_jis"}, JUDGE_BOUNCE, "配信不能: ご案内", "次の宛先へのメッセージは届きませんでした。\n\nメールアドレスが見つかりませんでした。"},
	{"ja", {"euc-jp", "iso-2022-jp"}, JUDGE_BOUNCE, "メールの送信に失敗しました", "お送りいただいたメールは、宛先に配送できませんでした。メールボックスが一杯です。"},
	{"zh", {"gb18030", "utf-8", "gb2312"}, JUDGE_BOUNCE, "无法投递: 报价", "您的邮件未能送达以下收件人:\n\n收件人邮箱地址不存在。"},
	{"zh", {"big5", "utf-8"}, JUDGE_BOUNCE, "無法傳遞: 報價", "您的郵件無法送達下列收件者:\n\n收件者的信箱已滿。"},
	{"ko", {"euc-kr", "utf-8"}, JUDGE_BOUNCE, "배달되지 않음: 제안", "다음 받는 사람에게 메시지를 배달하지 못했습니다.\n\n전자 메일 주소를 찾을 수 없습니다."},
	{"ko", {"iso-2022-kr", "euc-kr"}, JUDGE_BOUNCE, "메일 전송 실패 안내", "보내신 메일이 전송되지 못했습니다. 존재하지 않는 사용자입니다."},
	{"ar", {"windows-1256", "utf-8"}, JUDGE_BOUNCE, "تعذر التسليم: عرض", "تعذر تسليم رسالتك إلى المستلمين التاليين:\n\nلم يتم العثور على عنوان البريد الإلكتروني."},
	{"ar", {"iso-8859-6", "utf-8"}, JUDGE_BOUNCE, "فشل تسليم الرسالة", "لم يتم تسليم الرسالة إلى المستلم لأن صندوق البريد ممتلئ."},

	/* out of office, with no header field that says so but a null path */
	{"en", {"us-ascii"}, JUDGE_AUTOREPLY, "Out of office: Offer", "I am on leave until 5 May and will answer when I am back."},
	{"de", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Abwesend: Angebot", "Ich bin bis zum 5. Mai nicht im Büro und habe keinen Zugriff auf meine E-Mails."},
	{"fr", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Absence : Offre", "Je suis en congés jusqu'au 5 mai et je répondrai à mon retour."},
	{"es", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Ausente: Oferta", "Estaré fuera de la oficina hasta el 5 de mayo. Responderé a mi regreso."},
	{"it", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Fuori ufficio: Offerta", "Sono assente dall'ufficio fino al 5 maggio; risponderò al mio rientro."},
	{"pt", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Ausente do escritório: Oferta", "Estou de férias até 5 de maio e responderei quando voltar."},
	{"nl", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Afwezig: Aanbod", "Ik ben tot 5 mei niet aanwezig en zal uw bericht na terugkomst lezen."},
	{"pl", {"iso-8859-2", "utf-8"}, JUDGE_AUTOREPLY, "Poza biurem: Oferta", "Do 5 maja przebywam na urlopie. Odpowiem po powrocie."},
	{"cs", {"iso-8859-2", "utf-8"}, JUDGE_AUTOREPLY, "Mimo kancelář: Nabídka", "Do 5. května jsem na dovolené. Odpovím po návratu."},
	{"ru", {"koi8-r", "windows-1251"}, JUDGE_AUTOREPLY, "Нет на месте: Предложение", "Я в отпуске до 5 мая и отвечу на ваше письмо после возвращения."},
	{"uk", {"koi8-u", "windows-1251"}, JUDGE_AUTOREPLY, "Відсутній: Пропозиція", "Я у відпустці до 5 травня і відповім після повернення."},
	{"tr", {"iso-8859-9", "utf-8"}, JUDGE_AUTOREPLY, "Ofis dışında: Teklif", "5 Mayıs'a kadar izindeyim, döndüğümde yanıtlayacağım."},
	{"sv", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Frånvaro: Erbjudande", "Jag är på semester till den 5 maj och svarar när jag är tillbaka."},
	{"da", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Ikke til stede: Tilbud", "Jeg er på ferie indtil den 5. maj og svarer, når jeg er tilbage."},
	{"no", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Fravær: Tilbud", "Jeg er ikke på kontoret før 5. mai og svarer når jeg er tilbake."},
	{"fi", {"iso-8859-1", "utf-8"}, JUDGE_AUTOREPLY, "Poissa: Tarjous", "Olen lomalla 5. toukokuuta asti ja vastaan palattuani."},
	{"ja", {"iso-2022-jp", "utf-8"}, JUDGE_AUTOREPLY, "不在: ご案内", "5月5日まで休暇をいただいております。戻り次第ご連絡いたします。"},
	{"zh", {"gb18030", "utf-8"}, JUDGE_AUTOREPLY, "外出: 报价", "我正在休假，5月5日之前不在办公室，回来后会尽快回复。"},
	{"zh", {"big5"}, JUDGE_AUTOREPLY, "不在辦公室: 報價", "我正在休假，5月5日前無法回覆您的來信。"},
	{"ko", {"euc-kr", "utf-8"}, JUDGE_AUTOREPLY, "부재중: 제안", "5월 5일까지 휴가 중입니다. 복귀 후 답변드리겠습니다."},
	{"ar", {"windows-1256", "utf-8"}, JUDGE_AUTOREPLY, "خارج المكتب: عرض", "أنا في إجازة حتى 5 مايو وسأرد عليك عند عودتي."},

	/* automatic replies as Exchange marks them */
	{"en", {"utf-8"}, JUDGE_AUTOREPLY, "Automatic reply: Offer", "Back on Monday."},
	{"de", {"utf-8"}, JUDGE_AUTOREPLY, "Automatische Antwort: Angebot", "Bin am Montag zurück."},
	{"fr", {"utf-8"}, JUDGE_AUTOREPLY, "Réponse automatique : Offre", "De retour lundi."},
	{"es", {"utf-8"}, JUDGE_AUTOREPLY, "Respuesta automática: Oferta", "Vuelvo el lunes."},
	{"it", {"utf-8"}, JUDGE_AUTOREPLY, "Risposta automatica: Offerta", "Torno lunedì."},
	{"pt", {"utf-8"}, JUDGE_AUTOREPLY, "Resposta automática: Oferta", "Volto segunda."},
	{"nl", {"utf-8"}, JUDGE_AUTOREPLY, "Automatisch antwoord: Aanbod", "Maandag terug."},
	{"pl", {"utf-8"}, JUDGE_AUTOREPLY, "Odpowiedź automatyczna: Oferta", "Wracam w poniedziałek."},
	{"cs", {"utf-8"}, JUDGE_AUTOREPLY, "Automatická odpověď: Nabídka", "Vrátím se v pondělí."},
	{"ru", {"utf-8"}, JUDGE_AUTOREPLY, "Автоматический ответ: Предложение", "Вернусь в понедельник."},
	{"uk", {"utf-8"}, JUDGE_AUTOREPLY, "Автоматична відповідь: Пропозиція", "Повернуся в понеділок."},
	{"tr", {"utf-8"}, JUDGE_AUTOREPLY, "Otomatik yanıt: Teklif", "Pazartesi dönüyorum."},
	{"sv", {"utf-8"}, JUDGE_AUTOREPLY, "Automatiskt svar: Erbjudande", "Tillbaka på måndag."},
	{"da", {"utf-8"}, JUDGE_AUTOREPLY, "Automatisk svar: Tilbud", "Tilbage mandag."},
	{"no", {"utf-8"}, JUDGE_AUTOREPLY, "Automatisk svar: Tilbud", "Tilbake mandag."},
	{"fi", {"utf-8"}, JUDGE_AUTOREPLY, "Automaattinen vastaus: Tarjous", "Palaan maanantaina."},
	{"ja", {"iso-2022-jp"}, JUDGE_AUTOREPLY, "自動応答: ご案内", "月曜日に戻ります。"},
	{"zh", {"gb2312"}, JUDGE_AUTOREPLY, "自动答复: 报价", "星期一回来。"},
	{"zh", {"big5"}, JUDGE_AUTOREPLY, "自動回覆: 報價", "星期一回來。"},
	{"ko", {"euc-kr"}, JUDGE_AUTOREPLY, "자동 회신: 제안", "월요일에 돌아옵니다."},
	{"ar", {"windows-1256"}, JUDGE_AUTOREPLY, "رد تلقائي: عرض", "سأعود يوم الاثنين."},

	/* what people write in these languages is none of it */
	{"de", {"iso-8859-1"}, JUDGE_NONE, "Urlaub", "Ich bin nächste Woche im Urlaub. Kannst du die Zustellung annehmen?"},
	{"fr", {"iso-8859-1"}, JUDGE_NONE, "Vacances", "Je serai en vacances la semaine prochaine, le colis n'a pas pu être livré."},
	{"es", {"iso-8859-1"}, JUDGE_NONE, "Entrega del paquete", "No se pudo entregar su paquete. Llame a la oficina de correos."},
	{"ru", {"koi8-r"}, JUDGE_NONE, "Отпуск", "Я в отпуске со следующей недели. Посылка не доставлена."},
	{"ja", {"iso-2022-jp"}, JUDGE_NONE, "お荷物のお届け", "ご不在のため荷物をお届けできませんでした。"},
	{"zh", {"gb18030"}, JUDGE_NONE, "快递通知", "您的包裹无法投递，请联系快递员。"},
	{"ko", {"euc-kr"}, JUDGE_NONE, "택배 안내", "부재중으로 배달하지 못했습니다."},
};
/* clang-format on */

/* --- making messages ---------------------------------------------------------- */

/* False where the charset can't say it. */
static bool
convert(const char *charset, const char *text, char *bytes, size_t *size_r)
{
	iconv_t converter = iconv_open(charset, "UTF-8");
	char copy[MESSAGE_MAX];
	char *in = copy, *out = bytes;
	size_t in_left = strlen(text), out_left = MESSAGE_MAX;
	bool whole;

	if (converter == (iconv_t)-1)
		return false;
	memcpy(copy, text, in_left + 1);
	whole = iconv(converter, &in, &in_left, &out, &out_left) == 0 &&
		iconv(converter, NULL, NULL, &out, &out_left) == 0;
	iconv_close(converter);
	*size_r = MESSAGE_MAX - out_left;
	return whole;
}

static void
base64(const char *bytes, size_t size, char *text)
{
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				     "mnopqrstuvwxyz0123456789+/";

	for (size_t i = 0; i < size; i += 3) {
		unsigned three = (unsigned)(unsigned char)bytes[i] << 16;

		if (i + 1 < size)
			three |= (unsigned)(unsigned char)bytes[i + 1] << 8;
		if (i + 2 < size)
			three |= (unsigned char)bytes[i + 2];
		for (int k = 0; k < 4; k++)
			*text++ = i + (size_t)k > size
				      ? '='
				      : digits[three >> (18 - 6 * k) & 63];
	}
	*text = '\0';
}

static const char *
sender_of(enum judge_kind kind)
{
	if (kind == JUDGE_BOUNCE)
		return "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\n";
	if (kind == JUDGE_AUTOREPLY)
		return "Return-Path: <>\nFrom: joe@mx.example\n"
		       "In-Reply-To: <1@trap.example>\n";
	return "Return-Path: <joe@mx.example>\nFrom: joe@mx.example\n";
}

/* One message; false where the charset has not all letters. */
static bool
write_message(const struct row *row, const char *charset, bool raw, FILE *out)
{
	char bytes[MESSAGE_MAX], encoded[2 * MESSAGE_MAX];
	size_t size = 0;

	if (!convert(charset, row->subject, bytes, &size))
		return false;
	base64(bytes, size, encoded);
	fprintf(out, "%sTo: trap@trap.example\n", sender_of(row->kind));
	fprintf(
	    out, "Subject: =?%s?B?%s?=\nMIME-Version: 1.0\n", charset, encoded);
	if (!convert(charset, row->text, bytes, &size))
		return false;
	base64(bytes, size, encoded);
	fprintf(out,
	    "Content-Type: text/plain; charset=%s\n"
	    "Content-Transfer-Encoding: %s\n\n",
	    charset, raw ? "8bit" : "base64");
	if (raw)
		fwrite(bytes, 1, size, out);
	else
		fputs(encoded, out);
	fputc('\n', out);
	return true;
}

static struct judge *judge;

static size_t wrong;

static void
check_message(const struct row *row, const char *charset, bool raw)
{
	static struct judgement judgement;
	char *message = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&message, &size);
	bool written = write_message(row, charset, raw, out);

	fclose(out);
	if (written)
		judge_message(judge, message, size, &judgement);
	free(message);
	if (!written) {
		print_error("%s: not in %s: %s\n", row->language, charset,
		    row->subject);
		wrong++;
	} else if (judgement.kind != row->kind) {
		print_error("%s in %s, %s: \"%s\": said %s, score %d of %s, "
			    "first reason: %s\n",
		    row->language, charset, raw ? "8bit" : "base64",
		    row->subject, judge_kind_name(judgement.kind),
		    judgement.score, judge_kind_name(judgement.nearest),
		    judgement.reason[0].text);
		wrong++;
	}
}

static void
test_rows(void **state)
{
	(void)state;
	wrong = 0;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		for (size_t k = 0; k < 3 && rows[i].charsets[k] != NULL; k++) {
			check_message(&rows[i], rows[i].charsets[k], false);
			check_message(&rows[i], rows[i].charsets[k], true);
		}
	}
	assert_int_equal(wrong, 0);
}

/* --- broken charsets ------------------------------------------------------------ */

/* A wrong or unknown charset, or one cut in the middle of a character, must
 * not hide the rest of a notice. */
static void
test_broken(void **state)
{
	static const char *const texts[] = {
	    "Content-Type: text/plain; charset=x-nonsense\n\n",
	    "Content-Type: text/plain; charset=us-ascii\n\n\xff\xfe\xe4",
	    "Content-Type: text/plain; charset=utf-8\n\n\xe2\x82 \xc3",
	    "Content-Type: text/plain; charset=iso-2022-jp\n\n\x1b$B\x1b(B",
	    "Content-Type: text/plain; charset=\"gb2312\n\n",
	    "Content-Type: text/plain; charset=\n\n",
	    "Content-Type: text/plain; charset*=''%00\n\n",
	    "Content-Type: text/plain; charset=utf-7\n\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		static struct judgement judgement;
		char message[1024];

		(void)snprintf(message, sizeof message,
		    "Return-Path: <>\nFrom: MAILER-DAEMON@mx.example\n"
		    "Subject: Undelivered Mail Returned to Sender\n"
		    "MIME-Version: 1.0\n%s\n"
		    "This is the mail system at host mx.example.\n\n"
		    "550 5.1.1 User unknown\n",
		    texts[i]);
		judge_message(judge, message, strlen(message), &judgement);
		if (judgement.kind != JUDGE_BOUNCE)
			fail_msg("%s: %s", texts[i], judgement.reason[0].text);
	}
}

static int
set_up(void **state)
{
	static const struct bs_config no_settings;

	(void)state;
	judge_start();
	return judge_new(&no_settings, NULL, NULL, &judge);
}

static int
tear_down(void **state)
{
	(void)state;
	judge_free(&judge);
	judge_stop();
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_rows),
	    cmocka_unit_test(test_broken),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
