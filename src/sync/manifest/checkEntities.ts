import type * as M from '../../../generated/models.js';
import type { Context } from '../../context.js';
import { isContainer } from '../../entities/isContainer.js';
import type { CommonOptions } from '../../options.js';
import { pool, runPool } from '../../transfer/pool.js';
import { isSynapseId, parseSynapseId } from '../../values/ids.js';
import { quoted } from '../../values/quoted.js';
import { aType } from '../findFiles.js';
import { filesAtOnce } from '../filesAtOnce.js';
import type { Findings } from './findings.js';
import { formColumns } from './manifestColumns.js';
import type { ManifestRow } from './manifestRow.js';
import { fileType } from '../../entities/entityTypes.js';

/** References in one request. */
const batchSize = 100;

/** What {@link checkEntities} looks at. */
export interface CheckEntitiesOptions extends CommonOptions {
  /** Whether the ids of files are looked up. @default true */
  checkIds?: boolean;
}

/**
 * Checks that the parents are containers that the caller may write into, that the ids are files that the caller may change, and
 * that the entities of the provenance exist. All entities are read in batches; the permissions once for each access control list.
 */
export async function checkEntities(
  ctx: Context,
  rows: readonly ManifestRow[],
  findings: Findings,
  { checkIds = true, signal }: CheckEntitiesOptions,
): Promise<void> {
  const wanted = rows.filter((row) => checkSyntax(row, findings));
  const references = new Set<string>();
  for (const { parentId, id, used, executed } of wanted) {
    references.add(parentId);
    if (checkIds && id !== undefined) references.add(id);
    for (const item of [...used, ...executed]) if (isSynapseId(item)) references.add(item);
  }
  const headers = await readHeaders(ctx, [...references], signal);
  const checked = wanted.map((row) => {
    const parent = headers.get(row.parentId);
    const file = checkIds && row.id !== undefined ? headers.get(row.id) : undefined;
    return {
      row,
      parent: checkParent(row, parent, findings),
      file: checkFile(row, file, findings, checkIds),
    };
  });
  const entities = checked.flatMap(({ row, parent, file }) => {
    const target = row.id === undefined || !checkIds ? parent : file;
    return [parent, target].flatMap((header) => header ?? []);
  });
  const permissions = await readPermissions(ctx, entities, signal);
  for (const { row, parent, file } of checked) {
    checkPermissions(row, findings, {
      parent: parent && permissions.get(listOf(parent)),
      file: file && permissions.get(listOf(file)),
    });
    warnOfMissing(row, headers, findings);
  }
}

/** @returns whether the ids can be looked up */
function checkSyntax(row: ManifestRow, findings: Findings): boolean {
  const { parentId: parentColumn, id: idColumn } = formColumns[findings.form];
  let isFine = true;
  for (const [column, value] of [
    [parentColumn, row.parentId],
    [idColumn, row.id],
  ] as const) {
    if (value === undefined || /^syn\d+$/.test(value)) continue;
    isFine = false;
    const message = isSynapseId(value)
      ? `write the id without a version: ${parseSynapseId(value).id}`
      : `${quoted(value)} is not a Synapse id: expected "syn" and digits, such as syn123`;
    findings.problem(row, column, value, message);
  }
  return isFine;
}

function checkParent(
  row: ManifestRow,
  header: M.EntityHeader | undefined,
  findings: Findings,
): M.EntityHeader | undefined {
  const column = formColumns[findings.form].parentId;
  if (header === undefined) {
    const message = `${row.parentId} does not exist, or you may not read it`;
    findings.problem(row, column, row.parentId, message);
    return undefined;
  }
  if (isContainer(header)) return header;
  const message = `${row.parentId} (${header.name}) is ${aType(header.type)}, not a project or folder`;
  findings.problem(row, column, row.parentId, message);
  return undefined;
}

function checkFile(
  row: ManifestRow,
  header: M.EntityHeader | undefined,
  findings: Findings,
  checkIds: boolean,
): M.EntityHeader | undefined {
  if (!checkIds || row.id === undefined) return undefined;
  const column = formColumns[findings.form].id;
  if (header === undefined) {
    const message = `${row.id} does not exist, or you may not read it`;
    findings.problem(row, column, row.id, message);
    return undefined;
  }
  if (header.type === fileType) return header;
  findings.problem(
    row,
    column,
    row.id,
    `${row.id} (${header.name}) is ${aType(header.type)}, not a file`,
  );
  return undefined;
}

interface Permissions {
  parent?: M.UserEntityPermissions;
  file?: M.UserEntityPermissions;
}

function checkPermissions(
  row: ManifestRow,
  findings: Findings,
  { parent, file }: Permissions,
): void {
  const { parentId, id } = formColumns[findings.form];
  if (row.id === undefined && parent?.canAddChild === false) {
    const message = `you may not add files to ${row.parentId}: ask its owner for the permission to edit`;
    findings.problem(row, parentId, row.parentId, message);
  }
  if (file?.canEdit === false) {
    const message = `you may not change ${row.id ?? ''}: ask its owner for the permission to edit`;
    findings.problem(row, id, row.id, message);
  }
}

function warnOfMissing(
  row: ManifestRow,
  headers: ReadonlyMap<string, M.EntityHeader>,
  findings: Findings,
): void {
  for (const column of ['used', 'executed'] as const) {
    for (const item of row[column]) {
      if (!isSynapseId(item) || headers.has(item)) continue;
      findings.warning(row, column, item, `${item} does not exist, or you may not read it`);
    }
  }
}

/** The headers of what exists, by the text of the id. */
async function readHeaders(
  ctx: Context,
  ids: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Map<string, M.EntityHeader>> {
  const batches: string[][] = [];
  for (let start = 0; start < ids.length; start += batchSize) {
    batches.push(ids.slice(start, start + batchSize));
  }
  const found = new Map<string, M.EntityHeader>();
  const read = async (batch: string[]): Promise<M.EntityHeader[]> => {
    const references = batch.map(parseSynapseId).map(({ id, version }) => ({
      targetId: id,
      targetVersionNumber: version,
    }));
    const body = { references };
    return (await ctx.services.entity.listEntityHeaders({ body }, { signal })).results;
  };
  for await (const headers of pool(batches, { limit: filesAtOnce, signal }, read)) {
    for (const header of headers) {
      found.set(header.id, header);
      found.set(`${header.id}.${String(header.versionNumber ?? '')}`, header);
    }
  }
  return found;
}

/** What identifies the access control list of an entity. */
function listOf({ id, benefactorId }: M.EntityHeader): string {
  return benefactorId === undefined ? id : String(benefactorId);
}

async function readPermissions(
  ctx: Context,
  entities: readonly M.EntityHeader[],
  signal: AbortSignal | undefined,
): Promise<Map<string, M.UserEntityPermissions>> {
  const one = new Map(entities.map((header) => [listOf(header), header.id]));
  const found = new Map<string, M.UserEntityPermissions>();
  await runPool(one, { limit: filesAtOnce, signal }, async ([list, id]) => {
    found.set(list, await ctx.services.entity.getEntityPermissions({ id }, { signal }));
  });
  return found;
}
