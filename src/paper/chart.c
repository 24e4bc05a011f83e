#include "paper/chart.h"

#include <cairo-svg.h>
#include <pango/pangocairo.h>

#include "base/late.h"

#define TREND_HEIGHT 190
#define ROW_HEIGHT 30 /* of a share */
#define TOP 26        /* for the value above the highest bar */
#define BOTTOM 28     /* for the labels below the bars */
#define LABEL_WIDTH 130
#define VALUE_WIDTH 64
#define GAP 8
/* The fonts of the pages, in the size that a phone shows as 12 pixels. */
#define FONT "PingFang SC,Microsoft YaHei,Noto Sans CJK SC,Source Han Sans SC,sans"
#define FONT_POINTS 11
#define LEAST_POINTS 7 /* what is longer still is cut */
#define MAX_BAR_WIDTH 56

/* clang-format off */
#define DRAWING(F) \
    F(cairo_create) F(cairo_destroy) F(cairo_fill) F(cairo_image_surface_create) \
    F(cairo_line_to) F(cairo_move_to) F(cairo_rectangle) F(cairo_scale) \
    F(cairo_set_line_width) F(cairo_set_source_rgb) F(cairo_status) \
    F(cairo_status_to_string) F(cairo_stroke) F(cairo_surface_destroy) \
    F(cairo_surface_finish) F(cairo_surface_write_to_png_stream) \
    F(cairo_svg_surface_create_for_stream) F(cairo_svg_surface_set_document_unit) \
    F(g_object_unref) F(pango_cairo_font_map_new) F(pango_cairo_show_layout) \
    F(pango_font_description_free) F(pango_font_description_from_string) \
    F(pango_font_description_set_size) F(pango_font_map_create_context) F(pango_layout_get_pixel_size) \
    F(pango_layout_get_unknown_glyphs_count) F(pango_layout_new) \
    F(pango_layout_set_ellipsize) F(pango_layout_set_font_description) \
    F(pango_layout_set_text) F(pango_layout_set_width)
/* clang-format on */

static const char *const names[] = {DRAWING(LATE_NAME)};
static struct {
    DRAWING(LATE_POINTER)
} lib;
/* With it come Cairo and GObject. */
static LateLibrary library =
    LATE_LIBRARY("libpangocairo-1.0.so.0", "libpangocairo-1.0-0", names, &lib);

typedef struct Ink {
    double red, green, blue;
} Ink;

/* The look of the pages (src/web/assets/style.css): ink, soft ink, line, and the one accent. */
static const Ink ink = {0.110, 0.122, 0.137};
static const Ink soft = {0.337, 0.373, 0.408};
static const Ink line = {0.78, 0.77, 0.74};
static const Ink accent = {0.122, 0.306, 0.475};
static const Ink pale = {0.42, 0.54, 0.66}; /* 3:1 on light paper, and turned round on dark */

typedef enum Align { ALIGN_LEFT, ALIGN_CENTRE, ALIGN_RIGHT } Align;

/* What is drawn with.  The fonts are the drawing's own, so that no thread keeps any. */
typedef struct Pen {
    cairo_t *cairo;
    PangoFontMap *fonts;
    PangoContext *words;
} Pen;

static void use(cairo_t *cairo, const Ink *colour)
{
    lib.cairo_set_source_rgb(cairo, colour->red, colour->green, colour->blue);
}

/* Set @layout's font, smaller as far as its text needs to be at most @width wide. */
static void set_font(PangoLayout *layout, double width)
{
    PangoFontDescription *font = lib.pango_font_description_from_string(FONT);
    int text_width = 0;
    lib.pango_font_description_set_size(font, FONT_POINTS * PANGO_SCALE);
    lib.pango_layout_set_font_description(layout, font);
    lib.pango_layout_get_pixel_size(layout, &text_width, NULL);
    if (text_width > width) {
        double points = MAX(FONT_POINTS * width / text_width, LEAST_POINTS);
        lib.pango_font_description_set_size(font, (int)(points * PANGO_SCALE));
        lib.pango_layout_set_font_description(layout, font);
    }
    lib.pango_font_description_free(font);
}

