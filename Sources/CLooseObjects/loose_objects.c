#include "loose_objects.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <git2.h>
#include <git2/sys/odb_backend.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>
#include <zlib.h>

/* Git too refuses a longer header (MAX_HEADER_LEN in its object-file.c). */
#define HEADER_LIMIT 32
/* What deflate makes of a byte at most: two bits for each 258 bytes. No size beyond that is allocated. */
#define MOST_INFLATION 1032
/* An object up to this size is inflated by one call, for which zlib makes no window. */
#define HEAD_SIZE 2048
#define CHUNK_SIZE 16384
/* Holds the header whatever codes the stream begins with; a stream that is stranger gets more chunks. */
#define HEADER_CHUNK_SIZE 1024

const char *weave_loose_words(weave_loose_fault fault) {
  switch (fault) {
    case WEAVE_LOOSE_SOUND: return "is sound";
    case WEAVE_LOOSE_EMPTY: return "is empty";
    case WEAVE_LOOSE_CUT_SHORT: return "is cut short";
    case WEAVE_LOOSE_GARBLED: return "is damaged: it cannot be decompressed";
    case WEAVE_LOOSE_NO_HEADER: return "is damaged: it does not begin with the header of an object";
    case WEAVE_LOOSE_UNKNOWN_KIND: return "is damaged: it holds an object of no known kind";
    case WEAVE_LOOSE_IMPLAUSIBLE: return "is damaged: it is too small for the size in its header";
    case WEAVE_LOOSE_SHORTER: return "is damaged: it holds less than its header says";
    case WEAVE_LOOSE_LONGER: return "is damaged: it holds more than its header says";
    case WEAVE_LOOSE_TRAILING: return "is damaged: it goes on after the end of the object";
    case WEAVE_LOOSE_NO_MEMORY: return "holds more than there is memory for";
    case WEAVE_LOOSE_UNREADABLE: return "cannot be read";
  }
  return "is damaged";
}

/* Decoding: of a file, chunk by chunk, or of bytes that are here. */

typedef struct {
  z_stream stream;
  int fd;              /* -1 where all of the input is here */
  uint64_t unread;     /* of the file */
  uint64_t total;      /* size of the whole input */
  unsigned char *chunk;
  size_t chunk_size;
  int ended;           /* whether the stream has */
} decoder;

static weave_loose_fault begin(decoder *decoder) {
  if (decoder->total == 0) return WEAVE_LOOSE_EMPTY;
  return inflateInit(&decoder->stream) == Z_OK ? WEAVE_LOOSE_SOUND : WEAVE_LOOSE_NO_MEMORY;
}

static weave_loose_fault refill(decoder *decoder) {
  if (decoder->stream.avail_in != 0 || decoder->unread == 0) return WEAVE_LOOSE_SOUND;
  size_t wanted = decoder->unread < decoder->chunk_size ? (size_t)decoder->unread : decoder->chunk_size;
  ssize_t count;
  do count = read(decoder->fd, decoder->chunk, wanted); while (count < 0 && errno == EINTR);
  if (count < 0) return WEAVE_LOOSE_UNREADABLE;
  decoder->unread = count == 0 ? 0 : decoder->unread - (uint64_t)count;
  decoder->stream.next_in = decoder->chunk;
  decoder->stream.avail_in = (uInt)count;
  return WEAVE_LOOSE_SOUND;
}

/* Inflates up to `wanted` bytes to `out`: fewer only where the stream ends. */
static weave_loose_fault pull(decoder *decoder, unsigned char *out, size_t wanted, size_t *made) {
  z_stream *stream = &decoder->stream;
  *made = 0;
  while (*made < wanted && !decoder->ended) {
    weave_loose_fault fault = refill(decoder);
    if (fault != WEAVE_LOOSE_SOUND) return fault;
    size_t room = wanted - *made;
    uInt offered = room < UINT_MAX ? (uInt)room : UINT_MAX, given = stream->avail_in;
    stream->next_out = out + *made;
    stream->avail_out = offered;
    int code = inflate(stream, decoder->unread == 0 ? Z_FINISH : Z_NO_FLUSH);
    *made += offered - stream->avail_out;
    if (code == Z_STREAM_END) decoder->ended = 1;
    else if (code == Z_MEM_ERROR) return WEAVE_LOOSE_NO_MEMORY;
    else if (code != Z_OK && code != Z_BUF_ERROR) return WEAVE_LOOSE_GARBLED;
    else if (stream->avail_out == offered && stream->avail_in == given) return WEAVE_LOOSE_CUT_SHORT;
  }
  return WEAVE_LOOSE_SOUND;
}

