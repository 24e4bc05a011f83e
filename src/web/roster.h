/* Units and people as pages show them. */
#pragma once

#include "web/context.h"

typedef struct WebHolder {
    const char *name;
    const char *title; /* of the post; "" */
    const char *role;
} WebHolder;

typedef struct WebUnit {
    const char *name;
    const char *kind;
    const char *dates;  /* "2023-07-01 –"; "" */
    const char *level;  /* "1", "2" …: how deep it lies */
    GPtrArray *holders; /* of WebHolder */
} WebUnit;
