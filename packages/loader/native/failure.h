#pragma once

#include <napi.h>

#include <string>

/// Throws a JavaScript Error with `errno` (positive), `reason` (its text) and `log` (what libbpf said, may be empty).
void ThrowFailure(Napi::Env env, int error, const std::string& log = {});

/// Undefined, or the failure of a libbpf call that returned a negative errno.
Napi::Value Done(Napi::Env env, int result, const std::string& log = {});