static git_object_t kind_named(const unsigned char *name, size_t count) {
  static const struct { const char *name; git_object_t kind; } kinds[] = {
    {"commit", GIT_OBJECT_COMMIT}, {"tree", GIT_OBJECT_TREE}, {"blob", GIT_OBJECT_BLOB}, {"tag", GIT_OBJECT_TAG}};
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (strlen(kinds[i].name) == count && memcmp(kinds[i].name, name, count) == 0) return kinds[i].kind;
  return GIT_OBJECT_INVALID;
}

/* Reads `KIND SIZE\0` as Git does: digits only, without a zero in front. */
static weave_loose_fault parse_header(
  const unsigned char *head, size_t count, git_object_t *kind, size_t *size, size_t *length) {
  size_t limit = count < HEADER_LIMIT ? count : HEADER_LIMIT, i = 0;
  while (i < limit && head[i] != ' ' && head[i] != 0) i++;
  if (i == limit || head[i] == 0) return WEAVE_LOOSE_NO_HEADER;
  size_t name = i++, digits = i;
  for (*size = 0; i < limit && head[i] != 0; i++) {
    size_t digit = (size_t)head[i] - '0';
    if (digit > 9 || (i > digits && head[digits] == '0')) return WEAVE_LOOSE_NO_HEADER;
    if (*size > (SIZE_MAX / 2 - digit) / 10) return WEAVE_LOOSE_IMPLAUSIBLE;
    *size = *size * 10 + digit;
  }
  if (i == limit || i == digits) return WEAVE_LOOSE_NO_HEADER;
  *length = i + 1;
  *kind = kind_named(head, name);
  return *kind == GIT_OBJECT_INVALID ? WEAVE_LOOSE_UNKNOWN_KIND : WEAVE_LOOSE_SOUND;
}

/* Inflates into `head`, of `room` bytes, and reads the header from it. */
static weave_loose_fault decode_header(
  decoder *decoder, unsigned char *head, size_t room, git_object_t *kind, size_t *size, size_t *length, size_t *made) {
  weave_loose_fault fault = pull(decoder, head, room, made);
  /* What is wrong further on is no fault of a header that is here. */
  if (fault == WEAVE_LOOSE_UNREADABLE || fault == WEAVE_LOOSE_NO_MEMORY) return fault;
  weave_loose_fault parsed = parse_header(head, *made, kind, size, length);
  if (parsed == WEAVE_LOOSE_NO_HEADER && fault != WEAVE_LOOSE_SOUND) return fault;
  if (parsed != WEAVE_LOOSE_SOUND) return parsed;
  return *size / MOST_INFLATION > decoder->total ? WEAVE_LOOSE_IMPLAUSIBLE : WEAVE_LOOSE_SOUND;
}

static void *allocate(git_odb_backend *owner, size_t count) {
  return owner ? git_odb_backend_data_alloc(owner, count) : malloc(count);
}

static void release(git_odb_backend *owner, void *block) {
  if (owner) git_odb_backend_data_free(owner, block);
  else free(block);
}

