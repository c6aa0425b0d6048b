// What the parts of the emulator share. Everything is guarded by one lock, held during every call of the driver API.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>
#include "emulator.h"

#define API extern "C" __attribute__((visibility("default")))

// Result codes of the driver API, by their numbers in cuda.h.
enum Result : int {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    NOT_INITIALIZED = 3,
    DEVICE_UNAVAILABLE = 46,
    NO_DEVICE = 100,
    INVALID_DEVICE = 101,
    INVALID_CONTEXT = 201,
    NO_BINARY_FOR_GPU = 209,
    INVALID_PTX = 218,
    UNSUPPORTED_PTX_VERSION = 222,
    INVALID_HANDLE = 400,
    NOT_FOUND = 500,
    NOT_READY = 600,
    ILLEGAL_ADDRESS = 700,
    LAUNCH_TIMEOUT = 702,
    LAUNCH_FAILED = 719,
    NOT_SUPPORTED = 801
};

// What tests choose, by the names in options.cpp.
struct Options {
    int64_t checked = 0;          // races, uninitialised reads and statistics besides bounds and alignment
    int64_t order = 0;            // of threads and blocks: 0 as numbered, -1 reversed, else the seed of a shuffle
    int64_t statistics = 0;       // counts sectors and bank conflicts
    int64_t eager = 0;            // 1: streams run at once instead of at the next synchronisation
    int64_t memory_bytes = 1ll << 32;
    int64_t driver_version = 12060;
    int64_t capability = 90;
    int64_t devices = 1;
    int64_t lost = 0;             // 1: the device is gone
    int64_t loop_limit = 200000000;
    int64_t grid_change = 0;      // added to the number of blocks of faulty_kernel
    int64_t block_divisor = 1;    // divides the number of threads of its blocks
};
extern Options options;
extern std::string faulty_kernel;

extern std::recursive_mutex emulator_lock;
typedef std::lock_guard<std::recursive_mutex> Locked;

// Keeps what went wrong in words; the result code says it in a number.
void report(const char* format, ...) __attribute__((format(printf, 1, 2)));
extern std::string last_report;
// The first error of a kernel stays until the context is reset, as on a device.
extern int sticky_error;

// ---------------------------------------------------------------------------------------------------- memory
// The last accesses to one byte, to find two that nothing orders.
struct LastAccess {
    uint32_t launch;
    uint32_t block;
    uint16_t thread;
    uint16_t phase;  // barriers that the block had passed
};

struct ByteHistory {
    LastAccess write;
    LastAccess read;
};

// What checked mode knows of some memory.
struct Shadow {
    std::vector<uint8_t> initialised;
    std::vector<ByteHistory> history;
};

struct Allocation {
    uintptr_t start;
    size_t bytes;
    bool live;
    Shadow shadow;
};

Result allocate_memory(uint64_t* address, size_t bytes);
Result free_memory(uint64_t address);
Allocation* find_allocation(uint64_t address);
// Whether a copy or fill may touch this range; reports if not.
bool is_allocated(uint64_t address, size_t bytes, const char* what);
void mark_initialised(uint64_t address, size_t bytes);
void copy_initialised(uint64_t target, uint64_t source, size_t bytes);
size_t used_memory();
// The bytes behind the end of an allocation must stay as they were.
bool are_margins_intact(const char* after);

// ---------------------------------------------------------------------------------------------------- execution
struct Launch {
    const KernelEntry* kernel;
    Dim3 grid;
    Dim3 block;
    uint32_t dynamic_shared_bytes;
    std::vector<std::vector<uint8_t>> parameters;
};

Result run_launch(const Launch& launch);

// The running launch, for checks and reports.
struct Running {
    const KernelEntry* kernel = nullptr;
    uint32_t launch_number = 0;
    uint32_t block_number = 0;
    uint32_t phase = 0;
    uint8_t* shared = nullptr;
    uint32_t shared_bytes = 0;
    Shadow shared_shadow;
};
extern Running running;

// Ends the running launch; does not return.
[[noreturn]] void end_launch(Result result);
// "kernel block (x,y,z) thread (x,y,z) at file:line (opcode)".
std::string where(const Site* site);

// ---------------------------------------------------------------------------------------------------- checks
void check_access(Shadow& shadow, size_t offset, uint32_t bytes, Space space, Access access, const Site* site);
void count_access(uint64_t address, uint32_t bytes, Space space, Access access, const Site* site);
// Ends the counting of a block.
void fold_counts();

// ---------------------------------------------------------------------------------------------------- streams
struct Stream;
Stream* stream_of(void* handle);
Result enqueue(Stream* stream, std::function<Result()> operation);
void drain(Stream* stream);
void drain_all();
