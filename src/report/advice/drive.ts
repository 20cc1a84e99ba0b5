import type { Hint } from '../hint.ts'
import { ADMIN, GUIDE, ISSUES, STORAGE_HOSTS } from './links.ts'
import { outages, type Advice } from './shared.ts'

const COPY_AGAIN: Hint = {
  en: 'Check the folder: copy its link again in DingTalk and give it as folder-url.',
  zh: '请检查目标文件夹：在钉钉中重新复制文件夹链接，填入 folder-url。',
}

const WRONG_UUID: Hint = {
  en: 'Check parent-uuid or folder-url: this is not the ID of a folder. Copy the link of the folder again in DingTalk and give it as folder-url.',
  zh: '请检查 parent-uuid 或 folder-url：其中的 ID 不是文件夹的 ID。请在钉钉中重新复制文件夹链接，填入 folder-url。',
}

const NO_SUCH_SPACE: Hint = {
  en: "There is no such space in this organization. Check space-id or folder-url: does the folder belong to the app's organization? Copy its link again and give it as folder-url.",
  zh: '本组织没有该空间。请检查 space-id 或 folder-url：文件夹是否属于应用所在的组织？请重新复制文件夹链接，填入 folder-url。',
}

const NO_SUCH_FOLDER: Hint = {
  en: 'The folder is not in this space; it may have been moved or deleted. Check parent-id, or copy its link again and give it as folder-url.',
  zh: '该空间中没有这个文件夹，可能已被移动或删除。请检查 parent-id，或重新复制文件夹链接，填入 folder-url。',
}

const NO_WRITE: Hint = {
  en:
    'The operator (user-id / union-id) may not write to this folder, so the app may not do so on their behalf. ' +
    'Give them permission to edit it. Only its owner can write to 我的文件 (My files): use a folder in 团队文件 (team files) instead.',
  zh: '操作者（user-id / union-id）没有该文件夹的编辑权限，应用也就无法代其操作。请为其授予编辑权限；「我的文件」只有本人可以操作，建议改用「团队文件」中的文件夹。',
}

/** @param en, zh what the operator may not do */
const noRight = (en: string, zh: string): Hint => ({
  en: `The operator (user-id / union-id) may not ${en}: give them that right, or choose an operator who has it.`,
  zh: `操作者（user-id / union-id）没有${zh}的权限：请为其授权，或改用有权限的操作者。`,
})

/** @param en, zh the inputs that the call is made of */
const wrongParameter = (en: string, zh: string): Hint => ({
  en: `DingTalk does not accept a value of this call; its answer above says which. Check ${en}.`,
  zh: `钉钉不接受本次调用的某个参数，具体见上面的报错。请检查 ${zh}。`,
})

/** What the action sends of itself, whatever the inputs: a refusal means that the API has changed. */
const ownParameter = (name: string): Hint => ({
  en: `The action chooses ${name} itself, so no input is wrong; the API may have changed. Report it with the request id: ${ISSUES}`,
  zh: `${name} 由本 action 自动填写，与输入无关，可能是接口有变化。请附上 request id 反馈：${ISSUES}`,
})

/** Where nothing more can be stored. */
const FULL: Advice = {
  spaceQuotaInsufficient: {
    en: 'There is no room left in the space of the folder (folder-url): delete old files there, or ask its administrator for more room.',
    zh: '目标文件夹（folder-url）所在的空间已满：请清理旧文件，或请管理员扩容。',
  },
  sceneQuotaInsufficient: {
    en: `There is no room left for this kind of space in the organization: delete old files, or let an administrator raise the limit at ${ADMIN}`,
    zh: `本组织中此类空间的存储容量不足：请清理旧文件，或由管理员在 ${ADMIN} 调整容量。`,
  },
  appQuotaInsufficient: {
    en: `There is no room left for this app (app-key): delete files that it uploaded, or let an administrator raise its limit at ${ADMIN}`,
    zh: `该应用（app-key）的存储容量不足：请清理其上传的文件，或由管理员在 ${ADMIN} 调整容量。`,
  },
  orgQuotaInsufficient: {
    en: `There is no room left in the organization: delete old files, or let an administrator buy more storage at ${ADMIN}`,
    zh: `本组织的存储空间不足：请清理旧文件，或由管理员在 ${ADMIN} 扩容。`,
  },
}

const NO_UPLOAD: Advice = {
  dentryUploadError: {
    en: 'DingTalk could not prepare the upload to this folder (folder-url). Run the job again; if it fails again, try another folder.',
    zh: '钉钉无法为该文件夹（folder-url）准备上传。请重新运行；如果仍然失败，请换一个文件夹。',
  },
  dentryUploadForbidden: {
    en: 'Uploads to this folder (folder-url) are forbidden by its settings or by the organization: ask its administrator, or choose another folder.',
    zh: '该文件夹（folder-url）的设置或本组织的策略禁止上传：请联系管理员，或换一个文件夹。',
  },
  dentryUploadProtocolNotSupport: {
    en: 'The space of this folder (folder-url) has dedicated storage that takes no signed uploads: choose a folder in another space.',
    zh: '该文件夹（folder-url）所在空间使用的专属存储不支持此上传方式：请换用其他空间中的文件夹。',
  },
}