/* The content is libgit2's to free where `owner` is a backend, and free()'s where it is NULL. */
static weave_loose_fault decode(
  decoder *decoder, git_odb_backend *owner, git_object_t *kind, void **content, size_t *size) {
  unsigned char head[HEAD_SIZE], beyond;
  size_t length, made, more;
  weave_loose_fault fault = decode_header(decoder, head, sizeof head, kind, size, &length, &made);
  if (fault != WEAVE_LOOSE_SOUND) return fault;
  size_t here = made - length;
  if (here > *size) return WEAVE_LOOSE_LONGER;

  unsigned char *body = allocate(owner, *size + 1);
  if (!body) return WEAVE_LOOSE_NO_MEMORY;
  memcpy(body, head + length, here);
  fault = pull(decoder, body + here, *size - here, &more);
  if (fault == WEAVE_LOOSE_SOUND && here + more < *size) fault = WEAVE_LOOSE_SHORTER;
  if (fault == WEAVE_LOOSE_SOUND) fault = pull(decoder, &beyond, 1, &more);
  if (fault == WEAVE_LOOSE_SOUND && !decoder->ended) fault = WEAVE_LOOSE_LONGER;
  if (fault == WEAVE_LOOSE_SOUND && more != 0) fault = WEAVE_LOOSE_LONGER;
  if (fault == WEAVE_LOOSE_SOUND && (decoder->stream.avail_in != 0 || decoder->unread != 0))
    fault = WEAVE_LOOSE_TRAILING;
  if (fault != WEAVE_LOOSE_SOUND) {
    release(owner, body);
    return fault;
  }
  body[*size] = 0;
  *content = body;
  return WEAVE_LOOSE_SOUND;
}

/* zlib counts its input in 32 bits; what is here is handed over at once. */
static weave_loose_fault begin_bytes(decoder *decoder, const unsigned char *bytes, size_t count) {
  memset(decoder, 0, sizeof *decoder);
  decoder->fd = -1;
  decoder->total = count;
  if (count > UINT_MAX) return WEAVE_LOOSE_NO_MEMORY;
  weave_loose_fault fault = begin(decoder);
  decoder->stream.next_in = (unsigned char *)bytes;
  decoder->stream.avail_in = (uInt)count;
  return fault;
}

weave_loose_fault weave_loose_decode(
  const unsigned char *bytes, size_t count, int *kind, void **content, size_t *size) {
  decoder decoder;
  git_object_t found = GIT_OBJECT_INVALID;
  *content = NULL;
  weave_loose_fault fault = begin_bytes(&decoder, bytes, count);
  if (fault != WEAVE_LOOSE_SOUND) return fault;
  fault = decode(&decoder, NULL, &found, content, size);
  *kind = found;
  inflateEnd(&decoder.stream);
  return fault;
}

weave_loose_fault weave_loose_decode_header(
  const unsigned char *bytes, size_t count, int *kind, size_t *size) {
  decoder decoder;
  git_object_t found = GIT_OBJECT_INVALID;
  unsigned char head[HEADER_LIMIT];
  size_t length, made;
  weave_loose_fault fault = begin_bytes(&decoder, bytes, count);
  if (fault != WEAVE_LOOSE_SOUND) return fault;
  fault = decode_header(&decoder, head, sizeof head, &found, size, &length, &made);
  *kind = found;
  inflateEnd(&decoder.stream);
  return fault;
}

/* The backend. */

typedef struct {
  git_odb_backend parent;
  size_t length;  /* of the directory's path, with a slash at its end */
  char path[];    /* the directory, and room for the name of a file in it and a NUL */
} loose_backend;

#define FILE_NAME_LENGTH 41

/* The path of the object's file; good until the next call. libgit2 holds a lock around each call of a backend. */
static const char *path_of(loose_backend *backend, const git_oid *id) {
  git_oid_pathfmt(backend->path + backend->length, id);
  backend->path[backend->length + FILE_NAME_LENGTH] = 0;
  return backend->path;
}

static int failed(int code, const char *path, const char *words, int number) {
  char text[PATH_MAX + 256];
  snprintf(text, sizeof text, "the file %s %s%s%s", path, words, number ? ": " : "", number ? strerror(number) : "");
  git_error_set_str(GIT_ERROR_ODB, text);
  return code;
}

/* What a thing that is no regular file is; NULL for one that is. */
static const char *irregularity(mode_t mode) {
  if (S_ISREG(mode)) return NULL;
  if (S_ISFIFO(mode)) return "is a pipe, and no file";
  if (S_ISDIR(mode)) return "is a directory, and no file";
  if (S_ISLNK(mode)) return "is a symbolic link, and no file";
  if (S_ISSOCK(mode)) return "is a socket, and no file";
  return "is a device, and no file";
}

