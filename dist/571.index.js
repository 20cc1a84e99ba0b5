export const id = 571;
export const ids = [571];
export const modules = {

/***/ 4571:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  runCheck: () => (/* binding */ runCheck)
});

// EXTERNAL MODULE: ./build/report/failures.js
var failures = __webpack_require__(2772);
// EXTERNAL MODULE: ./build/report/log-lines.js
var log_lines = __webpack_require__(9031);
// EXTERNAL MODULE: ./build/report/outputs.js
var outputs = __webpack_require__(4121);
// EXTERNAL MODULE: ./build/report/report.js
var report = __webpack_require__(7177);
// EXTERNAL MODULE: ./build/retention/keep-last.js + 1 modules
var keep_last = __webpack_require__(223);
// EXTERNAL MODULE: ./build/dingtalk/errors.js
var errors = __webpack_require__(4772);
// EXTERNAL MODULE: ./build/errors.js
var build_errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/retention/find-folder.js
var find_folder = __webpack_require__(3179);
;// CONCATENATED MODULE: ./build/check/evidence.js




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
const NOT_ASKED = {
    error: new build_errors/* TextError */.WK({
        en: 'Not checked because of the error above.',
        zh: '因上述错误而未检查。',
    }),
};
/**
 * Makes every kind of call that the app's robot makes to post a message without files, and none that could have an effect.
 *
 * @throws the signal's reason if the job is cancelled
 */
async function gatherMessageEvidence(inputs, { dingtalk, signal }) {
    const calls = new Calls(signal);
    const token = await calls.make('accessToken', () => dingtalk.authenticate());
    const chats = await askAboutChatIds(inputs, dingtalk, calls);
    const post = await askToPost(inputs, dingtalk, calls);
    return { token, chats, post, real: realCalls(chats), calls: calls.made };
}
/**
 * Makes every kind of call that an upload with these inputs makes, and none that could have an effect. One after the
 * other: they are few, and a ban must be noticed before the next.
 *
 * @throws the signal's reason if the job is cancelled
 */