const FOLDER: Advice = {
  spaceNotExist: NO_SUCH_SPACE,
  dentryNotExist: NO_SUCH_FOLDER,
  documentNotExist: WRONG_UUID,
  'paramError.spaceId': {
    en: 'Check space-id: it is the number after spaceId= in the link of the folder. Or give that link as folder-url.',
    zh: '请检查 space-id：即文件夹链接中 spaceId= 后面的数字。也可以直接把链接填入 folder-url。',
  },
  'paramError.parentId': {
    en: 'Check parent-id: it is the number after fileId= in the link of the folder. Or give that link as folder-url.',
    zh: '请检查 parent-id：即文件夹链接中 fileId= 后面的数字。也可以直接把链接填入 folder-url。',
  },
  'paramError.parentDentryUuid': WRONG_UUID,
  'paramError.dentryUuid': WRONG_UUID,
  'paramError.dentryId': COPY_AGAIN,
  'Index: 0': WRONG_UUID,
}

/** Codes of refusals of the folder itself. */
export const FOLDER_CODES: ReadonlySet<string> = new Set(Object.keys(FOLDER))

const NAME: Advice = {
  'paramError.name': {
    en: 'Check the name of the file, or name: DingTalk forbids tab * " < > | / in a name, and a dot at its end.',
    zh: '请检查文件名或 name：钉钉的文件名不能含制表符、* " < > |、/，也不能以「.」结尾。',
  },
  dentryNameIllegal: {
    en: 'Rename the file, or set name: DingTalk forbids tab * " < > | / in a name, and a dot at its end.',
    zh: '请修改文件名，或设置 name：钉钉的文件名不能含制表符、* " < > |、/，也不能以「.」结尾。',
  },
}

const TARGET = {
  en: 'folder-url (or space-id, parent-id, parent-uuid), union-id and name',
  zh: 'folder-url（或 space-id、parent-id、parent-uuid）、union-id 和 name',
}

const CHANGED_AT_ONCE: Hint = {
  en: 'Somebody else changes this folder at the same time: let jobs that upload to it run one after the other, or increase retries.',
  zh: '有其他任务正在同时修改该文件夹：请错开上传到同一文件夹的任务，或增大 retries。',
}

const BEGIN: Advice = {
  ...FULL,
  ...NO_UPLOAD,
  ...FOLDER,
  ...NAME,
  paramError: wrongParameter(TARGET.en, TARGET.zh),
  'paramError.protocol': ownParameter('protocol'),
  'paramError.storageDriver': ownParameter('storageDriver'),
  'paramError.multipart': ownParameter('multipart'),
  permissionDenied: NO_WRITE,
}

export const UPLOAD_INFO: Advice = { ...BEGIN, ...outages('preparing the upload', '准备上传') }

export const MULTIPART_INIT: Advice = {
  ...BEGIN,
  ...outages('preparing the multipart upload', '准备分片上传'),
}

export const PART_INFO: Advice = {
  ...FOLDER,
  ...outages('preparing the parts of the upload', '准备分片'),
  paramError: wrongParameter('union-id and part-size', 'union-id 和 part-size'),
  'paramError.uploadKey': {
    en: 'DingTalk no longer knows this upload; it may have taken too long. Run the job again; for a slow connection, increase concurrency or set multipart-threshold: 0.',
    zh: '钉钉已找不到本次上传，可能是耗时过长。请重新运行；如果网络较慢，可增大 concurrency，或设置 multipart-threshold: 0。',
  },
  'paramError.partNumbers': {
    en: 'DingTalk does not accept the numbers of the parts: set part-size to auto, or to a larger value, so that the file has fewer parts.',
    zh: '钉钉不接受分片编号：请把 part-size 设为 auto 或更大的值，以减少分片数。',
  },
  permissionDenied: NO_WRITE,
}

export const SPACE: Advice = {
  ...FOLDER,
  ...outages('looking up the space of the folder', '查询文件夹所在空间'),
  paramError: wrongParameter(
    'parent-uuid (or folder-url) and union-id',
    'parent-uuid（或 folder-url）和 union-id',
  ),
  permissionDenied: noRight('see this folder in DingTalk Docs', '在钉钉文档中查看该文件夹'),
}

