#pragma once

#include <bpf/libbpf.h>
#include <napi.h>

/// What the kernel has counted for a program: `{ recursionMisses, runs, runTimeNs }`, all BigInts. The last two stay 0 unless
/// run statistics are on. Throws a failure when the kernel does not tell.
Napi::Value ProgramCounts(Napi::Env env, const bpf_program* program);

/// Adds `enableRunStatistics()`: a descriptor; the kernel counts runs and their time for as long as it is open.
void DefineRunStatistics(Napi::Env env, Napi::Object exports);
