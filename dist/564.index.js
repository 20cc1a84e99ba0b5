export const id = 564;
export const ids = [564];
export const modules = {

  9564:
  ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


__webpack_require__.d(__webpack_exports__, {
  runSetup: () => (/* binding */ runSetup)
});


var external_node_fs_ = __webpack_require__(3024);
var external_node_path_ = __webpack_require__(6760);
var external_node_util_ = __webpack_require__(7975);
var names = __webpack_require__(422);
var settings = __webpack_require__(4053);
var errors = __webpack_require__(9473);
var http_environment = __webpack_require__(5520);
var inputs_inputs = __webpack_require__(1580);
var text_redaction = __webpack_require__(5447);
var http_text = __webpack_require__(3606);
var dist = __webpack_require__(7934);
var text_links = __webpack_require__(4163);
var external_node_child_process_ = __webpack_require__(1421);
var consumers_ = __webpack_require__(8321);
;// CONCATENATED MODULE: ./build/setup/program.js


async function runProgram(name, args, { variables, directory, signal, input = '', onStderr, isCommandFile = false }) {
    const shell = isCommandFile && process.platform === 'win32';
    if (shell && args.some((arg) => /["%!^&|<>\r\n]/.test(arg)))
        return { exitCode: undefined, stdout: '', stderr: '' };
    const child = (0,external_node_child_process_.spawn)(name, shell ? args.map((arg) => `"${arg}"`) : args, {
        cwd: directory,
        env: { ...variables },
        stdio: 'pipe',
        shell,
        windowsHide: true,
    });
    const end = () => child.kill();
    signal.addEventListener('abort', end, { once: true });
    if (onStderr)
        child.stderr.on('data', (chunk) => {
            onStderr(chunk.toString());
        });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    const exit = new Promise((resolve) => {
        child
            .once('error', () => {
            resolve(undefined);
        })
            .once('close', (code) => {
            resolve(code ?? 1);
        });
    });
    const [exitCode, stdout, stderr] = await Promise.all([exit, (0,consumers_.text)(child.stdout), (0,consumers_.text)(child.stderr)]);
    signal.removeEventListener('abort', end);
    signal.throwIfAborted();
    return { exitCode, stdout, stderr };
}

;// CONCATENATED MODULE: ./build/setup/dws.js




const MINIMUM = [1, 0, 58];
class DwsError extends errors .WK {
    name = 'DwsError';
    kind;
    constructor(kind, text) {
        super(text);
        this.kind = kind;
    }
}
const OUTDATED = {
    en: `dws is too old for this setup, or lacks a command. It needs version ${MINIMUM.join('.')} or later: run dws upgrade.`,
    zh: `dws 版本过低，或缺少所需的命令。需要 ${MINIMUM.join('.')} 或更高版本，请运行 dws upgrade。`,
};
const LOGGED_OUT = {
    en: 'dws is not logged in, or its login is no longer valid.',
    zh: 'dws 尚未登录，或登录已失效。',
};
const NOT_ALLOWED = {
    en: 'The organization does not allow you to use dws. An administrator can allow it: https://open-dev.dingtalk.com/fe/old#/developerSettings',
    zh: '组织不允许你使用 dws。管理员可以在此开启：https://open-dev.dingtalk.com/fe/old#/developerSettings',
};
const NO_DEVELOPER = {
    en: `You have no developer permission in this organization. An administrator can add you in the developer console, under Permissions (权限管理): ${text_links .s6}`,
    zh: `你在该组织中没有开发者权限。请管理员在开发者后台的「权限管理」中添加你：${text_links .s6}`,
};
const UNAVAILABLE = {
    en: 'dws could not reach DingTalk, or DingTalk is busy. Try again in a minute.',
    zh: 'dws 无法连接钉钉，或钉钉繁忙，请稍后重试。',
};
const NOT_UNDERSTOOD = {
    en: 'dws returned a response in an unknown format.',
    zh: '无法识别 dws 的响应。',
};
const ErrorFields = dist .Ikc({
    type: dist .cl6(dist .YjP()),
    category: dist .cl6(dist .YjP()),
    subtype: dist .cl6(dist .YjP()),
    reason: dist .cl6(dist .YjP()),
    upstream_code: dist .cl6(dist .KCZ([dist .YjP(), dist .aig()])),
    server_error_code: dist .cl6(dist .KCZ([dist .YjP(), dist .aig()])),
    retryable: dist .cl6(dist .zMY()),
    message: dist .cl6(dist .YjP()),
});
const App = dist .Ikc({ unifiedAppId: dist .YjP(), name: dist .YjP(), appKey: dist .cl6(dist .YjP()) });
const Permission = dist .Ikc({
    scopeValue: dist .YjP(),
    authed: dist .zMY(),
    allowedActions: dist .cl6(dist .YOg(dist .YjP()), []),
    requiredApproval: dist .cl6(dist .zMY(), false),
    displayMessage: dist .cl6(dist .YjP()),
});
const VersionStatus = dist .Ikc({
    versionStatus: dist .YjP(),
    processStatus: dist .cl6(dist .YjP()),
    processComment: dist .cl6(dist .YjP()),
});
const Approver = dist .Ikc({ label: dist .YjP(), userId: dist .YjP() });
const Account = dist .Ikc({
    profile: dist .YjP(),
    corpName: dist .cl6(dist .YjP()),
    userName: dist .cl6(dist .YjP()),
});
const PAGE_SIZE = 50;
const MAX_PAGES = 20;
class Dws {
    #options;
    #redaction;
    profile;
    constructor(options, redaction) {
        const variables = { DO_NOT_TRACK: '1', ...options.variables };
        this.#options = { ...options, variables, isCommandFile: true };
        this.#redaction = redaction;
    }
    async checkVersion() {
        const { version } = await this.#service(['version'], dist .Ikc({ version: dist .YjP() }));
        if (version === 'dev')
            return;
        const numbers = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version)?.slice(1).map(Number);
        const differing = MINIMUM.findIndex((least, index) => numbers?.[index] !== least);
        if (!numbers || (differing >= 0 && (numbers[differing] ?? 0) < (MINIMUM[differing] ?? 0)))
            throw new DwsError('outdated', OUTDATED);
    }
    async isLoggedIn() {
        const status = dist .Ikc({ authenticated: dist .zMY(), token_valid: dist .cl6(dist .zMY(), false) });
        const { authenticated, token_valid } = await this.#service(['auth', 'status'], status);
        return authenticated && token_valid;
    }
    async logIn(withCode, onOutput) {
        const args = ['auth', 'login', '--yes', ...(withCode ? ['--device'] : []), '--format', 'json'];
        const { exitCode, stdout, stderr } = await runProgram('dws', args, {
            ...this.#options,
            onStderr: onOutput,
        });
        if (exitCode === 0)
            return;
        if (/尚未开启|不在.*授权人员范围内|已禁止|渠道管控/.test(stdout + stderr))
            throw new DwsError('not-allowed', NOT_ALLOWED);
        throw new DwsError('logged-out', LOGGED_OUT);
    }
    async accounts() {
        const { profiles } = await this.#service(['profile', 'list'], dist .Ikc({ profiles: dist .YOg(Account) }));
        return profiles;
    }
    async apps(name) {
        const apps = [];
        let cursor;
        for (let page = 0; page < MAX_PAGES; page++) {
            const args = ['app', 'list', '--name', name, '--page-size', String(PAGE_SIZE)];
            const { data, next } = await this.#dev([...args, ...(cursor === undefined ? [] : ['--cursor', cursor])], dist .Ikc({ items: dist .YOg(App) }));
            apps.push(...data.items);
            if (!next || next === cursor)
                break;
            cursor = next;
        }
        return apps;
    }
    async createApp(name) {
        const { data } = await this.#write(['app', 'create', '--name', name], dist .Ikc({ unifiedAppId: dist .YjP() }));
        return data.unifiedAppId;
    }
    async credentials(app) {
        const schema = dist .Ikc({ clientId: dist .YjP(), clientSecret: dist .FsL(dist .YjP(), dist .hq()) });
        try {
            const { data } = await this.#dev(['app', 'credentials', 'get', '--unified-app-id', app], schema);
            this.#redaction.add(data.clientSecret);
            return data;
        }
        catch (error) {
            if (error instanceof DwsError && error.kind === 'refused')
                throw new DwsError('refused', REFUSED);
            throw error;
        }
    }
    async permission(app, scope) {
        const args = ['app', 'permission', 'list', '--unified-app-id', app, '--scope-value', scope];
        const { data } = await this.#dev(args, dist .Ikc({ items: dist .YOg(Permission) }));
        return data.items.find(({ scopeValue }) => scopeValue === scope);
    }
    async addPermissions(app, scopes) {
        const args = ['app', 'permission', 'add', '--unified-app-id', app, '--scope-values', scopes.join(',')];
        await this.#write(args, dist .L5J());
    }
    async robotCode(app) {
        const schema = dist .Ikc({ robotStatus: dist .YjP(), robotCode: dist .cl6(dist .YjP()) });
        const { data } = await this.#dev(['app', 'robot', 'get', '--unified-app-id', app], schema);
        return data.robotStatus === 'UNCONFIGURED' ? undefined : (data.robotCode ?? undefined);
    }
    async configureRobot(app, name) {
        const args = ['app', 'robot', 'config', '--unified-app-id', app, '--name', name];
        await this.#write([...args, '--mode', 'STREAM', '--add-scope'], dist .L5J());
    }
    async createVersion(app, description) {
        const args = ['app', 'version', 'create', '--unified-app-id', app, '--desc', description];
        const { data } = await this.#write(args, dist .Ikc({ versionId: dist .FsL(dist .YjP(), dist .hq()) }));
        return data.versionId;
    }
    async approvers(app, version) {
        const schema = dist .Ikc({
            requiresApproval: dist .zMY(),
            approvalMode: dist .cl6(dist .YjP()),
            approvalOptions: dist .cl6(dist .YOg(Approver), []),
        });
        const args = ['app', 'version', 'check-approval', '--unified-app-id', app, '--version-id', version];
        const { data } = await this.#dev(args, schema);
        return data.requiresApproval && data.approvalMode === 'SELECT_APPROVER' ? data.approvalOptions : [];
    }
    async publish(app, version, approver) {
        const args = ['app', 'version', 'publish', '--unified-app-id', app, '--version-id', version];
        const more = [
            '--confirmed-sensitive',
            ...(approver === undefined ? [] : ['--approver-user-id', approver]),
        ];
        await this.#write([...args, ...more], dist .L5J());
    }
    async versionStatus(app, version) {
        const args = ['app', 'version', 'status', '--unified-app-id', app, '--version-id', version];
        return (await this.#dev(args, VersionStatus)).data;
    }
    async self() {
        const employee = dist .Ikc({ userId: dist .YjP(), orgUserName: dist .cl6(dist .YjP()) });
        const schema = dist .Ikc({
            result: dist .XU0([dist .Ikc({ orgEmployeeModel: employee })], dist .L5J()),
        });
        const { userId, orgUserName } = (await this.#service(['contact', 'user', 'get-self'], schema)).result[0]
            .orgEmployeeModel;
        return { userId, name: orgUserName ?? userId };
    }
    async groups(name) {
        const group = dist .Ikc({ title: dist .YjP(), openConversationId: dist .FsL(dist .YjP(), dist .w1_('cid')) });
        const schema = dist .Ikc({ chats: dist .YOg(group) });
        return (await this.#service(['chat', '+chat-search', '--query', name], schema)).chats;
    }
    async addRobot(group, robotCode) {
        const args = ['chat', 'group', 'members', 'add-bot', '--id', group, '--robot-code', robotCode];
        await this.#service(args, dist .L5J());
    }
    async #dev(args, schema) {
        const finished = await this.#run(['dev', ...args]);
        const answer = dist .xLC(dist .Ikc({
            ok: dist .zMY(),
            data: dist .cl6(dist .L5J()),
            error: dist .cl6(ErrorFields),
            meta: dist .cl6(dist .Ikc({ pagination: dist .cl6(dist .Ikc({ next_token: dist .cl6(dist .YjP()) })) })),
        }), parsed(finished.stdout));
        if (!answer.success)
            throw errorOf(finished);
        const { ok, data, error, meta } = answer.output;
        if (!ok)
            throw errorOf(finished, error ?? {});
        const read = dist .xLC(schema, data);
        if (!read.success)
            throw new DwsError('not-understood', NOT_UNDERSTOOD);
        return { data: read.output, next: meta?.pagination?.next_token ?? '' };
    }
    #write(args, schema) {
        return this.#dev([...args, '--yes'], schema);
    }
    async #service(args, schema) {
        const finished = await this.#run(args);
        if (finished.exitCode !== 0)
            throw errorOf(finished);
        const read = dist .xLC(schema, parsed(finished.stdout));
        if (!read.success)
            throw new DwsError('not-understood', NOT_UNDERSTOOD);
        return read.output;
    }
    #run(args) {
        const profile = this.profile === undefined ? [] : ['--profile', this.profile];
        return runProgram('dws', [...args, ...profile, '--format', 'json'], this.#options);
    }
}
const REFUSED = { en: 'dws could not complete the operation.', zh: 'dws 未能完成操作。' };
function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function errorOf({ exitCode, stderr }, given) {
    if (exitCode === undefined)
        return new DwsError('missing', { en: 'dws is not installed.', zh: '未安装 dws。' });
    if (exitCode === 4)
        return consentError(stderr);
    const onStderr = dist .xLC(dist .Ikc({ error: ErrorFields }), parsed(stderr));
    const error = given ?? (onStderr.success ? onStderr.output.error : undefined);
    if (!error) {
        if (/unknown (sub)?command|unknown flag/.test(stderr))
            return new DwsError('outdated', OUTDATED);
        return new DwsError(exitCode === 2 ? 'logged-out' : 'not-understood', exitCode === 2 ? LOGGED_OUT : NOT_UNDERSTOOD);
    }
    const kind = error.subtype ?? error.reason ?? '';
    const message = error.message ?? '';
    if (message.includes('没有开发者身份'))
        return new DwsError('not-allowed', NO_DEVELOPER);
    if (/jsonrpc_invalid_params|unknown_(sub)?command/.test(kind) ||
        /unknown (sub)?command|unknown flag/.test(message))
        return new DwsError('outdated', OUTDATED);
    if (error.retryable === true)
        return new DwsError('unavailable', UNAVAILABLE);
    if (kind !== 'http_403' && (exitCode === 2 || exitCode === 5))
        return new DwsError('logged-out', LOGGED_OUT);
    const code = error.upstream_code ?? error.server_error_code ?? kind;
    const words = message.slice(0, 300);
    return new DwsError('refused', {
        en: `${REFUSED.en} ${words} (${code})`,
        zh: `${REFUSED.zh}${words}（${code}）`,
    });
}
function consentError(stderr) {
    const line = stderr
        .split('\n')
        .map(parsed)
        .find((value) => typeof value === 'object' && value !== null);
    const consent = dist .xLC(dist .Ikc({
        code: dist .YjP(),
        data: dist .cl6(dist .Ikc({ uri: dist .cl6(dist .FsL(dist .YjP(), dist .OZ5())) })),
    }), line);
    const uri = consent.success ? consent.output.data?.uri : undefined;
    if (!uri)
        return new DwsError('not-allowed', NOT_ALLOWED);
    return new DwsError('consent', {
        en: `dws needs your consent. Open ${uri}`,
        zh: `dws 需要你的授权，请打开 ${uri}`,
    });
}
const INSTALL = {
    en: `Run this in another terminal (Node.js 16.7 or later):
  npm install -g dingtalk-workspace-cli
It also writes files for AI agents to your home directory. Other ways: https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli`,
    zh: `请在另一个终端中运行（Node.js 16.7 或更高版本）：
  npm install -g dingtalk-workspace-cli
它还会在主目录下写入供 AI 智能体使用的文件。其他安装方式：https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli`,
};

;// CONCATENATED MODULE: ./build/setup/account.js


const BY_HAND = {
    value: 'false',
    label: { en: 'Manually, in the developer console', zh: '在开发者后台手动操作' },
};
async function chooseDws(setup) {
    const { talk, variables, directory, environment, redaction } = setup;
    setup.dws = undefined;
    const { dws: wanted, 'app-key': appKey, 'app-secret': appSecret } = talk.answers;
    if (wanted === undefined && (!talk.isTerminal || (appKey !== undefined && appSecret !== undefined)))
        return;
    const dws = new Dws({ variables, directory, signal: environment.signal }, redaction);
    let problem = await talk.working(() => problemOf(dws), LOOKING);
    let isShown = false;
    for (;;) {
        const choices = problem === undefined
            ? [{ value: 'true', label: WITH_DWS, hint: RECOMMENDED }, BY_HAND]
            : isShown
                ? [{ value: 'again', label: { en: 'Check for dws again', zh: '重新查找 dws' } }, BY_HAND]
                : [BY_HAND, { value: 'install', label: problem === 'missing' ? HOW_TO_INSTALL : HOW_TO_UPDATE }];
        const way = await talk.choose('dws', { en: 'How do you want to set up the app?', zh: '用哪种方式配置应用？' }, choices);
        if (way === 'false')
            return;
        if (way === 'true' && problem === undefined)
            break;
        talk.forget(['dws']);
        if (way === 'true' && !talk.isTerminal)
            await dws.checkVersion();
        if (way === 'install')
            talk.say(INSTALL);
        isShown ||= way === 'install';
        problem = await talk.working(() => problemOf(dws), LOOKING);
    }
    try {
        await logIn(dws, setup);
        await chooseAccount(dws, setup);
        setup.dws = dws;
    }
    catch (error) {
        if (!(error instanceof DwsError) || !talk.isTerminal)
            throw error;
        talk.problem(error);
        talk.say(ON_BY_HAND);
        talk.set('dws', 'false');
    }
}
const LOOKING = { en: 'Looking for dws …', zh: '正在查找 dws……' };
const WITH_DWS = { en: 'With dws, the DingTalk CLI', zh: '使用钉钉 CLI（dws）' };
const RECOMMENDED = { en: 'finds or creates the app for you', zh: '自动查找或创建应用' };
const HOW_TO_INSTALL = {
    en: 'With dws, the DingTalk CLI (not installed): show how',
    zh: '使用钉钉 CLI（dws，未安装）：查看安装方法',
};
const HOW_TO_UPDATE = {
    en: 'With dws, the DingTalk CLI (too old): show how',
    zh: '使用钉钉 CLI（dws，版本过低）：查看更新方法',
};
const ON_BY_HAND = {
    en: 'Continue with this step manually.',
    zh: '此步骤改为手动操作。',
};
async function problemOf(dws) {
    try {
        await dws.checkVersion();
        return undefined;
    }
    catch (error) {
        if (!(error instanceof DwsError))
            throw error;
        return error.kind;
    }
}
async function logIn(dws, { talk }) {
    while (!(await talk.working(() => dws.isLoggedIn(), LOOKING))) {
        const question = { en: 'dws is not logged in. Log in now?', zh: 'dws 尚未登录，现在登录吗？' };
        const way = await talk.choose(undefined, question, [
            { value: 'browser', label: { en: 'Yes, with the browser', zh: '用浏览器登录' } },
            {
                value: 'code',
                label: { en: 'Yes, with a code (no browser on this machine)', zh: '用验证码登录（本机没有浏览器）' },
            },
            { value: 'no', label: { en: 'No, continue manually', zh: '不登录，改为手动操作' } },
        ]);
        if (way === 'no')
            throw new DwsError('logged-out', { en: 'dws is not logged in.', zh: 'dws 尚未登录。' });
        await dws.logIn(way === 'code', (text) => {
            talk.write(text);
        });
    }
}
async function chooseAccount(dws, { talk }) {
    const accounts = await talk.working(() => dws.accounts(), LOOKING);
    const [first] = accounts;
    if (!first)
        return;
    const nameOf = ({ userName, corpName, profile }) => [userName, corpName && `(${corpName})`].filter(Boolean).join(' ') || profile;
    const known = talk.answers.profile;
    if (known !== undefined && !accounts.some(({ profile }) => profile === known))
        talk.forget(['profile']);
    if (accounts.length === 1)
        talk.set('profile', first.profile);
    dws.profile = await talk.choose('profile', { en: 'Which dws account do you want to use?', zh: '使用 dws 的哪个账号？' }, accounts.map((account) => ({ value: account.profile, label: (0,http_text .Bj)(nameOf(account)) })));
    const chosen = accounts.find(({ profile }) => profile === dws.profile) ?? first;
    talk.done({ en: `dws: ${nameOf(chosen)}`, zh: `dws：${nameOf(chosen)}` });
}

var help = __webpack_require__(948);
;// CONCATENATED MODULE: ./build/setup/answers.js




const USES = ['folder', 'group', 'robot', 'webhook'];
const TARGETS = ['github', 'gitlab', 'env', 'list'];
const OPTIONS = {
    use: {
        value: 'USE',
        text: {
            en: "What the action does: `folder` (only upload), `group` (also send the files to a group), `robot` or `webhook` (also post a message with the app's own robot or a custom robot)",
            zh: '用途：`folder`（仅上传）、`group`（同时发送到群）、`robot` 或 `webhook`（同时由应用机器人或自定义机器人发送消息）',
        },
    },
    dws: {
        value: 'BOOLEAN',
        text: {
            en: 'Whether dws, the DingTalk CLI, finds or creates the app and sets it up: `true` or `false`',
            zh: '是否由钉钉 CLI（dws）查找或创建应用并完成配置：`true` 或 `false`',
        },
    },
    profile: {
        value: 'CORP:USER',
        text: { en: 'The account of dws, as in dws profile list', zh: 'dws 使用的账号，见 dws profile list' },
    },
    app: { value: 'NAME', text: { en: 'Name of the app, with dws', zh: '应用名称（使用 dws 时）' } },
    'create-app': {
        text: { en: 'Creates the app, unless an app with this name exists', zh: '没有同名应用时创建应用' },
    },
    publish: {
        text: {
            en: 'Adds the permissions to the app, and publishes a version, with dws',
            zh: '为应用开通权限并发布新版本（使用 dws 时）',
        },
    },
    approver: {
        value: 'ID',
        text: {
            en: 'UserID of the approver, if the version requires approval',
            zh: '需要审批时，审批人的 UserID',
        },
    },
    'app-key': {
        value: 'ID',
        text: { en: 'Client ID (AppKey) of an existing app', zh: '已有应用的 Client ID（AppKey）' },
    },
    'user-id': { value: 'ID', text: { en: 'UserID of the operator', zh: '操作者的 UserID' } },
    'folder-url': { value: 'LINK', text: { en: 'Link of the target folder', zh: '目标文件夹的链接' } },
    'chat-id': {
        value: 'ID',
        text: { en: 'openConversationId of the group', zh: '群的 openConversationId' },
    },
    'robot-code': { value: 'CODE', text: { en: 'RobotCode of the robot', zh: '机器人的 RobotCode' } },
    'add-robot': {
        text: { en: 'Adds the robot to the group, with dws', zh: '将机器人添加到群（使用 dws 时）' },
    },
    'save-to': {
        value: 'TARGETS',
        text: {
            en: 'Where to save the values, separated by commas: `github`, `gitlab`, `env` (the file .env), `list` (only print what to set)',
            zh: '保存位置，用逗号分隔：`github`、`gitlab`、`env`（.env 文件）、`list`（仅显示需要设置的变量）',
        },
    },
    repo: { value: 'OWNER/REPO', text: { en: 'The GitHub repository', zh: 'GitHub 仓库' } },
    project: { value: 'GROUP/PROJECT', text: { en: 'The GitLab project', zh: 'GitLab 项目' } },
    workflow: {
        text: { en: 'Creates a workflow file, unless it exists', zh: '创建工作流文件（已存在时不覆盖）' },
    },
    'first-file': {
        text: {
            en: 'Uploads a small file to prove that the setup works, and sends it to the group',
            zh: '上传一个小文件作为验证，并发送到群',
        },
    },
    'api-base-url': {
        value: 'URL',
        text: { en: 'Base URL of the API, if it is not the public one', zh: 'API 地址（非公共服务时填写）' },
    },
    'oapi-base-url': {
        value: 'URL',
        text: {
            en: 'Base URL of the legacy API, if it is not the public one',
            zh: '旧版 API 地址（非公共服务时填写）',
        },
    },
    language: { value: 'LANGUAGE', text: { en: '`en` or `zh`', zh: '`zh` 或 `en`' } },
    help: { text: { en: 'Shows this help', zh: '显示本帮助' } },
};
function valuesOf(answers) {
    return Object.fromEntries(Object.entries(answers).filter(([name]) => inputs_inputs .Qh.includes(name) && name !== 'language'));
}
class OptionError extends Error {
    text;
    constructor(text) {
        super(text.en);
        this.text = text;
    }
}
function readOptions(argv) {
    const options = Object.fromEntries(Object.entries(OPTIONS).map(([name, { value }]) => [
        name,
        { type: value === undefined ? 'boolean' : 'string' },
    ]));
    let values;
    try {
        values = (0,external_node_util_.parseArgs)({ args: [...argv], options }).values;
    }
    catch (error) {
        const [, option = ''] = /'(-[^' ]*)/.exec(String(error)) ?? [];
        throw new OptionError({
            en: `The option ${option} is unknown, or its value is missing or not expected. See setup --help.`,
            zh: `选项 ${option} 不存在，或缺少取值，或不需要取值。请查看 setup --help。`,
        });
    }
    const answers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
    for (const [name, allowed] of [
        ['use', USES],
        ['save-to', TARGETS],
        ['dws', ['true', 'false']],
        ['language', ['en', 'zh']],
    ])
        for (const value of answers[name]?.split(',') ?? [])
            if (!allowed.includes(value))
                throw new OptionError({
                    en: `--${name}: "${value}" is not valid. Use one of: ${allowed.join(', ')}.`,
                    zh: `--${name}：「${value}」不是有效值。可选值：${allowed.join('、')}。`,
                });
    return answers;
}
function missing(answers) {
    const { use } = answers;
    const targets = answers['save-to']?.split(',') ?? [];
    const app = answers.dws === 'true' ? ['app'] : ['app-key', 'app-secret'];
    const needed = ['use', ...app, 'user-id', 'folder-url', 'save-to'];
    if (use !== undefined && use !== 'folder')
        needed.push('chat-id');
    if (use === 'robot' && answers.dws !== 'true')
        needed.push('robot-code');
    if (use === 'webhook')
        needed.push('robot-webhook');
    if (targets.includes('github'))
        needed.push('repo');
    if (targets.includes('gitlab'))
        needed.push('project');
    return needed.filter((name) => !answers[name]).map(optionOf);
}
function optionOf(name) {
    return inputs_inputs .Qh.includes(name) && (0,names .$f)(name)
        ? (0,names .Qn)(name)
        : `--${name}`;
}
function helpText(language, width) {
    const secrets = ['app-secret', 'robot-webhook', 'robot-secret'].map(names .Qn);
    const paragraphs = {
        en: [
            'Guides you from nothing to the first file in a group, and checks every answer with DingTalk.',
            'Usage: upload-to-dingtalk setup [OPTION]...',
            `You can answer each question with an option. Without a terminal, all of them need one. Secrets are read from environment variables: ${secrets.join(', ')}.`,
        ],
        zh: [
            '引导你从零开始完成配置，直到群里收到第一个文件。每个回答都会立即向钉钉验证。',
            '用法：upload-to-dingtalk setup [选项]...',
            `每个问题都可以用选项回答。没有终端时，必须全部用选项回答。密钥通过环境变量提供：${secrets.join('、')}。`,
        ],
    };
    const options = Object.entries(OPTIONS).map(([name, { value, text }]) => (0,help .L)(`--${name}${value === undefined ? '' : ` ${value}`}`, text[language], width));
    const shown = paragraphs[language].map((paragraph) => (0,help .ky)(paragraph, width).join('\n'));
    return `${[...shown, options.join('\n')].join('\n\n')}\n`;
}

;// CONCATENATED MODULE: ./build/setup/app.js





const NAME = 'upload-to-dingtalk';
async function connectApp(setup) {
    const { talk, platform, values } = setup;
    if (setup.dws)
        await withDws(setup, (dws) => readCredentials(dws, setup));
    const { 'app-key': appKey, 'app-secret': appSecret } = talk.answers;
    if (appKey === undefined || appSecret === undefined)
        talk.say({
            en: `Open ${text_links .s6}
Sign in to the organization that owns the drive. Create an internal app under Application development (应用开发) → DingTalk apps (钉钉应用), or open yours. The page Credentials (凭证与基础信息) shows both values.`,
            zh: `打开 ${text_links .s6}
登录云盘所属的组织，在「应用开发」→「钉钉应用」中创建企业内部应用，或打开已有的应用。
这两个值在应用的「凭证与基础信息」页面。`,
        });
    await talk.accepted(['app-key', 'app-secret'], async () => {
        await talk.text('app-key', { en: 'Client ID', zh: 'Client ID（客户端 ID）' });
        await talk.secret('app-secret', { en: 'Client Secret', zh: 'Client Secret（客户端密钥）' });
        await talk.working(() => platform.look(values(), ['accessToken']));
    });
    talk.done({ en: 'DingTalk accepts the credentials.', zh: '钉钉已接受该凭证。' });
}
async function withDws(setup, task) {
    const { talk, dws } = setup;
    for (;;) {
        if (!dws)
            return false;
        try {
            return await task(dws);
        }
        catch (error) {
            if (!(error instanceof DwsError) || !talk.isTerminal)
                throw error;
            talk.problem(error);
            const isWorthIt = ['consent', 'unavailable', 'logged-out'].includes(error.kind);
            const again = { value: 'again', label: { en: 'Try again', zh: '重试' } };
            const hand = {
                value: 'hand',
                label: { en: 'Continue manually', zh: '改为手动操作' },
            };
            const next = isWorthIt
                ? await talk.choose(undefined, { en: 'What next?', zh: '接下来？' }, [again, hand])
                : 'hand';
            if (next === 'again')
                continue;
            talk.say(ON_BY_HAND);
            return false;
        }
    }
}
async function readCredentials(dws, setup) {
    const { talk } = setup;
    const app = talk.answers['unified-app-id'] ?? (await findApp(dws, setup));
    if (app === undefined)
        return false;
    talk.set('unified-app-id', app);
    const { clientId, clientSecret } = await talk.working(() => dws.credentials(app));
    talk.set('app-key', clientId);
    talk.set('app-secret', clientSecret);
    return true;
}
async function findApp(dws, setup) {
    const { talk } = setup;
    let doubt;
    for (;;) {
        const name = await talk.text('app', { en: 'Name of the app', zh: '应用名称' }, { suggestion: NAME });
        const apps = await talk.working(() => dws.apps(name));
        const exact = apps.filter((app) => app.name === name);
        if (doubt && exact.length === 0 && !talk.isTerminal)
            throw doubt;
        const next = talk.isTerminal
            ? await chooseApp(apps, name, exact.length === 0, doubt !== undefined, setup)
            : onlyApp(exact, setup);
        if (next === 'hand')
            return undefined;
        if (next === 'other')
            talk.forget(['app']);
        if (next === 'create') {
            try {
                return await talk.working(() => dws.createApp(name), {
                    en: 'Creating the app …',
                    zh: '正在创建应用……',
                });
            }
            catch (error) {
                const mayBeThere = error instanceof DwsError && ['unavailable', 'not-understood', 'refused'].includes(error.kind);
                if (!mayBeThere)
                    throw error;
                doubt = error;
                talk.problem(error);
                talk.say({ en: 'The app may have been created anyway.', zh: '应用可能已经创建成功。' });
            }
        }
        const chosen = apps.find(({ unifiedAppId }) => unifiedAppId === next);
        if (!chosen)
            continue;
        talk.done({ en: `App: ${chosen.name}`, zh: `应用：${chosen.name}` });
        return chosen.unifiedAppId;
    }
}
async function chooseApp(apps, name, isNew, isInDoubt, { talk }) {
    const create = {
        value: 'create',
        label: { en: `Create a new app "${name}"`, zh: `创建新应用「${name}」` },
    };
    return talk.choose(undefined, isNew
        ? { en: `There is no app named "${name}".`, zh: `没有名为「${name}」的应用。` }
        : { en: 'Which app do you want to use?', zh: '使用哪个应用？' }, [
        ...apps.map((app) => ({
            value: app.unifiedAppId,
            label: (0,http_text .Bj)(app.name),
            ...(app.appKey ? { hint: (0,http_text .Bj)(app.appKey) } : {}),
        })),
        ...(isInDoubt ? [{ value: 'again', label: { en: 'Look again', zh: '重新查找' } }] : []),
        ...(isNew ? [create] : []),
        { value: 'other', label: { en: 'Look for another name', zh: '查找其他名称' } },
        { value: 'hand', label: { en: 'Continue manually', zh: '改为手动操作' } },
    ]);
}
function onlyApp(exact, { talk }) {
    const [only, ...others] = exact;
    if (only && others.length === 0)
        return only.unifiedAppId;
    if (!only && talk.answers['create-app'] === 'true')
        return 'create';
    throw new errors .WK(only
        ? {
            en: 'Several apps have this name. Use another --app.',
            zh: '有多个同名应用，请用 --app 指定其他名称。',
        }
        : {
            en: 'There is no app with this name. Create it with --create-app.',
            zh: '没有同名应用，可用 --create-app 创建。',
        });
}

var prompts_dist = __webpack_require__(6170);
var failures = __webpack_require__(2772);
var hints = __webpack_require__(7093);
var plain_text = __webpack_require__(7012);
;// CONCATENATED MODULE: ./build/setup/conversation.js










class Back extends Error {
}
class Quit extends Error {
}
class Unanswered extends errors .WK {
}
class Refused extends Error {
    diagnoses;
    constructor(diagnoses) {
        super(diagnoses.map(({ cause }) => cause.en).join(' '));
        this.diagnoses = diagnoses;
    }
}
const CTRL_C = 3;
const CHECKING = { en: 'Checking with DingTalk …', zh: '正在向钉钉验证……' };
const EMPTY = { en: 'Enter a value.', zh: '请输入内容。' };
class Conversation {
    language;
    isTerminal;
    #screen;
    #redaction;
    #signal;
    #leave;
    #answers;
    #earlier = new Map();
    #ofStep = [];
    constructor(language, answers, screen, { redaction, signal, leave, }) {
        this.language = language;
        this.isTerminal = screen.input.isTTY === true && screen.output.isTTY === true;
        this.#screen = screen;
        this.#redaction = redaction;
        this.#signal = signal;
        this.#leave = leave;
        this.#answers = new Map(Object.entries(answers));
    }
    get answers() {
        return Object.fromEntries(this.#answers);
    }
    beginStep() {
        return (this.#ofStep = []);
    }
    forget(names, isSuggested = true) {
        for (const name of names) {
            const value = this.#answers.get(name);
            if (isSuggested && value !== undefined && !isSecretName(name))
                this.#earlier.set(name, value);
            this.#answers.delete(name);
        }
    }
    set(name, value) {
        this.remember(name, value);
        this.#ofStep.push(name);
    }
    remember(name, value) {
        if (isSecretName(name))
            this.#redaction.add(value);
        this.#answers.set(name, value);
    }
    say(text) {
        this.#write(text[this.language], (line, options) => {
            prompts_dist.log.message(line, options);
        });
    }
    done(text) {
        this.#write(text[this.language], (line, options) => {
            prompts_dist.log.success(line, options);
        });
    }
    warn(text) {
        this.#write(text[this.language], (line, options) => {
            prompts_dist.log.warn(line, options);
        });
    }
    frame(text, kind) {
        this.#write(text[this.language], (line, options) => {
            prompts_dist[kind](line, options);
        });
    }
    write(text) {
        this.#screen.output.write(text);
    }
    problem(error) {
        const { 'app-key': appKey } = this.answers;
        const hint = (0,hints .JR)(error, { appKey });
        const problems = error instanceof Error && 'problems' in error ? error.problems : [];
        const diagnoses = error instanceof Refused
            ? error.diagnoses
            : [
                {
                    cause: (0,failures .rl)(error, hint),
                    problems: problems.length > 1 ? problems : [],
                    consequences: [],
                    fix: hint?.fix,
                    details: (0,failures .cz)(error, hint),
                },
            ];
        for (const diagnosis of diagnoses) {
            const details = (0,failures .JK)(diagnosis.details, this.language);
            const text = [(0,failures .oh)(diagnosis)[this.language], details].filter(Boolean).join('\n');
            this.#write(text, (line, options) => {
                prompts_dist.log.error(line, options);
            });
        }
    }
    async accepted(names, attempt) {
        for (;;) {
            try {
                return await attempt();
            }
            catch (error) {
                this.#signal.throwIfAborted();
                if (error instanceof Back || error instanceof Quit || !this.isTerminal)
                    throw error;
                this.problem(error);
                this.forget(names);
            }
        }
    }
    async working(task, title = CHECKING) {
        if (!this.isTerminal)
            return task();
        this.write(`  ${title[this.language]}`);
        try {
            return await this.ignoringKeys(task);
        }
        finally {
            this.write('\r\u001b[K');
        }
    }
    async ignoringKeys(task) {
        const { input } = this.#screen;
        const onKeys = (keys) => {
            if (keys.includes(CTRL_C))
                this.#leave();
        };
        input.setRawMode?.(true);
        input.on('data', onKeys).resume();
        try {
            return await task();
        }
        finally {
            input.off('data', onKeys);
            input.setRawMode?.(false);
            input.pause();
        }
    }
    async text(name, question, { suggestion = '', isOptional = false } = {}) {
        return this.#given(name, () => this.#prompt((streams) => prompts_dist.text({
            ...streams,
            message: question[this.language],
            initialValue: this.#earlier.get(name) ?? suggestion,
            validate: (value) => (isOptional || value?.trim() ? undefined : EMPTY[this.language]),
        })));
    }
    async secret(name, question, { isOptional = false } = {}) {
        return this.#given(name, () => this.#prompt((streams) => prompts_dist.password({
            ...streams,
            message: question[this.language],
            validate: (value) => (isOptional || value?.trim() ? undefined : EMPTY[this.language]),
        })));
    }
    async choose(name, question, choices, preferred) {
        const ask = () => this.#prompt((streams) => prompts_dist.select({
            ...streams,
            message: question[this.language],
            initialValue: (name && this.#earlier.get(name)) ?? preferred ?? choices[0]?.value ?? '',
            options: this.#options(choices),
            showInstructions: false,
        }));
        return (name === undefined ? await this.#asked(question, ask) : await this.#given(name, ask));
    }
    async chooseSome(name, question, choices, preferred) {
        const keys = { en: '(Space selects, Enter confirms)', zh: '（空格键选择，回车键确认）' };
        const chosen = await this.#given(name, async () => {
            for (;;) {
                const values = await this.#prompt((streams) => prompts_dist.multiselect({
                    ...streams,
                    message: (0,http_text .oR)(question, keys)[this.language],
                    initialValues: this.#earlier.get(name)?.split(',') ?? [...preferred],
                    options: this.#options(choices),
                    required: false,
                    showInstructions: false,
                }));
                if (values.length > 0)
                    return values.join(',');
                this.warn({ en: 'Select at least one.', zh: '请至少选择一项。' });
            }
        });
        return chosen.split(',');
    }
    async agree(name, question, preferred = true) {
        if (name !== undefined && this.#answers.has(name))
            return this.#answers.get(name) === 'true';
        if (!this.isTerminal)
            return false;
        return this.#prompt((streams) => prompts_dist.confirm({
            ...streams,
            message: question[this.language],
            initialValue: preferred,
            active: { en: 'Yes', zh: '是' }[this.language],
            inactive: { en: 'No', zh: '否' }[this.language],
        }));
    }
    #options(choices) {
        return choices.map(({ value, label, hint }) => ({
            value,
            label: label[this.language],
            ...(hint && { hint: hint[this.language] }),
        }));
    }
    async #given(name, ask) {
        let value = this.#answers.get(name);
        if (value === undefined) {
            if (!this.isTerminal)
                throw new Unanswered({ en: `Missing: ${optionOf(name)}.`, zh: `缺少 ${optionOf(name)}。` });
            value = (0,plain_text .qZ)(await ask());
        }
        this.set(name, value);
        return value;
    }
    async #asked(question, ask) {
        if (this.isTerminal)
            return ask();
        throw new Unanswered((0,http_text .oR)(question, {
            en: 'The setup needs a terminal to ask.',
            zh: '当前没有终端，无法回答。',
        }));
    }
    async #prompt(ask) {
        const { input, output } = this.#screen;
        const leaving = new AbortController();
        let last;
        const listen = (_, key) => {
            last = key.name;
            if (key.ctrl && key.name === 'd')
                leaving.abort();
        };
        input.on('keypress', listen);
        try {
            const answer = await ask({ input, output, signal: leaving.signal });
            if (!prompts_dist.isCancel(answer))
                return answer;
            throw last === 'escape' ? new Back() : new Quit();
        }
        finally {
            input.off('keypress', listen);
        }
    }
    #write(text, show) {
        const { output } = this.#screen;
        if (!this.isTerminal) {
            output.write(`${text}\n`);
            return;
        }
        const lines = this.#redaction
            .redacted(text)
            .split('\n')
            .flatMap((line) => {
            const [indent = ''] = /^ */.exec(line) ?? [];
            const columns = (output.columns || 80) - 4 - indent.length;
            return (0,help .ky)(line.trim(), columns).map((part) => indent + part);
        });
        show(lines.join('\n'), { output });
    }
}
function isSecretName(name) {
    return inputs_inputs .Qh.includes(name) && (0,names .$f)(name);
}

