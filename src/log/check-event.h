/* Checking one stored event by itself: is its line what its columns say, and do its key and values
 * give the commitments in the line?
 *
 * Works on the bytes: a canonical line has one spelling, so it is compared with that spelling
 * instead of being parsed, which is what lets verification look at half a million events a second.
 * Pure. */
#pragma once

#include "base/crypto.h"
#include "base/error.h"

/* One row of `event` with its `secret` and `detail`; all borrowed. */
typedef struct LogStoredEvent {
    int64_t seq;
    int64_t at_us;
    int64_t object;
    const char *actor;
    const char *kind;
    const char *line;
    const uint8_t *key; /* NULL: no row in secret */
    const char *values; /* NULL: no row in detail */
} LogStoredEvent;

typedef enum LogEventFault {
    LOG_EVENT_GOOD,
    LOG_EVENT_ERASED,      /* good, but for its key and values, which are both gone */
    LOG_EVENT_COLUMNS,     /* a column is not what the line says, or the line is not canonical */
    LOG_EVENT_VALUES,      /* key or values do not give the commitments */
    LOG_EVENT_HALF_ERASED, /* one of key and values is gone */
    LOG_EVENT_STRAY,       /* key or values of an event that commits to none */
} LogEventFault;

/* Room for texts on the way, so that nothing is allocated for each of a million events; of one
 * thread. */
typedef struct LogEventRoom {
    GString *name, *value, *spelled;
} LogEventRoom;

/* Make room, and give it back. */
void log_event_room_init(LogEventRoom *room);
void log_event_room_clear(LogEventRoom *room);

/* Check @event; the first fault found decides. */
LogEventFault log_check_event(const LogStoredEvent *event, LogEventRoom *room);
