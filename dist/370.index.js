export const id = 370;
export const ids = [370];
export const modules = {

/***/ 370:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

// ESM COMPAT FLAG
__webpack_require__.r(__webpack_exports__);

// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  checkup: () => (/* binding */ checkup)
});

// EXTERNAL MODULE: ./build/report/diagnosis.js
var diagnosis = __webpack_require__(4458);
// EXTERNAL MODULE: ./build/dingtalk/errors.js
var errors = __webpack_require__(4772);
// EXTERNAL MODULE: ./build/dingtalk/operations.js
var operations = __webpack_require__(4281);
;// CONCATENATED MODULE: ./build/check/evidence.js

// What nothing is called: asked for where a call is made only to see whether the app may make it. The gateway refuses a
// call for want of a permission before it looks at what is asked; whoever gets further is told that there is no such
// thing. All are of the right form, for a wrong one might be refused earlier still.
const NO_ID = '1';
const NO_UUID = 'uploadToDingtalkCheck00000000000';
const NO_USER = 'upload-to-dingtalk-check';
const NO_CHAT = `chat${'0'.repeat(32)}`;
const NO_CONVERSATION = `cid${'0'.repeat(22)}==`;
const NO_UPLOAD_KEY = 'upload-to-dingtalk-check';
const NO_ROBOT = 'upload-to-dingtalk-check';
/** Announced to the platform, but never uploaded. */
const FILE = { name: 'upload-to-dingtalk-check.txt', size: 1 };
/** Stands in for a call that was not made, because an earlier one had shown that it would be pointless. */
class NotAsked extends Error {
    message = 'not asked, for what is said above';
}
const NOT_ASKED = { error: new NotAsked() };
/**
 * Makes every kind of call that an upload with these inputs makes, and none that could have an effect. One after the other:
 * they are few, and a ban must be noticed before the next.
 *
 * @throws the signal's reason if the job was called off
 */
async function gather(inputs, { dingtalk, oss, signal }) {
    const calls = [];
    let pointless = false;
    async function attempt(operation, call) {
        if (pointless)
            return NOT_ASKED;
        let outcome;
        try {
            outcome = { value: await call() };
        }
        catch (error) {
            signal?.throwIfAborted();
            outcome = { error };
            pointless = isHopeless(error);
        }
        calls.push({ operation, outcome });
        return outcome;
    }
    async function attemptEach(operation, ids, call) {
        const outcomes = new Map();
        for (const id of ids)
            outcomes.set(id, await attempt(operation, () => call(id)));
        return outcomes;
    }
    const token = await attempt('accessToken', () => dingtalk.authenticate());
    const given = inputs.operator;
    const operator = 'userId' in given ? await attempt('unionId', () => dingtalk.member(given.userId)) : undefined;
    const users = await attemptEach('unionId', inputs.users, (id) => dingtalk.member(id));
    if (!operator && users.size === 0)
        await attempt('unionId', () => dingtalk.member(NO_USER));
    const unionId = 'unionId' in given ? given.unionId : (operator?.value?.unionId ?? NO_USER);
    const target = inputs.folder;
    const uploadInfo = await attempt('uploadInfo', () => dingtalk.uploadInfo(target, unionId, FILE));
    const uuid = target.kind === 'ids' ? NO_UUID : target.uuid;
    const lookup = await attempt('space', () => dingtalk.folderIds({ kind: 'uuid', uuid }, unionId));
    const where = target.kind === 'ids' ? target : lookup.value;
    const { spaceId, parentId } = where ?? { spaceId: NO_ID, parentId: '0' };
    const found = parentId === '0'
        ? // The root of a space is listed: it has no entry of its own.
            await attempt('list', async () => {
                await dingtalk.list({ kind: 'ids', spaceId, parentId }, unionId).next();
                return { type: 'FOLDER' };
            })
        : await attempt('dentry', () => dingtalk.entry(spaceId, parentId, unionId));
    await attempt('commit', () => dingtalk.commitAsNamed(target, unionId, NO_UPLOAD_KEY, FILE, 'RETURN_ERROR_IF_EXISTS'));
    const chatIds = inputs.chats.filter((id) => id.startsWith('chat'));
    const convert = (id) => dingtalk.openConversationId(id);
    const chats = await attemptEach('openConversationId', chatIds, convert);
    if (chats.size === 0)
        await attempt('openConversationId', () => convert(NO_CHAT));
    await attempt('send', () => dingtalk.send({ spaceId, id: NO_ID }, unionId, NO_CONVERSATION));
    const robot = inputs.robot && 'code' in inputs.robot ? inputs.robot.code : NO_ROBOT;
    const nothing = { title: 'check', text: 'check' };
    const post = await attempt('post', () => dingtalk.post(nothing, robot, NO_CONVERSATION));
    const resourceUrls = uploadInfo.value?.headerSignatureInfo.resourceUrls ?? [];
    const origins = [...new Set(resourceUrls.map((url) => new URL(url).origin))];
    // All at once: where a firewall drops what it does not let pass, each takes as long as its timeout.
    const probe = async (origins) => {
        const outcomes = origins.map(async (origin) => [origin, await attempt('probe', () => oss.probe(origin))]);
        return new Map(await Promise.all(outcomes));
    };
    return {
        token,
        operator,
        uploadInfo,
        folder: where && found,
        chats,
        users,
        post,
        storage: await probe(origins),
        real: new Set([
            'uploadInfo',
            ...(operator || users.size > 0 ? ['unionId'] : []),
            ...(chatIds.length > 0 ? ['openConversationId'] : []),
        ]),
        calls,
    };
}
/** Whether no call can come to anything any more, and each would do harm: ask for a token again, or prolong a ban. */
function isHopeless(error) {
    if (!(error instanceof errors/* DingTalkError */.D))
        return false;
    return error.operation === 'accessToken' || error.kind === 'access-token' || error.kind === 'banned';
}

