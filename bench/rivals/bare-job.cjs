// The same job without the action: uploads one file and sends it to one chat. It makes the requests that the action
// makes, two of them at the same time like the action, and checks only their status. It reads the inputs from the same
// variables. CommonJS, because that starts faster than a module.
const { readFileSync } = require('node:fs')
const { Agent, request } = require('node:http')
const { basename } = require('node:path')

const agent = new Agent({ keepAlive: true })
const input = (name) => process.env[`INPUT_${name.toUpperCase()}`]
const [api, oapi, space] = [input('api-base-url'), input('oapi-base-url'), input('space-id')]

function send(method, url, headers, body) {
  return new Promise((resolve, reject) => {
    const outgoing = request(url, { method, agent, headers: { ...headers, 'content-length': body.length } })
    outgoing.on('error', reject).on('response', (response) => {
      let text = ''
      response.setEncoding('utf8').on('data', (chunk) => (text += chunk))
      response.on('error', reject).on('end', () => {
        if (response.statusCode === 200) resolve(text)
        else reject(new Error(`${method} ${url}: ${response.statusCode} ${text}`))
      })
    })
    outgoing.end(body)
  })
}

async function post(url, body, token) {
  const headers = { 'content-type': 'application/json' }
  if (token) headers['x-acs-dingtalk-access-token'] = token
  return JSON.parse(await send('POST', url, headers, Buffer.from(JSON.stringify(body))))
}

async function job() {
  const contents = readFileSync(input('path'))
  const [name, parentId, size] = [basename(input('path')), input('parent-id'), contents.length]
  const credentials = { appKey: input('app-key'), appSecret: input('app-secret') }
  const { accessToken: token } = await post(`${api}/v1.0/oauth2/accessToken`, credentials)
  const [user, chat] = await Promise.all([
    post(`${oapi}/topapi/v2/user/get?access_token=${encodeURIComponent(token)}`, {
      userid: input('user-id'),
      language: 'zh_CN',
    }),
    post(`${api}/v1.0/im/chat/${input('chat-id')}/convertToOpenConversationId`, {}, token),
  ])
  const by = `unionId=${user.result.unionid}`
  const files = `${api}/v1.0/storage/spaces/${space}/files`
  const option = { storageDriver: 'DINGTALK', preCheckParam: { size, name, parentId } }
  const query = { protocol: 'HEADER_SIGNATURE', multipart: false, option }
  const { uploadKey, headerSignatureInfo } = await post(`${files}/uploadInfos/query?${by}`, query, token)
  await send('PUT', headerSignatureInfo.resourceUrls[0], headerSignatureInfo.headers, contents)
  const commit = { uploadKey, name, parentId, option: { size, conflictStrategy: 'AUTO_RENAME' } }
  const { dentry } = await post(`${files}/commit?${by}`, commit, token)
  const { openConversationId } = chat
  const message = { spaceId: dentry.spaceId, dentryId: dentry.id, openConversationId }
  await post(`${api}/v1.0/convFile/conversations/files/send?${by}`, message, token)
}

job()
