/** Bytes. Files up to this size are kept in memory as a whole. */
export const smallFileSize = 1024 * 1024;
