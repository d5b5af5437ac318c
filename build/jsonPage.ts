import { parseShape, type ShapeNode } from '../src/cli/output/parseShape.js';
import { namedShapes, resultShapes } from '../src/cli/output/resultShapes.js';

const widest = 100;

/** Writes docs/json.md: what each command prints with `--json`. */
export function jsonPage(): string {
  const commands = Object.entries(resultShapes).map(
    ([id, shape]) => `## synapse ${id.replaceAll(':', ' ')}\n\n${block(shape)}`,
  );
  const named = Object.entries(namedShapes).map(([name, shape]) => `## ${name}\n\n${block(shape)}`);
  return `<!-- Written by \`npm run docs\` from src/cli/output/resultShapes.ts. Do not edit. -->

# JSON of the commands

With \`--json\`, a command that succeeds prints exactly one JSON value on standard output. This page has its shape, for each command. The
[guide to scripts](guides/scripting.md) tells about \`--json\`, \`--fields\`, \`--jq\`, \`--ndjson\` and errors. \`cat\` and \`head\` print the bytes of a
file, and take none of these flags.

| notation                | means                                                                              |
| ----------------------- | ---------------------------------------------------------------------------------- |
| \`text\`, \`flag\`, \`null\`  | a string; \`true\` or \`false\`; \`null\`                                                |
| \`count\`, \`number\`       | a whole number from 0, which may be above 2^53; any number                         |
| \`time\`                  | a string such as \`2024-05-06T07:08:09.123Z\`                                        |
| \`any\`                   | any JSON value                                                                     |
| \`X[]\`, \`X \\| Y\`         | a list of X; either X or Y                                                         |
| \`{ a: X, b?: Y }\`       | an object; the member \`b\` may be absent                                            |
| \`{ [name]: X }\`         | an object with any keys                                                            |
| \`...\`                   | other members, such as those that the REST API has for the type; new ones may come |
| \`Entity\`, \`Team\`, \`...\` | a [shape with a name](#shapes-with-a-name)                                         |

A result with several shapes depends on the flags: \`--dry-run\` and \`--plan\` print a plan, \`--recursive\` a list.
Members may be added in later versions. The others keep their names and types.

${commands.join('\n')}
# Shapes with a name

${named.join('\n')}`;
}

function block(shape: string): string {
  return `\`\`\`text\n${layout(parseShape(shape), '')}\n\`\`\`\n`;
}

/** A shape on one line, or where it is too long, with each member on a line of its own. */
function layout(shape: ShapeNode, indent: string): string {
  const line = oneLine(shape);
  if (indent.length + line.length <= widest) return line;
  if (shape.kind === 'list') return `${layout(shape.item, indent)}[]`;
  if (shape.kind === 'union') {
    return shape.options.map((option) => layout(option, indent)).join(`\n${indent}| `);
  }
  if (shape.kind !== 'object') return line;
  const inner = `${indent}  `;
  const members = [...shape.members].map(
    ([name, member]) => `${inner}${name}${mark(member)}: ${layout(member.shape, inner)},\n`,
  );
  return `{\n${members.join('')}${shape.isOpen ? `${inner}...\n` : ''}${indent}}`;
}

function oneLine(shape: ShapeNode): string {
  switch (shape.kind) {
    case 'name':
      return shape.name;
    case 'list': {
      const item = oneLine(shape.item);
      return shape.item.kind === 'union' ? `(${item})[]` : `${item}[]`;
    }
    case 'map':
      return `{ [name]: ${oneLine(shape.value)} }`;
    case 'union':
      return shape.options.map(oneLine).join(' | ');
    case 'object': {
      const members = [...shape.members].map(
        ([name, member]) => `${name}${mark(member)}: ${oneLine(member.shape)}`,
      );
      return `{ ${[...members, ...(shape.isOpen ? ['...'] : [])].join(', ')} }`;
    }
  }
}

function mark({ isOptional }: { isOptional: boolean }): string {
  return isOptional ? '?' : '';
}
