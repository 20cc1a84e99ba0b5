export const id = 463;
export const ids = [463];
export const modules = {

/***/ 5463:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runCheck: () => (/* binding */ runCheck)
});

// EXTERNAL MODULE: ./build/report/outputs.js
var outputs = __webpack_require__(4121);
// EXTERNAL MODULE: ./build/report/report.js + 1 modules
var report = __webpack_require__(1316);
// EXTERNAL MODULE: ./build/dingtalk/errors.js
var errors = __webpack_require__(4772);
;// CONCATENATED MODULE: ./build/check/evidence.js

// Ids that nothing has, for calls that are made only to see whether the app may make them. The gateway checks the
// permission before it looks at the ids, and only then reports that there is no such thing. All have the right form: a
// wrong form might be refused earlier still.
const NO_ID = '1';
const NO_UUID = 'uploadToDingtalkCheck00000000000';
const NO_USER = 'upload-to-dingtalk-check';
const NO_CHAT = `chat${'0'.repeat(32)}`;
const NO_CONVERSATION = `cid${'0'.repeat(22)}==`;
const NO_UPLOAD_KEY = 'upload-to-dingtalk-check';
const NO_ROBOT = 'upload-to-dingtalk-check';
/** Announced to the platform, but never uploaded. */
const FILE = { name: 'upload-to-dingtalk-check.txt', size: 1 };
/** Stands for a call that was not made because an earlier one showed that it would be pointless. */
class NotAsked extends Error {
    message = 'not asked, for what is said above';
}
const NOT_ASKED = { error: new NotAsked() };
/**
 * Makes every kind of call that an upload with these inputs makes, and none that could have an effect. One after the
 * other: they are few, and a ban must be noticed before the next.
 *
 * @throws the signal's reason if the job is cancelled
 */
