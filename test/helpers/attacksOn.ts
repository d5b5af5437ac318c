import { type AST, parseRegExpLiteral } from '@eslint-community/regexpp';

/** Characters of which a class is represented by those that it contains. */
const candidates = Array.from(' \t\n\0a0A_-.,:;=/?#&%@"\'`<>(){}[]\\|*+!~$^\u00e9\u200b\u{1f600}');

/** What makes an expression fail after a text that it matches. */
const ends = ['', '\0', '!\n', '/', '"', ' x', '<'];

/** Texts of about `size` characters that repeat pieces of texts that an expression matches, or nearly matches. */
export function attacksOn(expression: RegExp, size: number): string[] {
  const { pattern } = parseRegExpLiteral(expression);
  const pieces = new Set<string>();
  const attacks = new Set<string>();
  const flags = expression.flags.replace(/[gy]/g, '');
  const whole = pattern.alternatives.map((alternative) => sample(alternative, flags));
  for (const alternative of pattern.alternatives) collect(alternative, '');
  for (const piece of [...whole, ...pieces, ...whole.map((text) => text.slice(0, -1))]) {
    if (piece === '') continue;
    for (const end of ends) attacks.add(repeated(piece, size) + end);
  }
  return [...attacks];

  /** Every repetition inside of a node, after the text before it, and each time anew. */
  function collect(node: AST.Alternative | AST.Element, before: string): void {
    if (node.type === 'Alternative') {
      let prefix = before;
      for (const element of node.elements) {
        collect(element, prefix);
        prefix += sample(element, flags);
      }
    } else if (node.type === 'Group' || node.type === 'CapturingGroup') {
      for (const alternative of node.alternatives) collect(alternative, before);
    } else if (node.type === 'Quantifier') {
      for (const one of samples(node.element, flags)) {
        pieces.add(one);
        pieces.add(before + one);
        for (const end of ends) attacks.add(before + repeated(one, size) + end);
      }
      collect(node.element, before);
    }
  }
}

function repeated(piece: string, size: number): string {
  return piece.repeat(Math.ceil(size / piece.length));
}

/** One text that a node matches. */
function sample(node: AST.Alternative | AST.Element, flags: string): string {
  return samples(node, flags)[0] ?? '';
}

/** Some of the texts that a node matches. */
function samples(node: AST.Alternative | AST.Element, flags: string): string[] {
  switch (node.type) {
    case 'Alternative':
      return [node.elements.map((element) => sample(element, flags)).join('')];
    case 'Group':
    case 'CapturingGroup':
      return node.alternatives.map((alternative) => sample(alternative, flags));
    case 'Quantifier':
      return [sample(node.element, flags).repeat(Math.max(node.min, Math.min(1, node.max)))];
    case 'Character':
      return [String.fromCodePoint(node.value)];
    case 'CharacterClass':
    case 'CharacterSet': {
      const one = new RegExp(`^(?:${node.raw})$`, flags);
      const known = candidates.filter((character) => one.test(character));
      return known.length > 0 ? known.slice(0, 4) : [firstOf(one)];
    }
    default:
      return [''];
  }
}

function firstOf(one: RegExp): string {
  for (let code = 0; code < 0x30_000; code += 1) {
    if (one.test(String.fromCodePoint(code))) return String.fromCodePoint(code);
  }
  return '';
}
