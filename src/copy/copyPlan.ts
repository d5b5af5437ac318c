import { formatPlan } from '../sync/plan/formatPlan.js';
import type { PlanProblem, PlanTotals } from '../sync/plan/planData.js';
import { totalsOf } from '../sync/plan/planTotals.js';
import type { ApplyCopyOptions, CopyItem, CopyPlanData, CopyReport } from './copyData.js';

/** What {@link CopyPlan.apply} does. */
export type ApplyCopyPlan = (data: CopyPlanData, options: ApplyCopyOptions) => Promise<CopyReport>;

/**
 * What a copy is going to do: look at it (`items`, `String(plan)`), keep it (`JSON.stringify(plan)`), apply it. Making a plan
 * changes nothing.
 */
export class CopyPlan {
  readonly data: CopyPlanData;
  readonly #apply: ApplyCopyPlan;

  /** @internal */
  constructor(data: CopyPlanData, apply: ApplyCopyPlan) {
    this.data = data;
    this.#apply = apply;
  }

  /** Each entity, containers before what is in them. */
  get items(): readonly CopyItem[] {
    return this.data.items;
  }

  get problems(): readonly PlanProblem[] {
    return this.data.problems;
  }

  /** Bytes are those of the files that are copied; none of them comes through this machine. */
  get totals(): PlanTotals {
    return totalsOf(this.data);
  }

  /**
   * Applies the plan.
   *
   * @returns What was done. Failures of items are in it; everything else is copied.
   * @throws {@link ConflictError} when the plan has conflicts or problems. Nothing is written then.
   */
  apply(options: ApplyCopyOptions = {}): Promise<CopyReport> {
    return this.#apply(this.data, options);
  }

  /** What `JSON.stringify(plan)` writes. */
  toJSON(): CopyPlanData {
    return this.data;
  }

  /** A line for each item that needs anything done, and the sums. */
  toString(): string {
    return formatPlan(this.data);
  }
}
