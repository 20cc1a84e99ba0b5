export const id = 439;
export const ids = [439];
export const modules = {

/***/ 1439:
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
// EXTERNAL MODULE: ./build/files/local-path.js
var local_path = __webpack_require__(615);
;// CONCATENATED MODULE: ./build/github/release.js






/** The longest wait between two tries, in ms. */
const MAX_BACKOFF = 30_000;
/** The assets of a release cannot be had; the message says why, and what to do. */
class ReleaseError extends Error {
    name = 'ReleaseError';
}
/**
 * The assets of a release: of the latest for `latest`, and of a draft too, where the token may see it. Page:
 * https://docs.github.com/rest/releases/releases
 *
 * @throws ReleaseError
 */
async function releaseAssets(tag, repository, retryOptions) {
    const { octokit, owner, repo } = repository;
    const { repos } = octokit.rest;
    return withRetryOptions(retryOptions, `the release ${tag} of ${owner}/${repo}`, async () => {
        const release = tag === 'latest'
            ? (await repos.getLatestRelease({ owner, repo })).data
            : await repos.getReleaseByTag({ owner, repo, tag }).then(({ data }) => data, async (error) => {
                if (statusOf(error) !== 404)
                    throw error;
                // A draft is not found by its tag.
                const all = await octokit.paginate(repos.listReleases, { owner, repo, per_page: 100 });
                const draft = all.find((one) => one.draft && one.tag_name === tag);
                if (draft)
                    return draft;
                throw error;
            });
        const assets = await octokit.paginate(repos.listReleaseAssets, {
            owner,
            repo,
            release_id: release.id,
            per_page: 100,
        });
        const unusable = assets.find(({ name, state }) => state !== 'uploaded' || name !== (0,external_node_path_.basename)(name));
        if (unusable)
            throw new ReleaseError(`release-tag: the asset ${unusable.name} of ${tag} is not wholly uploaded / 附件尚未上传完成`);
        if (assets.length === 0)
            throw new ReleaseError(`release-tag: the release ${tag} of ${owner}/${repo} has no assets / 该发布没有附件`);
        return assets;
    });
}
/**
 * Those assets that `path` chooses by their names: of its lines, the ones without a slash. With none that includes, all
 * are chosen that are not excluded.
 *
 * @param directory an empty one, where names are laid out for the rules of `@actions/glob`
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
/**
 * Streams an asset to disk and checks it against the size and digest that GitHub tells.
 *
 * @param silence ms without a byte after which a try counts as failed
 * @throws ReleaseError, or the signal's reason
 */
async function download(asset, { octokit, owner, repo }, directory, retryOptions, silence) {
    await (0,promises_.mkdir)(directory, { recursive: true });
    const path = (0,external_node_path_.join)(directory, asset.name);
    const attempt = async () => {
        const silent = new AbortController();
        const timer = retryOptions.clock.timer(silence, () => {
            silent.abort(new Error(`nothing was heard for ${silence / 1000} s`));
        });
        const signal = retryOptions.signal ? AbortSignal.any([retryOptions.signal, silent.signal]) : silent.signal;
        const hash = (0,external_node_crypto_.createHash)('sha256');
        let size = 0;
        try {
            const { data } = await octokit.request('GET /repos/{owner}/{repo}/releases/assets/{asset_id}', {
                owner,
                repo,
                asset_id: asset.id,
                headers: { accept: 'application/octet-stream' },
                // The stream itself: an asset may be larger than memory.
                request: { parseSuccessResponseBody: false, signal },
            });
            const bytes = data;
            const checked = async function* () {
                for await (const chunk of bytes) {
                    timer.restart();
                    size += chunk.length;
                    hash.update(chunk);
                    yield chunk;
                }
            };
            await (0,external_node_stream_promises_.pipeline)(checked, (0,external_node_fs_.createWriteStream)(path), { signal });
        }
        finally {
            timer.stop();
        }
        const digest = `sha256:${hash.digest('hex')}`;
        if (size !== asset.size)
            throw new Error(`${size} of ${asset.size} bytes arrived`);
        if (asset.digest && asset.digest !== digest)
            throw new Error(`it has the digest ${digest}, not ${asset.digest}`);
    };
    return withRetryOptions(retryOptions, `the asset ${asset.name}`, async () => {
        await attempt();
        const { size, mtimeMs } = await (0,promises_.stat)(path);
        return { path: (0,local_path/* forwardSlashes */.R)(path), name: asset.name, size, modified: mtimeMs };
    });
}
/** Tries again unless GitHub has refused. @throws ReleaseError, or the signal's reason */
async function withRetryOptions(retryOptions, what, attempt) {
    const { clock, random, retries, log, signal } = retryOptions;
    for (let failures = 1;; failures++) {
        try {
            return await attempt();
        }
        catch (error) {
            signal?.throwIfAborted();
            const refused = (statusOf(error) ?? 500) < 500;
            if (error instanceof ReleaseError || refused || failures > retries)
                throw explained(error, what);
            const wait = Math.min(MAX_BACKOFF, 500 * 2 ** (failures - 1)) * (0.5 + random() / 2);
            log(`could not get ${what} (${rootCause(error)}): once more in ${(wait / 1000).toFixed(1)} s`);
            await clock.sleep(wait, signal);
        }
    }
}
/** HTTP status of GitHub's refusal. */
function statusOf(error) {
    const { response, status } = error;
    return response === undefined ? undefined : status;
}
function explained(error, what) {
    if (error instanceof ReleaseError)
        return error;
    const said = `release-tag: ${what} cannot be had / 无法获取: ${rootCause(error)}`;
    switch (statusOf(error)) {
        case 401:
            return new ReleaseError(`${said}. github-token is not valid / github-token 无效`);
        case 403:
            return new ReleaseError(`${said}. github-token may not read it: give the job \`permissions: contents: read\` / github-token 权限不足，请添加 contents: read`);
        case 404:
            return new ReleaseError(`${said}. There is none, or github-token may not see it (drafts need contents: write) / 发布不存在，或 github-token 无权查看`);
        case undefined:
        default:
            return new ReleaseError(said, { cause: error });
    }
}
/** The innermost message, where it says why. */
function rootCause(error) {
    const { message, cause } = error;
    return cause instanceof Error ? rootCause(cause) : message;
}

;// CONCATENATED MODULE: ./build/github/release-files.js




/**
 * Downloads the assets of a release that `path` chooses, in the order of their paths.
 *
 * @param directory where they are stored
 * @throws ReleaseError, or the signal's reason
 */
async function releaseFiles({ releaseTag, githubToken, path, concurrency, requestTimeout }, runner, directory, retryOptions) {
    const repository = await runner.repository(githubToken);
    const assets = await chosenAssets(await releaseAssets(releaseTag, repository, retryOptions), path, await (0,promises_.mkdtemp)((0,external_node_path_.join)(directory, 'names-')), (patterns) => runner.glob(patterns, true));
    const limit = (0,p_limit/* default */.A)(concurrency);
    const into = (0,external_node_path_.join)(directory, 'assets');
    const downloads = assets.map((asset) => limit(() => download(asset, repository, into, retryOptions, requestTimeout)));
    await Promise.allSettled(downloads);
    const files = await Promise.all(downloads);
    return files.sort((a, b) => (a.path < b.path ? -1 : 1));
}


/***/ })

};
