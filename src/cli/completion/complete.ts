import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readCommandData, readCommandIndex } from '../commandData.js';
import type { Completions } from './candidate.js';
import { completionFolder, completionLogin, type CompletionLogin } from './completionLogin.js';
import type { CompletionSources, ListName, NamedItem } from './completionSources.js';
import { completionsFor } from './completionsFor.js';
import type { FetchRequest } from './keepList.js';
import { KeptLists } from './keptLists.js';
import { shells, shellTalks } from './shellAnswer.js';

/** Times in milliseconds. */
const times = {
  /** A list that is older is fetched again, after it was suggested once more. */
  fresh: 30_000,
  /** The time between two attempts to fetch a list. */
  betweenAttempts: 20_000,
  /** The longest wait for lists that nobody has fetched yet. */
  firstFetch: 1_000,
  /** The end, whatever happens. */
  end: 2_000,
};

/**
 * Answers the script of a shell: `complete --shell bash -- WORDS`. Prints what can be at the cursor. It never prints an error, which
 * would appear in the line that somebody types. The build puts it into a few files of its own.
 *
 * @param argv - The words after `--shell`.
 * @param root - The directory of the executable.
 */
export async function complete(argv: readonly string[], root: string): Promise<void> {
  process.stdout.on('error', () => undefined);
  process.exitCode = 0;
  const [name = '', , ...given] = argv;
  try {
    await answer(name, given, root);
  } catch {
    // The shell suggests nothing.
  }
}

async function answer(name: string, given: readonly string[], root: string): Promise<void> {
  setTimeout(() => process.exit(0), times.end).unref();
  const shell = shells.find((each) => each === name);
  if (shell === undefined) return;
  const talk = shellTalks[shell];
  const words = talk.words(given);
  const completions: Completions =
    words === undefined
      ? { candidates: [], files: 'files' }
      : await completionsFor(words, sourcesFor(words, root));
  process.stdout.write(talk.answer(completions, given));
}

function sourcesFor(words: readonly string[], root: string): CompletionSources {
  const environment = process.env;
  const index = readCommandIndex(root);
  let login: CompletionLogin | undefined;
  let lists: KeptLists | undefined;
  const loginOnce = (): CompletionLogin =>
    (login ??= completionLogin(words.slice(0, -1), environment));
  const listsOnce = (): KeptLists =>
    (lists ??= new KeptLists(completionFolder(environment), loginOnce().key));
  const until = Date.now() + times.firstFetch;
  return {
    index,
    command: (id) => (Object.hasOwn(index.commands, id) ? readCommandData(root, id) : undefined),
    operations: async () => (await import('./operationData.js')).operationData,
    profiles: () => loginOnce().profiles,
    list: (name) =>
      loginOnce().isTyped
        ? Promise.resolve([])
        : keptOrFetched(name, listsOnce(), loginOnce(), until).catch(() => []),
    recent: () => Promise.resolve(loginOnce().isTyped ? [] : listsOnce().recent()),
    project: environment['SYNAPSE_PROJECT'] || undefined,
  };
}

/** A list as it was kept. Another process fetches it, so that this one can end; only for the first one it is waited. */
async function keptOrFetched(
  name: ListName,
  lists: KeptLists,
  login: CompletionLogin,
  until: number,
): Promise<readonly NamedItem[]> {
  const kept = lists.read(name);
  if (kept !== undefined && Date.now() - kept.at < times.fresh) return kept.items;
  if (lists.claim(name, times.betweenAttempts)) startFetching(name, login);
  if (kept !== undefined) return kept.items;
  while (Date.now() < until && lists.isPending(name)) {
    await sleep(20);
    const fetched = lists.read(name);
    if (fetched !== undefined) return fetched.items;
  }
  return [];
}

function startFetching(name: ListName, login: CompletionLogin): void {
  const { endpoint, profile, configPath, key } = login;
  const request: FetchRequest = { name, endpoint, profile, configPath, key };
  const [program = ''] = process.argv.slice(1);
  const child = spawn(process.execPath, [program, 'complete', '--fetch', JSON.stringify(request)], {
    detached: true,
    stdio: 'ignore',
    windowsHide: true,
  });
  child.on('error', () => undefined);
  child.unref();
}
