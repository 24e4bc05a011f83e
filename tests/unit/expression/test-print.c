#include "expression/expression.h"
int main(void)
{
    return 0;
}
