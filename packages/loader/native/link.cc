#include "link.h"

#include <utility>

#include "addon-data.h"

Napi::Function Link::Define(Napi::Env env) {
  return DefineClass(env, "Link", {InstanceMethod("close", &Link::Close)});
}

Napi::Value Link::Adopt(Napi::Env env, bpf_link* link, std::shared_ptr<bpf_object> object) {
  const Napi::Object wrapper = env.GetInstanceData<AddonData>()->link.New({});
  if (env.IsExceptionPending()) {
    bpf_link__destroy(link);
    return env.Undefined();
  }
  Link* self = Unwrap(wrapper);
  self->link_ = link;
  self->object_ = std::move(object);
  return wrapper;
}

Napi::Value Link::Close(const Napi::CallbackInfo& info) {
  Detach();
  return info.Env().Undefined();
}

void Link::Detach() {
  // Even where it reports an error it has closed the descriptors, and nothing more can be done.
  if (link_ != nullptr) bpf_link__destroy(link_);
  link_ = nullptr;
  object_.reset();
}
