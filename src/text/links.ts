/** Every link that messages give, once. */

/** DingTalk's documentation and support. */
export const SUPPORT = 'https://open.dingtalk.com/'
/** DingTalk's developer console. */
export const CONSOLE = 'https://open-dev.dingtalk.com/'
/** The apps of the organization, in the developer console. */
export const APPS = 'https://open-dev.dingtalk.com/fe/app#/corp/app'
/** DingTalk's page for administrators. */
export const ADMIN = 'https://oa.dingtalk.com/'
export const CHAT_EXPLORER = 'https://open.dingtalk.com/tools/explorer/jsapi?id=10303'
/** Where a defect of this action is reported. */
export const ISSUES = 'https://github.com/OWNER/upload-to-dingtalk/issues'
/** The guide of this action, whose end is about proxies, firewalls and quotas. */
export const GUIDE = {
  en: 'https://github.com/OWNER/upload-to-dingtalk/blob/main/docs/setup.md',
  zh: 'https://github.com/OWNER/upload-to-dingtalk/blob/main/docs/setup.zh-CN.md',
}

/** The base URLs of DingTalk's international edition, which has apps and members of its own. */
export const INTERNATIONAL = 'https://api.dingtalk.io, https://oapi.dingtalk.io'
export const STORAGE_HOSTS = '*.trans.dingtalk.com, *-trans.dingtalk.com, *.aliyuncs.com'
