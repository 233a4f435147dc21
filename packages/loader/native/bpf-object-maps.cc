// What a BpfObject does with its maps.
#include <bpf/bpf.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>
#include <vector>

#include "arguments.h"
#include "bpf-object.h"
#include "consumer.h"
#include "failure.h"
#include "log-capture.h"
#include "map-changes.h"
#include "map-entries.h"
#include "perf-source.h"
#include "ring-source.h"

namespace {

Napi::Value CopyBytes(Napi::Env env, const void* bytes, size_t size) {
  Napi::Uint8Array copy = Napi::Uint8Array::New(env, size);
  if (size > 0) memcpy(copy.Data(), bytes, size);
  return copy;
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

}  // namespace

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
      !ReadUint32(info, 3, &pages) || !ReadInt32s(info, 4, &cpus)) {
    return info.Env().Undefined();
  }
  int error = 0;
  const LogCapture log;
  std::unique_ptr<EventSource> source = PerfSource::Open(bpf_map__fd(map), pages, std::move(cpus), &error);
  if (source == nullptr) return Done(info.Env(), -error, log.Text());
  return Consumer::Start(info.Env(), std::move(source), onBatch, batchBytes);
}

/// `mapDescriptor(map)`: the object's own, valid until it is closed.
Napi::Value BpfObject::MapDescriptor(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  if (map == nullptr) return info.Env().Undefined();
  return Napi::Number::New(info.Env(), bpf_map__fd(map));
}

/// `openPerf(map, pages, cpus)`: the descriptors of the rings, one a CPU, which stay open with the object and are read by another process.
Napi::Value BpfObject::OpenPerf(const Napi::CallbackInfo& info) {
  const bpf_map* map = FindMap(info);
  uint32_t pages = 0;
  std::vector<int> cpus;
  if (map == nullptr || !ReadUint32(info, 1, &pages) || !ReadInt32s(info, 2, &cpus)) return info.Env().Undefined();
  int error = 0;
  const LogCapture log;
  std::unique_ptr<PerfSource> source = PerfSource::Open(bpf_map__fd(map), pages, std::move(cpus), &error);
  if (source == nullptr) return Done(info.Env(), -error, log.Text());
  const std::vector<int>& fds = source->Descriptors();
  Napi::Int32Array list = Napi::Int32Array::New(info.Env(), fds.size());
  std::copy(fds.begin(), fds.end(), list.Data());
  lent_.push_back(std::move(source));
  return list;
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

bpf_map* BpfObject::FindMap(const Napi::CallbackInfo& info) {
  const bpf_object* object = Open(info);
  std::string name;
  if (object == nullptr || !ReadString(info, 0, &name)) return nullptr;
  bpf_map* map = bpf_object__find_map_by_name(object, name.c_str());
  if (map == nullptr) ThrowFailure(info.Env(), ENOENT);
  return map;
}
