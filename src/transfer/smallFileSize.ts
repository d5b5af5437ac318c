/** Bytes: files up to this size travel whole through memory. */
export const smallFileSize = 1024 * 1024;
