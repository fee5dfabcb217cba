// A zstdshop worker in JavaScript: Node.js 20 or newer, nothing installed.
//
//     zstdshop bench --scenario cpuburn --runner single,pool --worker node=node
//
// It speaks the protocol of docs/protocol.md, on stdin and stdout. Scenario: cpuburn.
// Runners: single, one loop on the main thread, and pool, worker_threads that take
// one task at a time from a shared counter. There is no sentinel.

import { readFileSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { Worker, isMainThread, workerData } from 'node:worker_threads'

// Given as text (node -e) the program has itself as its argument.
const text = isMainThread && !import.meta.url.endsWith('.mjs') ? process.argv[1] : ''

// The state of a run of tasks, shared with the threads: the number of the run, how
// many threads have ended it, the next task, how many there are, what one computes,
// how many tasks of slices came before, and whether tasks are timed, planted upon.
const [RUN, DONE, NEXT, COUNT, RESULT, BASE, TIMED, PLANTED, STATES] = [0, 1, 2, 3, 4, 5, 6, 7, 8]
const maxTimed = 1 << 16 // tasks of a latency slice

// The options of the interpreter itself, without those that name this text.
const given = process.execArgv.indexOf('--input-type=module')
const options = given < 0 ? process.execArgv : process.execArgv.slice(0, given)

// What is asked for is not there, which is nobody's fault.
class Lacks extends Error {}

const now = () => process.hrtime.bigint()

function burn(iters) {
  let x = 0
  for (let i = 0; i < iters; i++) {
    x ^= Math.imul(i, 2654435761)
    x = (x << 13) | (x >>> 19)
  }
  return x >>> 0
}

// redone tells after which tasks another one is done: the planted slowdown.
function redone(permille, n) {
  const x = (BigInt(n) * 0x9e3779b97f4a7c15n) & 0xffffffffffffffffn
  return ((x >> 32n) * 1000n) >> 32n < BigInt(permille)
}

// work does tasks until none is left.
function work({ state, times, iters, permille }) {
  const count = Atomics.load(state, COUNT), base = Atomics.load(state, BASE)
  const timed = Atomics.load(state, TIMED) === 1, planted = Atomics.load(state, PLANTED) === 1
  for (let i; (i = Atomics.add(state, NEXT, 1)) < count; ) {
    const begun = timed ? now() : 0n
    Atomics.store(state, RESULT, burn(iters))
    if (planted && redone(permille, base + i)) burn(iters)
    if (timed) times[i] = now() - begun
  }
}

if (!isMainThread) {
  const mine = { ...workerData, state: new Int32Array(workerData.state), times: new BigInt64Array(workerData.times) }
  for (let run = 0; ; run++) {
    Atomics.wait(mine.state, RUN, run)
    work(mine)
    Atomics.add(mine.state, DONE, 1)
    Atomics.notify(mine.state, DONE)
  }
}

class Runner {
  constructor(name, workers, iters, permille) {
    if (name !== 'single' && name !== 'pool') throw new Lacks(`runner ${name}: this worker has single and pool`)
    const state = new SharedArrayBuffer(4 * STATES), times = new SharedArrayBuffer(8 * maxTimed)
    this.own = { state: new Int32Array(state), times: new BigInt64Array(times), iters, permille }
    this.threads = name === 'pool' ? workers : 0
    const source = text ? 'data:text/javascript,' + encodeURIComponent(text) : import.meta.url
    for (let i = 0; i < this.threads; i++) {
      new Worker(new URL(source), { workerData: { state, times, iters, permille }, execArgv: [] }).unref()
    }
  }

  // run does count tasks and waits for the last.
  run(count, { base = 0, timed = false, planted = false } = {}) {
    const { state } = this.own
    const set = { [NEXT]: 0, [COUNT]: count, [BASE]: base, [TIMED]: +timed, [PLANTED]: +planted, [DONE]: 0 }
    for (const [at, value] of Object.entries(set)) Atomics.store(state, +at, value)
    if (!this.threads) return work(this.own)
    Atomics.add(state, RUN, 1)
    Atomics.notify(state, RUN)
    for (let done; (done = Atomics.load(state, DONE)) < this.threads; ) Atomics.wait(state, DONE, done)
  }

  get result() {
    return Atomics.load(this.own.state, RESULT) >>> 0
  }
}

const send = (type, fields = {}) => new Promise((done) => process.stdout.write(JSON.stringify({ type, ...fields }) + '\n', done))

function status(field) {
  try {
    const line = readFileSync('/proc/self/status', 'utf8').split('\n').find((l) => l.startsWith(field + ':'))
    return line ? parseInt(line.split(/\s+/)[1]) : 0
  } catch {
    return 0
  }
}

async function main() {
  const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]()
  const receive = async () => {
    const { value, done } = await lines.next()
    if (done) process.exit(0) // the controller has gone
    return JSON.parse(value)
  }
  await send('hello', { versions: [1], implementation: ['node', process.version, ...options].join(' '), gil_enabled: false })
  let m = await receive()
  if (m.type === 'bye') return
  const { scenario, runner: name, workers, tasks = 1, iters } = m.cell
  if (scenario !== 'cpuburn') throw new Lacks(`scenario ${scenario}: this worker has cpuburn`)
  if (!(iters >= 1)) throw new Error('cpuburn without iters')
  const runner = new Runner(name, workers, iters, m.redo_permille)
  runner.run(Math.max(tasks, 4 * workers)) // the threads are there, and compiled
  const alone = runner.threads ? new Runner('single', 1, iters, 0) : runner
  alone.run(tasks)
  const begun = now()
  alone.run(tasks)
  const pass_ns = Math.max(Number(now() - begun), 1)
  await send('ready', { items: tasks, bytes_in: 0, bytes_out: 0, pass_ns, rss_bytes: process.memoryUsage().rss })
  for (let base = 0; ; ) {
    m = await receive()
    if (m.type === 'bye') {
      await send('bye', { peak_rss_bytes: status('VmHWM') * 1024, threads: status('Threads') })
      return
    }
    const timed = m.mode === 'latency'
    if (timed && m.count > maxTimed) throw new Error(`a latency slice of ${m.count} tasks: this worker times ${maxTimed}`)
    if (m.warmup) runner.run(m.warmup)
    const spent = process.cpuUsage(), start = now()
    runner.run(m.count, { base, timed, planted: m.count > 0 })
    const wall_ns = Math.max(Number(now() - start), 1), used = process.cpuUsage(spent)
    base += m.count
    const sample = { slice_id: m.id, tasks: m.count, wall_ns, cpu_ns: 1000 * (used.user + used.system),
      checksum: Number((BigInt(runner.result) * BigInt(tasks)) & 0xffffffffn) } // all tasks are alike
    if (timed) sample.task_ns = Array.from(runner.own.times.subarray(0, m.count), Number)
    await send('sample', sample)
    await send('idle', { idle_cpu_ns: 0 })
  }
}

if (isMainThread) {
  main().then(() => process.exit(0), async (e) => {
    await send('error', { error: ('node worker: ' + e.message).replaceAll('\n', ' '), lacks: e instanceof Lacks })
    process.exit(1)
  })
}
