import type { MigrationResult, MigrationRow, MigrationSummary } from '../index.js';

/** Files that are listed. `--json` lists all. */
const mostListed = 20;

/** What a dry run of a migration prints: the first files, the first that are left out, and how to go on. */
export async function migrationListing(
  result: MigrationResult,
  { counts, leftOut, bytesToCopy }: MigrationSummary,
  db: string,
): Promise<string> {
  const lines = [`${counts.INDEXED} files to migrate, ${bytesToCopy} bytes to copy.`];
  for await (const row of result) {
    if (row.status === 'INDEXED') lines.push(lineOf(row));
    if (lines.length > mostListed) break;
  }
  if (counts.INDEXED > mostListed) lines.push(`  ... and ${counts.INDEXED - mostListed} more`);
  let listed = 0;
  for await (const { id, version, rowId, reason } of result.leftOut()) {
    if (listed === mostListed) break;
    if (listed === 0) lines.push('Left out:');
    listed += 1;
    lines.push(`  ${nameOf({ id, version, rowId })}: ${reason}`);
  }
  if (leftOut > mostListed) lines.push(`  ... and ${leftOut - mostListed} more`);
  lines.push(
    `Dry run, index created at ${db} but skipping migration. Can proceed with migration by running the same command without the dry run option.`,
  );
  return lines.join('\n');
}

function lineOf(row: MigrationRow): string {
  const column = row.columnName === null ? '' : ` column ${row.columnName}`;
  return `  ${nameOf(row)}${column}: ${row.size ?? '?'} bytes in storage location ${row.fromStorageLocationId ?? '?'}`;
}

function nameOf({ id, version, rowId }: Pick<MigrationRow, 'id' | 'rowId' | 'version'>): string {
  if (rowId !== null) return `${id} row ${rowId}`;
  return version === null ? `${id}, new version` : `${id}.${version}`;
}
