import { crc32, deflateSync } from 'node:zlib';

import { PhotonImage } from '@silvia-odwyer/photon-node';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** A PNG of one colour. */
export function pngImage(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  // Eight bits for each of red, green and blue.
  header.set([8, 2], 8);
  const row = Buffer.alloc(1 + 3 * width, 0x40);
  row[0] = 0;
  const pixels = Buffer.concat(Array<Buffer>(height).fill(row));
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    pngChunk('IDAT', deflateSync(pixels)),
    pngChunk('IEND', Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** A bitmap of one colour. */
export function bmpImage(width: number, height: number): Buffer {
  const rowBytes = Math.ceil((3 * width) / 4) * 4;
  const header = Buffer.alloc(54);
  header.write('BM', 'latin1');
  header.writeUInt32LE(header.length + rowBytes * height, 2);
  header.writeUInt32LE(header.length, 10);
  header.writeUInt32LE(40, 14);
  header.writeInt32LE(width, 18);
  header.writeInt32LE(height, 22);
  header.writeUInt16LE(1, 26);
  header.writeUInt16LE(24, 28);
  return Buffer.concat([header, Buffer.alloc(rowBytes * height, 0x40)]);
}

/** A JPEG of one colour. */
export function jpegImage(width: number, height: number): Buffer {
  const image = PhotonImage.new_from_byteslice(pngImage(width, height));
  try {
    return Buffer.from(image.get_bytes_jpeg(90));
  } finally {
    image.free();
  }
}

/** A GIF of one pixel, with a comment before its picture. */
export function gifImage(): Buffer {
  return Buffer.from([
    ...Buffer.from('GIF89a', 'latin1'),
    ...[1, 0, 1, 0, 0x80, 0, 0],
    ...[0xff, 0, 0, 0, 0, 0xff],
    ...[0x21, 0xfe, 3, 0x61, 0x62, 0x63, 0],
    ...[0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0],
    ...[2, 2, 0x44, 1, 0],
    0x3b,
  ]);
}

/** Width and height that the header of a PNG names. */
export function pngSize(bytes: Buffer): { width: number; height: number } {
  if (!bytes.subarray(0, signature.length).equals(signature)) throw new Error('This is no PNG.');
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}
