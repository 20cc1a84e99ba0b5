// The forms of a message: action cards and mentions, as the pages `robot-message-type`, `custom-robots-send-group-messages` and
// `the-robot-sends-a-group-message` have them.
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/emulator.ts'
import { parseRefusal } from '../../emulator/faults/refusals.ts'
import { PNG } from '../../test-support/contract-calls.ts'
import { Caller } from '../../test-support/emulator-caller.ts'

let emulator: Emulator
let caller: Caller

beforeEach(async () => {
  emulator = await startEmulator()
  caller = new Caller(emulator)
})
afterEach(() => emulator.close())

const latest = () => emulator.messages.at(-1)

describe('a custom robot', () => {
  /** @returns the errcode */
  const post = async (body: object) => {
    const { webhook, secret } = emulator.others.customRobot
    const timestamp = Date.now()
    const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64')
    const { status, json } = await caller.http(
      `${webhook}&timestamp=${timestamp}&sign=${encodeURIComponent(sign)}`,
      { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) },
    )
    expect(status).toBe(200)
    return json.errcode
  }

  describe('posts a card', () => {
    const single = { title: 't', text: 'x', singleTitle: 'b', singleURL: 'https://a.b/' }
    const btns = ['1', '2', '3', '4', '5', '6'].map((n) => ({ title: n, actionURL: `https://a.b/${n}` }))
    const several = { title: 't', text: 'x', btnOrientation: '0', btns }
    const card = (actionCard: object) => post({ msgtype: 'actionCard', actionCard })

    test('of one button', async () => {
      expect(await card(single)).toBe(0)
      expect(latest()).toMatchObject({ kind: 'actionCard', title: 't', text: 'x' })
      expect(latest()?.buttons).toEqual([{ title: 'b', url: 'https://a.b/' }])
    })

    test('of several: the page has no limit', async () => {
      for (const btnOrientation of ['0', '1']) expect(await card({ ...several, btnOrientation })).toBe(0)
      expect(latest()?.buttons).toEqual(btns.map(({ title, actionURL }) => ({ title, url: actionURL })))
    })

    test('of one button if both forms are given', async () => {
      expect(await card({ ...several, ...single })).toBe(0)
      expect(latest()?.buttons).toHaveLength(1)
    })

    test.each<[string, object]>([
      ...(['title', 'text', 'singleTitle', 'singleURL'] as const).flatMap((name): [string, object][] => [
        [`without ${name}`, { ...single, [name]: undefined }],
        [`with an empty ${name}`, { ...single, [name]: '' }],
      ]),
      ['without buttons', { ...several, btns: undefined }],
      ['with no button', { ...several, btns: [] }],
      ['without the title of a button', { ...several, btns: [{ actionURL: 'https://a.b/' }] }],
      ['without the address of a button', { ...several, btns: [{ title: 'b' }] }],
      ['with buttons in another direction', { ...several, btnOrientation: '2' }],
    ])('but not %s', async (_, actionCard) => {
      expect(await card(actionCard)).toBe(40035)
      expect(emulator.messages).toEqual([])
    })

    test('but not without the card', async () => {
      expect(await post({ msgtype: 'actionCard' })).toBe(40035)
    })
  })

  describe.each(['markdown', 'actionCard'])('mentions, in %s,', (msgtype) => {
    /** @returns who was notified, and the text as it is shown */
    const mentioning = async (text: string, at?: object) => {
      const content = { title: 't', text, singleTitle: 'b', singleURL: 'https://a.b/' }
      expect(await post({ msgtype, [msgtype]: content, at })).toBe(0)
      return [latest()?.mentions, latest()?.text]
    }

    test('only people whose ID is in the text', async () => {
      const { userId, mobile } = emulator.others.secondUser
      const [atUserIds, atMobiles] = [[userId], [mobile]]
      for (const [text, at, notified] of [
        [`x @${userId}`, { atUserIds }, [userId]],
        [`@${userId}, x`, { atUserIds }, [userId]],
        [`x @${mobile}\n`, { atMobiles }, [userId]],
        [`@${userId} @${mobile}`, { atUserIds, atMobiles }, [userId]],
        // What is missing in either place.
        ['x', { atUserIds, atMobiles }, []],
        [`@${userId} @${mobile}`, undefined, []],
        [`@${userId}0 @${mobile}0`, { atUserIds, atMobiles }, []],
        [`${userId} ${mobile}`, { atUserIds, atMobiles }, []],
      ] as const)
        expect(await mentioning(text, at)).toEqual([notified, text])
    })

    test('everyone without their IDs in the text', async () => {
      const { values, others } = emulator
      const [notified] = await mentioning('x', { isAtAll: true })
      expect(notified).toEqual([values.userId, others.secondUser.userId, others.userOutsideRange.userId])
    })

    test('no one outside the group, and masks their number', async () => {
      const { userId } = emulator.others.inactiveUser
      const at = { atUserIds: [userId], atMobiles: ['13912345678'] }
      expect(await mentioning(`@${userId} @13912345678`, at)).toEqual([[], `@${userId} @139****5678`])
    })
  })

  test.each<[string, object]>([
    ['51 users', { atUserIds: Array.from({ length: 51 }, (_, n) => `user${n}`) }],
    ['what is no list', { atMobiles: '13912345678' }],
    ['all, by a word', { isAtAll: 'true' }],
  ])('does not mention %s', async (_, at) => {
    expect(await post({ msgtype: 'markdown', markdown: { title: 't', text: 'x' }, at })).toBe(40035)
    expect(emulator.messages).toEqual([])
  })
})

