#if canImport(Glibc)
import Glibc
#else
import Darwin
#endif

/// Prints a line at once, so that those of several processes stand in the order of their events.
func say(_ line: String) {
    print(line)
    fflush(nil)
}
