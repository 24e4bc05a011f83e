#include "table/xlsx-book.h"

#define MAX_FORMAT_ID 1000000
#define WORKBOOK "xl/workbook.xml" /* where it stands unless the package says otherwise */

/* What a relationship leads to. */
typedef struct Target {
    char *type; /* the last word of its type: "worksheet", "sharedStrings" */
    char *part;
} Target;

static void free_target(gpointer data)
{
    Target *target = data;
    g_free(target->type);
    g_free(target->part);
    g_free(target);
}

static void clear_sheet(gpointer data)
{
    XlsxSheetInfo *sheet = data;
    g_free(sheet->name);
    g_free(sheet->part);
}

/* ---- relationships --------------------------------------------------------------------------- */

typedef struct Relations {
    const char *folder;  /* of the part whose relationships they are: "", "xl" */
    GHashTable *targets; /* id -> Target */
} Relations;

/* Return the name of the part that @target names, seen from @folder; it never leaves the package.
 * The caller owns it. */
static char *resolve(const char *folder, const char *target)
{
    g_autofree char *path =
        target[0] == '/' ? g_strdup(target) : g_strconcat(folder, "/", target, NULL);
    g_auto(GStrv) words = g_strsplit(path, "/", -1);
    g_autoptr(GPtrArray) kept = g_ptr_array_new();
    for (char **word = words; *word != NULL; word++) {
        if (g_str_equal(*word, "..") && kept->len > 0) {
            g_ptr_array_set_size(kept, (int)kept->len - 1);
        } else if ((*word)[0] != '\0' && !g_str_equal(*word, ".") && !g_str_equal(*word, "..")) {
            g_ptr_array_add(kept, *word);
        }
    }
    g_ptr_array_add(kept, NULL);
    return g_strjoinv("/", (char **)kept->pdata);
}

static bool begin_relation(void *data, const XlsxElement *element, GError **error)
{
    Relations *relations = data;
    g_autofree char *id = xlsx_attribute_dup(element, "Id");
    g_autofree char *type = xlsx_attribute_dup(element, "Type");
    g_autofree char *target = xlsx_attribute_dup(element, "Target");
    g_autofree char *mode = xlsx_attribute_dup(element, "TargetMode");
    bool is_inside = g_strcmp0(mode, "External") != 0;
    if (g_str_equal(element->name, "Relationship") && is_inside && id != NULL && type != NULL &&
        target != NULL) {
        const char *word = strrchr(type, '/');
        Target *entry = g_new0(Target, 1);
        entry->type = g_strdup(word != NULL ? word + 1 : type);
        entry->part = resolve(relations->folder, target);
        g_hash_table_replace(relations->targets, g_steal_pointer(&id), entry);
    }
    return true;
}

/* Read the relationships of @part: id -> Target; an empty table where it has none. */
static GHashTable *read_relations(XlsxPackage *package, const char *part, GError **error)
{
    static const XlsxHandler handler = {.begin = begin_relation};
    g_autoptr(GHashTable) targets =
        g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_target);
    const char *slash = strrchr(part, '/');
    g_autofree char *folder = slash != NULL ? g_strndup(part, (gsize)(slash - part)) : g_strdup("");
    g_autofree char *name = g_strdup_printf("%s%s_rels/%s.rels", folder, slash != NULL ? "/" : "",
                                            slash != NULL ? slash + 1 : part);
    Relations relations = {.folder = folder, .targets = targets};
    if (xlsx_package_has(package, name) &&
        !xlsx_package_parse(package, name, XLSX_MAX_PART_BYTES, &handler, &relations, error)) {
        return NULL;
    }
    return g_steal_pointer(&targets);
}

/* Return the part of the first relationship of type @type; NULL when there is none. */
static const char *find_type(GHashTable *targets, const char *type)
{
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, targets);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        const Target *target = value;
        if (g_str_equal(target->type, type)) {
            return target->part;
        }
    }
    return NULL;
}

/* ---- workbook -------------------------------------------------------------------------------- */

typedef struct Workbook {
    XlsxBook *book;
    GHashTable *targets;
    bool is_workbook; /* what it began with */
    int depth;
} Workbook;

static bool add_sheet(Workbook *workbook, const XlsxElement *element, GError **error)
{
    g_autofree char *name = xlsx_attribute_dup(element, "name");
    g_autofree char *id = xlsx_attribute_dup(element, "id");
    g_autofree char *state = xlsx_attribute_dup(element, "state");
    const Target *target = id != NULL ? g_hash_table_lookup(workbook->targets, id) : NULL;
    if (name == NULL || target == NULL || !g_str_equal(target->type, "worksheet")) {
        return true; /* a chart, a macro */
    }
    if (strlen(name) > XLSX_MAX_SHEET_NAME || workbook->book->sheets->len == XLSX_MAX_SHEETS) {
        error_set(error, SHUZHI_ERROR_LIMIT,
                  "it has more than %d sheets, or a name of more than %u bytes", XLSX_MAX_SHEETS,
                  XLSX_MAX_SHEET_NAME);
        return false;
    }
    XlsxSheetInfo sheet = {.name = g_steal_pointer(&name),
                           .part = g_strdup(target->part),
                           .is_hidden = state != NULL && g_strcmp0(state, "visible") != 0};
    g_array_append_val(workbook->book->sheets, sheet);
    return true;
}

