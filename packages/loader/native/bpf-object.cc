#include "bpf-object.h"

#include <bpf/bpf.h>

#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "arguments.h"
#include "consumer.h"
#include "failure.h"
#include "link.h"
#include "log-capture.h"
#include "map-changes.h"
#include "map-entries.h"
#include "perf-source.h"
#include "refusal-counter.h"
#include "ring-source.h"
#include "run-statistics.h"

namespace {

Napi::Value CopyBytes(Napi::Env env, const void* bytes, size_t size) {
  Napi::Uint8Array copy = Napi::Uint8Array::New(env, size);
  if (size > 0) memcpy(copy.Data(), bytes, size);
  return copy;
}

/// Undefined, or the failure of a libbpf call that returned a negative errno.
Napi::Value Done(Napi::Env env, int result, const std::string& log = {}) {
  if (result < 0) ThrowFailure(env, -result, log);
  return env.Undefined();
}

Napi::Object MapRow(Napi::Env env, const bpf_map* map) {
  Napi::Object row = Napi::Object::New(env);
  row.Set("name", bpf_map__name(map));
  row.Set("type", static_cast<uint32_t>(bpf_map__type(map)));
  row.Set("keySizeBytes", bpf_map__key_size(map));
  row.Set("valueSizeBytes", bpf_map__value_size(map));
  row.Set("maxEntries", bpf_map__max_entries(map));
  row.Set("internal", bpf_map__is_internal(map));
  return row;
}

MapShape ShapeOf(const bpf_map* map) {
  return {bpf_map__type(map), bpf_map__key_size(map), bpf_map__value_size(map), bpf_map__max_entries(map)};
}

/// The CPU numbers in an array of numbers.
bool ReadCpus(const Napi::CallbackInfo& info, size_t index, std::vector<int>* cpus) {
  if (!info[index].IsTypedArray() || info[index].As<Napi::TypedArray>().TypedArrayType() != napi_int32_array) {
    Napi::TypeError::New(info.Env(), "CPUs must be an Int32Array").ThrowAsJavaScriptException();
    return false;
  }
  const Napi::Int32Array array = info[index].As<Napi::Int32Array>();
  cpus->assign(array.Data(), array.Data() + array.ElementLength());
  return true;
}

}  // namespace

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

Napi::Value BpfObject::Maps(const Napi::CallbackInfo& info) {
  const bpf_object* object = Open(info);
  if (object == nullptr) return info.Env().Undefined();
  const Napi::Array list = Napi::Array::New(info.Env());
  bpf_map* map = nullptr;
  while ((map = bpf_object__next_map(object, map)) != nullptr) list.Set(list.Length(), MapRow(info.Env(), map));
  return list;
}

