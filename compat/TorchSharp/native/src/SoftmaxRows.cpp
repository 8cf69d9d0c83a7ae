#include "SoftmaxRows.h"

#include <cmath>
#include <cstring>
#include <limits>

// The loader takes the version for the processor at hand.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__)
#define TSC_FOR_EACH_PROCESSOR __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define TSC_FOR_EACH_PROCESSOR
#endif
#define TSC_ALWAYS_INLINE inline __attribute__((always_inline))

namespace {

TSC_ALWAYS_INLINE double exponential(double x) { return std::exp(x); }

// exp(x) for x ≤ 0 is 2ⁿ·exp(r) with n = round(x / ln 2) and |r| ≤ ln 2 / 2, of which the Taylor series to r⁷ leaves an
// error below that of rounding. ln 2 is taken in two parts (Cody and Waite), so that r is exact. Below about −87.7 n is −127,
// whose bits are those of zero. There is no branch, so that compilers vectorise it.
TSC_ALWAYS_INLINE float exponential(float x) {
    x = x < -88.0f ? -88.0f : x; // so that NaN stays NaN
    const int32_t n = static_cast<int32_t>(x * 1.44269504f - 0.5f);
    const float whole = static_cast<float>(n);
    const float r = (x - whole * 0.693359375f) + whole * 2.12194440e-4f;
    float series = 1.0f / 5040;
    series = series * r + 1.0f / 720;
    series = series * r + 1.0f / 120;
    series = series * r + 1.0f / 24;
    series = series * r + 1.0f / 6;
    series = series * r + 0.5f;
    series = series * r + 1.0f;
    series = series * r + 1.0f;
    const int32_t exponent = (n + 127) << 23;
    float power;
    std::memcpy(&power, &exponent, sizeof power);
    return series * power;
}

template <typename T>
TSC_ALWAYS_INLINE T masked_maximum_of(T* scores, const T* mask, int64_t count) {
    T largest = -std::numeric_limits<T>::infinity();
    if (mask != nullptr) {
#pragma omp simd reduction(max : largest)
        for (int64_t n = 0; n < count; n++) {
            scores[n] += mask[n];
            largest = scores[n] > largest ? scores[n] : largest;
        }
    } else {
#pragma omp simd reduction(max : largest)
        for (int64_t n = 0; n < count; n++) largest = scores[n] > largest ? scores[n] : largest;
    }
    return largest;
}

template <typename T>
TSC_ALWAYS_INLINE T exponentiate_all(T* scores, T shift, int64_t count) {
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t n = 0; n < count; n++) {
        scores[n] = exponential(scores[n] - shift);
        sum += scores[n];
    }
    return sum;
}

template <typename T>
TSC_ALWAYS_INLINE void derive(T* gradients, const T* weights, T mean, T scale, int64_t count) {
#pragma omp simd
    for (int64_t n = 0; n < count; n++) gradients[n] = scale * weights[n] * (gradients[n] - mean);
}

template <typename T>
TSC_ALWAYS_INLINE void multiply_all(T* to, const T* from, T factor, int64_t count) {
#pragma omp simd
    for (int64_t n = 0; n < count; n++) to[n] = from[n] * factor;
}

template <typename T>
TSC_ALWAYS_INLINE T dot_of(const T* a, const T* b, int64_t count) {
    T sum = 0;
#pragma omp simd reduction(+ : sum)
    for (int64_t n = 0; n < count; n++) sum += a[n] * b[n];
    return sum;
}

}  // namespace

namespace tsc {

TSC_FOR_EACH_PROCESSOR float masked_maximum(float* scores, const float* mask, int64_t count) { return masked_maximum_of(scores, mask, count); }

TSC_FOR_EACH_PROCESSOR double masked_maximum(double* scores, const double* mask, int64_t count) { return masked_maximum_of(scores, mask, count); }

TSC_FOR_EACH_PROCESSOR float exponentiate(float* scores, float shift, int64_t count) { return exponentiate_all(scores, shift, count); }

TSC_FOR_EACH_PROCESSOR double exponentiate(double* scores, double shift, int64_t count) { return exponentiate_all(scores, shift, count); }

TSC_FOR_EACH_PROCESSOR void softmax_derivative(float* gradients, const float* weights, float mean, float scale, int64_t count) {
    derive(gradients, weights, mean, scale, count);
}

TSC_FOR_EACH_PROCESSOR void softmax_derivative(double* gradients, const double* weights, double mean, double scale, int64_t count) {
    derive(gradients, weights, mean, scale, count);
}

TSC_FOR_EACH_PROCESSOR void multiply(float* to, const float* from, float factor, int64_t count) { multiply_all(to, from, factor, count); }

TSC_FOR_EACH_PROCESSOR void multiply(double* to, const double* from, double factor, int64_t count) { multiply_all(to, from, factor, count); }

TSC_FOR_EACH_PROCESSOR float dot(const float* a, const float* b, int64_t count) { return dot_of(a, b, count); }

TSC_FOR_EACH_PROCESSOR double dot(const double* a, const double* b, int64_t count) { return dot_of(a, b, count); }

}  // namespace tsc