static bool begin_workbook(void *data, const XlsxElement *element, GError **error)
{
    Workbook *workbook = data;
    if (workbook->depth++ == 0) {
        workbook->is_workbook = g_str_equal(element->name, "workbook");
    } else if (g_str_equal(element->name, "workbookPr")) {
        workbook->book->is_1904 = xlsx_attribute_is_true(element, "date1904");
    } else if (g_str_equal(element->name, "sheet")) {
        return add_sheet(workbook, element, error);
    }
    return true;
}

/* Set *@error to what the package is that is no xlsx. */
static void name_other(const XlsxPackage *package, const char *part, GError **error)
{
    if (part != NULL && g_str_has_suffix(part, ".bin")) {
        error_set(error, SHUZHI_ERROR_INVALID, "it is a binary workbook (.xlsb); save it as .xlsx");
    } else if (xlsx_package_has(package, "word/document.xml")) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "it is a Word document; copy the table into a spreadsheet, or save it as .csv");
    } else if (xlsx_package_has(package, "content.xml")) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "it is an OpenDocument file; save it as .xlsx or .csv");
    } else if (xlsx_package_has(package, "OFD.xml")) {
        error_set(error, SHUZHI_ERROR_INVALID, "it is an OFD; ask for the table as .xlsx or .csv");
    } else {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "it is a zip archive without a workbook; unpack it first");
    }
}

/* Return the name of the workbook's part; the caller owns it. */
static char *find_workbook(XlsxPackage *package, GError **error)
{
    g_autoptr(GHashTable) targets = read_relations(package, "", error);
    if (targets == NULL) {
        return NULL;
    }
    const char *part = find_type(targets, "officeDocument");
    part = part != NULL ? part : WORKBOOK;
    if (!xlsx_package_has(package, part) || !g_str_has_suffix(part, ".xml")) {
        name_other(package, part, error);
        return NULL;
    }
    return g_strdup(part);
}

XlsxBook *xlsx_book_new(XlsxPackage *package, GError **error)
{
    static const XlsxHandler handler = {.begin = begin_workbook};
    g_autoptr(XlsxBook) book = g_new0(XlsxBook, 1);
    book->sheets = g_array_new(false, true, sizeof(XlsxSheetInfo));
    g_array_set_clear_func(book->sheets, clear_sheet);
    book->formats = g_array_new(false, true, sizeof(XlsxFormat));
    book->texts = g_string_new(NULL);
    book->offsets = g_array_new(false, true, sizeof(size_t));
    g_autofree char *part = find_workbook(package, error);
    g_autoptr(GHashTable) targets = part != NULL ? read_relations(package, part, error) : NULL;
    Workbook workbook = {.book = book, .targets = targets};
    if (targets == NULL ||
        !xlsx_package_parse(package, part, XLSX_MAX_PART_BYTES, &handler, &workbook, error)) {
        return NULL;
    }
    if (!workbook.is_workbook) {
        name_other(package, NULL, error);
        return NULL;
    }
    if (book->sheets->len == 0) {
        error_set(error, SHUZHI_ERROR_INVALID, "it has no worksheet");
        return NULL;
    }
    book->strings_part = g_strdup(find_type(targets, "sharedStrings"));
    book->styles_part = g_strdup(find_type(targets, "styles"));
    return g_steal_pointer(&book);
}

void xlsx_book_free(XlsxBook *book)
{
    if (book != NULL) {
        g_array_unref(book->sheets);
        g_array_unref(book->formats);
        g_array_unref(book->offsets);
        g_string_free(book->texts, true);
        g_free(book->strings_part);
        g_free(book->styles_part);
        g_free(book);
    }
}

/* ---- shared texts ---------------------------------------------------------------------------- */

typedef struct Strings {
    XlsxBook *book;
    size_t begin;    /* of the text being read */
    bool is_open;    /* in an si */
    bool is_in_text; /* in a t */
    int n_phonetic;  /* in so many rPh: how a text is spoken, no part of it */
} Strings;

static bool begin_string(void *data, const XlsxElement *element, GError **error)
{
    Strings *strings = data;
    if (g_str_equal(element->name, "si")) {
        if (strings->is_open) { /* its end would lie before its beginning */
            error_set(error, SHUZHI_ERROR_INVALID,
                      "a text of the cells begins inside another: it is damaged");
            return false;
        }
        strings->is_open = true;
        strings->begin = strings->book->texts->len;
        g_array_append_val(strings->book->offsets, strings->begin);
    }
    strings->n_phonetic += g_str_equal(element->name, "rPh") ? 1 : 0;
    strings->is_in_text = g_str_equal(element->name, "t") && strings->n_phonetic == 0;
    return true;
}

