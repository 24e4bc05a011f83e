#include "language/order.h"

#include <glib.h>

char *language_order_key(const char *text)
{
    char *key = g_convert(text, -1, "GB18030", "UTF-8", NULL, NULL, NULL);
    return key != NULL ? key : g_strdup(text);
}
