/** Stores tokens between sessions: the keychain of the operating system. */
export interface Keychain {
  /** The token of an account; `undefined` when there is none. */
  get(account: string): Promise<string | undefined>;
  set(account: string, token: string): Promise<void>;
  /** Returns whether there was a token to remove. */
  delete(account: string): Promise<boolean>;
}

/** The name under which the keychain lists the tokens. */
const service = 'SYNAPSE.ORG_CLIENT';

/**
 * The keychain of this machine: Keychain on macOS, Credential Manager on Windows, the Secret Service on
 * Linux. Calls reject when there is no keychain (a container, a server without a desktop) or it is locked.
 */
export const systemKeychain: Keychain = {
  get: async (account) => (await (await entry(account)).getPassword()) ?? undefined,
  set: async (account, token) => (await entry(account)).setPassword(token),
  delete: async (account) => (await entry(account)).deleteCredential(),
};

// Loaded on use: it is a native module, optional, and most sessions never need it.
async function entry(account: string) {
  const { AsyncEntry } = await import('keytar');
  // Without a Secret Service, the library uses the kernel keyring, which loses tokens on reboot.
  return new AsyncEntry(service, account, { linux: { store: 'secret-service' } });
}

/** The keychain account of a login. It contains the host, so that a token is never sent to another Synapse server. */
export function keychainAccount(profile: string, authEndpoint: string): string {
  return `${profile}@${new URL(authEndpoint).host}`;
}

/** A short, readable reason why the keychain cannot be used. */
export function keychainProblem(error: unknown): string {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  // Error texts of the Linux Secret Service, as the library reports them.
  if (/prompt was dismissed|is locked/i.test(message)) return 'it is locked';
  if (/DBus error|no result found/i.test(message)) return 'this machine has no keychain';
  return message;
}