;// CONCATENATED MODULE: ./build/setup/folder.js
async function chooseFolder({ talk, platform, values }) {
    if (talk.answers['folder-url'] === undefined)
        talk.say({
            en: `In DingTalk, open the drive (云盘), and choose a folder of a team (团队文件), not of My files (我的文件).
Choose ⋯ → Copy link (复制链接).`,
            zh: `在钉钉中打开「云盘」，选择「团队文件」中的文件夹（不要用「我的文件」），点击 ⋯ →「复制链接」。`,
        });
    const { path, space } = await talk.accepted(['folder-url'], async () => {
        await talk.text('folder-url', { en: 'Link of the folder', zh: '文件夹的链接' });
        const { list, space } = await talk.working(() => platform.look(values(), ['accessToken', 'unionId', 'uploadInfo', 'space', 'list', 'commit']));
        const url = URL.parse(values()['folder-url'] ?? '');
        return {
            path: list?.value?.path ?? list?.value?.name ?? '/',
            space: space?.value?.spaceId ?? url?.searchParams.get('spaceId') ?? '',
        };
    });
    talk.done({
        en: `Folder: ${path}${space && ` (space ${space})`}. The operator can upload to it.`,
        zh: `文件夹：${path}${space && `（空间 ${space}）`}，操作者可以上传。`,
    });
}

