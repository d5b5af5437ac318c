import { pageBytes } from './pageHashes.js';

/**
 * The pages of a table in a SQLite file, in their documented format
 * (https://www.sqlite.org/fileformat2.html#b_tree_pages).
 */
const leafOfTable = 0x0d;
const leafOfIndex = 0x0a;
const interiorHeaderBytes = 12;

/** The keys of the children of an interior page of a table: the highest row id of each but the last. */
export function interiorKeys(page: Buffer): number[] {
  const cells = page.readUInt16BE(3);
  return Array.from({ length: cells }, (_, cell) => {
    // A page number of 4 bytes comes before the key.
    const start = page.readUInt16BE(interiorHeaderBytes + cell * 2) + 4;
    return readVarint(page, start);
  });
}

/** An empty leaf, which only the root of a table or index may be. */
export function emptyLeaf({ ofIndex }: { ofIndex: boolean }): Buffer {
  const page = Buffer.alloc(pageBytes);
  page[0] = ofIndex ? leafOfIndex : leafOfTable;
  page.writeUInt16BE(pageBytes, 5);
  return page;
}

/** A leaf of a table with one row whose columns are all null. */
export function leafWithRow(rowId: number): Buffer {
  const page = emptyLeaf({ ofIndex: false });
  // The size of the record; the row id; the record, which is only the size of its header.
  const cell = Buffer.concat([Buffer.of(1), encodeVarint(rowId), Buffer.of(1)]);
  const start = pageBytes - Math.max(cell.length, 4);
  cell.copy(page, start);
  page.writeUInt16BE(1, 3);
  page.writeUInt16BE(start, 5);
  page.writeUInt16BE(start, 8);
  return page;
}

/** Big-endian groups of 7 bits, of which all but the last have the high bit set. */
function readVarint(page: Buffer, start: number): number {
  let value = 0n;
  for (let at = 0; at < 8; at += 1) {
    const byte = page.readUInt8(start + at);
    value = (value << 7n) | BigInt(byte & 0x7f);
    if (byte < 0x80) return Number(value);
  }
  return Number(BigInt.asIntN(64, (value << 8n) | BigInt(page.readUInt8(start + 8))));
}

function encodeVarint(value: number): Buffer {
  const groups = [value % 128];
  for (let rest = Math.floor(value / 128); rest > 0; rest = Math.floor(rest / 128)) {
    groups.unshift((rest % 128) + 128);
  }
  return Buffer.from(groups);
}
