// The part of the CUDA driver API that the backend calls: device, context, memory, copies, streams and events.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include "state.h"
#include "streams.h"

namespace {
bool initialised = false;
int primary_context;
thread_local void* thread_context = nullptr;
std::string error_text;

// What every call but the first few checks: a device that answers, a context, and no earlier fault.
Result readiness(const char* function) {
    if (options.lost) {
        report("%s: the device is lost", function);
        return DEVICE_UNAVAILABLE;
    }
    if (thread_context == nullptr) {
        report("%s: no current context on this thread", function);
        return INVALID_CONTEXT;
    }
    return (Result)sticky_error;
}

Result after_draining(Result ready, void (*work)(Stream*), Stream* stream) {
    if (ready == SUCCESS) {
        work(stream);
    }
    return ready == SUCCESS ? (Result)sticky_error : ready;
}

Result copy_in(uint64_t target, const void* source, size_t bytes) {
    if (!is_allocated(target, bytes, "copy to the device")) {
        return INVALID_VALUE;
    }
    memcpy((void*)target, source, bytes);
    mark_initialised(target, bytes);
    return SUCCESS;
}

Result copy_out(void* target, uint64_t source, size_t bytes) {
    if (!is_allocated(source, bytes, "copy from the device")) {
        return INVALID_VALUE;
    }
    memcpy(target, (const void*)source, bytes);
    return SUCCESS;
}

Result copy_within(uint64_t target, uint64_t source, size_t bytes) {
    if (!is_allocated(target, bytes, "copy on the device") || !is_allocated(source, bytes, "copy on the device")) {
        return INVALID_VALUE;
    }
    memmove((void*)target, (const void*)source, bytes);
    copy_initialised(target, source, bytes);
    return SUCCESS;
}
}  // namespace

#define REQUIRE_READY()                          \
    Locked lock(emulator_lock);                  \
    if (Result ready = readiness(__func__)) {    \
        return ready;                            \
    }

API int cuInit(unsigned) {
    Locked lock(emulator_lock);
    if (options.devices == 0) {
        return NO_DEVICE;
    }
    initialised = true;
    return SUCCESS;
}

API int cuDriverGetVersion(int* version) {
    *version = (int)options.driver_version;
    return SUCCESS;
}

API int cuDeviceGetCount(int* count) {
    *count = (int)options.devices;
    return initialised ? SUCCESS : NOT_INITIALIZED;
}

API int cuDeviceGet(int* device, int ordinal) {
    *device = ordinal;
    return ordinal >= 0 && ordinal < options.devices ? SUCCESS : INVALID_DEVICE;
}

API int cuDeviceGetName(char* name, int length, int) {
    snprintf(name, length, "emulated GPU");
    return SUCCESS;
}

API int cuDeviceTotalMem_v2(size_t* bytes, int) {
    *bytes = (size_t)options.memory_bytes;
    return SUCCESS;
}

API int cuDeviceGetAttribute(int* value, int attribute, int) {
    switch (attribute) {
        case 1: *value = 1024; break;                               // threads in a block
        case 2: case 3: *value = 1024; break;                       // block size x, y
        case 4: *value = 64; break;                                 // block size z
        case 5: *value = 2147483647; break;                         // grid size x
        case 6: case 7: *value = 65535; break;                      // grid size y, z
        case 8: *value = 49152; break;                              // shared memory of a block
        case 10: *value = 32; break;                                // warp
        case 16: *value = 132; break;                               // multiprocessors
        case 75: *value = (int)options.capability / 10; break;
        case 76: *value = (int)options.capability % 10; break;
        case 97: *value = 101376; break;                            // shared memory of a block, opt-in
        default: *value = 0; break;
    }
    return SUCCESS;
}

API int cuDevicePrimaryCtxRetain(void** context, int) {
    *context = &primary_context;
    return options.lost ? DEVICE_UNAVAILABLE : SUCCESS;
}

API int cuDevicePrimaryCtxRelease_v2(int) {
    return SUCCESS;
}

// A new start: errors are forgotten, and so is what the faulty launches left in the queues.
API int cuDevicePrimaryCtxReset_v2(int) {
    Locked lock(emulator_lock);
    drain_all();
    sticky_error = SUCCESS;
    return SUCCESS;
}

API int cuCtxSetCurrent(void* context) {
    thread_context = context;
    return SUCCESS;
}

API int cuCtxGetCurrent(void** context) {
    *context = thread_context;
    return SUCCESS;
}

API int cuCtxSynchronize() {
    REQUIRE_READY();
    drain_all();
    return sticky_error;
}

API int cuMemAlloc_v2(uint64_t* address, size_t bytes) {
    REQUIRE_READY();
    return allocate_memory(address, bytes);
}

// Waits for everything, as the driver does. Memory can be given back after a fault too.
API int cuMemFree_v2(uint64_t address) {
    Locked lock(emulator_lock);
    if (options.lost) {
        return DEVICE_UNAVAILABLE;
    }
    drain_all();
    Result result = free_memory(address);
    if (result == ILLEGAL_ADDRESS && sticky_error == SUCCESS) {
        sticky_error = result;
    }
    return result != SUCCESS ? result : sticky_error;
}