var dingtalk_errors = __webpack_require__(4772);
var announcer = __webpack_require__(7718);
;// CONCATENATED MODULE: ./build/setup/group.js







async function chooseGroup(setup) {
    const { talk } = setup;
    if (talk.answers.use === 'folder')
        return;
    if (talk.answers['chat-id'] === undefined)
        await withDws(setup, (dws) => findGroup(dws, setup));
    if (talk.answers['chat-id'] === undefined)
        talk.say({
            en: `The ID of a group comes from the JSAPI Explorer. The group must be an internal group (企业内部群) that you are in.
1. Copy the CorpId at the top right of ${text_links .s6}
2. Open ${text_links .rS}
   Enter the CorpId, and click Run (运行调试 or 发起调用). Scan the QR code with your phone, and click Run again.
3. Choose the group on your phone. Copy openConversationId (cid…) from the response; if it has none, chatId (chat…).`,
            zh: `群的 ID 通过 JSAPI Explorer 获取，只能选择你所在的企业内部群。
1. 复制 ${text_links .s6} 右上角的 CorpId
2. 打开 ${text_links .rS}
   填入 CorpId，点击「运行调试」（或「发起调用」），用手机扫码，然后再点击一次。
3. 在手机上选择群，复制响应中的 openConversationId（cid…）；没有时复制 chatId（chat…）。`,
        });
    const isConfirmed = await talk.accepted(['chat-id'], async () => {
        await talk.text('chat-id', { en: 'openConversationId of the group', zh: '群的 openConversationId' });
        return talk.working(() => isKnownGroup(setup));
    });
    const { group } = talk.answers;
    talk.done(group !== undefined
        ? { en: `Group: ${group}`, zh: `群：${group}` }
        : isConfirmed
            ? { en: 'DingTalk knows the group, and the operator is in it.', zh: '钉钉中有这个群，操作者在群内。' }
            : {
                en: 'The ID of the group is valid. The first file will show whether it is the right group.',
                zh: '群 ID 格式正确。发送第一个文件后即可确认是否为所需的群。',
            });
}
async function findGroup(dws, { talk }) {
    for (;;) {
        const name = await talk.text('group', {
            en: 'Name of the group, or a part of it',
            zh: '群名称（或其中一部分）',
        });
        const groups = await talk.working(() => dws.groups(name));
        const question = {
            en: groups.length > 0 ? 'Which group?' : 'None of your groups has this name.',
            zh: groups.length > 0 ? '选择哪个群？' : '你所在的群中没有这个名称。',
        };
        const next = await talk.choose(undefined, question, [
            ...groups.map(({ title, openConversationId }) => ({
                value: openConversationId,
                label: (0,http_text .Bj)(title),
            })),
            { value: 'again', label: { en: 'Search again', zh: '重新搜索' } },
            { value: 'hand', label: { en: 'Enter the ID by hand', zh: '手动填写群 ID' } },
        ]);
        const chosen = groups.find(({ openConversationId }) => openConversationId === next);
        if (chosen) {
            talk.set('group', chosen.title);
            talk.set('chat-id', chosen.openConversationId);
            return true;
        }
        talk.forget(['group']);
        if (next === 'hand')
            return false;
    }
}
async function isKnownGroup({ talk, platform, values }) {
    const found = await platform.look(values(), ['accessToken', 'unionId', 'openConversationId']);
    const { 'chat-id': given = '' } = talk.answers;
    const id = (0,announcer .j_)(given) ? given : found.openConversationId?.get(given)?.value;
    if (id === undefined)
        throw new Refused([]);
    talk.set('chat-id', id);
    try {
        const unionId = found.unionId?.operator?.value?.unionId ?? '';
        await platform.call(values(), (dingtalk) => dingtalk.groupSpace(id, unionId));
        return true;
    }
    catch (error) {
        if ((0,hints ["if"])(error).length > 0)
            return false;
        if (error instanceof dingtalk_errors .D && error.kind !== 'refused')
            return false;
        throw error;
    }
}

