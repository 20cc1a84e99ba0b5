// Preloaded into a Node process. On exit, it writes the CPU time and peak memory to the file named by BENCH_USAGE.
const { existsSync, readFileSync, writeFileSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

// Preloads run in worker threads too, but resourceUsage() already includes all threads.
if (isMainThread) {
  process.once('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    const cpu = (userCPUTime + systemCPUTime) / 1e6
    writeFileSync(process.env.BENCH_USAGE, JSON.stringify({ maxRss: peakKiB(maxRSS) * 1024, cpu }))
  })
}

// On Linux, a process's maxRSS is never less than its parent used when it started it. VmHWM is its own.
function peakKiB(maxRSS) {
  const status = '/proc/self/status'
  return existsSync(status) ? Number(/VmHWM:\s*(\d+)/.exec(readFileSync(status, 'utf8'))[1]) : maxRSS
}
