#pragma once

#include <bpf/libbpf.h>
#include <napi.h>

#include <functional>
#include <memory>

/// One attached program. Destroying or closing it detaches.
class Link : public Napi::ObjectWrap<Link> {
 public:
  static Napi::Function Define(Napi::Env env);

  /// Takes the link over. The object is held because some links (USDT) reach into it when they are destroyed.
  static Napi::Value Adopt(Napi::Env env, bpf_link* link, std::shared_ptr<bpf_object> object);

  /// Takes a descriptor over that detaches when it is closed.
  static Napi::Value AdoptDescriptor(Napi::Env env, int descriptor, std::shared_ptr<bpf_object> object);

  /// Takes over what no descriptor stands for: `detach` is called once, while the object is still there.
  static Napi::Value AdoptUndo(Napi::Env env, std::function<void()> detach, std::shared_ptr<bpf_object> object);

  /// Makes a closed one; only the Adopt functions open it.
  explicit Link(const Napi::CallbackInfo& info) : Napi::ObjectWrap<Link>(info) {}
  ~Link() override { Detach(); }

 private:
  Napi::Value Iterate(const Napi::CallbackInfo& info);
  Napi::Value Misses(const Napi::CallbackInfo& info);
  Napi::Value Close(const Napi::CallbackInfo& info);
  static Napi::Value Wrap(Napi::Env env, int descriptor, std::function<void()> detach,
                          std::shared_ptr<bpf_object> object);
  void Detach();

  std::shared_ptr<bpf_object> object_;
  // Owned by detach_; -1 where there is none.
  int descriptor_ = -1;
  // Empty when closed.
  std::function<void()> detach_;
};