Napi::Value BpfObject::Map(const Napi::CallbackInfo& info) {
  const bpf_object* object = Open(info);
  std::string name;
  if (object == nullptr || !ReadString(info, 0, &name)) return info.Env().Undefined();
  const bpf_map* map = bpf_object__find_map_by_name(object, name.c_str());
  return map == nullptr ? info.Env().Undefined() : MapRow(info.Env(), map);
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

/// `mapId(map)` -> the kernel's number of it.
Napi::Value BpfObject::MapId(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  if (map == nullptr) return info.Env().Undefined();
  bpf_map_info facts{};
  uint32_t size = sizeof(facts);
  const int error = bpf_obj_get_info_by_fd(bpf_map__fd(map), &facts, &size);
  return error < 0 ? Done(info.Env(), error) : Napi::Number::New(info.Env(), facts.id);
}

Napi::Value BpfObject::InitialValue(const Napi::CallbackInfo& info) {
  bpf_map* map = FindMap(info);
  if (map == nullptr) return info.Env().Undefined();
  size_t size = 0;
  // Belongs to the map; copied before anything can change it. After load, .rodata is no longer what it was.
  const void* bytes = loaded_ ? nullptr : bpf_map__initial_value(map, &size);
  return bytes == nullptr ? info.Env().Undefined() : CopyBytes(info.Env(), bytes, size);
}

Napi::Value BpfObject::SetInitialValue(const Napi::CallbackInfo& info) {
  bpf_map* map = FindMap(info);
  const uint8_t* bytes = nullptr;
  size_t size = 0;
  if (map == nullptr || !ReadBytes(info, 1, &bytes, &size)) return info.Env().Undefined();
  return Done(info.Env(), loaded_ ? -EBUSY : bpf_map__set_initial_value(map, bytes, size));
}

Napi::Value BpfObject::SetMaxEntries(const Napi::CallbackInfo& info) {
  bpf_map* map = FindMap(info);
  uint32_t maxEntries = 0;
  if (map == nullptr || !ReadUint32(info, 1, &maxEntries)) return info.Env().Undefined();
  return Done(info.Env(), loaded_ ? -EBUSY : bpf_map__set_max_entries(map, maxEntries));
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

/// `consumeRing(map, onBatch, batchBytes)`
Napi::Value BpfObject::ConsumeRing(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  Napi::Function onBatch;
  uint32_t batchBytes = 0;
  if (map == nullptr || !ReadFunction(info, 1, &onBatch) || !ReadUint32(info, 2, &batchBytes)) {
    return info.Env().Undefined();
  }
  int error = 0;
  std::unique_ptr<EventSource> source = RingSource::Open(bpf_map__fd(map), &error);
  if (source == nullptr) return Done(info.Env(), -error);
  return Consumer::Start(info.Env(), std::move(source), onBatch, batchBytes);
}

/// `consumePerf(map, onBatch, batchBytes, pages, cpus)`
Napi::Value BpfObject::ConsumePerf(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  Napi::Function onBatch;
  uint32_t batchBytes = 0;
  uint32_t pages = 0;
  std::vector<int> cpus;
  if (map == nullptr || !ReadFunction(info, 1, &onBatch) || !ReadUint32(info, 2, &batchBytes) ||
      !ReadUint32(info, 3, &pages) || !ReadCpus(info, 4, &cpus)) {
    return info.Env().Undefined();
  }
  int error = 0;
  const LogCapture log;
  std::unique_ptr<EventSource> source = PerfSource::Open(bpf_map__fd(map), pages, std::move(cpus), &error);
  if (source == nullptr) return Done(info.Env(), -error, log.Text());
  return Consumer::Start(info.Env(), std::move(source), onBatch, batchBytes);
}

/// `readMap(map, limitBytes, clear)` -> `{ count, keyBytes, valueBytes, keys, values }`
Napi::Value BpfObject::ReadMap(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  uint32_t limitBytes = 0;
  bool clear = false;
  if (map == nullptr || !ReadUint32(info, 1, &limitBytes) || !ReadBoolean(info, 2, &clear)) {
    return info.Env().Undefined();
  }
  const MapShape shape = ShapeOf(map);
  MapEntries entries;
  const int error = ReadMapEntries(bpf_map__fd(map), shape, limitBytes, clear, &entries);
  if (error < 0) return Done(info.Env(), error);
  Napi::Object result = Napi::Object::New(info.Env());
  result.Set("count", entries.count);
  result.Set("keyBytes", entries.keyBytes);
  result.Set("valueBytes", entries.valueBytes);
  result.Set("keys", CopyBytes(info.Env(), entries.keys.data(), entries.keys.size()));
  result.Set("values", CopyBytes(info.Env(), entries.values.data(), entries.values.size()));
  return result;
}

/// `updateMap(map, keys, values)`: as many entries as there are keys; all values have the same length.
Napi::Value BpfObject::UpdateMap(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  const uint8_t* keys = nullptr;
  const uint8_t* values = nullptr;
  size_t keysSize = 0;
  size_t valuesSize = 0;
  if (map == nullptr || !ReadBytes(info, 1, &keys, &keysSize) || !ReadBytes(info, 2, &values, &valuesSize)) {
    return info.Env().Undefined();
  }
  const size_t keyBytes = bpf_map__key_size(map);
  const size_t count = keyBytes == 0 ? 0 : keysSize / keyBytes;
  if (count == 0) return info.Env().Undefined();
  const size_t valueBytes = MapValueBytes(ShapeOf(map));
  if (keysSize != count * keyBytes || valuesSize != count * valueBytes) return Done(info.Env(), -EINVAL);
  return Done(info.Env(), UpdateEntries(bpf_map__fd(map), keys, keyBytes, values, valueBytes, count));
}

/// `deleteKeys(map, keys)`
Napi::Value BpfObject::DeleteMapKeys(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  const uint8_t* keys = nullptr;
  size_t size = 0;
  if (map == nullptr || !ReadBytes(info, 1, &keys, &size)) return info.Env().Undefined();
  const size_t keyBytes = bpf_map__key_size(map);
  if (keyBytes == 0 || size % keyBytes != 0) return Done(info.Env(), -EINVAL);
  return Done(info.Env(), DeleteKeys(bpf_map__fd(map), keys, keyBytes, size / keyBytes));
}

/// `countEntries(map, limit)`: how many there are, at most `limit`.
Napi::Value BpfObject::CountEntries(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  uint32_t limit = 0;
  if (map == nullptr || !ReadUint32(info, 1, &limit)) return info.Env().Undefined();
  uint32_t count = 0;
  const int error = CountMapEntries(bpf_map__fd(map), bpf_map__key_size(map), limit, &count);
  if (error < 0) return Done(info.Env(), error);
  return Napi::Number::New(info.Env(), count);
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

bpf_map* BpfObject::FindMap(const Napi::CallbackInfo& info) {
  const bpf_object* object = Open(info);
  std::string name;
  if (object == nullptr || !ReadString(info, 0, &name)) return nullptr;
  bpf_map* map = bpf_object__find_map_by_name(object, name.c_str());
  if (map == nullptr) ThrowFailure(info.Env(), ENOENT);
  return map;
}
