/* The certificate that `serve --own-certificate` serves with, made by a certificate authority of
 * its own.
 *
 * Four files lie beside the signing keys, outside of every office: https-root.pem and .key, made
 * once, and https-server.pem and .key, made anew when the names change or less than half of its
 * time is left.  Keys have mode 0600.  docs/keys.md says what to do with the root.
 *
 * Threading: one thread. */
#pragma once

#include "base/certificate.h"

typedef struct OwnCertificate {
    CertificatePair server;
    char *root_path;        /* what other machines are to trust */
    char *root_fingerprint; /* by which they recognise it */
} OwnCertificate;

void own_certificate_clear(OwnCertificate *own);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(OwnCertificate, own_certificate_clear)

/* Read the certificate for @names ("office.example,192.168.3.7"), or make what of it is missing.
 *
 * INVALID for a name that is none; FORBIDDEN when the root that is there may not vouch for a name;
 * CORRUPT when what is there is no certificate; else as the file system says. */
bool own_certificate_take(const char *names, Source *source, OwnCertificate *ret_own,
                          GError **error);
