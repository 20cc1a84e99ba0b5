// One `multipartUpload` of ali-oss. Arguments: endpoint, object, file, parallel parts, and optionally the part size in
// bytes (default: ali-oss's own).
const OSS = require('ali-oss')

const [endpoint, object, file, parallel, partSize] = process.argv.slice(2)
const client = new OSS({
  endpoint,
  cname: true,
  bucket: 'bench',
  accessKeyId: 'bench',
  accessKeySecret: 'bench',
  // ms; the default of one minute is too short for a large part over a slow link.
  timeout: 600_000,
})
client
  .multipartUpload(object, file, {
    parallel: Number(parallel),
    ...(partSize && { partSize: Number(partSize) }),
  })
  // Idle keep-alive connections would keep the process running for some seconds.
  .then(() => process.exit(0))
