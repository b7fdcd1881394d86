#pragma once
// What strace writes down of a program's calls that touch files.
#include <string>
#include <string_view>
#include <vector>

namespace pce {

struct TracedCall {
  std::string name;
  std::vector<std::string> arguments;  // texts without their quotes, decoded; the rest as printed
  long result = -1;
};

// Every call a program can change a file's content or name with, for strace's -e.
inline constexpr std::string_view kFileCalls =
    "openat,?open,?creat,write,pwrite64,writev,pwritev,pwritev2,truncate,ftruncate,fallocate,"
    "copy_file_range,sendfile,splice,mmap,fsync,fdatasync,sync_file_range,sync,syncfs,?rename,"
    "renameat,renameat2,?link,linkat,?symlink,symlinkat,?unlink,unlinkat,close,dup,?dup2,dup3";

// Of a trace in strace's format with -f and -xx. Calls that failed are left out, as are lines that
// are no calls. A line that cannot be read is a test failure.
std::vector<TracedCall> parse_trace(std::string_view trace);

}  // namespace pce
