// Work cut into pieces that libtorch's threads take in turn.
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <atomic>
#include <cstdint>

namespace tsc {

// Calls make_worker() once on each thread, and what it returns with the numbers 0 … count − 1, each exactly once. A thread
// that another program holds up takes fewer pieces. Within a piece, products and libtorch's operators use one thread.
template <typename MakeWorker>
void in_turn(int64_t count, const MakeWorker& make_worker) {
    std::atomic<int64_t> next{0};
    auto run = [&](int64_t, int64_t) {
        auto worker = make_worker();
        for (int64_t piece; (piece = next.fetch_add(1, std::memory_order_relaxed)) < count;) worker(piece);
    };
    at::parallel_for(0, std::min<int64_t>(at::get_num_threads(), count), 1, run);
}

}  // namespace tsc
