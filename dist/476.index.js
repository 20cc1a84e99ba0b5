export const id = 476;
export const ids = [476];
export const modules = {

  7476:
  ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


__webpack_require__.d(__webpack_exports__, {
  runSetup: () => (/* binding */ runSetup)
});


var external_node_crypto_ = __webpack_require__(7598);
var external_node_fs_ = __webpack_require__(3024);
var external_node_os_ = __webpack_require__(8161);
var external_node_path_ = __webpack_require__(6760);
var external_node_util_ = __webpack_require__(7975);
var action = __webpack_require__(3494);
var names = __webpack_require__(422);
var settings = __webpack_require__(4053);
var terminal_runner = __webpack_require__(2642);
var build_errors = __webpack_require__(9473);
var http_environment = __webpack_require__(5520);
var redaction = __webpack_require__(5447);
var help = __webpack_require__(948);
var inputs_inputs = __webpack_require__(1580);
;// CONCATENATED MODULE: ./build/setup/answers.js





const VALUES = {
    use: {
        en: "What the action does: `folder` (only upload), `group` (also send the files to a group), `robot` or `webhook` (also post a message with the app's own robot or a custom robot)",
        zh: '用途：`folder`（仅上传）、`group`（同时发送到群）、`robot` 或 `webhook`（同时由应用机器人或自定义机器人发送消息）',
    },
    profile: { en: 'The account of dws, as in dws profile list', zh: 'dws 使用的账号，见 dws profile list' },
    app: { en: 'Name of the app, with dws', zh: '应用名称（使用 dws 时）' },
    approver: {
        en: 'UserID of the approver, if the version requires approval',
        zh: '需要审批时，审批人的 UserID',
    },
    'app-key': { en: 'Client ID (AppKey) of an existing app', zh: '已有应用的 Client ID（AppKey）' },
    'user-id': { en: 'UserID of the operator', zh: '操作者的 UserID' },
    'folder-url': { en: 'Link of the target folder', zh: '目标文件夹的链接' },
    'chat-id': { en: 'openConversationId of the group', zh: '群的 openConversationId' },
    'robot-code': { en: 'RobotCode of the robot', zh: '机器人的 RobotCode' },
    'save-to': {
        en: 'Where to save the values: `github`, `gitlab`, `env` (the file .env), or `list` (only print what to set)',
        zh: '保存位置：`github`、`gitlab`、`env`（.env 文件）或 `list`（仅显示需要设置的变量）',
    },
    repo: { en: 'The GitHub repository: OWNER/REPO', zh: 'GitHub 仓库：OWNER/REPO' },
    project: { en: 'The GitLab project: GROUP/PROJECT', zh: 'GitLab 项目：GROUP/PROJECT' },
    'api-base-url': {
        en: 'Base URL of the API, if it is not the public one',
        zh: 'API 地址（非公共服务时填写）',
    },
    'oapi-base-url': {
        en: 'Base URL of the legacy API, if it is not the public one',
        zh: '旧版 API 地址（非公共服务时填写）',
    },
    language: { en: '`en` or `zh`', zh: '`zh` 或 `en`' },
};
const FLAGS = {
    dws: {
        en: 'Finds or creates the app with dws, the DingTalk CLI, and sets it up',
        zh: '用钉钉 CLI（dws）查找或创建应用并完成配置',
    },
    'create-app': {
        en: 'Creates the app with dws, unless an app with this name exists',
        zh: '没有同名应用时用 dws 创建应用',
    },
    publish: {
        en: 'Adds the permissions to the app with dws, and publishes a version',
        zh: '用 dws 为应用开通权限并发布新版本',
    },
    'add-robot': { en: 'Adds the robot to the group with dws', zh: '用 dws 将机器人添加到群' },
    workflow: { en: 'Creates a workflow file, unless it exists', zh: '创建工作流文件（已存在时不覆盖）' },
    'first-file': {
        en: 'Uploads a small file to prove that the setup works, and sends it to the group',
        zh: '上传一个小文件作为验证，并发送到群',
    },
    help: { en: 'Shows this help', zh: '显示本帮助' },
};
const ALLOWED = {
    use: ['group', 'robot', 'webhook', 'folder'],
    'save-to': ['github', 'gitlab', 'env', 'list'],
    language: ['en', 'zh'],
};
const SECRETS = ['app-secret', 'robot-webhook', 'robot-secret'];
class OptionError extends build_errors .WK {
}
const INPUTS = inputs_inputs .Qh.filter((name) => name !== 'language' && (name in VALUES || SECRETS.includes(name)));
function valuesOf(answers) {
    return Object.fromEntries(INPUTS.flatMap((name) => (answers[name] ? [[name, answers[name]]] : [])));
}
function answersIn(variables) {
    const given = INPUTS.map((name) => [name, variables[(0,names .Qn)(name)]]);
    return Object.fromEntries(given.filter(([, value]) => value));
}
function isSecretName(name) {
    return SECRETS.includes(name);
}
const PLAIN = ['app', 'app-key', 'folder-url', 'chat-id', 'robot-code', 'repo', 'project'];
function isSecretAnswer(name, value) {
    return isSecretName(name) || (PLAIN.includes(name) && looksSecret(value));
}
const looksSecret = (value) => /access_token=|^SEC\S{40,}$|^[\w-]{40,}$/.test(value);
function readOptions(argv) {
    const typed = (names, type) => Object.keys(names).map((name) => [name, { type }]);
    const options = Object.fromEntries([...typed(VALUES, 'string'), ...typed(FLAGS, 'boolean')]);
    let values;
    try {
        values = (0,external_node_util_.parseArgs)({ args: [...argv], options }).values;
    }
    catch (error) {
        const [, word = ''] = /'([^' ]*)/.exec(String(error)) ?? [];
        const argument = looksSecret(word) ? '***' : word;
        throw new OptionError({
            en: `The argument ${argument} is unknown, or its value is missing or not expected. See setup --help.`,
            zh: `参数 ${argument} 不存在，或缺少取值，或不需要取值。请查看 setup --help。`,
        });
    }
    const answers = Object.fromEntries(Object.entries(values).map(([name, value]) => [name, String(value)]));
    for (const [name, allowed] of Object.entries(ALLOWED)) {
        const value = answers[name];
        if (value !== undefined && !allowed.includes(value))
            throw new OptionError({
                en: `--${name} is invalid. Use one of: ${allowed.join(', ')}.`,
                zh: `--${name} 的值无效。可选值：${allowed.join('、')}。`,
            });
    }
    return answers;
}
function missing(answers) {
    const { use, dws, 'save-to': target } = answers;
    const app = dws ? ['app'] : ['app-key', 'app-secret'];
    const needed = ['use', ...app, 'user-id', 'folder-url', 'save-to'];
    if (use !== 'folder')
        needed.push('chat-id');
    if (use === 'robot' && !dws)
        needed.push('robot-code');
    if (use === 'webhook')
        needed.push('robot-webhook');
    if (target === 'github')
        needed.push('repo');
    if (target === 'gitlab')
        needed.push('project');
    return needed
        .filter((name) => !answers[name])
        .map((name) => (isSecretName(name) ? (0,names .Qn)(name) : `--${name}`));
}
function helpText(language, width) {
    const secrets = SECRETS.map(names .Qn);
    const paragraphs = {
        en: [
            'Guides you from nothing to the first file in a group, and checks every answer with DingTalk.',
            'Usage: upload-to-dingtalk setup [OPTION]...',
            `You can answer each question with an option. Without a terminal, you must. Secrets are read from environment variables: ${secrets.join(', ')}.`,
        ],
        zh: [
            '引导你从零开始完成配置，直到群里收到第一个文件。每个回答都会立即向钉钉验证。',
            '用法：upload-to-dingtalk setup [选项]...',
            `每个问题都可以用选项回答。没有终端时，必须全部用选项回答。密钥通过环境变量提供：${secrets.join('、')}。`,
        ],
    };
    const options = [
        ...Object.entries(VALUES).map(([name, text]) => [`--${name} VALUE`, text]),
        ...Object.entries(FLAGS).map(([name, text]) => [`--${name}`, text]),
    ].map(([option, text]) => (0,help .L)(option, text[language], width));
    const shown = paragraphs[language].map((paragraph) => (0,help .ky)(paragraph, width).join('\n'));
    return `${[...shown, options.join('\n')].join('\n\n')}\n`;
}

var http_text = __webpack_require__(3606);
var links = __webpack_require__(4163);
var dist = __webpack_require__(6170);
var failures = __webpack_require__(2772);
var plain_text = __webpack_require__(7012);
;// CONCATENATED MODULE: ./build/setup/conversation.js







