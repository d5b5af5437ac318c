import { keychainAccount, systemKeychain } from '../../src/auth/keychain.js';

/** Stores, finds and removes a token in the keychain of the session that it runs in, and prints what it saw. */
const account = keychainAccount('default', 'https://auth.example.org/auth/v1');
const seen: unknown[] = [];
try {
  seen.push((await systemKeychain.get(account)) ?? null);
  await systemKeychain.set(account, 'a token');
  seen.push(await systemKeychain.get(account));
  seen.push((await systemKeychain.get(`${account}.other`)) ?? null);
  seen.push(await systemKeychain.delete(account), await systemKeychain.delete(account));
} catch (error) {
  seen.push(error instanceof Error ? 'rejected' : error);
}
console.log(JSON.stringify(seen));
