#pragma once

#include <linux/btf.h>

#include <cstddef>
#include <cstdint>
#include <vector>

/// The types and names of a BTF blob, in the bytes of whoever made it. Every access stays inside, whatever the bytes say.
class KernelTypes {
 public:
  /// False where the bytes are no BTF, or hold a kind that is not known here. They must outlive this.
  bool Read(const uint8_t* bytes, size_t size);

  /// Types, void included.
  uint32_t count() const { return count_; }
  /// The words of a type: name, info, size or type, and what its kind adds. The id is above 0 and below `count()`.
  const uint32_t* Words(uint32_t id) const;
  /// The words of the type that follows one whose words these are.
  static const uint32_t* Next(const uint32_t* words);
  /// Ends with NUL; empty for an offset outside.
  const char* Name(uint32_t offset) const { return offset < names_size_ ? names_ + offset : ""; }

 private:
  const uint32_t* words_ = nullptr;
  const char* names_ = nullptr;
  uint32_t names_size_ = 0;
  uint32_t count_ = 0;
  /// Where every 64th type starts, from type 1: what a table of all would cost is felt, since its memory is new.
  std::vector<uint32_t> landmarks_;
};

/// What follows the first three words of a type: so many words once and for each member, value or parameter; in each of
/// these, which word is a name and which a type.
struct KindParts {
  static constexpr uint32_t kNone = 9;

  uint32_t once;
  uint32_t each;
  uint32_t name;
  uint32_t type;
  /// Whether the third word is a type, and not a size.
  bool refers;
};

constexpr uint32_t kTypeWords = 3;

/// By kind number; the array's three words are for themselves.
/// https://docs.kernel.org/bpf/btf.html#type-encoding
constexpr KindParts kKindParts[] = {
    /* void     */ {0, 0, KindParts::kNone, KindParts::kNone, false},
    /* int      */ {1, 0, KindParts::kNone, KindParts::kNone, false},
    /* ptr      */ {0, 0, KindParts::kNone, KindParts::kNone, true},
    /* array    */ {3, 0, KindParts::kNone, KindParts::kNone, false},
    /* struct   */ {0, 3, 0, 1, false},
    /* union    */ {0, 3, 0, 1, false},
    /* enum     */ {0, 2, 0, KindParts::kNone, false},
    /* fwd      */ {0, 0, KindParts::kNone, KindParts::kNone, false},
    /* typedef  */ {0, 0, KindParts::kNone, KindParts::kNone, true},
    /* volatile */ {0, 0, KindParts::kNone, KindParts::kNone, true},
    /* const    */ {0, 0, KindParts::kNone, KindParts::kNone, true},
    /* restrict */ {0, 0, KindParts::kNone, KindParts::kNone, true},
    /* func     */ {0, 0, KindParts::kNone, KindParts::kNone, true},
    /* proto    */ {0, 2, 0, 1, true},
    /* var      */ {1, 0, KindParts::kNone, KindParts::kNone, true},
    /* datasec  */ {0, 3, KindParts::kNone, 0, false},
    /* float    */ {0, 0, KindParts::kNone, KindParts::kNone, false},
    /* decl_tag */ {1, 0, KindParts::kNone, KindParts::kNone, true},
    /* type_tag */ {0, 0, KindParts::kNone, KindParts::kNone, true},
    /* enum64   */ {0, 3, 0, KindParts::kNone, false},
};
constexpr uint32_t kKinds = sizeof(kKindParts) / sizeof(kKindParts[0]);
