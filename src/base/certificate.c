#include "base/certificate.h"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "base/crypto.h"

/* With a blank, so that nobody takes it for a host name that has to be allowed. */
#define SERVER_NAME "shuzhi server"

#define ROOT_DAYS 7300
#define SERVER_DAYS 800
#define RENEW_DAYS 400
#define CLOCK_DAYS 1 /* other machines' clocks may be behind */
#define MAX_NAME_BYTES 253
#define SECONDS_PER_DAY 86400
#define SERIAL_BYTES 16

/* What a root may vouch for beside its own host names: the networks of RFC 1918 and RFC 4193. */
#define PRIVATE_NETWORKS                                                                   \
    "permitted;IP:10.0.0.0/255.0.0.0,permitted;IP:172.16.0.0/255.240.0.0,"                 \
    "permitted;IP:192.168.0.0/255.255.0.0,permitted;IP:127.0.0.0/255.0.0.0,"               \
    "permitted;IP:fc00::/fe00::,permitted;IP:::1/ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff," \
    "permitted;DNS:localhost"

G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509, X509_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(EVP_PKEY, EVP_PKEY_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(BIO, BIO_free_all)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE, X509_STORE_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(X509_STORE_CTX, X509_STORE_CTX_free)
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GENERAL_NAMES, GENERAL_NAMES_free)

void certificate_pair_clear(CertificatePair *pair)
{
    if (pair->key != NULL) {
        crypto_wipe(pair->key, strlen(pair->key));
    }
    g_clear_pointer(&pair->certificate, g_free);
    g_clear_pointer(&pair->key, g_free);
}

/* ---- names ----------------------------------------------------------------------------------- */

static bool is_address(const char *name, bool *ret_is_v6)
{
    uint8_t bytes[16];
    *ret_is_v6 = strchr(name, ':') != NULL;
    return inet_pton(*ret_is_v6 ? AF_INET6 : AF_INET, name, bytes) == 1;
}

/* Letters, digits and "-" between dots: what may stand in a certificate, and in the text that
 * extensions are made from below. */
static bool is_host_name(const char *name)
{
    g_auto(GStrv) labels = g_strsplit(name, ".", -1);
    for (guint i = 0; labels[i] != NULL; i++) {
        size_t length = strlen(labels[i]);
        if (length == 0 || length > 63 || labels[i][0] == '-' || labels[i][length - 1] == '-' ||
            strspn(labels[i], "abcdefghijklmnopqrstuvwxyz0123456789-") != length) {
            return false;
        }
    }
    /* "1.2.3" is neither a name nor an address. */
    size_t length = strlen(name);
    return length > 0 && length <= MAX_NAME_BYTES && strspn(name, "0123456789.") != length;
}

char **certificate_parse_names(const char *text, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(text, -1);
    g_auto(GStrv) names = g_strsplit(lower, ",", -1);
    for (guint i = 0; names[i] != NULL; i++) {
        bool is_v6;
        g_strstrip(names[i]);
        if (!is_address(names[i], &is_v6) && !is_host_name(names[i])) {
            error_set(error, SHUZHI_ERROR_INVALID,
                      "'%s' is neither a host name (office.example) nor an address (192.168.3.7)",
                      names[i]);
            return NULL;
        }
        if (i >= CERTIFICATE_MAX_NAMES) {
            error_set(error, SHUZHI_ERROR_INVALID, "a certificate is for %d names at most",
                      CERTIFICATE_MAX_NAMES);
            return NULL;
        }
    }
    if (names[0] == NULL) {
        error_set(error, SHUZHI_ERROR_INVALID, "a certificate needs a host name or an address");
        return NULL;
    }
    return g_steal_pointer(&names);
}

/* "DNS:office.example,IP:192.168.3.7", the value of subjectAltName. */
static char *alternative_names(const char *const *names)
{
    g_autoptr(GString) text = g_string_new(NULL);
    for (guint i = 0; names[i] != NULL; i++) {
        bool is_v6;
        g_string_append_printf(text, "%s%s:%s", i > 0 ? "," : "",
                               is_address(names[i], &is_v6) ? "IP" : "DNS", names[i]);
    }
    return g_string_free(g_steal_pointer(&text), false);
}

/* The value of nameConstraints. */
static char *constraints(const char *const *names)
{
    g_autoptr(GString) text = g_string_new("critical," PRIVATE_NETWORKS);
    for (guint i = 0; names[i] != NULL; i++) {
        bool is_v6;
        if (!is_address(names[i], &is_v6)) {
            g_string_append_printf(text, ",permitted;DNS:%s", names[i]);
        } else {
            g_string_append_printf(text, ",permitted;IP:%s/%s", names[i],
                                   is_v6 ? "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"
                                         : "255.255.255.255");
        }
    }
    return g_string_free(g_steal_pointer(&text), false);
}

/* ---- PEM ------------------------------------------------------------------------------------- */