;// CONCATENATED MODULE: ./build/check/check.js




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
 * Tries out everything that an upload with these inputs needs; writes nothing and sends nothing. Every requirement is
 * looked at, whatever has become of the others.
 *
 * @throws the signal's reason if the job was called off
 */
async function checkup(inputs, tools) {
    const evidence = await gather(inputs, tools);
    const known = Object.values(operations/* OPERATIONS */.x).flatMap((operation) => 'scope' in operation ? operation.scope : []);
    // The platform may have other names for them.
    const named = evidence.calls.flatMap(({ outcome }) => (0,diagnosis/* missingScopes */["if"])(outcome.error));
    const scopes = [...known, ...named];
    return [
        credentials(evidence),
        answering(evidence),
        ...[...new Set(scopes)].map((scope) => permission(scope, inputs, evidence)),
        operator(inputs, evidence),
        folder(evidence),
        writing(evidence),
        ...inputs.chats.map((id) => chat(id, evidence.chats.get(id))),
        ...[...evidence.users].map(([id, outcome]) => member(`Recipient / 接收人 ${id}`, outcome)),
        ...robots(inputs, evidence),
        clock(tools.dingtalk.clockAhead),
        ...storage(evidence),
    ];
}
function credentials({ token: { error } }) {
    const requirement = 'Credentials / 凭证 (app-key, app-secret)';
    if (error === undefined)
        return { requirement, verdict: 'holds', seen: 'an access token was given' };
    return (0,diagnosis/* missingScopes */["if"])(error).length > 0 ? unknown(requirement, error) : failing(requirement, error);
}
/** Whether the platform lets the app's calls in at all: quotas, bans, lists of addresses, and its being there. */
function answering({ token, calls, real }) {
    const requirement = 'Calls are answered / 调用可达';
    if (token.error !== undefined)
        return unknown(requirement, NOT_ASKED.error);
    // What is asked of nothing may well be answered with an error of the platform's own.
    const lost = calls.find(({ outcome: { error }, operation }) => {
        if (error === undefined || (0,diagnosis/* missingScopes */["if"])(error).length > 0)
            return false;
        if (error instanceof errors/* DingTalkError */.D && (error.kind === 'quota-spent' || isHopeless(error)))
            return true;
        return real.has(operation) && !cameThrough(operation, error);
    });
    if (lost)
        return failing(requirement, lost.outcome.error);
    return { requirement, verdict: 'holds', seen: 'by DingTalk, from here, for this app' };
}
function permission(scope, inputs, { calls }) {
    const requirement = `Permission / 权限 ${(0,diagnosis/* permissionName */.tm)(scope)}`;
    const hint = (0,diagnosis/* permissionHint */.fm)([scope], inputs.appKey);
    const needed = operationsOf(inputs, calls);
    const isFor = (operation) => scopeOf(operation) === scope;
    const refused = calls.filter(({ outcome }) => (0,diagnosis/* missingScopes */["if"])(outcome.error).includes(scope));
    const own = calls.filter(({ operation }) => isFor(operation));
    if (refused.length === 0 && own.some(({ operation, outcome: { error } }) => cameThrough(operation, error)))
        return { requirement, verdict: 'holds', seen: 'switched on' };
    const error = [...refused, ...own][0]?.outcome.error ?? NOT_ASKED.error;
    const isNeeded = needed.some(isFor) || refused.some(({ operation }) => needed.includes(operation));
    if (refused.length > 0 && isNeeded)
        return { requirement, verdict: 'fails', seen: (0,diagnosis/* describe */.q0)(error), hint };
    if (isNeeded)
        return { requirement, verdict: 'open', seen: `not known: ${(0,diagnosis/* describe */.q0)(error)}` };
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
    const looks = conflictStrategy === 'RETURN_DENTRY_IF_EXISTS';
    const when = (condition, operation) => (condition ? [operation] : []);
    return [
        'accessToken',
        'uploadInfo',
        'commit',
        ...when('userId' in operator || users.length > 0, 'unionId'),
        ...when(folder.kind === 'uuid' && (looks || folderPath !== ''), 'space'),
        ...when(looks, 'list'),
        // Where the v1 commit is closed, the folder is looked up for the v2 one.
        ...when(calls.some(({ operation, outcome: { error } }) => operation === 'commit' && isApiClosed(error)), 'dentry'),
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
    return ((0,diagnosis/* missingScopes */["if"])(error).length === 0 &&
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
    const error = [folder?.error, uploadInfo.error].find((error) => hasCode(error, ...diagnosis/* FOLDER_REFUSALS */.BL));
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
        !hasCode(error, NO_SUCH_OPERATOR, ...diagnosis/* FOLDER_REFUSALS */.BL);
    return isOurs ? failing(requirement, error) : unknown(requirement, error);
}
function chat(id, outcome) {
    const requirement = `Chat / 群 ${id}`;
    if (!outcome)
        return {
            requirement,
            verdict: 'open',
            seen: 'the form is right; more could not be known without sending',
        };
    const { value, error } = outcome;
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
    const isOfTheRobot = error instanceof errors/* DingTalkError */.D && error.code.startsWith('invalidParameter.robotCode.');
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
            return { requirement: host, verdict: oneAnswers ? 'open' : 'fails', seen, hint: diagnosis/* STORAGE_HINT */.OH };
        }
        return oneAnswers || error === NOT_ASKED.error ? unknown(host, error) : failing(host, error);
    });
}
function failing(requirement, error) {
    return { requirement, verdict: 'fails', seen: (0,diagnosis/* describe */.q0)(error), hint: (0,diagnosis/* hintFor */.JR)(error) };
}
function unknown(requirement, error) {
    const scopes = (0,diagnosis/* missingScopes */["if"])(error);
    // What to do about a permission stands beside the permission.
    const seen = scopes.length > 0 ? `without ${scopes.map(diagnosis/* permissionName */.tm).join(', ')}` : (0,diagnosis/* describe */.q0)(error);
    return { requirement, verdict: 'open', seen: `not known: ${seen}` };
}
function hasCode(error, ...codes) {
    return error instanceof errors/* DingTalkError */.D && codes.includes(error.code);
}


/***/ })

};
