/*
 * The decoder of loose objects on bytes, and on a file in chunks of each size, beside zlib's `uncompress`: all three
 * must be of one mind. Built by `Scripts/fuzz.sh --sanitized`; a read or write past a block ends it.
 */

/* memfd_create */
#define _GNU_SOURCE
#include "loose_objects.c"

#include <sys/mman.h>

#define REQUIRE(condition) do { if (!(condition)) abort(); } while (0)

static weave_loose_fault decode_in_chunks(
  int file, size_t count, size_t chunk_size, git_object_t *kind, void **content, size_t *size) {
  unsigned char *chunk = malloc(chunk_size);
  decoder decoder = {.fd = file, .total = count, .unread = count, .chunk = chunk, .chunk_size = chunk_size};
  REQUIRE(lseek(file, 0, SEEK_SET) == 0);
  *content = NULL;
  weave_loose_fault fault = begin(&decoder);
  if (fault == WEAVE_LOOSE_SOUND) {
    fault = decode(&decoder, NULL, kind, content, size);
    inflateEnd(&decoder.stream);
  }
  free(chunk);
  return fault;
}

int LLVMFuzzerTestOneInput(const unsigned char *bytes, size_t count) {
  static int file = -1;
  if (file < 0) file = memfd_create("loose", 0);
  /* A block of its own, so that a read past its end is seen. */
  unsigned char *input = malloc(count);
  if (count > 0) memcpy(input, bytes, count);
  REQUIRE(ftruncate(file, 0) == 0 && pwrite(file, input, count, 0) == (ssize_t)count);

  int kind;
  void *content, *again;
  size_t size, other;
  weave_loose_fault fault = weave_loose_decode(input, count, &kind, &content, &size);
  REQUIRE((fault == WEAVE_LOOSE_SOUND) == (content != NULL));
  size_t const chunks[] = {1, 2, 7, 64, CHUNK_SIZE};
  for (size_t i = 0; i < sizeof chunks / sizeof *chunks; i++) {
    git_object_t found;
    weave_loose_fault second = decode_in_chunks(file, count, chunks[i], &found, &again, &other);
    REQUIRE((second == WEAVE_LOOSE_SOUND) == (fault == WEAVE_LOOSE_SOUND));
    if (second == WEAVE_LOOSE_SOUND) REQUIRE((int)found == kind && other == size && !memcmp(again, content, size));
    free(again);
  }

  if (fault == WEAVE_LOOSE_SOUND) {
    int of_header;
    REQUIRE(weave_loose_decode_header(input, count, &of_header, &other) == WEAVE_LOOSE_SOUND);
    REQUIRE(of_header == kind && other == size);
    char header[HEADER_LIMIT];
    size_t length = (size_t)snprintf(header, sizeof header, "%s %zu", git_object_type2string(kind), size) + 1;
    uLongf whole = length + size;
    uLong taken = count;
    unsigned char *by_zlib = malloc(whole + 1);
    REQUIRE(uncompress2(by_zlib, &whole, input, &taken) == Z_OK && whole == length + size && taken == count);
    REQUIRE(!memcmp(by_zlib, header, length) && !memcmp(by_zlib + length, content, size));
    free(by_zlib);
  }
  free(content);
  free(input);
  return 0;
}
