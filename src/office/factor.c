#include "office/factor.h"

#include "base/crypto.h"
#include "base/json.h"
#include "base/text.h"

#define STEP_US (INT64_C(30) * G_USEC_PER_SEC)
#define CODE_DIGITS 6
#define CODE_MODULUS 1000000
#define BITS_OF_LETTER 5

static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/* ---- codes ----------------------------------------------------------------------------------- */

int office_factor_code(const uint8_t secret[OFFICE_FACTOR_SECRET_BYTES], int64_t step)
{
    uint8_t counter[8];
    uint8_t mac[CRYPTO_SHA1_SIZE];
    for (int i = 0; i < 8; i++) {
        counter[i] = (uint8_t)((uint64_t)step >> (56 - 8 * i));
    }
    crypto_mac_sha1(secret, OFFICE_FACTOR_SECRET_BYTES, counter, sizeof counter, mac);
    int offset = mac[CRYPTO_SHA1_SIZE - 1] & 0x0f; /* RFC 4226 §5.3 */
    uint32_t number = (uint32_t)(mac[offset] & 0x7f) << 24 | (uint32_t)mac[offset + 1] << 16 |
                      (uint32_t)mac[offset + 2] << 8 | mac[offset + 3];
    return (int)(number % CODE_MODULUS);
}

/* Read six digits, blanks among them allowed; -1 for anything else. */
static int parse_code(const char *text)
{
    int code = 0;
    int n = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (g_ascii_isdigit(*at) && n < CODE_DIGITS) {
            code = code * 10 + (*at - '0');
            n++;
        } else if (*at != ' ') {
            return -1;
        }
    }
    return n == CODE_DIGITS ? code : -1;
}

/* Return the step beside @now_us, and after @last, whose code @text is; 0 when there is none.  All
 * three are looked at, so that the time taken tells nothing. */
static int64_t find_step(const uint8_t *secret, const char *text, int64_t now_us, int64_t last)
{
    int code = parse_code(text);
    int64_t now = now_us / STEP_US;
    int64_t found = 0;
    for (int64_t step = now - 1; step <= now + 1; step++) {
        if (office_factor_code(secret, step) == code && step > last) {
            found = step;
        }
    }
    return found;
}

/* ---- secrets --------------------------------------------------------------------------------- */

char *office_factor_new_secret(Source *source)
{
    uint8_t bytes[OFFICE_FACTOR_SECRET_BYTES];
    source_random(source, bytes, sizeof bytes);
    GString *out = g_string_new(NULL);
    for (int bit = 0; bit < OFFICE_FACTOR_SECRET_BYTES * 8; bit += BITS_OF_LETTER) {
        unsigned pair = (unsigned)bytes[bit / 8] << 8;
        pair |= bit / 8 + 1 < OFFICE_FACTOR_SECRET_BYTES ? bytes[bit / 8 + 1] : 0;
        g_string_append_c(out, alphabet[pair >> (16 - BITS_OF_LETTER - bit % 8) & 31]);
    }
    crypto_wipe(bytes, sizeof bytes);
    return g_string_free(out, false);
}

/* Read 32 letters of base 32. */
static bool parse_secret(const char *text, uint8_t ret_bytes[OFFICE_FACTOR_SECRET_BYTES])
{
    if (strlen(text) != OFFICE_FACTOR_SECRET_BYTES * 8 / BITS_OF_LETTER) {
        return false;
    }
    unsigned bits = 0;
    int n_bits = 0;
    size_t n = 0;
    for (const char *at = text; *at != '\0'; at++) {
        const char *letter = strchr(alphabet, *at);
        if (letter == NULL) {
            return false;
        }
        bits = bits << BITS_OF_LETTER | (unsigned)(letter - alphabet);
        n_bits += BITS_OF_LETTER;
        if (n_bits >= 8) {
            n_bits -= 8;
            ret_bytes[n++] = (uint8_t)(bits >> n_bits);
        }
    }
    return true;
}

char *office_factor_address(const Office *office, const char *account, const char *secret)
{
    g_autofree char *issuer = g_uri_escape_string(office_name(office), NULL, false);
    g_autofree char *name = g_uri_escape_string(account, NULL, false);
    return g_strdup_printf("otpauth://totp/%s:%s?secret=%s&issuer=%s", issuer, name, secret,
                           issuer);
}

/* ---- writing --------------------------------------------------------------------------------- */

