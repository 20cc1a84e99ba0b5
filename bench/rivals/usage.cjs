// Preloaded into a Node process: writes what it has used to the file named by BENCH_USAGE, when it exits.
const { writeFileSync } = require('node:fs')
const { isMainThread } = require('node:worker_threads')

// Preloads run in worker threads too; the figures are those of the whole process, threads included.
if (isMainThread) {
  process.once('exit', () => {
    const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
    const cpu = (userCPUTime + systemCPUTime) / 1e6
    writeFileSync(process.env.BENCH_USAGE, JSON.stringify({ maxRss: maxRSS * 1024, cpu }))
  })
}
