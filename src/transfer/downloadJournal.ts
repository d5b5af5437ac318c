import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, stat, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { systemCode } from '../errors.js';
import { unlinkIfSame } from '../files/sameFile.js';
import { temporaryPath } from '../files/temporaryPath.js';

const beatEvery = 5_000;

/** Milliseconds. The owner of a journal that was not modified for this long counts as dead. */
const deadAfter = 30_000;

/** Identifies a download. The parts of an earlier download are used only when all of these are equal. */
export interface DownloadIdentity {
  fileHandleId: string;
  size: number;
  partSize: number;
  /** Without an MD5, damaged parts could not be detected, so the download starts from the beginning. */
  md5: string | undefined;
}

interface Header extends DownloadIdentity {
  version: 1;
  owner: { host: string; pid: number };
  /** Unique for each journal, so that lines of an older journal are not read as lines of this one. */
  nonce: string;
}

/** Paths of the journals that this process has open. The process id is not sufficient, because ids are reused. */
const ownJournals = new Set<string>();

/** The journal of a download. It records which process downloads, and which parts are complete. */
export class DownloadJournal {
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #nonce: string;
  readonly #beat: NodeJS.Timeout;

  private constructor(path: string, file: FileHandle, nonce: string) {
    this.#path = path;
    this.#file = file;
    this.#nonce = nonce;
    this.#beat = setInterval(() => {
      const now = new Date();
      utimes(path, now, now).catch(() => undefined);
    }, beatEvery).unref();
  }

  /**
   * Creates the journal, or takes over the journal of a dead process with its recorded parts.
   * @returns `undefined` when a running process owns it; `done` has one byte for each part, 1 when it is complete
   */
  static async claim(
    path: string,
    identity: DownloadIdentity,
  ): Promise<{ journal: DownloadJournal; done: Uint8Array } | undefined> {
    if (ownJournals.has(path)) return undefined;
    ownJournals.add(path);
    let claimed: Claim | undefined;
    try {
      claimed = await claimFile(path, identity);
    } finally {
      if (claimed === undefined) ownJournals.delete(path);
    }
    if (claimed === undefined) return undefined;
    const { file, nonce, done } = claimed;
    return { journal: new DownloadJournal(path, file, nonce), done };
  }

  /** Records that a part is complete. A failure is not reported: at worst, the part is downloaded again. */
  async recordPart(index: number): Promise<void> {
    await this.#file.write(formatPart(index, this.#nonce)).catch(() => undefined);
  }

  /** Closes the journal and leaves it for the next attempt. */
  async close(): Promise<void> {
    clearInterval(this.#beat);
    await this.#file.close().catch(() => undefined);
    ownJournals.delete(this.#path);
  }

  async remove(): Promise<void> {
    await unlinkIfSame(this.#path, this.#file);
    await this.close();
  }
}

interface Claim {
  file: FileHandle;
  nonce: string;
  done: Uint8Array;
}

async function claimFile(path: string, identity: DownloadIdentity): Promise<Claim | undefined> {
  let done = emptyParts(identity);
  const text = await readIfThere(path);
  if (text !== undefined) {
    const header = readHeader(text);
    // A new, empty journal belongs to a process that is about to write its header.
    const isTaken =
      header === undefined
        ? text === '' && (await hasBeat(path))
        : await isAlive(header.owner, path);
    if (isTaken) return undefined;
    // When several processes do this at the same time, the rename succeeds for only one of them.
    const aside = temporaryPath(path);
    try {
      await rename(path, aside);
    } catch (error) {
      if (systemCode(error) === 'ENOENT') return undefined;
      throw error;
    }
    await unlink(aside).catch(() => undefined);
    if (header !== undefined) done = readParts(text, header, identity);
  }
  try {
    return await createFile(path, identity, done);
  } catch (error) {
    if (systemCode(error) === 'EEXIST') return undefined;
    throw error;
  }
}

async function createFile(
  path: string,
  identity: DownloadIdentity,
  done: Uint8Array,
): Promise<Claim> {
  const nonce = randomUUID();
  const header: Header = {
    version: 1,
    ...identity,
    owner: { host: hostname(), pid: process.pid },
    nonce,
  };
  const lines = [`${JSON.stringify(header)}\n`];
  done.forEach((isDone, index) => {
    if (isDone === 1) lines.push(formatPart(index, nonce));
  });
  const file = await open(path, 'ax');
  try {
    await file.writeFile(lines.join(''));
    return { file, nonce, done };
  } catch (error) {
    await file.close();
    await unlink(path).catch(() => undefined);
    throw error;
  }
}

function emptyParts({ size, partSize }: DownloadIdentity): Uint8Array {
  return new Uint8Array(Math.ceil(size / partSize));
}

function formatPart(index: number, nonce: string): string {
  return `${index} ${checkOf(index, nonce)}\n`;
}

function checkOf(index: number, nonce: string): string {
  return createHash('md5').update(`${index} ${nonce}`).digest('hex').slice(0, 12);
}

function readHeader(text: string): Header | undefined {
  const end = text.indexOf('\n');
  try {
    const value = JSON.parse(text.slice(0, end)) as Partial<Header> | null;
    const { version, owner, nonce } = value ?? {};
    if (version !== 1 || typeof nonce !== 'string' || typeof owner?.pid !== 'number') {
      return undefined;
    }
    return value as Header;
  } catch {
    return undefined;
  }
}

/** The parts in a journal. Empty when it belongs to a download of other content. */
function readParts(text: string, header: Header, identity: DownloadIdentity): Uint8Array {
  const done = emptyParts(identity);
  const isSame =
    identity.md5 !== undefined &&
    header.md5 === identity.md5 &&
    header.fileHandleId === identity.fileHandleId &&
    header.size === identity.size &&
    header.partSize === identity.partSize;
  if (!isSame) return done;
  // A truncated line has no line break, and a damaged line fails its checksum.
  for (const line of text.split('\n').slice(1, -1)) {
    const [index = '', check] = line.split(' ');
    const number = Number(index);
    if (number in done && check === checkOf(number, header.nonce)) done[number] = 1;
  }
  return done;
}

async function isAlive(owner: Header['owner'], path: string): Promise<boolean> {
  if (!(await hasBeat(path))) return false;
  if (owner.host !== hostname()) return true;
  if (owner.pid === process.pid) return false;
  try {
    process.kill(owner.pid, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== 'ESRCH';
  }
}

async function hasBeat(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => undefined);
  return info !== undefined && Date.now() - info.mtimeMs <= deadAfter;
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
