import { open, rm, type FileHandle } from 'node:fs/promises';
import { systemCode } from '../errors.js';

/** The first bytes of a rollback journal of SQLite. */
const magic = Buffer.from('d9d505f920a163d7', 'hex');

/** What a header of a journal says. The number of records is unknown when the journal was not complete. */
interface Header {
  records: number;
  nonce: number;
  pagesBefore: number;
  sectorSize: number;
  pageSize: number;
}

/**
 * Undoes a change that another client has not finished, such as the Python client when it was killed. SQLite does this when it
 * opens a database, but not the build that this client uses.
 *
 * @see https://www.sqlite.org/fileformat2.html#the_rollback_journal
 */
export async function rollBack(path: string): Promise<void> {
  const journal = await open(`${path}-journal`).catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw error;
  });
  if (journal === undefined) return;
  try {
    const { size } = await journal.stat();
    const database = await open(path, 'r+');
    try {
      await restore(database, journal, size);
      await database.sync();
    } finally {
      await database.close();
    }
  } finally {
    await journal.close();
  }
  await rm(`${path}-journal`, { force: true });
}

/** Writes the pages back as they were, section by section. */
async function restore(database: FileHandle, journal: FileHandle, size: number): Promise<void> {
  let at = 0;
  for (;;) {
    const header = readHeader(await read(journal, at, 28));
    if (header === undefined) return;
    const { pageSize, sectorSize, nonce, pagesBefore } = header;
    if (at === 0) await database.truncate(pagesBefore * pageSize);
    const start = at + sectorSize;
    const length = pageSize + 8;
    const complete = Math.floor((size - start) / length);
    const records = header.records === 0xffffffff ? complete : Math.min(header.records, complete);
    for (let index = 0; index < records; index += 1) {
      const record = await read(journal, start + index * length, length);
      const page = record.subarray(4, 4 + pageSize);
      if (record.length < length || record.readUInt32BE(4 + pageSize) !== sumOf(page, nonce))
        return;
      const number = record.readUInt32BE(0);
      if (number > 0 && number <= pagesBefore) {
        await database.write(page, 0, pageSize, (number - 1) * pageSize);
      }
    }
    at = Math.ceil((start + records * length) / sectorSize) * sectorSize;
  }
}

function readHeader(bytes: Buffer): Header | undefined {
  if (bytes.length < 28 || !bytes.subarray(0, 8).equals(magic)) return undefined;
  const header = {
    records: bytes.readUInt32BE(8),
    nonce: bytes.readUInt32BE(12),
    pagesBefore: bytes.readUInt32BE(16),
    sectorSize: bytes.readUInt32BE(20),
    pageSize: bytes.readUInt32BE(24),
  };
  const isValid = [header.sectorSize, header.pageSize].every(
    (size) => size >= 32 && size <= 65_536,
  );
  return isValid ? header : undefined;
}

/** The checksum of a page: every 200th byte from its end. */
function sumOf(page: Buffer, nonce: number): number {
  let sum = nonce;
  for (let at = page.length - 200; at > 0; at -= 200) sum = (sum + page.readUInt8(at)) >>> 0;
  return sum;
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  return buffer.subarray(0, bytesRead);
}
