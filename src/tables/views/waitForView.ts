import { isList } from '../../values/isList.js';
import type { Context } from '../../context.js';
import { ArgumentError, TimeoutError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { currentOf, idOf, type EntityRef } from '../../values/ids.js';
import { quoted } from '../../values/quoted.js';
import { queryRows } from '../query/queryRows.js';

/**
 * What a view should show. A stored entity, which has `id` and `etag`, means that the view shows the entity as it was stored.
 */
export type ViewExpectation =
  | string
  | {
      /** The entity or submission. */
      id?: string | undefined;
      /** The view shows the entity with this etag. */
      etag?: string | undefined;
      /** The view does not show the entity with this etag any more, which it had before a change. */
      oldEtag?: string | undefined;
      /** The view does not show the entity any more. */
      isGone?: boolean;
    };

/** Options of {@link waitForView}. */
export interface WaitOptions extends CommonOptions {
  /**
   * What the view should show: stored entities, ids of entities that should be there, or etags.
   * @default only that the view can be queried
   */
  until?: ViewExpectation | readonly ViewExpectation[];
  /** Milliseconds. @default 600000 (10 minutes) */
  timeout?: number;
}

const defaultTimeout = 600_000;

/** Pauses between queries, in milliseconds. */
const pauses = { first: 200, factor: 1.5, longest: 5_000 };

/**
 * Waits until a view has caught up with changes of the entities that it shows. Views are updated some time after a change.
 *
 * @throws {@link TimeoutError} that says what the view does not show yet.
 * @throws {@link ArgumentError} for an expectation without an id.
 */
export async function waitForView(
  ctx: Context,
  view: EntityRef,
  { until = [], timeout = defaultTimeout, signal, onProgress }: WaitOptions = {},
): Promise<void> {
  const id = currentOf(view, 'only the current version of a view changes');
  const wanted: readonly ViewExpectation[] = isList(until) ? until : [until];
  let missing = wanted.map(readExpectation);
  const { clock } = ctx.storage;
  const end = clock.now() + timeout;
  let pause = pauses.first;
  for (;;) {
    missing = await stillMissing(ctx, { id, missing }, { signal, onProgress });
    if (missing.length === 0) return;
    const left = end - clock.now();
    if (left <= 0) throw tooLate(id, timeout, missing);
    await clock.sleep(Math.min(pause, left), signal);
    pause = Math.min(pauses.longest, pause * pauses.factor);
  }
}

interface Expectation {
  /** The id of the row: the digits of the id. */
  rowId: number;
  name: string;
  etag?: string;
  oldEtag?: string;
  isGone: boolean;
  /** What the last query showed. */
  shown?: string;
}

function readExpectation(wanted: ViewExpectation): Expectation {
  const name = idOf(wanted);
  const digits = /^(?:syn)?(\d{1,15})$/.exec(name)?.[1];
  if (digits === undefined) {
    throw new ArgumentError(
      `${quoted(name)} is not the id of an entity or a submission, so no view can show it.`,
    );
  }
  const { etag, oldEtag, isGone = false } = typeof wanted === 'string' ? {} : wanted;
  // An entity that is gone, or that has changed, is often given as the object that was stored.
  const isOther = isGone || oldEtag !== undefined;
  return { rowId: Number(digits), name, etag: isOther ? undefined : etag, oldEtag, isGone };
}

/** Rows that one query asks for. */
const batchSize = 500;

interface Open {
  id: string;
  missing: readonly Expectation[];
}

async function stillMissing(
  ctx: Context,
  { id, missing }: Open,
  options: CommonOptions,
): Promise<Expectation[]> {
  const open: Expectation[] = [];
  let start = 0;
  do {
    const batch = missing.slice(start, start + batchSize);
    const etags = await shownEtags(ctx, id, batch, options);
    for (const one of batch) {
      const shown = etags.get(one.rowId);
      if (!isMet(one, shown)) open.push({ ...one, shown });
    }
    start += batchSize;
  } while (start < missing.length);
  return open;
}

function isMet({ etag, oldEtag, isGone }: Expectation, shown: string | undefined): boolean {
  if (isGone) return shown === undefined;
  if (oldEtag !== undefined) return shown !== oldEtag;
  return shown !== undefined && (etag === undefined || shown === etag);
}

/** The etags of rows of a view, by row id. The query waits until the view is built. */
async function shownEtags(
  ctx: Context,
  id: string,
  wanted: readonly Expectation[],
  options: CommonOptions,
): Promise<Map<number, string>> {
  const ids = wanted.map(({ rowId }) => rowId).join(', ');
  const sql = `SELECT ROW_ID FROM ${id} WHERE ROW_ID IN (${ids || '0'})`;
  const { batches } = await queryRows(ctx, { sql, includeEntityEtag: true }, options);
  const etags = new Map<number, string>();
  for await (const rows of batches) {
    for (const { reference } of rows) {
      if (reference.rowId !== undefined) etags.set(reference.rowId, reference.etag ?? '');
    }
  }
  return etags;
}

function tooLate(id: string, timeout: number, missing: readonly Expectation[]): TimeoutError {
  const details = missing.slice(0, 5).map(detailOf);
  const more = missing.length > 5 ? ` and ${missing.length - 5} more` : '';
  return new TimeoutError(
    `${id} has not caught up within ${timeout / 1000} s: ${details.join('; ')}${more}. Check that they are in its scope, or increase \`timeout\`.`,
  );
}

function detailOf({ name, etag, oldEtag, isGone, shown }: Expectation): string {
  if (isGone) return `it still shows ${name}`;
  if (oldEtag !== undefined) return `it still shows ${name} as before the change (etag ${oldEtag})`;
  if (shown === undefined) return `it does not show ${name}`;
  return `it shows ${name} with the etag ${shown}, not ${etag ?? ''}`;
}
