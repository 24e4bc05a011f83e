/* What the benchmarks share: the machine, the clock, medians, and a line for each number.
 *
 * A benchmark prints; it never fails because something is slow.  Its numbers are those of a build
 * without sanitizers (`make bench`). */
#pragma once

#include "base/error.h"

/* Print the title and a line on the machine: processor, cores, memory, kernel, file system of the
 * folder that benchmarks write in. */
void bench_begin(const char *title);

/* Return a new folder for a benchmark's files; the caller removes it with bench_remove_folder() and
 * frees the name.  It lies in SHUZHI_BENCH_FOLDER, else in the temporary folder. */
char *bench_new_folder(void);
void bench_remove_folder(const char *folder);

/* Return the microseconds of a clock that only goes forward. */
int64_t bench_now_us(void);

/* Return the greatest number of bytes of memory that the process has used. */
int64_t bench_peak_bytes(void);

/* Return the environment's integer @name, @fallback when it is not set. */
int64_t bench_option(const char *name, int64_t fallback);

/* Print a number: "  name   12,345 a second   bar 10,000: met".
 *
 * @bar: 0: there is none.  @is_least: the bar is the least wanted, else the most. */
void bench_print(const char *name, double value, const char *unit, double bar, bool is_least);

/* Print the median and the 99th percentile of @n samples (sorted here), microseconds, as
 * milliseconds; @bar_ms is for the median's place @is_p99 says. */
void bench_print_samples(const char *name, int64_t *samples_us, size_t n, double bar_ms,
                         bool is_p99);

/* Print how many times as fast (or slow) as the peer: "  name   0.62 of NAME". */
void bench_print_ratio(const char *name, double value, double peer, const char *peer_name);
