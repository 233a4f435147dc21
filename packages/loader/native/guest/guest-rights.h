#pragma once

#include <napi.h>

/// Adds `shedForChild()`, `lockGuestDown()` and `dieWithParent()` to the exports.
void DefineGuestRights(Napi::Env env, Napi::Object exports);