API int cuMemGetInfo_v2(size_t* free, size_t* total) {
    REQUIRE_READY();
    *total = (size_t)options.memory_bytes;
    *free = *total - used_memory();
    return SUCCESS;
}

API int cuMemHostAlloc(void** memory, size_t bytes, unsigned) {
    REQUIRE_READY();
    *memory = aligned_alloc(4096, (bytes + 4095) / 4096 * 4096);
    return *memory != nullptr ? SUCCESS : OUT_OF_MEMORY;
}

API int cuMemAllocHost_v2(void** memory, size_t bytes) {
    return cuMemHostAlloc(memory, bytes, 0);
}

API int cuMemFreeHost(void* memory) {
    Locked lock(emulator_lock);
    drain_all();
    free(memory);
    return SUCCESS;
}

// The synchronous copies use the null stream: they do not wait for streams of their own (CU_STREAM_NON_BLOCKING).
API int cuMemcpyHtoD_v2(uint64_t target, const void* source, size_t bytes) {
    REQUIRE_READY();
    drain(stream_of(nullptr));
    return copy_in(target, source, bytes);
}

API int cuMemcpyDtoH_v2(void* target, uint64_t source, size_t bytes) {
    REQUIRE_READY();
    drain(stream_of(nullptr));
    return sticky_error != SUCCESS ? sticky_error : copy_out(target, source, bytes);
}

API int cuMemcpyHtoDAsync_v2(uint64_t target, const void* source, size_t bytes, void* stream) {
    REQUIRE_READY();
    return enqueue(stream_of(stream), [=] { return copy_in(target, source, bytes); });
}

API int cuMemcpyDtoHAsync_v2(void* target, uint64_t source, size_t bytes, void* stream) {
    REQUIRE_READY();
    return enqueue(stream_of(stream), [=] { return copy_out(target, source, bytes); });
}

API int cuMemcpyDtoDAsync_v2(uint64_t target, uint64_t source, size_t bytes, void* stream) {
    REQUIRE_READY();
    return enqueue(stream_of(stream), [=] { return copy_within(target, source, bytes); });
}

API int cuMemsetD8Async(uint64_t target, unsigned char value, size_t bytes, void* stream) {
    REQUIRE_READY();
    return enqueue(stream_of(stream), [=] {
        if (!is_allocated(target, bytes, "fill")) {
            return INVALID_VALUE;
        }
        memset((void*)target, value, bytes);
        mark_initialised(target, bytes);
        return SUCCESS;
    });
}

API int cuStreamCreate(void** stream, unsigned flags) {
    REQUIRE_READY();
    if ((flags & 1) == 0) {
        report("cuStreamCreate: streams that wait for the null stream are not emulated; use CU_STREAM_NON_BLOCKING");
        return NOT_SUPPORTED;
    }
    *stream = create_stream();
    return SUCCESS;
}

API int cuStreamDestroy_v2(void* stream) {
    Locked lock(emulator_lock);
    destroy_stream((Stream*)stream);
    return SUCCESS;
}

API int cuStreamSynchronize(void* stream) {
    Locked lock(emulator_lock);
    return after_draining(readiness(__func__), drain, stream_of(stream));
}

API int cuStreamQuery(void* stream) {
    REQUIRE_READY();
    return stream_of(stream)->queue.empty() ? SUCCESS : NOT_READY;
}

API int cuStreamWaitEvent(void* stream, void* event, unsigned) {
    REQUIRE_READY();
    wait_for(stream_of(stream), ((Event*)event)->last);
    return SUCCESS;
}

API int cuEventCreate(void** event, unsigned) {
    REQUIRE_READY();
    *event = new Event();
    return SUCCESS;
}

API int cuEventDestroy_v2(void* event) {
    Locked lock(emulator_lock);
    delete (Event*)event;
    return SUCCESS;
}

API int cuEventRecord(void* event, void* stream) {
    REQUIRE_READY();
    record((Event*)event, stream_of(stream));
    return SUCCESS;
}

API int cuEventSynchronize(void* event) {
    REQUIRE_READY();
    drain_until(((Event*)event)->last);
    return sticky_error;
}

API int cuEventQuery(void* event) {
    REQUIRE_READY();
    const std::shared_ptr<Recording>& last = ((Event*)event)->last;
    return last == nullptr || last->reached ? SUCCESS : NOT_READY;
}

API int cuGetErrorName(int, const char** name) {
    *name = nullptr;
    return INVALID_VALUE;
}

// The words behind a code here are the emulator's own report.
API int cuGetErrorString(int, const char** text) {
    Locked lock(emulator_lock);
    error_text = last_report;
    *text = error_text.c_str();
    return SUCCESS;
}

// What the stubs of all other functions call.
API int emu_unsupported(const char* name) {
    Locked lock(emulator_lock);
    report("%s is not emulated", name);
    return NOT_SUPPORTED;
}
