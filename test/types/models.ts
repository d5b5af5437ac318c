// Compiled, never run: a line that should not compile and does fails the type check, as does one the other way round.
import type * as M from '../../generated/models.js';

export function unionsNarrowOnConcreteType(entity: M.Entity): string | undefined {
  if (entity.concreteType === 'org.sagebionetworks.repo.model.FileEntity')
    return entity.dataFileHandleId;
  switch (entity.concreteType) {
    case 'org.sagebionetworks.repo.model.table.EntityView':
      return entity.scopeIds?.[0];
    case 'org.sagebionetworks.repo.model.Link':
      return entity.linksTo?.targetId;
    default:
      return entity.id;
  }
}

export function membersAreHiddenUntilNarrowed(entity: M.Entity): unknown {
  // @ts-expect-error only files have it
  return entity.dataFileHandleId;
}

export function bogusConcreteTypeIsRefused(entity: M.Entity): boolean {
  // @ts-expect-error there is no such class
  return entity.concreteType === 'org.sagebionetworks.repo.model.Fileentity';
}

// @ts-expect-error an entity names its class
export const untypedEntity: M.Entity = { name: 'data', parentId: 'syn1' };

export const folder: M.Entity = {
  name: 'data',
  parentId: 'syn1',
  concreteType: 'org.sagebionetworks.repo.model.Folder',
};

export const column: M.ColumnModel = { name: 'age', columnType: 'INTEGER' };

// @ts-expect-error enums are literals
export const misspelledColumn: M.ColumnModel = { name: 'age', columnType: 'INTEGR' };

// @ts-expect-error enums of a type's properties are the named ones
export const misspelledSort: M.EntityChildrenRequest = { sortBy: 'NAMES' };

export const upload: M.MultipartRequest = {
  fileName: 'a.txt',
  fileSizeBytes: 5_000_000_000,
  contentType: 'text/plain',
};

export const cells: M.PartialRow = {
  rowId: 1,
  values: [
    { key: '12', value: 'x' },
    { key: '13', value: null },
  ],
};

// @ts-expect-error a row's cells are a list of pairs on the wire
export const cellsAsMap: M.PartialRow = { rowId: 1, values: { '12': 'x' } };

export function emptyCellsAreNull(row: M.Row): number {
  // @ts-expect-error a cell may be null
  return (row.values ?? []).reduce((length, cell) => length + cell.length, 0);
}

export function answersHaveWhatTheyAreFor(
  page: M.EntityChildrenResponse,
  job: M.AsyncJobId,
): string[] {
  return [job.token, ...page.page.map((child) => child.id)];
}
