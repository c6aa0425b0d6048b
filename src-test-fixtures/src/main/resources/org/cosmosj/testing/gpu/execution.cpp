// Runs a launch: blocks one after another, each CUDA thread on a fiber of its own that runs until it must wait.
//
// A fiber that never waits is used for the next thread at once, so kernels without barriers cost two switches for each
// thread. Which thread runs next is decided here alone, which makes every run repeatable and any order possible.
#include <sys/mman.h>
#include <algorithm>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <numeric>
#include <random>
#include "state.h"

// Saves the callee-saved registers and the stack pointer of one fiber and continues another (System V ABI, x86-64).
extern "C" void emu_switch(void** save, void* continue_at);
asm(R"(
.text
.globl emu_switch
.hidden emu_switch
.type emu_switch,@function
emu_switch:
  pushq %rbp; pushq %rbx; pushq %r12; pushq %r13; pushq %r14; pushq %r15
  movq %rsp,(%rdi)
  movq %rsi,%rsp
  popq %r15; popq %r14; popq %r13; popq %r12; popq %rbx; popq %rbp
  ret
)");

ThreadView* emu_thread = nullptr;
BlockView emu_block;
int32_t emu_mutant = -1;
Running running;

namespace {
const size_t STACK_BYTES = 64 * 1024;
const uint32_t MAX_THREADS = 1024;
const uint32_t NO_LANES = 0;

enum class State { NOT_STARTED, READY, RUNNING, AT_BARRIER, AT_EXCHANGE, DONE };

struct Fiber {
    uint8_t* stack;
    void* stack_pointer;
};

struct Thread : ThreadView {
    State state;
    Fiber* fiber;
    const Site* site;        // where it waits
    uint32_t exchanges;      // passed so far
};

// One exchange of values between lanes. Two sets of values: a fast lane may already give its next one.
struct Warp {
    uint32_t arrived;
    uint32_t mask;
    const Site* site;
    uint32_t values[2][32];
};

struct Block {
    std::vector<Thread> threads;
    std::vector<Warp> warps;
    std::vector<uint32_t> order;
    std::deque<Thread*> ready;
    uint32_t started;
    uint32_t done;
    uint32_t at_barrier;
    int64_t loops;
    std::vector<const uint8_t*> parameters;
};

Block block;
std::vector<Fiber*> all_fibers;
std::vector<Fiber*> idle_fibers;
Fiber* current_fiber = nullptr;
void* scheduler_stack_pointer = nullptr;
Result block_result = SUCCESS;
std::vector<uint8_t> shared_memory;

Thread* current() {
    return (Thread*)emu_thread;
}

void to_scheduler() {
    emu_switch(&current_fiber->stack_pointer, scheduler_stack_pointer);
}

// The body of every fiber: one thread after another.
void run_threads() {
    for (;;) {
        running.kernel->run(block.parameters.data());
        current()->state = State::DONE;
        to_scheduler();
    }
}

void prepare(Fiber* fiber, size_t number) {
    // Equal offsets in all stacks would fall into the same few sets of the cache.
    size_t color = number * 448 % 8192;
    void** top = (void**)(((uintptr_t)fiber->stack + STACK_BYTES - color) & ~(uintptr_t)15) - 8;
    memset(top, 0, 8 * sizeof(void*));
    top[6] = (void*)run_threads;
    fiber->stack_pointer = top;
}

Fiber* take_fiber() {
    if (idle_fibers.empty()) {
        void* stack = mmap(nullptr, STACK_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        if (stack == MAP_FAILED) {
            perror("emulated GPU: no memory for a thread");
            abort();
        }
        Fiber* fiber = new Fiber{(uint8_t*)stack, nullptr};
        prepare(fiber, all_fibers.size());
        all_fibers.push_back(fiber);
        return fiber;
    }
    Fiber* fiber = idle_fibers.back();
    idle_fibers.pop_back();
    return fiber;
}

// After a launch that ended early the stacks hold threads that will never go on.
void abandon_fibers() {
    idle_fibers.clear();
    for (size_t i = 0; i < all_fibers.size(); i++) {
        prepare(all_fibers[i], i);
        idle_fibers.push_back(all_fibers[i]);
    }
}

Thread* next_thread() {
    if (!block.ready.empty()) {
        Thread* thread = block.ready.front();
        block.ready.pop_front();
        return thread;
    }
    return block.started < block.threads.size() ? &block.threads[block.order[block.started++]] : nullptr;
}

void make_ready(Thread& thread) {
    thread.state = State::READY;
    block.ready.push_back(&thread);
}

void release_barrier() {
    block.at_barrier = 0;
    running.phase++;
    for (uint32_t i : block.order) {
        make_ready(block.threads[i]);
    }
}

// The threads still to come cannot make the waiting ones go on.
void report_deadlock() {
    uint32_t barrier = 0;
    uint32_t exchange = 0;
    const Site* site = nullptr;
    for (Thread& thread : block.threads) {
        barrier += thread.state == State::AT_BARRIER ? 1 : 0;
        exchange += thread.state == State::AT_EXCHANGE ? 1 : 0;
        if (thread.state != State::DONE) {
            emu_thread = &thread;
            site = thread.site;
        }
    }
    report("deadlock in %s: %u threads wait at a barrier, %u at a warp operation, %u have ended", where(site).c_str(),
           barrier, exchange, block.done);
}

Result run_block() {
    block_result = SUCCESS;
    while (block_result == SUCCESS && block.done < block.threads.size()) {
        Thread* thread = next_thread();
        if (thread == nullptr) {
            report_deadlock();
            return LAUNCH_FAILED;
        }
        if (thread->state == State::NOT_STARTED) {
            thread->fiber = take_fiber();
        }
        thread->state = State::RUNNING;
        emu_thread = thread;
        current_fiber = thread->fiber;
        emu_switch(&scheduler_stack_pointer, current_fiber->stack_pointer);
        if (block_result == SUCCESS && thread->state == State::DONE) {
            block.done++;
            idle_fibers.push_back(thread->fiber);
        }
    }
    return block_result;
}

uint64_t count(const Dim3& d) {
    return (uint64_t)d.x * d.y * d.z;
}

Dim3 unflatten(uint64_t i, const Dim3& d) {
    return Dim3{(uint32_t)(i % d.x), (uint32_t)(i / d.x % d.y), (uint32_t)(i / d.x / d.y)};
}

// 0, 1, 2 .. in the order that the options ask for.
std::vector<uint32_t> ordered(size_t n) {
    std::vector<uint32_t> order(n);
    std::iota(order.begin(), order.end(), 0);
    if (options.order < 0) {
        std::reverse(order.begin(), order.end());
    } else if (options.order > 0) {
        std::shuffle(order.begin(), order.end(), std::mt19937((uint32_t)options.order));
    }
    return order;
}

void start_block(const Launch& launch, uint32_t number) {
    uint32_t threads = (uint32_t)count(launch.block);
    emu_block = BlockView{unflatten(number, launch.grid), launch.block, launch.grid};
    running.block_number = number;
    running.phase = 0;
    block.threads.assign(threads, Thread());
    block.warps.assign((threads + 31) / 32, Warp());
    for (uint32_t i = 0; i < threads; i++) {
        Thread& thread = block.threads[i];
        thread.index = unflatten(i, launch.block);
        thread.linear = i;
        thread.lane = i % 32;
        thread.warp = i / 32;
        thread.state = State::NOT_STARTED;
    }
    block.ready.clear();
    block.started = 0;
    block.done = 0;
    block.at_barrier = 0;
    // Shared memory starts with whatever the block before left there.
    memset(shared_memory.data(), 0xFF, shared_memory.size());
    if (options.checked) {
        running.shared_shadow.initialised.assign(running.shared_bytes, 0);
        running.shared_shadow.history.assign(running.shared_bytes, ByteHistory());
    }
}
}  // namespace

Result run_launch(const Launch& launch) {
    running.kernel = launch.kernel;
    running.launch_number++;
    running.shared_bytes = launch.kernel->static_shared_bytes + launch.dynamic_shared_bytes;
    shared_memory.resize(running.shared_bytes);
    running.shared = shared_memory.data();
    block.parameters.clear();
    for (const std::vector<uint8_t>& parameter : launch.parameters) {
        block.parameters.push_back(parameter.data());
    }
    block.order = ordered(count(launch.block));
    block.loops = 0;
    Result result = SUCCESS;
    for (uint32_t number : ordered(count(launch.grid))) {
        start_block(launch, number);
        result = run_block();
        if (options.statistics) {
            fold_counts();
        }
        if (result != SUCCESS) {
            abandon_fibers();
            break;
        }
    }
    emu_thread = nullptr;
    if (result == SUCCESS && options.checked && !are_margins_intact(launch.kernel->name)) {
        result = ILLEGAL_ADDRESS;
    }
    running.kernel = nullptr;
    return result;
}

void end_launch(Result result) {
    block_result = result;
    to_scheduler();
    abort();  // a thread that ended the launch is never continued
}

std::string where(const Site* site) {
    char text[512];
    const Dim3& b = emu_block.index;
    const Dim3& t = emu_thread->index;
    snprintf(text, sizeof text, "%s block (%u,%u,%u) thread (%u,%u,%u) at %s:%u (%s)", running.kernel->name, b.x, b.y,
             b.z, t.x, t.y, t.z, site == nullptr ? "?" : site->file, site == nullptr ? 0 : site->line,
             site == nullptr ? "?" : site->opcode);
    return text;
}

API void emu_barrier(const Site* site) {
    Thread* me = current();
    for (Thread& other : block.threads) {
        if (other.state == State::DONE || (other.state == State::AT_BARRIER && other.site != site)) {
            report("divergent barrier in %s: thread (%u,%u,%u) %s", where(site).c_str(), other.index.x, other.index.y,
                   other.index.z, other.state == State::DONE ? "has ended" : "waits at another one");
            end_launch(LAUNCH_FAILED);
        }
        if (other.state == State::AT_BARRIER) {
            break;  // the others were compared when this one came
        }
    }
    me->site = site;
    me->state = State::AT_BARRIER;
    if (++block.at_barrier == block.threads.size()) {
        release_barrier();
    }
    to_scheduler();
}

API uint32_t emu_exchange(uint32_t mask, uint32_t value, uint32_t source, const Site* site) {
    Thread* me = current();
    Warp& warp = block.warps[me->warp];
    uint32_t mine = 1u << me->lane;
    if (warp.arrived == NO_LANES) {
        warp.mask = mask;
        warp.site = site;
    }
    for (uint32_t lane = 0; lane < 32; lane++) {
        uint32_t other = me->warp * 32 + lane;
        if ((mask >> lane & 1) && (other >= block.threads.size() || block.threads[other].state == State::DONE)) {
            report("%s: the mask %#x names lane %u, which %s", where(site).c_str(), mask, lane,
                   other >= block.threads.size() ? "does not exist" : "has ended");
            end_launch(LAUNCH_FAILED);
        }
    }
    if ((mask & mine) == 0 || (mask >> source & 1) == 0 || warp.mask != mask || warp.site != site) {
        report("%s: divergent warp operation, mask %#x from lane %u reading lane %u, other lanes %#x at line %u",
               where(site).c_str(), mask, me->lane, source, warp.mask, warp.site->line);
        end_launch(LAUNCH_FAILED);
    }
    uint32_t set = me->exchanges++ % 2;
    warp.values[set][me->lane] = value;
    warp.arrived |= mine;
    if (warp.arrived != mask) {
        me->site = site;
        me->state = State::AT_EXCHANGE;
        to_scheduler();
    } else {
        warp.arrived = NO_LANES;
        for (uint32_t lane = 0; lane < 32; lane++) {
            if ((mask & ~mine) >> lane & 1) {
                make_ready(block.threads[me->warp * 32 + lane]);
            }
        }
    }
    return warp.values[set][source];
}

API void emu_loop(const Site* site) {
    if (++block.loops > options.loop_limit) {
        report("%s: no end after %ld jumps backwards", where(site).c_str(), (long)options.loop_limit);
        end_launch(LAUNCH_TIMEOUT);
    }
}

API void emu_illegal(const char* what, const Site* site) {
    report("%s in %s", what, where(site).c_str());
    end_launch(LAUNCH_FAILED);
}
