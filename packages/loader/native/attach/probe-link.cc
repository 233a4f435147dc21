// Version numbers say little: vendors backport, and a configuration leaves out. So the kernel is asked, with a request that is wrong in
// a way that only a kernel which knows the kind gets as far as noticing.
#include "probe-link.h"

#include <bpf/bpf.h>
#include <linux/bpf.h>
#include <unistd.h>

#include <cerrno>
#include <string>

#include "../arguments.h"
#include "../failure.h"
#include "../log-capture.h"
#include "link-attr.h"

namespace {

/// enum bpf_prog_type and enum bpf_attach_type of Linux 6.12.
constexpr uint32_t kNetfilterProgram = 32;
constexpr uint32_t kTraceKprobeMulti = 42;
constexpr uint32_t kNetfilter = 45;
constexpr uint32_t kTcxIngress = 46;
constexpr uint32_t kTraceUprobeMulti = 48;
constexpr uint32_t kCgroupUnixConnect = 49;

/// The flag of a struct_ops map that is to have a link, and the kernel's own error number, which errno.h does not have.
constexpr uint32_t kMapFlagLink = 1U << 13;
constexpr int kNotSupported = 524;

/// A program that returns 1; its descriptor, or negative errno.
int LoadTiny(uint32_t type, uint32_t attachType) {
  const bpf_insn code[] = {
      {BPF_ALU64 | BPF_MOV | BPF_K, BPF_REG_0, 0, 0, 1},
      {BPF_JMP | BPF_EXIT, 0, 0, 0, 0},
  };
  bpf_prog_load_opts options{};
  options.sz = sizeof(options);
  options.expected_attach_type = static_cast<bpf_attach_type>(attachType);
  return bpf_prog_load(static_cast<bpf_prog_type>(type), "ebpm_probe", "GPL", code, sizeof(code) / sizeof(code[0]),
                       &options);
}

/// What the kernel answers to the request: 0 when it made the link, which is gone again, or a positive errno.
int Ask(uint32_t programType, LinkCreateAttr attr) {
  const int program = LoadTiny(programType, attr.attachType);
  if (program < 0) return -program;
  attr.program = static_cast<uint32_t>(program);
  const int link = CreateLink(attr);
  const int error = link < 0 ? errno : 0;
  if (link >= 0) close(link);
  close(program);
  return error;
}

/// A function that every kernel has. Without FPROBE the kernel answers EOPNOTSUPP, before 5.18 EINVAL.
bool HasKprobeMulti(int* said) {
  const char* symbols[] = {"vprintk"};
  LinkCreateAttr attr = NewLinkCreateAttr();
  attr.attachType = kTraceKprobeMulti;
  attr.kprobeMulti.count = 1;
  attr.kprobeMulti.symbols = reinterpret_cast<uintptr_t>(symbols);
  *said = Ask(BPF_PROG_TYPE_KPROBE, attr);
  return *said == 0;
}

/// No interface has this number.
bool HasTcx(int* said) {
  LinkCreateAttr attr = NewLinkCreateAttr();
  attr.attachType = kTcxIngress;
  attr.target = UINT32_MAX >> 1;
  *said = Ask(BPF_PROG_TYPE_SCHED_CLS, attr);
  return *said == ENODEV;
}

/// No protocol family has this number: EAFNOSUPPORT where the kernel has netfilter links.
bool HasNetfilter(int* said) {
  LinkCreateAttr attr = NewLinkCreateAttr();
  attr.attachType = kNetfilter;
  attr.netfilter.protocolFamily = 255;
  *said = Ask(kNetfilterProgram, attr);
  return *said == EAFNOSUPPORT;
}

/// A folder has no code: EBADF where the kernel has uprobe.multi.
bool HasUprobeMulti(int* said) {
  const uint64_t offset = 0;
  LinkCreateAttr attr = NewLinkCreateAttr();
  attr.attachType = kTraceUprobeMulti;
  attr.uprobeMulti.path = reinterpret_cast<uintptr_t>("/");
  attr.uprobeMulti.offsets = reinterpret_cast<uintptr_t>(&offset);
  attr.uprobeMulti.count = 1;
  *said = Ask(BPF_PROG_TYPE_KPROBE, attr);
  return *said == EBADF;
}

/// No descriptor has this number: EBADF where the kernel knows programs for addresses of Unix sockets.
bool HasCgroupUnix(int* said) {
  LinkCreateAttr attr = NewLinkCreateAttr();
  attr.attachType = kCgroupUnixConnect;
  attr.target = UINT32_MAX >> 1;
  *said = Ask(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, attr);
  return *said == EBADF;
}

/// No struct_ops has the kernel's first type as its value: ENOTSUPP where a map may ask for a link, EINVAL before 6.4.
bool HasStructOpsLink(int* said) {
  bpf_map_create_opts options{};
  options.sz = sizeof(options);
  options.map_flags = kMapFlagLink;
  options.btf_vmlinux_value_type_id = 1;
  const int map = bpf_map_create(BPF_MAP_TYPE_STRUCT_OPS, "ebpm_probe", sizeof(uint32_t), 64, 1, &options);
  *said = map < 0 ? -map : 0;
  if (map >= 0) close(map);
  return *said == kNotSupported;
}

}  // namespace

Napi::Value ProbeLink(const Napi::CallbackInfo& info) {
  std::string kind;
  if (!ReadString(info, 0, &kind)) return info.Env().Undefined();
  const LogCapture silence;
  int said = 0;
  bool supported = false;
  if (kind == "kprobe_multi") supported = HasKprobeMulti(&said);
  else if (kind == "tcx") supported = HasTcx(&said);
  else if (kind == "netfilter") supported = HasNetfilter(&said);
  else if (kind == "uprobe_multi") supported = HasUprobeMulti(&said);
  else if (kind == "cgroup_unix") supported = HasCgroupUnix(&said);
  else if (kind == "struct_ops") supported = HasStructOpsLink(&said);
  else said = EINVAL;
  Napi::Object answer = Napi::Object::New(info.Env());
  answer.Set("supported", supported);
  answer.Set("errno", said);
  return answer;
}
