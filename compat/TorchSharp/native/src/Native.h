// What the parts of the library share: handles and errors.
//
// A tensor handle is an owned reference to a c10::TensorImpl; zero stands for an undefined tensor.
// Every function that may fail returns a value that says so, and leaves the message for tsc_last_error.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <exception>
#include <string>

#define TSC_API extern "C" __attribute__((visibility("default")))

namespace tsc {

using Handle = c10::TensorImpl*;
using TensorPointer = c10::intrusive_ptr<c10::TensorImpl, c10::UndefinedTensorImpl>;

void set_error(const std::string& message);

inline at::Tensor borrow(Handle handle) {
    return handle == nullptr ? at::Tensor() : at::Tensor(TensorPointer::reclaim_copy(handle));
}

inline Handle give(at::Tensor tensor) {
    return tensor.defined() ? tensor.unsafeReleaseTensorImpl() : nullptr;
}

// Runs the body; an exception becomes the last error and the given result.
template <typename Result, typename Body>
Result guarded(Result failure, Body&& body) {
    try {
        return body();
    } catch (const std::exception& e) {
        set_error(e.what());
    } catch (...) {
        set_error("an exception of unknown type");
    }
    return failure;
}

}  // namespace tsc
