#include "web/qr.h"

#include <qrencode.h>

#define DARK 1 /* the lowest bit of a module */

/* Return how many modules from @x on are as dark as the one there. */
static int run_length(const unsigned char *line, int x, int width)
{
    int n = 1;
    while (x + n < width && (line[x + n] & DARK) == (line[x] & DARK)) {
        n++;
    }
    return n;
}

const WebQr *web_qr_new(const WebContext *context, const char *text)
{
    QRcode *code = QRcode_encodeString(text, 0, QR_ECLEVEL_M, QR_MODE_8, 1);
    if (code == NULL) {
        return NULL;
    }
    GString *path = g_string_new(NULL);
    for (int y = 0; y < code->width; y++) {
        const unsigned char *line = code->data + (size_t)y * (size_t)code->width;
        for (int x = 0, n = 0; x < code->width; x += n) {
            n = run_length(line, x, code->width);
            if (line[x] & DARK) {
                g_string_append_printf(path, "M%d %dh%dv1h-%dz", x + WEB_QR_QUIET, y + WEB_QR_QUIET,
                                       n, n);
            }
        }
    }
    int size = code->width + 2 * WEB_QR_QUIET;
    WebQr *qr = web_new(context, WebQr);
    qr->view_box = web_keep(context, g_strdup_printf("0 0 %d %d", size, size));
    qr->path = web_keep(context, g_string_free(path, false));
    QRcode_free(code);
    return qr;
}
