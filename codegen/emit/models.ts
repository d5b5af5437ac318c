import openapiTS from 'openapi-typescript';
import ts from 'typescript';
import type { OpenAPI3 } from 'openapi-typescript';
import type { Description } from '../description.js';
import { docComment, HEADER, schemaUrl } from './text.js';

/**
 * `models.ts`, cut from what openapi-typescript makes. It puts all types into one `components` object, where an editor shows
 * `components["schemas"]["FileEntity"]`. Here each becomes a declaration of its own.
 */
export async function emitModels(
  description: Description,
  fullNames: ReadonlyMap<string, string>,
): Promise<string> {
  const nodes = await openapiTS(description as unknown as OpenAPI3, { alphabetize: false });
  const schemas = memberType(interfaceNamed(nodes, 'components'), 'schemas');
  const models = schemas.members.map((node) => declaration(property(node), fullNames));
  return `${HEADER}\n${models.join('\n')}`;
}

function declaration(node: ts.PropertySignature, fullNames: ReadonlyMap<string, string>): string {
  const name = nameOf(node);
  const fullName = fullNames.get(name) ?? name;
  const doc = docComment([`\`${fullName}\``, `@see ${schemaUrl(fullName)}`]);
  const type = withShortNames(typeOf(node));
  const text = print(type);
  return ts.isTypeLiteralNode(type)
    ? `${doc}export interface ${name} ${text}\n`
    : `${doc}export type ${name} = ${text};\n`;
}

/** Replaces every `components["schemas"]["X"]` by `X`. */
function withShortNames(type: ts.TypeNode): ts.TypeNode {
  const visit = (node: ts.Node): ts.Node => {
    const name = componentName(node);
    return name === undefined
      ? ts.visitEachChild(node, visit, undefined)
      : ts.factory.createTypeReferenceNode(name);
  };
  return visit(type) as ts.TypeNode;
}

function componentName(node: ts.Node): string | undefined {
  if (!ts.isIndexedAccessTypeNode(node) || !ts.isIndexedAccessTypeNode(node.objectType))
    return undefined;
  return literalText(node.objectType.indexType) === 'schemas'
    ? literalText(node.indexType)
    : undefined;
}

function literalText(type: ts.TypeNode): string | undefined {
  return ts.isLiteralTypeNode(type) && ts.isStringLiteral(type.literal)
    ? type.literal.text
    : undefined;
}

function interfaceNamed(nodes: readonly ts.Node[], name: string): ts.InterfaceDeclaration {
  const found = nodes.find((node) => ts.isInterfaceDeclaration(node) && node.name.text === name);
  if (found === undefined || !ts.isInterfaceDeclaration(found))
    throw new Error(`openapi-typescript made no interface ${name}`);
  return found;
}

function memberType(owner: ts.InterfaceDeclaration, name: string): ts.TypeLiteralNode {
  const found = owner.members.map(property).find((member) => nameOf(member) === name)?.type;
  if (found === undefined || !ts.isTypeLiteralNode(found))
    throw new Error(`openapi-typescript made no ${name}`);
  return found;
}

function property(node: ts.TypeElement): ts.PropertySignature {
  if (!ts.isPropertySignature(node))
    throw new Error(`Unexpected ${ts.SyntaxKind[node.kind]} from openapi-typescript`);
  return node;
}

function nameOf(node: ts.PropertySignature): string {
  if (ts.isIdentifier(node.name) || ts.isStringLiteral(node.name)) return node.name.text;
  throw new Error(
    `Unexpected name of kind ${ts.SyntaxKind[node.name.kind]} from openapi-typescript`,
  );
}

function typeOf(node: ts.PropertySignature): ts.TypeNode {
  if (node.type === undefined) throw new Error(`openapi-typescript gave ${nameOf(node)} no type`);
  return node.type;
}

const EMPTY_FILE = ts.createSourceFile('generated.ts', '', ts.ScriptTarget.Latest);
// Without openapi-typescript's comments, which repeat the type (`@enum {string}`, `Format: int64`).
const PRINTER = ts.createPrinter({ removeComments: true });

function print(node: ts.Node): string {
  return PRINTER.printNode(ts.EmitHint.Unspecified, node, EMPTY_FILE);
}
