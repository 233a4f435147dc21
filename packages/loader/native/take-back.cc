#include "take-back.h"

#include <unistd.h>

#include <cerrno>

#include "attach/tc-remove.h"
#include "log-capture.h"

namespace {

/// A tracefs instance cannot go while its pipe is open: of a process that was killed, it may be for a moment longer.
void RemoveFolder(const char* path) {
  for (int tries = 0; rmdir(path) < 0 && errno == EBUSY && tries < 100; tries++) usleep(10 * 1000);
}

}  // namespace

bool ReadEntrusted(const Napi::CallbackInfo& info, size_t index, std::vector<Entrusted>* entrusted) {
  if (!info[index].IsArray()) {
    Napi::TypeError::New(info.Env(), "what is entrusted must be an array").ThrowAsJavaScriptException();
    return false;
  }
  const Napi::Array tasks = info[index].As<Napi::Array>();
  for (uint32_t at = 0; at < tasks.Length(); at++) {
    const Napi::Object row = tasks.Get(at).As<Napi::Object>();
    Entrusted task;
    task.record = row.Get("record").ToString().Utf8Value();
    task.isFolder = row.Get("isFolder").ToBoolean();
    task.hasFilter = row.Get("tc").IsObject();
    if (task.hasFilter) {
      const Napi::Object tc = row.Get("tc").As<Napi::Object>();
      task.ifindex = tc.Get("ifindex").ToNumber().Uint32Value();
      task.egress = tc.Get("egress").ToBoolean();
      task.programId = tc.Get("programId").ToNumber().Uint32Value();
      task.madeQdisc = tc.Get("madeQdisc").ToBoolean();
    }
    entrusted->push_back(task);
  }
  return true;
}

void TakeBack(const std::vector<Entrusted>& entrusted) {
  const LogCapture silence;
  for (const Entrusted& task : entrusted) {
    if (task.hasFilter) RemoveTcFilters(static_cast<int>(task.ifindex), task.egress, task.programId);
  }
  // Only now: one qdisc carries the filters of both directions.
  for (const Entrusted& task : entrusted) {
    if (task.hasFilter && task.madeQdisc) RemoveUnusedClsact(static_cast<int>(task.ifindex));
    if (task.isFolder) {
      RemoveFolder(task.record.c_str());
    } else {
      unlink(task.record.c_str());
    }
  }
}
