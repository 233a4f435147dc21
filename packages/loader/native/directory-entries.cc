#include "directory-entries.h"

#include <dirent.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "arguments.h"
#include "failure.h"

namespace {

// getdents64(2)
struct Entry {
  uint64_t inode;
  int64_t next;
  uint16_t bytes;
  uint8_t type;
  char name[];
};

Napi::Object EntryObject(Napi::Env env, const Entry& entry, const char* name) {
  Napi::Object object = Napi::Object::New(env);
  object.Set("name", Napi::Buffer<char>::Copy(env, name, strlen(name)));
  object.Set("inode", Napi::BigInt::New(env, entry.inode));
  object.Set("next", Napi::BigInt::New(env, entry.next));
  object.Set("type", Napi::Number::New(env, entry.type));
  return object;
}

}  // namespace

Napi::Value ReadDirectory(const Napi::CallbackInfo& info) {
  const Napi::Env env = info.Env();
  int32_t fd = 0;
  int64_t cookie = 0;
  uint32_t maxBytes = 0;
  if (!ReadInt32(info, 0, &fd) || !ReadInt64(info, 1, &cookie) || !ReadUint32(info, 2, &maxBytes)) return env.Undefined();
  std::vector<char> bytes(maxBytes);
  const long read = lseek(fd, cookie, SEEK_SET) < 0 ? -1 : syscall(SYS_getdents64, fd, bytes.data(), bytes.size());
  if (read < 0) return Done(env, -errno);
  Napi::Array entries = Napi::Array::New(env);
  for (long at = 0; at < read;) {
    Entry entry;
    memcpy(&entry, bytes.data() + at, offsetof(Entry, name));
    entries.Set(entries.Length(), EntryObject(env, entry, bytes.data() + at + offsetof(Entry, name)));
    at += entry.bytes;
  }
  return entries;
}
