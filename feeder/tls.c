/*
 * TLS by OpenSSL on memory buffers.  smtpconn.c moves the bytes.
 */
#include "autoconf.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "tls.h"

struct tls_context {
	SSL_CTX *ssl;
};

struct tls {
	SSL *ssl;
	BIO *in, *out; /* the SSL's */
};

/* --- the certificate ----------------------------------------------------- */

static int
refuse(struct bs_message *message, const char *key, const char *path,
    const char *what)
{
	char reason[256] = "";
	unsigned long code = ERR_get_error();

	if (code != 0) {
		strcpy(reason, ": ");
		ERR_error_string_n(code, reason + 2, sizeof(reason) - 2);
	}
	ERR_clear_error();
	bs_message_set(message,
	    "%s: %.400s: %s%s: name PEM files of a certificate and its key in "
	    "smtp.certificate and smtp.key that this user may read, or remove "
	    "both for no TLS",
	    key, path, what, reason);
	return BS_EIO;
}

/* Nobody is there to be asked for a key's pass phrase: only notes that one is
 * wanted. */
static int
no_pass_phrase(char *text, int size, int for_writing, void *context)
{
	bool *wanted = context;

	(void)text;
	(void)size;
	(void)for_writing;
	*wanted = true;
	return -1;
}

/* Why it is no file to be read: a FIFO would be waited for.  NULL: it is one. */
static const char *
file_fault(const char *path)
{
	struct stat status;

	if (access(path, R_OK) != 0 || stat(path, &status) != 0)
		return strerror(errno);
	return S_ISREG(status.st_mode) ? NULL : "no regular file";
}

static const char *
key_fault(bool wants_phrase)
{
	if (wants_phrase)
		return "wants a pass phrase: take it off with `openssl pkey`";
	return ERR_GET_REASON(ERR_peek_last_error()) ==
		       X509_R_KEY_VALUES_MISMATCH
		   ? "not the certificate's key"
		   : "no private key";
}

static int
read_files(SSL_CTX *ssl, const char *certificate, const char *key,
    struct bs_message *message)
{
	bool wants_phrase = false;
	const char *fault = file_fault(certificate);
	int got;

	SSL_CTX_set_default_passwd_cb(ssl, no_pass_phrase);
	SSL_CTX_set_default_passwd_cb_userdata(ssl, &wants_phrase);
	if (fault == NULL &&
	    SSL_CTX_use_certificate_chain_file(ssl, certificate) != 1)
		fault = "no certificate";
	if (fault != NULL)
		return refuse(message, "smtp.certificate", certificate, fault);
	fault = file_fault(key);
	if (fault != NULL)
		return refuse(message, "smtp.key", key, fault);
	got = SSL_CTX_use_PrivateKey_file(ssl, key, SSL_FILETYPE_PEM);
	SSL_CTX_set_default_passwd_cb_userdata(ssl, NULL);
	if (got != 1)
		return refuse(
		    message, "smtp.key", key, key_fault(wants_phrase));
	if (SSL_CTX_check_private_key(ssl) != 1)
		return refuse(
		    message, "smtp.key", key, "not the certificate's key");
	return BS_OK;
}

/* Clients take any certificate, or want a good one and find this. */
static void
note_expiry(const SSL_CTX *ssl, const char *path, struct bs_message *message)
{
	const X509 *certificate = SSL_CTX_get0_certificate(ssl);

	if (X509_cmp_current_time(X509_get0_notAfter(certificate)) < 0)
		bs_message_set(message,
		    "%.400s: the certificate has expired: put a new one there "
		    "and reload",
		    path);
}

int
tls_context_new(const char *certificate, const char *key,
    struct tls_context **context_r, struct bs_message *message)
{
	struct tls_context *context = calloc(1, sizeof(*context));
	int rc = BS_ENOMEM;

	if (context != NULL)
		context->ssl = SSL_CTX_new(TLS_server_method());
	if (context != NULL && context->ssl != NULL) {
		(void)SSL_CTX_set_min_proto_version(
		    context->ssl, TLS1_2_VERSION);
		(void)SSL_CTX_set_options(
		    context->ssl, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_TICKET);
		(void)SSL_CTX_set_mode(context->ssl, SSL_MODE_RELEASE_BUFFERS);
		rc = read_files(context->ssl, certificate,
		    key != NULL ? key : certificate, message);
		if (rc == BS_OK)
			note_expiry(context->ssl, certificate, message);
	} else {
		bs_message_set(message, "TLS: out of memory");
	}
	if (rc == BS_OK)
		*context_r = context;
	else
		tls_context_free(&context);
	return rc;
}

void
tls_context_free(struct tls_context **context)
{
	if (*context == NULL)
		return;
	SSL_CTX_free((*context)->ssl);
	free(*context);
	*context = NULL;
}

/* --- a connection -------------------------------------------------------- */

struct tls *
tls_new(struct tls_context *context)
{
	struct tls *tls = calloc(1, sizeof(*tls));

	if (tls == NULL)
		return NULL;
	tls->ssl = SSL_new(context->ssl);
	tls->in = BIO_new(BIO_s_mem());
	tls->out = BIO_new(BIO_s_mem());
	if (tls->ssl == NULL || tls->in == NULL || tls->out == NULL) {
		BIO_free(tls->in);
		BIO_free(tls->out);
		SSL_free(tls->ssl);
		free(tls);
		return NULL;
	}
	SSL_set_bio(tls->ssl, tls->in, tls->out);
	SSL_set_accept_state(tls->ssl);
	return tls;
}

void
tls_free(struct tls **tls)
{
	if (*tls == NULL)
		return;
	SSL_free((*tls)->ssl);
	free(*tls);
	*tls = NULL;
}

int
tls_take(struct tls *tls, const char *bytes, size_t size)
{
	if (size > INT_MAX || BIO_write(tls->in, bytes, (int)size) != (int)size)
		return BS_ENOMEM;
	return BS_OK;
}

int
tls_read(struct tls *tls, char *bytes, size_t size, size_t *size_r)
{
	int got, error;

	ERR_clear_error();
	got = SSL_read(tls->ssl, bytes, size < INT_MAX ? (int)size : INT_MAX);
	if (got > 0) {
		*size_r = (size_t)got;
		return BS_OK;
	}
	error = SSL_get_error(tls->ssl, got);
	ERR_clear_error();
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return BS_EBUSY;
	return error == SSL_ERROR_ZERO_RETURN ? BS_ENOTFOUND : BS_EIO;
}

int
tls_write(struct tls *tls, const char *bytes, size_t size)
{
	ERR_clear_error();
	if (size > INT_MAX ||
	    SSL_write(tls->ssl, bytes, (int)size) != (int)size)
		return BS_EIO;
	return BS_OK;
}

void
tls_end(struct tls *tls)
{
	ERR_clear_error();
	if (SSL_is_init_finished(tls->ssl))
		(void)SSL_shutdown(tls->ssl);
	ERR_clear_error();
}

size_t
tls_give(struct tls *tls, char *bytes, size_t size)
{
	int got =
	    BIO_read(tls->out, bytes, size < INT_MAX ? (int)size : INT_MAX);

	return got > 0 ? (size_t)got : 0;
}
