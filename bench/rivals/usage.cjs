// Preloaded into a Node process. On exit, it writes the CPU time and peak memory to the file named by BENCH_USAGE.
const { writeFileSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

// Preloads run in worker threads too, but resourceUsage() already includes all threads.
if (isMainThread) {
  process.once('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    const cpu = (userCPUTime + systemCPUTime) / 1e6
    writeFileSync(process.env.BENCH_USAGE, JSON.stringify({ maxRss: maxRSS * 1024, cpu }))
  })
}
