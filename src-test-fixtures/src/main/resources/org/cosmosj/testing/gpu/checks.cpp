// What a debugger of GPU memory would say: bounds and alignment always; uninitialised reads, unordered accesses and the
// cost of access patterns where the options ask for them.
#include <algorithm>
#include <cstdio>
#include <map>
#include <set>
#include "state.h"

namespace {
const char* name_of(Access access) {
    return access == WRITE ? "write" : "read";
}

[[noreturn]] void refuse(const char* kind, const Site* site, const std::string& detail) {
    report("%s in %s: %s", kind, where(site).c_str(), detail.c_str());
    end_launch(ILLEGAL_ADDRESS);
}

std::string describe(Access access, uint32_t bytes, const char* what, size_t offset, size_t size) {
    char text[160];
    snprintf(text, sizeof text, "%s of %u bytes at offset %zd of %s of %zu bytes", name_of(access), bytes,
             (ssize_t)offset, what, size);
    return text;
}

// Whether something orders an earlier access before the running thread's: the end of a launch, a barrier of the block,
// or that it was the same thread. Blocks of one launch have no order.
bool is_ordered(const LastAccess& earlier, Space space) {
    if (earlier.launch != running.launch_number) {
        return true;
    }
    if (earlier.block != running.block_number) {
        return space == SHARED;  // left by a block whose shared memory is gone
    }
    return earlier.thread == emu_thread->linear || earlier.phase != (uint16_t)running.phase;
}

void check_order(ByteHistory& history, size_t offset, uint32_t bytes, Space space, Access access, const Site* site) {
    bool after_write = !is_ordered(history.write, space);
    bool after_read = access == WRITE && !is_ordered(history.read, space);
    if (after_write || after_read) {
        const LastAccess& other = after_write ? history.write : history.read;
        char text[200];
        snprintf(text, sizeof text, "%s of %u bytes at %s offset %zu, unordered with a %s by block %u thread %u",
                 name_of(access), bytes, space == SHARED ? "shared" : "global", offset,
                 after_write ? "write" : "read", other.block, other.thread);
        refuse(other.block == running.block_number ? "data race" : "data race between blocks", site, text);
    }
    LastAccess now = {running.launch_number, running.block_number, (uint16_t)emu_thread->linear,
                      (uint16_t)running.phase};
    (access == WRITE ? history.write : history.read) = now;
}

// ---------------------------------------------------------------------------------------------------- statistics
// One request of a warp: the same instruction for up to 32 lanes.
struct Request {
    uint32_t lanes = 0;
    uint64_t address[32];
};

struct Instruction {
    Space space;
    Access access;
    uint32_t bytes = 0;
    // Executions so far, for each thread of the block, and the requests they form, for each warp.
    std::vector<uint32_t> executions;
    std::vector<std::vector<Request>> requests;
};

struct Count {
    uint64_t requests = 0;
    uint64_t units = 0;
    uint64_t ideal = 0;
};

std::map<const Site*, Instruction> instructions;
std::map<std::string, Count> counts;

// Sectors of 32 bytes that a request touches, and how few would do.
void count_sectors(const Request& request, uint32_t bytes, Count& count) {
    std::set<uint64_t> sectors;
    uint64_t useful = 0;
    for (uint32_t lane = 0; lane < 32; lane++) {
        if (request.lanes >> lane & 1) {
            sectors.insert(request.address[lane] / 32);
            sectors.insert((request.address[lane] + bytes - 1) / 32);
            useful += bytes;
        }
    }
    count.units += sectors.size();
    count.ideal += std::min<uint64_t>((useful + 31) / 32, sectors.size());
}

// Passes over the 32 banks of 4 bytes that a request needs: different words of one bank wait for each other. Accesses
// of 8 or 16 bytes are served for 16 or 8 lanes at a time.
void count_wavefronts(const Request& request, uint32_t bytes, Count& count) {
    uint32_t lanes = std::max(1u, 32 / std::max(1u, bytes / 4));
    for (uint32_t first = 0; first < 32; first += lanes) {
        std::map<uint64_t, std::set<uint64_t>> words;
        size_t passes = 0;
        for (uint32_t lane = first; lane < first + lanes; lane++) {
            for (uint32_t byte = 0; (request.lanes >> lane & 1) && byte < bytes; byte += 4) {
                uint64_t word = (request.address[lane] + byte) / 4;
                words[word % 32].insert(word);
                passes = std::max(passes, words[word % 32].size());
            }
        }
        count.units += passes;
        count.ideal += passes > 0 ? 1 : 0;
    }
}
}  // namespace

