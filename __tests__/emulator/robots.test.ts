// The forms of a message: action cards and mentions, as the pages `robot-message-type`, `custom-robots-send-group-messages` and
// `the-robot-sends-a-group-message` have them.
import { createHmac } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { startEmulator, type Emulator } from '../../emulator/emulator.ts'
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

    test('of the one button, where there are both', async () => {
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
    ])('not %s', async (_, actionCard) => {
      expect(await card(actionCard)).toBe(40035)
      expect(emulator.messages).toEqual([])
    })

    test('not without the card', async () => {
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

    test('everybody, with no word in the text', async () => {
      const { values, others } = emulator
      const [notified] = await mentioning('x', { isAtAll: true })
      expect(notified).toEqual([values.userId, others.secondUser.userId, others.userOutsideRange.userId])
    })

    test('nobody outside the group, whose number is masked', async () => {
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
  /** The parameters of each kind of card beside title and text, with the code for each that is left out. */
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
