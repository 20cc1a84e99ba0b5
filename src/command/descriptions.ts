// Made from action.yml and docs/action.zh-CN.yml by npm run tables.
import type { Text } from '../http/text.ts'
import type { InputName } from '../inputs/inputs.ts'

/** What each input is for. Markdown. */
export const DESCRIPTIONS: Readonly<Record<InputName, Text>> = {
  'app-key': {
    en: 'AppKey (Client ID) of the internal app, e.g. `dingabc123`. Required unless `robot-webhook` posts a `message` without files',
    zh: '企业内部应用的 AppKey（Client ID），例如 `dingabc123`。必填（由 `robot-webhook` 单独发送 `message`、不上传文件时可省略）',
  },
  'app-secret': {
    en: 'AppSecret (Client Secret) of the app. Required together with `app-key`. Store it as a repository secret; it is masked in logs',
    zh: '应用的 AppSecret（Client Secret），与 `app-key` 一同填写。请保存在仓库的 secret 中；日志中会自动打码',
  },
  'user-id': {
    en: 'userId of the operator, e.g. `manager01`. Files are uploaded and sent on behalf of this user. Set `user-id` or `union-id`',
    zh: '操作者的 userId，例如 `manager01`；以该成员的身份上传和发送文件。`user-id` 与 `union-id` 必填其一',
  },
  'folder-url': {
    en: 'Link copied from a folder in the drive (`https://qr.dingtalk.com/page/yunpan?…spaceId=123&fileId=456&type=folder`, `dingtalk://dingtalkclient/page/yunpan?…`) or in DingTalk Docs (`https://alidocs.dingtalk.com/i/nodes/…`). Use it instead of the next two inputs',
    zh: '在云盘文件夹上「复制链接」得到的链接（`https://qr.dingtalk.com/page/yunpan?…spaceId=123&fileId=456&type=folder`、`dingtalk://dingtalkclient/page/yunpan?…`），或钉钉文档文件夹的链接（`https://alidocs.dingtalk.com/i/nodes/…`）。可代替下面两项',
  },
  'space-id': { en: 'ID of the space, e.g. `12345678901`', zh: '空间 ID，例如 `12345678901`' },
  'parent-id': {
    en: 'ID of the folder within the space, e.g. `98765432109`; `0` is the root folder',
    zh: '空间内的文件夹 ID，例如 `98765432109`；`0` 表示根目录',
  },
  'folder-path': {
    en: 'Path of a subfolder of that folder, e.g. `releases/v1.2.0`. Missing folders are created',
    zh: '该文件夹下的子文件夹路径，例如 `releases/v1.2.0`；不存在的文件夹会自动创建',
  },
  'keep-directories': {
    en: 'Whether to recreate the directories of the files as folders, instead of putting all files into one folder: `true` or `false`. Directories are relative to the part of `path` before the first wildcard; for several lines, to the common parent directory of these parts. Each folder uses one API call per run',
    zh: '是否按文件所在目录创建文件夹，而不是把所有文件放在同一文件夹中：`true` 或 `false`。目录相对于 `path` 中第一个通配符之前的部分；有多行时，相对于这些部分的共同上级目录。每个文件夹每次运行消耗一次 API 调用',
  },
  'conflict-strategy': {
    en: 'What to do if a file with the same name exists: `auto-rename`, `overwrite` (add a new version), `return-existing` (upload nothing), `if-changed` (upload and send only if the content differs from what this action uploaded), or `fail`',
    zh: '同名文件已存在时：`auto-rename`（自动改名）、`overwrite`（新增版本）、`return-existing`（不上传，返回已有文件）、`if-changed`（仅当内容与本 action 此前上传的不同时，才上传新版本并发送）或 `fail`（报错）',
  },
  'keep-last': {
    en: 'Number of recent runs whose files stay in the folder (1 to 1000), including this run, e.g. `10`. If everything succeeds, the action deletes the files that older runs of this workflow uploaded to this folder, in most spaces permanently. It counts each branch separately, all tags together, and all pull requests together. It deletes only files that it uploaded, never folders or files that someone else has changed. `mode: check` lists the files. Default: nothing is deleted',
    zh: '文件夹中保留最近多少次运行的文件（1 至 1000，含本次运行），例如 `10`。全部成功后，删除本工作流之前的运行上传到该文件夹的文件；在大多数空间中删除后无法恢复。每个分支单独计算，所有标签合并计算，所有 pull request 合并计算。只删除本 action 上传的文件，不会删除文件夹，也不会删除被其他人修改过的文件。`mode: check` 会列出将要删除的文件。默认不删除任何文件',
  },
  path: {
    en: 'Files, directories, or glob patterns, one per line, e.g. `app/build/outputs/**/*.apk`. A line that starts with `!` excludes files. Same syntax as `actions/upload-artifact`. Required unless you use `release-tag`, `mode: check`, or a `message` without files',
    zh: '文件、目录或通配符，每行一个，例如 `app/build/outputs/**/*.apk`；以 `!` 开头的行表示排除。规则与 `actions/upload-artifact` 相同。必填（使用 `release-tag`、`mode: check` 或单独发送 `message` 时可省略）',
  },
  'include-hidden-files': {
    en: 'Whether to include files and directories whose names start with a dot: `true` or `false`',
    zh: '是否包含名称以点开头的文件和目录：`true` 或 `false`',
  },
  'if-no-files-found': {
    en: 'What to do if no files are found: `error`, `warn`, or `ignore`',
    zh: '没有找到文件时：`error`（报错）、`warn`（警告）或 `ignore`（忽略）',
  },
  name: {
    en: 'File name in DingTalk, e.g. `app-v1.2.apk`. Only for a single file, or with `archive`. Default: the name of the file, or `artifact.zip`',
    zh: '在钉钉中的文件名，例如 `app-v1.2.apk`；仅在只有一个文件或使用 `archive` 时可用。默认为文件原名或 `artifact.zip`',
  },
  archive: {
    en: 'Whether to pack all files into one zip: `true` or `false`. Paths in it are relative to the part of `path` before the first wildcard',
    zh: '是否把所有文件打包成一个 zip：`true` 或 `false`。包内路径相对于 `path` 中第一个通配符之前的目录',
  },
  'release-tag': {
    en: 'Tag of the GitHub release whose assets are uploaded, e.g. `v1.2.0`, or `latest`. If you also set `path`, its lines without a slash filter the assets by name',
    zh: '上传该 GitHub Release 的附件，例如 `v1.2.0` 或 `latest`。可与 `path` 同时使用，此时 `path` 中不含斜杠的行用于按名称筛选附件',
  },
  'github-token': {
    en: 'Token for reading the release; needs `contents: read`. Masked in logs',
    zh: '用于读取该 Release 的 token，需要 `contents: read` 权限；日志中会自动打码',
  },
  'chat-id': {
    en: 'Groups to send the files to, one ID per line: openConversationId (`cid…`) or chatId (`chat…`). Omit to upload without sending',
    zh: '接收文件的群，每行一个 ID：openConversationId（`cid…`）或 chatId（`chat…`）。不填则只上传，不发送',
  },
  'to-user-ids': {
    en: 'Users who get the files from the app, one userId per line, e.g. `manager01`. With `robot-code`, they also get `message` and `images`',
    zh: '接收文件的成员，每行一个 userId，例如 `manager01`；由应用发送。填写 `robot-code` 时，他们也会收到 `message` 和 `images`',
  },
  'send-as': {
    en: 'What groups get: `file` (a copy in the files of the group) or `link` (a link to the file in the folder; only members who can view the folder can open it). Users in `to-user-ids` always get the file',
    zh: '发送到群的形式：`file`（在群文件中保存一份副本）或 `link`（指向文件夹中该文件的链接，只有能查看该文件夹的群成员才能打开）。`to-user-ids` 中的成员收到的始终是文件',
  },
  message: {
    en: 'Markdown message, posted after all files are sent, e.g. `{status} **{ref}** by {actor}: {title}`. Without `path` and `release-tag`, it is posted on its own. Placeholders: `{files}`, `{count}`, `{size}`, `{status}`, `{title}`, `{changes}`, `{run}`, `{commit}`, `{actor}`, `{ref}`, `{repository}`, `{workflow}`, `{notes}`',
    zh: '所有文件发送完成后发送的 Markdown 消息，例如 `{status} **{ref}** by {actor}：{title}`。没有填写 `path` 和 `release-tag` 时，单独发送消息。占位符：`{files}`、`{count}`、`{size}`、`{status}`、`{title}`、`{changes}`、`{run}`、`{commit}`、`{actor}`、`{ref}`、`{repository}`、`{workflow}`、`{notes}`',
  },
  images: {
    en: 'Pictures, posted after `message` or on their own, one per line (up to 5): the path of a png, jpg, gif, or bmp file (up to 20 MB), or `qr:` and a link to draw as a QR code, e.g. `qr:{files}` for the first file. Placeholders work in the link. Requires `robot-code`',
    zh: '在 `message` 之后发送的图片（没有 `message` 时单独发送），每行一张，最多 5 张：png、jpg、gif 或 bmp 文件的路径（不超过 20 MB），或 `qr:` 加链接，链接会绘制为二维码，例如 `qr:{files}` 指向第一个文件。链接中可使用占位符。需要 `robot-code`',
  },
  buttons: {
    en: 'Buttons below `message`, one Markdown link per line (up to 5), e.g. `[Install]({files})`: `{files}` leads to the first file, `{run}` to the run. Addresses must start with `https://`, `http://`, or `dingtalk://`. Placeholders inside an address are percent-encoded',
    zh: '`message` 下方的按钮，每行一个 Markdown 链接，最多 5 个，例如 `[安装]({files})`：`{files}` 指向第一个文件，`{run}` 指向工作流运行。链接以 `https://`、`http://` 或 `dingtalk://` 开头；链接中的占位符会做百分号编码',
  },
  mention: {
    en: 'People to mention in `message`, one per line: `all`, `author` (of the head commit or the pull request; see `members`), a userId, e.g. `manager01`, or a mobile number. Write `user:` before a userId that looks like something else. Requires `robot-webhook`. Store mobile numbers as a secret, because GitHub shows inputs in the log. The action itself masks them',
    zh: '`message` 要 @ 的成员，每行一项：`all`（所有人）、`author`（最新提交的作者，pull request 则为其创建者；需填写 `members`）、userId（例如 `manager01`）或手机号。如果 userId 形似其他取值，请在前面加上 `user:`。需要 `robot-webhook`。GitHub 会在日志中显示输入值，请把手机号保存为 secret；本 action 会自动打码',
  },
  members: {
    en: 'The userIds that `author` in `mention` looks up: one line for each GitHub login or email address, e.g. `octocat = manager01`, or the path of a file with such lines',
    zh: '用于 `mention` 中的 `author`：GitHub 用户名或邮箱对应的 userId，每行一个，例如 `octocat = manager01`；也可以将这些内容写入文件，并填写文件路径',
  },
  'robot-code': {
    en: "Code of the app's own robot, e.g. `dingabc123`. It posts `message` and `images` to the groups in `chat-id` and the users in `to-user-ids`",
    zh: '应用机器人的 robotCode，例如 `dingabc123`；由它将 `message` 和 `images` 发送到 `chat-id` 中的群和 `to-user-ids` 中的成员',
  },
  'robot-webhook': {
    en: 'Webhook URLs of custom robots, one per line, e.g. `https://oapi.dingtalk.com/robot/send?access_token=…`. Each posts `message` in its own group. Use it instead of `robot-code`. Masked in logs',
    zh: '自定义机器人的 Webhook 地址，每行一个，例如 `https://oapi.dingtalk.com/robot/send?access_token=…`；`message` 会发到每个机器人所在的群。与 `robot-code` 二选一；日志中会自动打码',
  },
  'robot-secret': {
    en: 'Signing secret (`SEC…`) of the custom robot, if its security setting is Sign (加签). For several robots, enter one per line, in the order of `robot-webhook`, and `none` for a robot without a secret. Masked in logs',
    zh: '自定义机器人的加签密钥（`SEC…`），安全设置选择「加签」时填写。有多个机器人时每行一个，顺序与 `robot-webhook` 相同，未加签的填 `none`；日志中会自动打码',
  },
  mode: {
    en: '`upload`, or `check` to verify permissions, IDs, and connectivity without uploading or sending anything',
    zh: '`upload`，或 `check`（不上传、不发送，只检查权限、ID 和网络连接）',
  },
  language: {
    en: 'Language of errors, the job summary, and the log: `both` (English and Chinese; routine log lines in English), `en`, or `zh`',
    zh: '报错、任务摘要和日志的语言：`both`（报错和摘要为中英文，普通日志为英文）、`zh` 或 `en`',
  },
  status: {
    en: 'Value for `{status}` in `message` and `buttons`: `success`, `failure`, `cancelled`, or `skipped`. The default is the status of this job so far. In a separate notification job, set it to the result of the job that it reports',
    zh: '`message` 和 `buttons` 中 `{status}` 的值：`success`、`failure`、`cancelled` 或 `skipped`。默认为当前任务截至本步骤的状态。如果在单独的任务中发送通知，请填写所通知任务的结果',
  },
  'union-id': {
    en: "unionId of the operator, e.g. `iSabc123iE`. With it, the action skips the user lookup and doesn't need its permission. Takes precedence over `user-id`",
    zh: '操作者的 unionId，例如 `iSabc123iE`；填写后无需查询成员，也无需对应的权限。与 `user-id` 同时填写时以此为准',
  },
  concurrency: {
    en: 'Maximum number of connections, over all files and parts (1 to 32). With `auto`, the action adds connections as long as the upload gets faster, and uses fewer if the storage is overloaded',
    zh: '所有文件和分片同时使用的最大连接数（1 至 32）。`auto`：只要能提高速度就增加连接，存储繁忙时自动减少',
  },
  'prefer-region': {
    en: 'Region where DingTalk should store new files: `zhangjiakou`, `shenzhen`, `shanghai`, or `singapore`. DingTalk may choose another one; the log shows which one',
    zh: '希望钉钉存储新文件的地域：`zhangjiakou`（张家口）、`shenzhen`（深圳）、`shanghai`（上海）或 `singapore`（新加坡）。钉钉可能选择其他地域，实际地域见日志',
  },
  'request-timeout': {
    en: 'Seconds without a response or transfer progress after which an attempt fails (1 to 3600)',
    zh: '超时时间（秒，1 至 3600）。超过该时间没有响应或没有数据传输，本次请求视为失败',
  },
  retries: { en: 'Number of retries per call (0 to 20)', zh: '接口调用失败后的最大重试次数（0 至 20）' },
  'api-base-url': {
    en: 'Base URL of the API. Change it for dedicated deployments, gateways, or the emulator',
    zh: 'API 地址。使用专属部署、网关或模拟器时修改',
  },
  'oapi-base-url': {
    en: 'Base URL of the legacy API (oapi). Change it together with `api-base-url`',
    zh: '旧版 API（oapi）地址，与 `api-base-url` 一起修改',
  },
  'job-identity': {
    en: 'Identifies the job of a matrix when a run is re-run; keep the default',
    zh: '用于在重新运行时区分同一矩阵（matrix）中的各个任务，请保留默认值',
  },
}
