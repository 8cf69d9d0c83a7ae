// While somebody counts, an allocator before libtorch's own remembers the sizes of blocks. The blocks are no different from
// others: libtorch may give any of them back before, during and after a count.
#include "Counting.h"

#include "Native.h"

#include <ATen/Context.h>
#include <c10/core/CPUAllocator.h>
#include <c10/core/impl/alloc_cpu.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <unordered_map>

namespace {

// In the order in which C# reads them.
struct Counts {
    int64_t products;  // multiplications and additions of BLAS's matrix products
    int64_t blocks;    // blocks of memory that tensors took
    int64_t bytes;     // their bytes
    int64_t peak;      // most bytes of them at once
};

std::atomic<bool> counting{false};
std::atomic<int64_t> products{0};
std::mutex lock;
std::unordered_map<void*, int64_t> sizes;
int64_t blocks, bytes, live, peak;

void release(void* data) {
    {
        std::lock_guard<std::mutex> guard(lock);
        const auto found = sizes.find(data);
        if (found != sizes.end()) {
            live -= found->second;
            sizes.erase(found);
        }
    }
    c10::free_cpu(data);
}

class CountingAllocator final : public c10::Allocator {
public:
    c10::DataPtr allocate(size_t size) const override {
        void* data = c10::alloc_cpu(size);
        if (data != nullptr) {
            std::lock_guard<std::mutex> guard(lock);
            sizes[data] = size;
            blocks++;
            bytes += size;
            live += size;
            peak = std::max(peak, live);
        }
        return {data, data, release, c10::Device(c10::DeviceType::CPU)};
    }

    // oneDNN takes blocks without their deleter.
    c10::DeleterFnPtr raw_deleter() const override { return release; }
};

CountingAllocator allocator;

// What there was before.
c10::Allocator* own = nullptr;
bool with_onednn = false;

}  // namespace

namespace tsc {

void count_product(int64_t m, int64_t n, int64_t k) {
    if (counting) products += 2 * m * n * k;
}

}  // namespace tsc

// Begins a count, which is the process's: whatever other threads do is counted too. Convolutions are BLAS's products until
// its end, since oneDNN's memory depends on the processor.
TSC_API int32_t tsc_count_begin() {
    return tsc::guarded<int32_t>(-1, [] {
        TORCH_CHECK(!counting, "somebody counts already");
        own = c10::GetCPUAllocator();
        {
            std::lock_guard<std::mutex> guard(lock);
            sizes.clear();
            blocks = bytes = live = peak = 0;
        }
        products = 0;
        counting = true;
        c10::SetCPUAllocator(&allocator);
        with_onednn = at::globalContext().userEnabledMkldnn();
        at::globalContext().setUserEnabledMkldnn(false);
        return 0;
    });
}

TSC_API void tsc_count_end(Counts* counts) {
    c10::SetCPUAllocator(own);
    at::globalContext().setUserEnabledMkldnn(with_onednn);
    counting = false;
    std::lock_guard<std::mutex> guard(lock);
    *counts = {products, blocks, bytes, peak};
}
