export const id = 459;
export const ids = [459];
export const modules = {

/***/ 9459:
/***/ ((__unused_webpack___webpack_module__, __webpack_exports__, __webpack_require__) => {

/* harmony export */ __webpack_require__.d(__webpack_exports__, {
/* harmony export */   chosenAssets: () => (/* binding */ chosenAssets),
/* harmony export */   download: () => (/* binding */ download),
/* harmony export */   releaseAssets: () => (/* binding */ releaseAssets)
/* harmony export */ });
/* unused harmony export ReleaseError */
/* harmony import */ var node_crypto__WEBPACK_IMPORTED_MODULE_0__ = __webpack_require__(7598);
/* harmony import */ var node_fs__WEBPACK_IMPORTED_MODULE_1__ = __webpack_require__(3024);
/* harmony import */ var node_fs_promises__WEBPACK_IMPORTED_MODULE_2__ = __webpack_require__(1455);
/* harmony import */ var node_path__WEBPACK_IMPORTED_MODULE_3__ = __webpack_require__(6760);
/* harmony import */ var node_stream_promises__WEBPACK_IMPORTED_MODULE_4__ = __webpack_require__(6466);
/* harmony import */ var _files_local_path_js__WEBPACK_IMPORTED_MODULE_5__ = __webpack_require__(615);






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
        const unusable = assets.find(({ name, state }) => state !== 'uploaded' || name !== (0,node_path__WEBPACK_IMPORTED_MODULE_3__.basename)(name));
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
    await Promise.all(assets.map(({ name }) => (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.writeFile)((0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(directory, name), '')));
    const within = `${directory.replace(/[[*?]/g, '[$&]')}/`;
    const patterns = lines.map((line) => line.replace(/^!*/, (not) => not + within));
    const names = new Set((await glob(patterns.join('\n'))).map((found) => (0,node_path__WEBPACK_IMPORTED_MODULE_3__.basename)(found)));
    return assets.filter(({ name }) => names.has(name));
}
/**
 * Streams an asset to disk and checks it against the size and digest that GitHub tells.
 *
 * @param silence ms without a byte after which a try counts as failed
 * @throws ReleaseError, or the signal's reason
 */
async function download(asset, { octokit, owner, repo }, directory, retryOptions, silence) {
    await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.mkdir)(directory, { recursive: true });
    const path = (0,node_path__WEBPACK_IMPORTED_MODULE_3__.join)(directory, asset.name);
    const attempt = async () => {
        const silent = new AbortController();
        const timer = retryOptions.clock.timer(silence, () => {
            silent.abort(new Error(`nothing was heard for ${silence / 1000} s`));
        });
        const signal = retryOptions.signal ? AbortSignal.any([retryOptions.signal, silent.signal]) : silent.signal;
        const hash = (0,node_crypto__WEBPACK_IMPORTED_MODULE_0__.createHash)('sha256');
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
            await (0,node_stream_promises__WEBPACK_IMPORTED_MODULE_4__.pipeline)(checked, (0,node_fs__WEBPACK_IMPORTED_MODULE_1__.createWriteStream)(path), { signal });
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
        const { size, mtimeMs } = await (0,node_fs_promises__WEBPACK_IMPORTED_MODULE_2__.stat)(path);
        return { path: (0,_files_local_path_js__WEBPACK_IMPORTED_MODULE_5__/* .forwardSlashes */ .R)(path), name: asset.name, size, modified: mtimeMs };
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


/***/ })

};
