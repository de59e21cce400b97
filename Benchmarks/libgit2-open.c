/* Opens the repository at its one argument with libgit2: the least that a program which asks a store can cost. See
 * Docs/benchmarks.md. */
#include <git2.h>

int main(int count, char **arguments) {
  git_repository *repository = NULL;
  if (count != 2 || git_libgit2_init() < 0) return 1;
  int error = git_repository_open(&repository, arguments[1]);
  git_repository_free(repository);
  git_libgit2_shutdown();
  return error != 0;
}
