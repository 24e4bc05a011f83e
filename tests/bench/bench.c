#include "bench/bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/file.h"

/* Return the value of the first line of the file @path that begins with @key; the caller owns it.
 */
static char *find_line(const char *path, const char *key)
{
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        return g_strdup("?");
    }
    const char *at = g_str_has_prefix(text, key) ? text : strstr(text, key);
    const char *colon = at != NULL ? strchr(at, ':') : NULL;
    return colon != NULL ? g_strstrip(g_strndup(colon + 1, strcspn(colon + 1, "\n")))
                         : g_strdup("?");
}

void bench_begin(const char *title)
{
    struct utsname kernel;
    uname(&kernel);
    g_autofree char *cpu = find_line("/proc/cpuinfo", "model name");
    g_autofree char *memory = find_line("/proc/meminfo", "MemTotal");
    printf("%s\n  %s, %ld cores, %s, Linux %s\n", title, cpu, sysconf(_SC_NPROCESSORS_ONLN), memory,
           kernel.release);
    fflush(stdout);
}

char *bench_new_folder(void)
{
    const char *parent = g_getenv("SHUZHI_BENCH_FOLDER");
    char *folder =
        g_build_filename(parent != NULL ? parent : g_get_tmp_dir(), "shuzhi-bench-XXXXXX", NULL);
    if (g_mkdtemp(folder) == NULL) {
        perror(folder);
        exit(1);
    }
    return folder;
}

void bench_remove_folder(const char *folder)
{
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    for (const char *name = dir != NULL ? g_dir_read_name(dir) : NULL; name != NULL;
         name = g_dir_read_name(dir)) {
        g_autofree char *path = g_build_filename(folder, name, NULL);
        if (g_file_test(path, G_FILE_TEST_IS_DIR) && !g_file_test(path, G_FILE_TEST_IS_SYMLINK)) {
            bench_remove_folder(path);
        } else {
            unlink(path);
        }
    }
    rmdir(folder);
}

int64_t bench_now_us(void)
{
    return g_get_monotonic_time();
}

int64_t bench_peak_bytes(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (int64_t)usage.ru_maxrss * 1024;
}

int64_t bench_option(const char *name, int64_t fallback)
{
    const char *text = g_getenv(name);
    return text != NULL ? g_ascii_strtoll(text, NULL, 10) : fallback;
}

/* Append @value with its thousands set off, with as many decimals as make three digits. */
static char *format(double value)
{
    if (value < 100) {
        return g_strdup_printf("%.*f", value < 10 ? 2 : 1, value);
    }
    g_autofree char *digits = g_strdup_printf("%.0f", value);
    GString *out = g_string_new(NULL);
    size_t n = strlen(digits);
    for (size_t i = 0; i < n; i++) {
        if (i > 0 && (n - i) % 3 == 0) {
            g_string_append_c(out, ',');
        }
        g_string_append_c(out, digits[i]);
    }
    return g_string_free(out, false);
}

void bench_print(const char *name, double value, const char *unit, double bar, bool is_least)
{
    g_autofree char *number = format(value);
    printf("  %-44s %12s %s", name, number, unit);
    if (bar > 0) {
        g_autofree char *wanted = format(bar);
        bool is_met = is_least ? value >= bar : value <= bar;
        printf("   bar %s %s: %s", is_least ? ">=" : "<=", wanted, is_met ? "met" : "MISSED");
    }
    printf("\n");
    fflush(stdout);
}

static int compare_samples(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a;
    int64_t right = *(const int64_t *)b;
    return left < right ? -1 : left > right;
}

void bench_print_samples(const char *name, int64_t *samples_us, size_t n, double bar_ms,
                         bool is_p99)
{
    qsort(samples_us, n, sizeof *samples_us, compare_samples);
    double median = (double)samples_us[n / 2] / 1000;
    double p99 = (double)samples_us[n - 1 - n / 100] / 1000;
    g_autofree char *first = g_strdup_printf("%s, median", name);
    g_autofree char *second = g_strdup_printf("%s, p99", name);
    bench_print(first, median, "ms", is_p99 ? 0 : bar_ms, false);
    bench_print(second, p99, "ms", is_p99 ? bar_ms : 0, false);
}

void bench_print_ratio(const char *name, double value, double peer, const char *peer_name)
{
    printf("  %-44s %12.2f of %s\n", name, value / peer, peer_name);
    fflush(stdout);
}