typedef struct FactorWork {
    int64_t account;
    const uint8_t *secret; /* NULL: turn it off */
    const char *code;
    int64_t now_us;
    int64_t step; /* of the code that was shown */
} FactorWork;

/* It is an event of the account, with a hash of the secret, by which one that was exchanged or
 * taken away beside the log is told (office/verify.c). */
static bool append_event(LogWriter *writer, const FactorWork *work, GError **error)
{
    g_autofree char *hex =
        work->secret != NULL ? crypto_hash_hex(work->secret, OFFICE_FACTOR_SECRET_BYTES) : NULL;
    g_auto(JsonWriter) json;
    json_writer_init(&json);
    json_write_begin_object(&json);
    json_write_key_text(&json, "factor", hex);
    json_write_end_object(&json);
    g_autofree char *data = json_writer_finish(&json);
    return log_append(writer, work->secret != NULL ? "factor.set" : "factor.remove", work->account,
                      data, NULL, NULL, error);
}

static bool set_job(LogWriter *writer, void *data, GError **error)
{
    const FactorWork *work = data;
    StoreConnection *connection = log_writer_connection(writer);
    if (!store_run(connection, error, "DELETE FROM factor WHERE account = $1", "i",
                   work->account)) {
        return false;
    }
    return (work->secret == NULL ||
            store_run(connection, error,
                      "INSERT INTO factor (account, secret, last) VALUES ($1, $2, $3)", "ibi",
                      work->account, work->secret, (size_t)OFFICE_FACTOR_SECRET_BYTES,
                      work->step)) &&
           append_event(writer, work, error);
}

bool office_factor_set(Office *office, const LogAct *act, int64_t account, const char *secret,
                       const char *code, GError **error)
{
    uint8_t bytes[OFFICE_FACTOR_SECRET_BYTES];
    FactorWork work = {.account = account, .secret = bytes};
    if (parse_secret(secret, bytes)) {
        work.step = find_step(bytes, code, source_wall_us(office_source(office)), 0);
    }
    if (work.step == 0) {
        error_set(error, SHUZHI_ERROR_INVALID,
                  "this is not the code that the app shows now; check the clock of the phone");
        return false;
    }
    bool is_set = log_write(office_log(office), act, set_job, &work, error);
    crypto_wipe(bytes, sizeof bytes);
    return is_set;
}

bool office_factor_remove(Office *office, const RightsSubject *subject, const LogAct *act,
                          int64_t account, GError **error)
{
    FactorWork work = {.account = account};
    if (subject->account != account && !rights_may(subject, RIGHTS_ACCOUNT_CHANGE, NULL, error)) {
        return false;
    }
    return log_write(office_log(office), act, set_job, &work, error);
}

/* ---- checking -------------------------------------------------------------------------------- */

bool office_factor_is_on(StoreConnection *connection, int64_t account, bool *ret_is_on,
                         GError **error)
{
    int64_t n = 0;
    if (!store_query_int(connection, 0, &n, error, "SELECT count(*) FROM factor WHERE account = $1",
                         "i", account)) {
        return false;
    }
    *ret_is_on = n > 0;
    return true;
}

/* Take the code in the write queue, so that two that come at once are not both taken. */
static bool use_job(StoreConnection *connection, void *data, GError **error)
{
    FactorWork *work = data;
    g_autoptr(StoreStatement) query =
        store_query(connection, error, "SELECT secret, last FROM factor WHERE account = $1", "i",
                    work->account);
    bool has_row = false;
    if (query == NULL || !store_step(query, &has_row, error)) {
        return false;
    }
    size_t length = 0;
    const uint8_t *secret = has_row ? store_column_bytes(query, 0, &length) : NULL;
    int64_t step = length == OFFICE_FACTOR_SECRET_BYTES
                       ? find_step(secret, work->code, work->now_us, store_column_int(query, 1))
                       : 0;
    if (step == 0) {
        error_set(error, SHUZHI_ERROR_FORBIDDEN,
                  "the code is wrong, or was used already; wait for the next one");
        return false;
    }
    return store_run(connection, error, "UPDATE factor SET last = $2 WHERE account = $1", "ii",
                     work->account, step);
}

bool office_factor_use(Office *office, int64_t account, const char *code, GError **error)
{
    FactorWork work = {
        .account = account, .code = code, .now_us = source_wall_us(office_source(office))};
    return store_write(office_store(office), use_job, &work, error);
}
