import { Authenticator } from './auth/authenticator.js';
import type { Conditions } from './conditions/conditions.js';
import { ServerWorld } from './serverWorld.js';
import { sentMails, type Mail } from './emails/outbox.js';
import { Blobs } from './files/blobs.js';
import { sweepStorage } from './files/sweepStorage.js';
import { jobRoutes } from './jobs/routes.js';
import { channels } from './kernel/channels.js';
import { Dispatcher } from './kernel/dispatcher.js';
import { isLoopback, Listener, listenUrl } from './kernel/listener.js';
import { Problems, type ContractViolation } from './kernel/problems.js';
import { RequestLog } from './kernel/requestLog.js';
import { RouteTable } from './kernel/routeTable.js';
import { adminRoutes, stackRoutes } from './kernel/stackRoutes.js';
import { trimEndCharacters } from './kernel/trimCharacters.js';
import { describeOperations, type OperationSupport } from './operationSupport.js';
import type { LocalSynapseOptions } from './options.js';
import { allRegistrations } from './registrations.js';
import { allRoutes } from './routes.js';
import type { ExportSummary } from './seed/exportFixture.js';
import type { Seed } from './seed/readSeed.js';
import { seededUsers } from './seed/seededUsers.js';
import { checkData } from './state/checkData.js';
import { DataCheck, describeRecovery, type RecoveryReport } from './state/dataCheck.js';
import { noteEndpoint } from './state/dataDirState.js';
import { lockDataDir, type DataDirLock } from './state/dataDirLock.js';
import { Journal } from './state/journal.js';
import { openKeys, sealOldKeys, type Keys } from './state/keyFile.js';
import { checkTables, guardOldTables } from './tables/checkTables.js';
import { createTestUser, type NewTestUser } from './users/adminUsers.js';
import { seedUsers, type SeedUserName } from './users/seeds.js';

/** A user of a running server, with an access token. */
export interface LocalUser {
  readonly userId: string;
  readonly userName: string;
  readonly authToken: string;
}

/** Users of a running server by name. */
export type LocalUsers = Readonly<Record<SeedUserName, LocalUser>> &
  Readonly<Record<string, LocalUser>>;

/** A running embedded Synapse. */
export interface LocalSynapse {
  /** `http://127.0.0.1:<port>`: the endpoint for clients. */
  readonly endpoint: string;
  readonly repoEndpoint: string;
  readonly authEndpoint: string;
  readonly fileHandleEndpoint: string;
  /** Id of the default user, `alice`. */
  readonly userId: string;
  readonly userName: string;
  /** Personal access token of the default user with the scopes view, download and modify. */
  readonly authToken: string;
  /**
   * The users of a new server. All have agreed to the terms of service; `admin` is an
   * administrator, `carol` is not certified. The password of each is `<userName>-password`. Users
   * of the seed are included.
   */
  readonly users: LocalUsers;
  /** What `recover` repaired and lost; `undefined` when no file was damaged. */
  readonly recovery: RecoveryReport | undefined;
  /** The simulated conditions for clients, e.g. `conditions.set({ latency: 200 })`. */
  readonly conditions: Conditions;
  /** The requests so far. */
  readonly requests: RequestLog;
  /**
   * The mails that the service would have sent, latest last; also `GET /admin/mails` for an
   * administrator.
   */
  readonly mails: readonly Mail[];
  /** Answers that did not fit the API description: defects of this server. */
  readonly contractViolations: readonly ContractViolation[];
  /** Errors that were answered with 500: defects of this server. */
  readonly internalErrors: readonly unknown[];
  /** Every operation of the API description, with whether this server models it. */
  readonly operations: readonly OperationSupport[];
  /** Creates a user. @throws Error when the name is taken */
  createUser(user: NewTestUser): Promise<LocalUser>;
  /**
   * Exports the content of the server to a directory: a `fixture.json`, which can seed a server,
   * and the content of files.
   *
   * @throws Error when the directory is not empty
   */
  exportTo(directory: string): Promise<ExportSummary>;
  /**
   * Stops accepting connections, waits for active requests for a limited time, and releases the
   * data directory.
   */
  close(): Promise<void>;
}

