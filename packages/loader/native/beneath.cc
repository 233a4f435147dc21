#include "beneath.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <climits>
#include <cstdio>

#include "arguments.h"
#include "beneath-path.h"
#include "directory-entries.h"
#include "failure.h"

namespace {

int Errno(int result) { return result < 0 ? -errno : 0; }

int MakeDirectory(const BeneathName& at) {
  return at.isDots() ? -EEXIST : Errno(mkdirat(at.directory(), at.name(), 0777));
}

int RemoveDirectory(const BeneathName& at) {
  return at.isDots() ? -EINVAL : Errno(unlinkat(at.directory(), at.name(), AT_REMOVEDIR));
}

int Unlink(const BeneathName& at) {
  if (at.isDots()) return -EISDIR;
  if (at.wantsDirectory()) {
    const int directory = at.IsDirectory();
    return directory < 0 ? directory : directory > 0 ? -EISDIR : -ENOTDIR;
  }
  return Errno(unlinkat(at.directory(), at.name(), 0));
}

int Rename(const BeneathName& from, const BeneathName& to) {
  if (from.isDots() || to.isDots()) return -EBUSY;
  if (from.wantsDirectory() || to.wantsDirectory()) {
    const int directory = from.IsDirectory();
    if (directory <= 0) return directory < 0 ? directory : -ENOTDIR;
  }
  return Errno(renameat(from.directory(), from.name(), to.directory(), to.name()));
}

int Link(const BeneathName& from, const BeneathName& to) {
  if (from.isDots()) return -EPERM;
  if (to.isDots()) return -EEXIST;
  if (from.wantsDirectory()) return -ENOTDIR;
  if (to.wantsDirectory()) return -ENOENT;
  return Errno(linkat(from.directory(), from.name(), to.directory(), to.name(), 0));
}

/// One name, or a negative errno.
template <int (*act)(const BeneathName&)>
Napi::Value OnName(const Napi::CallbackInfo& info) {
  int32_t directory = 0;
  std::string path;
  if (!ReadInt32(info, 0, &directory) || !ReadString(info, 1, &path)) return info.Env().Undefined();
  const BeneathName at(directory, path);
  return Done(info.Env(), at.error() < 0 ? at.error() : act(at));
}

template <int (*act)(const BeneathName&, const BeneathName&)>
Napi::Value OnNames(const Napi::CallbackInfo& info) {
  int32_t directory = 0;
  std::string path;
  int32_t newDirectory = 0;
  std::string newPath;
  if (!ReadInt32(info, 0, &directory) || !ReadString(info, 1, &path) || !ReadInt32(info, 2, &newDirectory) ||
      !ReadString(info, 3, &newPath)) {
    return info.Env().Undefined();
  }
  const BeneathName from(directory, path);
  if (from.error() < 0) return Done(info.Env(), from.error());
  const BeneathName to(newDirectory, newPath);
  return Done(info.Env(), to.error() < 0 ? to.error() : act(from, to));
}

Napi::Value Open(const Napi::CallbackInfo& info) {
  int32_t directory = 0;
  std::string path;
  uint32_t flags = 0;
  uint32_t mode = 0;
  if (!ReadInt32(info, 0, &directory) || !ReadString(info, 1, &path) || !ReadUint32(info, 2, &flags) ||
      !ReadUint32(info, 3, &mode)) {
    return info.Env().Undefined();
  }
  const int fd = OpenBeneath(directory, path, flags, mode);
  if (fd < 0) return Done(info.Env(), fd);
  return Napi::Number::New(info.Env(), fd);
}

Napi::Value Symlink(const Napi::CallbackInfo& info) {
  std::string target;
  int32_t directory = 0;
  std::string path;
  if (!ReadString(info, 0, &target) || !ReadInt32(info, 1, &directory) || !ReadString(info, 2, &path)) {
    return info.Env().Undefined();
  }
  if (target.find('\0') != std::string::npos) return Done(info.Env(), -EINVAL);
  const BeneathName at(directory, path);
  if (at.error() < 0) return Done(info.Env(), at.error());
  if (at.isDots()) return Done(info.Env(), -EEXIST);
  if (at.wantsDirectory()) return Done(info.Env(), at.IsDirectory() < 0 ? -ENOENT : -EEXIST);
  return Done(info.Env(), Errno(symlinkat(target.c_str(), at.directory(), at.name())));
}

Napi::Value ReadLink(const Napi::CallbackInfo& info) {
  int32_t directory = 0;
  std::string path;
  if (!ReadInt32(info, 0, &directory) || !ReadString(info, 1, &path)) return info.Env().Undefined();
  const int link = OpenBeneath(directory, path, O_PATH | O_NOFOLLOW);
  if (link < 0) return Done(info.Env(), link);
  char target[PATH_MAX];
  const ssize_t length = readlinkat(link, "", target, sizeof(target));
  // So the kernel says of an empty path that it is no link.
  const int error = errno == ENOENT ? EINVAL : errno;
  close(link);
  if (length < 0) return Done(info.Env(), -error);
  return Napi::Buffer<char>::Copy(info.Env(), target, static_cast<size_t>(length));
}

/// Of a descriptor, which may be one of O_PATH (Linux 5.8). Each time is seconds and nanoseconds, the latter with UTIME_NOW and UTIME_OMIT as utimensat(2) has them.
Napi::Value SetTimes(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  timespec times[2]{};
  if (!ReadInt32(info, 0, &fd)) return info.Env().Undefined();
  for (size_t index = 0; index < 2; index++) {
    int64_t seconds = 0;
    uint32_t nanoseconds = 0;
    if (!ReadInt64(info, 1 + index * 2, &seconds) || !ReadUint32(info, 2 + index * 2, &nanoseconds)) {
      return info.Env().Undefined();
    }
    times[index].tv_sec = static_cast<time_t>(seconds);
    times[index].tv_nsec = static_cast<long>(nanoseconds);
  }
  return Done(info.Env(), Errno(utimensat(fd, "", times, AT_EMPTY_PATH)));
}

Napi::Value SetAppend(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  bool append = false;
  if (!ReadInt32(info, 0, &fd) || !ReadBoolean(info, 1, &append)) return info.Env().Undefined();
  const int flags = fcntl(fd, F_GETFL);
  if (flags < 0) return Done(info.Env(), -errno);
  return Done(info.Env(), Errno(fcntl(fd, F_SETFL, append ? flags | O_APPEND : flags & ~O_APPEND)));
}

Napi::Value Allocate(const Napi::CallbackInfo& info) {
  int32_t fd = 0;
  int64_t offset = 0;
  int64_t length = 0;
  if (!ReadInt32(info, 0, &fd) || !ReadInt64(info, 1, &offset) || !ReadInt64(info, 2, &length)) {
    return info.Env().Undefined();
  }
  return Done(info.Env(), Errno(fallocate(fd, 0, offset, length)));
}

}  // namespace

void DefineBeneath(Napi::Env env, Napi::Object exports) {
  Napi::Object beneath = Napi::Object::New(env);
  beneath.Set("open", Napi::Function::New<Open>(env));
  beneath.Set("makeDirectory", Napi::Function::New<OnName<MakeDirectory>>(env));
  beneath.Set("removeDirectory", Napi::Function::New<OnName<RemoveDirectory>>(env));
  beneath.Set("unlink", Napi::Function::New<OnName<Unlink>>(env));
  beneath.Set("rename", Napi::Function::New<OnNames<Rename>>(env));
  beneath.Set("link", Napi::Function::New<OnNames<Link>>(env));
  beneath.Set("symlink", Napi::Function::New<Symlink>(env));
  beneath.Set("readLink", Napi::Function::New<ReadLink>(env));
  beneath.Set("readDirectory", Napi::Function::New<ReadDirectory>(env));
  beneath.Set("setTimes", Napi::Function::New<SetTimes>(env));
  beneath.Set("setAppend", Napi::Function::New<SetAppend>(env));
  beneath.Set("allocate", Napi::Function::New<Allocate>(env));
  exports.Set("beneath", beneath);
}
