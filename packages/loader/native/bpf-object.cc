#include "bpf-object.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <utility>
#include <vector>

#include "arguments.h"
#include "failure.h"
#include "link.h"
#include "log-capture.h"
#include "refusal-counter.h"
#include "run-statistics.h"

Napi::Function BpfObject::Define(Napi::Env env) {
  return DefineClass(
      env, "BpfObject",
      {InstanceMethod("programs", &BpfObject::Programs), InstanceMethod("maps", &BpfObject::Maps),
       InstanceMethod("map", &BpfObject::Map),
       InstanceMethod("setAutoload", &BpfObject::SetAutoload), InstanceMethod("initialValue", &BpfObject::InitialValue),
       InstanceMethod("setInitialValue", &BpfObject::SetInitialValue),
       InstanceMethod("setMaxEntries", &BpfObject::SetMaxEntries), InstanceMethod("load", &BpfObject::Load),
       InstanceMethod("setType", &BpfObject::SetType), InstanceMethod("programId", &BpfObject::ProgramId),
       InstanceMethod("mapId", &BpfObject::MapId), InstanceMethod("attach", &BpfObject::Attach),
       InstanceMethod("attachTo", &BpfObject::AttachTo), InstanceMethod("attachNetfilter", &BpfObject::AttachNetfilter),
       InstanceMethod("attachUprobeMulti", &BpfObject::AttachUprobeMulti),
       InstanceMethod("attachPerfEvent", &BpfObject::AttachPerfEvent),
       InstanceMethod("attachUprobe", &BpfObject::AttachUprobe), InstanceMethod("attachUsdt", &BpfObject::AttachUsdt),
       InstanceMethod("attachSocketFilter", &BpfObject::AttachSocketFilter),
       InstanceMethod("attachToMap", &BpfObject::AttachToMap),
       InstanceMethod("attachIterator", &BpfObject::AttachIterator),
       InstanceMethod("linkStructOps", &BpfObject::LinkStructOps),
       InstanceMethod("attachStructOps", &BpfObject::AttachStructOps),
       InstanceMethod("attachTc", &BpfObject::AttachTc),
       InstanceMethod("runSyscallProgram", &BpfObject::RunSyscallProgram),
       InstanceMethod("consumeRing", &BpfObject::ConsumeRing),
       InstanceMethod("consumePerf", &BpfObject::ConsumePerf), InstanceMethod("readMap", &BpfObject::ReadMap),
       InstanceMethod("mapDescriptor", &BpfObject::MapDescriptor), InstanceMethod("openPerf", &BpfObject::OpenPerf),
       InstanceMethod("updateMap", &BpfObject::UpdateMap), InstanceMethod("deleteKeys", &BpfObject::DeleteMapKeys),
       InstanceMethod("countEntries", &BpfObject::CountEntries),
       InstanceMethod("countRefusals", &BpfObject::CountRefusals),
       InstanceMethod("programCounts", &BpfObject::ProgramCounts),
       InstanceMethod("close", &BpfObject::Close)});
}

BpfObject::BpfObject(const Napi::CallbackInfo& info) : Napi::ObjectWrap<BpfObject>(info) {
  const uint8_t* bytes = nullptr;
  size_t size = 0;
  std::string name;
  std::string btfPath;
  if (!ReadBytes(info, 0, &bytes, &size) || !ReadString(info, 1, &name)) return;
  if (info[2].IsTypedArray()) {
    const uint8_t* btf = nullptr;
    size_t btfSize = 0;
    if (!ReadBytes(info, 2, &btf, &btfSize)) return;
    const int error = btf_.Fill(btf, btfSize);
    if (error > 0) {
      ThrowFailure(info.Env(), error);
      return;
    }
    btfPath = btf_.Path();
  } else if (!info[2].IsUndefined() && !ReadString(info, 2, &btfPath)) {
    return;
  }

  bpf_object_open_opts options{};
  options.sz = sizeof(options);
  // libbpf copies both strings, and everything that it needs of the bytes, before it returns.
  options.object_name = name.c_str();
  options.btf_custom_path = btfPath.empty() ? nullptr : btfPath.c_str();
  const LogCapture log;
  bpf_object* object = bpf_object__open_mem(bytes, size, &options);
  if (object == nullptr) {
    ThrowFailure(info.Env(), errno, log.Text());
    return;
  }
  object_ = std::shared_ptr<bpf_object>(object, bpf_object__close);
}

Napi::Value BpfObject::Programs(const Napi::CallbackInfo& info) {
  const bpf_object* object = Open(info);
  if (object == nullptr) return info.Env().Undefined();
  const Napi::Array list = Napi::Array::New(info.Env());
  bpf_program* program = nullptr;
  while ((program = bpf_object__next_program(object, program)) != nullptr) {
    Napi::Object row = Napi::Object::New(info.Env());
    row.Set("name", bpf_program__name(program));
    row.Set("section", bpf_program__section_name(program));
    row.Set("type", static_cast<uint32_t>(bpf_program__type(program)));
    row.Set("autoload", bpf_program__autoload(program));
    list.Set(list.Length(), row);
  }
  return list;
}

