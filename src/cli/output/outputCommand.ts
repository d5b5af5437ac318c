import { Command } from '@oclif/core';
import { listItems, type ListColumns } from '../listItems.js';
import { isReaderGone } from '../standardStreams.js';
import { impliesJson } from './impliesJson.js';
import { ResultOutput, type OutputOptions } from './resultOutput.js';

/** Prints the results of commands, as text or as JSON. */
export abstract class OutputCommand extends Command {
  #output: ResultOutput | undefined;

  /** Reads the flags of the output. @throws a usage error, before the command does anything */
  protected async openOutput(options: OutputOptions): Promise<void> {
    this.#output = new ResultOutput(options);
    await this.#output.open();
  }

  protected async closeOutput(): Promise<void> {
    await this.#output?.close();
  }

  /** Whether stdout gets JSON. `--fields`, `--jq` and `--ndjson` imply `--json`. */
  override jsonEnabled(): boolean {
    return super.jsonEnabled() || (this.ctor.enableJsonFlag && impliesJson(this.argv));
  }

  /** The format of the JSON on stdout. */
  protected get jsonFormat(): 'json' | 'ndjson' {
    return this.#output?.isStream === true ? 'ndjson' : 'json';
  }

  /** Runs the command. The result is printed before the command ends, so that its errors are reported like all others. */
  protected override async _run<T>(): Promise<T> {
    let failure: Error | undefined;
    try {
      await this.init();
      const result = (await this.run()) as T;
      if (this.jsonEnabled()) await this.#output?.result(result);
      await this.#output?.end();
      return result;
    } catch (error) {
      failure = error as Error;
      // What was printed so far is complete. The first error is the one to report.
      await this.#output?.end().catch(() => undefined);
      // It throws an error that ends the process with the right status.
      await this.catch(failure);
      throw failure;
    } finally {
      await this.finally(failure);
    }
  }

  /** Keeps a result for the end, or with `--ndjson` prints it at once. Failures to print are reported at the end. */
  protected async keep<T>(results: T[], one: T): Promise<void> {
    if (this.#output?.isStream) await this.#output.item(one);
    else results.push(one);
  }

  /**
   * Prints a list as a table, while it is read, and returns it, for a command whose result is the list. With `--ndjson`, prints
   * each item as it arrives; the array then has only its length. @param columns - Titles, with the text of a cell.
   */
  protected async list<T>(
    items: AsyncIterable<T> | Iterable<T>,
    columns: ListColumns<T>,
    { ids = false }: { ids?: boolean | undefined } = {},
  ): Promise<T[]> {
    if (!this.jsonEnabled()) return this.table(items, columns, { ids });
    const all: T[] = [];
    let count = 0;
    for await (const item of items) {
      count += 1;
      await this.keep(all, item);
      if (isReaderGone()) break;
    }
    all.length = count;
    return all;
  }

  /** Like {@link list}, for a list that is a part of the result. */
  protected table<T>(
    items: AsyncIterable<T> | Iterable<T>,
    columns: ListColumns<T>,
    { ids = false }: { ids?: boolean | undefined } = {},
  ): Promise<T[]> {
    return listItems(items, columns, (lines) => this.log(lines), { onlyFirst: ids });
  }

  /** Prints what a command has made: the id alone with `--ids`, else a line about it. */
  protected logId({ ids }: { ids?: boolean | undefined }, id: string, line: string): void {
    this.log(ids === true ? id : line);
  }

  /** Prints JSON text, which is the result or with `--ndjson` lines of it, as it arrives. */
  protected async logJsonChunks(chunks: AsyncIterable<Uint8Array | string>): Promise<void> {
    await this.#output?.chunks(chunks);
  }

  /** Prints what was done before a failure, with `--json`. The failure is the error to report. */
  protected async printPartial(results: unknown): Promise<void> {
    if (this.jsonEnabled()) await this.#output?.result(results).catch(() => undefined);
  }
}
