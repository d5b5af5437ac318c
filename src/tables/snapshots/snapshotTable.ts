import type * as M from '../../../generated/models.js';
import type { CallOptions } from '../../../generated/services.js';
import { isSince } from '../../api/isSince.js';
import { isLostAnswer } from '../../api/isLostAnswer.js';
import { changeableTypes, tableKind } from '../../columns/tableKinds.js';
import type { Context } from '../../context.js';
import { isTableEntity } from '../../entities/tableClasses.js';
import { ArgumentError, MalformedResponseError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { toActivity, type AnyActivity } from '../../provenance/activity.js';
import { storeActivity } from '../../provenance/storeActivity.js';
import { currentOf, type EntityRef } from '../../values/ids.js';
import { shortName } from '../../values/shortName.js';
import { ownUserId } from '../../users/ownUserId.js';

/** Options of {@link snapshotTable}. */
export interface SnapshotOptions extends CommonOptions {
  /** Label of the version; unique among the versions of the table. @default its number */
  label?: string;
  comment?: string;
  /** The activity that generated it: a new one, or one that was read, such as that of the table. */
  activity?: AnyActivity;
}

/** A snapshot that was created. Queries accept `versionedId` as a table. */
export interface Snapshot {
  /** The id of the table. */
  id: string;
  versionNumber: number;
  /** The id with the version: `syn123.4`. */
  versionedId: string;
  label: string;
  comment?: string;
}

/**
 * Makes the current rows of a table or view a version that does not change any more. The table itself goes on with the next
 * version.
 *
 * @throws {@link ArgumentError} for an id with a version, and for an entity that has no snapshots.
 * @throws {@link SynapseHttpError}, or {@link AsyncJobError} for a view, when the label is taken.
 * @see https://rest-docs.synapse.org/rest/POST/entity/id/table/snapshot.html
 */
export async function snapshotTable(
  ctx: Context,
  table: EntityRef,
  { label, comment, activity, signal, onProgress }: SnapshotOptions = {},
): Promise<Snapshot> {
  const id = currentOf(table, 'a snapshot is made of the current version');
  if (activity !== undefined) toActivity(activity);
  const call = { signal };
  const kind = await kindOf(ctx, table, id, call);
  const snapshotActivityId = activity && (await storeActivity(ctx, activity, call));
  const request = { snapshotLabel: label, snapshotComment: comment, snapshotActivityId };
  const begun = ctx.storage.clock.epoch();
  const versionNumber = await create(ctx, { id, kind, request }, { signal, onProgress }).catch(
    async (error: unknown) => {
      if (isLostAnswer(error)) {
        const found = await findCreated(ctx, { id, label, comment, begun }, call);
        if (found !== undefined) return found;
      }
      throw error;
    },
  );
  return {
    id,
    versionNumber,
    versionedId: `${id}.${versionNumber}`,
    label: label ?? String(versionNumber),
    ...(comment !== undefined && { comment }),
  };
}

/** How snapshots are made: of tables at once, of views by a job. */
type Kind = 'table' | 'view';

async function kindOf(
  ctx: Context,
  table: EntityRef,
  id: string,
  call: CallOptions,
): Promise<Kind> {
  const type =
    typeof table === 'object' && isTableEntity(table)
      ? table.concreteType
      : (await ctx.services.entity.getEntityHeader({ id }, call)).type;
  const kind = tableKind(type);
  if (kind !== undefined && kind.defined === undefined) return kind.view ? 'view' : 'table';
  throw new ArgumentError(
    `${id} is a ${shortName(type)}, which has no snapshots. These have: ${changeableTypes.join(', ')}.`,
  );
}

interface Creation {
  id: string;
  kind: Kind;
  request: M.SnapshotRequest;
}

async function create(
  ctx: Context,
  { id, kind, request }: Creation,
  options: CommonOptions,
): Promise<number> {
  if (kind === 'table') {
    const call = { signal: options.signal };
    const answer = await ctx.services.table.createTableSnapshot({ id, body: request }, call);
    return answer.snapshotVersionNumber;
  }
  const { snapshotVersionNumber } = await ctx.http.runJob(
    {
      concreteType: 'org.sagebionetworks.repo.model.table.TableUpdateTransactionRequest',
      entityId: id,
      changes: [],
      createSnapshot: true,
      snapshotOptions: request,
    },
    { id },
    options,
  );
  if (snapshotVersionNumber !== undefined) return snapshotVersionNumber;
  throw new MalformedResponseError({
    operation: 'table.getTableTransactionResult',
    field: 'snapshotVersionNumber',
    expected: 'the number of the new version',
    actual: 'missing',
  });
}

interface Sought {
  id: string;
  label: string | undefined;
  comment: string | undefined;
  begun: number;
}

/** The snapshot of a request whose answer was lost: the latest one, if it has the label and comment, and is this user's. */
async function findCreated(
  ctx: Context,
  { id, label, comment, begun }: Sought,
  call: CallOptions,
): Promise<number | undefined> {
  // A snapshot without a label cannot be told from one that another call has made.
  if (label === undefined) return undefined;
  const page = { id, offset: 0, limit: 10 };
  const [{ results }, me] = await Promise.all([
    ctx.services.entity.listEntityVersions(page, call),
    ownUserId(ctx, call),
  ]);
  return results.find(
    (version) =>
      version.versionLabel === label &&
      (version.versionComment ?? undefined) === comment &&
      version.modifiedByPrincipalId === me &&
      isSince(version.modifiedOn, begun),
  )?.versionNumber;
}
