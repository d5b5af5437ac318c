import type { PlanProblem } from '../plan/planData.js';
import type { ManifestForm, ManifestRow } from './manifestRow.js';

/** A row of a manifest, and what is wrong with it. */
export interface ManifestEvent {
  form: ManifestForm;
  /** From 1 for the first row below the header; 0 for the header. */
  number: number;
  /** Absent for the header, for a row without path or parent, and for a row that is skipped. */
  row?: ManifestRow;
  /** A row that is skipped: its `error` tells why there is no file. Its path can be empty. */
  skipped?: ManifestRow;
  /** The local path of the row, absolute, or its URL; also where there is no `row`. */
  path?: string;
  /** Why the row must not be used. */
  problems: PlanProblem[];
  /** What is unusual, but prevents nothing: skipped rows, cells that count as blank. */
  warnings: PlanProblem[];
}
