#include "refusals.h"

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "log-capture.h"
#include "refusal-program.h"

namespace {

/// A kernel function that puts entries into maps of a type. Helpers are attachable functions like any other; for hash
/// maps the verifier replaces the helper by the map's own function.
struct Entrance {
  uint32_t mapType;
  const char* function;
  Refusal refusal;
};

constexpr Entrance kEntrances[] = {
    {BPF_MAP_TYPE_RINGBUF, "bpf_ringbuf_reserve", Refusal::kNull},
    {BPF_MAP_TYPE_RINGBUF, "bpf_ringbuf_output", Refusal::kError},
    {BPF_MAP_TYPE_RINGBUF, "bpf_ringbuf_reserve_dynptr", Refusal::kError},
    {BPF_MAP_TYPE_HASH, "htab_map_update_elem", Refusal::kWantOfRoom},
    {BPF_MAP_TYPE_PERCPU_HASH, "htab_percpu_map_update_elem", Refusal::kWantOfRoom},
};
// Since Linux 5.19; the programs of older kernels cannot call it.
constexpr const char* kYoungFunction = "bpf_ringbuf_reserve_dynptr";

constexpr char kName[] = "ebpm_refusals";
// bpf_probe_read_kernel() is for programs under the GPL; ebpm is under the MIT license.
constexpr char kLicense[] = "Dual MIT/GPL";

bool IsMissingBecauseTheKernelIsOlder(const char* function) {
  if (strcmp(function, kYoungFunction) != 0) return false;
  const LogCapture silence;
  return libbpf_probe_bpf_helper(BPF_PROG_TYPE_RAW_TRACEPOINT, BPF_FUNC_ringbuf_reserve_dynptr, nullptr) == 0;
}

}  // namespace

bool Refusals::Counts(uint32_t mapType) {
  return std::any_of(std::begin(kEntrances), std::end(kEntrances),
                     [mapType](const Entrance& entrance) { return entrance.mapType == mapType; });
}

std::unique_ptr<Refusals> Refusals::Start(const std::vector<RefusingMap>& maps, int* error, std::string* what) {
  std::unique_ptr<Refusals> self(new Refusals());
  const auto fail = [&](int result, const std::string& action) {
    *error = result < 0 ? -result : result;
    *what = action;
    return nullptr;
  };
  self->mapCount_ = maps.size();
  const std::unique_ptr<btf, void (*)(btf*)> kernel(btf__load_vmlinux_btf(), btf__free);
  if (kernel == nullptr) return fail(errno, "read the kernel's BTF");
  self->countsFd_ = bpf_map_create(BPF_MAP_TYPE_PERCPU_ARRAY, kName, sizeof(uint32_t), sizeof(uint64_t),
                                   static_cast<uint32_t>(maps.size()), nullptr);
  if (self->countsFd_ < 0) return fail(self->countsFd_, "make a map");

  for (const Entrance& entrance : kEntrances) {
    const auto isFor = [&](const RefusingMap& map) { return map.type == entrance.mapType; };
    if (std::none_of(maps.begin(), maps.end(), isFor)) continue;
    Places places{};
    const int missing = FindPlaces(kernel.get(), entrance.function, &places);
    if (missing < 0 && IsMissingBecauseTheKernelIsOlder(entrance.function)) continue;
    if (missing < 0) return fail(missing, std::string("find ") + entrance.function + " in the kernel's BTF");

    const std::vector<bpf_insn> code = AssembleRefusalProgram(entrance.refusal, places, maps, self->countsFd_);
    bpf_prog_load_opts options{};
    options.sz = sizeof(options);
    options.expected_attach_type = BPF_TRACE_FEXIT;
    options.attach_btf_id = places.functionId;
    const int program = bpf_prog_load(BPF_PROG_TYPE_TRACING, kName, kLicense, code.data(), code.size(), &options);
    if (program < 0) return fail(program, std::string("load a program for the end of ") + entrance.function);
    self->programFds_.push_back(program);
    const int link = bpf_link_create(program, 0, BPF_TRACE_FEXIT, nullptr);
    if (link < 0) return fail(link, std::string("attach to the end of ") + entrance.function);
    self->linkFds_.push_back(link);
  }
  return self;
}

Refusals::~Refusals() {
  for (const int link : linkFds_) close(link);
  for (const int program : programFds_) close(program);
  if (countsFd_ >= 0) close(countsFd_);
}

int Refusals::Read(std::vector<uint64_t>* counts) const {
  const int cpus = libbpf_num_possible_cpus();
  if (cpus < 0) return cpus;
  std::vector<uint64_t> perCpu(static_cast<size_t>(cpus));
  counts->clear();
  for (uint32_t place = 0; place < mapCount_; place++) {
    const int error = bpf_map_lookup_elem(countsFd_, &place, perCpu.data());
    if (error < 0) return error;
    uint64_t sum = 0;
    for (const uint64_t count : perCpu) sum += count;
    counts->push_back(sum);
  }
  return 0;
}

int Refusals::ReadMissed(uint64_t* missed) const {
  *missed = 0;
  for (const int program : programFds_) {
    bpf_prog_info info{};
    uint32_t infoBytes = sizeof(info);
    const int error = bpf_obj_get_info_by_fd(program, &info, &infoBytes);
    if (error < 0) return error;
    *missed += info.recursion_misses;
  }
  return 0;
}
