import type { Text } from '../../http/text.ts'
import { ADMIN, GUIDE, ISSUES, STORAGE_HOSTS } from '../../text/links.ts'
import type { Hint } from '../hint.ts'
import { type Advice, outages } from './shared.ts'

const COPY_LINK_AGAIN: Text = {
  en: 'Copy the link of the folder again in DingTalk and set it as folder-url.',
  zh: '请在钉钉中重新复制文件夹链接，填入 folder-url。',
}

const WRONG_FOLDER: Hint = {
  cause: { en: 'DingTalk does not accept the ID of the folder.', zh: '钉钉不接受该文件夹 ID。' },
  fix: COPY_LINK_AGAIN,
}

const WRONG_UUID: Hint = {
  cause: {
    en: 'The ID in parent-uuid or folder-url is not the ID of a folder.',
    zh: 'parent-uuid 或 folder-url 中的 ID 不是文件夹的 ID。',
  },
  fix: COPY_LINK_AGAIN,
}

const NO_SUCH_SPACE: Hint = {
  cause: {
    en: 'This organization has no such space (space-id or folder-url).',
    zh: '本组织没有该空间（space-id 或 folder-url）。',
  },
  fix: {
    en: "Check that the folder belongs to the app's organization. Then copy its link again and set it as folder-url.",
    zh: '请确认文件夹属于应用所在的组织，然后重新复制文件夹链接，填入 folder-url。',
  },
}

const NO_SUCH_FOLDER: Hint = {
  cause: {
    en: 'The folder (parent-id or folder-url) is not in this space.',
    zh: '该空间中没有这个文件夹（parent-id 或 folder-url）。',
  },
  fix: {
    en: 'It may have been moved or deleted. Copy its link again and set it as folder-url.',
    zh: '文件夹可能已被移动或删除。请重新复制文件夹链接，填入 folder-url。',
  },
}

const NO_WRITE: Hint = {
  cause: {
    en: "The operator (user-id or union-id) can't edit this folder, so the app can't either.",
    zh: '操作者（user-id 或 union-id）没有该文件夹的编辑权限，应用也就无法上传。',
  },
  fix: {
    en: 'Give the operator edit access to the folder, or use a folder in the team files (团队文件). Only the owner can write to My files (我的文件).',
    zh: '请为操作者授予编辑权限，或改用「团队文件」中的文件夹。「我的文件」只有本人可以操作。',
  },
}

/** @param en, zh what the operator cannot do */
const noRight = (en: string, zh: string): Hint => ({
  cause: {
    en: `The operator (user-id or union-id) can't ${en}.`,
    zh: `操作者（user-id 或 union-id）没有${zh}的权限。`,
  },
  fix: {
    en: 'Give the operator this right, or use an operator who has it.',
    zh: '请为操作者授权，或改用有权限的操作者。',
  },
})

/** @param en, zh the inputs that the call is made of */
const wrongParameter = (en: string, zh: string): Hint => ({
  cause: { en: 'DingTalk does not accept a value in the request.', zh: '钉钉不接受请求中的某个参数。' },
  fix: { en: `Check ${en}.`, zh: `请检查 ${zh}。` },
})

/** What the action sends of itself, whatever the inputs: a refusal means that the API has changed. */
const ownParameter = (name: string): Hint => ({
  cause: {
    en: `DingTalk does not accept ${name}, which the action sets by itself.`,
    zh: `钉钉不接受 ${name}，该参数由本 action 自动填写。`,
  },
  fix: {
    en: 'Your inputs are not the cause; the API may have changed. Report it with the request id.',
    zh: '这与输入无关，可能是接口有变化。请附上 request id 反馈。',
  },
  link: ISSUES,
})

