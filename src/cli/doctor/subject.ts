import { devNull } from 'node:os';
import { clientSettings, type ClientSettings } from '../../auth/clientSettings.js';
import { defaultConfigPath } from '../../auth/config.js';
import type { Credentials } from '../../auth/credentials.js';
import type { SynapseOptions } from '../../index.js';
import type { PasswordFlags } from '../givenLogin.js';
import { readCredentials } from './readCredentials.js';
import { readServer, type ServerReading } from './readServer.js';

/** What `synapse doctor` is started with. */
export interface SubjectOptions {
  environment: Readonly<Record<string, string | undefined>>;
  /** The options of the client that other commands would use. */
  client: SynapseOptions;
  /** `--username` and `--password`. */
  login: PasswordFlags;
  version: string;
  signal: AbortSignal;
}

/** What the checks examine. What several checks need is read once. */
export class Subject {
  readonly environment: SubjectOptions['environment'];
  readonly client: SynapseOptions;
  readonly login: PasswordFlags;
  readonly version: string;
  readonly signal: AbortSignal;
  readonly configPath: string;
  /** Whether the user chose the file. */
  readonly isConfigNamed: boolean;
  readonly settings: ClientSettings;
  /** Why the settings cannot be used as they are. */
  readonly unusable: Error | undefined;
  #server: Promise<ServerReading> | undefined;
  #credentials: Promise<Credentials | Error> | undefined;

  constructor({ environment, client, login, version, signal }: SubjectOptions) {
    this.environment = environment;
    this.login = login;
    this.version = version;
    this.signal = signal;
    this.isConfigNamed = client.configPath !== undefined;
    this.configPath = client.configPath ?? defaultConfigPath();
    const { settings, usable, error } = usableSettings({ ...client, environment });
    this.unusable = error;
    this.settings = settings;
    this.client = usable;
  }

  /** The first answer of the server. It never rejects. */
  server(): Promise<ServerReading> {
    return (this.#server ??= readServer(this));
  }

  /** Finds the token that a login would use, or the error that a login would report. */
  credentials(): Promise<Credentials | Error> {
    return (this.#credentials ??= readCredentials(this));
  }
}

/**
 * The settings of a client. A part that cannot be used is left out, so that the other checks still run: the check of the
 * configuration file, and that of the endpoint, report it.
 */
function usableSettings(options: SynapseOptions): {
  settings: ClientSettings;
  usable: SynapseOptions;
  error?: Error | undefined;
} {
  let problem: Error | undefined;
  for (const usable of [options, { ...options, configPath: devNull }]) {
    try {
      return { settings: clientSettings(usable), usable, error: problem };
    } catch (error) {
      problem ??= error as Error;
    }
  }
  const usable = { configPath: devNull, environment: {}, log: options.log };
  return { settings: clientSettings(usable), usable, error: problem };
}
