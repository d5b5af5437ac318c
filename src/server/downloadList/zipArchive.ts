import { createDeflateRaw, crc32 } from 'node:zlib';

/** A file of an archive. */
export interface ZipEntry {
  readonly name: string;
  readonly content: AsyncIterable<Uint8Array>;
}

interface Written {
  readonly name: Buffer;
  readonly crc: number;
  readonly packedSize: number;
  readonly size: number;
  readonly offset: number;
}

/** Sizes come after the content; names are UTF-8. */
const flags = 0x0808;
const deflated = 8;
const version = 20;
/** The earliest date of the format. A fixed date makes archives of the same files identical. */
const date = 0x0021;

/**
 * Writes a ZIP archive piece by piece. Sizes are limited to 4 GiB and names to 65 535 bytes.
 *
 * @yields the bytes of the archive
 */
export async function* zipArchive(entries: Iterable<ZipEntry>): AsyncGenerator<Uint8Array> {
  const written: Written[] = [];
  let offset = 0;
  for (const { name, content } of entries) {
    const start = offset;
    const nameBytes = Buffer.from(name);
    const header = localHeader(nameBytes);
    offset += header.length;
    yield header;
    const totals = { crc: 0, size: 0, packedSize: 0 };
    for await (const chunk of packed(content, totals)) {
      offset += chunk.length;
      yield chunk;
    }
    const descriptor = dataDescriptor(totals);
    offset += descriptor.length;
    yield descriptor;
    written.push({ name: nameBytes, offset: start, ...totals });
  }
  const directory = Buffer.concat(written.map(directoryEntry));
  yield directory;
  yield endRecord(written.length, directory.length, offset);
}

interface Totals {
  crc: number;
  size: number;
  packedSize: number;
}

async function* packed(
  content: AsyncIterable<Uint8Array>,
  totals: Totals,
): AsyncGenerator<Uint8Array> {
  const deflate = createDeflateRaw();
  const feeding = (async () => {
    try {
      for await (const chunk of content) {
        totals.crc = crc32(chunk, totals.crc);
        totals.size += chunk.length;
        if (!deflate.write(chunk)) {
          await new Promise<void>((resolve) =>
            deflate.once('drain', resolve).once('close', resolve),
          );
        }
      }
      deflate.end();
    } catch (error) {
      deflate.destroy(error instanceof Error ? error : new Error(String(error)));
    }
  })();
  for await (const chunk of deflate as AsyncIterable<Uint8Array>) {
    totals.packedSize += chunk.length;
    yield chunk;
  }
  await feeding;
}

function localHeader(name: Buffer): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(version, 4);
  header.writeUInt16LE(flags, 6);
  header.writeUInt16LE(deflated, 8);
  header.writeUInt16LE(date, 12);
  header.writeUInt16LE(name.length, 26);
  return Buffer.concat([header, name]);
}

function dataDescriptor({ crc, size, packedSize }: Totals): Buffer {
  const descriptor = Buffer.alloc(16);
  descriptor.writeUInt32LE(0x08074b50, 0);
  descriptor.writeUInt32LE(crc, 4);
  descriptor.writeUInt32LE(packedSize, 8);
  descriptor.writeUInt32LE(size, 12);
  return descriptor;
}

function directoryEntry({ name, crc, size, packedSize, offset }: Written): Buffer {
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(version, 4);
  entry.writeUInt16LE(version, 6);
  entry.writeUInt16LE(flags, 8);
  entry.writeUInt16LE(deflated, 10);
  entry.writeUInt16LE(date, 14);
  entry.writeUInt32LE(crc, 16);
  entry.writeUInt32LE(packedSize, 20);
  entry.writeUInt32LE(size, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt32LE(offset, 42);
  return Buffer.concat([entry, name]);
}

function endRecord(count: number, directorySize: number, directoryOffset: number): Buffer {
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(directorySize, 12);
  end.writeUInt32LE(directoryOffset, 16);
  return end;
}
