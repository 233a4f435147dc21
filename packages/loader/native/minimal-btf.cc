#include "minimal-btf.h"

#include <sys/mman.h>

#include <cstring>
#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "arguments.h"
#include "failure.h"
#include "file-bytes.h"
#include "kernel-types.h"

namespace {

/// A name that CO-RE relocations of an object start from, without `___flavour`, and the kinds that it may have, as bits.
struct CoreRoot {
  std::string name;
  uint32_t kinds;
};

constexpr uint32_t kVlen = 0xffff;

/// How much of a type stays.
enum Kept {
  kGone,
  /// Kind, name and size, without members or values.
  kShell,
  kWhole,
};

/// The length of a name without its flavour: `task_struct` of `task_struct___old`.
/// https://github.com/libbpf/libbpf/blob/v1.5.0/src/libbpf.c (bpf_core_essential_name_len)
size_t EssentialLength(const char* name, size_t length) {
  for (size_t at = length; at >= 5; at--) {
    const char* end = name + at;
    if (end[-1] != '_' && memcmp(end - 4, "___", 3) == 0 && end[-5] != '_') return at - 4;
  }
  return length;
}

/// Finds the types that relocations may start from.
class Candidates {
 public:
  Candidates(const KernelTypes& types, const std::vector<CoreRoot>& roots) : types_(types), roots_(roots) {
    for (size_t root = 0; root < roots.size(); root++) {
      const std::string& name = roots[root].name;
      if (!name.empty()) by_start_[static_cast<uint8_t>(name[0])].push_back(root);
      kinds_ |= roots[root].kinds;
    }
  }

  std::vector<uint32_t> Find(std::vector<bool>* found) const {
    std::vector<uint32_t> ids;
    found->assign(roots_.size(), false);
    const uint32_t* words = types_.count() > 1 ? types_.Words(1) : nullptr;
    for (uint32_t id = 1; id < types_.count(); id++, words = KernelTypes::Next(words)) {
      // Most types are of other kinds: their names need not be looked at.
      if ((kinds_ >> BTF_INFO_KIND(words[1]) & 1) == 0) continue;
      const char* name = types_.Name(words[0]);
      for (const size_t root : by_start_[static_cast<uint8_t>(*name)]) {
        if (!IsA(BTF_INFO_KIND(words[1]), name, roots_[root])) continue;
        (*found)[root] = true;
        ids.push_back(id);
      }
    }
    return ids;
  }

 private:
  static bool IsA(uint32_t kind, const char* name, const CoreRoot& root) {
    const size_t length = root.name.size();
    return (root.kinds >> kind & 1) != 0 && strncmp(name, root.name.data(), length) == 0 &&
           EssentialLength(name, strlen(name)) == length;
  }

  const KernelTypes& types_;
  const std::vector<CoreRoot>& roots_;
  uint32_t kinds_ = 0;
  std::vector<size_t> by_start_[256];
};

/// How much stays of each type that does, by id.
using KeptTypes = std::map<uint32_t, Kept>;

/// What stays when some types stay whole: all that they hold by value, and shells of what they only point to.
class Keeper {
 public:
  explicit Keeper(const KernelTypes& types) : types_(types) {}

  KeptTypes Keep(const std::vector<uint32_t>& ids) {
    for (const uint32_t id : ids) Add(id, kWhole);
    while (!open_.empty()) {
      const uint32_t id = open_.back();
      open_.pop_back();
      AddWhatItNames(types_.Words(id), kept_[id]);
    }
    return std::move(kept_);
  }

 private:
  void Add(uint32_t id, Kept how) {
    if (id == 0 || id >= types_.count()) return;
    Kept& kept = kept_[id];
    if (kept >= how) return;
    kept = how;
    open_.push_back(id);
  }

  void AddWhatItNames(const uint32_t* words, Kept how) {
    switch (BTF_INFO_KIND(words[1])) {
      case BTF_KIND_STRUCT:
      case BTF_KIND_UNION:
        if (how == kWhole) AddParts(words, kWhole);
        break;
      case BTF_KIND_ARRAY:
        Add(words[kTypeWords], how);
        Add(words[kTypeWords + 1], kWhole);
        break;
      case BTF_KIND_PTR:
        Add(words[2], kShell);
        break;
      case BTF_KIND_FUNC_PROTO:
        Add(words[2], kShell);
        AddParts(words, kShell);
        break;
      case BTF_KIND_TYPEDEF:
      case BTF_KIND_VOLATILE:
      case BTF_KIND_CONST:
      case BTF_KIND_RESTRICT:
      case BTF_KIND_TYPE_TAG:
        Add(words[2], how);
        break;
    }
  }

  /// Members or parameters.
  void AddParts(const uint32_t* words, Kept how) {
    const KindParts& parts = kKindParts[BTF_INFO_KIND(words[1])];
    for (uint32_t part = 0; part < BTF_INFO_VLEN(words[1]); part++) {
      Add(words[kTypeWords + part * parts.each + parts.type], how);
    }
  }

  const KernelTypes& types_;
  KeptTypes kept_;
  std::vector<uint32_t> open_;
};

/// Writes what stays as a blob of its own, numbered anew in the old order.
class Writer {
 public:
  Writer(const KernelTypes& types, KeptTypes kept) : types_(types), kept_(std::move(kept)) {
    for (const auto& [id, how] : kept_) ids_[id] = static_cast<uint32_t>(ids_.size());
  }

