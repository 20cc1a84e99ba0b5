import type { Block, Label, Scheme } from './scheme.ts'

const DEVELOPER = { zh: 'open-dev.dingtalk.com' }
const ADMIN = { zh: 'oa.dingtalk.com' }
const CLIENT = { zh: '钉钉', en: 'DingTalk' }
const GITHUB = { zh: 'github.com' }

/** The menu of an app in the developer console, with one page chosen. */
function appMenu(active: string) {
  const items: readonly Label[] = [
    { zh: '凭证与基础信息', en: 'Credentials' },
    { zh: '添加应用能力', en: 'Add abilities' },
    { zh: '权限管理', en: 'Permissions' },
    { zh: '版本管理与发布', en: 'Versions' },
  ]
  return items.map((label) => ({ label, isActive: label.zh === active }))
}

const granted = (zh: string, code: string): Block => ({
  kind: 'row',
  label: { zh },
  code,
  action: { zh: '已开通', en: 'enabled' },
})

/** The pictures of the setup guide, by the names of their files. */
export const SCHEMES: Readonly<Record<string, Scheme>> = {
  '1-create-app': {
    title: { en: 'Create an app in the developer console', zh: '在开发者后台创建应用' },
    place: DEVELOPER,
    menu: [
      { label: { zh: '应用开发', en: 'Apps' }, isActive: true, mark: 1 },
      { label: { zh: '钉钉应用', en: 'DingTalk apps' }, mark: 1 },
    ],
    blocks: [
      { kind: 'button', label: { zh: '创建应用', en: 'Create app' }, mark: 2 },
      { kind: 'field', label: { zh: '应用名称', en: 'App name' }, value: 'CI', mark: 3 },
      { kind: 'field', label: { zh: '应用描述', en: 'App description' }, value: 'GitHub Actions' },
      { kind: 'button', label: { zh: '保存', en: 'Save' }, mark: 3 },
    ],
  },
  '1-credentials': {
    title: { en: "The app's Client ID and Client Secret", zh: '应用的 Client ID 和 Client Secret' },
    place: DEVELOPER,
    menu: appMenu('凭证与基础信息').map((item) => (item.isActive ? { ...item, mark: 4 } : item)),
    blocks: [
      { kind: 'field', label: { zh: 'Client ID (AppKey)' }, value: 'dingabc123…', mark: 5 },
      { kind: 'field', label: { zh: 'Client Secret (AppSecret)' }, value: '••••••••••••', mark: 6 },
    ],
  },
  '2-permissions': {
    title: { en: 'Enable a permission of the app', zh: '为应用开通权限' },
    place: DEVELOPER,
    menu: appMenu('权限管理').map((item) => (item.isActive ? { ...item, mark: 1 } : item)),
    blocks: [
      { kind: 'field', label: { zh: '搜索', en: 'Search' }, value: 'Storage.File.Write', mark: 2 },
      {
        kind: 'row',
        label: { zh: '企业存储文件写权限' },
        code: 'Storage.File.Write',
        action: { zh: '立即开通', en: 'enable' },
        mark: 3,
      },
      granted('企业存储文件读权限', 'Storage.File.Read'),
      granted('群文件发送权限', 'ConvFile.File.Send'),
    ],
  },
  '3-publish': {
    title: { en: 'Publish a version of the app', zh: '发布应用版本' },
    place: DEVELOPER,
    menu: appMenu('版本管理与发布').map((item) => (item.isActive ? { ...item, mark: 1 } : item)),
    blocks: [
      { kind: 'button', label: { zh: '创建新版本', en: 'Create new version' }, mark: 2 },
      { kind: 'field', label: { zh: '应用版本号', en: 'App version' }, value: '1.0.0' },
      { kind: 'field', label: { zh: '应用可见范围', en: 'App visibility' }, value: '全部员工', mark: 3 },
      { kind: 'button', label: { zh: '保存', en: 'Save' }, mark: 4 },
      { kind: 'button', label: { zh: '直接发布', en: 'Publish now' }, mark: 5 },
    ],
  },
  '4-user-id': {
    title: { en: "A member's UserID in the admin console", zh: '管理后台中成员的 UserID' },
    place: ADMIN,
    menu: [
      { label: { zh: '通讯录', en: 'Contacts' }, isActive: true, mark: 1 },
      { label: { zh: '成员管理', en: 'Members' }, mark: 1 },
    ],
    blocks: [
      { kind: 'row', label: { zh: '张三' }, action: { zh: '详情', en: 'details' }, mark: 2 },
      { kind: 'field', label: { zh: '员工UserID', en: 'UserID' }, value: 'manager01', mark: 3 },
    ],
  },
  '4-union-id': {
    title: { en: "A member's unionId in the API Explorer", zh: '在 API Explorer 中查询成员的 unionId' },
    place: DEVELOPER,
    blocks: [
      { kind: 'text', label: { zh: 'API Explorer → 查询用户详情', en: 'Get user details' } },
      { kind: 'field', label: { zh: 'userid' }, value: 'manager01', mark: 1 },
      { kind: 'button', label: { zh: '发起调用', en: 'Run' }, mark: 2 },
      { kind: 'code', lines: ['"result": {', '  "unionid": "iSabc123iE…"', '}'], mark: 3 },
    ],
  },
  '5-folder-link': {
    title: { en: 'Copy the link of a folder in the drive', zh: '在云盘中复制文件夹链接' },
    place: CLIENT,
    menu: [
      { label: { zh: '消息', en: 'Messages' } },
      { label: { zh: '云盘', en: 'Drive' }, isActive: true, mark: 1 },
    ],
    blocks: [
      { kind: 'field', label: { zh: '选择组织', en: 'Organization' }, value: '示例科技', mark: 2 },
      { kind: 'text', label: { zh: '团队文件', en: 'Team files' } },
      { kind: 'row', label: { zh: '📁 builds' }, action: { zh: '⋯' }, mark: 3 },
      { kind: 'button', label: { zh: '复制链接', en: 'Copy link' }, mark: 4 },
    ],
  },
  '5-link-ids': {
    title: {
      en: 'The space ID and the folder ID in the link of a folder',
      zh: '文件夹链接中的空间 ID 和文件夹 ID',
    },
    place: { zh: '文件夹链接', en: 'link of a folder' },
    blocks: [
      { kind: 'code', lines: ['https://qr.dingtalk.com/page/yunpan?'] },
      { kind: 'code', lines: ['spaceId=10000000001'], mark: 1 },
      { kind: 'text', label: { zh: '空间 ID → space-id', en: 'space ID' } },
      { kind: 'code', lines: ['&fileId=20000000002'], mark: 2 },
      { kind: 'text', label: { zh: '父目录 ID → parent-id', en: 'folder ID' } },
      { kind: 'code', lines: ['&type=folder'], mark: 3 },
      { kind: 'text', label: { zh: '必须是 folder', en: 'must be folder' } },
    ],
  },
  '6-corp-id': {
    title: { en: 'The CorpId on the home page of the developer console', zh: '开发者后台首页的 CorpId' },
    place: DEVELOPER,
    blocks: [
      { kind: 'text', label: { zh: '首页右上角', en: 'Home page, top right' } },
      { kind: 'field', label: { zh: 'CorpId' }, value: 'ding0123456789abcdef', mark: 1 },
      { kind: 'button', label: { zh: '复制', en: 'Copy' }, mark: 1, isQuiet: true },
    ],
  },
  '6-explorer': {
    title: { en: 'The JSAPI Explorer with its QR code', zh: 'JSAPI Explorer 和二维码' },
    place: DEVELOPER,
    blocks: [
      { kind: 'text', label: { zh: 'JSAPI Explorer' } },
      { kind: 'text', label: { zh: 'biz.chat.chooseConversationByCorpId' } },
      { kind: 'field', label: { zh: 'corpId' }, value: 'ding0123456789abcdef', mark: 2 },
      { kind: 'button', label: { zh: '发起调用', en: 'Run' }, mark: 3 },
      { kind: 'qr', label: { zh: '用手机钉钉扫码', en: 'Scan with DingTalk on your phone' }, mark: 4 },
      { kind: 'button', label: { zh: '再次点击「发起调用」', en: 'Run again' }, mark: 5 },
    ],
  },
  '6-choose-group': {
    title: { en: 'Choose the group on the phone, and read its chatId', zh: '在手机上选择群，得到 chatId' },
    place: CLIENT,
    blocks: [
      { kind: 'text', label: { zh: '手机：选择会话', en: 'On your phone: choose a chat' } },
      {
        kind: 'row',
        label: { zh: '👥 产品测试群', en: 'Test group' },
        action: { zh: '选择', en: 'choose' },
        mark: 6,
      },
      { kind: 'text', label: { zh: '浏览器：返回结果', en: 'In the browser: the response' } },
      {
        kind: 'code',
        lines: ['{', '  "chatId": "chat0123456789abcdef…",', '  "title": "产品测试群"', '}'],
        mark: 7,
      },
    ],
  },
  '6-open-conversation-id': {
    title: {
      en: 'Turn the chatId into an openConversationId in the API Explorer',
      zh: '在 API Explorer 中把 chatId 转换为 openConversationId',
    },
    place: DEVELOPER,
    blocks: [
      {
        kind: 'text',
        label: { zh: '获取群会话的 OpenConversationId', en: 'Get the OpenConversationId of a group chat' },
      },
      { kind: 'field', label: { zh: 'chatId' }, value: 'chat0123456789abcdef…', mark: 8 },
      { kind: 'button', label: { zh: '发起调用', en: 'Run' }, mark: 8 },
      { kind: 'code', lines: ['"openConversationId": "cidAbC…=="'], mark: 9 },
    ],
  },
  '7-doctor': {
    title: { en: 'The check in a terminal', zh: '在终端中运行检查' },
    place: { zh: '终端', en: 'terminal' },
    blocks: [
      { kind: 'code', lines: ['$ npm run doctor'], mark: 1 },
      {
        kind: 'code',
        lines: [
          '✅ app-key, app-secret',
          '✅ Storage.File.Write',
          'Error: ConvFile.File.Send',
          '  群文件发送权限 → https://…',
        ],
        mark: 2,
      },
    ],
  },
  '8-secrets': {
    title: { en: 'Secrets and variables of a repository', zh: '仓库的 Secrets 和 Variables' },
    place: GITHUB,
    menu: [
      { label: { zh: 'Settings' }, mark: 1 },
      { label: { zh: 'Secrets and' } },
      { label: { zh: 'variables' }, mark: 2 },
      { label: { zh: 'Actions' }, isActive: true, mark: 3 },
    ],
    blocks: [
      { kind: 'text', label: { zh: 'Secrets' } },
      { kind: 'field', label: { zh: 'Name' }, value: 'DINGTALK_APP_SECRET', mark: 4 },
      { kind: 'text', label: { zh: 'Variables' } },
      { kind: 'field', label: { zh: 'Name' }, value: 'DINGTALK_APP_KEY', mark: 5 },
      { kind: 'field', label: { zh: 'Name' }, value: 'DINGTALK_USER_ID', mark: 5 },
    ],
  },
  '9-run-check': {
    title: { en: 'Start the check on the Actions tab', zh: '在 Actions 页启动检查' },
    place: GITHUB,
    menu: [
      { label: { zh: 'Actions' }, mark: 1 },
      { label: { zh: 'Check the' }, isActive: true },
      { label: { zh: 'DingTalk setup' } },
    ],
    blocks: [
      { kind: 'text', label: { zh: 'Check the DingTalk setup' } },
      { kind: 'button', label: { zh: 'Run workflow' }, mark: 2 },
      { kind: 'row', label: { zh: '✅ check' }, action: { zh: 'Summary' }, mark: 3 },
    ],
  },
  '10-upload': {
    title: { en: 'The file in the group', zh: '群里收到的文件' },
    place: { zh: '产品测试群', en: 'Test group' },
    blocks: [
      { kind: 'text', label: { zh: '张三', en: 'the operator' } },
      { kind: 'row', label: { zh: '📄 build.txt' }, code: '29 B', action: { zh: '预览', en: 'preview' } },
    ],
  },
  'robot-ability': {
    title: { en: 'Add a robot to the app, and find its code', zh: '为应用添加机器人，获取 RobotCode' },
    place: DEVELOPER,
    menu: appMenu('添加应用能力').map((item) => (item.isActive ? { ...item, mark: 1 } : item)),
    blocks: [
      { kind: 'row', label: { zh: '机器人', en: 'Robot' }, action: { zh: '添加', en: 'add' }, mark: 2 },
      { kind: 'field', label: { zh: '机器人名称', en: 'Robot name' }, value: 'CI' },
      { kind: 'button', label: { zh: '发布', en: 'Publish' }, mark: 3 },
      { kind: 'field', label: { zh: 'RobotCode' }, value: 'dingabc123…', mark: 4 },
    ],
  },
  'robot-group': {
    title: { en: "Add the app's robot to a group", zh: '把应用机器人添加到群' },
    place: CLIENT,
    menu: [
      { label: { zh: '群设置', en: 'Group settings' }, isActive: true, mark: 1 },
      { label: { zh: '机器人', en: 'Robots' }, mark: 2 },
    ],
    blocks: [
      { kind: 'button', label: { zh: '添加机器人', en: 'Add robot' }, mark: 3 },
      { kind: 'field', label: { zh: '搜索', en: 'Search' }, value: 'CI', mark: 4 },
      { kind: 'button', label: { zh: '添加', en: 'Add' }, mark: 5 },
      { kind: 'button', label: { zh: '完成添加', en: 'Finish' }, mark: 6 },
    ],
  },
  'robot-custom': {
    title: { en: 'A custom robot with a signing secret', zh: '使用加签的自定义机器人' },
    place: CLIENT,
    menu: [
      { label: { zh: '群设置', en: 'Group settings' }, isActive: true, mark: 1 },
      { label: { zh: '机器人', en: 'Robots' }, mark: 1 },
    ],
    blocks: [
      { kind: 'button', label: { zh: '添加机器人', en: 'Add robot' }, mark: 2 },
      { kind: 'row', label: { zh: '自定义', en: 'Custom' }, action: { zh: '添加', en: 'add' }, mark: 3 },
      { kind: 'field', label: { zh: '☑ 加签', en: 'Sign requests' }, value: 'SEC0123…', mark: 4 },
      { kind: 'button', label: { zh: '完成', en: 'Finish' }, mark: 5 },
      { kind: 'field', label: { zh: 'Webhook' }, value: 'https://oapi.dingtalk…', mark: 6 },
    ],
  },
}