;// CONCATENATED MODULE: ./build/setup/operator.js


async function chooseOperator(setup) {
    const { talk, platform, values } = setup;
    let suggestion = '';
    if (talk.answers['user-id'] === undefined)
        talk.say({
            en: `Files are uploaded and sent on behalf of a member of the organization, called the operator.
The UserID is in the admin console: Contacts (通讯录) → Members (成员管理) → the details of the member.
${text_links .KC}`,
            zh: `文件以组织中一位成员（操作者）的身份上传和发送。
UserID 在管理后台「通讯录」→「成员管理」的成员详情中。
${text_links .KC}`,
        });
    if (talk.answers['user-id'] === undefined)
        await withDws(setup, async (dws) => {
            const self = await talk.working(() => dws.self());
            suggestion = self.userId;
            talk.say({
                en: `You are ${self.name}. Press Enter to use your account as the operator.`,
                zh: `你是${self.name}，按回车键即以你为操作者。`,
            });
            return true;
        });
    const member = await talk.accepted(['user-id'], async () => {
        await talk.text('user-id', { en: 'UserID of the operator', zh: '操作者的 UserID' }, { suggestion });
        const found = await talk.working(() => platform.look(values(), ['accessToken', 'unionId']));
        return found.unionId?.operator?.value;
    });
    const name = member?.name ?? talk.answers['user-id'] ?? '';
    talk.done({ en: `Operator: ${name}`, zh: `操作者：${name}` });
}

