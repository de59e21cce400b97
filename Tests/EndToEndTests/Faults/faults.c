// Lets one system call of one program fail, by LD_PRELOAD (Linux, glibc 2.33 or newer).
//
//   WEAVE_FAULT_PROGRAM  the path of the program; others, and its children, run as without this library
//   WEAVE_FAULT_DIR      the directory: only calls on what is below it count
//   WEAVE_FAULT_KIND     EIO, EMFILE, EACCES (of calls that fail like this), short: half of what was read, or kill: the
//                        program is killed before a call that changes a file
//   WEAVE_FAULT_AT       which of them, from 1; with 0 none fails
//   WEAVE_FAULT_LOG      a file for a line "NUMBER CALL PATH" of the call that failed, with 0 of each
//   WEAVE_FAULT_CLOCK    seconds since 1970 that the clock stands at

#define _GNU_SOURCE
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <semaphore.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

enum { descriptors = 4096 };

enum group { takes_path = 1, makes_descriptor = 2, other = 4, changes = 8 };

static const char *directory;
static bool is_short;
static bool is_kill;
static int error;
static unsigned failing_groups;
static long fails_at;
static long stands_at;
static int log_descriptor = -1;
static atomic_long counted;
static _Atomic(char *) names[descriptors];

#define REAL(name) \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

static const char *setting(const char *name) {
  const char *value = getenv(name);
  return value ? strdup(value) : NULL;
}

