#include "report/json.h"

#include "measure/json.h"

#define TEXT_COLUMNS 78

void report_write_json(const Report *report, const Office *office, const char *language,
                       JsonWriter *json)
{
    char from[DATE_TEXT_SIZE];
    char to[DATE_TEXT_SIZE];
    g_autofree char *text = report_to_text(report, TEXT_COLUMNS, false);
    json_write_begin_object(json);
    json_write_key_text(json, "name", report->source->name);
    json_write_key_text(json, "title", report->title);
    json_write_key(json, "period");
    json_write_begin_object(json);
    json_write_key_text(json, "from", date_format(report->period.from, from));
    json_write_key_text(json, "to", date_format(report->period.to, to));
    json_write_end_object(json);
    json_write_key(json, "log");
    figure_write_log_json(report->log_size, report->log_root, json);
    json_write_key_text(json, "text", text);
    json_write_key(json, "figures");
    json_write_begin_array(json);
    for (guint i = 0; i < report->figures->len; i++) {
        figure_write_json(g_ptr_array_index(report->figures, i), office, language, json);
    }
    json_write_end_array(json);
    json_write_end_object(json);
}
