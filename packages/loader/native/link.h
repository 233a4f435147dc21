#pragma once

#include <bpf/libbpf.h>
#include <napi.h>

#include <memory>

/// One attached program. Destroying or closing it detaches.
class Link : public Napi::ObjectWrap<Link> {
 public:
  static Napi::Function Define(Napi::Env env);

  /// Takes the link over. The object is held because some links (USDT) reach into it when they are destroyed.
  static Napi::Value Adopt(Napi::Env env, bpf_link* link, std::shared_ptr<bpf_object> object);

  /// Makes a closed one; only Adopt opens it.
  explicit Link(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Link>(info) {}
  ~Link() override { Detach(); }

 private:
  Napi::Value Close(const Napi::CallbackInfo& info);
  Napi::Value Misses(const Napi::CallbackInfo& info);
  void Detach();

  std::shared_ptr<bpf_object> object_;
  // Owned; null when closed.
  bpf_link* link_ = nullptr;
};
