// The least that a program with undici's dispatcher can do: one request. What is slower than this is the action's own.
const EnvHttpProxyAgent = require('../../node_modules/undici/lib/dispatcher/env-http-proxy-agent.js')

const ignore = () => undefined
new EnvHttpProxyAgent().dispatch(
  { origin: process.argv[2], path: '/', method: 'POST', body: '{}' },
  {
    onRequestStart: ignore,
    onResponseStart: ignore,
    onResponseData: ignore,
    onResponseEnd: ignore,
    onResponseError: ignore,
  },
)