async function gatherEvidence(inputs, { dingtalk, oss, source, signal }) {
    const calls = new Calls(signal);
    const token = await calls.make('accessToken', () => dingtalk.authenticate());
    const { operator, users, unionId } = await askAboutPeople(inputs, dingtalk, calls);
    const { uploadInfo, folder, ids } = await askAboutFolder(inputs.folder, unionId, dingtalk, calls);
    const outdated = await askAboutRetention(inputs, source, unionId, dingtalk, calls);
    const { chats, post } = await askAboutChats(inputs, ids.spaceId, unionId, dingtalk, calls);
    return {
        token,
        operator,
        uploadInfo,
        folder,
        chats,
        users,
        post,
        outdated,
        storage: await probeStorage(uploadInfo.value, oss, calls),
        real: new Set([
            'uploadInfo',
            ...(operator || users.size > 0 ? ['unionId'] : []),
            ...realCalls(chats),
        ]),
        calls: calls.made,
    };
}
function realCalls(chats) {
    return new Set(chats.size > 0 ? ['openConversationId'] : []);
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
/** Finds what `keep-last` would delete, without creating the folder of `folder-path`. */
async function askAboutRetention({ folder, folderPath, keepLast: keep }, source, unionId, dingtalk, calls) {
    if (keep === undefined || !source)
        return undefined;
    return calls.make('list', async () => {
        const found = await (0,find_folder/* findFolder */.W)(folder, folderPath, unionId, dingtalk);
        if (!found)
            return { files: [], isComplete: true };
        return (0,keep_last/* findOutdated */.AM)({ folder: found, unionId, keep, source }, [], dingtalk);
    });
}
/** Looks up the groups, and tries a send and a post that reach no one. */
async function askAboutChats(inputs, spaceId, unionId, dingtalk, calls) {
    const chats = await askAboutChatIds(inputs, dingtalk, calls);
    if (chats.size === 0)
        await calls.make('openConversationId', () => dingtalk.openConversationId(NO_CHAT));
    const nothing = { spaceId, id: NO_ID };
    if (inputs.sendAs === 'link')
        await calls.make('sendLink', () => dingtalk.sendLink(nothing, unionId, NO_CONVERSATION));
    else
        await calls.make('send', () => dingtalk.send(nothing, unionId, NO_CONVERSATION));
    if (inputs.chats.length > 0 && inputs.sendAs === 'file')
        await calls.make('groupSpace', () => dingtalk.groupSpace(NO_CONVERSATION, unionId));
    return { chats, post: await askToPost(inputs, dingtalk, calls) };
}
function askAboutChatIds(inputs, dingtalk, calls) {
    const chatIds = inputs.chats.filter((id) => id.startsWith('chat'));
    return calls.makeEach('openConversationId', chatIds, (id) => dingtalk.openConversationId(id));
}
function askToPost({ robot }, dingtalk, calls) {
    const code = robot && 'code' in robot ? robot.code : NO_ROBOT;
    const markdown = { title: 'check', text: 'check' };
    return calls.make('post', () => dingtalk.post(markdown, code, NO_CONVERSATION));
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

// EXTERNAL MODULE: ./build/report/permissions.js
var report_permissions = __webpack_require__(1855);
// EXTERNAL MODULE: ./build/report/quantities.js
var quantities = __webpack_require__(2206);
// EXTERNAL MODULE: ./build/report/summary.js
var summary = __webpack_require__(4611);
// EXTERNAL MODULE: ./build/text/language.js
var text_language = __webpack_require__(46);
// EXTERNAL MODULE: ./build/text/plain-text.js
var plain_text = __webpack_require__(7012);
;// CONCATENATED MODULE: ./build/check/finding.js







const MARKS = {
    holds: '✅',
    fails: '❌',
    open: '⚠️',
    unneeded: '➖',
    unchecked: '⚪',
};
/** The line for what is all right. */
function foldedLine({ requirement, verdict, seen }) {
    const mark = MARKS[verdict];
    return { en: `${mark} ${requirement.en}: ${seen.en}`, zh: `${mark} ${requirement.zh}：${seen.zh}` };
}
/** The title above those lines. */
function foldedTitle(findings) {
    const count = counts(findings).holds;
    return { en: `${(0,quantities/* counted */.h)(count, 'check')} passed`, zh: `${count} 项通过` };
}
/** The lines of the log for what could not be known or is only recommended; none for the others. */
function openLines(finding) {
    if (finding.verdict !== 'open')
        return [];
    const { hint, error } = finding;
    const { en, zh } = foldedLine(finding);
    const link = hint?.link === undefined ? '' : ` ${hint.link}`;
    const line = (0,failures/* withCodes */.l4)({ en, zh }, (0,failures/* detailsOf */.cz)(error, hint));
    return [line, ...(hint ? [{ en: `   → ${hint.fix.en}${link}`, zh: `   → ${hint.fix.zh}${link}` }] : [])];
}
/** What fails, as an upload would tell it. Permissions that are missing are told together. */
function tellFindings(findings, appKey) {
    const failing = findings.filter(({ verdict }) => verdict === 'fails');
    const scopes = failing.flatMap(({ scope }) => scope ?? []);
    const permissions = failing.find(({ scope }) => scope !== undefined);
    const told = failing.filter(({ scope }) => scope === undefined).map(tellFinding);
    if (!permissions)
        return told;
    const hint = (0,report_permissions/* permissionHint */.fm)(scopes, appKey);
    const { codes } = (0,failures/* detailsOf */.cz)(permissions.error, hint);
    const cause = (0,failures/* causeOf */.rl)(undefined, hint);
    return [
        {
            cause: hint.cause ?? cause,
            problems: [],
            consequences: [],
            fix: hint.fix,
            details: { link: hint.link, codes },
        },
        ...told,
    ];
}
function tellFinding({ requirement, seen, hint, error }) {
    return {
        cause: { en: `${requirement.en}: ${seen.en}`, zh: `${requirement.zh}：${seen.zh}` },
        problems: [],
        consequences: [],
        fix: hint?.fix,
        details: (0,failures/* detailsOf */.cz)(error, hint),
    };
}
/** What all findings come to, in one line. */
function checkTotal(findings) {
    const { en, zh } = checkTitle(findings);
    return { en: `${en}. Nothing was uploaded or sent.`, zh: `${zh}。未上传文件，未发送消息。` };
}
function checkTitle(findings) {
    const { holds, fails, open, unchecked } = counts(findings);
    const en = [
        fails > 0 && `${fails} failed`,
        `${holds} passed`,
        open > 0 && `${open} to review`,
        unchecked > 0 && `${unchecked} not checked`,
    ];
    const zh = [
        fails > 0 && `${fails} 项未通过`,
        `${holds} 项通过`,
        open > 0 && `${open} 项待确认`,
        unchecked > 0 && `其余 ${unchecked} 项未检查`,
    ];
    return {
        en: `DingTalk check: ${en.filter(Boolean).join(', ')}`,
        zh: `钉钉检查：${zh.filter(Boolean).join('，')}`,
    };
}
function counts(findings) {
    const count = (wanted) => findings.filter(({ verdict }) => verdict === wanted).length;
    return {
        holds: count('holds'),
        fails: count('fails'),
        open: count('open'),
        unneeded: count('unneeded'),
        unchecked: count('unchecked'),
    };
}
/** How much of the job summary (bytes) the files that would be deleted may take. */
const MAX_OUTDATED = 512 * 1024;
/**
 * The job summary of a check, in Markdown: what is not right, then the rest, folded away.
 *
 * @param outdated what `keep-last` would delete
 */
function checkSummary(findings, appKey, language, outdated = []) {
    const told = tellFindings(findings, appKey);
    const open = findings.filter(({ verdict }) => verdict === 'open');
    const folded = findings.filter(({ verdict }) => verdict === 'holds' || verdict === 'unneeded');
    const heads = `| ${(0,summary/* label */.Pf)({ en: 'Check', zh: '检查项' }, language)} | ${(0,summary/* label */.Pf)({ en: 'Result', zh: '结果' }, language)} |`;
    const rows = folded.map(({ requirement, verdict, seen }) => {
        const cells = [requirement, seen].map((text) => (0,text_language/* inFull */.Vz)(text, language).map(plain_text/* markdownText */.p).join('<br>'));
        return `| ${MARKS[verdict]} ${cells.join(' | ')} |`;
    });
    const parts = [
        (0,summary/* heading */.R_)(told.length > 0 ? '❌' : '✅', checkTitle(findings), language),
        ...told.map((failure) => (0,failures/* failureMarkdown */.A5)(failure, language)),
        ...open.map((finding) => openMarkdown(finding, language)),
        ...(rows.length > 0
            ? [(0,summary/* fold */.AU)(foldedTitle(findings), [[heads, '| :-- | :-- |', ...rows].join('\n')], language)]
            : []),
        ...(outdated.length > 0 ? [(0,summary/* runFiles */.NW)((0,log_lines/* outdatedHeading */.bH)(outdated), outdated, MAX_OUTDATED, language)] : []),
    ];
    return `${parts.join('\n\n')}\n`;
}
function openMarkdown(finding, language) {
    const { hint, error } = finding;
    const { codes } = (0,failures/* detailsOf */.cz)(error, hint);
    const line = foldedLine(finding);
    const en = [(0,plain_text/* markdownText */.p)(line.en), hint ? (0,failures/* linked */.q)(hint.fix.en) : ''].filter(Boolean).join(' ');
    const zh = [(0,plain_text/* markdownText */.p)(line.zh), hint ? (0,failures/* linked */.q)(hint.fix.zh) : ''].join('');
    const details = [hint?.link ? (0,failures/* linked */.q)(hint.link) : '', ...codes.map(plain_text/* markdownText */.p)]
        .filter(Boolean)
        .join(' · ');
    return [...(0,text_language/* inFull */.Vz)({ en, zh }, language), details].filter(Boolean).join('  \n');
}

// EXTERNAL MODULE: ./build/dingtalk/operations.js
var operations = __webpack_require__(4281);
// EXTERNAL MODULE: ./build/http/text.js
var http_text = __webpack_require__(3606);
// EXTERNAL MODULE: ./build/report/advice/shared.js
var shared = __webpack_require__(3659);
// EXTERNAL MODULE: ./build/report/hints.js + 4 modules
var hints = __webpack_require__(1596);
;// CONCATENATED MODULE: ./build/check/verdicts.js




/** Whether the app was let through to what it asked for, whatever came of that. */
function cameThrough(operation, error) {
    if (error === undefined)
        return true;
    if (!(error instanceof errors/* DingTalkError */.D) || error.operation !== operation || error.kind !== 'refused')
        return false;
    // A proxy's page has no code of the platform's; lists of addresses, and what is no API at all, come before permissions.
    return ((0,report_permissions/* missingScopes */["if"])(error).length === 0 &&
        !/^(HTTP\d+|Forbidden\.AccessDenied.*|Invalid(Action|Version).*|60020)$/.test(error.code));
}
/** A requirement that is met. */
function holds(requirement, seen) {
    return { requirement, verdict: 'holds', seen };
}
/** A requirement that is not met, as an upload would tell it. */
function failing(requirement, error, about) {
    const hint = (0,hints/* hintFor */.J)(error, { about });
    return { requirement, verdict: 'fails', seen: (0,failures/* causeOf */.rl)(error, hint), hint, error };
}
/**
 * What could not be known. What would help is not told: it might not be what is wrong. Nor is doubt: what a check asks
 * writes and sends nothing.
 */
function unknown(requirement, error) {
    const { en, zh } = (0,failures/* causeOf */.rl)(error, (0,errors/* isInDoubt */.cd)(error) ? undefined : (0,hints/* hintFor */.J)(error));
    return { requirement, verdict: 'open', seen: { en: `Not checked: ${en}`, zh: `未检查：${zh}` }, error };
}
/** Whether an error is the platform's, with one of these codes. */
function hasCode(error, ...codes) {
    return error instanceof errors/* DingTalkError */.D && codes.includes(error.code);
}

;// CONCATENATED MODULE: ./build/check/judge-permission.js





/** What a permission is for, where not every upload needs it. */
const USES = {
    qyapi_get_member: { en: 'if you use user-id or to-user-ids', zh: '填写 user-id 或 to-user-ids 时' },
    qyapi_chat_read: { en: 'if chat-id starts with chat', zh: 'chat-id 以 chat 开头时' },
    'Document.WorkspaceDocument.Read': {
        en: 'if you use parent-uuid or the link of a folder in DingTalk Docs',
        zh: '填写 parent-uuid 或钉钉文档的文件夹链接时',
    },
    'ConvFile.File.Send': { en: 'if you use chat-id or to-user-ids', zh: '填写 chat-id 或 to-user-ids 时' },
    'ConvFile.Space.Read': {
        en: 'if you use chat-id with send-as: file',
        zh: '填写 chat-id 且 send-as 为 file 时',
    },
    qyapi_robot_sendmsg: { en: 'if you use robot-code', zh: '填写 robot-code 时' },
};
/** Whether a permission is enabled, and what it is for. */
function permission(scope, inputs, { calls }) {
    const name = (0,report_permissions/* permissionName */.tm)(scope);
    const requirement = { en: `Permission ${name}`, zh: `权限 ${name}` };
    const hint = (0,report_permissions/* permissionHint */.fm)([scope], inputs.appKey);
    const needed = operationsOf(inputs, calls);
    const isFor = (operation) => scopeOf(operation) === scope;
    const refused = calls.filter(({ result }) => (0,report_permissions/* missingScopes */["if"])(result.error).includes(scope));
    const own = calls.filter(({ operation }) => isFor(operation));
    if (refused.length === 0 && own.some(({ operation, result: { error } }) => cameThrough(operation, error)))
        return holds(requirement, { en: 'enabled', zh: '已开通' });
    // Some calls are made only where the inputs need them.
    const isCutShort = calls.some(({ result }) => endsCheck(result.error));
    const asked = [...refused, ...own][0]?.result ?? (isCutShort ? NOT_ASKED : undefined);
    const error = asked?.error;
    const isNeeded = needed.some(isFor) || refused.some(({ operation }) => needed.includes(operation));
    if (refused.length > 0 && isNeeded)
        return { requirement, verdict: 'fails', seen: NOT_ENABLED, hint, error, scope };
    if (isNeeded || error === NOT_ASKED.error)
        return unknown(requirement, error);
    const state = refused.length > 0 ? NOT_ENABLED : { en: 'Unknown.', zh: '未知。' };
    const loss = lossWithout(scope, inputs);
    if (loss) {
        const seen = { en: `${state.en} Recommended: ${loss.en}`, zh: `${state.zh}建议开通：${loss.zh}` };
        return { requirement, verdict: 'open', seen, hint };
    }
    const use = USES[scope] ?? { en: 'elsewhere', zh: '其他情况下' };
    const seen = { en: `${state.en} Only needed ${use.en}.`, zh: `${state.zh}仅${use.zh}需要。` };
    return { requirement, verdict: 'unneeded', seen };
}
const NOT_ENABLED = { en: 'Not enabled.', zh: '未开通。' };
/** The permission that an operation needs, if there is one of its own. */
function scopeOf(operation) {
    return { scope: undefined, ...operations/* OPERATIONS */.x[operation] }.scope;
}
/** The kinds of calls that an upload with these inputs makes, as far as these calls tell. */
function operationsOf(inputs, calls) {
    const { users, chats, sendAs, robot, folder, conflictStrategy, keepLast } = inputs;
    const looks = conflictStrategy === 'RETURN_DENTRY_IF_EXISTS' ||
        conflictStrategy === 'IF_CHANGED' ||
        keepLast !== undefined;
    const makesFolders = inputs.folderPath !== '' || inputs.keepDirectories;
    const when = (condition, operation) => (condition ? [operation] : []);
    const hasChatIds = chats.some((id) => id.startsWith('chat'));
    const posts = robot !== undefined && 'code' in robot;
    if (!folder)
        return ['accessToken', ...when(hasChatIds, 'openConversationId'), ...when(posts, 'post')];
    return [
        'accessToken',
        'uploadInfo',
        'commit',
        ...when('userId' in inputs.operator || users.length > 0, 'unionId'),
        ...when(folder.kind === 'uuid' && (looks || makesFolders), 'space'),
        ...when(looks, 'list'),
        // Where the v1 commit is closed, the folder is looked up for the v2 one.
        ...when(calls.some(({ operation, result: { error } }) => operation === 'commit' && isApiClosed(error)), 'dentry'),
        ...when(hasChatIds, 'openConversationId'),
        // One permission for both kinds of recipients.
        ...when(chats.length + users.length > 0, sendAs === 'link' ? 'sendLink' : 'send'),
        ...when(posts, 'post'),
    ];
}
function isApiClosed(error) {
    return error instanceof errors/* DingTalkError */.D && error.isApiClosed;
}
/** What an upload is the worse for if it has to do without a permission. */
function lossWithout(scope, { folder, chats, sendAs }) {
    if (scope === 'Storage.File.Read' && folder)
        return NO_LOOK_UP;
    if (scope === 'ConvFile.Space.Read' && chats.length > 0 && sendAs === 'file') {
        return {
            en: "without it, the action can't confirm whether a file was sent to the group if the response is lost.",
            zh: '未开通时，如果响应丢失，就无法确认文件是否已发送到群。',
        };
    }
    if (scope === 'Document.WorkspaceDocument.Read' && folder?.kind === 'uuid') {
        return {
            en: "without it, multipart upload is unavailable, and the action can't confirm an upload if the response is lost.",
            zh: '未开通时无法使用分片上传；如果响应丢失，也无法确认文件是否已上传。',
        };
    }
    return undefined;
}
const NO_LOOK_UP = {
    en: "without it, the action can't confirm an upload if the response is lost.",
    zh: '未开通时，如果响应丢失，就无法确认文件是否已上传。',
};

;// CONCATENATED MODULE: ./build/check/judge.js











/** The platform's code for an operator whom it does not know. */
const NO_SUCH_OPERATOR = 'paramError.unionId';
/** How far OSS lets clocks be apart, in ms. */
const MAX_SKEW = 15 * 60_000;
/**
 * Judges what the calls showed: one finding a requirement, whatever became of the others. What could not be looked at
 * because of a failure that is told already is `unchecked`.
 *
 * @param clockAhead how far the platform's clock is ahead of this machine's, in ms, if it is known
 */
function judge(inputs, evidence, clockAhead) {
    const known = Object.values(operations/* OPERATIONS */.x).flatMap((operation) => 'scope' in operation ? operation.scope : []);
    // The platform may have other names for them.
    const named = evidence.calls.flatMap(({ result }) => (0,report_permissions/* missingScopes */["if"])(result.error));
    const scopes = [...known, ...named];
    const findings = [
        credentials(evidence),
        connection(evidence),
        ...[...new Set(scopes)].map((scope) => permission(scope, inputs, evidence)),
        operator(inputs, evidence),
        folder(evidence),
        writing(evidence),
        ...inputs.chats.map((id) => chat(id, evidence.chats.get(id))),
        ...[...evidence.users].map(([id, result]) => recipient(id, result)),
        ...retention(inputs, evidence),
        ...robots(inputs, evidence.post),
        clock(clockAhead),
        ...storage(evidence),
    ];
    return uncheckedMarked(findings, evidence);
}
/** The same for a message without files. @param evidence undefined where a custom robot posts it: that takes no app */
function judgeMessage(inputs, evidence, clockAhead) {
    if (!evidence)
        return robots(inputs, undefined);
    const named = evidence.calls.flatMap(({ result }) => (0,report_permissions/* missingScopes */["if"])(result.error));
    const needed = operationsOf(inputs, evidence.calls).flatMap((operation) => scopeOf(operation) ?? []);
    const findings = [
        credentials(evidence),
        connection(evidence),
        ...[...new Set([...needed, ...named])].map((scope) => permission(scope, inputs, evidence)),
        ...inputs.chats.map((id) => chat(id, evidence.chats.get(id))),
        ...robots(inputs, evidence.post),
        clock(clockAhead),
    ];
    return uncheckedMarked(findings, evidence);
}
function uncheckedMarked(findings, evidence) {
    return findings.map((finding) => isUnchecked(finding, findings, evidence) ? { ...finding, verdict: 'unchecked' } : finding);
}
/** Whether a finding says nothing of its own: without a token nothing does, nor what meets an error that is told already. */
function isUnchecked({ verdict, error }, findings, { token, operator }) {
    if (verdict === 'fails')
        return false;
    if (token.error !== undefined || error === NOT_ASKED.error)
        return true;
    // If the operator was not found, the check asked about a placeholder user instead.
    if (operator?.error !== undefined && hasCode(error, NO_SUCH_OPERATOR))
        return true;
    return (verdict === 'open' &&
        error !== undefined &&
        findings.some((other) => other.verdict === 'fails' && other.error === error));
}
function credentials({ token: { error } }) {
    const requirement = { en: 'Credentials (app-key, app-secret)', zh: '凭证（app-key、app-secret）' };
    if (error === undefined)
        return holds(requirement, { en: 'valid', zh: '有效' });
    return cameThrough('accessToken', error) ? failing(requirement, error) : unknown(requirement, error);
}
/** Whether the platform lets the app's calls in at all: quotas, bans, lists of addresses, and its being there. */
function connection({ token, calls, real }) {
    const requirement = { en: 'Connection to DingTalk', zh: '与钉钉的连接' };
    // What is asked of nothing may well be answered with an error of the platform's own.
    const lost = calls.find(({ result: { error }, operation }) => {
        if (error === undefined || (0,report_permissions/* missingScopes */["if"])(error).length > 0)
            return false;
        if (operation === 'accessToken')
            return !cameThrough(operation, error);
        if (error instanceof errors/* DingTalkError */.D && (error.kind === 'quota-spent' || endsCheck(error)))
            return true;
        return real.has(operation) && !cameThrough(operation, error);
    });
    if (lost)
        return failing(requirement, lost.result.error);
    if (token.error !== undefined)
        return unknown(requirement, NOT_ASKED.error);
    return holds(requirement, { en: 'the API is reachable', zh: '可以正常调用接口' });
}
function operator({ operator }, evidence) {
    if ('userId' in operator) {
        const requirement = { en: 'Operator (user-id)', zh: '操作者（user-id）' };
        return member(requirement, evidence.operator ?? NOT_ASKED, { input: 'user-id', value: operator.userId });
    }
    const requirement = { en: 'Operator (union-id)', zh: '操作者（union-id）' };
    const { uploadInfo, folder } = evidence;
    if (uploadInfo.value ?? folder?.value)
        return holds(requirement, { en: 'can access the drive', zh: '可以访问云盘' });
    return hasCode(uploadInfo.error, NO_SUCH_OPERATOR)
        ? failing(requirement, uploadInfo.error)
        : unknown(requirement, uploadInfo.error);
}
function recipient(id, result) {
    const requirement = { en: `Recipient ${id}`, zh: `接收人 ${id}` };
    return member(requirement, result, { input: 'to-user-ids', value: id });
}
function member(requirement, { value, error }, about) {
    if (!value)
        return cameThrough('unionId', error) ? failing(requirement, error, about) : unknown(requirement, error);
    const { active } = value;
    if (active)
        return holds(requirement, { en: 'active member of the organization', zh: '本组织的已激活成员' });
    if (active === undefined) {
        const seen = {
            en: 'Member of the organization (activation status unknown).',
            zh: '是本组织成员（激活状态未知）。',
        };
        return { requirement, verdict: 'open', seen };
    }
    const hint = {
        fix: {
            en: `Ask the user to sign in to DingTalk and join the organization, or use another user (${about.input}).`,
            zh: `请该成员登录钉钉并加入组织，或改用其他成员（${about.input}）。`,
        },
    };
    const seen = { en: 'The user is not active.', zh: '该成员尚未激活。' };
    return { requirement, verdict: 'fails', seen, hint };
}
function folder({ folder, uploadInfo }) {
    const requirement = { en: 'Folder', zh: '目标文件夹' };
    const { name, type } = folder?.value ?? {};
    if (type && type !== 'FOLDER') {
        const hint = {
            fix: {
                en: 'Copy the link of its parent folder and set it as folder-url.',
                zh: '请复制其所在文件夹的链接，填入 folder-url。',
            },
        };
        const seen = name
            ? { en: `"${name}" is a ${type}, not a folder.`, zh: `「${name}」是 ${type}，不是文件夹。` }
            : { en: `This is a ${type}, not a folder.`, zh: `这是 ${type}，不是文件夹。` };
        return { requirement, verdict: 'fails', seen, hint };
    }
    const error = [folder?.error, uploadInfo.error].find(hints/* isFolderRefusal */.d);
    if (error !== undefined)
        return failing(requirement, error);
    const called = name ? { en: `"${name}" `, zh: `「${name}」` } : { en: '', zh: '' };
    if (type)
        return holds(requirement, { en: `${called.en}exists`, zh: `${called.zh}存在` });
    if (uploadInfo.value)
        return holds(requirement, {
            en: `${called.en}exists and accepts uploads`,
            zh: `${called.zh}存在，可以上传`,
        });
    return unknown(requirement, folder?.error ?? uploadInfo.error);
}
function writing({ operator, uploadInfo: { value, error } }) {
    const requirement = { en: 'Operator can write to the folder', zh: '操作者可以写入目标文件夹' };
    if (value)
        return holds(requirement, { en: 'yes', zh: '是' });
    // An upload would be refused in the same words. Of the folder and the operator their own rows tell.
    const isOurs = operator?.error === undefined &&
        cameThrough('uploadInfo', error) &&
        !(0,hints/* isFolderRefusal */.d)(error) &&
        !hasCode(error, NO_SUCH_OPERATOR);
    return isOurs ? failing(requirement, error) : unknown(requirement, error);
}
function chat(id, result) {
    const requirement = { en: `Group ${id}`, zh: `群 ${id}` };
    if (!result)
        return { requirement, verdict: 'open', seen: FORM_ONLY };
    const { value, error } = result;
    if (value !== undefined) {
        return holds(requirement, {
            en: `exists. To save one permission and one API call per run, use ${value} as chat-id`,
            zh: `存在。将 chat-id 改填为 ${value}，可少开通一项权限，每次运行少调用一次接口`,
        });
    }
    return cameThrough('openConversationId', error) ? failing(requirement, error) : unknown(requirement, error);
}
const FORM_ONLY = {
    en: "The format is valid. The rest can't be verified without sending.",
    zh: '格式正确。不实际发送就无法确认更多。',
};
function retention({ keepLast }, { outdated }) {
    if (keepLast === undefined)
        return [];
    const requirement = { en: 'Old files (keep-last)', zh: '旧文件（keep-last）' };
    if (!outdated) {
        const seen = {
            en: 'Not checked: keep-last works only in a workflow run.',
            zh: '未检查：keep-last 只能在工作流运行中使用。',
        };
        return [{ requirement, verdict: 'open', seen }];
    }
    if (!outdated.value)
        return [unknown(requirement, outdated.error)];
    const files = outdated.value.files.map(keep_last/* asDeleted */.Em);
    return [
        holds(requirement, files.length > 0 ? (0,log_lines/* outdatedHeading */.bH)(files) : { en: 'none to delete', zh: '无需删除' }),
    ];
}
function robots({ robot }, post) {
    if (!robot)
        return [];
    if ('webhooks' in robot)
        return robot.webhooks.map(customRobot);
    const requirement = { en: 'Robot (robot-code)', zh: '机器人（robot-code）' };
    const error = post?.error;
    if (error === NOT_ASKED.error)
        return [unknown(requirement, error)];
    const isOfTheRobot = error instanceof errors/* DingTalkError */.D &&
        /^(invalidParameter\.robotCode\.|resource\.not\.found$)/.test(error.code);
    // That it is not in a group that there is not says nothing.
    if (!isOfTheRobot || error.code.endsWith('.empty'))
        return [holds(requirement, FORM_ONLY)];
    return [failing(requirement, error)];
}
/** A webhook is looked at, never called: each call would post. */
function customRobot({ secret, position }) {
    const number = position === undefined ? (0,http_text/* verbatim */.B)('') : { en: `, line ${position}`, zh: ` 第 ${position} 行` };
    const requirement = { en: `Robot (robot-webhook${number.en})`, zh: `机器人（robot-webhook${number.zh}）` };
    if (secret === undefined || secret.startsWith('SEC'))
        return holds(requirement, FORM_ONLY);
    const hint = {
        fix: {
            en: "Set robot-secret to the SEC… value under 加签 in the robot's security settings.",
            zh: '请在 robot-secret 中填写机器人安全设置「加签」下以 SEC 开头的密钥。',
        },
    };
    const seen = { en: 'robot-secret does not start with SEC.', zh: 'robot-secret 不以 SEC 开头。' };
    return { requirement, verdict: 'open', seen, hint };
}
function clock(ahead) {
    const requirement = { en: 'Clock', zh: '系统时间' };
    if (ahead === undefined) {
        const seen = { en: "DingTalk's response had no date.", zh: '钉钉的响应中没有时间。' };
        return { requirement, verdict: 'open', seen };
    }
    const apart = Math.abs(ahead);
    // The platform tells whole seconds, and a response takes its time.
    if (apart < 5000)
        return holds(requirement, { en: 'in sync with DingTalk', zh: '与钉钉一致' });
    const [count, unit] = apart < 60_000 ? [Math.round(apart / 1000), 's'] : [Math.round(apart / 60_000), 'min'];
    const seen = {
        en: `${count} ${unit} ${ahead > 0 ? 'behind' : 'ahead of'} DingTalk`,
        zh: `比钉钉${ahead > 0 ? '慢' : '快'} ${count} ${unit === 's' ? '秒' : '分钟'}`,
    };
    if (apart <= MAX_SKEW)
        return holds(requirement, seen);
    const hint = {
        fix: {
            en: 'OSS allows a 15-minute difference; TLS and robot signatures also depend on the clock. Sync it with NTP.',
            zh: 'OSS 允许的偏差为 15 分钟，TLS 证书和机器人加签也依赖系统时间。请开启 NTP 时间同步。',
        },
    };
    return { requirement, verdict: 'fails', seen, hint };
}
function storage({ uploadInfo, storage }) {
    if (!uploadInfo.value)
        return [unknown({ en: 'Storage', zh: '存储' }, uploadInfo.error)];
    const oneAnswers = [...storage.values()].some(({ value }) => value?.isOss);
    return [...storage].map(([origin, { value, error }]) => {
        const { host } = new URL(origin);
        const requirement = { en: `Storage ${host}`, zh: `存储 ${host}` };
        if (value?.isOss)
            return holds(requirement, { en: 'reachable', zh: '可以访问' });
        if (value) {
            const seen = {
                en: `A server other than OSS responded (HTTP ${value.status}).`,
                zh: `响应的服务器不是 OSS（HTTP ${value.status}）。`,
            };
            return { requirement, verdict: oneAnswers ? 'open' : 'fails', seen, hint: shared/* STORAGE_HINT */.OH };
        }
        return oneAnswers || error === NOT_ASKED.error ? unknown(requirement, error) : failing(requirement, error);
    });
}

;// CONCATENATED MODULE: ./build/check/check.js








/**
 * Tries out everything that an upload with these inputs needs, or a message without files, and reports it: what is all right is folded away, and
 * nothing is told twice. Uploads nothing and sends nothing.
 *
 * @returns whether nothing that an upload needs is missing
 * @throws the signal's reason if the job is cancelled
 */
async function runCheck(inputs, context, runner) {
    const { findings, outdated } = inputs.folder
        ? await checkUpload(inputs, context, runner)
        : { findings: await checkMessage(inputs, context), outdated: undefined };
    const folded = findings.filter(({ verdict }) => verdict === 'holds' || verdict === 'unneeded');
    if (folded.length > 0)
        runner.group(foldedTitle(findings), folded.map(foldedLine));
    const deleted = outdated?.files.map(keep_last/* asDeleted */.Em) ?? [];
    if (deleted.length > 0)
        runner.group((0,log_lines/* outdatedHeading */.bH)(deleted), deleted.map(log_lines/* deletedLine */.eM));
    if (outdated?.isComplete === false)
        runner.info(keep_last/* NOT_ALL_SEEN */.G6);
    for (const line of findings.flatMap(openLines))
        runner.info(line);
    runner.info(checkTotal(findings));
    for (const [name, value] of Object.entries((0,outputs/* outputs */.V)([], runner.language)))
        runner.output(name, value);
    const told = tellFindings(findings, inputs.appKey);
    for (const failure of told)
        runner.error((0,failures/* failureMessage */.oh)(failure), (0,failures/* failureDetails */.JK)(failure.details));
    await (0,report/* writeSummary */.S)(runner, checkSummary(findings, inputs.appKey, runner.language, deleted));
    return told.length === 0;
}
async function checkUpload(inputs, { dingtalk, oss, environment: { signal } }, runner) {
    const evidence = await gatherEvidence(inputs, { dingtalk, oss, source: runner.job().source, signal });
    return { findings: judge(inputs, evidence, dingtalk.clockAhead), outdated: evidence.outdated?.value };
}
async function checkMessage(inputs, { dingtalk, environment: { signal } }) {
    const isByApp = inputs.robot !== undefined && 'code' in inputs.robot;
    const evidence = isByApp ? await gatherMessageEvidence(inputs, { dingtalk, signal }) : undefined;
    return judgeMessage(inputs, evidence, dingtalk.clockAhead);
}


/***/ })

};
