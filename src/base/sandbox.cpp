// SPDX-License-Identifier: Apache-2.0
// The worker is forked, not exec'ed: it shares the mapped image and the compiled patterns, and needs nothing from the disk.
// After the fork it gives up, in this order: growth (rlimits), new privileges, the file system (Landlock with no rule at all) and
// every system call that computing in memory does not need (seccomp; the default answer kills the process).
#include "base/sandbox.hpp"

#include <fcntl.h>
#include <linux/landlock.h>
#include <poll.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <memory>
#include <mutex>

#include "base/text.hpp"

namespace assay {
namespace {

constexpr int kNoSandboxOffered = 97;  // reported in the hello byte, not an exit status that work could give

void limit(int resource, rlim_t value) {
  const rlimit r{value, value};
  ::setrlimit(static_cast<__rlimit_resource_t>(resource), &r);
}

std::uint64_t address_space_now() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t pages = 0;
  statm >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

bool forbid_files() {
  landlock_ruleset_attr attr{};
  attr.handled_access_fs = LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_READ_FILE |
                           LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_REMOVE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
                           LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
                           LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                           LANDLOCK_ACCESS_FS_MAKE_SYM;
  const long set = ::syscall(SYS_landlock_create_ruleset, &attr, sizeof(attr), 0U);
  if (set < 0) return false;
  const long done = ::syscall(SYS_landlock_restrict_self, static_cast<int>(set), 0U);
  ::close(static_cast<int>(set));
  return done == 0;
}

bool forbid_calls() {
  scmp_filter_ctx filter = ::seccomp_init(SCMP_ACT_KILL_PROCESS);
  if (filter == nullptr) return false;
  static constexpr std::array allowed = {SCMP_SYS(read),
                                         SCMP_SYS(write),
                                         SCMP_SYS(writev),
                                         SCMP_SYS(close),
                                         SCMP_SYS(mmap),
                                         SCMP_SYS(munmap),
                                         SCMP_SYS(mremap),
                                         SCMP_SYS(mprotect),
                                         SCMP_SYS(madvise),
                                         SCMP_SYS(brk),
                                         SCMP_SYS(futex),
                                         SCMP_SYS(clone),
                                         SCMP_SYS(clone3),
                                         SCMP_SYS(set_robust_list),
                                         SCMP_SYS(rseq),
                                         SCMP_SYS(exit),
                                         SCMP_SYS(exit_group),
                                         SCMP_SYS(rt_sigaction),
                                         SCMP_SYS(rt_sigprocmask),
                                         SCMP_SYS(rt_sigreturn),
                                         SCMP_SYS(sigaltstack),
                                         SCMP_SYS(clock_gettime),
                                         SCMP_SYS(clock_nanosleep),
                                         SCMP_SYS(nanosleep),
                                         SCMP_SYS(gettimeofday),
                                         SCMP_SYS(time),
                                         SCMP_SYS(sched_yield),
                                         SCMP_SYS(sched_getaffinity),
                                         SCMP_SYS(getrandom),
                                         SCMP_SYS(getpid),
                                         SCMP_SYS(gettid),
                                         SCMP_SYS(tgkill),
                                         SCMP_SYS(getrusage),
                                         SCMP_SYS(prlimit64),
                                         SCMP_SYS(restart_syscall),
                                         SCMP_SYS(lseek),
                                         SCMP_SYS(fstat),
                                         SCMP_SYS(newfstatat)};
  bool ok = true;
  for (const int call : allowed) ok = ok && ::seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 0) == 0;
  // glibc and OpenSSL ask for files they can do without (locale, configuration, sanitizer maps); being told "no" is not an attack.
  for (const int call : {SCMP_SYS(open), SCMP_SYS(openat), SCMP_SYS(access), SCMP_SYS(faccessat), SCMP_SYS(faccessat2), SCMP_SYS(readlink),
                         SCMP_SYS(readlinkat), SCMP_SYS(stat), SCMP_SYS(lstat), SCMP_SYS(statx), SCMP_SYS(sysinfo), SCMP_SYS(uname),
                         SCMP_SYS(prctl), SCMP_SYS(ioctl)}) {
    ok = ok && ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EACCES), call, 0) == 0;
  }
  ok = ok && ::seccomp_load(filter) == 0;
  ::seccomp_release(filter);
  return ok;
}

