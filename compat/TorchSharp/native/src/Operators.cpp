// One boxed entry for every ATen operator: arguments are put on a stack as the operator's schema wants them.
#include "Native.h"

#include <ATen/core/dispatch/Dispatcher.h>
#include <ATen/core/ivalue.h>
#include <ATen/core/stack.h>

#include <cstdlib>
#include <vector>

namespace {

enum class Kind : int32_t {
    None = 0, Tensor = 1, Int = 2, Double = 3, Bool = 4, IntList = 5, DoubleList = 6, BoolList = 7,
    TensorList = 8, String = 9, Device = 10, Generator = 11, Default = 12
};

struct Value {
    Kind kind;
    int32_t length;
    union { int64_t i; double d; void* p; };
};
static_assert(sizeof(Value) == 16, "the managed side lays it out so");

c10::TypePtr without_optional(const c10::TypePtr& type) {
    return type->kind() == c10::TypeKind::OptionalType ? type->castRaw<c10::OptionalType>()->getElementType() : type;
}

template <typename T, typename Source>
c10::List<T> list_of(const Value& value) {
    c10::List<T> list;
    list.reserve(value.length);
    auto source = static_cast<const Source*>(value.p);
    for (int32_t n = 0; n < value.length; n++) list.push_back(static_cast<T>(source[n]));
    return list;
}

c10::IValue tensor_list(const Value& value, const c10::TypePtr& type) {
    auto handles = static_cast<tsc::Handle*>(value.p);
    auto list = type->castRaw<c10::ListType>();
    if (list != nullptr && list->getElementType()->kind() == c10::TypeKind::OptionalType) {
        c10::List<c10::optional<at::Tensor>> tensors;
        tensors.reserve(value.length);
        for (int32_t n = 0; n < value.length; n++) {
            tensors.push_back(handles[n] == nullptr ? c10::optional<at::Tensor>() : tsc::borrow(handles[n]));
        }
        return tensors;
    }
    c10::List<at::Tensor> tensors;
    tensors.reserve(value.length);
    for (int32_t n = 0; n < value.length; n++) tensors.push_back(tsc::borrow(handles[n]));
    return tensors;
}

c10::IValue to_ivalue(const Value& value, const c10::Argument& argument) {
    switch (value.kind) {
        case Kind::None: return {};
        case Kind::Default:
            TORCH_CHECK(argument.default_value().has_value(), "argument '", argument.name(), "' has no default");
            return *argument.default_value();
        case Kind::Tensor:
            if (value.p == nullptr) return {};
            return tsc::borrow(static_cast<tsc::Handle>(value.p));
        case Kind::Int: {
            auto kind = without_optional(argument.type())->kind();
            if (kind == c10::TypeKind::FloatType) return static_cast<double>(value.i);
            if (kind == c10::TypeKind::ListType) return c10::List<int64_t>({value.i});
            return value.i;
        }
        case Kind::Double: return value.d;
        case Kind::Bool: return value.i != 0;
        case Kind::IntList: return list_of<int64_t, int64_t>(value);
        case Kind::DoubleList: return list_of<double, double>(value);
        case Kind::BoolList: return list_of<bool, uint8_t>(value);
        case Kind::TensorList: return tensor_list(value, without_optional(argument.type()));
        case Kind::String: return std::string(static_cast<const char*>(value.p), value.length);
        case Kind::Device:
            return c10::Device(static_cast<c10::DeviceType>(value.i >> 32), static_cast<c10::DeviceIndex>(static_cast<int32_t>(value.i)));
        case Kind::Generator: return *static_cast<at::Generator*>(value.p);
    }
    TORCH_CHECK(false, "unknown kind of argument");
}

Value from_ivalue(c10::IValue&& value) {
    Value result{};
    if (value.isTensor()) {
        result.kind = Kind::Tensor;
        result.p = tsc::give(std::move(value).toTensor());
    } else if (value.isTensorList()) {
        auto tensors = value.toTensorVector();
        auto handles = static_cast<tsc::Handle*>(std::malloc(sizeof(tsc::Handle) * (tensors.size() + 1)));
        for (size_t n = 0; n < tensors.size(); n++) handles[n] = tsc::give(tensors[n]);
        result.kind = Kind::TensorList;
        result.length = static_cast<int32_t>(tensors.size());
        result.p = handles;
    } else if (value.isBool()) {
        result.kind = Kind::Bool;
        result.i = value.toBool();
    } else if (value.isInt()) {
        result.kind = Kind::Int;
        result.i = value.toInt();
    } else if (value.isDouble()) {
        result.kind = Kind::Double;
        result.d = value.toDouble();
    } else {
        TORCH_CHECK(value.isNone(), "a result of type ", value.tagKind(), " cannot be handed over");
    }
    return result;
}

}  // namespace

// The operator of that name ("aten::add") and overload ("Tensor"); lives as long as the process.
TSC_API void* tsc_operator(const char* name, const char* overload) {
    return tsc::guarded<void*>(nullptr, [&]() -> void* {
        return new c10::OperatorHandle(c10::Dispatcher::singleton().findSchemaOrThrow(name, overload));
    });
}

// Calls the operator; arguments that are not given take the schema's defaults.
// Writes at most `capacity` results and drops the others; returns how many the operator has, or -1.
TSC_API int32_t tsc_call(void* op, const Value* arguments, int32_t count, Value* results, int32_t capacity) {
    return tsc::guarded<int32_t>(-1, [&] {
        auto& handle = *static_cast<c10::OperatorHandle*>(op);
        auto& schema = handle.schema();
        auto& formal = schema.arguments();
        TORCH_CHECK(static_cast<size_t>(count) <= formal.size(), schema.name(), " takes ", formal.size(), " arguments, ", count, " were given");
        torch::jit::Stack stack;
        stack.reserve(formal.size());
        const Value absent{Kind::Default, 0, {0}};
        for (size_t n = 0; n < formal.size(); n++) {
            stack.push_back(to_ivalue(n < static_cast<size_t>(count) ? arguments[n] : absent, formal[n]));
        }
        handle.callBoxed(stack);
        auto produced = static_cast<int32_t>(stack.size());
        for (int32_t n = 0; n < produced && n < capacity; n++) results[n] = from_ivalue(std::move(stack[n]));
        return produced;
    });
}

// Releases the array (not the tensors) of a TensorList result.
TSC_API void tsc_free_list(void* list) { std::free(list); }