/** Where nothing more can be stored. */
const FULL: Advice = {
  spaceQuotaInsufficient: {
    cause: {
      en: 'The space of the folder (folder-url) is full.',
      zh: '目标文件夹（folder-url）所在的空间已满。',
    },
    fix: {
      en: 'Delete old files, or ask the administrator of the space for more storage.',
      zh: '请清理旧文件，或请管理员扩容。',
    },
  },
  sceneQuotaInsufficient: {
    cause: {
      en: 'The organization has no storage left for this kind of space.',
      zh: '本组织中此类空间的存储容量不足。',
    },
    fix: {
      en: 'Delete old files, or ask an administrator to raise the limit.',
      zh: '请清理旧文件，或由管理员调整容量。',
    },
    link: ADMIN,
  },
  appQuotaInsufficient: {
    cause: {
      en: 'The app (app-key) has no storage left.',
      zh: '该应用（app-key）的存储容量不足。',
    },
    fix: {
      en: 'Delete files that it uploaded, or ask an administrator to raise its limit.',
      zh: '请清理其上传的文件，或由管理员调整容量。',
    },
    link: ADMIN,
  },
  orgQuotaInsufficient: {
    cause: { en: 'The organization has no storage left.', zh: '本组织的存储空间不足。' },
    fix: {
      en: 'Delete old files, or ask an administrator to buy more storage.',
      zh: '请清理旧文件，或由管理员扩容。',
    },
    link: ADMIN,
  },
}

const NO_UPLOAD: Advice = {
  dentryUploadError: {
    cause: {
      en: 'DingTalk could not prepare the upload to this folder (folder-url).',
      zh: '钉钉无法为该文件夹（folder-url）准备上传。',
    },
    fix: {
      en: 'Re-run the job. If it fails again, try another folder.',
      zh: '请重新运行；如果仍然失败，请换一个文件夹。',
    },
  },
  dentryUploadForbidden: {
    cause: {
      en: 'The settings of this folder (folder-url) or of the organization forbid uploads.',
      zh: '该文件夹（folder-url）的设置或本组织的策略禁止上传。',
    },
    fix: {
      en: 'Ask the administrator, or use another folder.',
      zh: '请联系管理员，或换一个文件夹。',
    },
  },
  dentryUploadProtocolNotSupport: {
    cause: {
      en: 'The space of this folder (folder-url) uses dedicated storage without signed uploads.',
      zh: '该文件夹（folder-url）所在空间使用的专属存储不支持此上传方式。',
    },
    fix: { en: 'Use a folder in another space.', zh: '请换用其他空间中的文件夹。' },
  },
}

const FOLDER: Advice = {
  spaceNotExist: NO_SUCH_SPACE,
  dentryNotExist: NO_SUCH_FOLDER,
  documentNotExist: WRONG_UUID,
  'paramError.spaceId': {
    cause: { en: 'DingTalk does not accept space-id.', zh: '钉钉不接受该 space-id。' },
    fix: {
      en: 'space-id is the number after spaceId= in the link of the folder. You can also set that link as folder-url.',
      zh: 'space-id 是文件夹链接中 spaceId= 后面的数字。也可以直接把链接填入 folder-url。',
    },
  },
  'paramError.parentId': {
    cause: { en: 'DingTalk does not accept parent-id.', zh: '钉钉不接受该 parent-id。' },
    fix: {
      en: 'parent-id is the number after fileId= in the link of the folder. You can also set that link as folder-url.',
      zh: 'parent-id 是文件夹链接中 fileId= 后面的数字。也可以直接把链接填入 folder-url。',
    },
  },
  'paramError.parentDentryUuid': WRONG_UUID,
  'paramError.dentryUuid': WRONG_UUID,
  'paramError.dentryId': WRONG_FOLDER,
  'Index: 0': WRONG_UUID,
}

/** Codes of refusals of the folder itself. */
export const FOLDER_CODES: ReadonlySet<string> = new Set(Object.keys(FOLDER))

const WRONG_NAME: Hint = {
  cause: { en: 'DingTalk does not allow the name of the file.', zh: '钉钉不允许使用该文件名。' },
  fix: {
    en: 'Rename the file, or set name. File names can\'t contain tabs or * " < > | /, or end with a dot.',
    zh: '请修改文件名，或设置 name。文件名不能包含制表符和 * " < > | /，也不能以「.」结尾。',
  },
}

const NAME: Advice = { 'paramError.name': WRONG_NAME, dentryNameIllegal: WRONG_NAME }

const TARGET: Text = {
  en: 'folder-url (or space-id, parent-id, parent-uuid), union-id, and name',
  zh: 'folder-url（或 space-id、parent-id、parent-uuid）、union-id 和 name',
}

