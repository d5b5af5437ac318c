/** Width and height in pixels. */
export interface ImageSize {
  readonly width: number;
  readonly height: number;
}

const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Reads the size of an image from its first bytes, before the image is decoded. `undefined` for
 * bytes that are not a PNG, GIF, BMP or JPEG.
 */
export function imageSize(bytes: Buffer): ImageSize | undefined {
  try {
    if (bytes.subarray(0, png.length).equals(png)) return pngSize(bytes);
    if (/^GIF8[79]a$/.test(bytes.toString('latin1', 0, 6))) return gifSize(bytes);
    if (bytes.toString('latin1', 0, 2) === 'BM') return bmpSize(bytes);
    if (bytes.readUInt16BE(0) === 0xffd8) return jpegSize(bytes);
    return undefined;
  } catch {
    // A read after the end: the image is cut off.
    return undefined;
  }
}

function pngSize(bytes: Buffer): ImageSize {
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

/** The larger of the screen and of the first picture on it: both are held in memory. */
function gifSize(bytes: Buffer): ImageSize | undefined {
  const flags = bytes.readUInt8(10);
  let at = 13 + (flags & 0x80 ? 3 * 2 ** ((flags & 7) + 1) : 0);
  for (;;) {
    const block = bytes.readUInt8(at);
    if (block === 0x2c) {
      return {
        width: Math.max(bytes.readUInt16LE(6), bytes.readUInt16LE(at + 5)),
        height: Math.max(bytes.readUInt16LE(8), bytes.readUInt16LE(at + 7)),
      };
    }
    if (block !== 0x21) return undefined;
    at += 2;
    while (bytes.readUInt8(at) !== 0) at += bytes.readUInt8(at) + 1;
    at += 1;
  }
}

/** The height is negative when the rows are stored from the top. */
function bmpSize(bytes: Buffer): ImageSize {
  return bytes.readUInt32LE(14) === 12
    ? { width: bytes.readUInt16LE(18), height: bytes.readUInt16LE(20) }
    : { width: Math.abs(bytes.readInt32LE(18)), height: Math.abs(bytes.readInt32LE(22)) };
}

/** The size is in the segment that begins a frame. */
function jpegSize(bytes: Buffer): ImageSize | undefined {
  let at = 2;
  for (;;) {
    if (bytes.readUInt8(at) !== 0xff) return undefined;
    const marker = bytes.readUInt8(at + 1);
    if (marker === 0xff) {
      at += 1;
    } else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)) {
      return { width: bytes.readUInt16BE(at + 7), height: bytes.readUInt16BE(at + 5) };
    } else {
      at += 2 + bytes.readUInt16BE(at + 2);
    }
  }
}
