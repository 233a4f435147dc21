#include <linux/perf_event.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "../arguments.h"
#include "../bpf-object.h"
#include "../failure.h"
#include "../link.h"
#include "../log-capture.h"

/// `attachPerfEvent(program, type, config, sample, byFrequency, pid, cpu)`: opens one event and attaches to it. `sample` is samples
/// a second, or events a sample. -1 stands for every process, or for every CPU.
Napi::Value BpfObject::AttachPerfEvent(const Napi::CallbackInfo& info) {
  const bpf_program* program = FindProgram(info);
  uint32_t type = 0;
  uint32_t config = 0;
  uint32_t sample = 0;
  bool byFrequency = false;
  int32_t pid = -1;
  int32_t cpu = -1;
  if (program == nullptr || !ReadUint32(info, 1, &type) || !ReadUint32(info, 2, &config) ||
      !ReadUint32(info, 3, &sample) || !ReadBoolean(info, 4, &byFrequency) || !ReadInt32(info, 5, &pid) ||
      !ReadInt32(info, 6, &cpu)) {
    return info.Env().Undefined();
  }
  perf_event_attr attr{};
  attr.size = sizeof(attr);
  attr.type = type;
  attr.config = config;
  attr.freq = byFrequency;
  attr.sample_period = sample;
  const LogCapture log;
  const int event = static_cast<int>(syscall(SYS_perf_event_open, &attr, pid, cpu, -1, PERF_FLAG_FD_CLOEXEC));
  if (event < 0) {
    ThrowFailure(info.Env(), errno);
    return info.Env().Undefined();
  }
  bpf_link* link = bpf_program__attach_perf_event(program, event);
  if (link == nullptr) {
    const int error = errno;
    close(event);
    ThrowFailure(info.Env(), error, log.Text());
    return info.Env().Undefined();
  }
  return Link::Adopt(info.Env(), link, object_);
}
