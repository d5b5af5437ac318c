import type Crypto from 'node:crypto';

/** Returns `node:crypto`. It takes milliseconds to load, and most commands do not need it. */
export function nodeCrypto(): typeof Crypto {
  return process.getBuiltinModule('node:crypto');
}
