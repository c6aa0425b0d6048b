// Modules and launches. A module is PTX text; the translator, which lives in the JVM, turns it into a library.
#include <dlfcn.h>
#include <cstdio>
#include <cstring>
#include <map>
#include <set>
#include "state.h"

namespace {
// The path of the library for a PTX text, or "!" and the reason why there is none. Set by the JVM.
const char* (*translator)(const char* ptx) = nullptr;

struct Function {
    const KernelEntry* kernel;
};

// The kernels launched since a test last asked.
std::set<std::string> launched;

struct Module {
    std::map<std::string, Function> functions;
};

struct PtxVersion {
    int major;
    int minor;
};

// The newest PTX that a driver reads, as its release notes say.
PtxVersion newest_ptx(int64_t driver) {
    return driver >= 13000 ? PtxVersion{9, 0}
        : driver >= 12060 ? PtxVersion{8, 5}
        : driver >= 12000 ? PtxVersion{8, 0}
        : driver >= 11080 ? PtxVersion{7, 8}
        : PtxVersion{7, 0};
}

Result accept_header(const char* ptx) {
    const char* version = strstr(ptx, ".version ");
    const char* target = strstr(ptx, ".target sm_");
    int major = 0;
    int minor = 0;
    int capability = 0;
    if (version == nullptr || target == nullptr || sscanf(version, ".version %d.%d", &major, &minor) != 2
        || sscanf(target, ".target sm_%d", &capability) != 1) {
        report("the module is not PTX text: no .version and .target");
        return INVALID_PTX;
    }
    PtxVersion newest = newest_ptx(options.driver_version);
    if (major > newest.major || (major == newest.major && minor > newest.minor)) {
        report("PTX %d.%d is newer than the driver reads (%d.%d)", major, minor, newest.major, newest.minor);
        return UNSUPPORTED_PTX_VERSION;
    }
    if (capability > options.capability) {
        report("PTX for sm_%d does not run on sm_%ld", capability, (long)options.capability);
        return NO_BINARY_FOR_GPU;
    }
    return SUCCESS;
}

Result load(void** module, const char* ptx) {
    if (Result refused = accept_header(ptx)) {
        return refused;
    }
    const char* path = translator == nullptr ? "!there is no translator" : translator(ptx);
    if (path[0] == '!') {
        report("%s", path + 1);
        return INVALID_PTX;
    }
    void* library = dlopen(path, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) {
        report("%s", dlerror());
        return INVALID_PTX;
    }
    const KernelEntry* kernel = (const KernelEntry*)dlsym(library, "emu_kernels");
    Module* loaded = new Module();
    for (; kernel->name != nullptr; kernel++) {
        loaded->functions[kernel->name] = Function{kernel};
    }
    *module = loaded;
    return SUCCESS;
}

uint64_t threads_of(const Dim3& block) {
    return (uint64_t)block.x * block.y * block.z;
}

// The deliberate bug of a wrong launch size.
void spoil(Launch& launch) {
    int64_t blocks = (int64_t)launch.grid.x + options.grid_change;
    launch.grid.x = blocks < 1 ? 1 : (uint32_t)blocks;
    launch.block.x = (uint32_t)((launch.block.x + options.block_divisor - 1) / options.block_divisor);
}

Result launch_kernel(Function* function, Launch launch, void* stream, void** parameters) {
    const KernelEntry* kernel = function->kernel;
    const Dim3& g = launch.grid;
    const Dim3& b = launch.block;
    if (threads_of(g) == 0 || threads_of(b) == 0 || threads_of(b) > 1024 || b.z > 64 || g.x > 2147483647u
        || g.y > 65535 || g.z > 65535) {
        report("%s: a grid of (%u,%u,%u) blocks of (%u,%u,%u) threads is not possible", kernel->name, g.x, g.y, g.z,
               b.x, b.y, b.z);
        return INVALID_VALUE;
    }
    if (kernel->static_shared_bytes + launch.dynamic_shared_bytes > 49152) {
        report("%s: %u bytes of shared memory, 49152 are possible", kernel->name,
               kernel->static_shared_bytes + launch.dynamic_shared_bytes);
        return INVALID_VALUE;
    }
    for (uint32_t i = 0; i < kernel->parameter_count; i++) {
        const uint8_t* value = (const uint8_t*)parameters[i];
        launch.parameters.emplace_back(value, value + kernel->parameter_sizes[i]);
    }
    launch.kernel = kernel;
    launched.insert(kernel->name);
    if (faulty_kernel == kernel->name) {
        spoil(launch);
    }
    return enqueue(stream_of(stream), [launch] { return run_launch(launch); });
}
}  // namespace

API void emu_set_translator(const char* (*callback)(const char* ptx)) {
    Locked lock(emulator_lock);
    translator = callback;
}

// The names of the kernels launched since the last call, one on each line. The text lives until the next call.
API const char* emu_take_launches() {
    static std::string text;
    Locked lock(emulator_lock);
    text.clear();
    for (const std::string& name : launched) {
        text += name + "\n";
    }
    launched.clear();
    return text.c_str();
}

API int cuModuleLoadData(void** module, const void* image) {
    Locked lock(emulator_lock);
    if (options.lost) {
        return DEVICE_UNAVAILABLE;
    }
    return sticky_error != SUCCESS ? sticky_error : load(module, (const char*)image);
}

API int cuModuleLoadDataEx(void** module, const void* image, unsigned, void*, void*) {
    return cuModuleLoadData(module, image);
}

API int cuModuleUnload(void* module) {
    Locked lock(emulator_lock);
    drain_all();
    delete (Module*)module;
    return SUCCESS;
}

API int cuModuleGetFunction(void** function, void* module, const char* name) {
    Locked lock(emulator_lock);
    std::map<std::string, Function>& functions = ((Module*)module)->functions;
    auto found = functions.find(name);
    if (found == functions.end()) {
        report("the module has no kernel named %s", name);
        return NOT_FOUND;
    }
    *function = &found->second;
    return SUCCESS;
}

API int cuLaunchKernel(void* function, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                       unsigned shared_bytes, void* stream, void** parameters, void**) {
    Locked lock(emulator_lock);
    if (options.lost) {
        return DEVICE_UNAVAILABLE;
    }
    if (sticky_error != SUCCESS) {
        return sticky_error;
    }
    Launch launch = {nullptr, Dim3{gx, gy, gz}, Dim3{bx, by, bz}, shared_bytes, {}};
    return launch_kernel((Function*)function, launch, stream, parameters);
}
