// What translated kernels and the emulator know of each other.
//
// A kernel of the shipped PTX becomes one C++ function that runs the code of one CUDA thread. It computes by itself and
// asks the emulator for everything that other threads can see: memory, barriers, warp operations.
#pragma once
#include <cstdint>

struct Dim3 {
    uint32_t x, y, z;
};

// Where an instruction stands: in the CUDA source by the PTX's own line table, and what it is.
struct Site {
    const char* file;
    uint32_t line;
    const char* opcode;
};

// The thread that runs at the moment.
struct ThreadView {
    Dim3 index;
    uint32_t linear;
    uint32_t lane;
    uint32_t warp;
};

// The block that runs at the moment.
struct BlockView {
    Dim3 index;
    Dim3 size;
    Dim3 grid;
};

enum Space : uint32_t { GLOBAL, SHARED };
enum Access : uint32_t { READ, WRITE };

// A kernel of a translated module. `parameters` holds one pointer for each parameter, as cuLaunchKernel gets them.
struct KernelEntry {
    const char* name;
    void (*run)(const uint8_t* const* parameters);
    uint32_t parameter_count;
    const uint32_t* parameter_sizes;
    uint32_t static_shared_bytes;
};

extern "C" {
extern ThreadView* emu_thread;
extern BlockView emu_block;
// The deliberate bug that is switched on, or -1.
extern int32_t emu_mutant;

// The host memory behind an address; ends the launch with a report if the access is not allowed.
uint8_t* emu_access(uint64_t address, uint32_t bytes, Space space, Access access, const Site* site);
// Waits for all threads of the block.
void emu_barrier(const Site* site);
// Gives `value` to the other lanes of `mask` and returns what lane `source` gave; waits for all lanes of the mask.
uint32_t emu_exchange(uint32_t mask, uint32_t value, uint32_t source, const Site* site);
// Counts a jump backwards, so that a loop without an end becomes a report.
void emu_loop(const Site* site);
// Ends the launch with a report.
[[noreturn]] void emu_illegal(const char* what, const Site* site);
}
