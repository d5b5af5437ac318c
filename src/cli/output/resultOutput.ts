import { parseJson } from '../../values/json.js';
import { escapedJson, printableJson, printableText } from '../printable.js';
import { pipeToStdout } from '../pipeToStdout.js';
import { collectLines, isReaderGone } from '../standardStreams.js';
import { usageError } from '../usageError.js';
import type { JqThread } from './jqThread.js';
import { selectFields } from './selectFields.js';
import { writeOut } from './writeOut.js';

/** The flags that say how a result is printed. */
export interface OutputFlags {
  ndjson?: boolean | undefined;
  fields?: string | undefined;
  jq?: string | undefined;
}

/** How a {@link ResultOutput} prints. */
export interface OutputOptions {
  /** The id of the command. */
  command: string;
  flags: OutputFlags;
  signal: AbortSignal;
  /** Called before something is written: it erases the progress bars. */
  beforeWrite: () => void;
}

/** Items that wait for jq before the command waits, too. */
const mostWaiting = 1000;

/**
 * Prints the result of a command as JSON: as a whole, or with `--ndjson` item by item. `--fields` selects from it, and `--jq`
 * gets what is left.
 */
export class ResultOutput {
  /** Whether items are printed as they arrive. */
  readonly isStream: boolean;
  readonly #options: OutputOptions;
  readonly #fields: readonly string[] | undefined;
  #jq: JqThread | undefined;
  /** Fields that were found in no item so far. */
  #missing: Map<string, Set<string>> | undefined;
  #waiting: string[] = [];
  #running: Promise<void> | undefined;
  #failure: Error | undefined;
  #itemCount = 0;

  constructor(options: OutputOptions) {
    this.#options = options;
    const { ndjson = false, fields } = options.flags;
    this.isStream = ndjson;
    this.#fields = fields === undefined ? undefined : fieldNames(fields);
  }

  /** Checks the names of fields and the jq expression, before the command does anything. @throws a usage error. */
  async open(): Promise<void> {
    const { command, flags, signal } = this.#options;
    if (this.#fields !== undefined) {
      const { unknownField } = await import('./unknownField.js');
      for (const field of this.#fields) {
        const names = unknownField(command, field);
        if (names !== undefined) throw missingField(field, names);
      }
    }
    if (flags.jq === undefined) return;
    const { JqThread } = await import('./jqThread.js');
    this.#jq = new JqThread({ expression: flags.jq, signal });
    await this.#jq.check();
  }

  /** Prints an item of a list. A failure is kept for {@link end}: the command goes on with what it does. */
  async item(value: unknown): Promise<void> {
    this.#itemCount += 1;
    await this.#itemText(printableJson(value));
  }

  /** Prints a result, unless it is a list whose items were printed. With `--ndjson`, each item of a list is a line. */
  async result(value: unknown): Promise<void> {
    if (value === undefined) return;
    if (!this.isStream) await this.#resultText(printableJson(value, 2));
    else if (!Array.isArray(value)) await this.item(value);
    else if (this.#itemCount === 0) for (const item of value) await this.item(item);
  }

  /** Prints JSON text as it arrives: the result, or with `--ndjson` complete lines of it. */
  async chunks(chunks: AsyncIterable<Uint8Array | string>): Promise<void> {
    if (this.#fields === undefined && this.#jq === undefined) {
      await pipeToStdout(chunks, this.#options.signal);
      return;
    }
    const kept: string[] = [];
    for await (const chunk of chunks) {
      const text = chunk.toString();
      if (!this.isStream) kept.push(text);
      else for (const line of text.split('\n')) if (line !== '') await this.#itemText(line);
      if (isReaderGone()) return;
    }
    if (!this.isStream) await this.#resultText(kept.join('').trimEnd());
  }

  async #itemText(json: string): Promise<void> {
    const text = this.#select(json);
    if (this.#jq === undefined) {
      await this.#write(`${text}\n`);
      return;
    }
    this.#waiting.push(text);
    this.#running ??= this.#runWaiting(this.#jq).finally(() => (this.#running = undefined));
    if (this.#waiting.length >= mostWaiting) await this.#running;
  }

  async #resultText(json: string): Promise<void> {
    const text = this.#select(json);
    if (this.#jq === undefined) await this.#write(`${text}\n`);
    else await this.#print(this.#jq, text);
  }

  /** Waits until everything is printed. @throws a usage error when a field was in no item, and the error of jq. */
  async end(): Promise<void> {
    await this.#running;
    const failure = this.#failure ?? this.#missingError();
    this.#failure = undefined;
    this.#missing = undefined;
    if (failure) throw failure;
  }

  async close(): Promise<void> {
    await this.#jq?.close();
  }

  #select(json: string): string {
    if (this.#fields === undefined) return json;
    const value = parseJson(json, { exactNumbers: true });
    const { selected, missing } = selectFields(value, this.#fields);
    if (!Array.isArray(value) || value.length > 0) this.#stillMissing(missing);
    if (!this.isStream) {
      // All items are here: nothing is printed for a field that none has.
      const failure = this.#missingError();
      if (failure) throw failure;
    }
    return printableJson(selected, this.isStream ? undefined : 2);
  }

  #stillMissing(missing: Map<string, Set<string>>): void {
    this.#missing ??= new Map(missing);
    for (const field of this.#missing.keys()) if (!missing.has(field)) this.#missing.delete(field);
  }

  #missingError(): Error | undefined {
    const [first] = this.#missing ?? [];
    if (first === undefined) return undefined;
    return missingField(...first);
  }

  async #runWaiting(jq: JqThread): Promise<void> {
    while (this.#waiting.length > 0) {
      const texts = this.#waiting;
      this.#waiting = [];
      try {
        await this.#print(jq, texts.join('\n'));
      } catch (error) {
        this.#failure ??= error as Error;
      }
    }
  }

  async #print(jq: JqThread, input: string): Promise<void> {
    const { lines, error } = await jq.run(input);
    if (lines.length > 0) await this.#write(`${lines.map(shownLine).join('\n')}\n`);
    if (error) throw error;
  }

  async #write(text: string): Promise<void> {
    this.#options.beforeWrite();
    collectLines(process.stdout);
    await writeOut(text, this.#options.signal);
  }
}

const mostNames = 40;

function missingField(field: string, names: Iterable<string>): Error {
  const all = [...names];
  const there = all.slice(0, mostNames).map((name) => printableText(name));
  const rest = all.length > mostNames ? `, and ${all.length - mostNames} more` : '';
  const hint = all.length === 0 ? '' : ` There are: ${there.join(', ')}${rest}.`;
  return usageError(`--fields: the result has no field ${printableText(field)}.${hint}`);
}

function fieldNames(list: string): string[] {
  const names = list.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '' && !/^\.|\.$|\.\./.test(name))) return names;
  throw usageError('--fields: name fields like this: --fields id,name,annotations.tissue');
}

/** Returns the text of a JSON string, or the JSON of another value. On a terminal, control characters of a text are escaped. */
function shownLine(json: string): string {
  if (!json.startsWith('"')) return escapedJson(json);
  const text = JSON.parse(json) as string;
  return process.stdout.isTTY ? printableText(text) : text;
}
