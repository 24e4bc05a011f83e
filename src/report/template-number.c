#include "report/template-number.h"

#include <string.h>

#include "language/number.h"
#include "report/template-clause.h"

/* A way to write a number: "（" 一 "）". */
typedef struct Form {
    const char *before;
    const char *after;
    bool is_arabic;
    bool is_said; /* in a sentence, which needs it only where there are two */
} Form;

static const Form forms[] = {
    {.before = "", .after = "是", .is_said = true},
    {.before = "第", .after = "，", .is_said = true},
    {.before = "第", .after = "、", .is_said = true},
    {.before = "其", .after = "，", .is_said = true},
    {.before = "", .after = "、"},
    {.before = "（", .after = "）"},
    {.before = "(", .after = ")"},
    {.before = "", .after = "、", .is_arabic = true},
    {.before = "", .after = ".", .is_arabic = true},
    {.before = "", .after = "．", .is_arabic = true},
    {.before = "（", .after = "）", .is_arabic = true},
    {.before = "(", .after = ")", .is_arabic = true},
};

/* A number as it stood in the template. */
typedef struct Number {
    cmark_node *text; /* begins with it; NULL once it is taken out */
    const Form *form;
    int level; /* of its heading; 0: in a paragraph */
    int64_t value;
} Number;

/* Numbers 1, 2, 3… of one form and level. */
typedef struct Sequence {
    GPtrArray *numbers; /* of Number */
    bool is_inside;     /* begun inside a paragraph */
    bool is_open;
    bool is_broken; /* one was missing: these are left as they are */
} Sequence;

struct ReportNumbers {
    GPtrArray *sequences; /* of Sequence */
};

/* ---- reading --------------------------------------------------------------------------------- */

/* Return @value as @form writes it; the caller owns it. */
static char *number_text(const Form *form, int64_t value)
{
    g_autofree char *digits = form->is_arabic ? g_strdup_printf("%" G_GINT64_FORMAT, value)
                                              : language_number_to_chinese(value);
    return g_strconcat(form->before, digits, form->after, NULL);
}

/* Return the number in @form that @text begins with, 0 for none. */
static int64_t read_number(const Form *form, const char *text)
{
    LanguageNumber number;
    if (!g_str_has_prefix(text, form->before) ||
        language_number_take(text + strlen(form->before), &number) == 0 || number.decimals > 0) {
        return 0;
    }
    g_autofree char *written = number_text(form, number.value);
    return g_str_has_prefix(text, written) ? number.value : 0;
}

/* Return the number that the text @node begins with, NULL for none; the caller owns it. */
static Number *new_number(cmark_node *node, int level)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        int64_t value = read_number(&forms[i], cmark_node_get_literal(node));
        if (value > 0) {
            Number *number = g_new0(Number, 1);
            *number = (Number){.text = node, .form = &forms[i], .level = level, .value = value};
            return number;
        }
    }
    return NULL;
}

const char *report_number_skip(const char *heading)
{
    for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
        int64_t value = read_number(&forms[i], heading);
        if (value > 0) {
            g_autofree char *written = number_text(&forms[i], value);
            heading += strlen(written);
            return heading + strspn(heading, " ");
        }
    }
    return heading;
}

/* ---- sequences ------------------------------------------------------------------------------- */

static void free_sequence(gpointer data)
{
    Sequence *sequence = data;
    g_ptr_array_unref(sequence->numbers);
    g_free(sequence);
}

static bool is_kin(const Sequence *sequence, const Number *number)
{
    const Number *first = g_ptr_array_index(sequence->numbers, 0);
    return sequence->is_open && first->form == number->form && first->level == number->level;
}

/* Close the open sequences behind @keep (NULL: all) that are kin of @number. */
static void close_behind(ReportNumbers *numbers, const Number *number, const Sequence *keep,
                         bool is_broken)
{
    for (guint i = numbers->sequences->len; i > 0; i--) {
        Sequence *sequence = g_ptr_array_index(numbers->sequences, i - 1);
        if (sequence == keep) {
            return;
        }
        if (is_kin(sequence, number)) {
            sequence->is_open = false;
            sequence->is_broken = is_broken;
        }
    }
}