const CHANGED_AT_ONCE: Hint = {
  cause: {
    en: 'Another job is changing this folder at the same time.',
    zh: '有其他任务正在同时修改该文件夹。',
  },
  fix: {
    en: 'Run the jobs that upload to this folder one at a time, or increase retries.',
    zh: '请错开上传到同一文件夹的任务，或调大 retries。',
  },
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

const UPLOAD_GONE: Text = {
  en: 'DingTalk no longer knows this upload.',
  zh: '钉钉已找不到本次上传。',
}

export const PART_INFO: Advice = {
  ...FOLDER,
  ...outages('preparing the parts of the upload', '准备分片'),
  paramError: wrongParameter('union-id and part-size', 'union-id 和 part-size'),
  'paramError.uploadKey': {
    cause: UPLOAD_GONE,
    fix: {
      en: 'It may have taken too long. Re-run the job. On a slow network, increase concurrency or set multipart-threshold: 0.',
      zh: '可能是耗时过长。请重新运行；如果网络较慢，可调大 concurrency，或设置 multipart-threshold: 0。',
    },
  },
  'paramError.partNumbers': {
    cause: { en: 'DingTalk does not accept the part numbers.', zh: '钉钉不接受分片编号。' },
    fix: {
      en: 'Set part-size to auto or to a larger value, so that the file has fewer parts.',
      zh: '请把 part-size 设为 auto 或更大的值，以减少分片数。',
    },
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
  permissionDenied: noRight('view this folder in DingTalk Docs', '在钉钉文档中查看该文件夹'),
}

const PASS_STORAGE: Text = {
  en: `Add the storage hosts to NO_PROXY, or let the proxy pass them unchanged: ${STORAGE_HOSTS}. See ${GUIDE.en}`,
  zh: `请将存储域名加入 NO_PROXY，或让代理透传：${STORAGE_HOSTS}。详见 ${GUIDE.zh}`,
}

export const PUT: Advice = {
  RequestTimeTooSkewed: {
    cause: {
      en: 'The storage rejected a new signature as expired.',
      zh: '存储认为新获取的签名已过期。',
    },
    fix: {
      en: `Check the runner's clock and sync it with NTP. See ${GUIDE.en}`,
      zh: `请检查 runner 的系统时间，并开启 NTP 时间同步。详见 ${GUIDE.zh}`,
    },
  },
  SignatureDoesNotMatch: {
    cause: {
      en: 'The request was modified on its way to the storage, probably by a proxy that adds headers.',
      zh: '请求在传输过程中被修改，通常是代理添加了请求头。',
    },
    fix: PASS_STORAGE,
  },
  EntityTooLarge: {
    cause: {
      en: 'The file is too large for a single request to the storage.',
      zh: '单次请求的内容超过存储上限。',
    },
    fix: {
      en: 'Decrease multipart-threshold, so that the file is uploaded in parts.',
      zh: '请调小 multipart-threshold，改用分片上传。',
    },
  },
  NoSuchUpload: {
    cause: {
      en: 'The storage no longer knows this multipart upload.',
      zh: '存储中已没有此次分片上传。',
    },
    fix: {
      en: 'It may have taken too long. Re-run the job, or set multipart-threshold: 0.',
      zh: '可能是耗时过长。请重新运行，或设置 multipart-threshold: 0。',
    },
  },
  MissingContentLength: {
    cause: {
      en: 'The Content-Length header was removed on the way to the storage, probably by a proxy.',
      zh: '请求头 Content-Length 在传输过程中丢失，通常由代理引起。',
    },
    fix: PASS_STORAGE,
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
    cause: UPLOAD_GONE,
    fix: {
      en: 'It was committed already, or took too long. Check the folder (folder-url), then re-run the job.',
      zh: '可能已经提交过，或耗时过长。请先到目标文件夹（folder-url）中确认，再重新运行。',
    },
  },
  'paramError.conflictStrategy': {
    cause: {
      en: 'This folder does not support the given conflict-strategy.',
      zh: '该文件夹不支持当前的 conflict-strategy。',
    },
    fix: { en: 'Set conflict-strategy: auto-rename.', zh: '请设置 conflict-strategy: auto-rename。' },
  },
  dentryStoreError: {
    cause: {
      en: 'DingTalk did not find the uploaded data in its storage.',
      zh: '钉钉在存储中没有找到已上传的内容。',
    },
    fix: {
      en: `Re-run the job. If it fails again, let the proxy pass the storage hosts unchanged: ${STORAGE_HOSTS}. See ${GUIDE.en}`,
      zh: `请重新运行；如果仍然失败，请让代理透传存储域名：${STORAGE_HOSTS}。详见 ${GUIDE.zh}`,
    },
  },
  dentryNameConflict: {
    cause: {
      en: 'A file with this name already exists, and conflict-strategy is fail.',
      zh: '同名文件已存在，且 conflict-strategy 为 fail。',
    },
    fix: {
      en: 'To rename the new file or replace the existing one, set conflict-strategy to auto-rename or overwrite.',
      zh: '如需自动改名或覆盖，请把 conflict-strategy 设为 auto-rename 或 overwrite。',
    },
  },
  dentryFormatNotSupport: {
    cause: {
      en: "DingTalk doesn't accept this file type here.",
      zh: '该文件夹不支持此类文件。',
    },
    fix: {
      en: 'Upload the file as a zip: set archive: true.',
      zh: '请设置 archive: true，打包成 zip 上传。',
    },
  },
  permissionDenied: NO_WRITE,
}

const LOOKED_UP = wrongParameter(
  'folder-url (or space-id, parent-id) and union-id',
  'folder-url（或 space-id、parent-id）和 union-id',
)

export const DENTRY: Advice = {
  ...FOLDER,
  ...outages('looking up the folder', '查询文件夹'),
  paramError: LOOKED_UP,
  permissionDenied: noRight('view this folder (folder-url)', '查看该文件夹（folder-url）'),
}

const WRONG_FOLDER_NAME: Hint = {
  cause: {
    en: 'DingTalk does not allow the name of a folder (folder-path, keep-directories).',
    zh: '钉钉不允许该文件夹名（folder-path、keep-directories）。',
  },
  fix: {
    en: 'Folder names can\'t contain tabs or * " < > |, or end with a dot.',
    zh: '文件夹名不能包含制表符和 * " < > |，也不能以「.」结尾。',
  },
}

const NAME_TAKEN: Hint = {
  cause: {
    en: 'The name of a folder (folder-path, keep-directories) is already taken, perhaps by a file.',
    zh: '文件夹（folder-path、keep-directories）的名称已被占用，可能是同名文件。',
  },
  fix: {
    en: 'Use another name, or rename the existing file.',
    zh: '请换一个名称，或给已有的文件改名。',
  },
}

export const SUBFOLDER: Advice = {
  ...FULL,
  ...FOLDER,
  ...outages('creating the folder', '创建文件夹'),
  operationConcurrentControl: CHANGED_AT_ONCE,
  paramError: wrongParameter('folder-path, folder-url, and union-id', 'folder-path、folder-url 和 union-id'),
  'paramError.name': WRONG_FOLDER_NAME,
  'paramError.conflictStrategy': ownParameter('conflictStrategy'),
  dentryNameIllegal: WRONG_FOLDER_NAME,
  dentryAlreadyExist: NAME_TAKEN,
  NotAFolder: NAME_TAKEN,
  permissionDenied: noRight(
    'create folders (folder-path, keep-directories) here',
    '在此处创建文件夹（folder-path、keep-directories）',
  ),
}

export const LIST: Advice = {
  ...FOLDER,
  ...outages('listing the folder', '列出文件夹'),
  paramError: LOOKED_UP,
  permissionDenied: noRight('list this folder (folder-url)', '列出该文件夹（folder-url）'),
}

const NO_RECYCLE_BIN = ownParameter('toRecycleBin')

/** Deletion of the files of earlier runs. */
export const BATCH_REMOVE: Advice = {
  ...FOLDER,
  ...outages('deleting files of earlier runs', '删除更早的运行上传的文件'),
  operationConcurrentControl: CHANGED_AT_ONCE,
  dentryNotExist: {
    cause: {
      en: 'A file of an earlier run was deleted by someone else at the same time.',
      zh: '更早的运行上传的某个文件同时被其他人删除。',
    },
    fix: {
      en: 'You do not need to do anything: the next run with keep-last deletes the other files.',
      zh: '无需处理：下一次设置了 keep-last 的运行会删除其余文件。',
    },
  },
  paramError: wrongParameter('folder-url and union-id', 'folder-url 和 union-id'),
  'paramError.dentryIds': ownParameter('dentryIds'),
  recycleBinNotSupportForSpace: NO_RECYCLE_BIN,
  operationNotSupported: NO_RECYCLE_BIN,
  permissionDenied: noRight(
    'delete files in this folder (folder-url); keep-last needs it',
    '删除该文件夹（folder-url）中的文件（keep-last 需要）',
  ),
}