class Back extends Error {
}
class Quit extends Error {
}
class Refused extends Error {
    diagnoses;
    constructor(diagnoses) {
        super(diagnoses.map(({ cause }) => cause.en).join(' '));
        this.diagnoses = diagnoses;
    }
}
const CTRL_C = 3;
const WAIT = { en: 'Please wait …', zh: '请稍候……' };
const YES = { en: 'Yes', zh: '是' };
const MANUALLY = { en: 'Continue manually', zh: '改为手动操作' };
const EMPTY = { en: 'Enter a value.', zh: '请输入内容。' };
const SHOW = {
    message: dist .Rm.message,
    success: dist .Rm.success,
    warning: dist .Rm.warn,
    error: dist .Rm.error,
    intro: dist .Lv,
    outro: dist .Md,
};
class Conversation {
    language;
    isTerminal;
    step = 0;
    #session;
    #answers;
    #steps = new Map();
    #earlier = new Map();
    #shown = new Set();
    constructor(language, answers, session) {
        const { input, output } = session.screen;
        this.language = language;
        this.isTerminal = input.isTTY === true && output.isTTY === true;
        this.#session = session;
        this.#answers = new Map(Object.entries(answers));
    }
    get answers() {
        return Object.fromEntries(this.#answers);
    }
    get values() {
        return valuesOf(this.answers);
    }
    resume(earlier) {
        this.#answers = new Map(Object.entries({ ...earlier, ...this.answers }));
    }
    set(name, value) {
        this.remember(name, value);
        this.#steps.set(name, this.step);
    }
    remember(name, value) {
        if (isSecretAnswer(name, value))
            this.mask(value);
        this.#answers.set(name, value);
        this.#session.save(this.answers);
    }
    mask(secret) {
        this.#session.redaction.add(secret);
    }
    forget(names) {
        for (const name of names) {
            const value = this.#answers.get(name);
            if (value !== undefined && !isSecretAnswer(name, value))
                this.#earlier.set(name, value);
            this.#answers.delete(name);
            this.#steps.delete(name);
        }
        this.#session.save(this.answers);
    }
    goBack() {
        this.step = Math.max(0, ...this.#steps.values());
        this.forget([...this.#steps.keys()].filter((name) => this.#steps.get(name) === this.step));
    }
    say(text, kind = 'message') {
        const { redaction, screen } = this.#session;
        const lines = redaction.redacted(text[this.language]).split('\n');
        if (!this.isTerminal) {
            this.write(`${lines.join('\n')}\n`);
            return;
        }
        const shown = lines.flatMap((line) => {
            const [indent = ''] = /^ */.exec(line) ?? [];
            const columns = (screen.output.columns ?? 80) - 4 - indent.length;
            return (0,help .ky)(line.trim(), columns).map((part) => indent + part);
        });
        SHOW[kind](shown.join('\n'), { output: screen.output });
    }
    write(text) {
        const { redaction, screen } = this.#session;
        screen.output.write(redaction.redacted(text));
    }
    problem(error) {
        const failure = { stage: 'inputs', consequence: (0,http_text .Bj)(''), error };
        const diagnoses = error instanceof Refused ? error.diagnoses : (0,failures .h4)([failure], this.answers['app-key']);
        for (const diagnosis of diagnoses) {
            const { en, zh } = (0,failures .oh)(diagnosis);
            const details = (0,failures .JK)(diagnosis.details, this.language);
            this.say({ en: `${en}\n${details}`.trim(), zh: `${zh}\n${details}`.trim() }, 'error');
        }
    }
    async ask(name, question, { help, suggestion = '', isOptional = false }) {
        return this.#answer(name, question, (streams) => {
            if (help && !this.#shown.has(help))
                this.say(help);
            if (help)
                this.#shown.add(help);
            const options = {
                ...streams,
                message: question[this.language],
                validate: (value = '') => (isOptional || value.trim() ? undefined : EMPTY[this.language]),
            };
            if (isSecretName(name))
                return dist .wJ(options);
            return dist .Qq({ ...options, initialValue: this.#earlier.get(name) ?? suggestion });
        });
    }
    async choose(name, question, choices, preferred) {
        const options = choices.map(([value, label]) => ({ value: value, label: label[this.language] }));
        const initialValue = (name && this.#earlier.get(name)) ?? preferred;
        return this.#answer(name, question, (streams) => dist .Lt({
            ...streams,
            message: question[this.language],
            options,
            showInstructions: false,
            ...(initialValue !== undefined && { initialValue }),
        }));
    }
    async agree(name, question) {
        const given = name && this.answers[name];
        if (given !== undefined || !this.isTerminal)
            return given === 'true';
        const choices = [
            ['yes', YES],
            ['no', { en: 'No', zh: '否' }],
        ];
        return (await this.choose(undefined, question, choices)) === 'yes';
    }
    async wait(instructions, question) {
        if (!this.isTerminal)
            throw new build_errors .WK(instructions);
        this.say(instructions);
        const later = { en: 'Not yet: exit, and continue later', zh: '还没有，先退出，以后继续' };
        const next = await this.choose(undefined, question, [
            ['done', YES],
            ['later', later],
        ]);
        if (next === 'later')
            throw new Quit();
    }
    async accepted(names, attempt) {
        for (;;) {
            try {
                return await attempt();
            }
            catch (error) {
                if (error instanceof Back || error instanceof Quit || !this.isTerminal)
                    throw error;
                this.#session.signal.throwIfAborted();
                this.problem(error);
                this.forget(names);
            }
        }
    }
    async orManually(task) {
        for (;;) {
            try {
                return await task();
            }
            catch (error) {
                if (!(error instanceof build_errors .WK) || !this.isTerminal)
                    throw error;
                this.#session.signal.throwIfAborted();
                this.problem(error);
                const next = await this.choose(undefined, { en: 'What next?', zh: '接下来怎么做？' }, [
                    ['again', { en: 'Try again', zh: '重试' }],
                    ['manually', MANUALLY],
                ]);
                if (next === 'manually')
                    return false;
            }
        }
    }
    async working(task, title = WAIT) {
        if (!this.isTerminal)
            return task();
        const { screen, signal, leave } = this.#session;
        const { input } = screen;
        const onKeys = (keys) => {
            if (keys.includes(CTRL_C))
                leave();
        };
        this.write(`  ${title[this.language]}`);
        input.setRawMode?.(true);
        input.on('data', onKeys).resume();
        try {
            return await task();
        }
        finally {
            input.off('data', onKeys).pause();
            input.setRawMode?.(false);
            this.write('\r\u001b[K');
            signal.throwIfAborted();
        }
    }
    async #answer(name, question, ask) {
        let answer = name && this.#answers.get(name);
        if (answer === undefined) {
            if (!this.isTerminal) {
                const option = name ? { en: `Missing: --${name}. `, zh: `缺少 --${name}。` } : (0,http_text .Bj)('');
                throw new build_errors .WK({
                    en: `${option.en}Without a terminal, an option must answer this question: ${question.en}`,
                    zh: `${option.zh}当前没有终端，必须用选项回答此问题：${question.zh}`,
                });
            }
            const { input, output } = this.#session.screen;
            const leaving = new AbortController();
            let last;
            const onKey = (_, key) => {
                last = key.name;
                if (key.ctrl && key.name === 'd')
                    leaving.abort();
            };
            input.on('keypress', onKey);
            answer = await ask({ input, output, signal: leaving.signal }).finally(() => input.off('keypress', onKey));
            if (typeof answer !== 'string')
                throw last === 'escape' ? new Back() : new Quit();
            answer = (0,plain_text .qZ)(answer);
        }
        if (name)
            this.set(name, answer);
        return answer;
    }
}

var valibot_dist = __webpack_require__(7934);
var external_node_child_process_ = __webpack_require__(1421);
var consumers_ = __webpack_require__(8321);
;// CONCATENATED MODULE: ./build/setup/program.js




async function runProgram(name, args, { directory, variables, environment: { signal } }, input = '') {
    const file = process.platform === 'win32' ? windowsProgram(name, variables) : name;
    const shell = file?.endsWith('.cmd') ?? false;
    if (!file || (shell && args.some((arg) => /["%!^&|<>\r\n]/.test(arg))))
        return { exitCode: undefined, stdout: '', stderr: '' };
    const options = { cwd: directory, env: { ...variables }, shell, windowsHide: true };
    const child = shell
        ? (0,external_node_child_process_.spawn)([file, ...args].map((arg) => `"${arg}"`).join(' '), options)
        : (0,external_node_child_process_.spawn)(file, args, options);
    const end = () => child.kill();
    signal.addEventListener('abort', end, { once: true });
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
function windowsProgram(name, variables) {
    const [, path = ''] = Object.entries(variables).find(([name]) => name.toUpperCase() === 'PATH') ?? [];
    return path
        .split(external_node_path_.delimiter)
        .filter(Boolean)
        .flatMap((directory) => ['exe', 'cmd'].map((extension) => (0,external_node_path_.join)(directory, `${name}.${extension}`)))
        .find((file) => (0,external_node_fs_.existsSync)(file));
}

;// CONCATENATED MODULE: ./build/setup/dws.js





const MINIMUM = '1.0.58';
const INSTALL = {
    en: `dws is not installed, or older than version ${MINIMUM}. Run this in another terminal (Node.js 16.7 or later):
  npm install -g dingtalk-workspace-cli
It also writes files for AI agents to your home directory. Other ways to install it: https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli`,
    zh: `未安装 dws，或版本低于 ${MINIMUM}。请在另一个终端中运行（需要 Node.js 16.7 或更高版本）：
  npm install -g dingtalk-workspace-cli
它还会在主目录下写入供 AI 智能体使用的文件。其他安装方式：https://github.com/DingTalk-Real-AI/dingtalk-workspace-cli`,
};
const NOT_ALLOWED = {
    en: 'If the organization does not allow dws, an administrator can allow it: https://open-dev.dingtalk.com/fe/old#/developerSettings',
    zh: '如果组织不允许使用 dws，管理员可以在此开启：https://open-dev.dingtalk.com/fe/old#/developerSettings',
};
const LOG_IN = {
    en: `dws is not logged in, or its login has expired. Run this in another terminal (without a browser, add --device):
  dws auth login
${NOT_ALLOWED.en}`,
    zh: `dws 尚未登录，或登录已失效。请在另一个终端中运行（没有浏览器时加上 --device）：
  dws auth login
${NOT_ALLOWED.zh}`,
};
const NOT_DEVELOPER = {
    en: `You don't have developer permission in this organization. An administrator can add you in the developer console, under Permissions (权限管理): ${links .s6}`,
    zh: `你在该组织中没有开发者权限。请管理员在开发者后台的「权限管理」中添加你：${links .s6}`,
};
const UNEXPECTED = {
    en: 'dws returned an unexpected response. If it is not the latest version, run dws upgrade.',
    zh: 'dws 返回了无法识别的响应。如果不是最新版本，请运行 dws upgrade。',
};
const FAILED = { en: 'dws could not complete the operation.', zh: 'dws 未能完成操作。' };
const MAY_EXIST = {
    en: 'The app may have been created anyway. Wait a minute before you try again: the setup then searches for it first.',
    zh: '应用可能已经创建成功。请等待一分钟再重试，重试时会先查找该应用。',
};
const ErrorFields = valibot_dist .Ikc({
    subtype: valibot_dist .cl6(valibot_dist .YjP()),
    reason: valibot_dist .cl6(valibot_dist .YjP()),
    upstream_code: valibot_dist .cl6(valibot_dist .KCZ([valibot_dist .YjP(), valibot_dist .aig()])),
    server_error_code: valibot_dist .cl6(valibot_dist .KCZ([valibot_dist .YjP(), valibot_dist .aig()])),
    message: valibot_dist .cl6(valibot_dist .YjP(), ''),
});
const Consent = valibot_dist .Ikc({ data: valibot_dist .Ikc({ uri: valibot_dist .FsL(valibot_dist .YjP(), valibot_dist .OZ5()) }) });
const ANYTHING = valibot_dist .cl6(valibot_dist .L5J());
const App = valibot_dist .Ikc({ unifiedAppId: valibot_dist .YjP(), name: valibot_dist .YjP(), appKey: valibot_dist .cl6(valibot_dist .YjP(), '') });
const Permission = valibot_dist .Ikc({
    scopeValue: valibot_dist .YjP(),
    authed: valibot_dist .zMY(),
    allowedActions: valibot_dist .cl6(valibot_dist .YOg(valibot_dist .YjP()), []),
});
const VersionStatus = valibot_dist .Ikc({
    versionStatus: valibot_dist .YjP(),
    processStatus: valibot_dist .cl6(valibot_dist .YjP(), ''),
    processComment: valibot_dist .cl6(valibot_dist .YjP(), ''),
});
const Account = valibot_dist .Ikc({
    profile: valibot_dist .YjP(),
    corpName: valibot_dist .cl6(valibot_dist .YjP()),
    userName: valibot_dist .cl6(valibot_dist .YjP()),
});
class Dws {
    #place;
    profile;
    constructor(place) {
        this.#place = { ...place, variables: { DO_NOT_TRACK: '1', ...place.variables } };
    }
    async checkVersion() {
        const { stdout } = await this.#finished(['version']);
        const output = valibot_dist .xLC(valibot_dist .Ikc({ version: valibot_dist .YjP() }), parsed(stdout));
        const version = output.success ? output.output.version.replace(/^v/, '') : '';
        if (version.localeCompare(MINIMUM, 'en', { numeric: true }) < 0)
            throw new build_errors .WK(INSTALL);
    }
    async accounts() {
        await this.checkVersion();
        const Status = valibot_dist .Ikc({ authenticated: valibot_dist .zMY(), token_valid: valibot_dist .cl6(valibot_dist .zMY(), false) });
        const { authenticated, token_valid } = await this.#run(['auth', 'status'], Status);
        if (!authenticated || !token_valid)
            throw new build_errors .WK(LOG_IN);
        const { profiles } = await this.#run(['profile', 'list'], valibot_dist .Ikc({ profiles: valibot_dist .YOg(Account) }));
        if (profiles.length === 0)
            throw new build_errors .WK(LOG_IN);
        return profiles.map(({ profile, userName, corpName }) => ({
            profile,
            label: [userName, corpName].filter(Boolean).join(', ') || profile,
        }));
    }
    async apps(name) {
        const Pagination = valibot_dist .Ikc({ pagination: valibot_dist .cl6(valibot_dist .Ikc({ next_token: valibot_dist .cl6(valibot_dist .YjP()) })) });
        const Page = valibot_dist .Ikc({ data: valibot_dist .Ikc({ items: valibot_dist .YOg(App) }), meta: valibot_dist .cl6(Pagination) });
        const apps = [];
        let cursor;
        const cursors = new Set();
        do {
            cursors.add(cursor);
            const page = ['--page-size', '50', ...(cursor ? ['--cursor', cursor] : [])];
            const { data, meta } = await this.#run(['dev', 'app', 'list', '--name', name, ...page], Page);
            apps.push(...data.items);
            cursor = meta?.pagination?.next_token;
        } while (cursor && !cursors.has(cursor));
        return apps;
    }
    async createApp(name) {
        try {
            const App = valibot_dist .Ikc({ unifiedAppId: valibot_dist .YjP() });
            return (await this.#dev(['app', 'create', '--name', name], App)).unifiedAppId;
        }
        catch (error) {
            throw error instanceof build_errors .WK ? new build_errors .WK((0,http_text .oR)(error.text, MAY_EXIST)) : error;
        }
    }
    async credentials(app) {
        const Credentials = valibot_dist .Ikc({ clientId: valibot_dist .YjP(), clientSecret: valibot_dist .FsL(valibot_dist .YjP(), valibot_dist .hq()) });
        return this.#dev(['app', 'credentials', 'get', '--unified-app-id', app], Credentials);
    }
    async missingPermissions(app, scopes) {
        const missing = [];
        for (const scope of scopes) {
            const args = ['app', 'permission', 'list', '--unified-app-id', app, '--scope-value', scope];
            const { items } = await this.#dev(args, valibot_dist .Ikc({ items: valibot_dist .YOg(Permission) }));
            const found = items.find(({ scopeValue }) => scopeValue === scope);
            const isAddable = found?.allowedActions.includes('apply') === true;
            if (!found?.authed)
                missing.push({ scope, isAddable });
        }
        return missing;
    }
    async addPermissions(app, scopes) {
        const args = ['app', 'permission', 'add', '--unified-app-id', app, '--scope-values', scopes.join(',')];
        await this.#dev(args, ANYTHING);
    }
    async robotCode(app) {
        const Robot = valibot_dist .Ikc({ robotStatus: valibot_dist .YjP(), robotCode: valibot_dist .cl6(valibot_dist .YjP()) });
        const args = ['app', 'robot', 'get', '--unified-app-id', app];
        const { robotStatus, robotCode } = await this.#dev(args, Robot);
        return robotStatus === 'UNCONFIGURED' ? undefined : (robotCode ?? undefined);
    }
    async configureRobot(app, name) {
        const args = ['app', 'robot', 'config', '--unified-app-id', app, '--name', name];
        await this.#dev([...args, '--mode', 'STREAM', '--add-scope'], ANYTHING);
    }
    async createVersion(app, description) {
        const args = ['app', 'version', 'create', '--unified-app-id', app, '--desc', description];
        return (await this.#dev(args, valibot_dist .Ikc({ versionId: valibot_dist .FsL(valibot_dist .YjP(), valibot_dist .hq()) }))).versionId;
    }
    async approvers(app, version) {
        const Approval = valibot_dist .Ikc({
            approvalMode: valibot_dist .cl6(valibot_dist .YjP()),
            approvalOptions: valibot_dist .cl6(valibot_dist .YOg(valibot_dist .Ikc({ label: valibot_dist .YjP(), userId: valibot_dist .YjP() })), []),
        });
        const args = ['app', 'version', 'check-approval', '--unified-app-id', app, '--version-id', version];
        const { approvalMode, approvalOptions } = await this.#dev(args, Approval);
        return approvalMode === 'SELECT_APPROVER' ? approvalOptions : [];
    }
    async publish(app, version, approver) {
        const args = ['app', 'version', 'publish', '--unified-app-id', app, '--version-id', version];
        const chosen = approver === undefined ? [] : ['--approver-user-id', approver];
        await this.#dev([...args, '--confirmed-sensitive', ...chosen], ANYTHING);
    }
    async versionStatus(app, version) {
        const args = ['app', 'version', 'status', '--unified-app-id', app, '--version-id', version];
        return this.#dev(args, VersionStatus);
    }
    async userId() {
        const Employee = valibot_dist .Ikc({ orgEmployeeModel: valibot_dist .Ikc({ userId: valibot_dist .YjP() }) });
        const Self = valibot_dist .Ikc({ result: valibot_dist .XU0([Employee], valibot_dist .L5J()) });
        const { result } = await this.#run(['contact', 'user', 'get-self'], Self);
        return result[0].orgEmployeeModel.userId;
    }
    async groups(name) {
        const Group = valibot_dist .Ikc({ title: valibot_dist .YjP(), openConversationId: valibot_dist .FsL(valibot_dist .YjP(), valibot_dist .w1_('cid')) });
        const Groups = valibot_dist .Ikc({ chats: valibot_dist .YOg(Group) });
        return (await this.#run(['chat', '+chat-search', '--query', name], Groups)).chats;
    }
    async addRobot(group, robotCode) {
        const args = ['chat', 'group', 'members', 'add-bot', '--id', group, '--robot-code', robotCode];
        await this.#run(args, ANYTHING);
    }
    async #dev(args, schema) {
        const Response = valibot_dist .Ikc({ ok: valibot_dist .euz(true), data: schema });
        return (await this.#run(['dev', ...args], Response)).data;
    }
    async #run(args, schema) {
        const finished = await this.#finished(args);
        const output = valibot_dist .xLC(schema, parsed(finished.stdout));
        if (finished.exitCode === 0 && output.success)
            return output.output;
        throw new build_errors .WK(problemOf(finished, args.includes('credentials')));
    }
    #finished(args) {
        const profile = this.profile === undefined ? [] : ['--profile', this.profile];
        return runProgram('dws', [...args, ...profile, '--yes', '--format', 'json'], this.#place);
    }
}
function parsed(text) {
    try {
        return JSON.parse(text);
    }
    catch {
        return undefined;
    }
}
function problemOf({ exitCode, stdout, stderr }, isSecret) {
    if (exitCode === 4) {
        const [uri] = stderr.split('\n').flatMap((line) => {
            const consent = valibot_dist .xLC(Consent, parsed(line));
            return consent.success ? consent.output.data.uri : [];
        });
        if (uri === undefined)
            return (0,http_text .oR)(FAILED, NOT_ALLOWED);
        return { en: `dws needs your consent. Open ${uri}`, zh: `dws 需要你的授权，请打开 ${uri}` };
    }
    const [error] = [stdout, stderr].flatMap((text) => {
        const output = valibot_dist .xLC(valibot_dist .Ikc({ error: ErrorFields }), parsed(text));
        return output.success ? output.output.error : [];
    });
    const { message, subtype, reason, upstream_code, server_error_code } = error ?? { message: '' };
    const kind = subtype ?? reason ?? '';
    if (message.includes('没有开发者身份'))
        return NOT_DEVELOPER;
    if (kind !== 'http_403' && (exitCode === 2 || exitCode === 5))
        return LOG_IN;
    if (!error || /jsonrpc_invalid_params|unknown_(sub)?command/.test(kind))
        return UNEXPECTED;
    if (isSecret)
        return FAILED;
    const code = upstream_code ?? server_error_code ?? kind;
    return (0,http_text .oR)(FAILED, {
        en: `${message.slice(0, 300)} (${code})`,
        zh: `${message.slice(0, 300)}（${code}）`,
    });
}

var check = __webpack_require__(2927);
var check_evidence = __webpack_require__(2590);
var findings = __webpack_require__(1069);
var client = __webpack_require__(8522);
var dingtalk_errors = __webpack_require__(4772);
var dingtalk_oss = __webpack_require__(3080);
var concurrency = __webpack_require__(8842);
var http_http = __webpack_require__(2028);
var proxies = __webpack_require__(2501);
var hints = __webpack_require__(7093);
;// CONCATENATED MODULE: ./build/setup/platform.js













const PLACEHOLDER = 'upload-to-dingtalk-setup';
async function connected({ talk, environment, variables }, values, task) {
    const place = values['folder-url'] ? {} : { 'space-id': '1' };
    const required = { 'app-key': PLACEHOLDER, 'app-secret': PLACEHOLDER, 'user-id': PLACEHOLDER };
    const given = { ...required, ...place, ...values, mode: 'check' };
    const inputs = (0,inputs_inputs .Ko)({ input: (name) => given[name] ?? '' }, variables);
    const http = new http_http .l((0,http_environment .p7)({ ...environment, halting: new AbortController() }), inputs.requestTimeout, 4);
    const logger = {
        secret: (secret) => {
            talk.mask(secret);
        },
        info: () => undefined,
        debug: () => undefined,
    };
    const plainHttp = (0,proxies .U9)(inputs.apiBaseUrl);
    try {
        const dingtalk = new client .D({ ...inputs, retries: 1, http, logger });
        const oss = new dingtalk_oss .W({ http, logger, plainHttp, concurrency: (0,concurrency .CS)(1), retries: 1 });
        return await task({ dingtalk, oss, source: undefined, signal: environment.signal }, inputs);
    }
    finally {
        await http.close();
    }
}
async function platform_check(setup, operations) {
    const { talk } = setup;
    return talk.working(() => connected(setup, talk.values, async (tools, inputs) => {
        const calls = (0,check .p9)(inputs).filter(({ operation }) => operations.includes(operation));
        const evidence = await (0,check_evidence .hx)(inputs, calls, tools);
        const failures = (0,check .xM)((0,findings .S)(inputs, evidence), inputs.appKey);
        if (failures.length > 0)
            throw new Refused(failures);
        return evidence;
    }));
}
async function missingPermissions(setup, values) {
    return connected(setup, values, async (tools, inputs) => {
        const steps = (0,check .p9)(inputs).filter(({ kind, operation }) => kind !== 'if-closed' && (0,check_evidence .Od)(operation) !== undefined);
        const { accessToken, calls } = await (0,check_evidence .hx)(inputs, steps, tools);
        const errors = calls.map(({ result }) => result.error).filter((error) => error !== undefined);
        const isRefusal = (error) => error instanceof dingtalk_errors .D && error.kind === 'refused';
        const failed = accessToken?.error ?? errors.find((error) => !isRefusal(error));
        if (failed !== undefined)
            throw failed;
        const missing = new Set(errors.flatMap(hints ["if"]));
        const missingFor = (wanted) => missing.intersection(new Set(steps.map(({ kind, operation }) => kind === wanted && (0,check_evidence .Od)(operation))));
        const required = missingFor('required');
        return { required: [...required], recommended: [...missingFor('optional').difference(required)] };
    });
}

;// CONCATENATED MODULE: ./build/setup/app.js






const APP_NAME = 'upload-to-dingtalk';
const CREDENTIALS = {
    en: `Open ${links .s6}
Sign in to the organization that owns the drive. Create an internal app under Application development (应用开发) → DingTalk apps (钉钉应用), or open yours. The page Credentials (凭证与基础信息) shows both values.`,
    zh: `打开 ${links .s6}
登录云盘所属的组织，在「应用开发」→「钉钉应用」中创建企业内部应用，或打开已有的应用。
这两个值在应用的「凭证与基础信息」页面。`,
};
async function chooseDws(setup) {
    const { talk } = setup;
    const { dws: chosen, 'app-key': appKey, 'app-secret': appSecret } = talk.answers;
    setup.dws = undefined;
    if (chosen === undefined && (!talk.isTerminal || (appKey && appSecret)))
        return;
    const dws = new Dws(setup);
    const isInstalled = await talk.working(() => dws.checkVersion().then(() => true, () => false));
    const way = await talk.choose('dws', { en: 'How do you want to set up the app?', zh: '用哪种方式配置应用？' }, [
        [
            'true',
            {
                en: 'With dws, the DingTalk CLI: finds or creates the app',
                zh: '使用钉钉 CLI（dws）：查找或创建应用',
            },
        ],
        ['false', { en: 'Manually, in the developer console', zh: '在开发者后台手动操作' }],
    ], isInstalled ? 'true' : 'false');
    if (way === 'false')
        return;
    if (await talk.orManually(() => chooseAccount(dws, talk)))
        setup.dws = dws;
    else
        talk.set('dws', 'false');
}
async function chooseAccount(dws, talk) {
    const accounts = await talk.working(() => dws.accounts());
    const [first, ...others] = accounts;
    if (first && others.length === 0)
        talk.set('profile', first.profile);
    if (!accounts.some(({ profile }) => profile === talk.answers.profile))
        talk.forget(['profile']);
    dws.profile = await talk.choose('profile', { en: 'Which dws account do you want to use?', zh: '使用 dws 的哪个账号？' }, accounts.map(({ profile, label }) => [profile, (0,http_text .Bj)(label)]));
    const { label = '' } = accounts.find(({ profile }) => profile === dws.profile) ?? {};
    talk.say({ en: `dws account: ${label}`, zh: `dws 账号：${label}` }, 'success');
    return true;
}
async function withDws({ talk, dws }, task) {
    return dws !== undefined && talk.orManually(() => task(dws));
}
async function connectApp(setup) {
    const { talk } = setup;
    await withDws(setup, (dws) => readCredentials(dws, talk));
    await talk.accepted(['app-key', 'app-secret'], async () => {
        await talk.ask('app-key', { en: 'Client ID', zh: 'Client ID（客户端 ID）' }, { help: CREDENTIALS });
        const secret = { en: 'Client Secret', zh: 'Client Secret（客户端密钥）' };
        await talk.ask('app-secret', secret, { help: CREDENTIALS });
        await platform_check(setup, ['accessToken']);
    });
    talk.say({ en: 'DingTalk accepts the credentials.', zh: '钉钉已接受该凭证。' }, 'success');
}
async function readCredentials(dws, talk) {
    if (talk.answers['unified-app-id'] === undefined)
        talk.forget(['version-id']);
    const app = talk.answers['unified-app-id'] ?? (await findApp(dws, talk));
    if (app === undefined)
        return false;
    talk.set('unified-app-id', app);
    const { clientId, clientSecret } = await talk.working(() => dws.credentials(app));
    talk.set('app-key', clientId);
    talk.set('app-secret', clientSecret);
    return true;
}
async function findApp(dws, talk) {
    for (;;) {
        const name = await talk.ask('app', { en: 'Name of the app', zh: '应用名称' }, { suggestion: APP_NAME });
        const apps = await talk.working(() => dws.apps(name));
        const same = apps.filter((app) => app.name === name);
        const next = talk.isTerminal ? await chooseApp(apps, name, talk) : onlyApp(same, talk);
        if (next === 'manually')
            return undefined;
        if (next === 'create')
            return talk.working(() => dws.createApp(name));
        if (next !== 'again')
            return next;
        talk.forget(['app']);
    }
}
async function chooseApp(apps, name, talk) {
    const isNew = apps.every((app) => app.name !== name);
    const create = { en: `Create a new app "${name}"`, zh: `创建新应用「${name}」` };
    return talk.choose(undefined, isNew
        ? { en: `There is no app named "${name}".`, zh: `没有名为「${name}」的应用。` }
        : { en: 'Which app do you want to use?', zh: '使用哪个应用？' }, [
        ...apps.map((app) => [app.unifiedAppId, (0,http_text .Bj)(`${app.name} (${app.appKey})`)]),
        ...(isNew ? [['create', create]] : []),
        ['again', { en: 'Search again', zh: '重新查找' }],
        ['manually', MANUALLY],
    ]);
}
function onlyApp(same, { answers }) {
    const [only, ...others] = same;
    if (only && others.length === 0)
        return only.unifiedAppId;
    if (!only && answers['create-app'])
        return 'create';
    throw new build_errors .WK({
        en: 'No app has this name, or several apps have it. Use another --app, or create the app with --create-app.',
        zh: '没有同名应用，或有多个同名应用。请用 --app 指定其他名称，或用 --create-app 创建应用。',
    });
}

;// CONCATENATED MODULE: ./build/setup/destination.js







const OPERATOR = {
    en: `Files are uploaded and sent on behalf of a member of the organization, called the operator.
The UserID is in the admin console: Contacts (通讯录) → Members (成员管理) → the details of the member. With dws, your own UserID is suggested.
${links .KC}`,
    zh: `文件以组织中一位成员（操作者）的身份上传和发送。
UserID 在管理后台「通讯录」→「成员管理」的成员详情中。使用 dws 时默认填入你自己的 UserID。
${links .KC}`,
};
async function chooseOperator(setup) {
    const { talk } = setup;
    let suggestion = '';
    if (talk.answers['user-id'] === undefined)
        await withDws(setup, async (dws) => {
            suggestion = await talk.working(() => dws.userId());
            return true;
        });
    const member = await talk.accepted(['user-id'], async () => {
        const question = { en: 'UserID of the operator', zh: '操作者的 UserID' };
        await talk.ask('user-id', question, { help: OPERATOR, suggestion });
        return (await platform_check(setup, ['accessToken', 'unionId'])).operator?.value;
    });
    const name = member?.name ?? talk.answers['user-id'] ?? '';
    talk.say({ en: `Operator: ${name}`, zh: `操作者：${name}` }, 'success');
}
const FOLDER = {
    en: `In DingTalk, open the drive (云盘), and choose a folder of a team (团队文件), not of My files (我的文件).
Choose ⋯ → Copy link (复制链接).`,
    zh: `在钉钉中打开「云盘」，选择「团队文件」中的文件夹（不要用「我的文件」），点击 ⋯ →「复制链接」。`,
};
async function chooseFolder(setup) {
    const { talk } = setup;
    const { entry, space } = await talk.accepted(['folder-url'], async () => {
        await talk.ask('folder-url', { en: 'Link of the folder', zh: '文件夹的链接' }, { help: FOLDER });
        return platform_check(setup, ['accessToken', 'unionId', 'uploadInfo', 'space', 'list', 'commit']);
    });
    const path = entry?.value?.path ?? entry?.value?.name ?? '/';
    const url = URL.parse(talk.answers['folder-url'] ?? '');
    const id = space?.value?.spaceId ?? url?.searchParams.get('spaceId') ?? '';
    talk.say({
        en: `Folder: ${path}${id && ` (space ${id})`}. The operator can upload to it.`,
        zh: `文件夹：${path}${id && `（空间 ${id}）`}，操作者可以上传。`,
    }, 'success');
}
const GROUP = {
    en: `The ID of a group comes from the JSAPI Explorer. The group must be an internal group (企业内部群) that you are in.
1. Copy the CorpId at the top right of ${links .s6}
2. Open ${links .rS}
   Enter the CorpId, and click Run (运行调试 or 发起调用). Scan the QR code with your phone, and click Run again.
3. Choose the group on your phone. Copy openConversationId (cid…) from the response; if it has none, chatId (chat…).`,
    zh: `群的 ID 通过 JSAPI Explorer 获取，只能选择你所在的企业内部群。
1. 复制 ${links .s6} 右上角的 CorpId
2. 打开 ${links .rS}
   填入 CorpId，点击「运行调试」（或「发起调用」），用手机扫码，然后再点击一次。
3. 在手机上选择群，复制响应中的 openConversationId（cid…）；没有时复制 chatId（chat…）。`,
};
async function chooseGroup(setup) {
    const { talk } = setup;
    if (talk.answers.use === 'folder')
        return;
    if (talk.answers['chat-id'] === undefined)
        await withDws(setup, (dws) => findGroup(dws, talk));
    const isConfirmed = await talk.accepted(['chat-id'], async () => {
        const question = { en: 'openConversationId of the group', zh: '群的 openConversationId' };
        await talk.ask('chat-id', question, { help: GROUP });
        return confirmGroup(setup);
    });
    const { group, 'chat-id': id = '' } = talk.answers;
    const later = isConfirmed
        ? { en: '', zh: '' }
        : { en: '. The first file will show whether it is the right one.', zh: '。发送第一个文件后即可确认。' };
    talk.say({ en: `Group: ${group ?? id}${later.en}`, zh: `群：${group ?? id}${later.zh}` }, 'success');
}
async function findGroup(dws, talk) {
    for (;;) {
        const part = { en: 'Name of the group, or a part of it', zh: '群名称（或其中一部分）' };
        const name = await talk.ask('group', part, {});
        const groups = await talk.working(() => dws.groups(name));
        const question = groups.length > 0
            ? { en: 'Which group?', zh: '选择哪个群？' }
            : { en: 'None of your groups has this name.', zh: '你所在的群中没有这个名称。' };
        const next = await talk.choose(undefined, question, [
            ...groups.map(({ title, openConversationId }) => [openConversationId, (0,http_text .Bj)(title)]),
            ['again', { en: 'Search again', zh: '重新查找' }],
            ['manually', MANUALLY],
        ]);
        const chosen = groups.find(({ openConversationId }) => openConversationId === next);
        if (chosen) {
            talk.set('group', chosen.title);
            talk.set('chat-id', chosen.openConversationId);
            return true;
        }
        talk.forget(['group']);
        if (next === 'manually')
            return false;
    }
}
async function confirmGroup(setup) {
    const { talk } = setup;
    const found = await platform_check(setup, ['accessToken', 'unionId', 'openConversationId']);
    const { 'chat-id': given = '' } = talk.answers;
    const id = found.openConversationIds.get(given)?.value ?? given;
    talk.set('chat-id', id);
    const unionId = found.operator?.value?.unionId ?? '';
    try {
        await talk.working(() => connected(setup, talk.values, ({ dingtalk }) => dingtalk.groupSpace(id, unionId)));
        return true;
    }
    catch (error) {
        if (!(error instanceof dingtalk_errors .D))
            throw error;
        if (error.kind === 'refused' && (0,hints ["if"])(error).length === 0)
            throw error;
        return false;
    }
}
const APP_ROBOT = {
    en: `In the developer console, add the robot ability to the app: Add abilities (添加应用能力) → Robot (机器人). Then publish a version with it.
The page of the robot shows its RobotCode. It is usually the same as the Client ID.`,
    zh: `在开发者后台为应用添加机器人：「添加应用能力」→「机器人」，并发布新版本。
机器人页面显示 RobotCode，一般与 Client ID 相同。`,
};
const CUSTOM_ROBOT = {
    en: `In DingTalk, open the settings of the group (群设置) → Robots (机器人) → Add robot (添加机器人) → Custom (自定义).
Choose Sign (加签) as its security setting. Copy the webhook, and the secret that starts with SEC.`,
    zh: `在钉钉中打开「群设置」→「机器人」→「添加机器人」→「自定义」，安全设置选择「加签」。
复制 Webhook 地址，以及以 SEC 开头的密钥。`,
};
async function chooseRobot(setup) {
    const { talk } = setup;
    if (talk.answers.use === 'robot') {
        await talk.accepted(['robot-code'], async () => {
            const suggestion = talk.answers['app-key'] ?? '';
            const question = { en: 'RobotCode', zh: 'RobotCode（机器人编码）' };
            await talk.ask('robot-code', question, { help: APP_ROBOT, suggestion });
            await platform_check(setup, ['accessToken', 'post']);
        });
        talk.say({ en: 'DingTalk found the robot.', zh: '已在钉钉中找到该机器人。' }, 'success');
        if (!(await withDws(setup, (dws) => addToGroup(dws, talk))))
            talk.say({
                en: 'If the robot is not in the group yet, add it: Group settings (群设置) → Robots (机器人) → Add robot (添加机器人).',
                zh: '如果机器人还不在群里，请添加：「群设置」→「机器人」→「添加机器人」。',
            });
    }
    if (talk.answers.use === 'webhook')
        await talk.accepted(['robot-webhook', 'robot-secret'], async () => {
            const webhook = { en: 'Webhook of the robot', zh: '机器人的 Webhook 地址' };
            await talk.ask('robot-webhook', webhook, { help: CUSTOM_ROBOT });
            const secret = {
                en: 'Signing secret (press Enter if there is none)',
                zh: '加签密钥（没有时直接按回车键）',
            };
            if (talk.isTerminal)
                await talk.ask('robot-secret', secret, { isOptional: true });
            await platform_check(setup, ['postByWebhook']);
        });
}
async function addToGroup(dws, talk) {
    const { group = '', 'chat-id': chat = '', 'robot-code': code = '' } = talk.answers;
    const question = {
        en: `Add the robot to the group ${group} with dws? Everyone in the group sees it.`,
        zh: `用 dws 将机器人添加到群${group}吗？群里所有人都能看到。`,
    };
    if (!(await talk.agree('add-robot', question)))
        return false;
    await talk.working(() => dws.addRobot(chat, code));
    talk.say({ en: 'The robot is in the group.', zh: '机器人已在群里。' }, 'success');
    return true;
}

var advice = __webpack_require__(8999);
;// CONCATENATED MODULE: ./build/setup/permissions.js







const LOOKS = 4;
const INTERVAL = 5000;
const ADD = {
    en: 'Add them with dws, and publish a version of the app?',
    zh: '用 dws 添加，并发布应用的新版本吗？',
};
const PUBLISH = {
    en: 'Publish a version of the app with dws?',
    zh: '用 dws 发布应用的新版本吗？',
};
const IN_REVIEW = {
    en: 'The version is in review. The approver may not be notified, so contact them. You can exit, and start the setup again when it has been approved.',
    zh: '新版本正在审批。审批人可能收不到通知，请主动联系。可以先退出，审批通过后再次运行。',
};
const VISIBILITY = {
    en: `Set the visibility of the app (应用可见范围). It must include the operator and the owner of the group. The whole organization (全部员工) is simplest.
${links .h}`,
    zh: `请设置「应用可见范围」，必须包含操作者和群主，选择「全部员工」最简单。
${links .h}`,
};
async function enablePermissions(setup) {
    const { talk } = setup;
    const { use, 'unified-app-id': app, 'version-id': version, 'robot-code': robot } = talk.answers;
    const values = {
        ...(use !== 'folder' && { 'chat-id': `cid${'0'.repeat(22)}==` }),
        ...(use === 'robot' && { 'robot-code': 'upload-to-dingtalk-setup' }),
        ...talk.values,
    };
    let missing = await talk.working(() => missingPermissions(setup, values));
    const lookAgain = () => eventually(setup, () => missingPermissions(setup, values), ({ required }) => required.length === 0);
    const scopes = [...missing.required, ...missing.recommended];
    const isReady = scopes.length === 0 && version === undefined && (use !== 'robot' || robot !== undefined);
    if (app !== undefined && !isReady && (await withDws(setup, (dws) => setUpApp(dws, app, scopes, setup))))
        missing = await lookAgain();
    while (missing.required.length > 0) {
        const question = { en: 'Have you published the version?', zh: '新版本发布了吗？' };
        await talk.wait(instructionsFor(missing, talk.values['app-key']), question);
        missing = await lookAgain();
    }
    talk.say({ en: 'The app has the permissions that it needs.', zh: '应用已开通所需的权限。' }, 'success');
}
async function eventually({ talk, environment: { clock, signal } }, look, isWanted) {
    return talk.working(async () => {
        for (let looks = 1;; looks++) {
            const result = await look();
            if (looks === LOOKS || isWanted(result))
                return result;
            await clock.sleep(INTERVAL, signal);
        }
    });
}
async function setUpApp(dws, app, scopes, setup) {
    const { talk } = setup;
    const needsRobot = talk.answers.use === 'robot';
    if (talk.answers['version-id'] === undefined) {
        const missing = await talk.working(() => dws.missingPermissions(app, scopes));
        const addable = missing.flatMap(({ scope, isAddable }) => (isAddable ? scope : []));
        const others = missing.flatMap(({ scope, isAddable }) => (isAddable ? [] : (0,advice .tm)(scope)));
        const lacksRobot = needsRobot && (await talk.working(() => dws.robotCode(app))) === undefined;
        const names = [...addable.map(advice .tm), ...(lacksRobot ? ['机器人 (Robot)'] : [])];
        const listed = (title, list) => {
            const lines = list.map((name) => `\n  ${name}`).join('');
            if (lines)
                talk.say({ en: title.en + lines, zh: title.zh + lines });
        };
        listed({ en: "dws can't add:", zh: 'dws 无法开通：' }, others);
        listed({ en: 'The app still needs:', zh: '应用还需要：' }, names);
        if (!(await talk.agree('publish', names.length > 0 ? ADD : PUBLISH)))
            return false;
        await talk.working(async () => {
            if (addable.length > 0)
                await dws.addPermissions(app, addable);
            if (lacksRobot)
                await dws.configureRobot(app, talk.answers.app ?? APP_NAME);
        });
        await eventually(setup, () => dws.missingPermissions(app, addable), (left) => left.length === 0);
        talk.remember('version-id', await talk.working(() => dws.createVersion(app, APP_NAME)));
    }
    const code = needsRobot ? await talk.working(() => dws.robotCode(app)) : undefined;
    if (code !== undefined)
        talk.set('robot-code', code);
    await publish(dws, app, setup);
    talk.forget(['version-id']);
    const question = { en: 'Have you set the visibility?', zh: '可见范围设置好了吗？' };
    if (talk.isTerminal)
        await talk.wait(VISIBILITY, question);
    return true;
}
async function publish(dws, app, setup) {
    const { talk } = setup;
    const { 'version-id': version = '' } = talk.answers;
    const look = async () => {
        const { versionStatus, processStatus, processComment } = await dws.versionStatus(app, version);
        if (!['FAIL', 'WITHDRAW', 'CANCEL', 'PUBLISH_FAILED'].includes(processStatus))
            return versionStatus;
        talk.forget(['version-id']);
        throw new build_errors .WK({
            en: `The version was not published (${processStatus}). ${processComment}`,
            zh: `新版本未能发布（${processStatus}）。${processComment}`,
        });
    };
    if ((await talk.working(look)) === 'INIT') {
        const approvers = await talk.working(() => dws.approvers(app, version));
        const question = {
            en: 'The version requires approval. Who should approve it?',
            zh: '新版本需要审批，请选择审批人：',
        };
        const choices = approvers.map(({ userId, label }) => [userId, (0,http_text .Bj)(label)]);
        const approver = choices.length > 0 ? await talk.choose('approver', question, choices) : undefined;
        await talk.working(() => dws.publish(app, version, approver));
    }
    while ((await eventually(setup, look, (status) => status === 'RELEASE')) !== 'RELEASE')
        await talk.wait(IN_REVIEW, { en: 'Has it been approved?', zh: '审批通过了吗？' });
    talk.say({ en: 'The version is published.', zh: '新版本已发布。' }, 'success');
}
function instructionsFor({ required, recommended }, appKey = '') {
    const list = (scopes) => (0,links .Om)((0,hints .fm)(scopes, appKey).links ?? [], 'en', (url, name = '') => `\n${name}\n  ${url}`).join('');
    const optional = list(recommended);
    return {
        en: `Enable these permissions. Open each link:${list(required)}
${optional && `Recommended, but not required:${optional}\n`}Then publish a version of the app: Version management (版本管理与发布) → Create a version (创建新版本).
${VISIBILITY.en}`,
        zh: `请开通以下权限，逐个打开链接：${list(required)}
${optional && `建议一并开通：${optional}\n`}然后发布应用的新版本：「版本管理与发布」→「创建新版本」。
${VISIBILITY.zh}`,
    };
}

;// CONCATENATED MODULE: ./build/setup/values.js






const ACTION = 'OWNER/upload-to-dingtalk@v0';
const WORKFLOW = '.github/workflows/upload-to-dingtalk.yml';
const GITHUB = {
    cli: 'gh',
    website: 'https://cli.github.com/',
    answer: 'repo',
    question: { en: 'GitHub repository (OWNER/REPO)', zh: 'GitHub 仓库（OWNER/REPO）' },
    commands: ({ name, value, isSecret }, repository) => {
        if (isSecret)
            return [[['secret', 'set', name, '--repo', repository], value]];
        const path = `repos/${repository}/actions/variables`;
        const body = JSON.stringify({ name, value });
        return [
            [['variable', 'set', name, '--repo', repository], value],
            [['api', '--method', 'PATCH', `${path}/${name}`, '--input', '-'], body],
            [['api', '--method', 'POST', path, '--input', '-'], body],
        ];
    },
};
const GITLAB = {
    cli: 'glab',
    website: 'https://gitlab.com/gitlab-org/cli',
    answer: 'project',
    question: { en: 'GitLab project (GROUP/PROJECT)', zh: 'GitLab 项目（GROUP/PROJECT）' },
    commands: ({ name, value, isSecret }, project) => {
        const args = [name, '--repo', project, ...(isSecret ? ['--masked'] : [])];
        return [
            [['variable', 'set', ...args], value],
            [['variable', 'update', ...args], value],
        ];
    },
};
const TARGETS = [
    ['github', { en: 'A GitHub repository', zh: 'GitHub 仓库' }],
    ['gitlab', { en: 'A GitLab project', zh: 'GitLab 项目' }],
    ['env', { en: 'The file .env in this directory', zh: '当前目录的 .env 文件' }],
    ['list', { en: 'Another CI: only show what to set', zh: '其他 CI：仅显示需要设置的变量' }],
];
const TO_SET = {
    en: 'Set these values in your CI. On GitHub: Settings → Secrets and variables → Actions. On GitLab: Settings → CI/CD → Variables, with the secrets masked.',
    zh: '请在 CI 中设置以下变量。GitHub：Settings → Secrets and variables → Actions；GitLab：Settings → CI/CD → Variables，密钥需设为 masked。',
};
async function saveValues(setup) {
    const { talk } = setup;
    const { stdout } = await runProgram('git', ['remote', 'get-url', 'origin'], setup);
    const [, host = '', repository = ''] = /^(?:[a-z+]+:\/\/)?(?:[^@/]+@)?([^/:]+)(?::\d+)?[/:](.+?)(?:\.git)?\/?$/i.exec(stdout.trim()) ?? [];
    const likely = host ? (/gitlab/i.test(host) ? 'gitlab' : 'github') : 'env';
    const target = await talk.choose('save-to', { en: 'Where do you want to save the values?', zh: '这些值保存到哪里？' }, TARGETS, likely);
    const entries = inputs_inputs .Qh.flatMap((input) => {
        const value = talk.values[input];
        if (!value || value === (0,inputs_inputs .HA)(input))
            return [];
        return { name: (0,names .Qn)(input), value, isSecret: (0,names .$f)(input) };
    });
    const service = { github: GITHUB, gitlab: GITLAB, env: undefined, list: undefined }[target];
    const isSaved = await talk.orManually(async () => {
        if (target === 'list')
            return false;
        return service ? saveTo(service, entries, setup, repository) : saveToFile(entries, setup);
    });
    if (!isSaved)
        talk.say(listed(entries, TO_SET));
}
function listed(entries, title) {
    const lines = entries.map(({ name, value, isSecret }) => `\n  ${name}=${isSecret ? '***' : value}`).join('');
    return { en: title.en + lines, zh: title.zh + lines };
}
async function saveTo({ cli, website, answer, question, commands }, entries, setup, suggestion) {
    const { talk } = setup;
    const run = ([args, input]) => talk.working(() => runProgram(cli, args, setup, input));
    if ((await run([['auth', 'status'], ''])).exitCode !== 0)
        throw new build_errors .WK({
            en: `${cli} is not installed, or not logged in. Install it, and run ${cli} auth login in another terminal: ${website}`,
            zh: `未安装 ${cli}，或尚未登录。请安装，并在另一个终端中运行 ${cli} auth login：${website}`,
        });
    const repository = await talk.ask(answer, question, { suggestion });
    talk.say(listed(entries, {
        en: `These secrets and variables will be set in ${repository}. Existing ones are replaced.`,
        zh: `将在 ${repository} 中设置以下 secret 和变量，已有的会被覆盖。`,
    }));
    if (talk.isTerminal && !(await talk.agree(undefined, { en: 'Set them now?', zh: '现在设置吗？' })))
        return false;
    for (const entry of entries) {
        let isSet = false;
        let errors = '';
        for (const command of commands(entry, repository)) {
            const { exitCode, stderr } = await run(command);
            isSet = exitCode === 0;
            if (isSet)
                break;
            errors += ` ${stderr.trim().slice(0, 300)}`;
        }
        if (isSet)
            continue;
        talk.forget([answer]);
        throw new build_errors .WK({
            en: `${cli} could not set ${entry.name}.${errors}`,
            zh: `${cli} 无法设置 ${entry.name}。${errors}`,
        });
    }
    talk.say({ en: `The values are set in ${repository}.`, zh: `已在 ${repository} 中完成设置。` }, 'success');
    return true;
}
async function saveToFile(entries, setup) {
    const { talk, directory } = setup;
    const isIgnored = async () => (await runProgram('git', ['check-ignore', '--quiet', '.env'], setup)).exitCode !== 1;
    if (!(await isIgnored())) {
        const question = {
            en: 'Git does not ignore .env here, so the secret could be committed. Add .env to .gitignore?',
            zh: 'Git 没有忽略此处的 .env，密钥可能会被提交。把 .env 加入 .gitignore 吗？',
        };
        const ignored = (0,external_node_path_.join)(directory, '.gitignore');
        if (await talk.agree(undefined, question)) {
            const isOpen = (0,external_node_fs_.existsSync)(ignored) && !/(^|\n)$/.test((0,external_node_fs_.readFileSync)(ignored, 'utf8'));
            (0,external_node_fs_.appendFileSync)(ignored, `${isOpen ? '\n' : ''}.env\n`);
        }
        if (!(await isIgnored()))
            throw new build_errors .WK({
                en: '.env was not written, because Git does not ignore it. If it is tracked, run git rm --cached .env first.',
                zh: '未写入 .env，因为 Git 没有忽略它。如果该文件已被跟踪，请先运行 git rm --cached .env。',
            });
    }
    const path = (0,external_node_path_.join)(directory, '.env');
    const names = new Set(entries.map(({ name }) => name));
    const before = (0,external_node_fs_.existsSync)(path) ? (0,external_node_fs_.readFileSync)(path, 'utf8').trimEnd().split(/\r?\n/) : [];
    const kept = before.filter((line) => !names.has(/^\s*(?:export\s+)?(\w+)\s*=/.exec(line)?.[1] ?? ''));
    const lines = [...kept, ...entries.map(({ name, value }) => `${name}=${quoted(value)}`)];
    if ((0,external_node_fs_.existsSync)(path))
        (0,external_node_fs_.chmodSync)(path, 0o600);
    (0,external_node_fs_.writeFileSync)(path, `${lines.join('\n')}\n`, { mode: 0o600 });
    talk.say({ en: `Written: ${path}`, zh: `已写入 ${path}` }, 'success');
    return true;
}
function quoted(value) {
    if (/^[\w./:+-]*$/.test(value))
        return value;
    const mark = [`'`, '"', '`'].find((mark) => !value.includes(mark)) ?? '';
    return mark + value + mark;
}
async function createWorkflow({ talk, directory }) {
    if (talk.answers['save-to'] !== 'github')
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
        (0,external_node_fs_.writeFileSync)(path, workflow(talk.values), { flag: 'wx' });
    }
    catch (error) {
        if (error.code !== 'EEXIST')
            throw error;
        const exists = {
            en: `${WORKFLOW} already exists, so it was not changed.`,
            zh: `${WORKFLOW} 已存在，保持不变。`,
        };
        talk.say(exists, 'warning');
        return;
    }
    talk.say({
        en: `Created: ${WORKFLOW}. Replace its first step with your build, commit it, and run it from the Actions tab.`,
        zh: `已创建 ${WORKFLOW}。请将第一步替换为你的构建，提交后在 Actions 页面运行。`,
    }, 'success');
    const owner = {
        en: 'Replace OWNER in it with the account that publishes the action.',
        zh: '请将其中的 OWNER 替换为发布该 action 的账号。',
    };
    if (ACTION.startsWith('OWNER/'))
        talk.say(owner, 'warning');
}
function workflow(values) {
    const inputs = inputs_inputs .Qh.filter((name) => values[name]).map((name) => `          ${name}: \${{ ${(0,names .$f)(name) ? 'secrets' : 'vars'}.${(0,names .Qn)(name)} }}\n`);
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
const setup_FAILED = 1;
const USAGE = 2;
const LEFT = 130;
async function runSetup(argv) {
    const leaving = new AbortController();
    const leave = () => {
        leaving.abort(new build_errors .cJ());
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
async function setUp(argv, { screen, leave, ...place }) {
    const { variables, directory, environment } = place;
    const named = /--language[= ](zh|en)\b/.exec(argv.join(' '))?.[1] ?? variables[(0,names .Qn)('language')];
    const language = named === 'zh' || named === 'en' ? named : (0,settings .XN)(variables);
    let options;
    try {
        options = readOptions(argv);
    }
    catch (error) {
        if (!(error instanceof OptionError))
            throw error;
        screen.output.write(`${error.text[language]}\n`);
        return USAGE;
    }
    if (options.help) {
        screen.output.write(helpText(language, screen.output.columns ?? 80));
        return 0;
    }
    const { signal } = environment;
    const given = { ...answersIn(variables), ...options };
    const progress = progressFile(place);
    const talk = new Conversation(language, given, {
        screen,
        redaction: new redaction .k(),
        signal,
        leave,
        save: (answers) => {
            saveProgress(answers, progress);
        },
    });
    const lacking = talk.isTerminal ? [] : missing(given);
    if (lacking.length > 0) {
        talk.say({
            en: `Without a terminal, every question needs an option. Missing: ${lacking.join(', ')}. See setup --help.`,
            zh: `当前没有终端，每个问题都需要用选项回答。缺少：${lacking.join('、')}。请查看 setup --help。`,
        });
        return USAGE;
    }
    try {
        talk.say({ en: 'Set up upload-to-dingtalk', zh: '配置 upload-to-dingtalk' }, 'intro');
        if (talk.isTerminal)
            await resume(talk, directory, progress);
        const setup = { ...place, talk };
        while (talk.step < STEPS.length) {
            try {
                await STEPS[talk.step]?.(setup);
                talk.step++;
            }
            catch (error) {
                if (!(error instanceof Back))
                    throw error;
                talk.goBack();
            }
        }
        (0,external_node_fs_.rmSync)(progress, { force: true });
        talk.say({ en: 'Done.', zh: '配置完成。' }, 'outro');
        return 0;
    }
    catch (error) {
        if (error instanceof Quit || error instanceof Back || signal.aborted) {
            talk.say(SAVED, 'outro');
            return LEFT;
        }
        talk.problem(error);
        return setup_FAILED;
    }
}
const KEYS = {
    en: 'Press Esc to go back, or Ctrl-C to exit. When you start the setup again, it continues where you left off.',
    zh: '按 Esc 返回上一步，按 Ctrl-C 退出；再次运行即可从退出处继续。',
};
const SAVED = {
    en: 'Your answers are saved, without secrets. Start the setup again in this directory to continue.',
    zh: '已保存你的回答（不含密钥）。在此目录中再次运行即可继续。',
};
function progressFile({ directory, variables }) {
    const base = variables['XDG_STATE_HOME'] ||
        variables['LOCALAPPDATA'] ||
        (0,external_node_path_.join)(variables['HOME'] ?? (0,external_node_os_.homedir)(), '.local/state');
    const id = (0,external_node_crypto_.createHash)('sha256').update(directory).digest('hex').slice(0, 16);
    return (0,external_node_path_.join)(base, 'upload-to-dingtalk', `setup-${id}.json`);
}
function saveProgress(answers, file) {
    const saved = Object.entries(answers).filter(([name, value]) => !isSecretAnswer(name, value));
    (0,external_node_fs_.mkdirSync)((0,external_node_path_.dirname)(file), { recursive: true, mode: 0o700 });
    (0,external_node_fs_.writeFileSync)(file, JSON.stringify(Object.fromEntries(saved)), { mode: 0o600 });
}
function savedProgress(file) {
    try {
        return JSON.parse((0,external_node_fs_.readFileSync)(file, 'utf8'));
    }
    catch {
        return {};
    }
}
async function resume(talk, directory, progress) {
    talk.say(KEYS);
    const env = (0,external_node_path_.join)(directory, '.env');
    const earlier = {
        ...((0,external_node_fs_.existsSync)(env) && answersIn((0,external_node_util_.parseEnv)((0,external_node_fs_.readFileSync)(env, 'utf8')))),
        ...savedProgress(progress),
    };
    const question = {
        en: 'Answers from an earlier setup or from .env were found. Continue with them?',
        zh: '找到之前的配置（上次的回答或 .env），是否继续使用？',
    };
    if (Object.keys(earlier).length > 0 && (await talk.agree(undefined, question)))
        talk.resume(earlier);
}
const USES = [
    ['group', { en: 'Upload files, and send them to a group', zh: '上传文件并发送到群' }],
    [
        'robot',
        {
            en: "Upload and send files, and post a message with the app's own robot",
            zh: '上传文件并发送到群，同时由应用机器人发送消息',
        },
    ],
    [
        'webhook',
        {
            en: 'Upload and send files, and post a message with a custom robot (webhook)',
            zh: '上传文件并发送到群，同时由自定义机器人（Webhook）发送消息',
        },
    ],
    ['folder', { en: 'Only upload files to a folder', zh: '仅上传文件到文件夹' }],
];
async function chooseUse({ talk }) {
    await talk.choose('use', { en: 'What do you want to do?', zh: '你想做什么？' }, USES);
}
async function checkAll(setup) {
    while (!(await runJob(setup, { mode: 'check' }, [])))
        await setup.talk.wait({ en: 'The check failed. Press Esc to go back.', zh: '检查未通过。按 Esc 返回上一步。' }, { en: 'Check again?', zh: '重新检查吗？' });
}
async function sendFirstFile(setup) {
    const { talk } = setup;
    const { use } = talk.answers;
    const question = use === 'folder'
        ? { en: 'Upload a small file now?', zh: '现在上传一个小文件吗？' }
        : {
            en: 'Upload a small file now, and send it to the group? Everyone in the group sees it.',
            zh: '现在上传一个小文件并发送到群吗？群里所有人都能看到。',
        };
    if (!(await talk.agree('first-file', question)))
        return;
    const temporary = (0,external_node_fs_.mkdtempSync)((0,external_node_path_.join)((0,external_node_os_.tmpdir)(), 'upload-to-dingtalk-'));
    const file = (0,external_node_path_.join)(temporary, 'upload-to-dingtalk.txt');
    const message = {
        en: 'upload-to-dingtalk is set up: {files}',
        zh: 'upload-to-dingtalk 已配置完成：{files}',
    };
    const hasRobot = use === 'robot' || use === 'webhook';
    try {
        (0,external_node_fs_.writeFileSync)(file, `${new Date(setup.environment.clock.now()).toISOString()}\n`);
        if (!(await runJob(setup, hasRobot ? { message: message[talk.language] } : {}, [file])))
            throw new build_errors .WK({ en: 'The first file was not delivered.', zh: '第一个文件未能送达。' });
    }
    finally {
        (0,external_node_fs_.rmSync)(temporary, { recursive: true });
    }
}
async function runJob({ talk, variables, environment }, more, literalPaths) {
    const settings = { inputs: { ...talk.values, language: talk.language, ...more }, literalPaths };
    const runner = (0,terminal_runner .b)(settings, variables, (text) => {
        talk.write(text);
    });
    const brief = { ...runner, group: () => undefined };
    const halting = new AbortController();
    const title = { en: 'Please wait …\n', zh: '请稍候……\n' };
    return talk.working(() => (0,action .eF)(brief, (0,http_environment .p7)({ ...environment, halting })), title);
}


/***/ })

};
