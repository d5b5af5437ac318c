import { existsSync } from 'node:fs';
import type { Interfaces } from '@oclif/core';
import type {
  Failure,
  Progress,
  RequestNotice,
  Synapse,
  SynapseOptions,
  WaitNotice,
} from '../index.js';
import { ask, canAsk } from './ask.js';
import { checkFlags } from './checkFlags.js';
import { debugText, describeError } from './describeError.js';
import { endOnSignal } from './endOnSignal.js';
import { exitCodes } from './exitCodes.js';
import { interruption } from './interruption.js';
import { givenLogin } from './givenLogin.js';
import { globalFlags, type GlobalFlags } from './globalFlags.js';
import type { Definitions, GivenValues } from './givenIds.js';
import { escapedJson, printableTable, printableText } from './printable.js';
import { requestText } from './output/requestText.js';
import { flagsToCheck, outputFlags } from './output/outputFlags.js';
import { OutputCommand } from './output/outputCommand.js';
import type { OutputFlags } from './output/resultOutput.js';
import { printEvent } from './printEvent.js';
import { printNote } from './printNote.js';
import type { ProgressView } from './progressView.js';
import { pythonFlags } from './pythonFlags.js';
import { pythonSpelling } from './pythonSpelling.js';
import {
  collectLines,
  onOutputFailure,
  takeOutputFailure,
  writeCollected,
} from './standardStreams.js';
import { tryLogin, type Connection } from './tryLogin.js';
import type { SummaryWords, TransferSummary } from './transferSummary.js';
import { usageError } from './usageError.js';
import { mayBeReplaced } from './valueKind.js';

/**
 * Base of all `synapse` commands: global flags, a client that logs in on demand, error reporting, and an abort signal for
 * Ctrl-C.
 *
 * stdout contains only the result. `run()` returns the value that `--json` prints.
 */
export abstract class BaseCommand extends OutputCommand {
  static override enableJsonFlag = true;

  static override baseFlags = { ...globalFlags, ...outputFlags };

  /** Whether the command creates the configuration file. The file may then be missing. */
  protected readonly writesConfig: boolean = false;

  /** Whether running the same command again resumes an interrupted one. */
  protected isResumable = false;

  /** The number of ids that were read from standard input, if any were asked for. */
  protected readCount: number | undefined;

  #client: Synapse | undefined;
  #connection: Promise<Connection> | undefined;
  #view: ProgressView | undefined;
  #isAnonymous = false;
  #userName = 'anonymous';
  #debug = false;
  #quiet = false;
  /** Whether the end of the command was reported. */
  #isReported = false;

  /** Aborts at Ctrl-C and other signals, and when stdout fails. Pass it to everything that can take a long time. */
  protected get signal(): AbortSignal {
    return interruption.signal;
  }

  protected override async init(): Promise<void> {
    await super.init();
    endOnSignal({
      abort: () => interruption.abort(),
      beforeEnd: () => this.#report(interruption.signal.reason),
    });
    onOutputFailure((error) => interruption.abort(error));
    const flags = { ...this.ctor.baseFlags, ...this.ctor.flags };
    this.argv = pythonSpelling(this.argv, flags, pythonFlags(this.id ?? ''));
    // Read before the flags are parsed, to report parsing errors.
    this.#debug = this.argv.includes('--debug');
    this.#quiet = this.argv.includes('--quiet') || this.argv.includes('--silent');
  }

  /**
   * Reads the command line. The spelling of flags is checked first, to suggest the right one. When an argument is missing, oclif
   * would read it from standard input, and so consume the input of a loop around the command. Paths of entities become ids.
   */
  protected override async parse<
    F extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    B extends Interfaces.OutputFlags<Interfaces.FlagInput>,
    A extends Interfaces.OutputArgs<Interfaces.ArgInput>,
  >(options: Interfaces.Input<F, B, A>): Promise<Interfaces.ParserOutput<F, B, A>> {
    checkFlags(this.argv, flagsToCheck(options), this.#name);
    for (const arg of Object.values<{ ignoreStdin?: boolean }>(options.args ?? {})) {
      arg.ignoreStdin = true;
    }
    const parsed = await super.parse(options);
    await this.openOutput({
      command: this.id ?? '',
      flags: parsed.flags as OutputFlags,
      signal: this.signal,
      beforeWrite: () => this.#view?.print(() => undefined),
    });
    await this.#replaceIds(options, parsed);
    return parsed;
  }

  /** Replaces paths of entities by ids, and `-` by the ids on standard input. */
  async #replaceIds(
    definitions: Definitions,
    parsed: { args: GivenValues; flags: Interfaces.OutputFlags<Interfaces.FlagInput> },
  ): Promise<void> {
    if (!this.argv.some(mayBeReplaced)) return;
    const { replaceGivenIds } = await import('./givenIds.js');
    this.readCount = await replaceGivenIds(definitions, parsed, async (paths) => {
      const syn = await this.connect(parsed.flags, { anonymous: true });
      return syn.findByPaths(paths, { signal: this.signal });
    });
    if (this.readCount === 0) this.note('Standard input has no ids.');
  }

