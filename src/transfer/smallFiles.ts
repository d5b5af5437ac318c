import { BufferPool } from '../net/bufferPool.js';

/** Bytes. Files up to this size are kept in memory as a whole. */
export const smallFileSize = 1024 * 1024;

/** Memory for the content of small files, which the file thread reads and writes. */
export const smallFileMemory = new BufferPool(smallFileSize, 32, { shared: true });
