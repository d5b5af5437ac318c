import ts from 'typescript';
import type { Prose } from './prose.js';

/** Text to put into a doc comment. */
interface Note {
  text?: string | undefined;
  answer?: string | undefined;
}

interface Edit {
  start: number;
  end: number;
  text: string;
}

/**
 * A declaration file of `generated/` with upstream's prose in its doc comments: on types and their properties, on services' arguments and
 * answers, on the parameters of the façade's endpoints.
 */
export function describeDeclarations(declarations: string, prose: Prose): string {
  const file = ts.createSourceFile('generated.d.ts', declarations, ts.ScriptTarget.Latest, true);
  const edits: Edit[] = [];
  const note = (node: ts.Node, content: Note): void => {
    if (content.text !== undefined || content.answer !== undefined)
      edits.push(editFor(file, node, content));
  };
  for (const statement of file.statements) {
    if (ts.isTypeAliasDeclaration(statement))
      note(statement, { text: prose.types.get(statement.name.text) });
    if (!ts.isInterfaceDeclaration(statement)) continue;
    const owner = statement.name.text;
    note(statement, { text: prose.types.get(owner) });
    for (const member of statement.members) {
      if (ts.isMethodSignature(member)) describeMethod(member, owner, prose, note);
      if (!ts.isPropertySignature(member)) continue;
      note(member, { text: prose.properties.get(`${owner}.${nameOf(member)}`) });
      const id = endpointId(file, member);
      if (id !== undefined) describeParameters(member, id, prose, note);
    }
  }
  return apply(declarations, edits);
}

type Annotate = (node: ts.Node, content: Note) => void;

function describeMethod(
  method: ts.MethodSignature,
  owner: string,
  prose: Prose,
  note: Annotate,
): void {
  const id = `${owner.charAt(0).toLowerCase()}${owner.slice(1, -'Service'.length)}.${nameOf(method)}`;
  note(method, { answer: prose.answers.get(id) });
  const args = method.parameters[0];
  if (args !== undefined) describeParameters(args, id, prose, note);
}

/** Parameters are the property signatures inside a service method's `args` or a façade endpoint's `path` and `query`. */
function describeParameters(root: ts.Node, id: string, prose: Prose, note: Annotate): void {
  const visit = (node: ts.Node): void => {
    if (ts.isPropertySignature(node) && ts.isTypeLiteralNode(node.parent)) {
      note(node, { text: prose.parameters.get(`${id}.${nameOf(node)}`) });
    }
    ts.forEachChild(node, visit);
  };
  ts.forEachChild(root, visit);
}

/** The façade's endpoints have the operation's id at the start of their comment. */
function endpointId(file: ts.SourceFile, node: ts.PropertySignature): string | undefined {
  return /^\/\*\*[\s*]+`(\w+\.\w+)`/.exec(commentOf(file, node)?.text ?? '')?.[1];
}

function nameOf(node: ts.PropertySignature | ts.MethodSignature): string {
  return ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : '';
}

function commentOf(
  file: ts.SourceFile,
  node: ts.Node,
): { pos: number; end: number; text: string } | undefined {
  const range = ts.getLeadingCommentRanges(file.text, node.pos)?.at(-1);
  return range === undefined
    ? undefined
    : { ...range, text: file.text.slice(range.pos, range.end) };
}

/** The comment of a node with the text before its tags and the answer among them; a new comment where there is none. */
function editFor(file: ts.SourceFile, node: ts.Node, { text, answer }: Note): Edit {
  const comment = commentOf(file, node);
  const start = node.getStart(file);
  const indent = /(?<![ \t])[ \t]*$/.exec(file.text.slice(0, comment?.pos ?? start))?.[0] ?? '';
  const { body, tags } = parts(comment?.text ?? '');
  if (text !== undefined) body.push(...(body.length > 0 ? [''] : []), ...text.split('\n'));
  if (answer !== undefined) tags.unshift(...`@returns ${answer}`.split('\n'));
  const block = docBlock([...body, ...tags], indent);
  return comment === undefined
    ? { start, end: start, text: `${block}\n${indent}` }
    : { start: comment.pos, end: comment.end, text: block };
}

/** What a comment says before its tags, and the tags. */
function parts(comment: string): { body: string[]; tags: string[] } {
  const text = comment
    .replace(/^\/\*\*|\*\/$/g, '')
    .replace(/^[ \t]*\* ?/gm, '')
    .trim();
  const lines = text === '' ? [] : text.split('\n').map((line) => line.trim());
  const firstTag = lines.findIndex((line) => line.startsWith('@'));
  return firstTag < 0
    ? { body: lines, tags: [] }
    : { body: lines.slice(0, firstTag), tags: lines.slice(firstTag) };
}

function docBlock(lines: readonly string[], indent: string): string {
  if (lines.length === 1) return `/** ${lines[0] ?? ''} */`;
  return ['/**', ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`].join(
    '\n',
  );
}

function apply(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let position = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start)) {
    pieces.push(text.slice(position, edit.start), edit.text);
    position = edit.end;
  }
  return [...pieces, text.slice(position)].join('');
}