static char *take_text(BIO *memory)
{
    char *bytes = NULL;
    long length = BIO_get_mem_data(memory, &bytes);
    return g_strndup(bytes, (gsize)length);
}

static bool write_pair(X509 *certificate, EVP_PKEY *key, CertificatePair *ret_pair)
{
    g_autoptr(BIO) public_part = BIO_new(BIO_s_mem());
    g_autoptr(BIO) secret_part = BIO_new(BIO_s_secmem());
    if (PEM_write_bio_X509(public_part, certificate) != 1 ||
        PEM_write_bio_PrivateKey(secret_part, key, NULL, NULL, 0, NULL, NULL) != 1) {
        return false;
    }
    *ret_pair = (CertificatePair){take_text(public_part), take_text(secret_part)};
    return true;
}

static X509 *read_certificate(const char *pem)
{
    g_autoptr(BIO) memory = BIO_new_mem_buf(pem, -1);
    return PEM_read_bio_X509(memory, NULL, NULL, NULL);
}

/* A key under a password is no key of ours: nobody is asked for it. */
static int no_password(char *buffer, int size, int rwflag, void *data)
{
    return -1;
}

static EVP_PKEY *read_key(const char *pem)
{
    g_autoptr(BIO) memory = BIO_new_mem_buf(pem, -1);
    return PEM_read_bio_PrivateKey(memory, NULL, no_password, NULL);
}

/* ---- making ---------------------------------------------------------------------------------- */

static bool add_extension(X509 *certificate, X509 *issuer, int id, const char *value)
{
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, id, value);
    bool is_added = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return is_added;
}

static time_t now_seconds(Source *source)
{
    return (time_t)(source_now_us(source) / G_USEC_PER_SEC);
}

/* Return a certificate of @key called @name, with number and dates, without extensions. */
static X509 *begin(EVP_PKEY *key, const char *name, int days, Source *source)
{
    g_autoptr(X509) certificate = X509_new();
    uint8_t number[SERIAL_BYTES];
    source_random(source, number, sizeof number);
    number[0] = (uint8_t)((number[0] & 0x3f) | 0x40); /* positive, and of full length */
    BIGNUM *serial = BN_bin2bn(number, sizeof number, NULL);
    time_t now = now_seconds(source);
    X509_NAME *subject = X509_get_subject_name(certificate);
    bool is_good =
        X509_set_version(certificate, X509_VERSION_3) == 1 &&
        BN_to_ASN1_INTEGER(serial, X509_get_serialNumber(certificate)) != NULL &&
        X509_time_adj_ex(X509_getm_notBefore(certificate), -CLOCK_DAYS, 0, &now) != NULL &&
        X509_time_adj_ex(X509_getm_notAfter(certificate), days, 0, &now) != NULL &&
        X509_NAME_add_entry_by_txt(subject, "O", MBSTRING_UTF8, (const uint8_t *)"shuzhi", -1, -1,
                                   0) == 1 &&
        X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8, (const uint8_t *)name, -1, -1,
                                   0) == 1 &&
        X509_set_pubkey(certificate, key) == 1;
    BN_free(serial);
    return is_good ? g_steal_pointer(&certificate) : NULL;
}

static bool fail_making(GError **error)
{
    error_set(error, SHUZHI_ERROR_INTERNAL, "cannot make a certificate");
    return false;
}

bool certificate_make_root(const char *const *names, Source *source, CertificatePair *ret_root,
                           GError **error)
{
    g_autoptr(EVP_PKEY) key = EVP_EC_gen("P-256");
    g_autofree char *allowed = constraints(names);
    g_autofree char *name = g_strdup_printf("shuzhi root for %.40s", names[0]);
    g_autoptr(X509) root = key != NULL ? begin(key, name, ROOT_DAYS, source) : NULL;
    if (root == NULL || X509_set_issuer_name(root, X509_get_subject_name(root)) != 1 ||
        !add_extension(root, root, NID_basic_constraints, "critical,CA:TRUE,pathlen:0") ||
        !add_extension(root, root, NID_key_usage, "critical,keyCertSign,cRLSign") ||
        !add_extension(root, root, NID_name_constraints, allowed) ||
        !add_extension(root, root, NID_subject_key_identifier, "hash") ||
        X509_sign(root, key, EVP_sha256()) == 0 || !write_pair(root, key, ret_root)) {
        return fail_making(error);
    }
    return true;
}

/* Return OpenSSL's verdict on @server under @root at the present of @source. */
static int verdict(X509 *server, X509 *root, Source *source)
{
    g_autoptr(X509_STORE) store = X509_STORE_new();
    g_autoptr(X509_STORE_CTX) context = X509_STORE_CTX_new();
    if (X509_STORE_add_cert(store, root) != 1 ||
        X509_STORE_CTX_init(context, store, server, NULL) != 1) {
        return X509_V_ERR_UNSPECIFIED;
    }
    X509_STORE_CTX_set_purpose(context, X509_PURPOSE_SSL_SERVER);
    X509_STORE_CTX_set_time(context, 0, now_seconds(source));
    return X509_verify_cert(context) == 1 ? X509_V_OK : X509_STORE_CTX_get_error(context);
}

