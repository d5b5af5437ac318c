import { Synapse } from '../../index.js';
import { completionFolder } from './completionLogin.js';
import type { ListName } from './completionSources.js';
import { fetchList } from './fetchList.js';
import { KeptLists } from './keptLists.js';

/** What a process that fetches a list is told. Tokens are not among it: other users see the arguments of a process. */
export interface FetchRequest {
  name: ListName;
  endpoint: string | undefined;
  profile: string | undefined;
  configPath: string | undefined;
  /** The key of the login. */
  key: string;
}

/** The longest time that a list may take, in milliseconds. */
const longest = 20_000;

/** Fetches a list and keeps it. Nobody waits for this process, and nobody sees what it prints. */
export async function keepList(text: string): Promise<void> {
  // Whatever a server or a keychain does.
  setTimeout(() => process.exit(0), longest + 1_000).unref();
  try {
    await keep(JSON.parse(text) as FetchRequest);
  } catch {
    // The list is fetched again the next time.
  }
}

async function keep({ name, endpoint, profile, configPath, key }: FetchRequest): Promise<void> {
  const lists = new KeptLists(completionFolder(process.env), key);
  const signal = AbortSignal.timeout(longest);
  const syn = new Synapse({ endpoint, profile, configPath, log: () => undefined });
  try {
    await syn.login({ signal }).catch((error: unknown) => {
      // What is public can be read without a login.
      if ((error as { code?: unknown }).code !== 'NO_CREDENTIALS') throw error;
    });
    lists.write(name, await fetchList(syn, name, signal));
    lists.release(name, false);
  } catch {
    lists.release(name, true);
  } finally {
    await syn.close();
  }
}
