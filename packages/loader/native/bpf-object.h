#pragma once

#include <bpf/libbpf.h>
#include <napi.h>

#include <memory>
#include <string>
#include <vector>

#include "event-source.h"
#include "memory-file.h"

/// An eBPF object in libbpf's hands: `new BpfObject(bytes, name, btf?)` opens it. `btf` is what CO-RE uses in place of
/// the kernel's BTF: the path of a file, or bytes.
/// Failures are thrown as ThrowFailure describes. A closed one throws a TypeError.
class BpfObject : public Napi::ObjectWrap<BpfObject> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit BpfObject(const Napi::CallbackInfo& info);

 private:
  Napi::Value Programs(const Napi::CallbackInfo& info);
  Napi::Value Maps(const Napi::CallbackInfo& info);
  Napi::Value Map(const Napi::CallbackInfo& info);
  Napi::Value SetAutoload(const Napi::CallbackInfo& info);
  Napi::Value InitialValue(const Napi::CallbackInfo& info);
  Napi::Value SetInitialValue(const Napi::CallbackInfo& info);
  Napi::Value SetMaxEntries(const Napi::CallbackInfo& info);
  Napi::Value Load(const Napi::CallbackInfo& info);
  Napi::Value SetType(const Napi::CallbackInfo& info);
  Napi::Value ProgramId(const Napi::CallbackInfo& info);
  Napi::Value MapId(const Napi::CallbackInfo& info);
  Napi::Value Attach(const Napi::CallbackInfo& info);
  // What libbpf cannot attach from the section's name alone: attach/*.cc.
  Napi::Value AttachTo(const Napi::CallbackInfo& info);
  Napi::Value AttachNetfilter(const Napi::CallbackInfo& info);
  Napi::Value AttachUprobeMulti(const Napi::CallbackInfo& info);
  Napi::Value AttachPerfEvent(const Napi::CallbackInfo& info);
  Napi::Value AttachUprobe(const Napi::CallbackInfo& info);
  Napi::Value AttachUsdt(const Napi::CallbackInfo& info);
  Napi::Value AttachSocketFilter(const Napi::CallbackInfo& info);
  Napi::Value AttachToMap(const Napi::CallbackInfo& info);
  Napi::Value AttachIterator(const Napi::CallbackInfo& info);
  Napi::Value LinkStructOps(const Napi::CallbackInfo& info);
  Napi::Value AttachStructOps(const Napi::CallbackInfo& info);
  Napi::Value AttachTc(const Napi::CallbackInfo& info);
  Napi::Value RunSyscallProgram(const Napi::CallbackInfo& info);
  Napi::Value ConsumeRing(const Napi::CallbackInfo& info);
  Napi::Value ConsumePerf(const Napi::CallbackInfo& info);
  Napi::Value MapDescriptor(const Napi::CallbackInfo& info);
  Napi::Value OpenPerf(const Napi::CallbackInfo& info);
  Napi::Value ReadMap(const Napi::CallbackInfo& info);
  Napi::Value UpdateMap(const Napi::CallbackInfo& info);
  Napi::Value DeleteMapKeys(const Napi::CallbackInfo& info);
  Napi::Value CountEntries(const Napi::CallbackInfo& info);
  Napi::Value CountRefusals(const Napi::CallbackInfo& info);
  Napi::Value ProgramCounts(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);

  // Each throws and returns null when there is no such thing. What they return belongs to object_.
  bpf_object* Open(const Napi::CallbackInfo& info);
  bpf_program* FindProgram(const Napi::CallbackInfo& info);
  bpf_map* FindMap(const Napi::CallbackInfo& info);

  // Shared with the links made from it: the object is closed after the last of them.
  std::shared_ptr<bpf_object> object_;
  // BTF that was given as bytes; libbpf opens its path when it loads.
  MemoryFile btf_;
  bool loaded_ = false;
  // Perf buffers that another process reads.
  std::vector<std::unique_ptr<EventSource>> lent_;
};
