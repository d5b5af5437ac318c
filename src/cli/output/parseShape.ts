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
  const words = text.match(token) ?? [];
  let at = 0;
  const next = (): string => words[at++] ?? '';
  const skip = (word: string): boolean => words[at] === word && (at += 1) > 0;
  const expect = (word: string): void => {
    if (!skip(word))
      throw new Error(`${word} is missing before ${words[at] ?? 'the end'}: ${text}`);
  };
  const readUnion = (): ShapeNode => {
    const options = [readList()];
    while (skip('|')) options.push(readList());
    const [only] = options;
    return only !== undefined && options.length === 1 ? only : { kind: 'union', options };
  };
  const readList = (): ShapeNode => {
    let shape = readOne();
    while (words[at] === '[' && words[at + 1] === ']') {
      at += 2;
      shape = { kind: 'list', item: shape };
    }
    return shape;
  };
  const readOne = (): ShapeNode => {
    if (skip('{')) return readObject();
    if (skip('(')) {
      const inner = readUnion();
      expect(')');
      return inner;
    }
    const name = next();
    if (!/^\w+$/.test(name)) throw new Error(`${name || 'the end'} is no shape: ${text}`);
    return { kind: 'name', name };
  };
  const readObject = (): ShapeNode => {
    if (skip('[')) {
      next();
      expect(']');
      expect(':');
      const value = readUnion();
      expect('}');
      return { kind: 'map', value };
    }
    const members = new Map<string, Member>();
    let isOpen = false;
    while (!skip('}')) {
      if (skip('...')) isOpen = true;
      else {
        const name = next();
        const isOptional = skip('?');
        expect(':');
        members.set(name, { shape: readUnion(), isOptional });
      }
      if (words[at] !== '}') expect(',');
    }
    return { kind: 'object', members, isOpen };
  };
  const shape = readUnion();
  if (at < words.length) throw new Error(`${words[at] ?? ''} is too much: ${text}`);
  return shape;
}
