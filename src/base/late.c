#include "base/late.h"

#include <dlfcn.h>
#include <string.h>

#include "base/error.h"

static GMutex lock;

static bool refuse(const LateLibrary *library, GError **error)
{
    error_set(error, SHUZHI_ERROR_UNAVAILABLE,
              "this needs the library %s, which cannot be loaded; Debian's package %s has it",
              library->file, library->package);
    return false;
}

static bool load(LateLibrary *library, GError **error)
{
    void *handle = dlopen(library->file, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL) {
        return refuse(library, error);
    }
    for (size_t i = 0; i < library->n_functions; i++) {
        void *found = dlsym(handle, library->names[i]);
        if (found == NULL) {
            dlclose(handle);
            return refuse(library, error);
        }
        memcpy((char *)library->functions + i * sizeof found, &found, sizeof found);
    }
    return true;
}

bool late_load(LateLibrary *library, GError **error)
{
    if (g_atomic_pointer_get(&library->is_loaded) != 0) {
        return true;
    }
    g_mutex_lock(&lock);
    bool is_loaded = library->is_loaded != 0 || load(library, error);
    g_atomic_pointer_set(&library->is_loaded, is_loaded ? 1 : 0);
    g_mutex_unlock(&lock);
    return is_loaded;
}
