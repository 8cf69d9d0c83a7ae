// Handles, metadata and memory of tensors.
#include "Native.h"

#include <ATen/EmptyTensor.h>
#include <c10/core/DefaultDtype.h>

#include <cstring>

namespace tsc {

namespace {
thread_local std::string last_error;
}

void set_error(const std::string& message) { last_error = message; }

}  // namespace tsc

using tsc::Handle;

struct TensorInfo {
    int64_t dimensions;
    int64_t elements;
    int64_t storage_offset;
    int32_t element_size;
    int32_t scalar_type;
    int32_t device_type;
    int32_t device_index;
    int32_t requires_grad;
    int32_t is_leaf;
    int32_t is_contiguous;
    int32_t is_sparse;
};

TSC_API const char* tsc_last_error() { return tsc::last_error.c_str(); }

TSC_API void tsc_tensor_release(Handle tensor) { tsc::TensorPointer::reclaim(tensor); }

TSC_API Handle tsc_tensor_alias(Handle tensor) { return tsc::give(tsc::borrow(tensor)); }

TSC_API int32_t tsc_tensor_info(Handle handle, TensorInfo* info) {
    return tsc::guarded<int32_t>(-1, [&] {
        auto tensor = tsc::borrow(handle);
        info->dimensions = tensor.dim();
        info->elements = tensor.numel();
        info->is_sparse = tensor.is_sparse();
        info->storage_offset = info->is_sparse ? 0 : tensor.storage_offset();
        info->element_size = static_cast<int32_t>(tensor.element_size());
        info->scalar_type = static_cast<int32_t>(tensor.scalar_type());
        info->device_type = static_cast<int32_t>(tensor.device().type());
        info->device_index = tensor.device().index();
        info->requires_grad = tensor.requires_grad();
        info->is_leaf = tensor.is_leaf();
        info->is_contiguous = info->is_sparse ? 0 : tensor.is_contiguous();
        return 0;
    });
}

TSC_API int32_t tsc_tensor_sizes(Handle handle, int64_t* sizes) {
    return tsc::guarded<int32_t>(-1, [&] {
        auto source = handle->sizes();
        std::copy(source.begin(), source.end(), sizes);
        return 0;
    });
}

TSC_API int32_t tsc_tensor_strides(Handle handle, int64_t* strides) {
    return tsc::guarded<int32_t>(-1, [&] {
        auto source = handle->strides();
        std::copy(source.begin(), source.end(), strides);
        return 0;
    });
}

// Null for a tensor without elements; a failure is told apart by `failed`.
TSC_API void* tsc_tensor_data(Handle handle, int32_t* failed) {
    *failed = 1;
    return tsc::guarded<void*>(nullptr, [&] {
        auto data = tsc::borrow(handle).data_ptr();
        *failed = 0;
        return data;
    });
}

// A contiguous CPU tensor with a copy of the bytes; with no bytes its content is not set.
TSC_API Handle tsc_tensor_from_bytes(const void* bytes, const int64_t* sizes, int32_t dimensions, int32_t scalar_type) {
    return tsc::guarded<Handle>(nullptr, [&] {
        auto type = static_cast<c10::ScalarType>(scalar_type);
        at::Tensor tensor(at::detail::empty_cpu(
            at::IntArrayRef(sizes, dimensions), type, c10::nullopt, c10::nullopt, c10::nullopt, c10::nullopt));
        if (bytes != nullptr && tensor.numel() > 0) std::memcpy(tensor.data_ptr(), bytes, tensor.nbytes());
        return tsc::give(std::move(tensor));
    });
}

TSC_API int32_t tsc_get_default_dtype() { return static_cast<int32_t>(c10::get_default_dtype_as_scalartype()); }

TSC_API int32_t tsc_set_default_dtype(int32_t scalar_type) {
    return tsc::guarded<int32_t>(-1, [&] {
        c10::set_default_dtype(c10::scalarTypeToTypeMeta(static_cast<c10::ScalarType>(scalar_type)));
        return 0;
    });
}
