import { createHash, randomUUID } from 'node:crypto';
import { open, readFile, rename, stat, unlink, utimes, type FileHandle } from 'node:fs/promises';
import { hostname } from 'node:os';
import { systemCode } from '../errors.js';
import { unlinkIfSame } from '../files/sameFile.js';

const beatEvery = 5_000;

/** A journal without a beat for so long belongs to nobody. */
const deadAfter = 30_000;

/** What the parts of an earlier download must have been parts of to be used. */
export interface DownloadIdentity {
  fileHandleId: string;
  size: number;
  partSize: number;
  /** Without one, nothing could tell good parts from bad: such a download starts afresh. */
  md5: string | undefined;
}

interface Header extends DownloadIdentity {
  version: 1;
  owner: { host: string; pid: number };
  /** Differs from journal to journal: a line of another one does not pass for one of this. */
  nonce: string;
}

/** Journals that this process works on: a dead process can have had the same number. */
const ownJournals = new Set<string>();

/** The journal of a download: which process is at work on it, and which parts are whole. */
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
   * Makes the journal this process's own, together with what a dead process left in it.
   * @returns `undefined` when a living process has it; `done` has one byte a part, 1 when whole
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

  /** Records that a part is whole. A failure costs its bytes at the most, and is not reported. */
  async recordPart(index: number): Promise<void> {
    await this.#file.write(formatPart(index, this.#nonce)).catch(() => undefined);
  }

  /** Lets go of the journal and leaves it to whoever goes on with the download. */
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
    // Whoever has just made an empty one is about to write into it.
    const isTaken =
      header === undefined
        ? text === '' && (await hasBeat(path))
        : await isAlive(header.owner, path);
    if (isTaken) return undefined;
    // Only one process gets to move the abandoned journal away.
    const aside = `${path}.${randomUUID()}`;
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

/** The parts that a journal lists; none when it is the journal of another content. */
function readParts(text: string, header: Header, identity: DownloadIdentity): Uint8Array {
  const done = emptyParts(identity);
  const isSame =
    identity.md5 !== undefined &&
    header.md5 === identity.md5 &&
    header.fileHandleId === identity.fileHandleId &&
    header.size === identity.size &&
    header.partSize === identity.partSize;
  if (!isSame) return done;
  // The last line is whole only if its end was written; a damaged one does not have its check.
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
