/**
 * Default number of files in transfer. Twice the number of concurrent calls of the API: while some files wait for a call,
 * others are read, hashed or sent to the file store.
 */
export const filesAtOnce = 16;
