import { Authenticator } from '../../src/server/auth/authenticator.js';
import type { ConditionSettings } from '../../src/server/conditions/conditions.js';
import { ServerWorld } from '../../src/server/serverWorld.js';
import { Blobs } from '../../src/server/files/blobs.js';
import { jobRoutes } from '../../src/server/jobs/routes.js';
import { Dispatcher } from '../../src/server/kernel/dispatcher.js';
import { Listener, listenUrl } from '../../src/server/kernel/listener.js';
import { Problems } from '../../src/server/kernel/problems.js';
import { RequestLog } from '../../src/server/kernel/requestLog.js';
import { RouteTable } from '../../src/server/kernel/routeTable.js';
import { openKeys } from '../../src/server/state/keyFile.js';
import { seedUsers } from '../../src/server/users/seeds.js';

/** A server with no other routes than a test gives it. */
export interface BareServer {
  readonly endpoint: string;
  readonly world: ServerWorld;
  readonly routes: RouteTable;
  readonly problems: Problems;
  readonly log: RequestLog;
  /** Tokens of the seeded users by name. */
  readonly tokens: ReadonlyMap<string, string>;
  close(): Promise<void>;
}

/** Starts a server out of the parts of the kernel, to test them with handlers of a test's own. */
export async function startBareServer(options: {
  readonly conditions?: ConditionSettings;
  readonly strict?: boolean;
}): Promise<BareServer> {
  const [keys, blobs, listener] = await Promise.all([
    openKeys(),
    Blobs.open(),
    Listener.open('127.0.0.1', 0),
  ]);
  const problems = new Problems({ onWarning: () => undefined });
  const endpoint = listenUrl('127.0.0.1', listener.port);
  const parts = { options, keys, blobs, journal: undefined, problems, base: endpoint };
  const world = new ServerWorld(parts);
  const routes = new RouteTable();
  const log = new RequestLog();
  jobRoutes(routes, world.jobs);
  const tokens = new Map<string, string>();
  for (const { userName, pat } of seedUsers(world)) {
    tokens.set(userName, pat === undefined ? '' : await world.tokens.signPat(pat));
  }
  const authenticator = new Authenticator(world);
  const dispatcher = new Dispatcher({ world, routes, authenticator, log, problems });
  world.beginServing();
  listener.serve((request, response) => dispatcher.handle(request, response));
  return {
    endpoint,
    world,
    routes,
    problems,
    log,
    tokens,
    close: async () => {
      await listener.close(1000);
      await world.jobs.close();
      await blobs.close();
    },
  };
}