bool certificate_make_server(const CertificatePair *root, const char *const *names, Source *source,
                             CertificatePair *ret_server, GError **error)
{
    g_autoptr(X509) issuer = read_certificate(root->certificate);
    g_autoptr(EVP_PKEY) issuer_key = read_key(root->key);
    if (issuer == NULL || issuer_key == NULL || X509_check_private_key(issuer, issuer_key) != 1) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "there is no certificate authority with its key");
        return false;
    }
    g_autoptr(EVP_PKEY) key = EVP_EC_gen("P-256");
    g_autofree char *all = alternative_names(names);
    g_autoptr(X509) server = key != NULL ? begin(key, SERVER_NAME, SERVER_DAYS, source) : NULL;
    if (server == NULL || X509_set_issuer_name(server, X509_get_subject_name(issuer)) != 1 ||
        !add_extension(server, issuer, NID_basic_constraints, "critical,CA:FALSE") ||
        !add_extension(server, issuer, NID_key_usage, "critical,digitalSignature") ||
        !add_extension(server, issuer, NID_ext_key_usage, "serverAuth") ||
        !add_extension(server, issuer, NID_subject_alt_name, all) ||
        !add_extension(server, issuer, NID_subject_key_identifier, "hash") ||
        !add_extension(server, issuer, NID_authority_key_identifier, "keyid:always") ||
        X509_sign(server, issuer_key, EVP_sha256()) == 0) {
        return fail_making(error);
    }
    int fault = verdict(server, issuer, source);
    if (fault != X509_V_OK) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "the certificate authority cannot vouch for '%s': %s; move it away, and a new one"
                  " is made, which other machines have to trust anew",
                  all, X509_verify_cert_error_string(fault));
        return false;
    }
    return write_pair(server, key, ret_server) || fail_making(error);
}

/* ---- looking --------------------------------------------------------------------------------- */

/* Return whether @server is for @names and no others. */
static bool is_for(X509 *server, const char *const *names)
{
    g_autoptr(GENERAL_NAMES) held = X509_get_ext_d2i(server, NID_subject_alt_name, NULL, NULL);
    if (held == NULL || sk_GENERAL_NAME_num(held) != (int)g_strv_length((char **)names)) {
        return false;
    }
    for (guint i = 0; names[i] != NULL; i++) {
        bool is_v6;
        int is_held = is_address(names[i], &is_v6) ? X509_check_ip_asc(server, names[i], 0)
                                                   : X509_check_host(server, names[i], 0, 0, NULL);
        if (is_held != 1) {
            return false;
        }
    }
    return true;
}

bool certificate_is_good(const CertificatePair *server, const CertificatePair *root,
                         const char *const *names, Source *source)
{
    g_autoptr(X509) certificate = read_certificate(server->certificate);
    g_autoptr(EVP_PKEY) key = read_key(server->key);
    g_autoptr(X509) issuer = read_certificate(root->certificate);
    time_t later = now_seconds(source) + (time_t)RENEW_DAYS * SECONDS_PER_DAY;
    return certificate != NULL && key != NULL && issuer != NULL &&
           X509_check_private_key(certificate, key) == 1 &&
           verdict(certificate, issuer, source) == X509_V_OK &&
           X509_cmp_time(X509_get0_notAfter(certificate), &later) > 0 && is_for(certificate, names);
}

bool certificate_check_pair(const CertificatePair *pair, const char *certificate_name,
                            const char *key_name, GError **error)
{
    g_autoptr(X509) certificate = read_certificate(pair->certificate);
    g_autoptr(EVP_PKEY) key = read_key(pair->key);
    if (certificate == NULL) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "'%s' holds no certificate (PEM)", certificate_name);
    } else if (key == NULL) {
        error_set(error, SHUZHI_ERROR_CORRUPT,
                  "'%s' holds no private key (PEM, without a passphrase)", key_name);
    } else if (X509_check_private_key(certificate, key) != 1) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "'%s' is not the key of the certificate '%s'",
                  key_name, certificate_name);
    } else {
        return true;
    }
    return false;
}

char *certificate_fingerprint(const char *pem, GError **error)
{
    g_autoptr(X509) certificate = read_certificate(pem);
    uint8_t hash[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    if (certificate == NULL || X509_digest(certificate, EVP_sha256(), hash, &length) != 1) {
        error_set(error, SHUZHI_ERROR_CORRUPT, "this is no certificate");
        return NULL;
    }
    g_autoptr(GString) text = g_string_new(NULL);
    for (unsigned int i = 0; i < length; i++) {
        g_string_append_printf(text, "%s%02X", i > 0 ? ":" : "", hash[i]);
    }
    return g_string_free(g_steal_pointer(&text), false);
}