static bool take_string(void *data, const char *text, size_t length, GError **error)
{
    Strings *strings = data;
    GString *texts = strings->book->texts;
    if (!strings->is_in_text) {
        return true;
    }
    if (texts->len + length > XLSX_MAX_STRINGS_BYTES) {
        error_set(error, SHUZHI_ERROR_LIMIT, "the texts of the cells take more than %zu MB",
                  XLSX_MAX_STRINGS_BYTES >> 20);
        return false;
    }
    g_string_append_len(texts, text, (gssize)length);
    return true;
}

static bool end_string(void *data, const char *name, GError **error)
{
    Strings *strings = data;
    GString *texts = strings->book->texts;
    strings->is_in_text = false;
    if (g_str_equal(name, "rPh")) {
        strings->n_phonetic--;
    } else if (g_str_equal(name, "si")) {
        size_t length = texts->len - strings->begin;
        xlsx_unescape(texts->str + strings->begin, &length);
        g_string_truncate(texts, strings->begin + length);
        g_string_append_c(texts, '\0');
        strings->is_open = false;
    }
    return true;
}

/* ---- styles ---------------------------------------------------------------------------------- */

typedef struct Styles {
    XlsxBook *book;
    GHashTable *codes; /* format id -> XlsxFormat of those that are not built in */
    GArray *ids;       /* of int64_t: the format of each style */
    bool is_in_formats, is_in_cells;
} Styles;

static bool begin_style(void *data, const XlsxElement *element, GError **error)
{
    Styles *styles = data;
    const char *name = element->name;
    int64_t id = xlsx_attribute_int(element, "numFmtId", MAX_FORMAT_ID, 0);
    styles->is_in_formats = styles->is_in_formats || g_str_equal(name, "numFmts");
    styles->is_in_cells = styles->is_in_cells || g_str_equal(name, "cellXfs");
    if (styles->is_in_formats && g_str_equal(name, "numFmt")) {
        g_autofree char *code = xlsx_attribute_dup(element, "formatCode");
        XlsxFormat format = xlsx_format_from_code(code != NULL ? code : "");
        g_hash_table_replace(styles->codes, GINT_TO_POINTER((int)id), GINT_TO_POINTER((int)format));
    } else if (styles->is_in_cells && g_str_equal(name, "xf")) {
        if (styles->ids->len == XLSX_MAX_STYLES) {
            error_set(error, SHUZHI_ERROR_LIMIT, "it has more than %d styles of cells",
                      XLSX_MAX_STYLES);
            return false;
        }
        g_array_append_val(styles->ids, id);
    }
    return true;
}

static bool end_style(void *data, const char *name, GError **error)
{
    Styles *styles = data;
    styles->is_in_formats = styles->is_in_formats && !g_str_equal(name, "numFmts");
    styles->is_in_cells = styles->is_in_cells && !g_str_equal(name, "cellXfs");
    return true;
}

/* Find out what each style shows: its own code decides before a built-in one of the same id. */
static void resolve_styles(Styles *styles)
{
    for (guint i = 0; i < styles->ids->len; i++) {
        int64_t id = g_array_index(styles->ids, int64_t, i);
        gpointer own = NULL;
        bool has_own =
            g_hash_table_lookup_extended(styles->codes, GINT_TO_POINTER((int)id), NULL, &own);
        XlsxFormat format = has_own ? (XlsxFormat)GPOINTER_TO_INT(own) : xlsx_format_from_id(id);
        g_array_append_val(styles->book->formats, format);
    }
}

static bool load_styles(XlsxBook *book, XlsxPackage *package, GError **error)
{
    static const XlsxHandler handler = {.begin = begin_style, .end = end_style};
    g_autoptr(GHashTable) codes = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) ids = g_array_new(false, false, sizeof(int64_t));
    Styles styles = {.book = book, .codes = codes, .ids = ids};
    if (!xlsx_package_parse(package, book->styles_part, XLSX_MAX_PART_BYTES, &handler, &styles,
                            error)) {
        return false;
    }
    resolve_styles(&styles);
    return true;
}

bool xlsx_book_load(XlsxBook *book, XlsxPackage *package, GError **error)
{
    static const XlsxHandler handler = {
        .begin = begin_string, .text = take_string, .end = end_string};
    Strings strings = {.book = book};
    if (book->strings_part != NULL &&
        !xlsx_package_parse(package, book->strings_part, XLSX_MAX_SHEET_BYTES, &handler, &strings,
                            error)) {
        return false;
    }
    g_array_append_val(book->offsets, book->texts->len);
    return book->styles_part == NULL || load_styles(book, package, error);
}

const char *xlsx_book_text(const XlsxBook *book, int64_t index, size_t *ret_length)
{
    if (index < 0 || index >= (int64_t)book->offsets->len - 1) {
        return NULL;
    }
    size_t begin = g_array_index(book->offsets, size_t, index);
    size_t end = g_array_index(book->offsets, size_t, index + 1);
    *ret_length = end - begin - 1;
    return book->texts->str + begin;
}

XlsxFormat xlsx_book_format(const XlsxBook *book, int64_t index)
{
    return index >= 0 && index < (int64_t)book->formats->len
               ? g_array_index(book->formats, XlsxFormat, index)
               : XLSX_FORMAT_NUMBER;
}