__attribute__((constructor)) static void begin(void) {
  const char *program = setting("WEAVE_FAULT_PROGRAM");
  char self[PATH_MAX];
  long length = syscall(SYS_readlink, "/proc/self/exe", self, sizeof self - 1);
  if (!program || length < 0) return;
  self[length] = 0;
  if (strcmp(self, program) != 0) return;
  const char *kind = setting("WEAVE_FAULT_KIND"), *at = setting("WEAVE_FAULT_AT");
  const char *file = setting("WEAVE_FAULT_LOG"), *clock = setting("WEAVE_FAULT_CLOCK");
  if (clock) stands_at = atol(clock);
  if (at) fails_at = atol(at);
  if (file) {
    int opened = syscall(SYS_open, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    // Out of the way of the descriptors that the program would have without this library.
    log_descriptor = fcntl(opened, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, opened);
  }
  if (kind && strcmp(kind, "EIO") == 0) {
    error = EIO;
    failing_groups = takes_path | makes_descriptor | other;
  } else if (kind && strcmp(kind, "EMFILE") == 0) {
    error = EMFILE;
    failing_groups = makes_descriptor;
  } else if (kind && strcmp(kind, "EACCES") == 0) {
    error = EACCES;
    failing_groups = takes_path;
  } else if (kind && strcmp(kind, "short") == 0) {
    is_short = true;
  } else if (kind && strcmp(kind, "kill") == 0) {
    is_kill = true;
    failing_groups = changes;
  }
  // Last: from here on calls count.
  directory = setting("WEAVE_FAULT_DIR");
  const char *mine[] = {"LD_PRELOAD", "WEAVE_FAULT_PROGRAM", "WEAVE_FAULT_DIR", "WEAVE_FAULT_KIND",
                        "WEAVE_FAULT_AT", "WEAVE_FAULT_LOG", "WEAVE_FAULT_CLOCK"};
  for (size_t i = 0; i < sizeof mine / sizeof *mine; i++) unsetenv(mine[i]);
}

static bool is_below(const char *path) {
  size_t length = directory ? strlen(directory) : 0;
  return length && strncmp(path, directory, length) == 0 && (path[length] == '/' || path[length] == 0);
}

static const char *name_of(int descriptor) {
  return descriptor >= 0 && descriptor < descriptors ? names[descriptor] : NULL;
}

static void set_name(int descriptor, const char *name) {
  if (descriptor < 0 || descriptor >= descriptors) return;
  char *copy = name ? strdup(name) : NULL;
  // What was there is not freed: another thread may be reading it.
  atomic_exchange(&names[descriptor], copy);
}

// The absolute path, where it is below the directory; else NULL.
static const char *located(int base, const char *path, char *buffer) {
  if (!directory || !path) return NULL;
  if (path[0] == '/') return is_below(path) ? path : NULL;
  char here[PATH_MAX];
  const char *start = base == AT_FDCWD ? NULL : name_of(base);
  if (!start) {
    if (base != AT_FDCWD || syscall(SYS_getcwd, here, sizeof here) < 0) return NULL;
    start = here;
  }
  int length = snprintf(buffer, PATH_MAX, "%s/%s", start, path);
  return length < PATH_MAX && is_below(buffer) ? buffer : NULL;
}

static bool is_due(const char *call, const char *path) {
  long number = atomic_fetch_add(&counted, 1) + 1;
  if (log_descriptor >= 0 && (number == fails_at || fails_at == 0)) {
    char line[PATH_MAX + 64];
    int length = snprintf(line, sizeof line, "%ld %s %s\n", number, call, path);
    syscall(SYS_write, log_descriptor, line, (size_t)length);
  }
  return number == fails_at;
}

// Counts the call; whether it is the one to fail, with errno set.
static bool fails(unsigned groups, const char *call, const char *path) {
  if (!path || !(failing_groups & groups) || !is_due(call, path)) return false;
  if (is_kill) syscall(SYS_kill, syscall(SYS_getpid), SIGKILL);
  errno = error;
  return true;
}

// What to report of `count` bytes that were read: half of them where it is this read's turn.
static ssize_t shortened(const char *call, int descriptor, ssize_t count, bool moves) {
  const char *path = name_of(descriptor);
  if (!is_short || !path || count < 2 || !is_due(call, path)) return count;
  ssize_t half = count / 2;
  if (moves) lseek(descriptor, half - count, SEEK_CUR);
  return half;
}

static unsigned creates(int flags) { return flags & (O_CREAT | O_TRUNC) ? changes : 0; }

#define OPEN(name) \
  int name(const char *path, int flags, ...) { \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t mode = va_arg(arguments, mode_t); \
    va_end(arguments); \
    char buffer[PATH_MAX]; \
    const char *place = located(AT_FDCWD, path, buffer); \
    if (fails(takes_path | makes_descriptor | creates(flags), #name, place)) return -1; \
    REAL(name); \
    int descriptor = real(path, flags, mode); \
    set_name(descriptor, place); \
    return descriptor; \
  }
OPEN(open)
OPEN(open64)

#define OPENAT(name) \
  int name(int base, const char *path, int flags, ...) { \
    va_list arguments; \
    va_start(arguments, flags); \
    mode_t mode = va_arg(arguments, mode_t); \
    va_end(arguments); \
    char buffer[PATH_MAX]; \
    const char *place = located(base, path, buffer); \
    if (fails(takes_path | makes_descriptor | creates(flags), #name, place)) return -1; \
    REAL(name); \
    int descriptor = real(base, path, flags, mode); \
    set_name(descriptor, place); \
    return descriptor; \
  }
OPENAT(openat)
OPENAT(openat64)

#define FOPEN(name) \
  FILE *name(const char *path, const char *mode) { \
    char buffer[PATH_MAX]; \
    const char *place = located(AT_FDCWD, path, buffer); \
    if (fails(takes_path | makes_descriptor, #name, place)) return NULL; \
    REAL(name); \
    FILE *file = real(path, mode); \
    if (file) set_name(fileno(file), place); \
    return file; \
  }
FOPEN(fopen)
FOPEN(fopen64)

int close(int descriptor) {
  REAL(close);
  set_name(descriptor, NULL);
  return real(descriptor);
}

DIR *opendir(const char *path) {
  char buffer[PATH_MAX];
  const char *place = located(AT_FDCWD, path, buffer);
  if (fails(takes_path | makes_descriptor, "opendir", place)) return NULL;
  REAL(opendir);
  DIR *stream = real(path);
  if (stream) set_name(dirfd(stream), place);
  return stream;
}

DIR *fdopendir(int descriptor) {
  if (fails(other, "fdopendir", name_of(descriptor))) return NULL;
  REAL(fdopendir);
  return real(descriptor);
}

int closedir(DIR *stream) {
  REAL(closedir);
  set_name(dirfd(stream), NULL);
  return real(stream);
}

#define READDIR(name, entry) \
  struct entry *name(DIR *stream) { \
    if (fails(other, #name, name_of(dirfd(stream)))) return NULL; \
    REAL(name); \
    return real(stream); \
  }
READDIR(readdir, dirent)
READDIR(readdir64, dirent64)

ssize_t read(int descriptor, void *buffer, size_t size) {
  if (fails(other, "read", name_of(descriptor))) return -1;
  REAL(read);
  return shortened("read", descriptor, real(descriptor, buffer, size), true);
}

#define PREAD(name, offset) \
  ssize_t name(int descriptor, void *buffer, size_t size, offset start) { \
    if (fails(other, #name, name_of(descriptor))) return -1; \
    REAL(name); \
    return shortened(#name, descriptor, real(descriptor, buffer, size, start), false); \
  }
PREAD(pread, off_t)
PREAD(pread64, off64_t)

#define MMAP(name, offset) \
  void *name(void *address, size_t length, int protection, int flags, int descriptor, offset start) { \
    if (!(flags & MAP_ANONYMOUS) && fails(other, #name, name_of(descriptor))) return MAP_FAILED; \
    REAL(name); \
    return real(address, length, protection, flags, descriptor, start); \
  }
MMAP(mmap, off_t)
MMAP(mmap64, off64_t)

#define STAT(name, status) \
  int name(const char *path, struct status *result) { \
    char buffer[PATH_MAX]; \
    if (fails(takes_path, #name, located(AT_FDCWD, path, buffer))) return -1; \
    REAL(name); \
    return real(path, result); \
  }
STAT(stat, stat)
STAT(lstat, stat)
STAT(stat64, stat64)
STAT(lstat64, stat64)

#define FSTAT(name, status) \
  int name(int descriptor, struct status *result) { \
    if (fails(other, #name, name_of(descriptor))) return -1; \
    REAL(name); \
    return real(descriptor, result); \
  }
FSTAT(fstat, stat)
FSTAT(fstat64, stat64)

#define FSTATAT(name, status) \
  int name(int base, const char *path, struct status *result, int flags) { \
    char buffer[PATH_MAX]; \
    if (fails(takes_path, #name, located(base, path, buffer))) return -1; \
    REAL(name); \
    return real(base, path, result, flags); \
  }
FSTATAT(fstatat, stat)
FSTATAT(fstatat64, stat64)

int access(const char *path, int mode) {
  char buffer[PATH_MAX];
  if (fails(takes_path, "access", located(AT_FDCWD, path, buffer))) return -1;
  REAL(access);
  return real(path, mode);
}

int faccessat(int base, const char *path, int mode, int flags) {
  char buffer[PATH_MAX];
  if (fails(takes_path, "faccessat", located(base, path, buffer))) return -1;
  REAL(faccessat);
  return real(base, path, mode, flags);
}

ssize_t readlink(const char *path, char *result, size_t size) {
  char buffer[PATH_MAX];
  if (fails(takes_path, "readlink", located(AT_FDCWD, path, buffer))) return -1;
  REAL(readlink);
  return real(path, result, size);
}

char *realpath(const char *path, char *result) {
  char buffer[PATH_MAX];
  if (fails(takes_path, "realpath", located(AT_FDCWD, path, buffer))) return NULL;
  REAL(realpath);
  return real(path, result);
}

// What a command that reads writes: files that are derived from the records.

ssize_t write(int descriptor, const void *buffer, size_t size) {
  if (fails(other | changes, "write", name_of(descriptor))) return -1;
  REAL(write);
  return real(descriptor, buffer, size);
}

int fsync(int descriptor) {
  if (fails(other | changes, "fsync", name_of(descriptor))) return -1;
  REAL(fsync);
  return real(descriptor);
}

int rename(const char *from, const char *to) {
  char buffer[PATH_MAX];
  if (fails(takes_path | changes, "rename", located(AT_FDCWD, to, buffer))) return -1;
  REAL(rename);
  return real(from, to);
}

int mkdir(const char *path, mode_t mode) {
  char buffer[PATH_MAX];
  if (fails(takes_path | changes, "mkdir", located(AT_FDCWD, path, buffer))) return -1;
  REAL(mkdir);
  return real(path, mode);
}

int unlink(const char *path) {
  char buffer[PATH_MAX];
  if (fails(takes_path | changes, "unlink", located(AT_FDCWD, path, buffer))) return -1;
  REAL(unlink);
  return real(path);
}

// Answers that tell an age are the same at every run.

int clock_gettime(clockid_t clock, struct timespec *now) {
  if (stands_at && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    *now = (struct timespec){.tv_sec = stands_at};
    return 0;
  }
  REAL(clock_gettime);
  return real(clock, now);
}

int gettimeofday(struct timeval *now, void *zone) {
  if (stands_at) {
    *now = (struct timeval){.tv_sec = stands_at};
    return 0;
  }
  REAL(gettimeofday);
  return real(now, zone);
}

// The kernel waits by its own clock: with a moment of ours each wait would be over, and the threads of a pool would end
// while the program does.
int sem_timedwait(sem_t *semaphore, const struct timespec *until) {
  REAL(sem_timedwait);
  struct timespec now, moment = *until;
  if (stands_at && syscall(SYS_clock_gettime, CLOCK_REALTIME, &now) == 0) {
    moment.tv_sec += now.tv_sec - stands_at;
    moment.tv_nsec += now.tv_nsec;
    if (moment.tv_nsec >= 1000000000) {
      moment.tv_nsec -= 1000000000;
      moment.tv_sec += 1;
    }
  }
  return real(semaphore, &moment);
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) *result = now.tv_sec;
  return now.tv_sec;
}
