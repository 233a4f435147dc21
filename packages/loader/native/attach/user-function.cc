#include <cerrno>
#include <string>

#include "../arguments.h"
#include "../bpf-object.h"
#include "../failure.h"
#include "../link.h"
#include "../log-capture.h"

// What the section's name says can be said differently here: another file, or one process only (-1: every process).

/// `attachUprobe(program, pid, path, symbol, offset, onReturn)`
Napi::Value BpfObject::AttachUprobe(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  int32_t pid = -1;
  std::string path;
  std::string symbol;
  uint32_t offset = 0;
  bool onReturn = false;
  if (program == nullptr || !ReadInt32(info, 1, &pid) || !ReadString(info, 2, &path) || !ReadString(info, 3, &symbol) ||
      !ReadUint32(info, 4, &offset) || !ReadBoolean(info, 5, &onReturn)) {
    return info.Env().Undefined();
  }
  bpf_uprobe_opts options{};
  options.sz = sizeof(options);
  options.retprobe = onReturn;
  options.func_name = symbol.empty() ? nullptr : symbol.c_str();
  const LogCapture log;
  bpf_link* link = bpf_program__attach_uprobe_opts(program, pid, path.c_str(), offset, &options);
  if (link == nullptr) {
    ThrowFailure(info.Env(), errno, log.Text());
    return info.Env().Undefined();
  }
  return Link::Adopt(info.Env(), link, object_);
}

/// `attachUsdt(program, pid, path, provider, name)`
Napi::Value BpfObject::AttachUsdt(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  int32_t pid = -1;
  std::string path;
  std::string provider;
  std::string name;
  if (program == nullptr || !ReadInt32(info, 1, &pid) || !ReadString(info, 2, &path) ||
      !ReadString(info, 3, &provider) || !ReadString(info, 4, &name)) {
    return info.Env().Undefined();
  }
  const LogCapture log;
  bpf_link* link = bpf_program__attach_usdt(program, pid, path.c_str(), provider.c_str(), name.c_str(), nullptr);
  if (link == nullptr) {
    ThrowFailure(info.Env(), errno, log.Text());
    return info.Env().Undefined();
  }
  return Link::Adopt(info.Env(), link, object_);
}
