// Jest's own module loader does not strip types as Node does: hand it Node's stripper, so that tests run
// the very code that Node runs (positions stay the same, so no source map is needed).
import { stripTypeScriptTypes } from 'node:module'

export default {
  /** @param {string} source */
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
}
