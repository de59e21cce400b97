/* Starts libgit2 and ends it: the least that a program that uses it can cost. See Docs/benchmarks.md. */
#include <git2.h>

int main(void) {
  if (git_libgit2_init() < 0) return 1;
  git_libgit2_shutdown();
  return 0;
}
