#ifndef WEAVE_LOOSE_OBJECTS_H
#define WEAVE_LOOSE_OBJECTS_H

/*
 * A reader of loose objects in the place of libgit2's own, which in 1.5 loops for ever on a file that is cut
 * short, writes past its heap block where a file holds more than its header says, and waits for a pipe.
 * Docs/design/loose-objects.md says why, and what is not promised.
 */

#include <stddef.h>

/* Of libgit2, whose headers are not included: Swift would see two of each of its types. */
struct git_odb;

/* Why bytes are no loose object. What they are instead of one: weave_loose_words. */
typedef enum {
  WEAVE_LOOSE_SOUND = 0,
  WEAVE_LOOSE_EMPTY,
  WEAVE_LOOSE_CUT_SHORT,
  WEAVE_LOOSE_GARBLED,
  WEAVE_LOOSE_NO_HEADER,
  WEAVE_LOOSE_UNKNOWN_KIND,
  WEAVE_LOOSE_IMPLAUSIBLE,
  WEAVE_LOOSE_SHORTER,
  WEAVE_LOOSE_LONGER,
  WEAVE_LOOSE_TRAILING,
  WEAVE_LOOSE_NO_MEMORY,
  WEAVE_LOOSE_UNREADABLE,
} weave_loose_fault;

/* The fault as what can be said of a file: "is cut short". */
const char *weave_loose_words(weave_loose_fault fault);

/*
 * Decodes the bytes of a loose object's file: one zlib stream, which ends where they end, of `KIND SIZE\0` and SIZE
 * bytes. *content is then SIZE bytes and a NUL after them, for free(); it is NULL where there is a fault.
 * Whether the content is that of an id is not looked at.
 */
weave_loose_fault weave_loose_decode(
  const unsigned char *bytes, size_t count, int *kind, void **content, size_t *size);

/* As weave_loose_decode, but kind and size only, from no more of the stream than holds them. */
weave_loose_fault weave_loose_decode_header(
  const unsigned char *bytes, size_t count, int *kind, size_t *size);

/* What a reader of damaged or irregular files returns: GitError.Code.corrupt. Others that cannot be read: -1. */
#define WEAVE_LOOSE_ECORRUPT (-1004)

/*
 * Lets `database` read the loose objects of the directory `objects`. An error is one of libgit2's codes.
 *
 * Lookups of a missing file are "not found"; every other failure is an error that names the file and is not followed
 * by a look elsewhere. `exists` is true of whatever bears the name of an object, for reading it then tells what is
 * wrong. `freshen` refuses what is damaged, so that writing the object again replaces the file.
 */
int weave_loose_add(struct git_odb *database, const char *objects);

/*
 * Takes reading from libgit2's own loose backends of `database`, and leaves them writing and listing.
 * Returns how many there are.
 */
size_t weave_loose_silence_others(struct git_odb *database);

#endif