describe("the app's robot", () => {
  /** The parameters of each kind of card besides title and text, with the code for each missing one. */
  const CARDS: Record<string, Record<string, string>> = {
    sampleActionCard: { singleTitle: 'singleTitle', singleURL: 'singleUrl' },
    ...Object.fromEntries([2, 3, 4, 5].map((count) => [`sampleActionCard${count}`, actions(count)])),
    sampleActionCard6: {
      buttonTitle1: 'btnsTotitle',
      buttonUrl1: 'btnsToactionUrl',
      buttonTitle2: 'btnsTotitle',
      buttonUrl2: 'btnsToactionUrl',
    },
  }

  function actions(count: number): Record<string, string> {
    const names = Array.from({ length: count }, (_, n) => [
      [`actionTitle${n + 1}`, 'btnsTotitle'],
      [`actionURL${n + 1}`, 'btnsToactionUrl'],
    ])
    return Object.fromEntries(names.flat()) as Record<string, string>
  }

  const parametersOf = (msgKey: string) => ['title', 'text', ...Object.keys(CARDS[msgKey] ?? {})]

  const post = (msgKey: string, names: readonly string[]) =>
    caller.gateway('/v1.0/robot/groupMessages/send', {
      body: {
        robotCode: emulator.others.robotCode,
        openConversationId: emulator.values.openConversationId,
        msgKey,
        msgParam: JSON.stringify(Object.fromEntries(names.map((name) => [name, `its ${name}`]))),
      },
    })

  test.each(Object.keys(CARDS))('posts %s', async (msgKey) => {
    const [title, text, ...buttons] = parametersOf(msgKey)
    expect((await post(msgKey, parametersOf(msgKey))).status).toBe(200)
    expect(latest()).toMatchObject({ kind: 'actionCard', title: `its ${title}`, text: `its ${text}` })
    expect(latest()?.buttons?.flatMap((button) => [button.title, button.url])).toEqual(
      buttons.map((name) => `its ${name}`),
    )
  })

  test.each(
    Object.entries(CARDS).flatMap(([msgKey, parameters]) =>
      Object.entries({ title: 'title', text: 'text', ...parameters }).map(
        ([name, code]) => [msgKey, name, `miss.param.actionCardTo${code}`] as const,
      ),
    ),
  )('does not post %s without %s', async (msgKey, name, code) => {
    const { status, json } = await post(
      msgKey,
      parametersOf(msgKey).filter((other) => other !== name),
    )
    expect([status, json.code]).toEqual([400, code])
    expect(emulator.messages).toEqual([])
  })

  test.each(['sampleActionCard7', 'sampleActionCard0', 'actionCard', 'constructor'])(
    'does not post %s',
    async (msgKey) => {
      expect((await post(msgKey, ['title', 'text'])).json.code).toBe('invalidParameter.msgKey.invalid')
    },
  )
})

