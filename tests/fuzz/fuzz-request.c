/* Bytes on a connection: each request in them is answered or refused, and what reaches a handler is
 * whole. */
#include "served.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    served_send(data, size);
    return 0;
}