/* Return the open sequence that @number, at the beginning of its paragraph or not, goes on with:
 * the last that fits; NULL for none.  What cannot go on any more is closed, and broken where
 * @number is no beginning and fits nowhere. */
static Sequence *find_sequence(ReportNumbers *numbers, const Number *number, bool is_start)
{
    Sequence *found = NULL;
    for (guint i = numbers->sequences->len; i > 0 && number->value > 1 && found == NULL; i--) {
        Sequence *sequence = g_ptr_array_index(numbers->sequences, i - 1);
        bool is_next = sequence->numbers->len + 1 == (guint64)number->value;
        if (is_kin(sequence, number) && is_next && !(is_start && sequence->is_inside)) {
            found = sequence;
        }
    }
    if (is_start || number->value > 1) {
        close_behind(numbers, number, found, found == NULL && number->value > 1);
    }
    return found;
}

/* Put @number (takes) into its sequence. */
static void add_number(ReportNumbers *numbers, Number *number, bool is_start)
{
    Sequence *sequence = find_sequence(numbers, number, is_start);
    if (sequence == NULL && number->value > 1) {
        g_free(number);
        return;
    }
    if (sequence == NULL) {
        sequence = g_new0(Sequence, 1);
        sequence->numbers = g_ptr_array_new_with_free_func(g_free);
        sequence->is_inside = !is_start;
        sequence->is_open = true;
        g_ptr_array_add(numbers->sequences, sequence);
    }
    g_ptr_array_add(sequence->numbers, number);
}

/* Return the text that @node begins with, in emphasis or not; NULL for none. */
static cmark_node *first_text(cmark_node *node)
{
    cmark_node_type type = node != NULL ? cmark_node_get_type(node) : CMARK_NODE_NONE;
    bool is_emphasis = type == CMARK_NODE_STRONG || type == CMARK_NODE_EMPH;
    return is_emphasis ? first_text(cmark_node_first_child(node))
                       : (type == CMARK_NODE_TEXT ? node : NULL);
}

/* Collect the numbers of @block, a heading or a paragraph. */
static void collect_numbers(ReportNumbers *numbers, cmark_node *block)
{
    bool is_heading = cmark_node_get_type(block) == CMARK_NODE_HEADING;
    int level = is_heading ? cmark_node_get_heading_level(block) : 0;
    for (cmark_node *node = cmark_node_first_child(block); node != NULL;
         node = is_heading ? NULL : cmark_node_next(node)) {
        cmark_node *before = report_clause_previous(node);
        cmark_node *text = first_text(node);
        if (text != NULL &&
            (before == NULL || report_clause_mark(before, REPORT_RANK_CLAUSE) != NULL)) {
            Number *number = new_number(text, level);
            if (number != NULL) {
                add_number(numbers, number, before == NULL);
            }
        }
    }
}

/* ---- numbers in the tree --------------------------------------------------------------------- */

/* cmark_free_func: the node of the number @data is taken out. */
static void forget_node(cmark_mem *memory, void *data)
{
    (void)memory;
    ((Number *)data)->text = NULL;
}

/* Let the node of @number know it; in a paragraph it is cut off from what follows. */
static void attach(Number *number)
{
    cmark_node *text = number->text;
    cmark_node_set_user_data(text, number);
    cmark_node_set_user_data_free_func(text, forget_node);
    g_autofree char *written = number_text(number->form, number->value);
    const char *rest = cmark_node_get_literal(text) + strlen(written);
    if (*rest != '\0' && number->level == 0) {
        cmark_node *behind = cmark_node_new(CMARK_NODE_TEXT);
        cmark_node_set_literal(behind, rest);
        cmark_node_insert_after(text, behind);
        cmark_node_set_literal(text, written);
    }
}

