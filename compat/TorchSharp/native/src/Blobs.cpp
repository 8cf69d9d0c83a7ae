// Tensors over memory that somebody else owns.
#include "Native.h"

#include <ATen/ops/from_blob.h>

// `release` is called with `context` when the last reference is gone.
TSC_API tsc::Handle tsc_tensor_over(
    void* memory, const int64_t* sizes, int32_t dimensions, int32_t scalar_type, void (*release)(void*), void* context) {
    return tsc::guarded<tsc::Handle>(nullptr, [&] {
        return tsc::give(at::from_blob(
            memory, at::IntArrayRef(sizes, dimensions), [release, context](void*) { release(context); },
            at::TensorOptions(static_cast<c10::ScalarType>(scalar_type))));
    });
}
