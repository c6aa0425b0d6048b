// Streams run at the last moment: an operation waits in its queue until something synchronises, so that a missing event
// or synchronisation gives a wrong answer every time instead of seldom.
#pragma once
#include <deque>
#include "state.h"

struct Stream {
    std::deque<std::function<Result()>> queue;
    bool running = false;
};

// One recording of an event: whether the stream has got there.
struct Recording {
    Stream* stream;
    bool reached;
    double milliseconds;
};

struct Event {
    std::shared_ptr<Recording> last;
};

Stream* create_stream();
void destroy_stream(Stream* stream);
void record(Event* event, Stream* stream);
void wait_for(Stream* stream, const std::shared_ptr<Recording>& recording);
// Runs the stream up to the recording.
void drain_until(const std::shared_ptr<Recording>& recording);
