// One `multipartUpload` of ali-oss. Arguments: endpoint, object, file, parallel parts, part size in bytes (its own
// default if it is left out).
const OSS = require('ali-oss')

const [endpoint, object, file, parallel, partSize] = process.argv.slice(2)
const client = new OSS({
  endpoint,
  cname: true,
  bucket: 'bench',
  accessKeyId: 'bench',
  accessKeySecret: 'bench',
  // ms: its default of one minute is too short for a large part over a slow link.
  timeout: 600_000,
})
client
  .multipartUpload(object, file, {
    parallel: Number(parallel),
    ...(partSize && { partSize: Number(partSize) }),
  })
  // Its kept-alive connections would hold the process for some seconds after the work is done.
  .then(() => process.exit(0))