export const PUT: Advice = {
  RequestTimeTooSkewed: {
    en: `The storage takes a new signature for too old: check the clock of this runner. See ${GUIDE.en}`,
    zh: `存储认为新获取的签名已过期：请检查 runner 的系统时间。详见 ${GUIDE.zh}`,
  },
  SignatureDoesNotMatch: {
    en: `Something between this runner and the storage changes the request, usually a proxy that adds headers: let the storage hosts pass untouched (${STORAGE_HOSTS}). See ${GUIDE.en}`,
    zh: `请求在传输过程中被修改，通常是代理添加了请求头：请让代理直接放行存储域名（${STORAGE_HOSTS}），或加入 NO_PROXY。详见 ${GUIDE.zh}`,
  },
  EntityTooLarge: {
    en: 'The storage does not take that much in one request: set multipart-threshold lower, so that the file is uploaded in parts.',
    zh: '单次请求的内容超过存储上限：请调小 multipart-threshold，改用分片上传。',
  },
  NoSuchUpload: {
    en: 'The storage no longer knows this multipart upload; it may have taken too long. Run the job again, or set multipart-threshold: 0.',
    zh: '存储中已没有此次分片上传，可能是耗时过长。请重新运行，或设置 multipart-threshold: 0。',
  },
  MissingContentLength: {
    en: `Something between this runner and the storage, usually a proxy, removes the Content-Length header: let the storage hosts pass untouched (${STORAGE_HOSTS}). See ${GUIDE.en}`,
    zh: `请求头 Content-Length 在传输过程中丢失，通常由代理引起：请让代理直接放行存储域名（${STORAGE_HOSTS}）。详见 ${GUIDE.zh}`,
  },
}

export const COMMIT: Advice = {
  ...FULL,
  ...FOLDER,
  ...NAME,
  ...outages('committing the file', '提交文件'),
  operationConcurrentControl: CHANGED_AT_ONCE,
  paramError: wrongParameter(TARGET.en, TARGET.zh),
  'paramError.uploadKey': {
    en: 'DingTalk no longer knows this upload: it was committed already, or took too long. Look into the folder (folder-url), then run the job again.',
    zh: '钉钉已找不到本次上传：可能已经提交过，或耗时过长。请先到目标文件夹（folder-url）中确认，再重新运行。',
  },
  'paramError.conflictStrategy': {
    en: 'This folder does not support this conflict-strategy: use auto-rename.',
    zh: '该文件夹不支持当前的 conflict-strategy：请改为 auto-rename。',
  },
  dentryStoreError: {
    en: `DingTalk did not find the uploaded bytes in its storage. Run the job again; if it fails again, let the storage hosts pass untouched (${STORAGE_HOSTS}). See ${GUIDE.en}`,
    zh: `钉钉在存储中没有找到已上传的内容。请重新运行；如果仍然失败，请让代理直接放行存储域名（${STORAGE_HOSTS}）。详见 ${GUIDE.zh}`,
  },
  dentryNameConflict: {
    en: 'A file of this name already exists, and conflict-strategy is fail. To rename or replace it, set conflict-strategy to auto-rename or overwrite.',
    zh: '同名文件已存在，且 conflict-strategy 为 fail。如需自动改名或覆盖，请把 conflict-strategy 设为 auto-rename 或 overwrite。',
  },
  dentryFormatNotSupport: {
    en: 'This folder does not take files of this kind: pack them with archive: true.',
    zh: '该文件夹不支持此类文件：请设置 archive: true，打包成 zip 上传。',
  },
  permissionDenied: NO_WRITE,
}

export const DENTRY: Advice = {
  ...FOLDER,
  ...outages('looking up the folder', '查询文件夹'),
  paramError: wrongParameter(
    'folder-url (or space-id, parent-id) and union-id',
    'folder-url（或 space-id、parent-id）和 union-id',
  ),
  permissionDenied: noRight('see this folder (folder-url)', '查看该文件夹（folder-url）'),
}

export const SUBFOLDER: Advice = {
  ...FULL,
  ...FOLDER,
  ...outages('creating the folder', '创建文件夹'),
  operationConcurrentControl: CHANGED_AT_ONCE,
  paramError: wrongParameter('folder-path, folder-url and union-id', 'folder-path、folder-url 和 union-id'),
  'paramError.name': {
    en: 'Check folder-path: DingTalk forbids tab * " < > | in the name of a folder, and a dot at its end.',
    zh: '请检查 folder-path：文件夹名不能含制表符、* " < > |，也不能以「.」结尾。',
  },
  'paramError.conflictStrategy': ownParameter('conflictStrategy'),
  dentryNameIllegal: {
    en: 'Check folder-path: a folder in it has a name that DingTalk forbids. Names must not contain tab * " < > | or end with a dot.',
    zh: '请检查 folder-path：其中有钉钉不允许的文件夹名。名称不能含制表符、* " < > |，也不能以「.」结尾。',
  },
  dentryAlreadyExist: {
    en: 'Check folder-path: the name of a folder in it is already taken there, perhaps by a file. Choose another name, or rename what is there.',
    zh: '请检查 folder-path：其中某一级的名称已被占用，可能是同名文件。请换一个名称，或给已有的文件改名。',
  },
  permissionDenied: noRight('create folders (folder-path) here', '在此处创建文件夹（folder-path）'),
}

export const LIST: Advice = {
  ...FOLDER,
  ...outages('listing the folder', '列出文件夹'),
  paramError: wrongParameter(
    'folder-url (or space-id, parent-id) and union-id',
    'folder-url（或 space-id、parent-id）和 union-id',
  ),
  permissionDenied: noRight('list this folder (folder-url)', '列出该文件夹（folder-url）'),
}