  /** The name of the command as in a command line: `local start`. */
  get #name(): string {
    return (this.id ?? '').replaceAll(':', ' ');
  }

  /** Creates a client from the flags, without a login. It is closed when the command ends. */
  protected async client(flags: GlobalFlags, more: SynapseOptions = {}): Promise<Synapse> {
    const path = flags['config-path'];
    if (path !== undefined && !this.writesConfig && !existsSync(path)) {
      throw usageError(`--config-path: the file ${path} does not exist.`);
    }
    if (flags.otel !== undefined)
      this.note('--otel has no effect: this client does not record traces.');
    const { Synapse } = await import('../synapse.js');
    return (this.#client = new Synapse(this.clientOptions(flags, more)));
  }

  /** The options of a client that the flags ask for. */
  protected clientOptions(flags: GlobalFlags, more: SynapseOptions = {}): SynapseOptions {
    return {
      userAgent: `synapse-cli/${this.config.version}`,
      log: (message) => this.note(message),
      configPath: flags['config-path'] || undefined,
      endpoint: flags.endpoint || undefined,
      profile: flags.profile || undefined,
      cacheDir: flags['cache-dir'] || undefined,
      useCache: !flags['no-cache'],
      limitRate: flags['limit-rate'],
      onWait: (notice) => this.#announceWait(notice),
      onRequest: this.#debug ? (notice) => this.#announceRequest(notice) : undefined,
      ...more,
    };
  }

  /**
   * Creates a client and logs in with the first credentials found.
   *
   * @param anonymous - Continue without a login when there are no credentials: public data needs no account.
   */
  protected async connect(
    flags: GlobalFlags,
    { anonymous = false }: { anonymous?: boolean } = {},
  ): Promise<Synapse> {
    this.#connection ??= this.client(flags).then((syn) =>
      tryLogin(syn, { ...givenLogin(flags), signal: this.signal }),
    );
    const { syn, login, refusal } = await this.#connection;
    if (login !== undefined) this.#userName = login.userName;
    if (refusal !== undefined && !anonymous) throw refusal;
    this.#isAnonymous = refusal !== undefined;
    return syn;
  }

  /** The name of the user who is logged in. */
  protected get userName(): string {
    return this.#userName;
  }

  /** The progress callback for transfers: bars on a terminal, otherwise one line for each file, nothing with `--quiet`. */
  protected async progress(): Promise<(progress: Progress) => void> {
    const { createProgressView } = await import('./progressView.js');
    this.#view ??= createProgressView({
      quiet: this.#quiet,
      json: this.jsonEnabled(),
      stream: process.stderr,
    });
    const { show } = this.#view;
    return (progress) => {
      collectLines(process.stderr);
      show(progress);
    };
  }

  /** The progress callback for several files, and the summary that counts them. */
  protected async countedProgress(): Promise<{
    summary: TransferSummary;
    onProgress: (progress: Progress) => void;
  }> {
    const { TransferSummary } = await import('./transferSummary.js');
    const summary = new TransferSummary();
    const show = await this.progress();
    const onProgress = (progress: Progress): void => {
      summary.count(progress);
      show(progress);
    };
    return { summary, onProgress };
  }

  /** Reports results one by one. With `--json`, completed results are printed even when others fail. */
  protected async collect<T, R>(done: AsyncIterable<T>, report: (one: T) => R): Promise<R[]> {
    const results: R[] = [];
    try {
      for await (const one of done) await this.keep(results, report(one));
    } catch (error) {
      await this.printPartial(results);
      throw error;
    }
    return results;
  }

  /** Whether the result is one object: there is one id, on the command line. */
  protected isOne(ids: readonly string[]): boolean {
    return ids.length === 1 && this.readCount === undefined;
  }

  /**
   * Does something for each id. One that fails does not stop the others.
   *
   * @param done - The operation as a past participle: `deleted`.
   * @returns The result for a single id on the command line, else a list.
   * @throws PartialFailureError at the end, when some of several failed
   */
  protected async forEachId<R>(
    ids: readonly string[],
    done: string,
    run: (id: string) => Promise<R>,
  ): Promise<R | R[]> {
    const [first] = ids;
    if (first !== undefined && this.isOne(ids)) return run(first);
    const { attemptIds } = await import('./attemptIds.js');
    return this.collect(attemptIds(ids, done, run), (result) => result);
  }

  /** Like {@link collect} for the files of a transfer, with a summary at the end. */
  protected async collectFiles<T, R>(
    done: AsyncIterable<T>,
    report: (one: T) => R,
    summary: TransferSummary,
    words: SummaryWords,
  ): Promise<R[]> {
    try {
      return await this.collect(done, report);
    } catch (error) {
      summary.countFailures(error);
      throw error;
    } finally {
      await this.noticeSummary(summary, words);
    }
  }

  /** Reports the totals of a transfer, if there are any. */
  protected async noticeSummary(summary: TransferSummary, words: SummaryWords): Promise<void> {
    const { summaryLine } = await import('./transferSummary.js');
    const totals = summary.totals();
    if (!summary.isEmpty) this.notice(summaryLine(totals, words), totals);
  }

  /**
   * Asks whether to go on with what cannot be undone.
   *
   * @param otherwise - What to do where nobody can be asked: `add --yes to delete the page`.
   * @throws a usage error without a terminal, and with `--json`
   */
  protected async confirm(question: string, otherwise: string): Promise<boolean> {
    this.requireTerminal(otherwise);
    const answer = await ask(`${question} (y/N)`, { secret: false, signal: this.signal });
    return /^y(?:es)?$/i.test(answer.trim());
  }

  /** Fails where nobody can be asked. @param otherwise - What to do then. */
  protected requireTerminal(otherwise: string): void {
    if (canAsk() && !this.jsonEnabled()) return;
    throw usageError(`No terminal to ask for confirmation: ${otherwise}.`);
  }

  /** Fails when some of several operations did. With `--json`, the results are printed first. @param done - A past participle. */
  protected async throwFailed(
    done: string,
    failures: readonly Failure[],
    results: unknown,
  ): Promise<void> {
    if (failures.length === 0) return;
    await this.printPartial(results);
    const { PartialFailureError } = await import('../errors.js');
    throw new PartialFailureError(done, failures);
  }

  override log(message = '', ...args: unknown[]): void {
    this.#printResult(() => super.log(printableTable(message), ...args));
  }

  /** Prints a text whose lines can have any length. */
  protected logText(text: string): void {
    this.#printResult(() => super.log(printableText(text)));
  }

  /** Prints JSON that is already formatted. */
  protected logJsonText(json: string): void {
    this.#printResult(() => super.log(escapedJson(json)));
  }

  #printResult(write: () => void): void {
    collectLines(process.stdout);
    this.#print(write);
  }

  /** Reports that the client waits: as a line, or with `--json` as an event. */
  #announceWait({ kind, ...notice }: WaitNotice): void {
    this.notice(notice.message, { kind: 'wait', reason: kind, ...notice });
  }

  /** What `--debug` prints of a request, also with `--quiet`. */
  #announceRequest(notice: RequestNotice): void {
    this.#print(() => {
      if (this.jsonEnabled()) printEvent({ kind: 'request', ...notice });
      else printNote(requestText(notice));
    });
  }

  /** Reports something besides the result: as a line on stderr, or with `--json` as an event. Nothing with `--quiet`. */
  protected notice(line: string, event: object): void {
    if (!this.jsonEnabled()) this.note(line);
    else if (!this.#quiet) printEvent(event);
  }

  /** Prints a note to stderr, unless `--quiet` or `--json` is given. */
  protected note(message: string): void {
    if (this.#quiet || this.jsonEnabled()) return;
    this.#print(() => printNote(message));
  }

  /** Writes without mixing the text with progress bars. */
  #print(write: () => void): void {
    if (this.#view) this.#view.print(write);
    else write();
  }

  protected override catch(error: Error): Promise<never> {
    // oclif does not report an exit error again.
    return this.exit(this.#report(takeOutputFailure() ?? error));
  }

  /** Reports that the command failed, once. @returns the exit status */
  #report(error: unknown): number {
    this.#view?.end();
    const { message: reason, exitCode: usual, json } = describeError(error);
    // Anonymous access was refused: logging in may help.
    const isLoginMissing = this.#isAnonymous && json.error.status === 403;
    const exitCode = isLoginMissing ? exitCodes.login : usual;
    if (this.#isReported) return exitCode;
    this.#isReported = true;
    const isInterrupted = exitCode === exitCodes.interrupted;
    const message =
      isInterrupted && this.isResumable
        ? `${reason} Run the same command again to resume.`
        : reason;
    if (this.jsonEnabled()) printEvent(json);
    else printNote(`synapse ${this.#name}: ${message}`);
    if (this.#debug && error instanceof Error) printNote(debugText(error));
    process.exitCode = exitCode;
    return exitCode;
  }

  protected override async finally(error: Error | undefined): Promise<void> {
    this.#view?.end();
    writeCollected();
    await this.closeOutput();
    await this.#client?.close();
    await super.finally(error);
  }
}
