export interface Panel {
  title: string
  lines: readonly { label: string; points: readonly Point[] }[]
}

interface Point {
  /** MiB */
  x: number
  /** The label of `x` on the axis. */
  label: string
  /** MB/s */
  y: number
}

const [WIDTH, HEIGHT] = [460, 340]
const PLOT = { left: 52, right: 28, top: 58, bottom: 44 }
const COLOURS = ['#2f81f7', '#d4760a']

/** Throughput by file size as an SVG for light and dark mode. Both axes are logarithmic. */
export function chart(panels: readonly Panel[]): string {
  const width = WIDTH * panels.length
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${HEIGHT}" width="${width}" height="${HEIGHT}" role="img" aria-label="Throughput by file size">`,
    '<style>',
    'text { font: 12px system-ui, sans-serif; fill: #57606a }',
    '.title { font-size: 14px; font-weight: 600 }',
    '.grid { stroke: #8b949e; stroke-opacity: 0.35 }',
    '.line { fill: none; stroke-width: 2.5; stroke-linejoin: round }',
    '@media (prefers-color-scheme: dark) { text { fill: #b1bac4 } }',
    '</style>',
    ...panels.map(
      (panel, index) => `<g transform="translate(${index * WIDTH} 0)">\n${draw(panel).join('\n')}\n</g>`,
    ),
    '</svg>\n',
  ].join('\n')
}

function draw({ title, lines }: Panel): string[] {
  const points = lines.flatMap((line) => line.points)
  const xs = points.map(({ x }) => x)
  const decades = points.map(({ y }) => Math.log10(y))
  const [bottom, top] = [Math.floor(Math.min(...decades)), Math.ceil(Math.max(...decades))]
  const x = scale(Math.log2(Math.min(...xs)), Math.log2(Math.max(...xs)), PLOT.left, WIDTH - PLOT.right)
  const y = scale(bottom, top, HEIGHT - PLOT.bottom, PLOT.top)
  const grid = Array.from({ length: top - bottom + 1 }, (_, index) => bottom + index).flatMap((decade) => {
    const at = y(decade)
    return [
      `<line class="grid" x1="${PLOT.left}" x2="${WIDTH - PLOT.right}" y1="${at}" y2="${at}"/>`,
      text(PLOT.left - 6, at + 4, String(10 ** decade), 'end'),
    ]
  })
  const names = new Map(points.map((point) => [point.x, point.label]))
  return [
    text(PLOT.left, 18, title, 'start', 'title'),
    ...grid,
    ...[...names].map(([size, label]) =>
      text(x(Math.log2(size)), HEIGHT - PLOT.bottom + 18, label, 'middle'),
    ),
    text(PLOT.left, HEIGHT - 6, 'MB/s of the whole process, by file size', 'start'),
    ...lines.flatMap((line, index) => {
      const colour = COLOURS[index] ?? ''
      const at = line.points.map((point) => [x(Math.log2(point.x)), y(Math.log10(point.y))] as const)
      const key = PLOT.left + index * 110
      return [
        `<polyline class="line" stroke="${colour}" points="${at.map((pair) => pair.join(',')).join(' ')}"/>`,
        ...at.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="3.5" fill="${colour}"/>`),
        `<line class="line" stroke="${colour}" x1="${key}" x2="${key + 22}" y1="36" y2="36"/>`,
        text(key + 28, 40, line.label, 'start'),
      ]
    }),
  ]
}

/** A linear scale, in tenths of a pixel. */
function scale(low: number, high: number, from: number, to: number): (value: number) => number {
  return (value) => Math.round((from + ((value - low) / (high - low || 1)) * (to - from)) * 10) / 10
}

function text(x: number, y: number, content: string, anchor: string, kind = ''): string {
  const style = kind === '' ? '' : ` class="${kind}"`
  return `<text${style} x="${x}" y="${y}" text-anchor="${anchor}">${content}</text>`
}
