/* The box in which untrusted files are read: once in, a process can compute and use the descriptors
 * it has open, and nothing else.
 *
 *   resource limits   address space, processor time, no new descriptors, no file growth, no core
 *   no_new_privs      and not dumpable: no debugger, no /proc/self of another user's reach
 *   Landlock          no file, no TCP port, no abstract socket, no signal outside (as far as the
 *                     running kernel can; an older one leaves it to seccomp)
 *   seccomp           the system calls that reading, writing and memory need; opening a file fails
 *                     with EACCES, whatever else ends the process with SIGSYS
 *
 * Linux only.  For base/child.c; a process that has a sandbox cannot leave it.
 *
 * Threading: for a process of one thread; its limits would bind the others too late. */
#pragma once

#include "base/error.h"

/* Put this process in the box.  The address space is not limited under AddressSanitizer, whose
 * shadow takes terabytes of it.
 *
 * @memory_bytes: limit of the whole address space, what is mapped already included.
 * @cpu_seconds: processor time from the start of the process; SIGXCPU ends it.
 * Returns false when the box cannot be built; the process is then half in it and should end. */
bool sandbox_enter(size_t memory_bytes, int cpu_seconds);
