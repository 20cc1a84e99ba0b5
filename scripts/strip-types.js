// Jest's module loader doesn't strip types, so this uses Node's own function: tests run the same code as Node. Positions stay the
// same, so no source map is needed.
import { stripTypeScriptTypes } from 'node:module'

export default {
  /** @param {string} source */
  process: (source) => ({ code: stripTypeScriptTypes(source) }),
}
