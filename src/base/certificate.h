/* A small certificate authority of one's own, for https where no public one reaches: a root that
 * other machines are told to trust, and server certificates signed by it.
 *
 * Keys are ECDSA P-256, which every browser takes.  The root signs servers only (path length 0) and
 * may vouch for no others than the host names it was made for and addresses of private networks
 * (RFC 5280 §4.2.1.10, critical): a root that is stolen opens no other site on the machines that
 * trust it.  Keys come from OpenSSL's own generator and are part of no replay.
 *
 * Threading: pure but for the source; safe from every thread. */
#pragma once

#include "base/source.h"

#define CERTIFICATE_MAX_NAMES 100

/* A certificate and its private key, both PEM. */
typedef struct CertificatePair {
    char *certificate;
    char *key;
} CertificatePair;

void certificate_pair_clear(CertificatePair *pair);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(CertificatePair, certificate_pair_clear)

/* Split @text, "office.example,192.168.3.7", into host names and addresses, NULL-terminated; the
 * caller owns it.  INVALID names the first that is neither, and more than CERTIFICATE_MAX_NAMES. */
char **certificate_parse_names(const char *text, GError **error);

/* Make a root for the host names and addresses @names (of certificate_parse_names()), for 20 years
 * from the present of @source. */
bool certificate_make_root(const char *const *names, Source *source, CertificatePair *ret_root,
                           GError **error);

/* Make a certificate for a server reached as @names, signed by @root, for 800 days (browsers take
 * no more than 825).
 *
 * CORRUPT when @root is none; FORBIDDEN when it may not vouch for one of @names, or is over. */
bool certificate_make_server(const CertificatePair *root, const char *const *names, Source *source,
                             CertificatePair *ret_server, GError **error);

/* Return whether @server is signed by @root, for exactly @names, with its own key, and holds for
 * another 400 days at least. */
bool certificate_is_good(const CertificatePair *server, const CertificatePair *root,
                         const char *const *names, Source *source);

/* Check that @pair is a certificate and its private key, each as a server can take it; CORRUPT says
 * which of them is not, by their names @certificate and @key. */
bool certificate_check_pair(const CertificatePair *pair, const char *certificate, const char *key,
                            GError **error);

/* Return the SHA-256 of the first certificate of @pem as browsers show it, "AB:CD:…"; the caller
 * owns it.  CORRUPT. */
char *certificate_fingerprint(const char *pem, GError **error);