var check = __webpack_require__(2927);
var operations = __webpack_require__(4281);
var advice = __webpack_require__(8999);
var check_evidence = __webpack_require__(2590);
var findings = __webpack_require__(1069);
var client = __webpack_require__(6141);
var dingtalk_oss = __webpack_require__(3080);
var concurrency = __webpack_require__(8842);
var http_http = __webpack_require__(3598);
var proxies = __webpack_require__(2501);
;// CONCATENATED MODULE: ./build/setup/platform.js














const PLACEHOLDERS = {
    'app-key': 'upload-to-dingtalk-setup',
    'app-secret': 'upload-to-dingtalk-setup',
    'user-id': 'upload-to-dingtalk-setup',
};
function inputsFor(values) {
    const given = {
        ...PLACEHOLDERS,
        ...(values['folder-url'] ? {} : { 'space-id': '1' }),
        ...values,
        mode: 'check',
    };
    return (0,inputs_inputs .Ko)({ input: (name) => given[name] ?? '' }, process.env);
}
class Platform {
    #environment;
    #logger;
    constructor(environment, redaction) {
        this.#environment = environment;
        this.#logger = {
            secret: (value) => void redaction.add(value),
            info: () => undefined,
            debug: () => undefined,
        };
    }
    async call(values, task) {
        const inputs = inputsFor(values);
        const environment = (0,http_environment .p7)({ ...this.#environment, halting: new AbortController() });
        const http = new http_http .l(environment, inputs.requestTimeout, 4);
        try {
            return await task(new client .D({ ...inputs, retries: 1, http, logger: this.#logger }), http, inputs);
        }
        finally {
            await http.close();
        }
    }
    async look(values, operations) {
        return this.call(values, async (dingtalk, http, inputs) => {
            const { calls, evidence } = await this.#probe(inputs, operations, dingtalk, http);
            const failures = (0,check .xM)((0,findings .S)(inputs, calls, evidence, dingtalk.clockAhead), inputs.appKey);
            if (failures.length > 0)
                throw new Refused(failures);
            return evidence.results;
        });
    }
    async missingScopes(values, scopes) {
        const operations = OPERATION_NAMES.filter((name) => scopes.includes(scopeOf(name)));
        return this.call(values, async (dingtalk, http, inputs) => {
            const { evidence } = await this.#probe(inputs, ['accessToken', ...operations], dingtalk, http);
            const errors = evidence.calls.flatMap(({ result: { error } }) => (error === undefined ? [] : [error]));
            const failed = evidence.results.accessToken?.error ?? errors.find(isNoRefusal);
            if (failed !== undefined)
                throw failed;
            return [...new Set(errors.flatMap(hints ["if"]))].filter((scope) => scopes.includes(scope));
        });
    }
    async #probe(inputs, operations, dingtalk, http) {
        const logger = this.#logger;
        const plainHttp = (0,proxies .U9)(inputs.apiBaseUrl);
        const oss = new dingtalk_oss .W({ http, logger, plainHttp, concurrency: (0,concurrency .CS)(1), retries: 1 });
        const calls = (0,check .p9)(inputs).filter(({ operation }) => operations.includes(operation));
        const { signal } = this.#environment;
        const evidence = await (0,check_evidence .hx)(inputs, calls, { dingtalk, oss, source: undefined, signal });
        return { calls, evidence };
    }
}
const OPERATION_NAMES = Object.keys(operations .x);
function scopeOf(name) {
    return { scope: '', ...operations .x[name] }.scope;
}
function isNoRefusal(error) {
    return !(error instanceof dingtalk_errors .D) || error.kind !== 'refused';
}
function scopesOf(calls, kind) {
    const scopes = (wanted) => calls.flatMap((call) => (call.kind === wanted ? scopeOf(call.operation) : [])).filter(Boolean);
    const required = new Set(scopes('required'));
    return kind === 'required'
        ? [...required]
        : [...new Set(scopes('optional'))].filter((scope) => !required.has(scope));
}

;// CONCATENATED MODULE: ./build/setup/permissions.js











const LOOKS = 4;
const BETWEEN_LOOKS = 5000;
const LATER = {
    folder: {},
    group: { 'chat-id': `cid${'0'.repeat(22)}==` },
    robot: { 'chat-id': `cid${'0'.repeat(22)}==`, 'robot-code': 'upload-to-dingtalk-setup' },
    webhook: { 'chat-id': `cid${'0'.repeat(22)}==` },
};
async function enablePermissions(setup) {
    const { talk } = setup;
    const values = { ...LATER[talk.answers.use], ...setup.values() };
    const calls = (0,check .p9)(inputsFor(values));
    const required = scopesOf(calls, 'required');
    const recommended = scopesOf(calls, 'optional');
    const isRequired = (scope) => required.includes(scope);
    let missing = await missingOf(setup, values, required, recommended, 1);
    const app = talk.answers['unified-app-id'];
    const needsRobot = talk.answers.use === 'robot' && talk.answers['robot-code'] === undefined;
    if (app !== undefined && (missing.length > 0 || needsRobot || talk.answers['version-id'] !== undefined)) {
        if (await withDws(setup, (dws) => setUpApp(dws, app, missing, setup)))
            missing = await missingOf(setup, values, required, recommended, LOOKS);
    }
    for (let isFirst = true; missing.some(isRequired); isFirst = false) {
        if (!talk.isTerminal)
            throw new errors .WK(permissionText(missing, setup));
        talk.say(permissionText(missing.filter(isRequired), setup));
        const optional = missing.filter((scope) => !isRequired(scope));
        if (isFirst && optional.length > 0)
            talk.say(recommendedText(optional, calls, setup));
        if (isFirst)
            talk.say(PUBLISH);
        await waitForPerson({ en: 'Have you published the version?', zh: '新版本发布了吗？' }, setup);
        missing = await missingOf(setup, values, required, recommended, LOOKS);
    }
    talk.done({
        en: `The app has the ${required.length} permissions that it needs.`,
        zh: `应用已开通所需的 ${required.length} 项权限。`,
    });
}
async function setUpApp(dws, app, scopes, setup) {
    const { talk, environment } = setup;
    if (talk.answers['version-id'] === undefined) {
        const permissions = await talk.working(() => unauthorized(dws, app, scopes), permissions_LOOKING);
        const addable = permissions.filter(({ allowedActions }) => allowedActions.includes('apply'));
        for (const { scopeValue, displayMessage } of permissions)
            if (!addable.some((other) => other.scopeValue === scopeValue))
                talk.warn({
                    en: `dws can't add the permission ${(0,advice .tm)(scopeValue)}. ${displayMessage ?? ''}`,
                    zh: `dws 无法开通权限 ${(0,advice .tm)(scopeValue)}。${displayMessage ?? ''}`,
                });
        const names = addable.map(({ scopeValue }) => `  ${(0,advice .tm)(scopeValue)}`).join('\n');
        const hasRobot = talk.answers.use !== 'robot' || (await talk.working(() => dws.robotCode(app), permissions_LOOKING)) !== undefined;
        if (names)
            talk.say({ en: `Permissions to add:\n${names}`, zh: `需要开通的权限：\n${names}` });
        const question = hasRobot
            ? {
                en: 'Add them with dws, and publish a version of the app?',
                zh: '用 dws 开通并发布应用的新版本吗？',
            }
            : {
                en: 'Add them with dws, configure the robot, and publish a version of the app?',
                zh: '用 dws 开通权限、配置机器人，并发布应用的新版本吗？',
            };
        if (!(await talk.agree('publish', question)))
            return false;
        await talk.working(async () => {
            if (addable.length > 0)
                await dws.addPermissions(app, addable.map(({ scopeValue }) => scopeValue));
            if (!hasRobot)
                await dws.configureRobot(app, talk.answers.app ?? 'upload-to-dingtalk');
            const direct = addable
                .filter(({ requiredApproval }) => !requiredApproval)
                .map(({ scopeValue }) => scopeValue);
            for (let look = 1; look < LOOKS && (await unauthorized(dws, app, direct)).length > 0; look++)
                await environment.clock.sleep(BETWEEN_LOOKS, environment.signal);
            talk.remember('version-id', await dws.createVersion(app, 'upload-to-dingtalk'));
        }, ADDING);
    }
    if (talk.answers.use === 'robot') {
        const code = await talk.working(() => dws.robotCode(app), permissions_LOOKING);
        if (code !== undefined)
            talk.set('robot-code', code);
    }
    if (!(await publish(dws, app, setup)))
        return false;
    talk.forget(['version-id']);
    if (talk.isTerminal && talk.answers.visibility === undefined) {
        talk.say(VISIBILITY);
        await talk.choose('visibility', { en: 'Have you set the visibility?', zh: '可见范围设置好了吗？' }, [
            { value: 'set', label: { en: 'Yes', zh: '已设置' } },
        ]);
    }
    return true;
}
async function publish(dws, app, setup) {
    const { talk, environment } = setup;
    const version = talk.answers['version-id'] ?? '';
    for (let look = 1;; look++) {
        const { versionStatus, processStatus, processComment } = await talk.working(() => dws.versionStatus(app, version), permissions_LOOKING);
        if (versionStatus === 'RELEASE') {
            talk.done({ en: 'The version is published.', zh: '新版本已发布。' });
            return true;
        }
        if (['FAIL', 'WITHDRAW', 'CANCEL', 'PUBLISH_FAILED'].includes(processStatus ?? '')) {
            talk.forget(['version-id']);
            throw new DwsError('refused', {
                en: `The version was not published (${processStatus ?? ''}). ${processComment ?? ''}`,
                zh: `新版本未能发布（${processStatus ?? ''}）。${processComment ?? ''}`,
            });
        }
        if (versionStatus === 'INIT' && look === 1) {
            const approvers = await talk.working(() => dws.approvers(app, version), permissions_LOOKING);
            const approver = approvers.length === 0
                ? undefined
                : await talk.choose('approver', { en: 'The version requires approval. By whom?', zh: '新版本需要审批，请选择审批人：' }, approvers.map(({ userId, label }) => ({ value: userId, label: (0,http_text .Bj)(label) })));
            await talk.working(() => dws.publish(app, version, approver), PUBLISHING);
        }
        else if (look % LOOKS !== 0)
            await talk.working(() => environment.clock.sleep(BETWEEN_LOOKS, environment.signal), permissions_LOOKING);
        else {
            if (!talk.isTerminal)
                throw new errors .WK(IN_REVIEW);
            talk.say(IN_REVIEW);
            await waitForPerson({ en: 'Has it been approved?', zh: '审批通过了吗？' }, setup);
        }
    }
}
async function unauthorized(dws, app, scopes) {
    const found = [];
    for (const scope of scopes)
        found.push((await dws.permission(app, scope)) ?? {
            scopeValue: scope,
            authed: false,
            allowedActions: [],
            requiredApproval: false,
        });
    return found.filter(({ authed }) => !authed);
}
async function waitForPerson(question, { talk }) {
    const next = await talk.choose(undefined, question, [
        { value: 'check', label: { en: 'Yes, check again', zh: '是，重新检查' } },
        { value: 'leave', label: { en: 'Not yet: exit, and continue later', zh: '还没有：先退出，以后继续' } },
    ]);
    if (next === 'leave')
        throw new Quit();
}
const permissions_LOOKING = { en: 'Checking the app …', zh: '正在查询应用……' };
const ADDING = { en: 'Adding the permissions …', zh: '正在开通权限……' };
const PUBLISHING = { en: 'Publishing the version …', zh: '正在发布新版本……' };
const IN_REVIEW = {
    en: 'The version is waiting for approval, which can take hours. The approver may not be notified, so contact them.',
    zh: '新版本正在等待审批，可能需要数小时。审批人可能收不到通知，请主动联系。',
};
const VISIBILITY = {
    en: `Set the visibility of the app (应用可见范围) in the browser. It must include the operator and the owner of the group. The whole organization (全部员工) is simplest.
${text_links .h}`,
    zh: `请在浏览器中设置「应用可见范围」，必须包含操作者和群主，选择「全部员工」最简单。
${text_links .h}`,
};
async function missingOf({ talk, platform, environment }, values, required, recommended, looks) {
    return talk.working(async () => {
        for (let look = 1;; look++) {
            const missing = await platform.missingScopes(values, [...required, ...recommended]);
            if (look === looks || !missing.some((scope) => required.includes(scope)))
                return missing;
            await environment.clock.sleep(BETWEEN_LOOKS, environment.signal);
        }
    });
}
function permissionText(scopes, { talk }) {
    const lines = scopes
        .map((scope) => {
        const { links = [] } = (0,hints .fm)([scope], talk.answers['app-key']);
        return [(0,advice .tm)(scope), ...(0,text_links .Om)(links, 'en', (url) => `  ${url}`)].join('\n');
    })
        .join('\n');
    return {
        en: `Enable these permissions. Open each link:\n${lines}`,
        zh: `请开通以下权限，逐个打开链接：\n${lines}`,
    };
}
function recommendedText(scopes, calls, setup) {
    const { en, zh } = permissionText(scopes, setup);
    const loss = calls.find((call) => call.kind === 'optional' && scopes.includes({ scope: '', ...operations .x[call.operation] }.scope));
    const why = loss?.kind === 'optional' ? loss.loss : { en: '', zh: '' };
    return {
        en: `Recommended: ${why.en}\n${en.slice(en.indexOf('\n') + 1)}`,
        zh: `建议开通：${why.zh}\n${zh.slice(zh.indexOf('\n') + 1)}`,
    };
}
const PUBLISH = {
    en: `Then publish a version of the app: Version management (版本管理与发布) → Create a version (创建新版本).
Set the visibility (应用可见范围) there. It must include the operator and the owner of the group. The whole organization (全部员工) is simplest.
${text_links .h}`,
    zh: `然后发布应用的新版本：「版本管理与发布」→「创建新版本」。
在其中设置「应用可见范围」，必须包含操作者和群主，选择「全部员工」最简单。
${text_links .h}`,
};

var external_node_crypto_ = __webpack_require__(7598);
var external_node_os_ = __webpack_require__(8161);
;// CONCATENATED MODULE: ./build/setup/progress.js






class Progress {
    #path;
    constructor(directory, variables) {
        const base = process.platform === 'win32'
            ? (variables['LOCALAPPDATA'] ?? (0,external_node_path_.join)((0,external_node_os_.homedir)(), 'AppData/Local'))
            : variables['XDG_STATE_HOME'] || (0,external_node_path_.join)(variables['HOME'] ?? (0,external_node_os_.homedir)(), '.local/state');
        const id = (0,external_node_crypto_.createHash)('sha256').update(directory).digest('hex').slice(0, 16);
        this.#path = (0,external_node_path_.join)(base, 'upload-to-dingtalk', `setup-${id}.json`);
    }
    read() {
        try {
            const answers = JSON.parse((0,external_node_fs_.readFileSync)(this.#path, 'utf8'));
            return Object.fromEntries(Object.entries(Object(answers)).filter(([, value]) => typeof value === 'string'));
        }
        catch {
            return {};
        }
    }
    write(answers) {
        const saved = Object.fromEntries(Object.entries(answers).filter(([name]) => !(inputs_inputs .Qh.includes(name) && (0,names .$f)(name))));
        (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(this.#path), { recursive: true, mode: 0o700 });
        (0,external_node_fs_.writeFileSync)(this.#path, `${JSON.stringify(saved, undefined, 1)}\n`, { mode: 0o600 });
    }
    remove() {
        (0,external_node_fs_.rmSync)(this.#path, { force: true });
    }
}

var action = __webpack_require__(3494);
var terminal_runner = __webpack_require__(1803);
;// CONCATENATED MODULE: ./build/setup/proof.js








async function checkAll(setup) {
    const { talk } = setup;
    while (!(await runJob(setup, { mode: 'check' }, []))) {
        const question = {
            en: 'The check failed. What next? Esc goes back.',
            zh: '检查未通过，接下来？按 Esc 返回上一步。',
        };
        const next = await talk.choose(undefined, question, [
            { value: 'check', label: { en: 'Check again', zh: '重新检查' } },
            { value: 'leave', label: { en: 'Exit, and continue later', zh: '先退出，以后继续' } },
        ]);
        if (next === 'leave')
            throw new Quit();
    }
}
async function sendFirstFile(setup) {
    const { talk } = setup;
    const question = talk.answers.use === 'folder'
        ? { en: 'Upload a small file now?', zh: '现在上传一个小文件吗？' }
        : {
            en: 'Upload a small file now, and send it to the group? Everyone in the group sees it.',
            zh: '现在上传一个小文件并发送到群吗？群里所有人都能看到。',
        };
    if (!(await talk.agree('first-file', question)))
        return;
    const directory = (0,external_node_fs_.mkdtempSync)((0,external_node_path_.join)((0,external_node_os_.tmpdir)(), 'upload-to-dingtalk-'));
    const file = (0,external_node_path_.join)(directory, 'upload-to-dingtalk.txt');
    const message = {
        en: 'upload-to-dingtalk is set up: {files}',
        zh: 'upload-to-dingtalk 已配置完成：{files}',
    };
    try {
        (0,external_node_fs_.writeFileSync)(file, `${new Date(setup.environment.clock.now()).toISOString()}\n`);
        const hasRobot = ['robot', 'webhook'].includes(talk.answers.use ?? '');
        const more = hasRobot ? { message: message[talk.language] } : {};
        if (await runJob(setup, more, [file]))
            return;
        throw new errors .WK({ en: 'The first file was not delivered.', zh: '第一个文件未能送达。' });
    }
    finally {
        (0,external_node_fs_.rmSync)(directory, { recursive: true });
    }
}
async function runJob({ talk, values, variables, environment }, more, literalPaths) {
    const settings = { inputs: { ...values(), language: talk.language, ...more }, literalPaths };
    const places = literalPaths.map((path) => (0,external_node_path_.join)((0,external_node_path_.dirname)(path), '/'));
    const runner = (0,terminal_runner .b)(settings, variables, (text) => {
        talk.write(places.reduce((shown, place) => shown.replaceAll(place, ''), text));
    });
    const brief = { ...runner, group: () => undefined };
    const halting = new AbortController();
    const done = await talk.ignoringKeys(() => (0,action .eF)(brief, (0,http_environment .p7)({ ...environment, halting })));
    environment.signal.throwIfAborted();
    return done;
}

;// CONCATENATED MODULE: ./build/setup/robot.js

async function chooseRobot(setup) {
    const { use } = setup.talk.answers;
    if (use === 'robot')
        await chooseAppRobot(setup);
    if (use === 'webhook')
        await chooseWebhook(setup);
}
async function chooseAppRobot(setup) {
    const { talk, platform, values } = setup;
    if (talk.answers['robot-code'] === undefined)
        talk.say({
            en: `In the developer console, the app needs the robot ability: Add abilities (添加应用能力) → Robot (机器人). Publish a version with it.
The page of the robot shows its RobotCode. It is usually the same as the Client ID.`,
            zh: `在开发者后台为应用添加机器人：「添加应用能力」→「机器人」，并发布新版本。
机器人页面显示 RobotCode，一般与 Client ID 相同。`,
        });
    await talk.accepted(['robot-code'], async () => {
        const suggestion = talk.answers['app-key'] ?? '';
        await talk.text('robot-code', { en: 'RobotCode', zh: 'RobotCode（机器人编码）' }, { suggestion });
        await talk.working(() => platform.look(values(), ['accessToken', 'post']));
    });
    talk.done({ en: 'DingTalk knows the robot.', zh: '钉钉中有这个机器人。' });
    if (!(await withDws(setup, (dws) => addToGroup(dws, setup))) && talk.isTerminal)
        talk.say({
            en: 'If the robot is not in the group yet, add it: Group settings (群设置) → Robots (机器人) → Add robot (添加机器人).',
            zh: '如果机器人还不在群里，请添加：「群设置」→「机器人」→「添加机器人」。',
        });
}
async function addToGroup(dws, { talk }) {
    const { group = '', 'chat-id': chat = '', 'robot-code': code = '' } = talk.answers;
    const question = {
        en: `Add the robot to the group ${group} with dws? Everyone in the group sees it.`,
        zh: `用 dws 将机器人添加到群${group}吗？群里所有人都能看到。`,
    };
    if (!(await talk.agree('add-robot', question)))
        return false;
    await talk.working(() => dws.addRobot(chat, code), { en: 'Adding the robot …', zh: '正在添加机器人……' });
    talk.done({ en: 'The robot is in the group.', zh: '机器人已在群里。' });
    return true;
}
async function chooseWebhook({ talk, platform, values }) {
    if (talk.answers['robot-webhook'] === undefined)
        talk.say({
            en: `In DingTalk, open the settings of the group (群设置) → Robots (机器人) → Add robot (添加机器人) → Custom (自定义).
Choose Sign (加签) as its security setting. Copy the webhook, and the secret that starts with SEC.`,
            zh: `在钉钉中打开「群设置」→「机器人」→「添加机器人」→「自定义」，安全设置选择「加签」。
复制 Webhook 地址，以及以 SEC 开头的密钥。`,
        });
    await talk.accepted(['robot-webhook', 'robot-secret'], async () => {
        await talk.secret('robot-webhook', { en: 'Webhook of the robot', zh: '机器人的 Webhook 地址' });
        if (talk.isTerminal) {
            const question = {
                en: 'Signing secret (press Enter if there is none)',
                zh: '加签密钥（没有时直接按回车键）',
            };
            await talk.secret('robot-secret', question, { isOptional: true });
        }
        await platform.look(values(), ['postByWebhook']);
    });
    talk.done({
        en: 'The webhook is valid. The first message will show whether DingTalk accepts it.',
        zh: 'Webhook 格式正确。发送第一条消息后即可确认是否有效。',
    });
}

;// CONCATENATED MODULE: ./build/setup/targets.js







const NAMES = {
    github: { en: 'A GitHub repository', zh: 'GitHub 仓库' },
    gitlab: { en: 'A GitLab project', zh: 'GitLab 项目' },
    env: { en: 'The file .env in this directory', zh: '当前目录的 .env 文件' },
    list: { en: 'Another CI: only show what to set', zh: '其他 CI：仅显示需要设置的变量' },
};
async function saveValues(setup) {
    const { talk } = setup;
    const remote = await remoteOf(setup);
    const likely = /gitlab/i.test(remote.host) ? 'gitlab' : remote.host ? 'github' : 'env';
    const targets = await talk.chooseSome('save-to', { en: 'Where do you want to save the values?', zh: '这些值保存到哪里？' }, Object.keys(NAMES).map((value) => ({ value, label: NAMES[value] })), [likely]);
    const entries = entriesOf(setup);
    for (const target of targets) {
        while (!(await saved(target, entries, setup, remote.path))) {
            const next = await talk.choose(undefined, { en: 'What next?', zh: '接下来？' }, [
                { value: 'again', label: { en: 'Try again', zh: '重试' } },
                { value: 'on', label: { en: 'Set the values manually, and continue', zh: '手动设置，继续下一步' } },
            ]);
            if (next === 'on')
                break;
        }
    }
}
async function saved(target, entries, setup, remote) {
    const { talk } = setup;
    try {
        await SAVE[target](entries, setup, remote);
        return true;
    }
    catch (error) {
        if (!(error instanceof errors .WK) || !talk.isTerminal)
            throw error;
        talk.problem(error);
        return false;
    }
}
const SAVE = {
    github: saveToGithub,
    gitlab: saveToGitlab,
    env: saveToFile,
    list: (entries, { talk }) => {
        talk.say(listed(entries, { en: 'Set these variables in your CI:', zh: '请在 CI 中设置以下变量：' }));
        return Promise.resolve();
    },
};
function entriesOf({ values }) {
    const given = values();
    return inputs_inputs .Qh.flatMap((input) => {
        const value = given[input];
        if (!value || value === (0,inputs_inputs .HA)(input))
            return [];
        return { name: (0,names .Qn)(input), value, isSecret: (0,names .$f)(input) };
    });
}
function listed(entries, title) {
    const lines = (secret) => entries.map(({ name, value, isSecret }) => `  ${name}=${isSecret ? secret : value}`).join('\n');
    return {
        en: `${title.en}\n${lines('*** (secret)')}`,
        zh: `${title.zh}\n${lines('***（密钥）')}`,
    };
}
async function remoteOf(setup) {
    const { stdout } = await runProgram('git', ['remote', 'get-url', 'origin'], programOptions(setup));
    const [, host = '', path = ''] = /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([^/:]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/i.exec(stdout.trim()) ?? [];
    return { host, path };
}
function programOptions({ variables, directory, environment: { signal } }) {
    return { variables, directory, signal };
}
async function saveToGithub(entries, setup, remote) {
    const { talk } = setup;
    const gh = (args, input = '') => talk.working(() => runProgram('gh', args, { ...programOptions(setup), input }), SETTING);
    const status = await gh(['auth', 'status']);
    if (status.exitCode !== 0) {
        const isMissing = status.exitCode === undefined;
        const why = isMissing
            ? { en: 'The GitHub CLI (gh) is not installed.', zh: '未安装 GitHub CLI（gh）。' }
            : { en: 'The GitHub CLI (gh) is not logged in.', zh: 'GitHub CLI（gh）尚未登录。' };
        throw new errors .WK(listed(entries, (0,http_text .oR)(why, IN_GITHUB)));
    }
    const repo = await talk.accepted(['repo'], async () => {
        const question = { en: 'GitHub repository (OWNER/REPO)', zh: 'GitHub 仓库（OWNER/REPO）' };
        const repo = await talk.text('repo', question, { suggestion: remote });
        const shown = await gh(['repo', 'view', repo, '--json', 'nameWithOwner']);
        if (shown.exitCode !== 0)
            throw programError('gh repo view', shown);
        return repo;
    });
    talk.say(listed(entries, {
        en: `The setup sets these secrets and variables of GitHub Actions in ${repo}, and replaces existing ones:`,
        zh: `将在 ${repo} 中设置以下 GitHub Actions secret 和变量，已有的会被覆盖：`,
    }));
    if (talk.isTerminal && !(await talk.agree(undefined, SET_NOW))) {
        talk.say(listed(entries, IN_GITHUB));
        return;
    }
    for (const { name, value, isSecret } of entries) {
        const kind = isSecret ? 'secret' : 'variable';
        let set = await gh([kind, 'set', name, '--repo', repo], value);
        if (!isSecret && set.exitCode !== 0 && /unknown command/.test(set.stderr)) {
            const body = JSON.stringify({ name, value });
            const path = `repos/${repo}/actions/variables`;
            set = await gh(['api', '--method', 'PATCH', `${path}/${name}`, '--input', '-'], body);
            if (set.exitCode !== 0)
                set = await gh(['api', '--method', 'POST', path, '--input', '-'], body);
        }
        if (set.exitCode !== 0)
            throw programError(`gh ${kind} set ${name}`, set);
    }
    const secrets = await gh(['secret', 'list', '--repo', repo]);
    const lost = entries.find(({ name, isSecret }) => isSecret && !new RegExp(`^${name}\\b`, 'm').test(secrets.stdout));
    if (secrets.exitCode !== 0 || lost)
        throw programError('gh secret list', secrets);
    talk.done({
        en: `${repo} has the ${entries.length} values.`,
        zh: `已在 ${repo} 中设置 ${entries.length} 个值。`,
    });
}
const SETTING = { en: 'Setting the values …', zh: '正在设置……' };
const IN_GITHUB = {
    en: 'On GitHub, set them under Settings → Secrets and variables → Actions. Or install gh (https://cli.github.com/), and run gh auth login in another terminal:',
    zh: '请在 GitHub 的 Settings → Secrets and variables → Actions 中设置；或安装 gh（https://cli.github.com/），并在另一个终端中运行 gh auth login：',
};
const SET_NOW = { en: 'Set them now?', zh: '现在设置吗？' };
async function saveToGitlab(entries, setup, remote) {
    const { talk } = setup;
    const glab = (args, input = '') => talk.working(() => runProgram('glab', args, { ...programOptions(setup), input }), SETTING);
    const status = await glab(['auth', 'status']);
    if (status.exitCode !== 0) {
        const why = {
            en: 'The GitLab CLI (glab) is not installed, or not logged in.',
            zh: '未安装 GitLab CLI（glab），或尚未登录。',
        };
        throw new errors .WK(listed(entries, (0,http_text .oR)(why, IN_GITLAB)));
    }
    const question = { en: 'GitLab project (GROUP/PROJECT)', zh: 'GitLab 项目（GROUP/PROJECT）' };
    const project = await talk.text('project', question, { suggestion: remote });
    talk.say(listed(entries, {
        en: `The setup sets these CI/CD variables in ${project}, masks the secrets in logs, and replaces existing variables:`,
        zh: `将在 ${project} 中设置以下 CI/CD 变量，密钥会在日志中打码，已有的变量会被覆盖：`,
    }));
    if (talk.isTerminal && !(await talk.agree(undefined, SET_NOW))) {
        talk.say(listed(entries, IN_GITLAB));
        return;
    }
    for (const { name, value, isSecret } of entries) {
        const args = [name, '--repo', project, ...(isSecret ? ['--masked'] : [])];
        let set = await glab(['variable', 'set', ...args], value);
        if (set.exitCode !== 0)
            set = await glab(['variable', 'update', ...args], value);
        if (set.exitCode !== 0)
            throw programError(`glab variable set ${name}`, set);
    }
    talk.done({
        en: `${project} has the ${entries.length} variables.`,
        zh: `已在 ${project} 中设置 ${entries.length} 个变量。`,
    });
}
const IN_GITLAB = {
    en: 'In GitLab, set them under Settings → CI/CD → Variables. Mask the secrets:',
    zh: '请在 GitLab 的 Settings → CI/CD → Variables 中设置，并将密钥设为 masked：',
};
function programError(command, { exitCode, stderr }) {
    const words = stderr.trim().slice(0, 500);
    return new errors .WK({
        en: `${command} failed (exit code ${exitCode ?? 0}). ${words}`,
        zh: `${command} 失败（退出码 ${exitCode ?? 0}）。${words}`,
    });
}
async function saveToFile(entries, setup) {
    const { talk, directory } = setup;
    const path = (0,external_node_path_.join)(directory, '.env');
    if (!(await isIgnored(setup))) {
        talk.warn({
            en: 'Git does not ignore .env here, so the secret could be committed.',
            zh: 'Git 没有忽略此处的 .env，密钥可能会被提交。',
        });
        const question = { en: 'Add .env to .gitignore?', zh: '把 .env 加入 .gitignore 吗？' };
        if (!(await talk.agree(undefined, question)))
            throw new errors .WK(listed(entries, { en: '.env was not written. Its lines:', zh: '未写入 .env，其内容为：' }));
        const ignored = (0,external_node_path_.join)(directory, '.gitignore');
        const isOpen = (0,external_node_fs_.existsSync)(ignored) && !/(^|\n)$/.test((0,external_node_fs_.readFileSync)(ignored, 'utf8'));
        (0,external_node_fs_.appendFileSync)(ignored, `${isOpen ? '\n' : ''}.env\n`);
        if (!(await isIgnored(setup)))
            throw new errors .WK({
                en: 'Git still does not ignore .env: it is tracked. Remove it with git rm --cached .env, and start the setup again.',
                zh: 'Git 仍未忽略 .env：该文件已被跟踪。请运行 git rm --cached .env，再重新运行配置。',
            });
    }
    const names = new Set(entries.map(({ name }) => name));
    const others = (0,external_node_fs_.existsSync)(path)
        ? (0,external_node_fs_.readFileSync)(path, 'utf8')
            .split(/\r?\n/)
            .filter((line) => !names.has(/^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? ''))
        : [];
    if ((0,external_node_fs_.existsSync)(path))
        (0,external_node_fs_.chmodSync)(path, 0o600);
    const kept = others.join('\n').trimEnd();
    const lines = entries.map(({ name, value }) => `${name}=${quoted(value)}\n`);
    (0,external_node_fs_.writeFileSync)(path, `${kept && `${kept}\n`}${lines.join('')}`, { mode: 0o600 });
    talk.done({ en: `Written: ${path}`, zh: `已写入 ${path}` });
}
function quoted(value) {
    if (/^[\w./:+-]*$/.test(value))
        return value;
    return [`'`, '"', '`'].flatMap((mark) => (value.includes(mark) ? [] : `${mark}${value}${mark}`))[0] ?? value;
}
async function isIgnored(setup) {
    const { exitCode } = await runProgram('git', ['check-ignore', '--quiet', '.env'], programOptions(setup));
    return exitCode !== 1;
}

;// CONCATENATED MODULE: ./build/setup/workflow.js




const ACTION = 'OWNER/upload-to-dingtalk@v0';
const WORKFLOW = '.github/workflows/upload-to-dingtalk.yml';
async function createWorkflow({ talk, directory, values }) {
    if (!(talk.answers['save-to'] ?? '').includes('github'))
        return;
    const question = {
        en: `Create ${WORKFLOW}? It runs only when you start it manually.`,
        zh: `创建 ${WORKFLOW} 吗？该工作流只能手动运行。`,
    };
    if (!(await talk.agree('workflow', question)))
        return;
    const path = (0,external_node_path_.join)(directory, WORKFLOW);
    (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(path), { recursive: true });
    try {
        (0,external_node_fs_.writeFileSync)(path, workflow(values()), { flag: 'wx' });
    }
    catch (error) {
        if (error.code !== 'EEXIST')
            throw error;
        talk.warn({
            en: `${WORKFLOW} already exists, so it was not changed.`,
            zh: `${WORKFLOW} 已存在，保持不变。`,
        });
        return;
    }
    talk.done({
        en: `Created: ${WORKFLOW}. Replace its first step with your build, commit it, and run it from the Actions tab.`,
        zh: `已创建 ${WORKFLOW}。请将第一步替换为你的构建，提交后在 Actions 页面运行。`,
    });
    if (ACTION.startsWith('OWNER/'))
        talk.warn({
            en: 'Replace OWNER in it with the account that publishes the action.',
            zh: '请将其中的 OWNER 替换为发布该 action 的账号。',
        });
}
function workflow(values) {
    const inputs = inputs_inputs .Qh.filter((name) => values[name] && name !== 'language').map((name) => `          ${name}: \${{ ${(0,names .$f)(name) ? 'secrets' : 'vars'}.${(0,names .Qn)(name)} }}\n`);
    const hasRobot = values['robot-code'] !== undefined || values['robot-webhook'] !== undefined;
    const message = hasRobot
        ? '          message: |\n            New build ({run})\n\n            {files}\n'
        : '';
    return `name: Upload to DingTalk
on: workflow_dispatch
permissions:
  contents: read
jobs:
  upload:
    runs-on: ubuntu-latest
    steps:
      - run: date > build.txt # Replace this with your build, and path with its files.
      - uses: ${ACTION}
        with:
${inputs.join('')}          path: build.txt
${message}`;
}

;// CONCATENATED MODULE: ./build/setup/setup.js























const STEPS = [
    chooseUse,
    chooseDws,
    connectApp,
    enablePermissions,
    chooseOperator,
    chooseFolder,
    chooseGroup,
    chooseRobot,
    saveValues,
    createWorkflow,
    checkAll,
    sendFirstFile,
];
const FAILED = 1;
const USAGE = 2;
const LEFT = 130;
async function runSetup(argv) {
    const leaving = new AbortController();
    const leave = () => {
        leaving.abort(new errors .cJ());
    };
    for (const name of ['SIGINT', 'SIGTERM', 'SIGBREAK'])
        process.once(name, leave);
    process.exitCode = await setUp(argv, {
        leave,
        screen: { input: process.stdin, output: process.stdout },
        variables: process.env,
        directory: process.cwd(),
        environment: (0,http_environment .p7)({ signal: leaving.signal }),
    });
}
async function setUp(argv, { screen, variables, directory, environment, leave }) {
    const redaction = new text_redaction .k();
    const language = languageOf(argv, variables);
    const write = screen.output.write.bind(screen.output);
    screen.output.write = (text, ...more) => write(redaction.redacted(text), ...more);
    try {
        const options = readOptions(argv);
        if (options.help) {
            screen.output.write(helpText(language, screen.output.columns || 80));
            return 0;
        }
        const progress = new Progress(directory, variables);
        const given = { ...answersIn(variables), ...options };
        const isTerminal = screen.input.isTTY === true && screen.output.isTTY === true;
        const earlier = isTerminal
            ? { ...answersIn(variablesIn((0,external_node_path_.join)(directory, '.env'))), ...progress.read() }
            : {};
        const talk = new Conversation(language, { ...earlier, ...given }, screen, {
            redaction,
            signal: environment.signal,
            leave,
        });
        const lacking = isTerminal ? [] : missing(talk.answers);
        if (lacking.length > 0) {
            talk.say({
                en: `Without a terminal, every question needs an option. Missing: ${lacking.join(', ')}. See setup --help.`,
                zh: `当前没有终端，每个问题都需要用选项回答。缺少：${lacking.join('、')}。请查看 setup --help。`,
            });
            return USAGE;
        }
        const platform = new Platform(environment, redaction);
        const values = () => valuesOf(talk.answers);
        const setup = { talk, platform, environment, redaction, variables, directory, values };
        return await converse(setup, progress, Object.keys(earlier));
    }
    catch (error) {
        if (!(error instanceof OptionError))
            throw error;
        screen.output.write(`${error.text[language]}\n`);
        return USAGE;
    }
    finally {
        screen.output.write = write;
    }
}
async function converse(setup, progress, earlier) {
    const { talk, environment } = setup;
    const taken = [];
    try {
        talk.frame(TITLE, 'intro');
        if (talk.isTerminal)
            talk.say(KEYS);
        if (earlier.length > 0 && !(await continues(setup)))
            talk.forget(earlier, false);
        for (let step = 0; step < STEPS.length;) {
            const answers = talk.beginStep();
            try {
                await STEPS[step]?.(setup);
                if (answers.length > 0)
                    taken.push({ step, answers });
                step++;
            }
            catch (error) {
                if (!(error instanceof Back))
                    throw error;
                const last = answers.length > 0 ? { step, answers } : (taken.pop() ?? { step, answers });
                talk.forget(last.answers);
                step = last.step;
            }
            progress.write(talk.answers);
        }
        progress.remove();
        talk.frame({ en: 'Done.', zh: '配置完成。' }, 'outro');
        return 0;
    }
    catch (error) {
        progress.write(talk.answers);
        if (error instanceof Quit || environment.signal.aborted) {
            talk.frame(SAVED, 'outro');
            return LEFT;
        }
        talk.problem(error);
        return FAILED;
    }
}
async function continues({ talk }) {
    const question = {
        en: 'Answers from an earlier setup or from .env were found. Continue with them?',
        zh: '找到之前的配置（上次的回答或 .env），是否继续使用？',
    };
    const next = await talk.choose(undefined, question, [
        { value: 'continue', label: { en: 'Yes, continue', zh: '继续' } },
        { value: 'new', label: { en: 'No, start over', zh: '重新开始' } },
    ]);
    return next === 'continue';
}
const TITLE = { en: 'Set up upload-to-dingtalk', zh: '配置 upload-to-dingtalk' };
const KEYS = {
    en: 'Esc goes back. Press Ctrl-C to exit. When you start the setup again, it continues where you left off.',
    zh: '按 Esc 返回上一步，按 Ctrl-C 退出；再次运行即可从退出处继续。',
};
const SAVED = {
    en: 'Your answers are saved, without secrets. Start the setup again in this directory to continue.',
    zh: '已保存你的回答（不含密钥）。在当前目录再次运行即可继续。',
};
async function chooseUse({ talk }) {
    await talk.choose('use', { en: 'What do you want to do?', zh: '你想做什么？' }, [
        { value: 'group', label: { en: 'Upload files, and send them to a group', zh: '上传文件并发送到群' } },
        {
            value: 'robot',
            label: {
                en: "The same, and post a message with the app's own robot",
                zh: '上传文件并发送到群，同时由应用机器人发送消息',
            },
        },
        {
            value: 'webhook',
            label: {
                en: 'The same, and post a message with a custom robot (webhook)',
                zh: '上传文件并发送到群，同时由自定义机器人（Webhook）发送消息',
            },
        },
        { value: 'folder', label: { en: 'Only upload files to a folder', zh: '仅上传文件到文件夹' } },
    ]);
}
function languageOf(argv, variables) {
    const given = /--language[= ](zh|en)\b/.exec(argv.join(' '))?.[1] ?? variables[(0,names .Qn)('language')];
    return given === 'zh' || given === 'en' ? given : (0,settings .XN)(variables);
}
function answersIn(variables) {
    return Object.fromEntries(inputs_inputs .Qh.flatMap((name) => {
        const value = variables[(0,names .Qn)(name)];
        const isAsked = name in OPTIONS || ['app-secret', 'robot-webhook', 'robot-secret'].includes(name);
        return value && isAsked && name !== 'language' ? [[name, value]] : [];
    }));
}
function variablesIn(path) {
    return (0,external_node_fs_.existsSync)(path) ? (0,external_node_util_.parseEnv)((0,external_node_fs_.readFileSync)(path, 'utf8')) : {};
}


/***/ })

};
