import WeaveCommand

#if canImport(Glibc)
  import Glibc
#elseif canImport(Darwin)
  import Darwin
#endif

// A child that ends before it has read its input must not end weave.
signal(SIGPIPE, SIG_IGN)
exit(await Weave.run())
