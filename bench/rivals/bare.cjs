// The least that Node can do: one request. CommonJS, because that starts sooner than a module.
const { request } = require('node:http')

request(process.argv[2], { method: 'POST' }).end('{}')
