/* What a worker that was taken over by its file might say to the program. */
#include "read-answer.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    read_answer((const char *)data, size);
    return 0;
}
