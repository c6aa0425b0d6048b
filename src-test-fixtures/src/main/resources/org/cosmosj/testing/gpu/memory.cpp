// Device memory: addresses are never used twice, so that a use after free is always found, and every allocation is
// followed by a margin that must not change.
#include <sys/mman.h>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <set>
#include "state.h"

namespace {
const size_t RESERVED = 64ull << 30;  // addresses, not memory
const size_t GRANULE = 256;           // alignment of cuMemAlloc
const uint8_t MARGIN_BYTE = 0xFB;
const uint8_t POISON = 0xFF;          // NaN in every float type

uint8_t* base = nullptr;
// The allocation that each granule belongs to, by its number.
uint32_t* owners = nullptr;
// Number 0 is no allocation.
std::deque<Allocation> allocations(1);
// The numbers of those that were not freed: few, whatever came before them.
std::set<uint32_t> live;
size_t next_free = GRANULE;
size_t used = 0;

void* reserve(size_t bytes) {
    void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (memory == MAP_FAILED) {
        perror("emulated GPU: cannot reserve addresses");
        abort();
    }
    return memory;
}

size_t span_of(size_t bytes) {
    return (bytes + GRANULE - 1) / GRANULE * GRANULE + GRANULE;
}
}  // namespace

Result allocate_memory(uint64_t* address, size_t bytes) {
    if (base == nullptr) {
        base = (uint8_t*)reserve(RESERVED);
        owners = (uint32_t*)reserve(RESERVED / GRANULE * sizeof(uint32_t));
    }
    if (bytes == 0) {
        return INVALID_VALUE;
    }
    size_t span = span_of(bytes);
    if (used + bytes > (size_t)options.memory_bytes || next_free + span > RESERVED) {
        return OUT_OF_MEMORY;
    }
    uint8_t* start = base + next_free;
    uint32_t number = (uint32_t)allocations.size();
    allocations.push_back(Allocation{(uintptr_t)start, bytes, true, Shadow()});
    live.insert(number);
    if (options.checked) {
        allocations.back().shadow.initialised.resize(bytes);
    }
    for (size_t granule = 0; granule < span / GRANULE; granule++) {
        owners[next_free / GRANULE + granule] = number;
    }
    memset(start, POISON, bytes);
    memset(start + bytes, MARGIN_BYTE, span - bytes);
    next_free += span;
    used += bytes;
    *address = (uint64_t)start;
    return SUCCESS;
}

Allocation* find_allocation(uint64_t address) {
    uint64_t offset = address - (uint64_t)base;
    if (base == nullptr || offset >= RESERVED) {
        return nullptr;
    }
    uint32_t number = owners[offset / GRANULE];
    return number == 0 ? nullptr : &allocations[number];
}

static bool is_margin_intact(const Allocation& allocation, const char* after) {
    const uint8_t* end = (const uint8_t*)allocation.start + span_of(allocation.bytes);
    for (const uint8_t* byte = (const uint8_t*)allocation.start + allocation.bytes; byte < end; byte++) {
        if (*byte != MARGIN_BYTE) {
            report("%s: byte %zu behind an allocation of %zu bytes was overwritten", after,
                   (size_t)(byte - (const uint8_t*)allocation.start - allocation.bytes), allocation.bytes);
            return false;
        }
    }
    return true;
}

bool are_margins_intact(const char* after) {
    for (uint32_t number : live) {
        if (!is_margin_intact(allocations[number], after)) {
            return false;
        }
    }
    return true;
}

Result free_memory(uint64_t address) {
    Allocation* allocation = find_allocation(address);
    if (allocation == nullptr || allocation->start != address || !allocation->live) {
        report("cuMemFree of %#lx: %s", (long)address,
               allocation != nullptr && allocation->start == address ? "already freed" : "not an allocation");
        return INVALID_VALUE;
    }
    bool intact = is_margin_intact(*allocation, "cuMemFree");
    allocation->live = false;
    live.erase(owners[(address - (uint64_t)base) / GRANULE]);
    allocation->shadow = Shadow();
    used -= allocation->bytes;
    madvise((void*)allocation->start, span_of(allocation->bytes) / 4096 * 4096, MADV_DONTNEED);
    return intact ? SUCCESS : ILLEGAL_ADDRESS;
}

bool is_allocated(uint64_t address, size_t bytes, const char* what) {
    Allocation* allocation = find_allocation(address);
    if (allocation == nullptr) {
        report("%s of %zu bytes at %#lx, which is not device memory", what, bytes, (long)address);
        return false;
    }
    if (!allocation->live || address - allocation->start + bytes > allocation->bytes) {
        report("%s of %zu bytes at offset %zu of an allocation of %zu bytes%s", what, bytes,
               (size_t)(address - allocation->start), allocation->bytes, allocation->live ? "" : " that was freed");
        return false;
    }
    return true;
}

void mark_initialised(uint64_t address, size_t bytes) {
    Allocation* allocation = find_allocation(address);
    if (!allocation->shadow.initialised.empty()) {
        memset(&allocation->shadow.initialised[address - allocation->start], 1, bytes);
    }
}

void copy_initialised(uint64_t target, uint64_t source, size_t bytes) {
    Allocation* to = find_allocation(target);
    Allocation* from = find_allocation(source);
    if (!to->shadow.initialised.empty() && !from->shadow.initialised.empty()) {
        memmove(&to->shadow.initialised[target - to->start], &from->shadow.initialised[source - from->start], bytes);
    }
}

size_t used_memory() {
    return used;
}

// Live allocations and their bytes, for tests that look for leaks.
API void emu_live(int64_t* count, int64_t* bytes) {
    Locked lock(emulator_lock);
    *count = (int64_t)live.size();
    *bytes = (int64_t)used;
}
