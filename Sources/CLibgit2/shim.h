#ifndef WEAVE_CLIBGIT2_SHIM_H
#define WEAVE_CLIBGIT2_SHIM_H

#include <git2.h>

#if LIBGIT2_VER_MAJOR < 1 || (LIBGIT2_VER_MAJOR == 1 && LIBGIT2_VER_MINOR < 5)
#error "libgit2 1.5 or newer is needed, as in Debian 12, Ubuntu 23.04 and Homebrew"
#endif

/* git_libgit2_opts is variadic, and Swift calls no variadic C function: one shim for each option used. */

static inline int weave_git_set_fsync(int enabled) {
  return git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, enabled);
}

static inline int weave_git_set_owner_validation(int enabled) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, enabled);
}

static inline int weave_git_set_search_path(git_config_level_t level, const char *path) {
  return git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, path);
}

static inline int weave_git_set_extensions(const char **extensions, size_t count) {
  return git_libgit2_opts(GIT_OPT_SET_EXTENSIONS, extensions, count);
}

#endif
