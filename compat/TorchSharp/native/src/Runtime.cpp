// Threads and random number generators.
#include "Native.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <sched.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <fstream>
#include <mutex>
#include <set>

using tsc::Handle;

namespace {

// The physical cores that this process may use, and no more than its control group's share of the processors.
int usable_cores() {
    cpu_set_t usable;
    if (sched_getaffinity(0, sizeof usable, &usable) != 0) return 1;
    std::set<std::string> cores;
    for (int n = 0; n < CPU_SETSIZE; n++) {
        if (!CPU_ISSET(n, &usable)) continue;
        auto name = std::to_string(n);
        std::ifstream file("/sys/devices/system/cpu/cpu" + name + "/topology/thread_siblings_list");
        std::string siblings;
        cores.insert(std::getline(file, siblings) ? siblings : name);
    }
    auto count = static_cast<int>(cores.size());
    std::ifstream share("/sys/fs/cgroup/cpu.max");
    double quota, period;
    // Without a limit the first word is "max".
    if (share >> quota >> period && period > 0) count = std::min(count, static_cast<int>(std::ceil(quota / period)));
    return std::max(1, count);
}

// libtorch counts cores with cpuinfo, which finds a single one on some virtual machines. As libtorch does, leave the choice
// to the environment where it is made there, and to set_num_threads, which can only come later.
const bool threads_chosen = [] {
    if (std::getenv("OMP_NUM_THREADS") == nullptr && std::getenv("MKL_NUM_THREADS") == nullptr) at::set_num_threads(usable_cores());
    return true;
}();

}  // namespace

TSC_API int32_t tsc_get_num_threads() { return at::get_num_threads(); }

TSC_API int32_t tsc_set_num_threads(int32_t count) {
    return tsc::guarded<int32_t>(-1, [&] {
        at::set_num_threads(count);
        return 0;
    });
}

TSC_API int32_t tsc_get_num_interop_threads() { return at::get_num_interop_threads(); }

TSC_API int32_t tsc_set_num_interop_threads(int32_t count) {
    return tsc::guarded<int32_t>(-1, [&] {
        at::set_num_interop_threads(count);
        return 0;
    });
}

TSC_API void* tsc_generator_new(uint64_t seed) {
    return tsc::guarded<void*>(nullptr, [&]() -> void* { return new at::Generator(at::detail::createCPUGenerator(seed)); });
}

TSC_API void* tsc_generator_default() {
    return tsc::guarded<void*>(nullptr, [&]() -> void* { return new at::Generator(at::detail::getDefaultCPUGenerator()); });
}

TSC_API void tsc_generator_release(void* generator) { delete static_cast<at::Generator*>(generator); }

TSC_API int32_t tsc_generator_set_seed(void* generator, uint64_t seed) {
    return tsc::guarded<int32_t>(-1, [&] {
        auto& g = *static_cast<at::Generator*>(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_current_seed(seed);
        return 0;
    });
}

TSC_API int32_t tsc_generator_initial_seed(void* generator, uint64_t* seed) {
    return tsc::guarded<int32_t>(-1, [&] {
        *seed = static_cast<at::Generator*>(generator)->current_seed();
        return 0;
    });
}

// A new seed from the system's entropy.
TSC_API int32_t tsc_generator_seed(void* generator, uint64_t* seed) {
    return tsc::guarded<int32_t>(-1, [&] {
        auto& g = *static_cast<at::Generator*>(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        *seed = g.seed();
        return 0;
    });
}

TSC_API Handle tsc_generator_get_state(void* generator) {
    return tsc::guarded<Handle>(nullptr, [&] {
        auto& g = *static_cast<at::Generator*>(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        return tsc::give(g.get_state());
    });
}

TSC_API int32_t tsc_generator_set_state(void* generator, Handle state) {
    return tsc::guarded<int32_t>(-1, [&] {
        auto& g = *static_cast<at::Generator*>(generator);
        std::lock_guard<std::mutex> lock(g.mutex());
        g.set_state(tsc::borrow(state));
        return 0;
    });
}
