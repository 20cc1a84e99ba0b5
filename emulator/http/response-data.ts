/** The response to a request. */
export interface ResponseData {
  status: number
  /** An object is sent as JSON, a string as it is. */
  body?: object | string
  headers?: Record<string, string>
}
