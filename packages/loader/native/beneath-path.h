#pragma once

#include <cstdint>
#include <string>

/// A path that is resolved by the kernel alone and leads nowhere but below `directory`, a descriptor: not by "..", not by a symbolic link, not by a rename that goes on
/// meanwhile, and not by the links of /proc. Linux 5.6 and newer. A descriptor, or a negative errno: -EPERM for a path that leads out.
int OpenBeneath(int directory, const std::string& path, uint64_t flags, uint64_t mode = 0);

/// The directory that holds the last name of a path, opened, and that name: what is done to a name is done by the *at calls with both, none of which follows a link there.
class BeneathName {
 public:
  BeneathName(int directory, const std::string& path);
  ~BeneathName();
  BeneathName(const BeneathName&) = delete;
  BeneathName& operator=(const BeneathName&) = delete;

  /// 0, or the negative errno of the way there.
  int error() const { return directory_ < 0 ? directory_ : 0; }
  int directory() const { return directory_; }
  const char* name() const { return name_.c_str(); }
  /// "." and "..": no name of anything.
  bool isDots() const { return name_ == "." || name_ == ".."; }
  /// "name/" means a directory. The slashes are not passed on, since with them the kernel would follow a link.
  bool wantsDirectory() const { return wantsDirectory_; }
  /// Whether what has the name now is a directory; a negative errno where nothing has.
  int IsDirectory() const;

 private:
  // Closed with this; a negative errno when it could not be opened.
  int directory_;
  std::string name_;
  bool wantsDirectory_ = false;
};
