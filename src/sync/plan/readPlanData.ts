import { ArgumentError } from '../../errors.js';
import { planActions, type PlanData, type PlanItem } from './planData.js';

type Check = (value: unknown) => boolean;

const text: Check = (value) => typeof value === 'string';
const number: Check = (value) => typeof value === 'number' && value >= 0;
const oneOf =
  (...values: readonly unknown[]): Check =>
  (value) =>
    values.includes(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);
const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isObject: Check = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The members of items that are used without looking again. */
const itemMembers: Readonly<Record<string, Check>> = {
  action: oneOf(...planActions),
  kind: oneOf('file', 'folder', 'other'),
  path: text,
  name: text,
  bytes: number,
  requests: number,
  localPath: optional(text),
  id: optional(text),
  reason: optional(text),
  parentId: optional(text),
  parentPath: optional(text),
  url: optional(text),
  size: optional(number),
  md5: optional(text),
  contentType: optional(text),
  etag: optional(text),
  fileHandleId: optional(text),
  version: optional(number),
  annotations: optional(isObject),
  activity: optional(isObject),
  changes: optional(listOf(text)),
};

/** The members of the settings of a download. */
const downloadMembers: Readonly<Record<string, Check>> = {
  manifest: oneOf('all', 'root', 'suppress'),
  includeActivity: oneOf(true, false),
  verify: oneOf(true, false),
  shard: optional(text),
};

const localMembers: Readonly<Record<string, Check>> = { size: number, modifiedMs: number };

const problemMembers: Readonly<Record<string, Check>> = { path: text, message: text };

/**
 * Checks that a value is the data of a plan.
 *
 * @throws {@link ArgumentError} that says what is wrong with it.
 */
export function readPlanData(value: unknown): PlanData {
  if (!isRecord(value) || value['format'] !== 'synapse-sync-plan') {
    throw new ArgumentError('This is not a plan: expected what JSON.stringify(plan) writes.');
  }
  const { version, direction, items, problems } = value;
  if (version !== 1) {
    throw new ArgumentError(
      `The plan is of version ${String(version)}, and this client reads version 1: make the plan again.`,
    );
  }
  if (direction !== 'upload' && direction !== 'download') {
    throw new ArgumentError(
      `The plan has the direction ${JSON.stringify(direction)}: expected upload or download.`,
    );
  }
  checkAll('item', items, itemMembers);
  checkAll('problem', problems, problemMembers);
  if (direction === 'download') {
    checkAll('directory', [value], { directory: text });
    checkAll('setting', [value['download']], downloadMembers);
    const locals = (value['items'] as PlanItem[]).flatMap((item) =>
      'local' in item ? item.local : [],
    );
    checkAll(
      'local file',
      locals.filter((local) => local !== undefined),
      localMembers,
    );
  }
  return value as unknown as PlanData;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return isObject(value);
}

function checkAll(what: string, list: unknown, members: Readonly<Record<string, Check>>): void {
  if (!Array.isArray(list)) throw new ArgumentError(`The plan has no list of ${what}s.`);
  for (const [index, value] of list.entries()) {
    for (const [name, check] of Object.entries(members)) {
      const member = isRecord(value) ? value[name] : undefined;
      if (check(member)) continue;
      throw new ArgumentError(
        `The plan cannot be used: the member ${name} of ${what} ${index + 1} is ${member === undefined ? 'missing' : JSON.stringify(member)}.`,
      );
    }
  }
}
