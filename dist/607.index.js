export const id = 607;
export const ids = [607];
export const modules = {

/***/ 7607:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {


// EXPORTS
__webpack_require__.d(__webpack_exports__, {
  releaseFiles: () => (/* binding */ releaseFiles)
});

// EXTERNAL MODULE: external "node:fs/promises"
var promises_ = __webpack_require__(1455);
// EXTERNAL MODULE: external "node:path"
var external_node_path_ = __webpack_require__(6760);
// EXTERNAL MODULE: ./node_modules/p-limit/index.js + 1 modules
var p_limit = __webpack_require__(370);
// EXTERNAL MODULE: external "node:crypto"
var external_node_crypto_ = __webpack_require__(7598);
// EXTERNAL MODULE: external "node:fs"
var external_node_fs_ = __webpack_require__(3024);
// EXTERNAL MODULE: external "node:stream/promises"
var external_node_stream_promises_ = __webpack_require__(6466);
// EXTERNAL MODULE: ./build/errors.js
var errors = __webpack_require__(9473);
// EXTERNAL MODULE: ./build/files/local-path.js
var local_path = __webpack_require__(615);
// EXTERNAL MODULE: ./build/http/text.js
var http_text = __webpack_require__(3606);
;// CONCATENATED MODULE: ./build/github/rate-limit.js
/** The message by which `@octokit/plugin-throttling` recognizes a secondary rate limit. */
const SECONDARY = /\bsecondary rate\b/i;
/**
 * Whether GitHub refused a request for one of its rate limits. Page:
 * https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit
 */
function isRateLimit(error) {
    const { status, response, message } = error;
    if (!response)
        return false;
    return (status === 429 ||
        (status === 403 &&
            (response.headers['x-ratelimit-remaining'] === '0' ||
                response.headers['retry-after'] !== undefined ||
                SECONDARY.test(message ?? ''))));
}
/** Makes the plugin recognize every rate limit: it misses a 429 whose message does not say which limit is meant. */
function markRateLimit(error) {
    if (!isRateLimit(error))
        return;
    const { headers } = error.response;
    if (headers['x-ratelimit-remaining'] === '0' || SECONDARY.test(error.message))
        return;
    error.message = `secondary rate limit: ${error.message}`;
}

;// CONCATENATED MODULE: ./build/github/release-error.js



/** The assets of a release could not be downloaded; the text says why, and what to do. */
class ReleaseError extends errors/* TextError */.WK {
    name = 'ReleaseError';
}
/**
 * Runs requests, and says why they failed.
 *
 * @param what is requested, as the message names it
 * @throws ReleaseError, or the signal's reason
 */
async function explaining(what, signal, requests) {
    try {
        return await requests();
    }
    catch (error) {
        signal?.throwIfAborted();
        throw error instanceof ReleaseError ? error : explained(error, what);
    }
}
const RATE_LIMIT = {
    en: "GitHub's rate limit is exceeded. Run the job again later.",
    zh: '超过 GitHub 的请求频率限制，请稍后重新运行。',
};
/** What to do about a refusal, by HTTP status. */
const ADVICE = {
    401: {
        en: 'github-token is not valid. Remove the input to use the token of the job.',
        zh: 'github-token 无效。删除该输入即可使用任务自带的 token。',
    },
    403: {
        en: 'github-token has no permission to read the release. Add `contents: read` to the permissions of the job.',
        zh: 'github-token 没有读取该 Release 的权限。请在任务的 permissions 中添加 `contents: read`。',
    },
    404: {
        en: 'Check release-tag: the release does not exist, or github-token cannot see it. Draft releases require `contents: write`.',
        zh: '请检查 release-tag：Release 不存在，或 github-token 没有查看权限。草稿 Release 需要 `contents: write` 权限。',
    },
};
function explained(error, what) {
    const reason = rootCause(error);
    const failed = {
        en: `Could not get ${what.en} (${reason.en}).`,
        zh: `无法获取${what.zh}（${reason.zh}）。`,
    };
    const advice = isRateLimit(error) ? RATE_LIMIT : ADVICE[statusOf(error) ?? 0];
    return new ReleaseError(advice ? (0,http_text/* joined */.o)(failed, advice) : failed, { cause: error });
}
/** The HTTP status of GitHub's response. Octokit gives failed connections the status 500, but no response. */
function statusOf(error) {
    const { response, status } = error;
    return response === undefined ? undefined : status;
}
/** The reason that the innermost cause gives. */
function rootCause(error) {
    if (error instanceof errors/* TextError */.WK)
        return error.text;
    const { message, cause } = error;
    return cause instanceof Error ? rootCause(cause) : (0,http_text/* verbatim */.B)(message);
}

;// CONCATENATED MODULE: ./build/github/asset-download.js








/**
 * Streams an asset to disk, and compares it with the size and digest that GitHub gives. Page:
 * https://docs.github.com/rest/releases/assets#get-a-release-asset
 *
 * @param directory an existing one
 * @throws ReleaseError, or the signal's reason
 */
async function download(asset, { octokit, owner, repo, signal, fetch }, directory) {
    const path = (0,external_node_path_.join)(directory, asset.name);
    const what = { en: `the asset ${asset.name}`, zh: `附件 ${asset.name}` };
    await explaining(what, signal, () => octokit.request('GET /repos/{owner}/{repo}/releases/assets/{asset_id}', {
        owner,
        repo,
        asset_id: asset.id,
        headers: { accept: 'application/octet-stream' },
        request: { what, fetch: fetch((body) => save(body, asset, path)) },
    }));
    const { size, mtimeMs } = await (0,promises_.stat)(path);
    return { path: (0,local_path/* forwardSlashes */.R$)(path), name: asset.name, size, modified: mtimeMs };
}
/**
 * @throws ReleaseError if the file cannot be written: to download it again would change nothing
 * @throws TextError if the body is not what GitHub described, or the body's own error if it breaks off
 */
async function save(body, asset, path) {
    const hash = (0,external_node_crypto_.createHash)('sha256');
    let size = 0;
    let bodyError;
    const measured = async function* () {
        try {
            for await (const chunk of body) {
                size += chunk.length;
                hash.update(chunk);
                yield chunk;
            }
        }
        catch (error) {
            bodyError = error;
            throw error;
        }
    };
    try {
        await (0,external_node_stream_promises_.pipeline)(measured, (0,external_node_fs_.createWriteStream)(path));
    }
    catch (error) {
        if (bodyError !== undefined)
            throw error;
        const why = error.message;
        const text = {
            en: `Could not write the asset ${asset.name} to disk: ${why}`,
            zh: `无法将附件 ${asset.name} 写入磁盘：${why}`,
        };
        throw new ReleaseError(text, { cause: error });
    }
    const digest = `sha256:${hash.digest('hex')}`;
    if (size !== asset.size) {
        throw new errors/* TextError */.WK({
            en: `received ${size} of ${asset.size} bytes`,
            zh: `应有 ${asset.size} 字节，只收到 ${size} 字节`,
        });
    }
    if (asset.digest && asset.digest !== digest) {
        throw new errors/* TextError */.WK({
            en: `digest mismatch: expected ${asset.digest}, got ${digest}`,
            zh: `摘要不一致：应为 ${asset.digest}，实际为 ${digest}`,
        });
    }
}

;// CONCATENATED MODULE: ./build/github/release.js



/** How many pages of a list, of 100 entries each, are read at most: a faulty server's list may never end. */
const MAX_PAGES = 100;
/**
 * The assets of a release: of the latest for `latest`, and of a draft too, where the token may see it. Page:
 * https://docs.github.com/rest/releases/releases
 *
 * @throws ReleaseError, or the signal's reason
 */
async function releaseAssets(tag, repository) {
    const { octokit, owner, repo, signal } = repository;
    const what = { en: `the release ${tag} of ${owner}/${repo}`, zh: ` ${owner}/${repo} 的 Release ${tag}` };
    return explaining(what, signal, async () => {
        const release_id = await releaseId(tag, repository, what);
        const assets = [];
        const list = (page) => octokit.rest.repos.listReleaseAssets({
            owner,
            repo,
            release_id,
            per_page: 100,
            page,
            request: { what },
        });
        for await (const asset of pages(what, list)) {
            refuseUnusable(asset, tag);
            assets.push(asset);
        }
        if (assets.length > 0)
            return assets;
        throw new ReleaseError({
            en: `The release ${tag} of ${owner}/${repo} has no assets. Check release-tag, and whether the job that uploads the assets ran before this one.`,
            zh: `${owner}/${repo} 的 Release ${tag} 没有附件。请检查 release-tag，并确认上传附件的任务已在本任务之前运行。`,
        });
    });
}
function refuseUnusable({ name, state }, tag) {
    if (['', '.', '..'].includes(name) || name !== (0,external_node_path_.basename)(name))
        throw new ReleaseError({
            en: `The asset ${JSON.stringify(name)} of the release ${tag} has a name that a file cannot have. Rename the asset.`,
            zh: `Release ${tag} 的附件 ${JSON.stringify(name)} 的名称不能用作文件名，请重命名该附件。`,
        });
    if (state !== 'uploaded')
        throw new ReleaseError({
            en: `The asset ${name} of the release ${tag} has not finished uploading. Run the job again when it has.`,
            zh: `Release ${tag} 的附件 ${name} 尚未上传完成。请等上传完成后重新运行。`,
        });
}
async function releaseId(tag, { octokit, owner, repo }, what) {
    const { repos } = octokit.rest;
    const given = { owner, repo, request: { what } };
    if (tag === 'latest')
        return (await repos.getLatestRelease(given)).data.id;
    try {
        return (await repos.getReleaseByTag({ ...given, tag })).data.id;
    }
    catch (error) {
        if (statusOf(error) !== 404)
            throw error;
        // A draft is not found by its tag.
        const list = (page) => repos.listReleases({ ...given, per_page: 100, page });
        for await (const release of pages(what, list)) {
            if (release.draft && release.tag_name === tag)
                return release.id;
        }
        throw error;
    }
}
/** The entries of a list that GitHub returns by pages. @throws ReleaseError if the pages do not end */
async function* pages(what, list) {
    for (let page = 1; page <= MAX_PAGES; page++) {
        const { data, headers } = await list(page);
        yield* data;
        if (!headers.link?.includes('rel="next"'))
            return;
    }
    throw new ReleaseError({
        en: `Could not get ${what.en}: GitHub's list has more than ${MAX_PAGES} pages.`,
        zh: `无法获取${what.zh}：GitHub 返回的列表超过 ${MAX_PAGES} 页。`,
    });
}
/**
 * The assets whose names `path` selects: only lines without a slash count. If none of them includes anything, all
 * assets are selected that are not excluded.
 *
 * @param directory an empty one; files with the names of the assets are created there for the rules of `@actions/glob`
 */
async function chosenAssets(assets, path, directory, glob) {
    const lines = path
        .split('\n')
        .map((line) => line.trim())
        .filter((line) => line !== '' && !/^#|[\\/]/.test(line));
    if (lines.every((line) => line.startsWith('!')))
        lines.unshift('*');
    await Promise.all(assets.map(({ name }) => (0,promises_.writeFile)((0,external_node_path_.join)(directory, name), '')));
    const within = `${directory.replace(/[[*?]/g, '[$&]')}/`;
    const patterns = lines.map((line) => line.replace(/^!*/, (not) => not + within));
    const names = new Set((await glob(patterns.join('\n'))).map((found) => (0,external_node_path_.basename)(found)));
    return assets.filter(({ name }) => names.has(name));
}

// EXTERNAL MODULE: ./node_modules/@actions/github/lib/github.js
var github = __webpack_require__(1351);
// EXTERNAL MODULE: ./node_modules/@actions/github/lib/utils.js + 19 modules
var utils = __webpack_require__(5555);
// EXTERNAL MODULE: ./node_modules/@octokit/plugin-retry/dist-bundle/index.js
var dist_bundle = __webpack_require__(9735);
// EXTERNAL MODULE: ./node_modules/@octokit/plugin-throttling/dist-bundle/index.js
var plugin_throttling_dist_bundle = __webpack_require__(6856);
// EXTERNAL MODULE: ./build/http/retry.js
var retry = __webpack_require__(4675);
// EXTERNAL MODULE: external "node:stream/consumers"
var consumers_ = __webpack_require__(8321);
;// CONCATENATED MODULE: ./build/github/whole-fetch.js


/**
 * A `fetch` that returns when the whole body has been read. A body that breaks off so fails the request, and the request
 * is repeated. Octokit itself reads a body that breaks off as an empty one.
 */
function wholeFetch({ clock, idleTimeout, signal, readBody, ...given }) {
    return async (url, init) => {
        const ending = new AbortController();
        const timer = clock.timer(idleTimeout, () => {
            const seconds = idleTimeout / 1000;
            ending.abort(new errors/* TextError */.WK({ en: `no data received for ${seconds} s`, zh: `${seconds} 秒内没有收到数据` }));
        });
        const signals = signal ? [signal, ending.signal] : [ending.signal];
        try {
            const response = await given.fetch(url, { ...init, signal: AbortSignal.any(signals) });
            timer.restart();
            const { ok, status, headers } = response;
            const body = watched((response.body ?? []), () => {
                timer.restart();
            });
            if (ok && readBody) {
                await readBody(body);
                return new Response(null, { status, headers });
            }
            const bytes = await (0,consumers_.buffer)(body);
            return new Response(bytes.length > 0 ? bytes : null, { status, headers });
        }
        finally {
            timer.stop();
            // Closes the connection of a body that was not read to its end.
            ending.abort();
        }
    };
}
async function* watched(body, onChunk) {
    for await (const chunk of body) {
        onChunk();
        yield chunk;
    }
}

;// CONCATENATED MODULE: ./build/github/repository.js








/** If GitHub asks for a longer wait than this (ms), the request fails instead: the job would only hang. */
const MAX_RETRY_AFTER = 120_000;
/** Statuses that no further attempt changes. The plugin for rate limits repeats 403 and 429. */
const FINAL_STATUSES = [400, 401, 403, 404, 410, 422, 429, 451];
/** `fetch` through the proxies of the environment. */
const proxyFetch = utils/* defaults */.NT.request?.fetch;
/**
 * The repository of the workflow (`GITHUB_REPOSITORY`). Its requests are repeated where that may help. Each names what it
 * asks for, for the log, in the option `request.what`.
 */
function openRepository({ token, retryOptions, idleTimeout, apiUrl }) {
    const { retries, signal } = retryOptions;
    const attempts = new Attempts(retryOptions);
    const fetch = (readBody) => wholeFetch({ fetch: proxyFetch, clock: retryOptions.clock, idleTimeout, signal, readBody });
    const onLimit = (seconds, request) => attempts.mayWait(request, seconds * 1000);
    const octokit = (0,github/* getOctokit */.Q)(token, {
        ...(apiUrl !== undefined && { baseUrl: apiUrl }),
        request: { ...utils/* defaults */.NT.request, fetch: fetch() },
        // The plugins decide whether a request is repeated. They do not wait, for Attempts does.
        retry: { retries, retryAfterBaseValue: 0, doNotRetry: FINAL_STATUSES },
        throttle: { retryAfterBaseValue: 0, onRateLimit: onLimit, onSecondaryRateLimit: onLimit },
    }, attempts.plugin, dist_bundle/* retry */.L, plugin_throttling_dist_bundle/* throttling */.A);
    return { ...github/* context */._.repo, octokit, signal, fetch };
}
/**
 * The attempts of a request, and the waits between them. The plugins' own timers could not be cancelled with the job,
 * and would keep the process alive.
 */
class Attempts {
    #retryOptions;
    /** Of a request that failed: how often, why, and the wait that GitHub asked for, in ms. */
    #failed = new WeakMap();
    constructor(retryOptions) {
        this.#retryOptions = retryOptions;
    }
    /** Whether a request may be repeated after the wait (ms) that GitHub asks for. */
    mayWait(request, retryAfter) {
        const failed = this.#failed.get(request);
        if (!failed || failed.failures > this.#retryOptions.retries || retryAfter > MAX_RETRY_AFTER)
            return false;
        failed.retryAfter = retryAfter;
        return true;
    }
    /** Octokit needs it before the plugins that repeat requests: then it sees every attempt. */
    plugin = ({ hook }) => {
        const { signal } = this.#retryOptions;
        hook.wrap('request', async (request, options) => {
            await this.#wait(options, options.request['what']);
            try {
                return await request(options);
            }
            catch (error) {
                signal?.throwIfAborted();
                // Octokit wraps what a fetch throws. No further attempt changes a ReleaseError.
                if (error instanceof Error && error.cause instanceof ReleaseError)
                    throw error.cause;
                markRateLimit(error);
                const failures = (this.#failed.get(options)?.failures ?? 0) + 1;
                this.#failed.set(options, { failures, error, retryAfter: 0 });
                throw error;
            }
        });
    };
    /** Backs off exponentially from half a second, with jitter, so that the jobs of a matrix do not come back together. */
    async #wait(request, what) {
        const { clock, random, log, signal } = this.#retryOptions;
        const failed = this.#failed.get(request);
        if (!failed)
            return;
        const wait = (0,retry/* retryDelay */.a2)(failed.retryAfter, failed.failures, random) ?? 0;
        const [why, seconds] = [rootCause(failed.error), (wait / 1000).toFixed(1)];
        log({
            en: `Could not get ${what.en} (${why.en}). Retrying in ${seconds} s.`,
            zh: `无法获取${what.zh}（${why.zh}），${seconds} 秒后重试。`,
        });
        await clock.sleep(wait, signal);
    }
}

;// CONCATENATED MODULE: ./build/github/release-files.js






/**
 * Downloads the assets of a release that `path` does not leave out.
 *
 * @param directory an existing one, for these files
 * @returns them, sorted by path
 * @throws ReleaseError, or the signal's reason
 */
async function releaseFiles(options, directory, glob) {
    const repository = openRepository(options);
    const [names, content] = [(0,external_node_path_.join)(directory, 'names'), (0,external_node_path_.join)(directory, 'assets')];
    await Promise.all([(0,promises_.mkdir)(names), (0,promises_.mkdir)(content)]);
    const all = await releaseAssets(options.tag, repository);
    const assets = await chosenAssets(all, options.path, names, glob);
    const atOnce = (0,p_limit/* default */.A)(options.concurrency);
    const downloads = assets.map((asset) => atOnce(() => download(asset, repository, content)));
    // All of them end before the directory is removed.
    await Promise.allSettled(downloads);
    const files = await Promise.all(downloads);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}


/***/ })

};
