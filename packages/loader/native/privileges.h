#pragma once

#include <napi.h>

/// Adds `dropOtherThreads(uid, gid)` and `dropThisThread(uid, gid)` to the exports.
void DefinePrivileges(Napi::Env env, Napi::Object exports);
