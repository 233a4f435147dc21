#pragma once

#include <napi.h>

#include <string>

/// Throws a JavaScript Error with `errno` (positive), `reason` (its text) and `log` (what libbpf said, may be empty).
void ThrowFailure(Napi::Env env, int error, const std::string& log = {});
