/* A multipart form, of which "xy" is the boundary: the library reads no form with one of a single
 * character. */
#include "served.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    g_autoptr(GString) request = g_string_new(NULL);
    g_string_printf(request,
                    "POST /form HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
                    "Content-Type: multipart/form-data; boundary=xy\r\nContent-Length: %zu\r\n\r\n",
                    size);
    g_string_append_len(request, (const char *)data, (gssize)size);
    served_send(request->str, request->len);
    return 0;
}
