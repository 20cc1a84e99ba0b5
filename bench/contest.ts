import { certificateIn, type Certificate } from './certificate.ts'
import { environment, run, runTimed } from './child.ts'
import { startGateway, type Gateway } from './gateway.ts'
import { startLink, type Link, type LinkConditions } from './link.ts'
import { probe, type Measured } from './links/probe.ts'
import { RIVALS } from './rivals.ts'
import type { SampleFile } from './sample-file.ts'
import { startSink, type Sink, type SinkRecord } from './sink.ts'
import { STEP, runStep, stepInputs } from './step.ts'

/** One transfer, as measured at both ends. */
export interface Transferred extends SinkRecord {
  /** s from just before the start of the process to its exit */
  process: number
}

/** A transfer whose sender's CPU time is known. */
export interface Timed extends Transferred {
  /** s of CPU of the sender, all threads: user and system */
  senderCpu: number
}

export interface TransferredByStep extends Timed {
  /** peak resident set size in bytes */
  maxRss: number
  quotaCalls: number
}

/** The simulated network between the contestants and the sink. Calls to the gateway take its round trip too. */
export interface Network extends LinkConditions {
  /** The sink and the gateway speak TLS. */
  tls?: boolean
  /** As in `SinkOptions`. */
  maxPuts?: number
}

/** Contestants that upload to the same sink, over loopback or over the same simulated network. */
export class Contest {
  readonly #sink: Sink
  readonly #gateway: Gateway
  readonly #links: readonly Link[]
  readonly #certificate: Certificate | undefined
  readonly #storage: string
  readonly #api: string
  readonly #directory: string
  readonly #network: Network | undefined
  #transfers = 0

  static async start(directory: string, network?: Network): Promise<Contest> {
    const { tls = false, maxPuts, ...conditions } = network ?? {}
    const certificate = tls ? certificateIn(directory) : undefined
    const sink = await startSink({ certificate, maxPuts })
    const gateway = await startGateway(certificate)
    const links = network
      ? await Promise.all([
          startLink(sink.port, { roundTrip: 0, ...conditions }),
          startLink(gateway.port, { roundTrip: network.roundTrip }),
        ])
      : []
    return new Contest(directory, network, sink, gateway, links, certificate)
  }

  private constructor(
    directory: string,
    network: Network | undefined,
    sink: Sink,
    gateway: Gateway,
    links: readonly Link[],
    certificate: Certificate | undefined,
  ) {
    this.#directory = directory
    this.#network = network
    this.#sink = sink
    this.#gateway = gateway
    this.#links = links
    this.#certificate = certificate
    // Two names, because clients keep TLS sessions by name, and these are two servers.
    const [storage, api] = certificate
      ? ['https://localhost', 'https://127.0.0.1']
      : ['http://127.0.0.1', 'http://127.0.0.1']
    this.#storage = `${storage}:${links[0]?.port ?? sink.port}`
    this.#api = `${api}:${links[1]?.port ?? gateway.port}`
  }

  /** The committed bundle. @param inputs in addition to those that every step has */
  async ours(file: SampleFile, inputs: Readonly<Record<string, string>> = {}): Promise<TransferredByStep> {
    const id = await this.#next()
    this.#gateway.storeAt(this.#storage, id)
    const before = await this.#sink.record('')
    const settings = { ...stepInputs(this.#api, file.path), ...inputs }
    const step = await runStep(settings, this.#directory, STEP, this.#trust())
    const seen = await this.#received(id, file, before)
    const { quotaCalls } = this.#gateway
    return { ...seen, process: step.process, senderCpu: step.cpu, maxRss: step.maxRss, quotaCalls }
  }

  /** `curl -T` with its defaults. */
  async curl(file: SampleFile): Promise<Timed> {
    return this.#curl(file, await this.#next())
  }

  /** Several `curl -T` at the same time, each over its own connection. */
  async curls(file: SampleFile, count: number): Promise<Transferred[]> {
    const first = await this.#next()
    const others = Array.from({ length: count - 1 }, () => this.#newId())
    return Promise.all([first, ...others].map((id) => this.#curl(file, id)))
  }

  async #curl(file: SampleFile, id: string): Promise<Timed> {
    const before = await this.#sink.record('')
    const trust = this.#certificate ? ['--cacert', this.#certificate.cert] : []
    const targets = file.paths.flatMap((path, index) => [
      '-T',
      path,
      `${this.#storage}/${id}/object-${index}`,
    ])
    // -q: ignore the user's configuration file
    const { process, cpu } = await runTimed('curl', ['-q', '-sS', '--fail', ...trust, ...targets])
    return { ...(await this.#received(id, file, before)), process, senderCpu: cpu }
  }

  /** `multipartUpload` of ali-oss. @param partSize bytes; default: ali-oss's own */
  async aliOss(file: SampleFile, parallel: number, partSize?: number): Promise<Transferred> {
    const id = await this.#next()
    const before = await this.#sink.record('')
    const args = [
      RIVALS.multipartUpload,
      this.#storage,
      `${id}/object`,
      file.path,
      parallel,
      ...(partSize ? [partSize] : []),
    ]
    const { process: wall } = await run(process.execPath, args.map(String), environment(this.#trust()))
    return { ...(await this.#received(id, file, before)), process: wall }
  }

  /** Measures the link to the storage; a shared rate only if it does not change. @throws Error unless it speaks TLS */
  async probe(): Promise<Measured> {
    if (!this.#certificate) throw new Error('only links with TLS are measured')
    const { rate, total } = this.#network ?? {}
    const id = await this.#next()
    const constant = typeof total === 'number' ? total : undefined
    return probe(`${this.#storage}/${id}/object`, this.#certificate, rate, constant)
  }

  stop(): void {
    for (const link of this.#links) link.stop()
    this.#gateway.stop()
    this.#sink.stop()
  }

  /** Restarts the links, which ends every connection. @returns the id of the next transfer */
  async #next(): Promise<string> {
    await Promise.all(this.#links.map((link) => link.reset()))
    return this.#newId()
  }

  #newId(): string {
    return `transfer-${++this.#transfers}`
  }

  #trust(): Record<string, string> {
    return this.#certificate ? { NODE_EXTRA_CA_CERTS: this.#certificate.cert } : {}
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