/**
 * Starts an embedded Synapse: a server with the REST API of synapse.org, for tests and for use
 * without an account.
 *
 * @example
 * const synapse = await startLocalSynapse();
 * const response = await fetch(`${synapse.repoEndpoint}/userProfile`, {
 *   headers: { authorization: `Bearer ${synapse.authToken}` },
 * });
 * await synapse.close();
 *
 * @throws DataDamageError when a file of the data directory is damaged or missing; see `recover`
 * @throws Error when the port is taken, the data directory is in use, or the seed is not valid
 */
export async function startLocalSynapse(options: LocalSynapseOptions = {}): Promise<LocalSynapse> {
  const { host = '127.0.0.1', port = 0, dataDir } = options;
  const warn = options.onWarning ?? ((message: string) => process.emitWarning(message));
  // The seed is read first, so that an invalid one has no effect.
  const seed = await readGivenSeed(options, warn);
  const resources = new Resources(options.closeTimeout ?? 5000);
  try {
    const { recover = false } = options;
    let check: DataCheck | undefined;
    if (dataDir !== undefined) {
      resources.lock = await lockDataDir(dataDir, { recover });
      check = new DataCheck(dataDir, { recover });
      const onMigrate = (directory: string): void => {
        sealOldKeys(dataDir, directory);
        guardOldTables(dataDir);
      };
      resources.journal = new Journal(dataDir, { check, onMigrate });
    }
    const { keys, blobs, listener } = await openResources(resources, {
      host,
      port,
      dataDir,
      check,
    });
    if (dataDir !== undefined && check) {
      const isLegacy = resources.journal?.isLegacy === true;
      checkTables(dataDir, check, { isLegacy });
    }
    if (!isLoopback(host)) {
      warn(`The embedded Synapse listens on ${host}: other machines may reach it.`);
    }
    const base =
      options.publicUrl === undefined
        ? listenUrl(host, listener.port)
        : trimEndCharacters(options.publicUrl, '/');
    const problems = new Problems({
      onWarning: warn,
      onViolation: (violation) => channels.violation.publish(violation),
      onError: (error) => channels.error.publish(error),
    });
    const { journal } = resources;
    const world = new ServerWorld({ options, keys, blobs, journal, problems, base });
    resources.world = world;
    const recovery =
      dataDir !== undefined && check ? checkData(world, { dataDir, check }) : undefined;
    if (recovery !== undefined) warn(describeRecovery(recovery));
    return await serve({ world, listener, problems, resources, base, seed, warn, recovery });
  } catch (error) {
    await resources.close();
    throw error;
  }
}

async function readGivenSeed(
  { seed }: LocalSynapseOptions,
  warn: (message: string) => void,
): Promise<Seed | undefined> {
  if (seed === undefined) {
    return undefined;
  }
  const { readSeed } = await import('./seed/readSeed.js');
  return readSeed(seed, warn);
}

interface Places {
  readonly host: string;
  readonly port: number;
  readonly dataDir: string | undefined;
  readonly check: DataCheck | undefined;
}

/**
 * Opens everything concurrently. Generating the signing key takes longest and runs on another core.
 */
async function openResources(
  resources: Resources,
  { host, port, dataDir, check }: Places,
): Promise<{ keys: Keys; blobs: Blobs; listener: Listener }> {
  const { journal } = resources;
  const place = {
    directory: journal?.directory,
    isRequired: journal?.hasRecords,
    isLegacy: journal?.isLegacy,
    check,
  };
  const opening = [
    openKeys(dataDir, place),
    Blobs.open(dataDir).then((opened) => (resources.blobs = opened)),
    Listener.open(host, port).then((opened) => (resources.listener = opened)),
    import('jose'),
  ] as const;
  // When one fails, waits for the others, so that they can be closed.
  await Promise.allSettled(opening);
  const [keys, blobs, listener] = await Promise.all(opening);
  return { keys, blobs, listener };
}

