#pragma once

#include <napi.h>

/// minimalBtf(kernel, names, kinds): what is left of a kernel's BTF when only the types stay that decide how one object's CO-RE
/// relocations resolve; see binding.ts.
///
/// It is made without resolving any of them, so that it cannot resolve them otherwise than libbpf does:
/// - libbpf looks for the candidates of a relocation by kind and by name. All types of such a kind and name stay, whole,
///   with everything that they hold by value: members, elements, what a typedef stands for.
/// - It never follows a pointer to look at members, only to compare kinds and names. So what lies behind a pointer or in a
///   function's prototype stays as a shell: a struct or union without members, an enum without values. A shell is never a
///   candidate, since all candidates stay whole.
/// - Ids keep their order.
void DefineMinimalBtf(Napi::Env env, Napi::Object exports);
