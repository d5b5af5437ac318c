import { afterAll, beforeAll, describe, expect } from '@jest/globals';
import { principalId, type Principal } from '../../src/access/principal.js';
import type { Context } from '../../src/context.js';
import { createContext } from '../../src/createContext.js';
import type { AnnotationsInput } from '../../src/entities/annotationValues.js';
import { ArgumentError } from '../../src/errors.js';
import { setPrivacy } from '../../src/evaluations/setPrivacy.js';
import { submissionAnnotations } from '../../src/evaluations/submissionAnnotations.js';
import {
  fromSubmissionStatusAnnotations,
  isSubmissionStatusAnnotations,
  submissionStatusAnnotations,
  type SubmissionStatusAnnotations,
} from '../../src/evaluations/submissionStatusAnnotations.js';
import {
  submissionStatusRequest,
  type SubmissionStatusInput,
} from '../../src/evaluations/submissionStatusRequest.js';
import { parseDouble } from '../../src/values/doubles.js';
import { nameKey } from '../../src/users/findPrincipal.js';
import { getUserProfile } from '../../src/users/getUserProfile.js';
import { startServer, type ScriptedServer } from '../api/scriptedServer.js';
import { numberOf, outcomeOf, readVectors, tagOf, testEach } from './readVectors.js';

interface Found {
  id?: string;
  name?: string;
  ownerId?: string;
  userName?: string;
}
interface Input {
  fn: string;
  args: unknown[];
  search?: Found[];
}

/** A value of Python as ours. A whole float is a DOUBLE, which JavaScript cannot tell from a LONG. */
function decoded(value: unknown): unknown {
  const tag = tagOf(value);
  if (tag !== undefined) {
    const date = tag.$datetime ?? tag.$date;
    if (date !== undefined) return new Date(date);
    const number = numberOf(tag);
    const isWholeFloat = tag.$float !== undefined && Number.isInteger(number);
    return isWholeFloat ? { type: 'DOUBLE', value: [number] } : number;
  }
  if (Array.isArray(value)) return value.map(decoded);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decoded(item)]));
}

const camelCase = (name: string): string =>
  name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());

const functions: Record<string, (...args: never[]) => unknown> = {
  to_submission_status_annotations: (annotations: AnnotationsInput, isPrivate = true) =>
    submissionStatusAnnotations(annotations, { isPrivate }),
  from_submission_status_annotations: fromSubmissionStatusAnnotations,
  set_privacy: setPrivacy,
  to_submission_annotations: (id: number, etag: string, annotations: AnnotationsInput) =>
    submissionAnnotations({ id, etag }, annotations),
  submission_status_request: (status: Record<string, unknown>) =>
    submissionStatusRequest(
      Object.fromEntries(
        Object.entries(status).map(([name, value]) => [camelCase(name), value]),
      ) as unknown as SubmissionStatusInput,
    ),
  is_submission_status_annotations: isSubmissionStatusAnnotations,
};

/**
 * The texts of numbers: the API describes the values of submission annotations as texts; and JSON has no NaN and no infinities,
 * which Python writes all the same.
 */
function asTexts(value: unknown): unknown {
  const tag = tagOf(value);
  if (tag !== undefined) return asTexts(numberOf(tag));
  if (['number', 'bigint'].includes(typeof value)) return String(value);
  if (typeof value === 'string') {
    const isSpecial = /^[+-]?(nan|inf|infinity)$/i.test(value);
    return isSpecial ? String(parseDouble(value)) : value.replace(/^(-?\d+)\.0$/, '$1');
  }
  if (Array.isArray(value)) return value.map(asTexts);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, asTexts(item)]));
}

const names = ['objectId', 'scopeId', 'stringAnnos', 'longAnnos', 'doubleAnnos'];
const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/** Values of which Python stores the text of its own language, or drops some. */
function hasNoForm(fn: string, annotations: unknown): boolean {
  if (!isObject(annotations)) return false;
  return Object.entries(annotations).some(([key, value]: [string, unknown]) => {
    if (names.includes(key) && fn !== 'to_submission_annotations') return false;
    const items = Array.isArray(value) ? (value as unknown[]) : [value];
    const kinds = new Set(items.map((item) => Object.keys(tagOf(item) ?? {})[0] ?? typeof item));
    const isNumber = [...kinds].every((kind) => ['number', '$float', '$int'].includes(kind));
    const isMixed =
      kinds.size > 1 ||
      (isNumber && items.length > 1 && items.some((item) => item !== Math.trunc(Number(item))));
    const isNested = items.some((item) => isObject(item) && tagOf(item) === undefined);
    const isList = Array.isArray(value) && fn !== 'to_submission_annotations';
    return isMixed || isNested || isList || items.length === 0 || items.includes(null);
  });
}

