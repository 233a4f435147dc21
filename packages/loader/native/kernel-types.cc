#include "kernel-types.h"

#include <cstring>

namespace {

constexpr uint32_t kLandmarkTypes = 64;

}  // namespace

bool KernelTypes::Read(const uint8_t* bytes, size_t size) {
  btf_header header;
  if (size < sizeof(header)) return false;
  memcpy(&header, bytes, sizeof(header));
  const uint64_t types_start = uint64_t{header.hdr_len} + header.type_off;
  const uint64_t names_start = uint64_t{header.hdr_len} + header.str_off;
  if (header.magic != BTF_MAGIC || header.version != BTF_VERSION || header.hdr_len < sizeof(header)) return false;
  if (types_start + header.type_len > size || names_start + header.str_len > size) return false;
  if ((reinterpret_cast<uintptr_t>(bytes) + types_start) % sizeof(uint32_t) != 0) return false;
  if (header.str_len == 0 || bytes[names_start + header.str_len - 1] != '\0') return false;

  words_ = reinterpret_cast<const uint32_t*>(bytes + types_start);
  names_ = reinterpret_cast<const char*>(bytes + names_start);
  names_size_ = header.str_len;
  const uint32_t words = header.type_len / sizeof(uint32_t);
  landmarks_.clear();
  count_ = 1;
  for (uint64_t at = 0; at < words; count_++) {
    if (at + kTypeWords > words) return false;
    const uint32_t kind = BTF_INFO_KIND(words_[at + 1]);
    if (kind == BTF_KIND_UNKN || kind >= kKinds) return false;
    if ((count_ - 1) % kLandmarkTypes == 0) landmarks_.push_back(static_cast<uint32_t>(at));
    at += static_cast<uint64_t>(Next(words_ + at) - (words_ + at));
    if (at > words) return false;
  }
  return true;
}

const uint32_t* KernelTypes::Words(uint32_t id) const {
  const uint32_t* words = words_ + landmarks_[(id - 1) / kLandmarkTypes];
  for (uint32_t rest = (id - 1) % kLandmarkTypes; rest > 0; rest--) words = Next(words);
  return words;
}

const uint32_t* KernelTypes::Next(const uint32_t* words) {
  const KindParts& parts = kKindParts[BTF_INFO_KIND(words[1])];
  return words + kTypeWords + parts.once + size_t{parts.each} * BTF_INFO_VLEN(words[1]);
}
