// Asks the kernel over rtnetlink what hangs on an interface: libbpf only answers for a handle and priority that one knows already.
#include "tc-dump.h"

#include <linux/netlink.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <functional>

namespace {

/// The kernel's messages in a dump are at most this long (NLMSG_GOODSIZE and more).
constexpr size_t kBufferBytes = 64 * 1024;

using OnMessage = std::function<void(const nlmsghdr*)>;

/// Calls back for each message of the answer, until one that ends it: 0, or negative errno.
int ReadDump(int descriptor, const OnMessage& onMessage) {
  std::vector<char> buffer(kBufferBytes);
  for (;;) {
    const ssize_t size = recv(descriptor, buffer.data(), buffer.size(), 0);
    if (size < 0 && errno == EINTR) continue;
    if (size < 0) return -errno;
    size_t left = static_cast<size_t>(size);
    for (auto* message = reinterpret_cast<nlmsghdr*>(buffer.data()); NLMSG_OK(message, left);
         message = NLMSG_NEXT(message, left)) {
      if (message->nlmsg_type == NLMSG_DONE) return 0;
      if (message->nlmsg_type == NLMSG_ERROR) return static_cast<const nlmsgerr*>(NLMSG_DATA(message))->error;
      onMessage(message);
    }
  }
}

int Dump(uint16_t type, const tcmsg& wanted, const OnMessage& onMessage) {
  const int descriptor = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
  if (descriptor < 0) return -errno;
  struct {
    nlmsghdr header;
    tcmsg body;
  } request{};
  request.header.nlmsg_len = sizeof(request);
  request.header.nlmsg_type = type;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_DUMP;
  request.body = wanted;
  int result = 0;
  if (send(descriptor, &request, sizeof(request), 0) < 0) result = -errno;
  if (result == 0) result = ReadDump(descriptor, onMessage);
  close(descriptor);
  return result;
}

/// Calls back for each attribute between two places.
template <typename OnAttribute>
void ForEachAttribute(const void* start, size_t size, OnAttribute onAttribute) {
  for (auto* attribute = static_cast<const rtattr*>(start); RTA_OK(attribute, size);
       attribute = RTA_NEXT(attribute, size)) {
    onAttribute(attribute->rta_type & NLA_TYPE_MASK, RTA_DATA(attribute), RTA_PAYLOAD(attribute));
  }
}

const void* AttributesOf(const nlmsghdr* message, size_t* size) {
  *size = message->nlmsg_len - NLMSG_SPACE(sizeof(tcmsg));
  return static_cast<const char*>(NLMSG_DATA(message)) + NLMSG_ALIGN(sizeof(tcmsg));
}

/// The kind of a qdisc or filter: attribute TCA_KIND of its message.
std::string KindOf(const nlmsghdr* message) {
  std::string kind;
  size_t size = 0;
  const void* attributes = AttributesOf(message, &size);
  ForEachAttribute(attributes, size, [&](int type, const void* data, size_t length) {
    if (type == TCA_KIND) kind.assign(static_cast<const char*>(data), strnlen(static_cast<const char*>(data), length));
  });
  return kind;
}

void ReadFilter(const nlmsghdr* message, std::vector<TcFilter>* filters) {
  const auto* body = static_cast<const tcmsg*>(NLMSG_DATA(message));
  // One with handle 0 stands for the chain of a priority, not for a filter.
  if (message->nlmsg_type != RTM_NEWTFILTER || body->tcm_handle == 0 || KindOf(message) != "bpf") return;
  TcFilter filter{body->tcm_handle, TC_H_MAJ(body->tcm_info) >> 16, 0};
  size_t size = 0;
  const void* attributes = AttributesOf(message, &size);
  ForEachAttribute(attributes, size, [&](int type, const void* options, size_t length) {
    if (type != TCA_OPTIONS) return;
    ForEachAttribute(options, length, [&](int option, const void* data, size_t bytes) {
      if (option == TCA_BPF_ID && bytes == sizeof(uint32_t)) memcpy(&filter.programId, data, bytes);
    });
  });
  filters->push_back(filter);
}

}  // namespace

int ListTcFilters(int ifindex, bool egress, std::vector<TcFilter>* filters) {
  const int has = HasClsact(ifindex);
  if (has <= 0) return has;
  tcmsg wanted{};
  wanted.tcm_ifindex = ifindex;
  wanted.tcm_parent = TC_H_MAKE(TC_H_CLSACT, egress ? TC_H_MIN_EGRESS : TC_H_MIN_INGRESS);
  return Dump(RTM_GETTFILTER, wanted, [&](const nlmsghdr* message) { ReadFilter(message, filters); });
}

int HasClsact(int ifindex) {
  bool found = false;
  tcmsg wanted{};
  wanted.tcm_ifindex = ifindex;
  // The kernel dumps the qdiscs of every interface.
  const int result = Dump(RTM_GETQDISC, wanted, [&](const nlmsghdr* message) {
    const auto* body = static_cast<const tcmsg*>(NLMSG_DATA(message));
    if (message->nlmsg_type != RTM_NEWQDISC || body->tcm_ifindex != ifindex) return;
    const std::string kind = KindOf(message);
    if (kind == "clsact" || kind == "ingress") found = true;
  });
  return result < 0 ? result : found;
}
