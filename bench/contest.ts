import { run } from './child.ts'
import { startGateway, type Gateway } from './gateway.ts'
import { startLink, type Link } from './link.ts'
import { RIVALS } from './rivals.ts'
import type { SampleFile } from './sample-file.ts'
import { startSink, type Sink, type SinkRecord } from './sink.ts'
import { runStep, stepInputs } from './step.ts'

/** One transfer, as measured at both ends. */
export interface Transferred extends SinkRecord {
  /** s from just before the start of the process to its exit */
  process: number
}

export interface TransferredByStep extends Transferred {
  /** s of CPU of the step, all threads */
  stepCpu: number
  /** peak resident set size in bytes */
  maxRss: number
  quotaCalls: number
}

/** The simulated network between the contestants and the sink. */
export interface Network {
  /** bytes/s that each connection carries */
  rate: number
  /** ms; calls to the gateway take a round trip too */
  roundTrip: number
}

/** Contestants that upload to the same sink, over loopback or over the same simulated network. */
export class Contest {
  readonly #sink: Sink
  readonly #gateway: Gateway
  readonly #links: readonly Link[]
  readonly #storage: string
  readonly #api: string
  readonly #directory: string
  #transfers = 0

  static async start(directory: string, network?: Network): Promise<Contest> {
    const sink = await startSink()
    const gateway = await startGateway()
    const links = network
      ? await Promise.all([
          startLink(sink.origin, network.rate, network.roundTrip),
          startLink(gateway.origin, Infinity, network.roundTrip),
        ])
      : []
    return new Contest(directory, sink, gateway, links)
  }

  private constructor(directory: string, sink: Sink, gateway: Gateway, links: readonly Link[]) {
    this.#directory = directory
    this.#sink = sink
    this.#gateway = gateway
    this.#links = links
    this.#storage = links[0]?.origin ?? sink.origin
    this.#api = links[1]?.origin ?? gateway.origin
  }

  /** The committed bundle. @param inputs in addition to those that every step has */
  async ours(file: SampleFile, inputs: Readonly<Record<string, string>> = {}): Promise<TransferredByStep> {
    const id = this.#id()
    this.#gateway.storeAt(this.#storage, id)
    const before = await this.#sink.record('')
    const step = await runStep({ ...stepInputs(this.#api, file.path), ...inputs }, this.#directory)
    const seen = await this.#received(id, file, before)
    const { quotaCalls } = this.#gateway
    return { ...seen, process: step.process, stepCpu: step.cpu, maxRss: step.maxRss, quotaCalls }
  }

  /** `curl -T` with its defaults. */
  async curl(file: SampleFile): Promise<Transferred> {
    const id = this.#id()
    const before = await this.#sink.record('')
    const url = `${this.#storage}/${id}/object`
    // -q: ignore the user's configuration file
    const { process } = await run('curl', ['-q', '-sS', '--fail', '-T', file.path, url])
    return { ...(await this.#received(id, file, before)), process }
  }

  /** `multipartUpload` of ali-oss. @param partSize bytes; default: ali-oss's own */
  async aliOss(file: SampleFile, parallel: number, partSize?: number): Promise<Transferred> {
    const id = this.#id()
    const before = await this.#sink.record('')
    const args = [
      RIVALS.multipartUpload,
      this.#storage,
      `${id}/object`,
      file.path,
      parallel,
      ...(partSize ? [partSize] : []),
    ]
    const { process: wall } = await run(process.execPath, args.map(String))
    return { ...(await this.#received(id, file, before)), process: wall }
  }

  stop(): void {
    for (const link of this.#links) link.stop()
    this.#gateway.stop()
    this.#sink.stop()
  }

  #id(): string {
    return `transfer-${++this.#transfers}`
  }

  /** What the sink received. @throws Error unless it received the whole file */
  async #received(id: string, file: SampleFile, before: SinkRecord): Promise<SinkRecord> {
    const record = await this.#sink.record(id)
    if (record.bytes !== file.size) {
      throw new Error(`${id}: ${record.bytes} of ${file.size} bytes reached the sink`)
    }
    return { ...record, cpu: record.cpu - before.cpu }
  }
}