Napi::Value BpfObject::SetAutoload(const Napi::CallbackInfo& info) {
  bpf_program* program = FindProgram(info);
  bool autoload = false;
  if (program == nullptr || !ReadBoolean(info, 1, &autoload)) return info.Env().Undefined();
  return Done(info.Env(), bpf_program__set_autoload(program, autoload));
}

/// `setType(program, type, attachType, sleepable)`: for a section that the libbpf in use does not know yet.
Napi::Value BpfObject::SetType(const Napi::CallbackInfo& info) {
  bpf_program* program = FindProgram(info);
  uint32_t type = 0;
  uint32_t attachType = 0;
  bool sleepable = false;
  if (program == nullptr || !ReadUint32(info, 1, &type) || !ReadUint32(info, 2, &attachType) ||
      !ReadBoolean(info, 3, &sleepable)) {
    return info.Env().Undefined();
  }
  int error = bpf_program__set_type(program, static_cast<bpf_prog_type>(type));
  if (error == 0) error = bpf_program__set_expected_attach_type(program, static_cast<bpf_attach_type>(attachType));
  if (error == 0 && sleepable) error = bpf_program__set_flags(program, bpf_program__flags(program) | BPF_F_SLEEPABLE);
  return Done(info.Env(), error);
}

/// `programId(program)` -> the kernel's number of it.
Napi::Value BpfObject::ProgramId(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  if (program == nullptr) return info.Env().Undefined();
  bpf_prog_info facts{};
  uint32_t size = sizeof(facts);
  const int error = bpf_obj_get_info_by_fd(bpf_program__fd(program), &facts, &size);
  return error < 0 ? Done(info.Env(), error) : Napi::Number::New(info.Env(), facts.id);
}

Napi::Value BpfObject::Load(const Napi::CallbackInfo& info) {
  bpf_object* object = Open(info);
  if (object == nullptr) return info.Env().Undefined();
  loaded_ = true;
  const LogCapture log;
  const int result = bpf_object__load(object);
  btf_.Close();
  return Done(info.Env(), result, log.Text());
}

Napi::Value BpfObject::Attach(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  if (program == nullptr) return info.Env().Undefined();
  const LogCapture log;
  bpf_link* link = bpf_program__attach(program);
  if (link == nullptr) return Done(info.Env(), -errno, log.Text());
  return Link::Adopt(info.Env(), link, object_);
}

/// `countRefusals(maps)`, with an array of names: see Refusals. What failed is the failure's log.
Napi::Value BpfObject::CountRefusals(const Napi::CallbackInfo& info) {
  const bpf_object* object = Open(info);
  if (object == nullptr) return info.Env().Undefined();
  if (!info[0].IsArray()) {
    Napi::TypeError::New(info.Env(), "argument 1 must be an array").ThrowAsJavaScriptException();
    return info.Env().Undefined();
  }
  const Napi::Array names = info[0].As<Napi::Array>();
  std::vector<RefusingMap> maps;
  for (uint32_t index = 0; index < names.Length(); index++) {
    const std::string name = names.Get(index).ToString().Utf8Value();
    const bpf_map* map = bpf_object__find_map_by_name(object, name.c_str());
    bpf_map_info row{};
    uint32_t rowBytes = sizeof(row);
    const int error = map == nullptr ? -ENOENT : bpf_obj_get_info_by_fd(bpf_map__fd(map), &row, &rowBytes);
    if (error < 0) return Done(info.Env(), error, "find map \"" + name + "\"");
    maps.push_back({row.id, row.type});
  }
  int error = 0;
  std::string what;
  std::unique_ptr<Refusals> refusals = Refusals::Start(maps, &error, &what);
  if (refusals == nullptr) return Done(info.Env(), -error, what);
  return RefusalCounter::Adopt(info.Env(), std::move(refusals));
}

Napi::Value BpfObject::ProgramCounts(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  return program == nullptr ? info.Env().Undefined() : ::ProgramCounts(info.Env(), program);
}

Napi::Value BpfObject::Close(const Napi::CallbackInfo& info) {
  object_.reset();
  return info.Env().Undefined();
}

bpf_object* BpfObject::Open(const Napi::CallbackInfo& info) {
  if (object_ == nullptr) Napi::TypeError::New(info.Env(), "the object is closed").ThrowAsJavaScriptException();
  return object_.get();
}

bpf_program* BpfObject::FindProgram(const Napi::CallbackInfo& info) {
  const bpf_object* object = Open(info);
  std::string name;
  if (object == nullptr || !ReadString(info, 0, &name)) return nullptr;
  bpf_program* program = bpf_object__find_program_by_name(object, name.c_str());
  if (program == nullptr) ThrowFailure(info.Env(), ENOENT);
  return program;
}
