#pragma once

#include <napi.h>

/// `beneath`: files below a directory, as beneath-path.h resolves paths. Each throws with the errno of what the kernel refuses.
void DefineBeneath(Napi::Env env, Napi::Object exports);
