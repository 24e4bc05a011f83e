/* Disks that fail, for SQLite: a VFS in front of the system's, whose n-th read, write, flush,
 * truncation, opening or deletion fails, once or from then on.
 *
 * Threading: arm and disarm while no statement runs; the counting itself is safe from every
 * thread. */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef enum FaultKind {
    FAULT_READ,
    FAULT_WRITE, /* half of the bytes are written */
    FAULT_FULL,  /* the same, because the disk is full */
    FAULT_SYNC,  /* what was written before is written all the same */
    FAULT_TRUNCATE,
    FAULT_OPEN,
    FAULT_DELETE,
    FAULT_N_KINDS
} FaultKind;

/* Return "read", "write"… for messages; static. */
const char *fault_vfs_name(FaultKind kind);

/* Make it the VFS of every database that is opened from now on. */
void fault_vfs_install(void);

/* Let the @n-th (from 1) operation of @kind fail, and all after it if @is_lasting. */
void fault_vfs_arm(FaultKind kind, int n, bool is_lasting);

/* End it; returns whether an operation has failed. */
bool fault_vfs_disarm(void);
