export const id = 112;
export const ids = [112];
export const modules = {

/***/ 5112:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runCommand: () => (/* binding */ runCommand)
});

// EXTERNAL MODULE: ./build/process.js + 39 modules
var build_process = __webpack_require__(299);
// EXTERNAL MODULE: ./build/text/language.js
var text_language = __webpack_require__(46);
// EXTERNAL MODULE: ./build/text/plain-text.js
var plain_text = __webpack_require__(7012);
// EXTERNAL MODULE: ./build/inputs/inputs.js + 7 modules
var inputs = __webpack_require__(5532);
// EXTERNAL MODULE: ./build/inputs/secrets.js
var secrets = __webpack_require__(8569);
;// CONCATENATED MODULE: ./build/command/names.js


/** The inputs of the command. Only GitHub's runner can fill in the one that is left out. */
const COMMAND_INPUTS = Object.keys(inputs/* INPUTS */.m).filter((name) => name !== 'job-identity');
/** Whether an input is a secret. An argument is visible to every process of the machine, so no option takes one. */
function isSecret(name) {
    return secrets/* SECRETS */.c.includes(name);
}
/** Whether an input is `true` or `false`. */
function isBoolean(name) {
    return ['true', 'false'].includes(inputs/* INPUTS */.m[name]);
}
const PREFIX = 'DINGTALK_';
/** The environment variable of an input: `DINGTALK_APP_SECRET` for `app-secret`. */
function variableOf(input) {
    return PREFIX + input.replaceAll('-', '_').toUpperCase();
}
/** The input of an environment variable. @returns undefined if there is none */
function inputOf(variable) {
    return COMMAND_INPUTS.find((name) => variableOf(name) === variable);
}
/** Whether an environment variable is meant for an input, right or wrong. */
function isOurs(variable) {
    return variable.startsWith(PREFIX);
}
/** The name that is meant by a misspelled or shortened one, such as `chat`. @returns undefined if none is near */
function nearest(name, names) {
    if (names.includes(name))
        return name;
    const shortened = names.filter((other) => other.startsWith(`${name}-`) || other.endsWith(`-${name}`));
    if (shortened.length === 1)
        return shortened[0];
    const far = Math.max(1, Math.floor(name.length / 3));
    return names
        .map((other) => ({ other, distance: distance(name, other) }))
        .filter(({ distance }) => distance <= far)
        .sort((a, b) => a.distance - b.distance)[0]?.other;
}
/** How many characters must be added, removed or replaced to make one word of the other (Levenshtein). */
function distance(from, to) {
    let row = Array.from({ length: to.length + 1 }, (_, index) => index);
    for (let i = 1; i <= from.length; i++) {
        const next = [i];
        for (let j = 1; j <= to.length; j++) {
            const replaced = (row[j - 1] ?? 0) + (from[i - 1] === to[j - 1] ? 0 : 1);
            next.push(Math.min(replaced, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
        }
        row = next;
    }
    return row.at(-1) ?? 0;
}

;// CONCATENATED MODULE: ./build/command/usage-error.js
/** The command was used incorrectly. Nothing has happened yet. */
class UsageError extends Error {
    name = 'UsageError';
    /** Every problem, in whole sentences. */
    problems;
    constructor(problems) {
        super(problems.map(({ en }) => en).join('\n'));
        this.problems = problems;
    }
}

;// CONCATENATED MODULE: ./build/command/arguments.js


/** The options that aren't inputs, and whether each takes a value. */
const OTHER_OPTIONS = { env: true, json: false, help: false, version: false };
/** Every option, without its dashes. */
const OPTIONS = [
    ...COMMAND_INPUTS.filter((name) => !isSecret(name)),
    ...Object.keys(OTHER_OPTIONS),
];
/**
 * Reads the arguments: `--option value`, `--option=value`, `--archive` for `--archive=true`. An option that is given more
 * than once has several lines. Other arguments, and all that come after `--`, are paths.
 *
 * @throws UsageError with every problem; it quotes no value
 */
function readArguments(argv) {
    const given = new Map();
    const paths = [];
    const problems = [];
    const rest = [...argv];
    for (let argument = rest.shift(); argument !== undefined; argument = rest.shift()) {
        if (argument === '--')
            paths.push(...rest.splice(0));
        else if (!/^-./.test(argument))
            paths.push(argument);
        else {
            const [, shown = '', inline] = /^([^=]*)(?:=([^]*))?$/.exec(argument) ?? [];
            const option = shown === '-h' ? 'help' : shown.replace(/^--/, '');
            const value = OPTIONS.includes(option) ? arguments_valueOf(option, inline, rest) : refusal(shown);
            if (typeof value === 'string')
                given.set(option, [...(given.get(option) ?? []), value]);
            else
                problems.push(value);
        }
    }
    if (problems.length > 0)
        throw new UsageError(problems);
    const values = Object.fromEntries([...given].map(([name, lines]) => [name, lines.join('\n')]));
    const { env, json, help, version, ...inputs } = values;
    const flag = (value) => value !== undefined;
    return { inputs, paths, env, json: flag(json), help: flag(help), version: flag(version) };
}
/** The value of an option, which may be the next argument, or what is wrong with it. */
function arguments_valueOf(option, inline, rest) {
    const isFlag = option in OTHER_OPTIONS && !OTHER_OPTIONS[option];
    if (isFlag) {
        if (inline === undefined)
            return '';
        return { en: `--${option} takes no value.`, zh: `--${option} 不需要取值。` };
    }
    if (inline !== undefined)
        return inline;
    const [next] = rest;
    if (!(option in OTHER_OPTIONS) && isBoolean(option))
        return /^(?:true|false)$/i.test(next ?? '') ? (rest.shift() ?? '') : 'true';
    if (next === undefined || next.startsWith('--'))
        return {
            en: `--${option} needs a value. If the value starts with two dashes, use --${option}=VALUE.`,
            zh: `--${option} 缺少取值。如果取值以两个短横线开头，请使用 --${option}=取值。`,
        };
    return rest.shift() ?? '';
}
/** Why there is no such option. */
function refusal(shown) {
    const name = shown
        .replace(/^-+/, '')
        .toLowerCase()
        .replaceAll('_', '-')
        .replace(/^dingtalk-/, '');
    const meant = nearest(name, [...COMMAND_INPUTS, ...Object.keys(OTHER_OPTIONS)]);
    if (meant !== undefined && isSecret(meant)) {
        const variable = variableOf(meant);
        return {
            en: `${shown} is not accepted: every process on the machine can read the arguments of a command. Set the environment variable ${variable} instead.`,
            zh: `不接受 ${shown}：本机的任何进程都能看到命令的参数。请改用环境变量 ${variable}。`,
        };
    }
    if (meant !== undefined)
        return {
            en: `Unknown option ${shown}. Did you mean --${meant}?`,
            zh: `未知选项 ${shown}。是否应为 --${meant}？`,
        };
    return {
        en: `Unknown option ${shown}. See --help for all options.`,
        zh: `未知选项 ${shown}。使用 --help 查看全部选项。`,
    };
}

;// CONCATENATED MODULE: ./build/command/descriptions.js
/** What each input is for. Markdown. */
const DESCRIPTIONS = {
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
        zh: '操作者的 userId，例如 `manager01`；以该用户的身份上传和发送文件。`user-id` 与 `union-id` 必填其一',
    },
    'union-id': {
        en: 'unionId of the operator, e.g. `iSabc123iE`. Saves the user lookup and its permission. Takes precedence over `user-id`',
        zh: '操作者的 unionId，例如 `iSabc123iE`；可省去一次接口调用和对应权限。与 `user-id` 同时填写时以此为准',
    },
    'folder-url': {
        en: 'Link copied from a folder of the drive (`https://qr.dingtalk.com/page/yunpan?…spaceId=123&fileId=456&type=folder`, `dingtalk://dingtalkclient/page/yunpan?…`) or of DingTalk Docs (`https://alidocs.dingtalk.com/i/nodes/…`). Use it instead of the next three inputs',
        zh: '在云盘文件夹上「复制链接」得到的链接（`https://qr.dingtalk.com/page/yunpan?…spaceId=123&fileId=456&type=folder`、`dingtalk://dingtalkclient/page/yunpan?…`），或钉钉文档文件夹的链接（`https://alidocs.dingtalk.com/i/nodes/…`）。可代替下面三项',
    },
    'space-id': { en: 'ID of the space, e.g. `12345678901`', zh: '空间 ID，例如 `12345678901`' },
    'parent-id': {
        en: 'ID of the folder within the space, e.g. `98765432109`; `0` is the root folder',
        zh: '空间内的文件夹 ID，例如 `98765432109`；`0` 表示根目录',
    },
    'parent-uuid': {
        en: 'dentryUuid of the folder, e.g. `Qnp9zOoBVBDEydnQU6Q0NKoXW1DK0g6l`. Set `folder-url`, `space-id`, or `parent-uuid`; conflicting values are rejected',
        zh: '文件夹的 dentryUuid，例如 `Qnp9zOoBVBDEydnQU6Q0NKoXW1DK0g6l`。`folder-url`、`space-id`、`parent-uuid` 必填其一；填写不一致时会报错',
    },
    'folder-path': {
        en: 'Path of a subfolder of that folder, e.g. `releases/v1.2.0`. Missing folders are created',
        zh: '该文件夹下的子文件夹路径，例如 `releases/v1.2.0`；不存在的文件夹会自动创建',
    },
    path: {
        en: 'Files, directories, or glob patterns, one per line, e.g. `app/build/outputs/**/*.apk`. A line that starts with `!` excludes. Same syntax as `actions/upload-artifact`. Required unless you use `release-tag`, `mode: check`, or a `message` without files',
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
    'keep-directories': {
        en: 'Whether to create the directories of the files as folders, instead of putting all files side by side: `true` or `false`. Directories are relative to the part of `path` before the first wildcard; for several lines, to its common parent directory. Each folder uses one API call per run',
        zh: '是否按文件所在目录创建文件夹，而不是把所有文件放在一起：`true` 或 `false`。目录相对于 `path` 中第一个通配符之前的部分；多行时相对于它们的共同上级目录。每个文件夹每次运行消耗一次 API 调用',
    },
    archive: {
        en: "Whether to pack all files into one zip: `true` or `false`. Paths in it are relative to the files' common parent directory",
        zh: '是否把所有文件打包成一个 zip：`true` 或 `false`。包内路径相对于这些文件的共同上级目录',
    },
    'conflict-strategy': {
        en: 'What to do if a file with the same name exists: `auto-rename`, `overwrite` (add a new version), `return-existing` (upload nothing), `if-changed` (upload and send only if the content differs from what this action uploaded), or `fail`',
        zh: '同名文件已存在时：`auto-rename`（自动改名）、`overwrite`（新增版本）、`return-existing`（不上传，返回已有文件）、`if-changed`（仅当内容与本 action 此前上传的不同时，才上传新版本并发送）或 `fail`（报错）',
    },
    'keep-last': {
        en: 'Number of runs whose files stay in the folder (1 to 1000), this run included, e.g. `10`. After everything has succeeded, the files that older runs of this workflow uploaded to this folder are deleted, in most spaces for good. Only files marked by this action are deleted, never folders or files that somebody else has changed. `mode: check` lists them. Default: nothing is deleted',
        zh: '文件夹中保留最近多少次运行的文件（1 至 1000，含本次运行），例如 `10`。全部成功后，删除本工作流更早的运行上传到该文件夹的文件；在大多数空间中删除后无法恢复。只删除带有本 action 标记的文件，不会删除文件夹，也不会删除被其他人修改过的文件。`mode: check` 会列出将要删除的文件。默认不删除',
    },
    'chat-id': {
        en: 'Groups to send the files to, one ID per line: openConversationId (`cid…`) or chatId (`chat…`). Omit to upload without sending',
        zh: '要发送到的群，每行一个 ID：openConversationId（`cid…`）或 chatId（`chat…`）。不填则只上传，不发送',
    },
    'to-user-ids': {
        en: 'Users to send the files to from the app, one userId per line, e.g. `manager01`',
        zh: '要发送给的成员，每行一个 userId，例如 `manager01`；由应用发送',
    },
    'send-as': {
        en: 'What groups get: `file` (a copy in the files of the group) or `link` (a link to the file in the folder; only members who can view the folder can open it). Users in `to-user-ids` always get the file',
        zh: '发送到群的形式：`file`（在群文件中保存一份副本）或 `link`（指向文件夹中该文件的链接，只有能查看该文件夹的群成员才能打开）。`to-user-ids` 中的成员收到的始终是文件',
    },
    message: {
        en: 'Markdown message to post after all files are sent or, without `path` and `release-tag`, on its own, e.g. `{status} **{ref}** by {actor}: {title}`. Placeholders: `{files}`, `{count}`, `{size}`, `{status}`, `{title}`, `{changes}`, `{run}`, `{commit}`, `{actor}`, `{ref}`, `{repository}`, `{workflow}`',
        zh: '所有文件发送完成后发送的 Markdown 消息；没有填写 `path` 和 `release-tag` 时单独发送。例如 `{status} **{ref}** by {actor}：{title}`。占位符：`{files}`、`{count}`、`{size}`、`{status}`、`{title}`、`{changes}`、`{run}`、`{commit}`、`{actor}`、`{ref}`、`{repository}`、`{workflow}`',
    },
    status: {
        en: 'Status of the job, for `{status}` in `message`: `success`, `failure`, or `cancelled`. Set it to the expression `job.status`, as in the example',
        zh: '任务状态，用于 `message` 中的 `{status}`：`success`、`failure` 或 `cancelled`。请填写表达式 `job.status`，写法见示例',
    },
    buttons: {
        en: 'Buttons below `message`, one Markdown link per line (up to 5), e.g. `[Install]({files})`: `{files}` leads to the first file, `{run}` to the run. Addresses start with `https://`, `http://`, or `dingtalk://`; a placeholder inside one is percent-encoded',
        zh: '`message` 下方的按钮，每行一个 Markdown 链接，最多 5 个，例如 `[安装]({files})`：`{files}` 指向第一个文件，`{run}` 指向工作流运行。链接以 `https://`、`http://` 或 `dingtalk://` 开头；链接中的占位符会做百分号编码',
    },
    'at-user-ids': {
        en: 'Users whom `message` mentions, one userId per line (up to 50), e.g. `manager01`, or `all` for everyone in the group. Only with `robot-webhook`',
        zh: '`message` 要 @ 的成员，每行一个 userId，最多 50 个，例如 `manager01`；`all` 表示 @所有人。仅用于 `robot-webhook`',
    },
    'at-mobiles': {
        en: 'Users whom `message` mentions, one mobile number per line (up to 50), or `all`. Only with `robot-webhook`. Masked in logs; store the numbers as a secret, because GitHub shows inputs in the log',
        zh: '`message` 要 @ 的成员，每行一个手机号，最多 50 个；`all` 表示 @所有人。仅用于 `robot-webhook`；日志中会自动打码。GitHub 会在日志中显示输入值，请把手机号保存为 secret',
    },
    'robot-code': {
        en: "Code of the app's own robot, e.g. `dingabc123`. It posts `message` in the groups of `chat-id`",
        zh: '应用机器人的 robotCode，例如 `dingabc123`；`message` 会由它发到 `chat-id` 中的群',
    },
    'robot-webhook': {
        en: 'Webhook URLs of custom robots, one per line, e.g. `https://oapi.dingtalk.com/robot/send?access_token=…`. Each posts `message` in its own group. Use it instead of `robot-code`. Masked in logs',
        zh: '自定义机器人的 Webhook 地址，每行一个，例如 `https://oapi.dingtalk.com/robot/send?access_token=…`；`message` 会发到每个机器人所在的群。与 `robot-code` 二选一；日志中会自动打码',
    },
    'robot-secret': {
        en: 'Signing secret (`SEC…`) of the custom robot, if its security setting is 加签. For several robots, one per line in the order of `robot-webhook`, `none` for a robot without one. Masked in logs',
        zh: '自定义机器人的加签密钥（`SEC…`），安全设置选择「加签」时填写。有多个机器人时每行一个，顺序与 `robot-webhook` 相同，未加签的填 `none`；日志中会自动打码',
    },
    'release-tag': {
        en: 'Tag of a GitHub release whose assets to upload, e.g. `v1.2.0`, or `latest`. Can be combined with `path`; lines of `path` without a slash then filter the assets by name',
        zh: '上传该 GitHub Release 的附件，例如 `v1.2.0` 或 `latest`。可与 `path` 同时使用，此时 `path` 中不含斜杠的行用于按名称筛选附件',
    },
    'github-token': {
        en: 'Token used to read the release; needs `contents: read`. Masked in logs',
        zh: '用于读取该 Release 的 token，需要 `contents: read` 权限；日志中会自动打码',
    },
    mode: {
        en: '`upload`, or `check` to verify permissions, IDs, and connectivity without uploading or sending anything',
        zh: '`upload`；或 `check`：不上传、不发送，只逐项检查权限、ID 是否正确，网络是否可用',
    },
    concurrency: {
        en: 'Maximum number of connections, over all files and parts (1 to 32). `auto`: as many as make the upload faster, and fewer when the storage is overloaded',
        zh: '所有文件和分片同时使用的最大连接数（1 至 32）。`auto`：按实际速度增加连接，存储繁忙时自动减少',
    },
    'multipart-threshold': {
        en: 'Files larger than this are uploaded in parallel parts, e.g. `100MiB`. `auto`: depends on how far away the storage is. `0`: only files larger than 5 GB, the limit of a single PUT',
        zh: '超过此大小的文件采用并行分片上传，例如 `100MiB`；`auto`：根据到存储的网络距离决定；`0` 表示超过 5 GB（单次 PUT 的上限）才分片',
    },
    'part-size': {
        en: 'Size of a part, e.g. `16MiB` (100 KB to 5 GB). `auto`: usually 0.5 MiB to 64 MiB, depending on the file size and the distance to the storage',
        zh: '分片大小，例如 `16MiB`（100 KB 至 5 GB）。`auto`：通常为 0.5 MiB 至 64 MiB，根据文件大小以及与存储的距离自动确定',
    },
    'prefer-region': {
        en: 'Region where DingTalk should store new files: `zhangjiakou`, `shenzhen`, `shanghai` or `singapore`. DingTalk may choose another one; the log shows which',
        zh: '希望钉钉存储新文件的地域：`zhangjiakou`（张家口）、`shenzhen`（深圳）、`shanghai`（上海）或 `singapore`（新加坡）。钉钉可能选择其他地域，实际地域见日志',
    },
    language: {
        en: 'Language of errors, the job summary, and the log: `both` (English and Chinese; routine log lines in English), `en`, or `zh`',
        zh: '报错、任务摘要和日志的语言：`both`（报错和摘要为中英文，普通日志为英文）、`zh` 或 `en`',
    },
    'request-timeout': {
        en: 'Seconds without a response, or without transfer progress, after which an attempt fails (1 to 3600)',
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
};

;// CONCATENATED MODULE: ./build/command/help.js




const USAGE = {
    en: `Uploads files to a DingTalk drive folder and sends them to group chats.

Usage: upload-to-dingtalk [OPTION]... [FILE]...

Secrets are read from environment variables only:`,
    zh: `将文件上传到钉钉云盘的文件夹，并发送到群聊。

用法：upload-to-dingtalk [选项]... [文件]...

密钥只能通过环境变量提供：`,
};
const help_OPTIONS = {
    en: `Options. Each one can also be set as an environment variable, such as ${variableOf('chat-id')}; an option takes precedence. If an option takes several lines, you can also repeat it:`,
    zh: `选项。每个选项也可以用环境变量设置，例如 ${variableOf('chat-id')}；同时设置时以选项为准。可填写多行的选项也可以重复使用：`,
};
const OTHERS = {
    env: {
        en: 'Reads environment variables that are not set from a file, one per line: `DINGTALK_APP_KEY=…`',
        zh: '从文件中读取尚未设置的环境变量，每行一个：`DINGTALK_APP_KEY=…`',
    },
    json: {
        en: 'Prints the outputs as one JSON object on standard output, even if the command fails. The log goes to standard error',
        zh: '在标准输出上以一个 JSON 对象打印全部输出，失败时也会打印；日志改为写到标准错误',
    },
    help: { en: 'Shows this help', zh: '显示本帮助' },
    version: { en: 'Shows the version', zh: '显示版本' },
};
const EXIT_CODES = {
    en: 'Exit codes: 0 if everything succeeded, 1 if something failed, 2 if the command was used incorrectly and nothing was attempted.',
    zh: '退出码：0 表示全部成功；1 表示有失败；2 表示用法有误，未执行任何操作。',
};
/** What `--help` shows. */
function helpText() {
    return { en: helpIn('en'), zh: helpIn('zh') };
}
function helpIn(language) {
    const inputs = (wanted) => COMMAND_INPUTS.filter((name) => isSecret(name) === wanted);
    const secrets = inputs(true).map((name) => entry(variableOf(name), DESCRIPTIONS[name][language]));
    const options = inputs(false).map((name) => entry(optionOf(name), described(name, language)));
    const others = Object.entries(OTHERS).map(([name, text]) => entry(`--${name}${OTHER_OPTIONS[name] ? ' FILE' : ''}`, text[language]));
    return [
        USAGE[language],
        secrets.join('\n'),
        help_OPTIONS[language],
        [...options, ...others].join('\n'),
        EXIT_CODES[language],
    ].join('\n\n');
}
function optionOf(name) {
    return `--${name}${isBoolean(name) ? '' : ' VALUE'}`;
}
function described(name, language) {
    const value = inputs/* INPUTS */.m[name];
    const preset = { en: ` (default: \`${value}\`)`, zh: `（默认值：\`${value}\`）` };
    return DESCRIPTIONS[name][language] + (value === '' ? '' : preset[language]);
}
function entry(name, description) {
    return `  ${name}\n      ${description}`;
}

// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: external "node:util"
var external_node_util_ = __webpack_require__(7975);
;// CONCATENATED MODULE: ./build/command/settings.js





/** The language of this machine: Chinese if the locale is Chinese, English otherwise. */
function localeLanguage(variables) {
    // The first that is not empty counts, as POSIX defines.
    const locale = variables['LC_ALL'] || variables['LC_MESSAGES'] || variables['LANG'] || '';
    return /^zh/i.test(locale) ? 'zh' : 'en';
}
/**
 * The inputs that the command is given: an option takes precedence over an environment variable, and that over the
 * file. A value that is empty counts as not given.
 *
 * @throws UsageError for a file that can't be read or names no input, and for paths that must not be uploaded
 */
function givenInputs({ inputs, paths, env }, variables) {
    refuseSecretFiles(paths);
    const files = env === undefined ? {} : fileInputs(env);
    const fromEnvironment = named((input) => variables[variableOf(input)]);
    const fromOptions = named((input) => inputs[input]);
    // A path that exists is meant literally, even if its name looks like a pattern, which must not contain `..` either.
    const literal = paths.map((path) => ((0,external_node_fs_.existsSync)(path) ? (0,external_node_path_.resolve)(path).replace(/[[*?]/g, '[$&]') : path));
    const path = [fromOptions.path ?? [], literal].flat().join('\n');
    return {
        language: localeLanguage(variables),
        ...files,
        ...fromEnvironment,
        ...fromOptions,
        ...(path ? { path } : {}),
    };
}
/** What is probably wrong with the variables of the environment: names that are near to others, and what is missing. */
function doubts(given, variables) {
    const names = COMMAND_INPUTS.map(variableOf);
    const misspelled = Object.keys(variables).flatMap((name) => {
        if (!isOurs(name) || inputOf(name) || !variables[name])
            return [];
        const meant = nearest(name, names);
        return meant === undefined || variables[meant] ? [] : { name, meant };
    });
    // A custom robot posts a message without files: that takes no app.
    const takesNoApp = Boolean(given['robot-webhook']) && !given.path && !given['release-tag'];
    const missing = [
        ...(given['app-secret'] || takesNoApp ? [] : [variableOf('app-secret')]),
        ...(given['release-tag'] && !given['github-token'] ? [variableOf('github-token')] : []),
        ...(given['release-tag'] && !variables['GITHUB_REPOSITORY'] ? ['GITHUB_REPOSITORY'] : []),
    ];
    return [
        ...misspelled.map(({ name, meant }) => ({
            en: `The environment variable ${name} is not used. Did you mean ${meant}?`,
            zh: `未使用环境变量 ${name}。是否应为 ${meant}？`,
        })),
        ...missing.map((name) => ({
            en: `The environment variable ${name} is not set. No option can replace it.`,
            zh: `未设置环境变量 ${name}，也没有可替代它的选项。`,
        })),
    ];
}
/** The inputs that a function knows a value of. */
function named(read) {
    const given = {};
    for (const input of COMMAND_INPUTS) {
        const value = read(input)?.trim();
        if (value)
            given[input] = value;
    }
    return given;
}
/** The inputs that a file of variables stands for. */
function fileInputs(file) {
    let text;
    try {
        text = (0,external_node_fs_.readFileSync)(file, 'utf8');
    }
    catch {
        throw new UsageError([
            {
                en: `Cannot read ${file}. Create it with a variable per line, as in .env.example of the repository.`,
                zh: `无法读取 ${file}。请参考仓库中的 .env.example 创建该文件，每行一个变量。`,
            },
        ]);
    }
    const variables = (0,external_node_util_.parseEnv)(text.replace(/^\uFEFF/, ''));
    const unknown = Object.keys(variables).filter((name) => isOurs(name) && !inputOf(name));
    if (unknown.length > 0)
        throw new UsageError([
            {
                en: `${file} contains unknown variables: ${unknown.join(', ')}. See .env.example of the repository for the names.`,
                zh: `${file} 中有不支持的变量：${unknown.join('、')}。变量名请参考仓库中的 .env.example。`,
            },
        ]);
    return named((input) => variables[variableOf(input)]);
}
/** A file of variables may be given as a path by mistake. */
function refuseSecretFiles(paths) {
    const problems = paths
        .filter((path) => /(^|[/\\.])env$/i.test(path))
        .map((path) => ({
        en: `${path} looks like a file of secrets, so it is not uploaded. To read the inputs from it, use --env ${path}.`,
        zh: `${path} 疑似密钥文件，不会上传。如需从中读取配置，请使用 --env ${path}。`,
    }));
    if (problems.length > 0)
        throw new UsageError(problems);
}

// EXTERNAL MODULE: external "node:os"
var external_node_os_ = __webpack_require__(8161);
// EXTERNAL MODULE: ./build/github/actions-runner.js + 2 modules
var actions_runner = __webpack_require__(4033);
// EXTERNAL MODULE: ./build/text/redaction.js
var text_redaction = __webpack_require__(5447);
// EXTERNAL MODULE: ./build/github/job.js
var job = __webpack_require__(7249);
;// CONCATENATED MODULE: ./build/command/ci.js

/** The commit, which GitLab CI and Flow describe in the same variables. */
function commitOf(read) {
    const title = read('CI_COMMIT_TITLE');
    return {
        commit: read('CI_COMMIT_SHA'),
        ref: read('CI_COMMIT_REF_NAME'),
        title,
        changes: [title].filter(Boolean),
    };
}
/** https://docs.gitlab.com/ci/variables/predefined_variables/ */
const GITLAB = {
    isHere: (read) => read('GITLAB_CI') === 'true',
    run: (read) => ({
        ...commitOf(read),
        repository: read('CI_PROJECT_PATH'),
        workflow: read('CI_PIPELINE_NAME') || read('CI_PROJECT_NAME'),
        number: Number(read('CI_PIPELINE_IID')),
        url: read('CI_PIPELINE_URL'),
        commitUrl: read('CI_PROJECT_URL') && `${read('CI_PROJECT_URL')}/-/commit/${read('CI_COMMIT_SHA')}`,
        actor: read('GITLAB_USER_LOGIN'),
    }),
    // One file has the jobs of all pipelines, so only the job's name tells a nightly build from a release.
    source: (read) => [
        [read('CI_SERVER_URL'), read('CI_PROJECT_ID'), read('CI_JOB_NAME')],
        read('CI_PIPELINE_ID'),
    ],
};
/** https://www.jenkins.io/doc/book/pipeline/jenkinsfile/#using-environment-variables */
const JENKINS = {
    isHere: (read) => read('JENKINS_URL') !== '' && read('JOB_NAME') !== '',
    run: (read) => ({
        repository: '',
        title: read('CHANGE_TITLE'),
        changes: [read('CHANGE_TITLE')].filter(Boolean),
        workflow: read('JOB_NAME'),
        number: Number(read('BUILD_NUMBER')),
        url: read('BUILD_URL'),
        commit: read('GIT_COMMIT'),
        commitUrl: '',
        // The first one is set by a plugin, the second for a change request.
        actor: read('BUILD_USER_ID') || read('CHANGE_AUTHOR'),
        ref: read('TAG_NAME') || read('BRANCH_NAME') || read('GIT_BRANCH').replace(/^origin\//, ''),
    }),
    // In a multibranch project, each branch is a job and counts by itself.
    source: (read) => [[read('JENKINS_URL'), read('JOB_NAME')], read('BUILD_NUMBER')],
};
/** https://help.aliyun.com/zh/yunxiao/user-guide/environment-variables */
const FLOW = {
    isHere: (read) => ['PIPELINE_ID', 'PIPELINE_NAME', 'BUILD_NUMBER', 'PROJECT_DIR'].every((name) => read(name) !== ''),
    run: (read) => ({
        ...commitOf(read),
        repository: read('CI_SOURCE_NAME'),
        workflow: read('PIPELINE_NAME'),
        number: Number(read('BUILD_NUMBER')),
        url: `https://flow.aliyun.com/pipelines/${read('PIPELINE_ID')}/builds/${read('BUILD_NUMBER')}`,
        commitUrl: '',
        actor: read('BUILD_EXECUTOR'),
    }),
    source: (read) => [['flow.aliyun.com', read('PIPELINE_ID')], read('BUILD_NUMBER')],
};
/** The CI that this process runs on, unless it is one like GitHub Actions. */
function ciOf(variables) {
    const read = (name) => variables[name] ?? '';
    const system = [GITLAB, JENKINS, FLOW].find(({ isHere }) => isHere(read));
    if (!system)
        return undefined;
    const [words, run] = system.source(read);
    const isKnown = words.every(Boolean) && /^\d{1,20}$/.test(run);
    return { run: system.run(read), source: isKnown ? { workflow: (0,job/* digest */.b)(...words), run } : undefined };
}

;// CONCATENATED MODULE: ./build/command/terminal-runner.js






const WARNING = { en: 'Warning: ', zh: '警告：' };
const ERROR = { en: 'Error: ', zh: '错误：' };
/** A runner whose log is written as text, without commands, and without secrets. */
function terminalRunner({ inputs, variables, write }) {
    const github = (0,actions_runner/* actionsRunner */.A)();
    const ci = ciOf(variables);
    const redaction = new text_redaction/* Redaction */.k();
    const outputs = new Map();
    const input = (name) => inputs[name] ?? '';
    const language = (0,text_language/* languageOf */.eX)(input('language'));
    const lines = (text) => {
        // A line may still be a command where this runs in a step of GitHub's.
        write(`${redaction.redacted(text).split('\n').map(plain_text/* logLine */.B).join('\n')}\n`);
    };
    const info = (line) => {
        write(`${(0,plain_text/* logLine */.B)(redaction.redacted((0,text_language/* routine */.R9)(line, language)))}\n`);
    };
    const annotation = (label, message, details = '') => {
        lines((0,text_language/* routine */.R9)(label, language) + [...(0,text_language/* inFull */.Vz)(message, language), details].filter(Boolean).join('\n\n'));
    };
    return {
        input,
        language,
        secret: (value) => void redaction.add(value),
        info,
        group: (title, content) => {
            lines(`▾ ${(0,text_language/* routine */.R9)(title, language)}`);
            for (const line of content)
                info(line);
        },
        debug: (line) => {
            if (variables['RUNNER_DEBUG'] === '1')
                lines(`Debug: ${line}`);
        },
        warning: (message, details) => {
            annotation(WARNING, message, details);
        },
        error: (message, details) => {
            annotation(ERROR, message, details);
        },
        output: (name, value) => void outputs.set(name, value),
        outputs: () => Object.fromEntries([...outputs].map(([name, value]) => [name, outputValue(name, value, redaction)])),
        // Only GitHub shows one.
        summary: () => Promise.resolve(),
        glob: (patterns, includeHidden, signal) => github.glob(patterns, includeHidden, signal),
        temp: () => (0,external_node_os_.tmpdir)(),
        job: () => (ci ? { source: ci.source, attempt: 1 } : github.job()),
        workflowRun: () => (ci ? ci.run : github.workflowRun()),
    };
}
/** An output as JSON has it. An id stays text: it can be larger than any exact number. */
function outputValue(name, value, redaction) {
    if (name.endsWith('-count'))
        return Number(value);
    if (!value.startsWith('['))
        return redaction.redacted(value);
    return JSON.parse(value, (_, part) => (typeof part === 'string' ? redaction.redacted(part) : part));
}

;// CONCATENATED MODULE: ./build/command/command.js








/** The exit code of a command that was used incorrectly: nothing was attempted. */
const command_USAGE = 2;
/**
 * Runs the command line in this process. Exit codes: 0 and 1 as the action has them, and 2 for a command that was used
 * wrongly. The log goes to standard output, or with `--json` to standard error.
 */
async function runCommand({ version }, argv) {
    (0,build_process/* ignoreLostReaders */.p)();
    const standardOutput = onlyOurs(process.stdout);
    const standardError = (text) => void process.stderr.write(text);
    const json = argv.includes('--json');
    let given;
    try {
        const options = readArguments(argv);
        if (options.version) {
            standardOutput(`${version()}\n`);
            return;
        }
        if (options.help) {
            standardOutput(`${(0,text_language/* inFull */.Vz)(helpText(), languageFor(options)).join('\n\n')}\n`);
            return;
        }
        given = givenInputs(options, process.env);
    }
    catch (error) {
        if (!(error instanceof UsageError))
            throw error;
        for (const problem of error.problems)
            for (const line of (0,text_language/* inFull */.Vz)(problem, languageFor()))
                standardError(`${(0,plain_text/* logLine */.B)(line)}\n`);
        if (json)
            standardOutput('{}\n');
        process.exitCode = command_USAGE;
        return;
    }
    const runner = terminalRunner({
        inputs: given,
        variables: process.env,
        write: json ? standardError : standardOutput,
    });
    for (const doubt of doubts(given, process.env))
        runner.warning(doubt);
    await (0,build_process/* runProcess */.R)(runner, () => {
        if (json)
            standardOutput(`${JSON.stringify(runner.outputs())}\n`);
    });
}
/** The language of what is said before the inputs are read: that of the option or variable, or of the locale. */
function languageFor(options) {
    const given = options?.inputs.language ?? process.env['DINGTALK_LANGUAGE'] ?? '';
    return given.trim() ? (0,text_language/* languageOf */.eX)(given) : localeLanguage(process.env);
}
/**
 * Writes to a stream that nobody else writes to from now on: packages write commands there that only GitHub's runner
 * understands.
 */
function onlyOurs(stream) {
    const write = stream.write.bind(stream);
    stream.write = () => true;
    return (text) => void write(text);
}


/***/ })

};