bool write_all(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t n = ::write(fd, text.data(), text.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    text.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

// Records cross the pipe as an eight-byte little-endian length and the bytes.
std::string header_of(std::uint64_t size) {
  std::string out(8, '\0');
  for (std::size_t i = 0; i < 8; ++i) out[i] = static_cast<char>((size >> (8 * i)) & 0xFFU);
  return out;
}

[[noreturn]] void worker(int fd, [[maybe_unused]] const SandboxLimits& limits, const std::function<void(const SandboxSend&)>& work) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  limit(RLIMIT_CORE, 0);
  limit(RLIMIT_NPROC, RLIM_INFINITY);
  limit(RLIMIT_FSIZE, 0);
#if !defined(__SANITIZE_ADDRESS__)
#if !defined(__has_feature)
#define ASSAY_LIMIT_MEMORY 1
#elif !__has_feature(address_sanitizer)
#define ASSAY_LIMIT_MEMORY 1
#endif
#endif
#ifdef ASSAY_LIMIT_MEMORY
  // AddressSanitizer reserves terabytes of address space; there the limit would kill every worker.
  limit(RLIMIT_AS, address_space_now() + limits.memory);
#endif
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  std::string missing;
  if (!forbid_files()) missing += "Landlock";
  if (!forbid_calls()) missing += missing.empty() ? "seccomp" : ", seccomp";
  std::mutex mutex;
  const SandboxSend send = [&](std::string_view record) {
    const std::lock_guard lock(mutex);
    if (!write_all(fd, header_of(record.size())) || !write_all(fd, record)) ::_exit(kNoSandboxOffered);
  };
  send(missing);
  int status = 0;
  try {
    work(send);
  } catch (const std::exception& e) {
    // Out of memory under the limit is the usual one. The parent reports what the exit status says.
    static_cast<void>(e);
    status = 98;
  }
  ::_exit(status);
}

}  // namespace

Result<SandboxOutcome> run_sandboxed(const SandboxLimits& limits, const std::function<void(const SandboxSend&)>& work,
                                     const std::function<void(std::string_view)>& receive) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail(Errc::io, "cannot make a pipe: " + errno_text(errno));
  const pid_t child = ::fork();
  if (child < 0) {
    const int why = errno;
    ::close(ends[0]);
    ::close(ends[1]);
    return fail(Errc::io, "cannot start a worker: " + errno_text(why));
  }
  if (child == 0) {
    ::close(ends[0]);
    worker(ends[1], limits, work);
  }
  ::close(ends[1]);
  SandboxOutcome outcome;
  const auto deadline = std::chrono::steady_clock::now() + limits.time;
  std::string pending;
  std::uint64_t received = 0;
  bool hello = true;
  std::array<char, 65536> chunk{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now()).count();
    if (left <= 0) {
      outcome.end = SandboxOutcome::End::timed_out;
      outcome.why = "stopped after " + std::to_string(limits.time.count()) + " s";
      ::kill(child, SIGKILL);
      break;
    }
    pollfd p{ends[0], POLLIN, 0};
    const int ready = ::poll(&p, 1, static_cast<int>(std::min<long long>(left, 1000)));
    if (ready == 0 || (ready < 0 && errno == EINTR)) continue;
    const ssize_t n = ::read(ends[0], chunk.data(), chunk.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) break;
    received += static_cast<std::uint64_t>(n);
    if (received > limits.output) {
      outcome.end = SandboxOutcome::End::too_much_output;
      outcome.why = "sent more than " + bytes_text(limits.output);
      ::kill(child, SIGKILL);
      break;
    }
    pending.append(chunk.data(), static_cast<std::size_t>(n));
    std::size_t at = 0;
    while (pending.size() - at >= 8) {
      std::uint64_t size = 0;
      for (std::size_t i = 0; i < 8; ++i) size |= static_cast<std::uint64_t>(static_cast<unsigned char>(pending[at + i])) << (8 * i);
      if (pending.size() - at - 8 < size) break;
      const std::string_view record = std::string_view(pending).substr(at + 8, size);
      if (hello) {
        outcome.unsandboxed = record;
        outcome.sandboxed = record.empty();
        hello = false;
      } else {
        receive(record);
      }
      at += 8 + size;
    }
    pending.erase(0, at);
  }
  ::close(ends[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (outcome.end != SandboxOutcome::End::finished) return outcome;
  if (WIFSIGNALED(status)) {
    outcome.end = SandboxOutcome::End::crashed;
    const int signal = WTERMSIG(status);
    outcome.why = signal == SIGSYS ? "made a forbidden system call"
                                   : "crashed (" + std::string(::sigabbrev_np(signal) == nullptr ? "signal" : ::sigabbrev_np(signal)) + ")";
  } else if (WEXITSTATUS(status) != 0) {
    outcome.end = SandboxOutcome::End::crashed;
    outcome.why =
        WEXITSTATUS(status) == 98 ? "ran out of the memory it may use" : "ended with status " + std::to_string(WEXITSTATUS(status));
  }
  return outcome;
}

}  // namespace assay