  std::vector<uint8_t> Write() {
    for (const auto& [id, how] : kept_) WriteType(types_.Words(id), how == kWhole);
    btf_header header{};
    header.magic = BTF_MAGIC;
    header.version = BTF_VERSION;
    header.hdr_len = sizeof(header);
    header.type_len = static_cast<uint32_t>(words_.size() * sizeof(uint32_t));
    header.str_off = header.type_len;
    header.str_len = static_cast<uint32_t>(names_.size());
    std::vector<uint8_t> bytes(sizeof(header) + header.type_len + header.str_len);
    memcpy(bytes.data(), &header, sizeof(header));
    if (!words_.empty()) memcpy(bytes.data() + sizeof(header), words_.data(), header.type_len);
    memcpy(bytes.data() + sizeof(header) + header.type_len, names_.data(), names_.size());
    return bytes;
  }

 private:
  void WriteType(const uint32_t* words, bool whole) {
    const uint32_t kind = BTF_INFO_KIND(words[1]);
    const KindParts& parts = kKindParts[kind];
    // A prototype is what it is by its parameters: it has no shell.
    const uint32_t count = whole || kind == BTF_KIND_FUNC_PROTO ? BTF_INFO_VLEN(words[1]) : 0;
    words_.push_back(Name(words[0]));
    words_.push_back(parts.each == 0 ? words[1] : (words[1] & ~kVlen) | count);
    words_.push_back(parts.refers ? Id(words[2]) : words[2]);
    for (uint32_t word = 0; word < parts.once; word++) {
      const bool is_type = kind == BTF_KIND_ARRAY && word < 2;
      words_.push_back(is_type ? Id(words[kTypeWords + word]) : words[kTypeWords + word]);
    }
    for (uint32_t word = 0; word < count * parts.each; word++) {
      const uint32_t value = words[kTypeWords + word];
      const uint32_t place = word % parts.each;
      words_.push_back(place == parts.name ? Name(value) : place == parts.type ? Id(value) : value);
    }
  }

  /// 0, which is void, for what is not there.
  uint32_t Id(uint32_t id) const {
    const auto place = ids_.find(id);
    return place == ids_.end() ? 0 : place->second;
  }

  /// Where the name is now that was at an offset. Each is written once.
  uint32_t Name(uint32_t offset) {
    if (offset == 0) return 0;
    const auto [place, is_new] = offsets_.try_emplace(offset, static_cast<uint32_t>(names_.size()));
    if (is_new) {
      const char* name = types_.Name(offset);
      names_.insert(names_.end(), name, name + strlen(name) + 1);
    }
    return place->second;
  }

  const KernelTypes& types_;
  KeptTypes kept_;
  std::unordered_map<uint32_t, uint32_t> ids_{{0, 0}};
  std::vector<uint32_t> words_;
  std::vector<char> names_{'\0'};
  std::unordered_map<uint32_t, uint32_t> offsets_;
};

bool ReadRoots(const Napi::CallbackInfo& info, std::vector<CoreRoot>* roots) {
  if (!info[1].IsArray() || !info[2].IsArray()) {
    Napi::TypeError::New(info.Env(), "names and kinds must be arrays").ThrowAsJavaScriptException();
    return false;
  }
  const Napi::Array names = info[1].As<Napi::Array>();
  const Napi::Array kinds = info[2].As<Napi::Array>();
  for (uint32_t index = 0; index < names.Length(); index++) {
    roots->push_back({names.Get(index).ToString().Utf8Value(), kinds.Get(index).ToNumber().Uint32Value()});
  }
  return true;
}

Napi::Value MinimalBtfOf(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  FileBytes file;
  const uint8_t* kernel = nullptr;
  size_t size = 0;
  if (info[0].IsString()) {
    if (file.Read(info[0].As<Napi::String>().Utf8Value().c_str()) != 0) return env.Undefined();
    kernel = file.data();
    size = file.size();
  } else if (!ReadBytes(info, 0, &kernel, &size)) {
    return env.Undefined();
  }
  std::vector<CoreRoot> roots;
  if (!ReadRoots(info, &roots)) return env.Undefined();

  KernelTypes types;
  if (!types.Read(kernel, size)) return env.Undefined();
  std::vector<bool> found;
  const std::vector<uint32_t> candidates = Candidates(types, roots).Find(&found);
  const std::vector<uint8_t> bytes = Writer(types, Keeper(types).Keep(candidates)).Write();

  Napi::Object minimal = Napi::Object::New(env);
  Napi::Uint8Array copy = Napi::Uint8Array::New(env, bytes.size());
  memcpy(copy.Data(), bytes.data(), bytes.size());
  minimal.Set("bytes", copy);
  Napi::Array missing = Napi::Array::New(env);
  for (size_t root = 0; root < roots.size(); root++) {
    if (!found[root]) missing.Set(missing.Length(), roots[root].name);
  }
  minimal.Set("missing", missing);
  return minimal;
}

/// readKernelBtf(path): a kernel's BTF, not to be written to. Where it is read and not mapped, sysfs gives a page at a time.
Napi::Value ReadKernelBtf(const Napi::CallbackInfo& info) {
  std::string path;
  if (!ReadString(info, 0, &path)) return info.Env().Undefined();
  FileBytes file;
  const int error = file.Read(path.c_str());
  if (error != 0) {
    ThrowFailure(info.Env(), error);
    return info.Env().Undefined();
  }
  // The array owns the pages, some of them the kernel's own: they go when it does.
  const size_t size = file.size();
  const auto unmap = [size](Napi::Env, void* pages) { munmap(pages, size); };
  Napi::ArrayBuffer buffer = Napi::ArrayBuffer::New(info.Env(), file.Release(), size, unmap);
  return Napi::Uint8Array::New(info.Env(), size, buffer, 0);
}

}  // namespace

void DefineMinimalBtf(Napi::Env env, Napi::Object exports) {
  exports.Set("readKernelBtf", Napi::Function::New<ReadKernelBtf>(env));
  exports.Set("minimalBtf", Napi::Function::New<MinimalBtfOf>(env));
}