describe('an image', () => {
  const upload = async (bytes: Uint8Array<ArrayBuffer>, type = 'image') => {
    const form = new FormData()
    form.append('media', new File([bytes], '构建.txt', { type: 'text/plain' }))
    const query = { access_token: await caller.token(), type }
    const { status, json } = await caller.oapi('/media/upload', { query, body: form })
    expect(status).toBe(200)
    return json
  }

  const post = (photoURL: string) =>
    caller.gateway('/v1.0/robot/groupMessages/send', {
      body: {
        robotCode: emulator.others.robotCode,
        openConversationId: emulator.values.openConversationId,
        msgKey: 'sampleImageMsg',
        msgParam: JSON.stringify({ photoURL }),
      },
    })

  test.each([
    ['PNG', PNG],
    ['JPEG', Buffer.from('ffd8ffe0', 'hex')],
    ['GIF', Buffer.from('GIF89a')],
    ['BMP', Buffer.from('BM')],
  ])('%s is uploaded with any name, and can be posted repeatedly', async (_, bytes) => {
    const { media_id: id, ...uploaded } = await upload(bytes)
    expect(uploaded).toEqual({ errcode: 0, errmsg: 'ok', type: 'image', created_at: expect.any(Number) })
    expect(emulator.requests.at(-1)).toMatchObject({ operation: 'uploadMedia', onQuota: true })
    for (let n = 1; n <= 2; n++) {
      expect((await post(id)).status).toBe(200)
      expect(emulator.messages).toHaveLength(n)
    }
    expect(latest()).toMatchObject({ kind: 'image', photoURL: id, to: emulator.values.openConversationId })
  })

  test('may have 20 MiB', async () => {
    const most = Buffer.concat([PNG], 20 * 1024 ** 2)
    expect((await upload(most)).errcode).toBe(0)
    expect((await upload(Buffer.concat([most], most.length + 1))).errcode).toBe(40006)
  })

  test.each<[string, Uint8Array<ArrayBuffer>, type: string | undefined, errcode: number]>([
    ['that is none', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), undefined, 40005],
    ['that is WebP', Buffer.from('RIFF\x04\0\0\0WEBP'), undefined, 40005],
    ['that is empty', Buffer.from(''), undefined, 44001],
    ['of another type', PNG, 'video', 40004],
  ])('%s is not uploaded', async (_, bytes, type, errcode) => {
    const { errcode: code, media_id: id } = await upload(bytes, type)
    expect([code, id]).toEqual([errcode, undefined])
  })

  test('is uploaded with its access token and type in the form', async () => {
    const form = new FormData()
    for (const [name, value] of Object.entries({ access_token: await caller.token(), type: 'image' }))
      form.append(name, value)
    form.append('media', new File([PNG], 'a.png'))
    expect((await caller.oapi('/media/upload', { query: {}, body: form })).json.errcode).toBe(0)
  })

  test.each<[string, string, object, number]>([
    ['without a file name', 'name="media"', {}, 41005],
    ['in no form', 'name="media"; filename="a.png"', { 'content-type': 'image/png' }, 43008],
    ['in a form without a boundary', '', { 'content-type': 'multipart/form-data' }, 43008],
  ])('%s is not uploaded', async (_, disposition, headers, errcode) => {
    const { json } = await caller.oapi('/media/upload', {
      query: { access_token: await caller.token(), type: 'image' },
      headers: { 'content-type': 'multipart/form-data; boundary=b', ...headers },
      body: `--b\r\ncontent-disposition: form-data; ${disposition}\r\n\r\nGIF89a\r\n--b--\r\n`,
    })
    expect(json.errcode).toBe(errcode)
  })

  test('is not uploaded without a valid access token', async () => {
    const form = new FormData()
    form.append('media', new File([PNG], 'a.png'))
    const upload = (access_token: string) =>
      caller.oapi('/media/upload', { query: { access_token, type: 'image' }, body: form })
    expect((await upload('x')).json.errcode).toBe(40014)
    const token = await caller.token()
    emulator.expireAccessTokens()
    expect((await upload(token)).json.errcode).toBe(42001)
  })

  test('of a website is posted by its address', async () => {
    expect((await post('https://example.com/a.png')).status).toBe(200)
    expect(latest()?.photoURL).toBe('https://example.com/a.png')
  })

  test.each<[string, () => string, code: string]>([
    ['unknown', () => `@lAD${'x'.repeat(36)}`, 'invalidParameter.param.invalid'],
    ["another app's", () => emulator.others.foreignMediaId, 'invalidParameter.param.invalid'],
    ['missing', () => '', 'miss.param.photoTophotoUrl'],
  ])('that is %s is not posted', async (_, photoURL, code) => {
    const { status, json } = await post(photoURL())
    expect([status, json.code]).toEqual([400, code])
    expect(emulator.messages).toEqual([])
  })
})

