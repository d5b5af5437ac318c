import { buffer } from 'node:stream/consumers';
import type { Readable } from 'node:stream';

type Read = (range: { start: number; end: number }) => Readable;

const endSignature = 0x06054b50;
const endLength = 22;
const wideLocatorSignature = 0x07064b50;
const wideLocatorLength = 20;
const wideEndSignature = 0x06064b50;
const wideEndLength = 56;
const entrySignature = 0x02014b50;
const entryLength = 46;
const maxCommentLength = 0xffff;
/** Marks a value that is in the 64-bit record instead. */
const isWide = 0xffffffff;
const encrypted = 1;
/** Longest list of entries that is read. */
const maxDirectoryBytes = 32 * 1024 * 1024;

/**
 * The names of the files of a ZIP archive, one a line. `undefined` for an archive that is damaged,
 * encrypted or empty.
 */
export async function zipPreview(read: Read, size: number): Promise<string | undefined> {
  const tailStart = Math.max(
    0,
    size - endLength - maxCommentLength - wideLocatorLength - wideEndLength,
  );
  const tail = await buffer(read({ start: tailStart, end: size }));
  const place = findDirectory(tail, tailStart);
  if (place === undefined || place.start + place.length > size) return undefined;
  if (place.length > maxDirectoryBytes) return undefined;
  const directory = await buffer(read({ start: place.start, end: place.start + place.length }));
  const names = entryNames(directory);
  return names === undefined || names.length === 0
    ? undefined
    : names
        .filter((name) => !name.startsWith('__MACOSX') && !name.endsWith('.DS_Store'))
        .map((name) => `${name}\n`)
        .join('');
}

/** Where the list of entries is. It is named at the end of the archive, before a comment. */
function findDirectory(
  tail: Buffer,
  tailStart: number,
): { start: number; length: number } | undefined {
  for (let at = tail.length - endLength; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) === endSignature) {
      const length = tail.readUInt32LE(at + 12);
      const start = tail.readUInt32LE(at + 16);
      return length === isWide || start === isWide
        ? findWideDirectory(tail, tailStart, at - wideLocatorLength)
        : { start, length };
    }
  }
  return undefined;
}

/** The 64-bit record, which large archives have. */
function findWideDirectory(
  tail: Buffer,
  tailStart: number,
  locator: number,
): { start: number; length: number } | undefined {
  if (locator < 0 || tail.readUInt32LE(locator) !== wideLocatorSignature) return undefined;
  const at = Number(tail.readBigUInt64LE(locator + 8)) - tailStart;
  if (at < 0 || at + wideEndLength > tail.length) return undefined;
  if (tail.readUInt32LE(at) !== wideEndSignature) return undefined;
  return {
    length: Number(tail.readBigUInt64LE(at + 40)),
    start: Number(tail.readBigUInt64LE(at + 48)),
  };
}

function entryNames(directory: Buffer): string[] | undefined {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const names: string[] = [];
  let at = 0;
  while (at + entryLength <= directory.length) {
    const nameEnd = at + entryLength + directory.readUInt16LE(at + 28);
    const isEntry = directory.readUInt32LE(at) === entrySignature && nameEnd <= directory.length;
    if (!isEntry || (directory.readUInt16LE(at + 8) & encrypted) !== 0) return undefined;
    try {
      names.push(decoder.decode(directory.subarray(at + entryLength, nameEnd)));
    } catch {
      return undefined;
    }
    at = nameEnd + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  return names;
}
