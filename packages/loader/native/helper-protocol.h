#pragma once

#include <cstdint>
#include <string>

// What a privileged helper and the process that started it say to each other, over a socket of packets:
//
//   request  | u32 pid | u32 kind | path, not ended |        reply  | i32 errno or 0 |  and with 0 a descriptor (SCM_RIGHTS)
//
// A descriptor and not the bytes: so a request is answered at once, however large the file is.

/// The helper's side: a descriptor, which is closed here, or a negative errno.
void SendReply(int socket, int result);

/// The helper's side: answers requests until the other end is closed, by us or because we have ended.
void ServeRequests(int socket);

/// Our side: a descriptor or a negative errno; -EPIPE when the helper has gone.
int ReceiveReply(int socket);

/// Our side: asks for a file of a process, `kind` as process-file.h numbers them; a descriptor or a negative errno.
int AskForFile(int socket, uint32_t pid, uint32_t kind, const std::string& path);
