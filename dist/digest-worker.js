import { createHash } from 'node:crypto';
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { parentPort } from 'node:worker_threads';
const buffer = Buffer.allocUnsafe(1024 * 1024);
const wanted = new Set();
parentPort?.on('message', ({ id, path }) => {
    if (path === undefined) {
        wanted.delete(id);
        return;
    }
    wanted.add(id);
    hashFile(id, path)
        .then((md5) => parentPort?.postMessage({ id, md5 }), ({ code, message }) => parentPort?.postMessage({ id, failure: { code, message } }))
        .finally(() => wanted.delete(id));
});
async function hashFile(id, path) {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
        const hash = createHash('md5');
        for (let read; wanted.has(id) && (read = readSync(file, buffer, 0, buffer.length, null)) > 0;) {
            hash.update(buffer.subarray(0, read));
            await nextTurn();
        }
        return hash.digest('hex');
    }
    finally {
        closeSync(file);
    }
}
