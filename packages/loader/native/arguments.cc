#include "arguments.h"

namespace {

bool Refuse(const Napi::CallbackInfo& info, size_t index, const char* wanted) {
  const std::string message = "argument " + std::to_string(index + 1) + " must be " + wanted;
  Napi::TypeError::New(info.Env(), message).ThrowAsJavaScriptException();
  return false;
}

}  // namespace

bool ReadString(const Napi::CallbackInfo& info, size_t index, std::string* text) {
  if (!info[index].IsString()) return Refuse(info, index, "a string");
  *text = info[index].As<Napi::String>().Utf8Value();
  return true;
}

bool ReadUint32(const Napi::CallbackInfo& info, size_t index, uint32_t* number) {
  if (!info[index].IsNumber()) return Refuse(info, index, "a number");
  const double value = info[index].As<Napi::Number>().DoubleValue();
  // Written so that NaN fails too.
  if (!(value >= 0 && value <= UINT32_MAX)) return Refuse(info, index, "a 32-bit unsigned number");
  *number = static_cast<uint32_t>(value);
  return true;
}

bool ReadInt32(const Napi::CallbackInfo& info, size_t index, int32_t* number) {
  if (!info[index].IsNumber()) return Refuse(info, index, "a number");
  const double value = info[index].As<Napi::Number>().DoubleValue();
  if (!(value >= INT32_MIN && value <= INT32_MAX)) return Refuse(info, index, "a 32-bit signed number");
  *number = static_cast<int32_t>(value);
  return true;
}

bool ReadInt64(const Napi::CallbackInfo& info, size_t index, int64_t* number) {
  if (!info[index].IsBigInt()) return Refuse(info, index, "a bigint");
  bool lossless = false;
  *number = info[index].As<Napi::BigInt>().Int64Value(&lossless);
  return lossless || Refuse(info, index, "a 64-bit signed bigint");
}

bool ReadBoolean(const Napi::CallbackInfo& info, size_t index, bool* value) {
  if (!info[index].IsBoolean()) return Refuse(info, index, "a boolean");
  *value = info[index].As<Napi::Boolean>().Value();
  return true;
}

bool ReadFunction(const Napi::CallbackInfo& info, size_t index, Napi::Function* function) {
  if (!info[index].IsFunction()) return Refuse(info, index, "a function");
  *function = info[index].As<Napi::Function>();
  return true;
}

bool ReadBytes(const Napi::CallbackInfo& info, size_t index, const uint8_t** bytes, size_t* size) {
  if (!info[index].IsTypedArray() || info[index].As<Napi::TypedArray>().TypedArrayType() != napi_uint8_array) {
    return Refuse(info, index, "a Uint8Array");
  }
  const Napi::Uint8Array array = info[index].As<Napi::Uint8Array>();
  *bytes = array.Data();
  *size = array.ByteLength();
  return true;
}

bool ReadInt32s(const Napi::CallbackInfo& info, size_t index, std::vector<int>* numbers) {
  if (!info[index].IsTypedArray() || info[index].As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
    return Refuse(info, index, "an Int32Array");
  }
  const Napi::Int32Array array = info[index].As<Napi::Int32Array>();
  numbers->assign(array.Data(), array.Data() + array.ElementLength());
  return true;
}