async function gatherEvidence(inputs, { dingtalk, oss, signal }) {
    const calls = new Calls(signal);
    const token = await calls.make('accessToken', () => dingtalk.authenticate());
    const { operator, users, unionId } = await askAboutPeople(inputs, dingtalk, calls);
    const { uploadInfo, folder, ids } = await askAboutFolder(inputs.folder, unionId, dingtalk, calls);
    const { chats, post } = await askAboutChats(inputs, ids.spaceId, unionId, dingtalk, calls);
    return {
        token,
        operator,
        uploadInfo,
        folder,
        chats,
        users,
        post,
        storage: await probeStorage(uploadInfo.value, oss, calls),
        real: new Set([
            'uploadInfo',
            ...(operator || users.size > 0 ? ['unionId'] : []),
            ...(chats.size > 0 ? ['openConversationId'] : []),
        ]),
        calls: calls.made,
    };
}
/** Makes calls and keeps what came of them, until one shows that further calls are pointless. */
class Calls {
    made = [];
    #signal;
    #ended = false;
    constructor(signal) {
        this.#signal = signal;
    }
    async make(operation, call) {
        if (this.#ended)
            return NOT_ASKED;
        let result;
        try {
            result = { value: await call() };
        }
        catch (error) {
            this.#signal?.throwIfAborted();
            result = { error };
            this.#ended = endsCheck(error);
        }
        this.made.push({ operation, result });
        return result;
    }
    async makeEach(operation, ids, call) {
        const results = new Map();
        for (const id of ids)
            results.set(id, await this.make(operation, () => call(id)));
        return results;
    }
}
async function askAboutPeople(inputs, dingtalk, calls) {
    const given = inputs.operator;
    const operator = 'userId' in given ? await calls.make('unionId', () => dingtalk.member(given.userId)) : undefined;
    const users = await calls.makeEach('unionId', inputs.users, (id) => dingtalk.member(id));
    if (!operator && users.size === 0)
        await calls.make('unionId', () => dingtalk.member(NO_USER));
    const unionId = 'unionId' in given ? given.unionId : (operator?.value?.unionId ?? NO_USER);
    return { operator, users, unionId };
}
/** Asks about the folder, and tries a commit that cannot make anything. */
async function askAboutFolder(target, unionId, dingtalk, calls) {
    const uploadInfo = await calls.make('uploadInfo', () => dingtalk.drive.uploadInfo(target, unionId, FILE));
    const uuid = target.kind === 'ids' ? NO_UUID : target.uuid;
    const lookup = await calls.make('space', () => dingtalk.drive.folderIds({ kind: 'uuid', uuid }, unionId));
    const known = target.kind === 'ids' ? target : lookup.value;
    const ids = known ?? { spaceId: NO_ID, parentId: '0' };
    const folder = ids.parentId === '0'
        ? // The root of a space is listed: it has no entry of its own.
            await calls.make('list', async () => {
                await dingtalk.drive.list({ ...ids, kind: 'ids' }, unionId).next();
                return { type: 'FOLDER' };
            })
        : await calls.make('dentry', () => dingtalk.drive.entry(ids.spaceId, ids.parentId, unionId));
    await calls.make('commit', () => dingtalk.drive.commitAsNamed(target, unionId, NO_UPLOAD_KEY, FILE, 'RETURN_ERROR_IF_EXISTS'));
    return { uploadInfo, folder: known && folder, ids };
}
/** Looks the groups up, and tries a send and a post that reach nobody. */
async function askAboutChats(inputs, spaceId, unionId, dingtalk, calls) {
    const chatIds = inputs.chats.filter((id) => id.startsWith('chat'));
    const convert = (id) => dingtalk.openConversationId(id);
    const chats = await calls.makeEach('openConversationId', chatIds, convert);
    if (chats.size === 0)
        await calls.make('openConversationId', () => convert(NO_CHAT));
    await calls.make('send', () => dingtalk.send({ spaceId, id: NO_ID }, unionId, NO_CONVERSATION));
    const robot = inputs.robot && 'code' in inputs.robot ? inputs.robot.code : NO_ROBOT;
    const markdown = { title: 'check', text: 'check' };
    const post = await calls.make('post', () => dingtalk.post(markdown, robot, NO_CONVERSATION));
    return { chats, post };
}
/** Probes every origin of the storage, all at once: behind a firewall, each takes as long as its timeout. */
async function probeStorage(uploadInfo, oss, calls) {
    const resourceUrls = uploadInfo?.headerSignatureInfo.resourceUrls ?? [];
    const origins = [...new Set(resourceUrls.map((url) => new URL(url).origin))];
    const results = origins.map(async (origin) => [origin, await calls.make('probe', () => oss.probe(origin))]);
    return new Map(await Promise.all(results));
}
/** Whether every further call would fail and do harm: ask for a token again, or prolong a ban. */
function endsCheck(error) {
    if (!(error instanceof errors/* DingTalkError */.D))
        return false;
    return error.operation === 'accessToken' || error.kind === 'access-token' || error.kind === 'banned';
}

// EXTERNAL MODULE: ./build/report/failures.js
var report_failures = __webpack_require__(2772);
// EXTERNAL MODULE: ./build/text/plain-text.js
var plain_text = __webpack_require__(7012);
;// CONCATENATED MODULE: ./build/check/finding.js


const MARKS = {
    holds: '✅',
    fails: '❌',
    open: '⚠️',
    unneeded: '➖',
};
/** The lines of the log for a finding; what to do about a failure is told by {@link checkFailure}, below them. */
function findingLines(finding) {
    return finding.verdict === 'open' ? withHint(finding) : [line(finding)];
}
function withHint(finding) {
    return [line(finding), ...(0,report_failures/* hintLines */.LM)(finding.hint).map((text) => (0,plain_text/* logLine */.B)(`   ${text}`))];
}
function line({ requirement, verdict, seen }) {
    return (0,plain_text/* logLine */.B)(`${MARKS[verdict]} ${requirement}: ${seen}`);
}
/** The job summary of a checkup, in Markdown: what fails, with what to do, then a row a requirement. */
function checkSummary(findings) {
    const failing = findings.filter(({ verdict }) => verdict === 'fails');
    const failures = failing.map(({ requirement, seen, hint }) => {
        const lines = [`**${(0,plain_text/* markdownText */.p)(requirement)}**: ${(0,plain_text/* markdownText */.p)(seen)}`, ...(0,report_failures/* hintLines */.LM)(hint).map(report_failures/* linked */.q)];
        return lines.map((text) => `> ${text}`).join('  \n');
    });
    const rows = findings.map(({ requirement, verdict, seen, hint }) => {
        const told = verdict === 'fails' ? ['see above'] : [(0,plain_text/* markdownText */.p)(seen), ...(0,report_failures/* hintLines */.LM)(hint).map(report_failures/* linked */.q)];
        return `| ${MARKS[verdict]} | ${(0,plain_text/* markdownText */.p)(requirement)} | ${told.join('<br>')} |`;
    });
    const title = `## ${failing.length > 0 ? '❌' : '✅'} DingTalk check: ${checkTotal(findings)}`;
    const table = ['| | Requirement | Seen |', '| :-: | :-- | :-- |', ...rows].join('\n');
    return `${[title, ...failures, table].join('\n\n')}\n`;
}
/** What all findings come to, in one line. */
function checkTotal(findings) {
    const count = (...verdicts) => findings.filter(({ verdict }) => verdicts.includes(verdict)).length;
    const all = count('holds', 'fails', 'open');
    const en = [
        `${count('holds')} of ${all} requirements hold`,
        count('fails') > 0 && `${count('fails')} fail`,
        count('open') > 0 && `${count('open')} to note`,
    ];
    const zh = [
        `共 ${all} 项，满足 ${count('holds')} 项`,
        count('fails') > 0 && `未满足 ${count('fails')} 项`,
        count('open') > 0 && `待确认 ${count('open')} 项`,
    ];
    return `${en.filter(Boolean).join(', ')}; nothing was uploaded or sent / ${zh.filter(Boolean).join('，')}；未上传，未发送`;
}
/** The error of a checkup in which something fails: all of it, each with what to do. */
function checkFailure(findings) {
    const failing = findings.filter(({ verdict }) => verdict === 'fails');
    const title = `${failing.length} of what this workflow needs is missing or wrong / 缺少或有误：${failing.length} 项`;
    const open = findings.filter(({ verdict }) => verdict === 'open').map(({ requirement }) => requirement);
    const rest = open.length > 0 ? [(0,plain_text/* logLine */.B)(`⚠️ not known, or advisable / 未知或建议: ${open.join('; ')}`)] : [];
    return [title, ...failing.flatMap(withHint), ...rest].join('\n');
}

// EXTERNAL MODULE: ./build/dingtalk/operations.js
var operations = __webpack_require__(4281);
// EXTERNAL MODULE: ./build/report/advice/shared.js
var shared = __webpack_require__(3659);
// EXTERNAL MODULE: ./build/report/hints.js + 4 modules
var hints = __webpack_require__(1596);
// EXTERNAL MODULE: ./build/report/permissions.js
var permissions = __webpack_require__(1855);
;// CONCATENATED MODULE: ./build/check/judge.js







/** The platform's code for an operator whom it does not know. */
const NO_SUCH_OPERATOR = 'paramError.unionId';
/** How far OSS lets clocks be apart, in ms. */
const MAX_SKEW = 15 * 60_000;
/** What a permission is for, where not every upload needs it. */
const USES = {
    qyapi_get_member: 'with user-id or to-user-ids',
    qyapi_chat_read: 'for a chat-id that begins with chat',
    'Document.WorkspaceDocument.Read': 'with parent-uuid, or the link to a folder of DingTalk Docs',
    'ConvFile.File.Send': 'with chat-id or to-user-ids',
    qyapi_robot_sendmsg: 'with robot-code',
};
/**
 * Judges what the calls showed: one finding a requirement, whatever became of the others.
 *
 * @param clockAhead how far the platform's clock is ahead of this machine's, in ms, if it is known
 */
function judge(inputs, evidence, clockAhead) {
    const known = Object.values(operations/* OPERATIONS */.x).flatMap((operation) => 'scope' in operation ? operation.scope : []);
    // The platform may have other names for them.
    const named = evidence.calls.flatMap(({ result }) => (0,permissions/* missingScopes */["if"])(result.error));
    const scopes = [...known, ...named];
    return [
        credentials(evidence),
        answering(evidence),
        ...[...new Set(scopes)].map((scope) => permission(scope, inputs, evidence)),
        operator(inputs, evidence),
        folder(evidence),
        writing(evidence),
        ...inputs.chats.map((id) => chat(id, evidence.chats.get(id))),
        ...[...evidence.users].map(([id, result]) => member(`Recipient / 接收人 ${id}`, result)),
        ...robots(inputs, evidence),
        clock(clockAhead),
        ...storage(evidence),
    ];
}
function credentials({ token: { error } }) {
    const requirement = 'Credentials / 凭证 (app-key, app-secret)';
    if (error === undefined)
        return { requirement, verdict: 'holds', seen: 'an access token was given' };
    return (0,permissions/* missingScopes */["if"])(error).length > 0 ? unknown(requirement, error) : failing(requirement, error);
}
/** Whether the platform lets the app's calls in at all: quotas, bans, lists of addresses, and its being there. */
function answering({ token, calls, real }) {
    const requirement = 'Calls are answered / 调用可达';
    if (token.error !== undefined)
        return unknown(requirement, NOT_ASKED.error);
    // What is asked of nothing may well be answered with an error of the platform's own.
    const lost = calls.find(({ result: { error }, operation }) => {
        if (error === undefined || (0,permissions/* missingScopes */["if"])(error).length > 0)
            return false;
        if (error instanceof errors/* DingTalkError */.D && (error.kind === 'quota-spent' || endsCheck(error)))
            return true;
        return real.has(operation) && !cameThrough(operation, error);
    });
    if (lost)
        return failing(requirement, lost.result.error);
    return { requirement, verdict: 'holds', seen: 'by DingTalk, from here, for this app' };
}
function permission(scope, inputs, { calls }) {
    const requirement = `Permission / 权限 ${(0,permissions/* permissionName */.tm)(scope)}`;
    const hint = (0,permissions/* permissionHint */.fm)([scope], inputs.appKey);
    const needed = operationsOf(inputs, calls);
    const isFor = (operation) => scopeOf(operation) === scope;
    const refused = calls.filter(({ result }) => (0,permissions/* missingScopes */["if"])(result.error).includes(scope));
    const own = calls.filter(({ operation }) => isFor(operation));
    if (refused.length === 0 && own.some(({ operation, result: { error } }) => cameThrough(operation, error)))
        return { requirement, verdict: 'holds', seen: 'switched on' };
    const error = [...refused, ...own][0]?.result.error ?? NOT_ASKED.error;
    const isNeeded = needed.some(isFor) || refused.some(({ operation }) => needed.includes(operation));
    if (refused.length > 0 && isNeeded)
        return { requirement, verdict: 'fails', seen: (0,report_failures/* describe */.q0)(error), hint };
    if (isNeeded)
        return { requirement, verdict: 'open', seen: `not known: ${(0,report_failures/* describe */.q0)(error)}` };
    const state = refused.length > 0 ? 'not switched on' : 'not known';
    const advice = advised(scope, inputs);
    if (advice)
        return { requirement, verdict: 'open', seen: `${state}; advisable: without it ${advice}`, hint };
    return { requirement, verdict: 'unneeded', seen: `${state}; needed only ${USES[scope] ?? 'elsewhere'}` };
}
function scopeOf(operation) {
    return { scope: undefined, ...operations/* OPERATIONS */.x[operation] }.scope;
}
/** The kinds of calls that an upload with these inputs makes, as far as these calls tell. */
function operationsOf(inputs, calls) {
    const { operator, users, chats, robot, folder, folderPath, conflictStrategy } = inputs;
    const looks = conflictStrategy === 'RETURN_DENTRY_IF_EXISTS' || conflictStrategy === 'IF_CHANGED';
    const when = (condition, operation) => (condition ? [operation] : []);
    return [
        'accessToken',
        'uploadInfo',
        'commit',
        ...when('userId' in operator || users.length > 0, 'unionId'),
        ...when(folder.kind === 'uuid' && (looks || folderPath !== ''), 'space'),
        ...when(looks, 'list'),
        // Where the v1 commit is closed, the folder is looked up for the v2 one.
        ...when(calls.some(({ operation, result: { error } }) => operation === 'commit' && isApiClosed(error)), 'dentry'),
        ...when(chats.some((id) => id.startsWith('chat')), 'openConversationId'),
        ...when(chats.length + users.length > 0, 'send'), // one permission for both kinds of recipients
        ...when(robot !== undefined && 'code' in robot, 'post'),
    ];
}
function isApiClosed(error) {
    return error instanceof errors/* DingTalkError */.D && error.isApiClosed;
}
/** What an upload is the worse for if it has to do without a permission. */
function advised(scope, { folder }) {
    if (scope === 'Storage.File.Read')
        return 'a commit whose answer was lost cannot be looked up';
    if (scope === 'Document.WorkspaceDocument.Read' && folder.kind === 'uuid')
        return 'nothing goes up in parts, and a commit whose answer was lost cannot be looked up';
    return undefined;
}
/** Whether the app was let through to what it asked for, whatever came of that. */
function cameThrough(operation, error) {
    if (error === undefined)
        return true;
    if (!(error instanceof errors/* DingTalkError */.D) || error.operation !== operation || error.kind !== 'refused')
        return false;
    // A proxy's page has no code of the platform's; lists of addresses, and what is no API at all, come before permissions.
    return ((0,permissions/* missingScopes */["if"])(error).length === 0 &&
        !/^(HTTP\d+|Forbidden\.AccessDenied.*|Invalid(Action|Version).*|60020)$/.test(error.code));
}
function operator({ operator }, evidence) {
    if ('userId' in operator)
        return member('Operator / 操作者 (user-id)', evidence.operator ?? NOT_ASKED);
    const requirement = 'Operator / 操作者 (union-id)';
    const { uploadInfo, folder } = evidence;
    if (uploadInfo.value ?? folder?.value)
        return { requirement, verdict: 'holds', seen: 'may act in the drive' };
    return hasCode(uploadInfo.error, NO_SUCH_OPERATOR)
        ? failing(requirement, uploadInfo.error)
        : unknown(requirement, uploadInfo.error);
}
function member(requirement, { value, error }) {
    if (!value)
        return cameThrough('unionId', error) ? failing(requirement, error) : unknown(requirement, error);
    const { active } = value;
    if (active)
        return { requirement, verdict: 'holds', seen: 'is an active member of the organisation' };
    if (active === undefined)
        return { requirement, verdict: 'open', seen: 'is a member; whether they are active was not told' };
    const hint = {
        en: 'Let them sign in to DingTalk once and join the organisation, or give somebody else.',
        zh: '该成员尚未激活：请其登录钉钉并加入组织，或改用其他成员。',
    };
    return { requirement, verdict: 'fails', seen: 'is a member of the organisation, but not active', hint };
}
function folder({ folder, uploadInfo }) {
    const requirement = 'Folder / 目标文件夹';
    const { name, type } = folder?.value ?? {};
    const called = name ? `“${name}” ` : '';
    const hint = {
        en: 'Copy the link of the folder that holds it, and give that as folder-url.',
        zh: '请复制其所在文件夹的链接，并填入 folder-url。',
    };
    if (type && type !== 'FOLDER')
        return { requirement, verdict: 'fails', seen: `${called}is there, but is no folder (${type})`, hint };
    const error = [folder?.error, uploadInfo.error].find(hints/* isFolderRefusal */.d);
    if (error !== undefined)
        return failing(requirement, error);
    if (type)
        return { requirement, verdict: 'holds', seen: `${called}is there, and is a folder` };
    if (uploadInfo.value)
        return { requirement, verdict: 'holds', seen: `${called}is there, and takes uploads` };
    return unknown(requirement, folder?.error ?? uploadInfo.error);
}
function writing({ operator, uploadInfo: { value, error } }) {
    const requirement = "The operator's right to write there / 操作者的写入权限";
    if (value)
        return { requirement, verdict: 'holds', seen: 'upload info was given (and left to expire)' };
    // An upload would be refused in the same words. Of the folder and the operator their own rows tell.
    const isOurs = operator?.error === undefined &&
        cameThrough('uploadInfo', error) &&
        !(0,hints/* isFolderRefusal */.d)(error) &&
        !hasCode(error, NO_SUCH_OPERATOR);
    return isOurs ? failing(requirement, error) : unknown(requirement, error);
}
function chat(id, result) {
    const requirement = `Chat / 群 ${id}`;
    if (!result)
        return {
            requirement,
            verdict: 'open',
            seen: 'the form is right; more could not be known without sending',
        };
    const { value, error } = result;
    if (value !== undefined)
        return { requirement, verdict: 'holds', seen: `its open conversation id is ${value}` };
    return cameThrough('openConversationId', error) ? failing(requirement, error) : unknown(requirement, error);
}
function robots({ robot }, { post }) {
    if (!robot)
        return [];
    const seen = 'the form is right; more could not be known without posting';
    if ('webhook' in robot) {
        const requirement = 'Robot / 机器人 (robot-webhook)';
        if (robot.secret === undefined || robot.secret.startsWith('SEC'))
            return [{ requirement, verdict: 'holds', seen }];
        const hint = {
            en: 'robot-secret is what the robot’s security settings show under 加签: it begins with SEC.',
            zh: 'robot-secret 是机器人安全设置「加签」下以 SEC 开头的密钥。',
        };
        return [{ requirement, verdict: 'open', seen: 'robot-secret does not begin with SEC', hint }];
    }
    const requirement = 'Robot / 机器人 (robot-code)';
    const { error } = post;
    const isOfTheRobot = error instanceof errors/* DingTalkError */.D &&
        /^(invalidParameter\.robotCode\.|resource\.not\.found$)/.test(error.code);
    if (!isOfTheRobot)
        return [{ requirement, verdict: 'holds', seen }];
    // That it is not in a group that there is not says nothing.
    return error.code.endsWith('.empty')
        ? [{ requirement, verdict: 'holds', seen }]
        : [failing(requirement, error)];
}
function clock(ahead) {
    const requirement = 'Clock / 时钟';
    if (ahead === undefined)
        return { requirement, verdict: 'open', seen: 'DingTalk did not tell the time' };
    const [apart, which] = [Math.abs(ahead), ahead > 0 ? 'behind' : 'ahead of'];
    // The platform tells whole seconds, and an answer takes its time.
    if (apart < 5000)
        return { requirement, verdict: 'holds', seen: "as DingTalk's" };
    const length = apart < 60_000 ? `${Math.round(apart / 1000)} s` : `${Math.round(apart / 60_000)} min`;
    const seen = `${length} ${which} DingTalk's`;
    if (apart <= MAX_SKEW)
        return { requirement, verdict: 'holds', seen };
    const hint = {
        en: 'OSS allows 15 minutes, and certificates and the signature of a robot go by this clock: let NTP set it.',
        zh: 'OSS 允许的偏差为 15 分钟，证书与机器人加签也依赖本机时钟：请用 NTP 校准。',
    };
    return { requirement, verdict: 'fails', seen, hint };
}
function storage({ uploadInfo, storage }) {
    const requirement = 'Storage / 存储';
    if (!uploadInfo.value)
        return [unknown(requirement, uploadInfo.error)];
    const oneAnswers = [...storage.values()].some(({ value }) => value?.isOss);
    return [...storage].map(([origin, { value, error }]) => {
        const host = `${requirement} ${new URL(origin).host}`;
        if (value?.isOss)
            return { requirement: host, verdict: 'holds', seen: 'answers' };
        if (value) {
            const seen = `something that is not OSS answers in its place (HTTP ${value.status})`;
            return { requirement: host, verdict: oneAnswers ? 'open' : 'fails', seen, hint: shared/* STORAGE_HINT */.OH };
        }
        return oneAnswers || error === NOT_ASKED.error ? unknown(host, error) : failing(host, error);
    });
}
function failing(requirement, error) {
    return { requirement, verdict: 'fails', seen: (0,report_failures/* describe */.q0)(error), hint: (0,hints/* hintFor */.J)(error) };
}
function unknown(requirement, error) {
    const scopes = (0,permissions/* missingScopes */["if"])(error);
    // What to do about a permission stands beside the permission.
    const seen = scopes.length > 0 ? `without ${scopes.map(permissions/* permissionName */.tm).join(', ')}` : (0,report_failures/* describe */.q0)(error);
    return { requirement, verdict: 'open', seen: `not known: ${seen}` };
}
function hasCode(error, ...codes) {
    return error instanceof errors/* DingTalkError */.D && codes.includes(error.code);
}

;// CONCATENATED MODULE: ./build/check/check.js





/**
 * Tries out everything that an upload with these inputs needs, and reports it. Uploads nothing and sends nothing.
 *
 * @returns whether nothing that an upload needs is missing
 * @throws the signal's reason if the job is cancelled
 */
async function runCheck(inputs, context, runner) {
    const { dingtalk, oss, retryOptions } = context;
    const evidence = await gatherEvidence(inputs, { dingtalk, oss, signal: retryOptions.signal });
    const findings = judge(inputs, evidence, dingtalk.clockAhead);
    for (const line of findings.flatMap(findingLines))
        runner.info(line);
    runner.info(checkTotal(findings));
    for (const [name, value] of Object.entries((0,outputs/* outputs */.V)([])))
        runner.output(name, value);
    await (0,report/* writeSummary */.S)(runner, checkSummary(findings));
    const passed = findings.every(({ verdict }) => verdict !== 'fails');
    if (!passed)
        runner.error(checkFailure(findings));
    return passed;
}


/***/ })

};