/* Opens the file at `path`, which must be a regular one: without waiting for a pipe, and without following a link. */
static int open_regular(int *fd, uint64_t *size, const char *path) {
  struct stat status;
  do *fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY); while (*fd < 0 && errno == EINTR);
  if (*fd < 0) {
    int number = errno;
    if (number == ENOENT) return GIT_ENOTFOUND;
    /* A link and a socket cannot be opened: the error's number says less than what they are. */
    const char *irregular = lstat(path, &status) == 0 ? irregularity(status.st_mode) : NULL;
    if (irregular) return failed(WEAVE_LOOSE_ECORRUPT, path, irregular, 0);
    return failed(GIT_ERROR, path, "cannot be opened", number);
  }
  const char *irregular = NULL;
  if (fstat(*fd, &status) == 0 && !(irregular = irregularity(status.st_mode))) {
    *size = (uint64_t)status.st_size;
    return 0;
  }
  int code = irregular ? failed(WEAVE_LOOSE_ECORRUPT, path, irregular, 0)
                       : failed(GIT_ERROR, path, "cannot be looked at", errno);
  close(*fd);
  return code;
}

/* Reads the file at `path`: header and content, or, where `content` is NULL, the header alone. */
static int read_file(
  const char *path, git_odb_backend *owner, void **content, size_t *size, git_object_t *kind) {
  unsigned char chunk[CHUNK_SIZE], head[HEADER_LIMIT];
  decoder decoder;
  size_t length, made;
  memset(&decoder, 0, sizeof decoder);
  int code = open_regular(&decoder.fd, &decoder.total, path);
  if (code != 0) return code;
  decoder.unread = decoder.total;
  decoder.chunk = chunk;
  decoder.chunk_size = content ? CHUNK_SIZE : HEADER_CHUNK_SIZE;

  weave_loose_fault fault = begin(&decoder);
  if (fault == WEAVE_LOOSE_SOUND) {
    fault = content ? decode(&decoder, owner, kind, content, size)
                    : decode_header(&decoder, head, sizeof head, kind, size, &length, &made);
    if (fault == WEAVE_LOOSE_UNREADABLE) code = errno;
    inflateEnd(&decoder.stream);
  }
  close(decoder.fd);
  if (fault == WEAVE_LOOSE_SOUND) return 0;
  int is_damaged = fault != WEAVE_LOOSE_UNREADABLE && fault != WEAVE_LOOSE_NO_MEMORY;
  return failed(is_damaged ? WEAVE_LOOSE_ECORRUPT : GIT_ERROR, path, weave_loose_words(fault), code);
}

static int backend_read(void **content, size_t *size, git_object_t *kind, git_odb_backend *backend, const git_oid *id) {
  return read_file(path_of((loose_backend *)backend, id), backend, content, size, kind);
}

static int backend_read_header(size_t *size, git_object_t *kind, git_odb_backend *backend, const git_oid *id) {
  return read_file(path_of((loose_backend *)backend, id), backend, NULL, size, kind);
}

static int backend_exists(git_odb_backend *backend, const git_oid *id) {
  struct stat status;
  return lstat(path_of((loose_backend *)backend, id), &status) == 0 || errno != ENOENT;
}

static int is_object_name(const char *name) {
  size_t count = strspn(name, "0123456789abcdef");
  return count == GIT_OID_HEXSZ - 2 && name[count] == 0;
}

static int backend_exists_prefix(git_oid *found, git_odb_backend *backend, const git_oid *prefix, size_t digits) {
  loose_backend *loose = (loose_backend *)backend;
  char hex[GIT_OID_HEXSZ + 1] = {0}, match[GIT_OID_HEXSZ + 1] = {0};
  git_oid_fmt(hex, prefix);
  const char *path = path_of(loose, prefix);
  loose->path[loose->length + 2] = 0;
  DIR *directory = opendir(path);
  if (!directory && errno == ENOENT) return GIT_ENOTFOUND;
  if (!directory) return failed(GIT_ERROR, path, "cannot be listed", errno);
  int matches = 0;
  struct dirent *entry;
  while (errno = 0, (entry = readdir(directory))) {
    if (!is_object_name(entry->d_name) || memcmp(entry->d_name, hex + 2, digits - 2) != 0) continue;
    memcpy(match, hex, 2);
    memcpy(match + 2, entry->d_name, GIT_OID_HEXSZ - 2);
    matches++;
  }
  int number = errno;
  closedir(directory);
  if (number != 0) return failed(GIT_ERROR, path, "cannot be listed", number);
  if (matches == 0) return GIT_ENOTFOUND;
  if (matches == 1) return git_oid_fromstr(found, match);
  git_error_set_str(GIT_ERROR_ODB, "ambiguous: more than one loose object begins with these digits");
  return GIT_EAMBIGUOUS;
}

