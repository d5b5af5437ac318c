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
  // Without a Secret Service, the library would use the kernel's keyring, which loses tokens at the next boot.
  return new AsyncEntry(service, account, { linux: { store: 'secret-service' } });
}

/** The keychain's name for a login: tokens of one Synapse are never offered to another. */
export function keychainAccount(profile: string, authEndpoint: string): string {
  return `${profile}@${new URL(authEndpoint).host}`;
}

/** Why a keychain could not be used, in a few words for a person. */
export function keychainProblem(error: unknown): string {
  const message = error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error);
  // The words of the Secret Service of Linux, by way of the library.
  if (/prompt was dismissed|is locked/i.test(message)) return 'it is locked';
  if (/DBus error|no result found/i.test(message)) return 'there is none on this machine';
  return message;
}