void check_access(Shadow& shadow, size_t offset, uint32_t bytes, Space space, Access access, const Site* site) {
    if (shadow.initialised.empty()) {
        return;  // made before checked mode was switched on
    }
    if (shadow.history.empty()) {
        shadow.history.resize(shadow.initialised.size());
    }
    for (uint32_t i = 0; i < bytes; i++) {
        check_order(shadow.history[offset + i], offset, bytes, space, access, site);
        if (access == WRITE) {
            shadow.initialised[offset + i] = 1;
        } else if (!shadow.initialised[offset + i]) {
            const char* what = space == SHARED ? "shared memory" : "an allocation";
            refuse("uninitialised read", site, describe(READ, bytes, what, offset, shadow.initialised.size()));
        }
    }
}

void count_access(uint64_t address, uint32_t bytes, Space space, Access access, const Site* site) {
    Instruction& instruction = instructions[site];
    instruction.space = space;
    instruction.access = access;
    instruction.bytes = bytes;
    if (instruction.executions.size() <= emu_thread->linear) {
        instruction.executions.resize(emu_thread->linear + 1);
    }
    if (instruction.requests.size() <= emu_thread->warp) {
        instruction.requests.resize(emu_thread->warp + 1);
    }
    uint32_t execution = instruction.executions[emu_thread->linear]++;
    std::vector<Request>& requests = instruction.requests[emu_thread->warp];
    if (requests.size() <= execution) {
        requests.resize(execution + 1);
    }
    requests[execution].lanes |= 1u << emu_thread->lane;
    requests[execution].address[emu_thread->lane] = address;
}

void fold_counts() {
    for (auto& [site, instruction] : instructions) {
        std::string key = std::string(running.kernel->name) + " " + site->file + ":" + std::to_string(site->line) + " "
                + (instruction.space == SHARED ? "shared " : "global ") + name_of(instruction.access);
        Count& count = counts[key];
        for (const std::vector<Request>& requests : instruction.requests) {
            for (const Request& request : requests) {
                if (request.lanes != 0) {
                    count.requests++;
                    (instruction.space == SHARED ? count_wavefronts : count_sectors)(request, instruction.bytes, count);
                }
            }
        }
    }
    instructions.clear();
}

// One line for each access in the source: kernel, place, space, kind, requests, units (sectors or wavefronts), ideal.
// The text lives until the next call, which starts from nothing.
API const char* emu_take_statistics() {
    static std::string text;
    Locked lock(emulator_lock);
    text.clear();
    for (const auto& [key, count] : counts) {
        text += key + " " + std::to_string(count.requests) + " " + std::to_string(count.units) + " "
                + std::to_string(count.ideal) + "\n";
    }
    counts.clear();
    return text.c_str();
}

API uint8_t* emu_access(uint64_t address, uint32_t bytes, Space space, Access access, const Site* site) {
    uint8_t* memory;
    size_t offset;
    Shadow* shadow;
    if (space == SHARED) {
        if (address + bytes > running.shared_bytes || address + bytes < address) {
            refuse("shared memory overrun", site, describe(access, bytes, "shared memory", address,
                                                           running.shared_bytes));
        }
        offset = address;
        memory = running.shared + address;
        shadow = &running.shared_shadow;
    } else {
        Allocation* allocation = find_allocation(address);
        if (allocation == nullptr) {
            char text[100];
            snprintf(text, sizeof text, "%s of %u bytes at %#lx, which is not device memory", name_of(access), bytes,
                     (long)address);
            refuse("illegal address", site, text);
        }
        offset = address - allocation->start;
        if (!allocation->live || offset + bytes > allocation->bytes) {
            refuse("illegal address", site, describe(access, bytes, "an allocation", offset, allocation->bytes)
                                                    + (allocation->live ? "" : " that was freed"));
        }
        memory = (uint8_t*)address;
        shadow = &allocation->shadow;
    }
    if (address % bytes != 0) {
        refuse("misaligned address", site, describe(access, bytes, "memory", offset, bytes));
    }
    if (options.checked) {
        check_access(*shadow, offset, bytes, space, access, site);
    }
    if (options.statistics) {
        count_access(address, bytes, space, access, site);
    }
    return memory;
}