/* Write @text in one line, at most @width wide, in the box from @x on; its top is @y. */
static void write_text(const Pen *pen, const char *text, double x, double y, double width,
                       Align align, const Ink *colour)
{
    PangoLayout *layout = lib.pango_layout_new(pen->words);
    int text_width = 0;
    lib.pango_layout_set_text(layout, text, -1);
    set_font(layout, width);
    lib.pango_layout_set_width(layout, (int)(width * PANGO_SCALE));
    lib.pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
    lib.pango_layout_get_pixel_size(layout, &text_width, NULL);
    double left = align == ALIGN_LEFT    ? 0
                  : align == ALIGN_RIGHT ? width - text_width
                                         : (width - text_width) / 2;
    use(pen->cairo, colour);
    lib.cairo_move_to(pen->cairo, x + left, y);
    lib.pango_cairo_show_layout(pen->cairo, layout);
    lib.g_object_unref(layout);
}

/* Return the greatest value, which fills the room there is; 1 where all are 0. */
static double find_top(const Chart *chart)
{
    double top = 0;
    for (size_t i = 0; i < chart->n_points; i++) {
        top = chart->points[i].has_value ? MAX(top, chart->points[i].value) : top;
    }
    return top > 0 ? top : 1;
}

static void draw_bar(cairo_t *cairo, const ChartPoint *point, double x, double y, double width,
                     double height)
{
    if (point->has_value && point->value > 0) {
        use(cairo, point->is_marked ? &accent : &pale);
        lib.cairo_rectangle(cairo, x, y, width, height);
        lib.cairo_fill(cairo);
    }
}

static void draw_trend(const Pen *pen, const Chart *chart)
{
    cairo_t *cairo = pen->cairo;
    double top = find_top(chart);
    double step = (double)CHART_WIDTH / (double)chart->n_points;
    double bar_width = MIN(step * 0.62, MAX_BAR_WIDTH);
    double room = TREND_HEIGHT - TOP - BOTTOM;
    for (size_t i = 0; i < chart->n_points; i++) {
        const ChartPoint *point = &chart->points[i];
        double height = point->has_value ? MAX(point->value, 0) / top * room : 0;
        double x = step * (double)i;
        double y = TOP + room - height;
        draw_bar(cairo, point, x + (step - bar_width) / 2, y, bar_width, height);
        write_text(pen, point->text, x, y - 22, step, ALIGN_CENTRE, &ink);
        write_text(pen, point->label, x, TREND_HEIGHT - BOTTOM + 5, step, ALIGN_CENTRE, &soft);
    }
    use(cairo, &line);
    lib.cairo_set_line_width(cairo, 1);
    lib.cairo_move_to(cairo, 0, TREND_HEIGHT - BOTTOM + 0.5);
    lib.cairo_line_to(cairo, CHART_WIDTH, TREND_HEIGHT - BOTTOM + 0.5);
    lib.cairo_stroke(cairo);
}

static void draw_shares(const Pen *pen, const Chart *chart)
{
    double top = find_top(chart);
    double room = CHART_WIDTH - LABEL_WIDTH - GAP - VALUE_WIDTH;
    for (size_t i = 0; i < chart->n_points; i++) {
        const ChartPoint *point = &chart->points[i];
        double width = point->has_value ? MAX(point->value, 0) / top * room : 0;
        double y = ROW_HEIGHT * (double)i;
        write_text(pen, point->label, 0, y + 4, LABEL_WIDTH, ALIGN_RIGHT, &ink);
        draw_bar(pen->cairo, point, LABEL_WIDTH + GAP, y + 5, width, ROW_HEIGHT - 10);
        write_text(pen, point->text, LABEL_WIDTH + GAP + width + 6, y + 4, VALUE_WIDTH - 6,
                   ALIGN_LEFT, &ink);
    }
}

static double height_of(const Chart *chart)
{
    return chart->kind == CHART_TREND ? TREND_HEIGHT : ROW_HEIGHT * (double)chart->n_points;
}

static bool check(const Chart *chart, GError **error)
{
    if (chart->n_points < 1 || chart->n_points > CHART_MAX_POINTS) {
        error_set(error, SHUZHI_ERROR_LIMIT, "a chart has 1 to %d bars", CHART_MAX_POINTS);
        return false;
    }
    return late_load(&library, error);
}

/* Take the number out of the name of the surface in @svg, which counts what the process has drawn
 * before. */