static int backend_read_prefix(
  git_oid *found, void **content, size_t *size, git_object_t *kind, git_odb_backend *backend, const git_oid *prefix,
  size_t digits) {
  int code = 0;
  if (digits >= GIT_OID_HEXSZ) git_oid_cpy(found, prefix);
  else code = backend_exists_prefix(found, backend, prefix, digits);
  return code == 0 ? backend_read(content, size, kind, backend, found) : code;
}

/* Reads all of it: an object that is taken to be stored must be so. */
static int backend_freshen(git_odb_backend *backend, const git_oid *id) {
  void *content;
  size_t size;
  git_object_t kind;
  git_oid actual;
  if (backend_read(&content, &size, &kind, backend, id) != 0) return -1;
  int code = git_odb_hash(&actual, content, size, kind);
  git_odb_backend_data_free(backend, content);
  if (code != 0 || git_oid_cmp(&actual, id) != 0) return -1;
  return utimes(path_of((loose_backend *)backend, id), NULL);
}

/* libgit2 calls it without a look at whether there is one. Its own backend lists the objects. */
static int backend_foreach(git_odb_backend *backend, git_odb_foreach_cb callback, void *payload) {
  (void)backend, (void)callback, (void)payload;
  return 0;
}

static void backend_free(git_odb_backend *backend) { free(backend); }

int weave_loose_add(git_odb *database, const char *objects) {
  size_t length = strlen(objects);
  while (length > 0 && objects[length - 1] == '/') length--;
  loose_backend *backend = calloc(1, sizeof *backend + length + 1 + FILE_NAME_LENGTH + 1);
  if (!backend) return failed(GIT_ERROR, objects, weave_loose_words(WEAVE_LOOSE_NO_MEMORY), 0);
  memcpy(backend->path, objects, length);
  backend->path[length] = '/';
  backend->length = length + 1;

  git_odb_init_backend(&backend->parent, GIT_ODB_BACKEND_VERSION);
  backend->parent.read = backend_read;
  backend->parent.read_header = backend_read_header;
  backend->parent.read_prefix = backend_read_prefix;
  backend->parent.exists = backend_exists;
  backend->parent.exists_prefix = backend_exists_prefix;
  backend->parent.freshen = backend_freshen;
  backend->parent.foreach = backend_foreach;
  backend->parent.free = backend_free;
  /* That of packs, behind which it sorts. No alternate, of which libgit2 would ask the newest first. */
  int code = git_odb_add_backend(database, &backend->parent, 2);
  if (code != 0) free(backend);
  return code;
}

static int no_header(size_t *size, git_object_t *kind, git_odb_backend *backend, const git_oid *id) {
  (void)size, (void)kind, (void)backend, (void)id;
  return GIT_ENOTFOUND;
}

size_t weave_loose_silence_others(git_odb *database) {
  size_t silenced = 0;
  git_odb_backend *backend;
  for (size_t i = 0; i < git_odb_num_backends(database); i++) {
    /* Of libgit2's two backends of a directory, the loose one is the one that writes single objects. */
    if (git_odb_get_backend(&backend, database, i) != 0 || !backend->write) continue;
    backend->read = NULL;
    backend->read_prefix = NULL;
    backend->readstream = NULL;
    backend->exists = NULL;
    backend->exists_prefix = NULL;
    backend->freshen = NULL;
    /* Without one libgit2 would go on to read. */
    backend->read_header = no_header;
    silenced++;
  }
  return silenced;
}
