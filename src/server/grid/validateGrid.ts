import type * as M from '../../../generated/models.js';
import { schemaViolation } from '../jsonSchema/schemaViolation.js';
import { getRegisteredByText } from '../jsonSchema/schemaRecords.js';
import { validationSchema } from '../jsonSchema/validationSchema.js';
import { violationMessages, type NumberKinds, type Violation } from '../jsonSchema/violation.js';
import { mapInSlices } from '../kernel/mapInSlices.js';
import type { World } from '../world.js';
import { jsonOfCell, type GridCell, type GridColumn } from './gridCells.js';
import type { GridRecord, GridRow } from './gridRecords.js';

/** The validation result of a row: its violations, none, or unknown without a schema. */
type Outcome = Violation | 'unknown' | 'valid';

/** The validation results of the rows of a grid. */
export interface GridValidation {
  readonly summary: Omit<M.ValidationSummaryStatistics, 'containerId'>;
  /** The lines of a CSV file with a row for each row of the grid. */
  readonly details: readonly (readonly GridCell[])[];
}

const detailColumns = [
  'row_index',
  'is_valid',
  'validation_error_message',
  'all_validation_messages',
];

/** Validates each row of a grid with the schema of its session. */
export async function validateGrid(
  world: World,
  { session, columns, rows }: GridRecord,
): Promise<GridValidation> {
  const id = session.gridJsonSchema$Id;
  const whole =
    id === undefined ? undefined : validationSchema(world, getRegisteredByText(world, id));
  const numbers = numbersOf(columns);
  const outcomes = await mapInSlices(rows, (row): Outcome =>
    whole === undefined
      ? 'unknown'
      : (schemaViolation(world, whole, jsonOfRow(whole, columns, row), numbers) ?? 'valid'),
  );
  const count = (wanted: Outcome) => outcomes.filter((outcome) => outcome === wanted).length;
  const [valid, unknown] = [count('valid'), count('unknown')];
  return {
    summary: {
      totalNumberOfChildren: rows.length,
      numberOfValidChildren: valid,
      numberOfInvalidChildren: rows.length - valid - unknown,
      numberOfUnknownChildren: unknown,
      generatedOn: world.timestamp(),
    },
    details: [detailColumns, ...outcomes.map(detailLine)],
  };
}

/** An empty cell becomes `null` if the schema requires the property, and is omitted otherwise. */
function jsonOfRow(
  { required = [] }: M.JsonSchema,
  columns: readonly GridColumn[],
  { cells }: GridRow,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    columns.flatMap((column, index) => {
      const cell = cells[index] ?? null;
      return cell === null && !required.includes(column.name)
        ? []
        : [[column.name, jsonOfCell(cell, column)]];
    }),
  );
}

function numbersOf(columns: readonly GridColumn[]): NumberKinds {
  const doubles = new Set(
    columns.filter(({ columnType }) => columnType === 'DOUBLE').map(({ name }) => name),
  );
  return { integer: 'Integer', isDouble: (property) => doubles.has(property) };
}

function detailLine(outcome: Outcome, index: number): GridCell[] {
  if (outcome === 'unknown') {
    return [String(index), null, null, null];
  }
  return outcome === 'valid'
    ? [String(index), 'true', null, null]
    : [String(index), 'false', outcome.message, JSON.stringify(violationMessages(outcome))];
}
