#pragma once

#include <napi.h>

/// Adds `interfaceIndex(name)`, `tcFilters(ifindex, egress)`, `hasClsact(ifindex)`, `removeTcFilter(ifindex, egress, handle, priority)`
/// and `removeClsact(ifindex)`.
void DefineTc(Napi::Env env, Napi::Object exports);
