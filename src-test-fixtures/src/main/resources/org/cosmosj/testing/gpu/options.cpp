// What tests set and ask.
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <map>
#include "state.h"

Options options;
std::string faulty_kernel;
std::recursive_mutex emulator_lock;
std::string last_report;
int sticky_error = SUCCESS;

namespace {
const std::map<std::string, int64_t Options::*> NAMES = {
    {"checked", &Options::checked},
    {"order", &Options::order},
    {"statistics", &Options::statistics},
    {"eager", &Options::eager},
    {"memory_bytes", &Options::memory_bytes},
    {"driver_version", &Options::driver_version},
    {"capability", &Options::capability},
    {"devices", &Options::devices},
    {"lost", &Options::lost},
    {"loop_limit", &Options::loop_limit},
    {"grid_change", &Options::grid_change},
    {"block_divisor", &Options::block_divisor},
};
}

void report(const char* format, ...) {
    char text[2048];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    // The first report of a failure is its cause; what follows from it says less.
    if (last_report.empty()) {
        last_report = text;
    }
}

// Sets an option; 0 if there is one of that name.
API int emu_set(const char* name, int64_t value) {
    Locked lock(emulator_lock);
    auto option = NAMES.find(name);
    if (option == NAMES.end()) {
        return 1;
    }
    options.*(option->second) = value;
    return 0;
}

// Names the kernel that grid_change and block_divisor spoil; none if empty.
API void emu_spoil_launches_of(const char* kernel) {
    Locked lock(emulator_lock);
    faulty_kernel = kernel;
}

// Switches a deliberate bug of a translated module on, or all off with -1.
API void emu_set_mutant(int32_t number) {
    Locked lock(emulator_lock);
    emu_mutant = number;
}

// What went wrong since the last call; empty if nothing. The text lives until the next call.
API const char* emu_take_report() {
    static std::string text;
    Locked lock(emulator_lock);
    text = last_report;
    last_report.clear();
    return text.c_str();
}
