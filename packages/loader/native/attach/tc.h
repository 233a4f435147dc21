#pragma once

#include <napi.h>

/// Adds `interfaceIndex(name)`, `hasClsact(ifindex)`, `removeTcFilters(ifindex, egress, programId)` and `removeUnusedClsact(ifindex)`.
void DefineTc(Napi::Env env, Napi::Object exports);