interface Parts {
  readonly world: ServerWorld;
  readonly listener: Listener;
  readonly problems: Problems;
  readonly resources: Resources;
  readonly base: string;
  readonly seed: Seed | undefined;
  readonly warn: (message: string) => void;
  readonly recovery: RecoveryReport | undefined;
}

async function serve(parts: Parts): Promise<LocalSynapse> {
  const { world, listener, problems, resources, base, recovery } = parts;
  const log = new RequestLog((entry) => channels.request.publish(entry));
  const routes = new RouteTable();
  stackRoutes(routes, world);
  adminRoutes(routes, world, log);
  jobRoutes(routes, world.jobs);
  for (const register of allRegistrations) {
    register(world);
  }
  for (const domainRoutes of allRoutes) {
    domainRoutes(routes, world);
  }
  world.store.transaction(() => world.jobs.recover());
  const authenticator = new Authenticator(world);
  const users = await prepareUsers(parts, authenticator);
  const dispatcher = new Dispatcher({ world, routes, authenticator, log, problems });
  if (world.options.dataDir !== undefined) {
    resources.sweep = sweepStorage(world).catch((error: unknown) => {
      problems.addError('the clean-up of stored content', error);
    });
  }
  const { dataDir } = world.options;
  if (dataDir !== undefined) {
    await noteEndpoint(dataDir, base);
  }
  world.beginServing();
  listener.serve((request, response) => dispatcher.handle(request, response));
  return {
    endpoint: base,
    repoEndpoint: `${base}/repo/v1`,
    authEndpoint: `${base}/auth/v1`,
    fileHandleEndpoint: `${base}/file/v1`,
    ...users.alice,
    users,
    recovery,
    conditions: world.conditions,
    requests: log,
    get mails() {
      return sentMails(world);
    },
    contractViolations: problems.violations,
    internalErrors: problems.errors,
    operations: describeOperations(routes, world.jobs),
    createUser: async (user) => {
      const { id, accessToken } = await createTestUser(world, user);
      return { userId: id, userName: user.username, authToken: accessToken };
    },
    exportTo: async (directory) => {
      const { exportFixture } = await import('./seed/exportFixture.js');
      return exportFixture(world, directory);
    },
    close: () => resources.close(),
  };
}

/**
 * Creates the users of a new server and applies its seed, or loads the users of an existing one.
 */
async function prepareUsers(
  { world, seed, warn }: Parts,
  authenticator: Authenticator,
): Promise<LocalUsers> {
  const first = seedUsers(world);
  if (seed !== undefined) {
    const { applySeed } = await import('./seed/plantSeed.js');
    await applySeed(world, authenticator, { seed, warn });
  }
  const entries = await Promise.all(
    [...seededUsers(world), ...first].map(async ({ userName, userId, pat }) => {
      const authToken = pat === undefined ? '' : await world.tokens.signPat(pat);
      return [userName, { userId: String(userId), userName, authToken }] as const;
    }),
  );
  // Contains an entry for every seeded name, because it is built from the seeds.
  return Object.fromEntries(entries) as LocalUsers;
}

/** The resources to release when the server closes or fails to start. */
class Resources {
  lock: DataDirLock | undefined;
  blobs: Blobs | undefined;
  listener: Listener | undefined;
  journal: Journal | undefined;
  world: ServerWorld | undefined;
  /** The removal of content that a killed server left. */
  sweep: Promise<void> | undefined;
  readonly #patience: number;
  #closing: Promise<void> | undefined;

  constructor(patience: number) {
    this.#patience = patience;
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await this.listener?.close(this.#patience);
    await this.world?.jobs.close();
    await this.world?.close();
    await this.sweep;
    await this.journal?.close();
    await this.blobs?.close();
    this.lock?.release();
  }
}
