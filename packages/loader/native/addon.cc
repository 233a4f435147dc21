#include <napi.h>

#include "addon-data.h"
#include "attach/probe-link.h"
#include "attach/struct-ops.h"
#include "attach/tc.h"
#include "beneath.h"
#include "bpf-object.h"
#include "consumer.h"
#include "descriptor-holder.h"
#include "guest/channel.h"
#include "guest/guest-buffer.h"
#include "guest/guest-rights.h"
#include "guest/map-operate.h"
#include "link.h"
#include "minimal-btf.h"
#include "privileged-helper.h"
#include "privileges.h"
#include "probe.h"
#include "refusal-counter.h"
#include "run-statistics.h"

namespace {

Napi::Object Init(Napi::Env env, Napi::Object exports) {
  AddonData* data = new AddonData();
  data->link = Napi::Persistent(Link::Define(env));
  data->consumer = Napi::Persistent(Consumer::Define(env));
  data->refusalCounter = Napi::Persistent(RefusalCounter::Define(env));
  // The environment owns it from here and deletes it when it ends.
  env.SetInstanceData(data);

  DefineBeneath(env, exports);
  exports.Set("BpfObject", BpfObject::Define(env));
  DefineDescriptorHolder(env, exports);
  DefineMinimalBtf(env, exports);
  exports.Set("PrivilegedHelper", PrivilegedHelper::Define(env));
  DefinePrivileges(env, exports);
  DefineProbes(env, exports);
  exports.Set("probeLink", Napi::Function::New<ProbeLink>(env));
  exports.Set("unregisterStructOps", Napi::Function::New<UnregisterStructOps>(env));
  DefineTc(env, exports);
  DefineRunStatistics(env, exports);
  DefineGuestChannel(env, exports);
  DefineGuestRights(env, exports);
  GuestBuffer::Define(env, exports);
  exports.Set("mapOperate", Napi::Function::New<MapOperate>(env));
  return exports;
}

}  // namespace

NODE_API_MODULE(ebpm_loader, Init)
