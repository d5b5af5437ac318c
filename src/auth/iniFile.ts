import { ConfigError } from '../errors.js';
import { leadingWhitespace, strip, stripEnd } from '../values/whitespace.js';

/** Sections of an INI text in their order; option names are in lower case. */
export type IniSections = ReadonlyMap<string, ReadonlyMap<string, string>>;

/** The section whose options every other section inherits; it is not a section itself. */
const inherited = 'DEFAULT';

const header = /^\[(.+)\]/;
const option = /^([^=:]*)[=:](.*)$/s;

/**
 * Reads an INI text with the rules of Python's `RawConfigParser`, since `~/.synapseConfig` is shared with
 * the Python client: no interpolation, no inline comments, continuation lines by indentation, option names
 * in any case, no duplicate sections or options.
 *
 * @throws {@link ConfigError} with the line number, for any other line.
 */
export function parseIni(text: string, path: string): IniSections {
  return new IniReader(path).read(text);
}

class IniReader {
  readonly #sections = new Map<string, Map<string, string[]>>();
  readonly #defaults = new Map<string, string[]>();
  #options: Map<string, string[]> | undefined;
  #value: string[] | undefined;
  #indent = 0;

  constructor(private readonly path: string) {}

  read(text: string): IniSections {
    // A trailing newline ends the last line and does not start another one.
    const lines = text.replace(/\r\n?/g, '\n').replace(/\n$/, '').split('\n');
    lines.forEach((line, index) => this.#line(line, index + 1));
    return new Map(
      [...this.#sections].map(([name, options]) => [
        name,
        new Map([...this.#defaults, ...options].map(([key, value]) => [key, joined(value)])),
      ]),
    );
  }

  #line(line: string, number: number): void {
    const content = strip(line);
    if (content.startsWith('#') || content.startsWith(';')) return;
    if (content === '') {
      this.#value?.push('');
      return;
    }
    const indent = leadingWhitespace(line);
    if (this.#value !== undefined && indent > this.#indent) {
      this.#value.push(content);
      return;
    }
    this.#indent = indent;
    const section = header.exec(content)?.[1];
    if (section !== undefined) this.#openSection(section, number);
    else this.#addOption(content, number);
  }

  #openSection(name: string, line: number): void {
    this.#value = undefined;
    if (name === inherited) {
      this.#options = this.#defaults;
      return;
    }
    if (this.#sections.has(name)) throw this.#error(`section [${name}] occurs twice`, line);
    this.#options = new Map();
    this.#sections.set(name, this.#options);
  }

  #addOption(content: string, line: number): void {
    if (this.#options === undefined) {
      // A byte order mark is not white space. It is an error, because the Python client cannot read such a file either.
      const reason = content.startsWith('\ufeff')
        ? 'the file begins with a byte order mark; save it as plain UTF-8'
        : 'expected a section such as [default] first';
      throw this.#error(reason, line);
    }
    const [name = '', value] = (option.exec(content) ?? []).slice(1).map(strip);
    // The message does not contain the line, which may be part of a token.
    if (name === '' || value === undefined)
      throw this.#error('expected a line such as name=value', line);
    const key = name.toLowerCase();
    if (this.#options.has(key)) throw this.#error(`option ${key} occurs twice`, line);
    this.#value = [value];
    this.#options.set(key, this.#value);
  }

  #error(reason: string, line: number): ConfigError {
    return new ConfigError(`Cannot read ${this.path}, line ${line}: ${reason}.`, {
      path: this.path,
      line,
    });
  }
}

function joined(lines: readonly string[]): string {
  return stripEnd(lines.join('\n'));
}
