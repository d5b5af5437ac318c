import { statSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from '@jest/globals';
import fc from 'fast-check';

import { operations } from '../../generated/operations.js';
import { startLocalSynapse, type LocalSynapse } from '../../src/server/index.js';
import { RouteTable } from '../../src/server/kernel/routeTable.js';
import { isThorough } from '../faults/rounds.js';
import { api, type Answer } from '../helpers/api.js';
import { withTempDir } from '../helpers/tempDir.js';
import { requestsTo, type WireRequest } from './anyRequest/requestArbitrary.js';
import { SeenValues } from './anyRequest/seenValues.js';
import { stock } from './anyRequest/stock.js';

// Another seed or more rounds look further, e.g. SYNAPSE_FUZZ_ROUNDS=50 SYNAPSE_FUZZ_SEED=1.
const seed = Number(process.env['SYNAPSE_FUZZ_SEED'] ?? 20_261_127);
const rounds = Number(process.env['SYNAPSE_FUZZ_ROUNDS'] ?? (isThorough ? 10 : 1));
/** An administrator comes further, but is not whom the service is open to. */
const explorers = { alice: rounds, admin: Math.ceil(rounds / 2) };

/** What is there is read and made more of before it is changed and deleted. */
const methods = ['GET', 'POST', 'PUT', 'DELETE'];
const names = Object.keys(operations).sort(
  (a, b) =>
    methods.indexOf(operations[a]?.[0] ?? '') - methods.indexOf(operations[b]?.[0] ?? '') ||
    (a < b ? -1 : 1),
);
/** A wrong password is counted. */
const countsFailures = /^authentication\.(?:login|changePassword)$/;
const routes = new RouteTable();

/** A user of a server, who remembers what it said. */
class Explorer {
  readonly seen = new SeenValues();
  readonly #synapse: LocalSynapse;
  readonly #user: 'alice' | 'admin';
  #token = '';

  constructor(synapse: LocalSynapse, user: 'alice' | 'admin') {
    this.#synapse = synapse;
    this.#user = user;
  }

  /** A session of one's own may do everything that one may do at all. */
  async signIn(): Promise<void> {
    const username = this.#user;
    const credentials = { username, password: `${username}-password` };
    const { body } = await api(this.#synapse).post('/auth/v1/login2', credentials);
    this.#token = (body as { accessToken: string }).accessToken;
  }

  async send({ method, path, body }: WireRequest): Promise<Answer> {
    const sent = body === undefined ? {} : { body };
    const answer = await api(this.#synapse, this.#token).send(method, path, sent);
    const match = routes.match(method, path.split('?')[0] ?? '');
    if (match.kind === 'found' && answer.status < 300) {
      this.seen.noteAnswer(match.route, answer.body);
    }
    return answer;
  }
}

/** Waits for a job, which goes on after it was answered. */
async function settle(explorer: Explorer, { body }: Answer): Promise<void> {
  const token = typeof body === 'object' && body !== null && 'token' in body ? body.token : '';
  const path = `/repo/v1/asynchronous/job/${encodeURIComponent(String(token))}`;
  for (let polls = 0; polls < 200; polls += 1) {
    const job = await explorer.send({ method: 'GET', path });
    if ((job.body as { jobState?: string }).jobState !== 'PROCESSING') return;
  }
  throw new Error(`The job ${String(token)} does not end`);
}

/**
 * Waits for the previews of all files, which are made in the background. The answer about the
 * preview of a file waits for it.
 */
async function previewsMade(synapse: LocalSynapse): Promise<void> {
  const admin = api(synapse, synapse.users.admin.authToken);
  for (let first = 1; ; first += 100) {
    const { body } = await admin.post('/file/v1/fileHandle/batch', {
      includePreviewPreSignedURLs: true,
      requestedFiles: Array.from({ length: 100 }, (_, index) => ({
        fileHandleId: String(first + index),
        associateObjectId: 'syn1',
        associateObjectType: 'FileEntity',
      })),
    });
    const { requestedFiles } = body as { requestedFiles: { failureCode?: string }[] };
    if (requestedFiles.at(-1)?.failureCode === 'NOT_FOUND') return;
  }
}

async function explore(user: keyof typeof explorers, dataDir: string): Promise<void> {
  const synapse = await startLocalSynapse({ strict: true, dataDir, onWarning: () => undefined });
  try {
    await exploreServer(synapse, user, dataDir);
  } finally {
    await synapse.close();
  }
  expect(synapse.contractViolations).toEqual([]);
  expect(synapse.internalErrors).toEqual([]);
}

async function exploreServer(
  synapse: LocalSynapse,
  user: keyof typeof explorers,
  dataDir: string,
): Promise<void> {
  const written = () => statSync(join(dataDir, 'journal.jsonl')).size;
  const modelled = new Set(
    synapse.operations.filter((one) => one.isModelled).map((one) => one.operation),
  );
  const explorer = new Explorer(synapse, user);
  await explorer.signIn();

  const expectDecent = async (operation: string, request: WireRequest): Promise<void> => {
    const before = written();
    const answer = await explorer.send(request);
    const { status, body } = answer;
    if (status < 400) {
      if (operation.includes('.start')) await settle(explorer, answer);
      if (request.method !== 'GET') await previewsMade(synapse);
      return;
    }
    const isMissing = status === 501 && (!modelled.has(operation) || isUnknownJob(body));
    expect(isMissing ? 400 : status).toBeLessThan(500);
    const said = body as { reason?: string; msg?: string; error?: string };
    // The authorization of mails from outside answers with plain text.
    const text = typeof body === 'string' ? body : (said.reason ?? said.msg ?? said.error);
    expect(text).toEqual(expect.stringMatching(/./));
    if (!countsFailures.test(operation)) expect(written()).toBe(before);
    // Whoever signs out everywhere has to sign in again.
    if (status === 401) await explorer.signIn();
  };

  for (let round = 0; round < explorers[user]; round += 1) {
    await stock(async (method, path, body) => {
      const sent = body === undefined ? {} : { body: JSON.stringify(body) };
      const answer = await explorer.send({ method, path, ...sent });
      expect([path, answer.status < 300, answer.body]).toEqual([path, true, answer.body]);
      return answer.body as object;
    }, String(round));
    await previewsMade(synapse);
    for (const [index, operation] of names.entries()) {
      const property = fc.asyncProperty(requestsTo(operation, explorer.seen), (request) =>
        expectDecent(operation, request),
      );
      // What was seen changes with each request: there is nothing to shrink.
      const runs = { numRuns: 1, endOnFailure: true, seed: seed + round * 10_007 + index * 7919 };
      await fc.assert(property, runs);
    }
  }
}

/** A job of a kind that the server does not have, asked for by the general way to start one. */
function isUnknownJob(body: unknown): boolean {
  return /^Jobs of type .* are not modelled/.test((body as { reason: string }).reason);
}

test.each(['alice', 'admin'] as const)(
  `no request of %s makes the server fail or change what it refuses (seed ${seed})`,
  async (user) => {
    await withTempDir((dataDir) => explore(user, dataDir));
  },
  180_000 + rounds * 20_000,
);
