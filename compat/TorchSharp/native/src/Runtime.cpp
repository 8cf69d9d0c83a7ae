// Threads and random number generators.
#include "Native.h"

#include <ATen/CPUGeneratorImpl.h>
#include <ATen/Parallel.h>

#include <mutex>

using tsc::Handle;

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