static void forget_number(GString *svg)
{
    static const char name[] = "<g id=\"surface";
    char *at = strstr(svg->str, name);
    if (at != NULL) {
        char *end = at + strlen(name);
        while (g_ascii_isdigit(*end)) {
            end++;
        }
        gssize start = at + strlen(name) - svg->str;
        g_string_erase(svg, start, end - svg->str - start);
    }
}

/* Draw @chart on @surface; what Cairo could not do is IO. */
static bool draw(const Chart *chart, cairo_surface_t *surface, int scale, GError **error)
{
    cairo_t *cairo = lib.cairo_create(surface);
    Pen pen = {.cairo = cairo, .fonts = lib.pango_cairo_font_map_new()};
    pen.words = lib.pango_font_map_create_context(pen.fonts);
    lib.cairo_scale(cairo, scale, scale);
    if (chart->kind == CHART_TREND) {
        draw_trend(&pen, chart);
    } else {
        draw_shares(&pen, chart);
    }
    cairo_status_t status = lib.cairo_status(cairo);
    lib.g_object_unref(pen.words);
    lib.g_object_unref(pen.fonts);
    lib.cairo_destroy(cairo);
    if (status != CAIRO_STATUS_SUCCESS) {
        error_set(error, SHUZHI_ERROR_IO, "cannot draw a chart: %s",
                  lib.cairo_status_to_string(status));
        return false;
    }
    return true;
}

bool chart_can_write(const char *text, GError **error)
{
    if (!late_load(&library, error)) {
        return false;
    }
    PangoFontMap *fonts = lib.pango_cairo_font_map_new();
    PangoContext *words = lib.pango_font_map_create_context(fonts);
    PangoLayout *layout = lib.pango_layout_new(words);
    lib.pango_layout_set_text(layout, text, -1);
    bool can_write = lib.pango_layout_get_unknown_glyphs_count(layout) == 0;
    lib.g_object_unref(layout);
    lib.g_object_unref(words);
    lib.g_object_unref(fonts);
    if (!can_write) {
        error_set(error, SHUZHI_ERROR_UNAVAILABLE,
                  "no font of this machine has Chinese characters, and charts show boxes for them:"
                  " install one, such as Debian's fonts-wqy-microhei");
    }
    return can_write;
}

static cairo_status_t take_svg(void *out, const unsigned char *bytes, unsigned int length)
{
    g_string_append_len(out, (const char *)bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

static cairo_status_t take_png(void *out, const unsigned char *bytes, unsigned int length)
{
    g_byte_array_append(out, bytes, length);
    return CAIRO_STATUS_SUCCESS;
}

GString *chart_to_svg(const Chart *chart, GError **error)
{
    if (!check(chart, error)) {
        return NULL;
    }
    g_autoptr(GString) out = g_string_new(NULL);
    cairo_surface_t *surface =
        lib.cairo_svg_surface_create_for_stream(take_svg, out, CHART_WIDTH, height_of(chart));
    lib.cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    bool is_ok = draw(chart, surface, 1, error);
    lib.cairo_surface_finish(surface);
    lib.cairo_surface_destroy(surface);
    forget_number(out);
    return is_ok ? g_steal_pointer(&out) : NULL;
}

GByteArray *chart_to_png(const Chart *chart, int scale, GError **error)
{
    g_assert(scale >= 1 && scale <= 4);
    if (!check(chart, error)) {
        return NULL;
    }
    g_autoptr(GByteArray) out = g_byte_array_new();
    cairo_surface_t *surface = lib.cairo_image_surface_create(
        CAIRO_FORMAT_ARGB32, CHART_WIDTH * scale, (int)height_of(chart) * scale);
    bool is_ok =
        draw(chart, surface, scale, error) &&
        lib.cairo_surface_write_to_png_stream(surface, take_png, out) == CAIRO_STATUS_SUCCESS;
    lib.cairo_surface_destroy(surface);
    if (!is_ok && *error == NULL) {
        error_set(error, SHUZHI_ERROR_IO, "cannot write a chart as PNG");
    }
    return is_ok ? g_steal_pointer(&out) : NULL;
}

#ifdef __SANITIZE_ADDRESS__
/* fontconfig keeps one pattern as long as the process lives, behind a pointer that the leak checker
 * does not find: 288 bytes, once, however many charts are drawn. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig.so";
}
#endif
