#include "streams.h"
#include <algorithm>
#include <chrono>

namespace {
Stream null_stream;
std::vector<Stream*> streams;

double now() {
    using namespace std::chrono;
    return duration<double, std::milli>(steady_clock::now().time_since_epoch()).count();
}

void run_first(Stream* stream) {
    std::function<Result()> operation = std::move(stream->queue.front());
    stream->queue.pop_front();
    Result result = operation();
    if (sticky_error == SUCCESS) {
        sticky_error = result;
    }
}
}  // namespace

Stream* stream_of(void* handle) {
    // 1 and 2 name the legacy and the per-thread default stream.
    return (uintptr_t)handle <= 2 ? &null_stream : (Stream*)handle;
}

Stream* create_stream() {
    streams.push_back(new Stream());
    return streams.back();
}

void destroy_stream(Stream* stream) {
    drain(stream);
    streams.erase(std::remove(streams.begin(), streams.end(), stream), streams.end());
    delete stream;
}

void drain(Stream* stream) {
    // An operation that waits for an event of its own stream must not start it again.
    if (stream->running) {
        return;
    }
    stream->running = true;
    while (!stream->queue.empty()) {
        run_first(stream);
    }
    stream->running = false;
}

void drain_all() {
    drain(&null_stream);
    for (Stream* stream : streams) {
        drain(stream);
    }
}

Result enqueue(Stream* stream, std::function<Result()> operation) {
    stream->queue.push_back([operation] { return sticky_error != SUCCESS ? (Result)sticky_error : operation(); });
    if (options.eager) {
        drain(stream);
    }
    return (Result)sticky_error;
}

void record(Event* event, Stream* stream) {
    std::shared_ptr<Recording> recording = std::make_shared<Recording>(Recording{stream, false, 0});
    event->last = recording;
    stream->queue.push_back([recording] {
        recording->reached = true;
        recording->milliseconds = now();
        return SUCCESS;
    });
    if (options.eager) {
        drain(stream);
    }
}

void drain_until(const std::shared_ptr<Recording>& recording) {
    while (recording != nullptr && !recording->reached && !recording->stream->queue.empty()) {
        run_first(recording->stream);
    }
}

void wait_for(Stream* stream, const std::shared_ptr<Recording>& recording) {
    // What was recorded at the time of the call counts, whatever the event records later.
    stream->queue.push_back([recording] {
        drain_until(recording);
        return SUCCESS;
    });
}
