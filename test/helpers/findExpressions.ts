import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

/** A regular expression literal in the sources. */
export interface Expression {
  /** File and line. */
  place: string;
  expression: RegExp;
  /** Whether it is applied more than once to a text: `replace` with the flag g, `split`. */
  isRepeated: boolean;
}

/** The regular expressions of a folder: the literals, and the files that build some with `new RegExp`. */
export function findExpressions(root: string): {
  literals: Expression[];
  builtIn: ReadonlySet<string>;
} {
  const literals: Expression[] = [];
  const builtIn = new Set<string>();
  const names = readdirSync(root, { recursive: true, encoding: 'utf8' });
  for (const name of names.filter((file) => file.endsWith('.ts')).sort()) {
    const text = readFileSync(join(root, name), 'utf8');
    const file = ts.createSourceFile(name, text, ts.ScriptTarget.Latest, true);
    const visit = (node: ts.Node): void => {
      if (ts.isRegularExpressionLiteral(node)) {
        const line = file.getLineAndCharacterOfPosition(node.getStart()).line + 1;
        literals.push({ place: `${name}:${line}`, ...read(node) });
      }
      const isBuilt = ts.isNewExpression(node) || ts.isCallExpression(node);
      if (isBuilt && node.expression.getText() === 'RegExp') builtIn.add(name);
      ts.forEachChild(node, visit);
    };
    visit(file);
  }
  return { literals, builtIn };
}

function read(node: ts.RegularExpressionLiteral): Omit<Expression, 'place'> {
  const end = node.text.lastIndexOf('/');
  const expression = new RegExp(node.text.slice(1, end), node.text.slice(end + 1));
  const call = node.parent;
  const isSplit =
    ts.isCallExpression(call) &&
    ts.isPropertyAccessExpression(call.expression) &&
    call.expression.name.text === 'split';
  return { expression, isRepeated: isSplit || expression.global || expression.sticky };
}
