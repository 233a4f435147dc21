#pragma once

#include <napi.h>

/// A process that keeps a few capabilities after this one has given them up, and can do nothing but what stands in
/// helper-protocol.h and take-back.h. `new PrivilegedHelper(uid, gid, capabilities, entrusted)` starts it, `capabilities` being an array
/// of numbers and `entrusted` what take-back.h reads; it ends when it is closed, or when this process ends.
class PrivilegedHelper : public Napi::ObjectWrap<PrivilegedHelper> {
 public:
  static Napi::Function Define(Napi::Env env);
  explicit PrivilegedHelper(const Napi::CallbackInfo& info);
  ~PrivilegedHelper() override { End(); }

 private:
  Napi::Value OpenProcessFile(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  void End();

  // Our end of the connection; -1 when closed.
  int socket_ = -1;
  pid_t child_ = -1;
};
