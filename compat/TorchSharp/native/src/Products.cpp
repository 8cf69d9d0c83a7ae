// BLAS's matrix products on libtorch's own threads.
//
// OpenBLAS has threads of its own beside libtorch's. Each kind, when it has nothing to do, waits by asking again and again,
// and so takes the cores from the other. The functions here stand before BLAS's own in the order in which the loader looks
// for libtorch's symbols: they cut a product into pieces for libtorch's threads and let BLAS do each with one thread.
#include "Products.h"

#include "Counting.h"
#include "Native.h"
#include "Threads.h"

#include <dlfcn.h>

#include <cstdio>
#include <cstdlib>

namespace {

template <typename T>
using Gemm = void(
    const char* ta, const char* tb, const int* m, const int* n, const int* k, const T* alpha, const T* a, const int* lda,
    const T* b, const int* ldb, const T* beta, T* c, const int* ldc);

// A piece's rows or columns, unless there are more threads: BLAS packs the other operand for each piece anew. Pieces of 512 were
// neither faster nor slower.
constexpr int64_t piece_extent = 2048;

// Multiplications below which waking threads costs more than it saves.
constexpr double smallest_shared = 1 << 18;

// BLAS's function behind the one of the same name in this library.
template <typename T>
Gemm<T>* next(const char* name) {
    auto function = reinterpret_cast<Gemm<T>*>(dlsym(RTLD_NEXT, name));
    if (function == nullptr) {
        std::fprintf(stderr, "TorchSharpCompat: no BLAS behind libtorch has %s.\n", name);
        std::abort();
    }
    // Another BLAS than OpenBLAS has no such function and keeps its threads: slower, but right.
    static auto set_threads = reinterpret_cast<void (*)(int)>(dlsym(RTLD_NEXT, "openblas_set_num_threads"));
    if (set_threads != nullptr) set_threads(1);
    return function;
}

template <typename T>
void shared(
    Gemm<T>* serial, const char* ta, const char* tb, const int* m, const int* n, const int* k, const T* alpha, const T* a,
    const int* lda, const T* b, const int* ldb, const T* beta, T* c, const int* ldc) {
    tsc::count_product(*m, *n, *k);
    const bool by_columns = *n >= *m;
    const int64_t extent = by_columns ? *n : *m;
    const int64_t threads = at::get_num_threads();
    if (threads == 1 || at::in_parallel_region() || static_cast<double>(*m) * *n * *k < smallest_shared) {
        return serial(ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
    }
    // A multiple of what any of BLAS's kernels takes at once, and as many pieces for each thread.
    auto rounded_up = [](int64_t number, int64_t step) { return (number + step - 1) / step * step; };
    const int64_t wanted = rounded_up((extent + piece_extent - 1) / piece_extent, threads);
    const int64_t step = rounded_up((extent + wanted - 1) / wanted, 16);
    const bool transposed = by_columns ? *tb != 'N' && *tb != 'n' : *ta != 'N' && *ta != 'n';
    tsc::in_turn((extent + step - 1) / step, [&] {
        return [&](int64_t piece) {
            const int64_t start = piece * step;
            const int count = static_cast<int>(std::min(step, extent - start));
            if (by_columns) {
                serial(ta, tb, m, &count, k, alpha, a, lda, b + start * (transposed ? 1 : *ldb), ldb, beta, c + start * *ldc, ldc);
            } else {
                serial(ta, tb, &count, n, k, alpha, a + start * (transposed ? *lda : 1), lda, b, ldb, beta, c + start, ldc);
            }
        };
    });
}

}  // namespace

TSC_API void sgemm_(
    const char* ta, const char* tb, const int* m, const int* n, const int* k, const float* alpha, const float* a, const int* lda,
    const float* b, const int* ldb, const float* beta, float* c, const int* ldc) {
    static const auto serial = next<float>("sgemm_");
    shared(serial, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

TSC_API void dgemm_(
    const char* ta, const char* tb, const int* m, const int* n, const int* k, const double* alpha, const double* a, const int* lda,
    const double* b, const int* ldb, const double* beta, double* c, const int* ldc) {
    static const auto serial = next<double>("dgemm_");
    shared(serial, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

namespace tsc {

namespace {

template <typename T>
void call(
    Gemm<T>* gemm, char ta, char tb, int64_t m, int64_t n, int64_t k, T alpha, const T* a, int64_t lda, const T* b, int64_t ldb, T beta,
    T* c, int64_t ldc) {
    const int sizes[] = {static_cast<int>(m), static_cast<int>(n), static_cast<int>(k)};
    const int steps[] = {static_cast<int>(lda), static_cast<int>(ldb), static_cast<int>(ldc)};
    gemm(&ta, &tb, &sizes[0], &sizes[1], &sizes[2], &alpha, a, &steps[0], b, &steps[1], &beta, c, &steps[2]);
}

}  // namespace

void product(char ta, char tb, int64_t m, int64_t n, int64_t k, float alpha, const float* a, int64_t lda, const float* b, int64_t ldb,
    float beta, float* c, int64_t ldc) {
    call(sgemm_, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

void product(char ta, char tb, int64_t m, int64_t n, int64_t k, double alpha, const double* a, int64_t lda, const double* b, int64_t ldb,
    double beta, double* c, int64_t ldc) {
    call(dgemm_, ta, tb, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc);
}

}  // namespace tsc
