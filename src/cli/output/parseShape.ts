/** A shape of JSON, as {@link parseShape} reads it. */
export type ShapeNode =
  | { kind: 'object'; members: ReadonlyMap<string, Member>; isOpen: boolean }
  /** An object whose keys are names of anything. */
  | { kind: 'map'; value: ShapeNode }
  | { kind: 'list'; item: ShapeNode }
  | { kind: 'union'; options: readonly ShapeNode[] }
  /** A primitive type, or a shape with a name. */
  | { kind: 'name'; name: string };

interface Member {
  shape: ShapeNode;
  isOptional: boolean;
}

const token = /\w+|\.\.\.|[^\s\w.]/g;

/**
 * Reads a shape: `{ id: text, size?: count, tags: text[], ... }`. `?` marks a member that may be absent, `...` that there may be
 * others, `[name]` stands for any key, `|` separates alternatives.
 *
 * @throws Error for what is no shape.
 */
export function parseShape(text: string): ShapeNode {
  return new ShapeReader(text).read();
}

class ShapeReader {
  readonly #text: string;
  readonly #words: readonly string[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#words = text.match(token) ?? [];
  }

  read(): ShapeNode {
    const shape = this.#readUnion();
    if (this.#at < this.#words.length) throw this.#problem('is too much');
    return shape;
  }

  #readUnion(): ShapeNode {
    const first = this.#readList();
    if (this.#word !== '|') return first;
    const options = [first];
    while (this.#skip('|')) options.push(this.#readList());
    return { kind: 'union', options };
  }

  #readList(): ShapeNode {
    let shape = this.#readOne();
    while (this.#skip('[')) {
      this.#expect(']');
      shape = { kind: 'list', item: shape };
    }
    return shape;
  }

  #readOne(): ShapeNode {
    if (this.#skip('{')) return this.#skip('[') ? this.#readMap() : this.#readObject();
    if (this.#skip('(')) {
      const inner = this.#readUnion();
      this.#expect(')');
      return inner;
    }
    return { kind: 'name', name: this.#readName() };
  }

  #readMap(): ShapeNode {
    this.#readName();
    this.#expect(']');
    this.#expect(':');
    const value = this.#readUnion();
    this.#expect('}');
    return { kind: 'map', value };
  }

  #readObject(): ShapeNode {
    const members = new Map<string, Member>();
    let isOpen = false;
    while (!this.#skip('}')) {
      if (this.#skip('...')) isOpen = true;
      else {
        const name = this.#readName();
        const isOptional = this.#skip('?');
        this.#expect(':');
        members.set(name, { shape: this.#readUnion(), isOptional });
      }
      if (this.#word !== '}') this.#expect(',');
    }
    return { kind: 'object', members, isOpen };
  }

  #readName(): string {
    const name = this.#word;
    if (!/^\w+$/.test(name)) throw this.#problem('is no name');
    this.#at += 1;
    return name;
  }

  get #word(): string {
    return this.#words[this.#at] ?? '';
  }

  #skip(word: string): boolean {
    if (this.#word !== word) return false;
    this.#at += 1;
    return true;
  }

  #expect(word: string): void {
    if (!this.#skip(word)) throw this.#problem(`stands where ${word} should be`);
  }

  #problem(what: string): Error {
    return new Error(`${this.#word || 'The end'} ${what}: ${this.#text}`);
  }
}
