// Only in the prebuilt addon. What is linked into it, libstdc++ and libgcc too, was compiled against this machine's glibc and so
// asks for symbols that older ones lack. These stand in for them, hidden in the addon, so that it loads wherever Node does:
// Node's own binaries need glibc 2.28. scripts/prebuild.mjs asserts the highest symbol that is left.

// node-gyp sets the one, and fstat would then be another name for fstat64; the other declares fstat64.
#undef _FILE_OFFSET_BITS
#define _LARGEFILE64_SOURCE
#include <pthread.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HIDDEN __attribute__((visibility("hidden")))

// 2.32: "false" is always safe, it only means that reference counts are changed atomically.
HIDDEN char __libc_single_threaded = 0;

// 2.33: before it, these were inline functions. On x86-64 the kernel's struct stat is that of both.
HIDDEN int fstat(int fd, struct stat* status) { return (int)syscall(SYS_fstat, fd, status); }
HIDDEN int stat(const char* path, struct stat* status) { return (int)syscall(SYS_stat, path, status); }
HIDDEN int stat64(const char* path, struct stat64* status) { return (int)syscall(SYS_stat, path, status); }
HIDDEN int fstat64(int fd, struct stat64* status) { return (int)syscall(SYS_fstat, fd, status); }
HIDDEN int fstatat64(int fd, const char* path, struct stat64* status, int flags) {
  return (int)syscall(SYS_newfstatat, fd, path, status, flags);
}

// 2.35: where the unwinder finds the tables of a piece of code; -1 is "nowhere". The addon is compiled without exceptions, so
// one that is thrown ends the process with or without an unwinder.
HIDDEN int _dl_find_object(void* address, void* result) {
  (void)address;
  (void)result;
  return -1;
}

// 2.32 and 2.34: before them, these were in libpthread, which Node has loaded. They are the same functions under their first version.
extern int first_once(pthread_once_t* once, void (*routine)(void));
__asm__(".symver first_once, pthread_once@GLIBC_2.2.5");
HIDDEN int pthread_once(pthread_once_t* once, void (*routine)(void)) { return first_once(once, routine); }

extern int first_key_create(pthread_key_t* key, void (*destructor)(void*));
__asm__(".symver first_key_create, __pthread_key_create@GLIBC_2.2.5");
HIDDEN int __pthread_key_create(pthread_key_t* key, void (*destructor)(void*)) {
  return first_key_create(key, destructor);
}

extern int first_sigmask(int how, const sigset_t* set, sigset_t* old);
__asm__(".symver first_sigmask, pthread_sigmask@GLIBC_2.2.5");
HIDDEN int pthread_sigmask(int how, const sigset_t* set, sigset_t* old) { return first_sigmask(how, set, old); }
