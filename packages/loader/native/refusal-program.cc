// What each of our programs does, at the end of a kernel function f(map, ...):
//
//   return value says that an entry was taken? -> end
//   read the id out of the `struct bpf_map` in the first argument
//   is it one of ours? -> add 1 to its place in an array that each CPU has its own of
//
// The instructions are put together here, so that nothing has to be compiled or relocated: the place of the return value
// and of the id come from the kernel's BTF.

#include "refusal-program.h"

#include <bpf/btf.h>

#include <cerrno>
#include <cstring>

namespace {

/// Puts instructions together; jumps to the end are filled in last.
class Assembler {
 public:
  void Add(uint8_t code, uint8_t to, uint8_t from, int16_t offset, int32_t immediate) {
    code_.push_back(bpf_insn{code, static_cast<uint8_t>(to & 0xf), static_cast<uint8_t>(from & 0xf), offset, immediate});
  }
  void Load(uint8_t size, uint8_t to, uint8_t from, int16_t offset) { Add(BPF_LDX | BPF_MEM | size, to, from, offset, 0); }
  void Move(uint8_t to, uint8_t from) { Add(BPF_ALU64 | BPF_MOV | BPF_X, to, from, 0, 0); }
  void MoveNumber(uint8_t to, int32_t number) { Add(BPF_ALU64 | BPF_MOV | BPF_K, to, 0, 0, number); }
  void AddNumber(uint8_t to, int32_t number) { Add(BPF_ALU64 | BPF_ADD | BPF_K, to, 0, 0, number); }
  void LoadMap(uint8_t to, int fd) {
    Add(BPF_LD | BPF_DW | BPF_IMM, to, BPF_PSEUDO_MAP_FD, 0, fd);
    Add(0, 0, 0, 0, 0);
  }
  void Call(int32_t helper) { Add(BPF_JMP | BPF_CALL, 0, 0, 0, helper); }
  /// `code` is a conditional jump (or BPF_JMP | BPF_JA) to the end.
  void JumpToEnd(uint8_t code, uint8_t reg, int32_t immediate) {
    toEnd_.push_back(code_.size());
    Add(code, reg, 0, 0, immediate);
  }
  /// The program that returns 0 at its end.
  std::vector<bpf_insn> Finish() {
    for (const size_t jump : toEnd_) code_[jump].off = static_cast<int16_t>(code_.size() - jump - 1);
    MoveNumber(BPF_REG_0, 0);
    Add(BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
    return code_;
  }
  size_t Size() const { return code_.size(); }
  void PatchJump(size_t jump) { code_[jump].off = static_cast<int16_t>(code_.size() - jump - 1); }

 private:
  std::vector<bpf_insn> code_;
  std::vector<size_t> toEnd_;
};

/// The offset of `struct bpf_map`'s member `id`; -1 when there is none.
int32_t MapIdOffset(const btf* kernel) {
  const int32_t id = btf__find_by_name_kind(kernel, "bpf_map", BTF_KIND_STRUCT);
  if (id < 0) return -1;
  const btf_type* type = btf__type_by_id(kernel, static_cast<uint32_t>(id));
  const btf_member* members = btf_members(type);
  for (uint32_t index = 0; index < btf_vlen(type); index++) {
    if (strcmp(btf__name_by_offset(kernel, members[index].name_off), "id") != 0) continue;
    return static_cast<int32_t>(btf_member_bit_offset(type, index) / 8);
  }
  return -1;
}

}  // namespace

int FindPlaces(const btf* kernel, const char* function, Places* places) {
  const int32_t id = btf__find_by_name_kind(kernel, function, BTF_KIND_FUNC);
  if (id < 0) return -ENOENT;
  const btf_type* type = btf__type_by_id(kernel, static_cast<uint32_t>(id));
  const btf_type* prototype = btf__type_by_id(kernel, type->type);
  places->functionId = static_cast<uint32_t>(id);
  // The context is the arguments, 8 bytes each, and then the return value. Helpers are padded to five arguments.
  places->returnOffset = static_cast<int16_t>(btf_vlen(prototype) * 8);
  places->idOffset = MapIdOffset(kernel);
  return places->idOffset < 0 ? -ENOENT : 0;
}

std::vector<bpf_insn> AssembleRefusalProgram(Refusal refusal, const Places& places,
                                             const std::vector<RefusingMap>& maps, int countsFd) {
  constexpr uint8_t kContext = BPF_REG_6, kId = BPF_REG_7, kPlace = BPF_REG_8;
  Assembler code;
  code.Move(kContext, BPF_REG_1);
  code.Load(BPF_DW, BPF_REG_2, kContext, places.returnOffset);
  switch (refusal) {
    case Refusal::kNull:
      code.JumpToEnd(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_2, 0);
      break;
    case Refusal::kError:
      // An `int`: what the upper half of the register holds is not said.
      code.JumpToEnd(BPF_JMP32 | BPF_JSGE | BPF_K, BPF_REG_2, 0);
      break;
    case Refusal::kWantOfRoom: {
      std::vector<size_t> found;
      for (const int error : {E2BIG, ENOMEM, EBUSY}) {
        found.push_back(code.Size());
        code.Add(BPF_JMP32 | BPF_JEQ | BPF_K, BPF_REG_2, 0, 0, -error);
      }
      code.JumpToEnd(BPF_JMP | BPF_JA, 0, 0);
      for (const size_t jump : found) code.PatchJump(jump);
      break;
    }
  }
  // u32 id at fp-8: bpf_probe_read_kernel(fp - 8, 4, map + idOffset)
  code.Load(BPF_DW, BPF_REG_3, kContext, 0);
  code.AddNumber(BPF_REG_3, places.idOffset);
  code.Move(BPF_REG_1, BPF_REG_10);
  code.AddNumber(BPF_REG_1, -8);
  code.MoveNumber(BPF_REG_2, sizeof(uint32_t));
  code.Call(BPF_FUNC_probe_read_kernel);
  code.JumpToEnd(BPF_JMP | BPF_JNE | BPF_K, BPF_REG_0, 0);
  code.Load(BPF_W, kId, BPF_REG_10, -8);
  std::vector<size_t> found;
  for (size_t place = 0; place < maps.size(); place++) {
    code.MoveNumber(kPlace, static_cast<int32_t>(place));
    found.push_back(code.Size());
    code.Add(BPF_JMP32 | BPF_JEQ | BPF_K, kId, 0, 0, static_cast<int32_t>(maps[place].id));
  }
  code.JumpToEnd(BPF_JMP | BPF_JA, 0, 0);
  for (const size_t jump : found) code.PatchJump(jump);
  // u32 key at fp-4: the place in the array
  code.Add(BPF_STX | BPF_MEM | BPF_W, BPF_REG_10, kPlace, -4, 0);
  code.LoadMap(BPF_REG_1, countsFd);
  code.Move(BPF_REG_2, BPF_REG_10);
  code.AddNumber(BPF_REG_2, -4);
  code.Call(BPF_FUNC_map_lookup_elem);
  code.JumpToEnd(BPF_JMP | BPF_JEQ | BPF_K, BPF_REG_0, 0);
  // Atomic, since another of our programs may interrupt this one on the same CPU.
  code.MoveNumber(BPF_REG_1, 1);
  code.Add(BPF_STX | BPF_ATOMIC | BPF_DW, BPF_REG_0, BPF_REG_1, 0, BPF_ADD);
  return code.Finish();
}
