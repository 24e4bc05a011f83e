/* A text as a QR code (ISO/IEC 18004), as a page draws it: one path of dark squares on a light
 * ground of its own, so that a camera reads it from a dark screen and from paper, too. */
#pragma once

#include "web/context.h"

#define WEB_QR_QUIET 4 /* modules of light around it: ISO/IEC 18004, 5.3.8 */

typedef struct WebQr {
    const char *view_box; /* "0 0 45 45": with the light around it, a unit a module */
    const char *path;     /* of the dark modules: "M4 4h7v1h-7z" for each run of a line */
} WebQr;

/* Return @text as a QR code, kept; NULL where it is too long for one. */
const WebQr *web_qr_new(const WebContext *context, const char *text);
