import { ArgumentError } from '../../errors.js';
import type { CommonOptions } from '../../options.js';
import { describeProblem } from './describeProblem.js';
import { formatPlan } from './formatPlan.js';
import type { PlanData, PlanItem, PlanProblem, PlanTotals } from './planData.js';
import { totalsOf } from './planTotals.js';
import type { SyncReport } from './syncReport.js';

/** How {@link SyncPlan.apply} works. */
export interface ApplyOptions extends CommonOptions {
  /** Files in transfer at the same time. @default 16 */
  concurrency?: number;
  /** How often an upload is tried again that failed for a reason that can pass, such as a server that is down. @default 0 */
  retries?: number;
  /** Whether the caller gets a message (email) when an upload is done or has failed. @default false */
  sendMessages?: boolean;
  /** Called for each item that was applied or needed nothing, when it has ended. */
  onItem?: (item: PlanItem) => void;
}

/**
 * What a sync is going to do: look at it (`items`, `String(plan)`), keep it (`JSON.stringify(plan)`), apply it. Making a plan
 * changes nothing.
 */
export class SyncPlan<Item extends PlanItem = PlanItem> {
  readonly data: PlanData<Item>;
  readonly #apply: (data: PlanData<Item>, options: ApplyOptions) => Promise<SyncReport<Item>>;

  constructor(
    data: PlanData<Item>,
    apply: (data: PlanData<Item>, options: ApplyOptions) => Promise<SyncReport<Item>>,
  ) {
    this.data = data;
    this.#apply = apply;
  }

  get items(): readonly Item[] {
    return this.data.items;
  }

  get problems(): readonly PlanProblem[] {
    return this.data.problems;
  }

  get totals(): PlanTotals {
    return totalsOf(this.data);
  }

  /** Whether nothing can be applied, because the manifest has problems. They are all in `problems`. */
  get isRefused(): boolean {
    const { manifest, items, problems } = this.data;
    return manifest !== undefined && items.length === 0 && problems.length > 0;
  }

  /**
   * Applies the plan. Items whose local file or entity has changed since the plan was made fail, and the others go on.
   *
   * @returns What was done. Failures of items are in it.
   * @throws {@link ArgumentError} with all problems when the plan {@link isRefused}.
   * @throws {@link AuthenticationError} and other errors that no item could succeed with.
   */
  async apply(options: ApplyOptions = {}): Promise<SyncReport<Item>> {
    if (this.isRefused) throw refusal(this.data);
    return this.#apply(this.data, options);
  }

  /** What `JSON.stringify(plan)` writes. */
  toJSON(): PlanData<Item> {
    return this.data;
  }

  /** A line for each item that needs anything done, and the sums. */
  toString(): string {
    return formatPlan(this.data);
  }
}

function refusal({ manifest = '', problems }: PlanData): ArgumentError {
  const count = problems.length === 1 ? 'one problem' : `${problems.length} problems`;
  const lines = problems.map((problem) => `\n  ${describeProblem(problem)}`);
  return new ArgumentError(
    `${manifest === '-' ? 'The manifest' : manifest} has ${count}, and nothing was stored:${lines.join('')}`,
  );
}