describe('to people', () => {
  const call = (change: object = {}) =>
    caller.gateway('/v1.0/robot/oToMessages/batchSend', {
      body: {
        robotCode: emulator.others.robotCode,
        userIds: [emulator.others.secondUser.userId],
        msgKey: 'sampleMarkdown',
        msgParam: JSON.stringify({ title: 't', text: 'x' }),
        ...change,
      },
    })

  test('sends a message to those who can receive it, and lists the others', async () => {
    const { values, others } = emulator
    const { secondUser, userOutsideRange, throttledUser, blockingUser } = others
    const userIds = [
      secondUser.userId,
      'nobody',
      throttledUser.userId,
      blockingUser.userId,
      userOutsideRange.userId,
      values.userId,
      secondUser.userId,
    ]
    const { status, json } = await call({ userIds })
    expect([status, json]).toEqual([
      200,
      {
        processQueryKey: expect.any(String),
        invalidStaffIdList: ['nobody', userOutsideRange.userId],
        flowControlledStaffIdList: [throttledUser.userId],
        filteredStaffIdList: [blockingUser.userId],
      },
    ])
    const message = { kind: 'markdown', by: others.robotCode, title: 't', text: 'x' }
    expect(emulator.messages).toMatchObject([
      { ...message, to: secondUser.unionId },
      { ...message, to: values.unionId },
    ])
    expect(emulator.requests.at(-1)).toMatchObject({ operation: 'postToUsers', onQuota: true })
  })

  test.each<[string, object, code: string]>([
    ['21 users', { userIds: Array.from({ length: 21 }, (_, n) => `user${n}`) }, 'userIds.overMax'],
    ['no users', { userIds: [] }, 'userIds.empty'],
    ['a number', { userIds: [1] }, 'param.invalid'],
    ['an unknown robot', { robotCode: 'dingx' }, 'robotCode.notExsit'],
    ['no robot', { robotCode: '' }, 'robotCode.empty'],
    ['no kind', { msgKey: undefined }, 'msgKey.empty'],
    ['another kind', { msgKey: 'sampleVideo' }, 'msgKey.invalid'],
    ['no JSON', { msgParam: 'x' }, 'msgParam.invalid'],
    ['more than 15,000 bytes', { msgParam: JSON.stringify({ x: 'x'.repeat(15_000) }) }, 'msgParam.tooLong'],
    ['an unknown image', { msgKey: 'sampleImageMsg', msgParam: '{"photoURL":"@lAD"}' }, 'param.invalid'],
  ])('sends nothing with %s', async (_, change, code) => {
    const { status, json } = await call(change)
    expect([status, json.code]).toEqual([400, `invalidParameter.${code}`])
    expect(emulator.messages).toEqual([])
  })

  test('plays faults for a message and an upload', async () => {
    emulator.faults.add({ operation: 'postToUsers', play: { kind: 'cut-after' } })
    emulator.faults.add(parseRefusal('uploadMedia=40006'))
    await expect(call()).rejects.toThrow()
    expect(emulator.messages).toHaveLength(1)
    const { json } = await caller.oapi('/media/upload', { body: new FormData() })
    expect(json.errcode).toBe(40006)
  })
})
