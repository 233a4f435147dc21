#pragma once

#include <napi.h>

#include <cstdint>
#include <string>
#include <vector>

/// Something that has no link and is to be gone when a run has ended: a filter of classic tc with its record, or a folder.
struct Entrusted {
  std::string record;
  bool isFolder = false;
  bool hasFilter = false;
  uint32_t ifindex = 0;
  bool egress = false;
  uint32_t programId = 0;
  bool madeQdisc = false;
};

/// Reads an array of `{ record, isFolder?, tc?: { ifindex, egress, programId, madeQdisc } }`; false when it is none, and that was thrown.
bool ReadEntrusted(const Napi::CallbackInfo& info, size_t index, std::vector<Entrusted>* entrusted);

/// Removes all of it. What is gone already, or cannot be removed, is passed over.
void TakeBack(const std::vector<Entrusted>& entrusted);