ReportNumbers *report_numbers_find(cmark_node *root)
{
    ReportNumbers *numbers = g_new0(ReportNumbers, 1);
    numbers->sequences = g_ptr_array_new_with_free_func(free_sequence);
    cmark_iter *iter = cmark_iter_new(root);
    for (cmark_event_type event = cmark_iter_next(iter); event != CMARK_EVENT_DONE;
         event = cmark_iter_next(iter)) {
        cmark_node *node = cmark_iter_get_node(iter);
        cmark_node_type type = cmark_node_get_type(node);
        if (event == CMARK_EVENT_ENTER &&
            (type == CMARK_NODE_HEADING || type == CMARK_NODE_PARAGRAPH)) {
            collect_numbers(numbers, node);
        }
    }
    cmark_iter_free(iter);
    for (guint i = numbers->sequences->len; i > 0; i--) {
        Sequence *sequence = g_ptr_array_index(numbers->sequences, i - 1);
        if (sequence->is_broken || sequence->numbers->len < 2) {
            g_ptr_array_remove_index(numbers->sequences, i - 1);
            continue;
        }
        for (guint j = 0; j < sequence->numbers->len; j++) {
            attach(g_ptr_array_index(sequence->numbers, j));
        }
    }
    return numbers;
}

void report_numbers_free(ReportNumbers *numbers)
{
    for (guint i = 0; numbers != NULL && i < numbers->sequences->len; i++) {
        const Sequence *sequence = g_ptr_array_index(numbers->sequences, i);
        for (guint j = 0; j < sequence->numbers->len; j++) {
            const Number *number = g_ptr_array_index(sequence->numbers, j);
            if (number->text != NULL) {
                cmark_node_set_user_data_free_func(number->text, NULL);
                cmark_node_set_user_data(number->text, NULL);
            }
        }
    }
    if (numbers != NULL) {
        g_ptr_array_unref(numbers->sequences);
        g_free(numbers);
    }
}

bool report_number_begins(cmark_node *node)
{
    cmark_node *text = first_text(node);
    return text != NULL && cmark_node_get_user_data(text) != NULL;
}

bool report_number_is_alone(cmark_node *node)
{
    return report_number_begins(node) && (cmark_node_get_type(node) == CMARK_NODE_TEXT ||
                                          cmark_node_next(first_text(node)) == NULL);
}

/* ---- closing up ------------------------------------------------------------------------------ */

/* Take the text of @number off, and the emphasis that is only about it. */
static void take_off(Number *number)
{
    cmark_node *node = number->text;
    cmark_node *parent = cmark_node_parent(node);
    bool is_emphasis = cmark_node_get_type(parent) == CMARK_NODE_STRONG ||
                       cmark_node_get_type(parent) == CMARK_NODE_EMPH;
    cmark_node_free(is_emphasis && report_number_is_alone(parent) ? parent : node);
}

/* Write @number as the @value-th. */
static void rewrite(Number *number, int64_t value)
{
    g_autofree char *old = number_text(number->form, number->value);
    g_autofree char *fresh = number_text(number->form, value);
    const char *rest = cmark_node_get_literal(number->text) + strlen(old);
    g_autofree char *literal = g_strconcat(fresh, rest, NULL);
    cmark_node_set_literal(number->text, literal);
}

static void close_up(const Sequence *sequence)
{
    g_autoptr(GPtrArray) left = g_ptr_array_new();
    for (guint i = 0; i < sequence->numbers->len; i++) {
        Number *number = g_ptr_array_index(sequence->numbers, i);
        if (number->text != NULL) {
            g_ptr_array_add(left, number);
        }
    }
    for (guint i = 0; i < left->len; i++) {
        Number *number = g_ptr_array_index(left, i);
        if (left->len == 1 && number->form->is_said && number->level == 0) {
            take_off(number);
        } else {
            rewrite(number, i + 1);
        }
    }
}

void report_numbers_close_up(ReportNumbers *numbers)
{
    for (guint i = 0; i < numbers->sequences->len; i++) {
        close_up(g_ptr_array_index(numbers->sequences, i));
    }
}
