/**
 * The program of the file thread. It is a string, because the path of a file would differ between the sources, the build and a
 * bundle. Each task throws when it is not the usual case: the caller then does it itself, and reports the error.
 */
export const fileThreadProgram = `
const { parentPort } = require('node:worker_threads');
const fs = require('node:fs');
const { createHash } = require('node:crypto');
const { dirname } = require('node:path');
Error.stackTraceLimit = 0;
const ifThere = { throwIfNoEntry: false };
const md5Of = (content) => createHash('md5').update(content).digest('hex');
const unusual = () => { throw new Error('This is not the usual case.'); };
const tryTo = (work) => { try { work(); } catch {} };

const describe = (info) => {
  const kind = info.isDirectory() ? 'folder' : info.isFile() ? 'file' : 'other';
  return { kind, size: info.size, modifiedMs: info.mtimeMs, changedMs: info.ctimeMs };
};

const look = ({ path, link }) => {
  const info = link ? fs.lstatSync(path, ifThere) : fs.statSync(path, ifThere);
  return info === undefined ? null : describe(info);
};

const text = ({ path }) =>
  fs.statSync(path, ifThere) === undefined ? null : fs.readFileSync(path, 'utf8');

const readFlags = fs.constants.O_RDONLY | (fs.constants.O_NONBLOCK ?? 0);
const read = ({ path, memory }) => {
  const file = fs.openSync(path, readFlags);
  try {
    const info = fs.fstatSync(file, { bigint: true });
    if (!info.isFile() || info.size === 0n || info.size > memory.length) unusual();
    const length = Number(info.size);
    for (let at = 0; at < length; ) {
      const bytes = fs.readSync(file, memory, at, length - at, at);
      if (bytes === 0) unusual();
      at += bytes;
    }
    const { dev, ino, size, mtimeNs } = info;
    return { state: { dev, ino, size, mtimeNs }, md5: md5Of(memory.subarray(0, length)) };
  } finally {
    fs.closeSync(file);
  }
};

const write = (path, content) => {
  const file = fs.openSync(path, 'wx');
  try {
    for (let at = 0; at < content.length; ) at += fs.writeSync(file, content, at);
  } finally {
    fs.closeSync(file);
  }
};

const place = ({ content, verify, expected, temporary, path, overwrite, record: entry }) => {
  const md5 = verify ? md5Of(content) : undefined;
  if (md5 !== undefined && expected !== undefined && md5 !== expected) return { md5 };
  try {
    write(temporary, content);
    if (overwrite) fs.renameSync(temporary, path);
    else {
      // Unlike a rename, a link fails when a file is there.
      fs.linkSync(temporary, path);
      tryTo(() => fs.unlinkSync(temporary));
    }
  } catch (error) {
    tryTo(() => fs.unlinkSync(temporary));
    throw error;
  }
  const placed = { md5, look: describe(fs.statSync(path)), isRecorded: false };
  if (entry !== undefined) tryTo(() => (placed.isRecorded = record(entry)));
  return placed;
};

const makeFolder = (folder) => {
  if (fs.existsSync(folder)) return;
  tryTo(() => fs.mkdirSync(dirname(folder)));
  tryTo(() => fs.mkdirSync(folder));
};

const record = ({ path, folder, map, lock, temporary, text: [before, after] }) => {
  const info = fs.statSync(path, { bigint: true });
  const time = new Date(Number(info.mtimeNs / 1_000_000_000n) * 1000);
  if (!info.isFile() || info.mtimeNs < 0n || !(time.getUTCFullYear() <= 9999)) unusual();
  makeFolder(folder);
  fs.mkdirSync(lock);
  const mine = fs.statSync(lock, ifThere);
  const isHeld = () => {
    const now = fs.statSync(lock, ifThere);
    return mine !== undefined && now?.ino === mine.ino && now.mtimeMs === mine.mtimeMs;
  };
  let isPlaced = false;
  try {
    if (fs.statSync(map, ifThere) !== undefined) unusual();
    write(temporary, Buffer.from(before + time.toISOString() + after));
    if (isHeld()) {
      fs.renameSync(temporary, map);
      isPlaced = true;
    }
  } finally {
    if (!isPlaced) tryTo(() => fs.unlinkSync(temporary));
    if (isHeld()) tryTo(() => fs.rmdirSync(lock));
  }
  return isPlaced ? true : unusual();
};

const work = { look, text, read, place, record };
parentPort.on('message', (tasks) => {
  parentPort.postMessage(
    tasks.map(([name, request]) => {
      try {
        return work[name](request);
      } catch {
        return undefined;
      }
    }),
  );
});
`;
