#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

// Each reads one argument, or throws a JavaScript TypeError and returns false. TypeScript has checked already: this only
// keeps a slip from becoming a crash.

bool ReadString(const Napi::CallbackInfo& info, size_t index, std::string* text);
bool ReadUint32(const Napi::CallbackInfo& info, size_t index, uint32_t* number);
bool ReadInt32(const Napi::CallbackInfo& info, size_t index, int32_t* number);
/// From a BigInt.
bool ReadInt64(const Napi::CallbackInfo& info, size_t index, int64_t* number);
bool ReadBoolean(const Napi::CallbackInfo& info, size_t index, bool* value);
bool ReadFunction(const Napi::CallbackInfo& info, size_t index, Napi::Function* function);

/// From an Int32Array.
bool ReadInt32s(const Napi::CallbackInfo& info, size_t index, std::vector<int>* numbers);

/// The bytes belong to the caller's Uint8Array: they are valid until this native call returns or runs JavaScript.
bool ReadBytes(const Napi::CallbackInfo& info, size_t index, const uint8_t** bytes, size_t* size);
