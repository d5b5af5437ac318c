import { createHash } from 'node:crypto';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { defaultEndpoint } from '../../api/endpoints.js';
import { readConfig, type SynapseConfig } from '../../auth/config.js';

/** The global flags that say which Synapse is asked, and as whom. */
const flags = ['profile', 'endpoint', 'config-path', 'username', 'password'] as const;

const otherSpellings: Readonly<Record<string, string>> = {
  '-c': '--config-path',
  '-p': '--password',
  '-r': '--profile',
  '-u': '--username',
  '--configPath': '--config-path',
};

export type LoginFlags = Partial<Record<(typeof flags)[number], string>>;

/** Reads these flags among the words before the cursor. The letters only count before the command. */
export function loginFlags(words: readonly string[]): LoginFlags {
  const found: LoginFlags = {};
  let isLeading = true;
  for (const [index, word] of words.entries()) {
    const previous = words[index - 1] ?? '';
    if (!word.startsWith('-') && !previous.startsWith('-')) isLeading = false;
    const long = (isLeading || word.startsWith('--')) && otherSpellings[word];
    const [name, value] = splitOnce(long || word);
    const flag = flags.find((each) => name === `--${each}`);
    if (flag !== undefined) found[flag] = value ?? words[index + 1] ?? '';
  }
  return found;
}

function splitOnce(word: string): [string, string | undefined] {
  const at = word.indexOf('=');
  return at === -1 ? [word, undefined] : [word.slice(0, at), word.slice(at + 1)];
}

/** Which Synapse is asked, and as whom. */
export interface CompletionLogin {
  profiles: readonly string[];
  endpoint: string | undefined;
  profile: string | undefined;
  configPath: string | undefined;
  /** Whether the command line has a user name or a password. Completion does not log in with them. */
  isTyped: boolean;
  /** A name for what this user sees of this Synapse. It says nothing about the token. */
  key: string;
}

/** Reads the login from the words before the cursor, the environment and the configuration file. */
export function completionLogin(
  words: readonly string[],
  environment: Readonly<Record<string, string | undefined>>,
): CompletionLogin {
  const given = loginFlags(words);
  const configPath = given['config-path']?.replace(/^~(?=\/)/, homedir());
  const config = configOf(configPath);
  const endpoint = given.endpoint || environment['SYNAPSE_ENDPOINT'] || undefined;
  const profile = given.profile || environment['SYNAPSE_PROFILE'] || undefined;
  const token = config?.login(profile ?? 'default')?.authToken ?? environment['SYNAPSE_AUTH_TOKEN'];
  const address = endpoint ?? config?.endpoints.repo ?? defaultEndpoint;
  const identity = JSON.stringify([address, token ?? '', profile ?? '']);
  return {
    profiles: (config?.profiles ?? []).filter((name) => name !== 'authentication'),
    endpoint: given.endpoint || undefined,
    profile: given.profile || undefined,
    configPath,
    isTyped: given.username !== undefined || given.password !== undefined,
    key: createHash('sha256').update(identity).digest('hex').slice(0, 32),
  };
}

/** A configuration file with mistakes is reported by commands. */
function configOf(path: string | undefined): SynapseConfig | undefined {
  try {
    return readConfig(path);
  } catch {
    return undefined;
  }
}

/** Where suggestions are kept. */
export function completionFolder(
  environment: Readonly<Record<string, string | undefined>>,
): string {
  const { XDG_CACHE_HOME, LOCALAPPDATA } = environment;
  return join(XDG_CACHE_HOME || LOCALAPPDATA || join(homedir(), '.cache'), 'synapse', 'completion');
}
