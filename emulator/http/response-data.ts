/** What a request is answered with. */
export interface Answer {
  status: number
  /** JSON for an object, as it is for a string. */
  body?: object | string
  headers?: Record<string, string>
}
