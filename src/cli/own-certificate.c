#include "cli/own-certificate.h"

#include "base/file.h"
#include "office/key.h"

#define MAX_PEM_BYTES ((size_t)64 << 10)

/* Where a certificate and its key lie. */
typedef struct Place {
    char *certificate;
    char *key;
} Place;

static void place_clear(Place *place)
{
    g_free(place->certificate);
    g_free(place->key);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(Place, place_clear)

void own_certificate_clear(OwnCertificate *own)
{
    certificate_pair_clear(&own->server);
    g_clear_pointer(&own->root_path, g_free);
    g_clear_pointer(&own->root_fingerprint, g_free);
}

static Place place_of(const char *name)
{
    g_autofree char *key = office_key_path(name); /* the folder of the signing keys */
    g_autofree char *folder = g_path_get_dirname(key);
    g_autofree char *certificate = g_strconcat(name, ".pem", NULL);
    return (Place){.certificate = g_build_filename(folder, certificate, NULL),
                   .key = g_steal_pointer(&key)};
}

/* The certificate is written last: where it is, the key is too, and a key without one was never
 * used. */
static bool is_there(const Place *place)
{
    return g_file_test(place->certificate, G_FILE_TEST_EXISTS);
}

static bool read_pair(const Place *place, CertificatePair *ret_pair, GError **error)
{
    g_auto(CertificatePair) pair = {NULL};
    pair.certificate = file_read(place->certificate, MAX_PEM_BYTES, NULL, error);
    pair.key = pair.certificate != NULL ? file_read(place->key, MAX_PEM_BYTES, NULL, error) : NULL;
    if (pair.key == NULL) {
        return false;
    }
    *ret_pair = pair;
    pair = (CertificatePair){NULL};
    return true;
}

static bool write_pair(const Place *place, const CertificatePair *pair, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(place->key);
    return file_make_folder(folder, 0700, error) &&
           file_write(place->key, pair->key, strlen(pair->key), 0600, error) &&
           file_write(place->certificate, pair->certificate, strlen(pair->certificate), 0644,
                      error);
}

static bool take_root(const Place *place, const char *const *names, Source *source,
                      CertificatePair *ret_root, GError **error)
{
    if (is_there(place)) {
        return read_pair(place, ret_root, error);
    }
    return certificate_make_root(names, source, ret_root, error) &&
           write_pair(place, ret_root, error);
}

static bool take_server(const CertificatePair *root, const char *const *names, Source *source,
                        CertificatePair *ret_server, GError **error)
{
    g_auto(Place) place = place_of("https-server");
    if (is_there(&place) && read_pair(&place, ret_server, NULL) &&
        certificate_is_good(ret_server, root, names, source)) {
        return true;
    }
    certificate_pair_clear(ret_server);
    return certificate_make_server(root, names, source, ret_server, error) &&
           write_pair(&place, ret_server, error);
}

bool own_certificate_take(const char *names, Source *source, OwnCertificate *ret_own,
                          GError **error)
{
    g_auto(GStrv) all = certificate_parse_names(names, error);
    if (all == NULL) {
        return false;
    }
    g_auto(CertificatePair) root = {NULL};
    g_auto(OwnCertificate) own = {{NULL}};
    g_auto(Place) place = place_of("https-root");
    const char *const *list = (const char *const *)all;
    if (!take_root(&place, list, source, &root, error)) {
        return false;
    }
    own.root_fingerprint = certificate_fingerprint(root.certificate, error);
    if (own.root_fingerprint == NULL) {
        error_prefix(error, "'%s'", place.certificate);
        return false;
    }
    if (!take_server(&root, list, source, &own.server, error)) {
        return false;
    }
    own.root_path = g_strdup(place.certificate);
    *ret_own = own;
    own = (OwnCertificate){{NULL}};
    return true;
}
