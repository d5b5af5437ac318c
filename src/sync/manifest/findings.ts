import type { PlanProblem } from '../plan/planData.js';
import type { ManifestForm, ManifestRow } from './manifestRow.js';

/** What is found wrong with a manifest. */
export class Findings {
  readonly form: ManifestForm;
  readonly problems: PlanProblem[] = [];
  readonly warnings: PlanProblem[] = [];

  constructor(form: ManifestForm) {
    this.form = form;
  }

  problem(row: ManifestRow, column: string, value: string | undefined, message: string): void {
    this.problems.push({ path: row.path, id: row.id, row: row.row, column, value, message });
  }

  warning(row: ManifestRow, column: string, value: string | undefined, message: string): void {
    this.warnings.push({ path: row.path, id: row.id, row: row.row, column, value, message });
  }
}
