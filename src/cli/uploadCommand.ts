import type { PlanItem, SyncPlan, SyncReport } from '../index.js';
import { replaceFile } from '../files/replaceFile.js';
import { BaseCommand } from './baseCommand.js';
import { exitCodes } from './exitCodes.js';
import { printable, printableName } from './printable.js';

/** The flags that say what happens with a plan. */
export interface PlanFlags {
  'dry-run'?: boolean | undefined;
  plan?: string | undefined;
  concurrency?: number | undefined;
  /** Whether the ids of what is stored are printed alone. */
  ids?: boolean | undefined;
}

/** How a command applies a plan. */
export interface ApplyPlanOptions {
  retries?: number;
  sendMessages?: boolean;
  /** Whether unchanged items are results, too. */
  showUnchanged?: boolean;
}

/** What the summary says about files that were transferred, and about others. */
export const wordsOf = {
  upload: { transferred: 'uploaded', skipped: 'unchanged' },
  download: { transferred: 'downloaded', skipped: 'skipped' },
} as const;

/** Base of the commands that transfer many files: shows a plan, keeps it or applies it. */
export abstract class UploadCommand extends BaseCommand {
  /**
   * Applies a plan. Prints a line for each item as it is stored, and a summary.
   *
   * @throws PartialFailureError when something could not be stored. The rest is stored.
   */
  protected async applyPlan(
    plan: SyncPlan,
    flags: PlanFlags,
    { retries, sendMessages, showUnchanged = false }: ApplyPlanOptions,
  ): Promise<SyncReport> {
    const { summary, onProgress } = await this.countedProgress();
    const report = await plan.apply({
      concurrency: flags.concurrency,
      retries,
      sendMessages,
      signal: this.signal,
      onProgress,
      onItem: (item) =>
        plan.data.direction === 'download'
          ? this.#printLocal(item)
          : this.#printItem(item, showUnchanged, flags),
    });
    for (const item of report.leftOut) {
      this.notice(`left out ${item.path} (${item.id ?? ''}): ${item.reason ?? ''}`, {
        ...item,
        kind: 'left-out',
      });
      summary.countLeftOut();
    }
    summary.countFailures(report);
    await this.noticeSummary(summary, wordsOf[plan.data.direction]);
    return report;
  }

  /** Prints a plan, or keeps it in a file. Sets the exit status if something in it cannot be done. */
  protected async showPlan(plan: SyncPlan, { plan: file }: PlanFlags): Promise<unknown> {
    if (file !== undefined) {
      await replaceFile(file, () => `${JSON.stringify(plan, undefined, 1)}\n`);
      this.note(`The plan is in ${file}. Apply it with: synapse sync --apply ${file}`);
      for (const problem of plan.problems)
        this.note(`not in it: ${problem.path}: ${problem.message}`);
    } else this.log(String(plan));
    if (plan.problems.length > 0 || plan.totals.actions.conflict > 0) {
      process.exitCode = plan.isRefused ? exitCodes.usage : exitCodes.partial;
    }
    return plan.toJSON();
  }

  /** @throws PartialFailureError, after the results were printed */
  protected async throwFailures(
    { failures }: SyncReport,
    results: unknown,
    done = 'stored',
  ): Promise<void> {
    await this.throwFailed(done, failures, results);
  }

  #printLocal({ action, kind, localPath = '' }: PlanItem): void {
    if (action === 'delete') this.log(`Deleted ${printable(localPath)}`);
    else if (kind === 'file' && action !== 'skip') this.log(`Creating ${printable(localPath)}`);
  }

  #printItem(
    { action, id = '', name, path }: PlanItem,
    showUnchanged: boolean,
    flags: PlanFlags,
  ): void {
    if (action === 'delete') {
      const line = `Deleted entity: ${id}\t${printableName(path)}`;
      if (flags.ids === true) this.note(line);
      else this.log(line);
    } else if (action !== 'skip' || showUnchanged) {
      this.logId(flags, id, `Created/Updated entity: ${id}\t${printableName(name)}`);
    }
  }
}