/** Keys that two annotations have: Python keeps one of them, or changes only one. */
function hasDoubleKey(value: unknown): boolean {
  if (!isObject(value)) return false;
  const annotations = value as SubmissionStatusAnnotations;
  const lists = [annotations.stringAnnos, annotations.longAnnos, annotations.doubleAnnos];
  const keys = lists.flatMap((list) => list?.map(({ key }) => key) ?? []);
  return new Set(keys).size < keys.length;
}

function annotationsIn({ fn, args }: Input): unknown[] {
  if (fn === 'to_submission_annotations') return [args[2]];
  if (fn !== 'submission_status_request') return [args[0]];
  const { annotations, submission_annotations: shown } = args[0] as Record<string, unknown>;
  return [annotations, shown];
}

describe('evaluation', () => {
  const cases = readVectors<Input>('evaluation');
  const pure = cases.filter(({ input }) => input.fn in functions);

  testEach(pure, async ({ input, expected }) => {
    const run = functions[input.fn] as (...args: unknown[]) => unknown;
    const args = input.fn.startsWith('from') ? input.args : input.args.map(decoded);
    const got = await outcomeOf(() => run(...args));
    const isWritten = !/^(from|is|set)/.test(input.fn);
    const [ofStatus, ofSubmission] = annotationsIn(input);
    const isRefused =
      isWritten &&
      (hasNoForm(input.fn, ofStatus) || hasNoForm('to_submission_annotations', ofSubmission));
    const isDouble = /^(from|set)/.test(input.fn) && hasDoubleKey(input.args[0]);
    if (isRefused) {
      // Departure: refused; an annotation without a value is left out.
      const isEmpty = got.error === undefined;
      expect(isEmpty ? JSON.stringify(input.args) : 'null').toContain('null');
    } else if (expected.error) expect(got.error).toEqual(expect.any(ArgumentError));
    else if (isDouble && input.fn.startsWith('from')) {
      expect(got.error).toEqual(expect.any(ArgumentError));
    } else if (isDouble) expectAllSet(got.value, String(input.args[1]), input.args[2]);
    else expect(asTexts(got.value)).toEqual(asTexts(expected.value));
  });

  function expectAllSet(value: unknown, key: string, isPrivate: unknown): void {
    for (const [name, list] of Object.entries(value as object)) {
      if (!name.endsWith('Annos')) continue;
      for (const annotation of list as { key: string }[]) {
        if (annotation.key === key) expect(annotation).toMatchObject({ isPrivate });
      }
    }
  }
});

describe('principals', () => {
  let search: Found[] = [];
  let server: ScriptedServer;
  let client: { context: Context; close: () => Promise<void> };
  beforeAll(async () => {
    // As Synapse does: a lookup finds full names, a search finds names that begin like the text.
    server = await startServer(({ url, body }) => {
      const headers = search.map(({ id, name, ownerId = id, userName = name }) => {
        return { ownerId, userName, isIndividual: id === undefined };
      });
      if (url.includes('/userProfile/')) {
        return { json: { ownerId: url.split('/').pop(), userName: 'x' } };
      }
      if (!url.endsWith('/aliases')) return { json: { children: headers } };
      const [wanted = ''] = (JSON.parse(body) as { list: string[] }).list;
      const isMeant = ({ userName = '' }: Found): boolean => nameKey(userName) === nameKey(wanted);
      return { json: { list: headers.filter(isMeant) } };
    });
    client = createContext({ endpoint: server.url, environment: {}, configPath: '/nowhere' });
  });
  afterAll(async () => {
    await client.close();
    await server.close();
  });

  const cases = readVectors<Input>('evaluation').filter(({ input }) => input.search);
  testEach(cases, async ({ input, expected }) => {
    search = input.search ?? [];
    const [given] = input.args;
    const { context } = client;
    const got = await outcomeOf(async () =>
      input.fn === 'getUserProfile'
        ? (await getUserProfile(context, given as string, {})).ownerId
        : String(await principalId(context, given as Principal, {})),
    );
    const id = isObject(given) ? (given as Found).id : String(given).trim();
    const found = search.find(({ name, userName = name ?? '' }) => {
      return nameKey(userName) === nameKey(id ?? '');
    });
    const isId = /^\d+$/.test(id ?? '');
    const isFound = isId || found !== undefined;
    if (!isFound) {
      // Departure: a name means its user or team only, not one that begins like it; an id is written in ASCII digits.
      expect(got.error).toEqual(expect.any(ArgumentError));
      return;
    }
    const value = isId ? id : (found?.id ?? found?.ownerId);
    expect(got).toEqual({ value });
    // Departure: names that differ only in case and punctuation are one name; an id may have spaces around it.
    const isExact = isId
      ? id === given || isObject(given) || typeof given === 'number'
      : [found?.name, found?.userName].includes(id);
    if (isExact && !expected.error) {
      expect(String(expected.value).split('/').pop()).toBe(value);
    }
  });
});
