import { Args, Flags } from '@oclif/core';
import type { EntityNode, ProvenanceGraph } from '../../../index.js';
import { BaseCommand } from '../../baseCommand.js';
import { versionFlag } from '../../flags.js';
import { printable, printableJson } from '../../printable.js';
import { writeResult } from '../../writeResult.js';
import { ofKind } from '../../valueKind.js';

const formats = ['mermaid', 'dot', 'svg', 'prov-json'] as const;

/** More than that, Mermaid does not draw without a setting of its own. */
const mostMermaidEdges = 500;

export default class ProvenanceGraphCommand extends BaseCommand {
  static override summary = 'Draw how an entity came about.';

  static override description =
    'Follows the provenance of an entity back to where nothing is recorded any more. Versions of an entity are told apart, and cycles end. ' +
    'What does not exist or may not be read is in the picture, and is named on standard error. With --json, prints the nodes and edges.';

  static override examples = [
    '<%= config.bin %> <%= command.id %> syn456 > provenance.mmd',
    '<%= config.bin %> <%= command.id %> syn456.2 --format svg --output provenance.svg',
    '<%= config.bin %> <%= command.id %> syn456 --depth 1 --format dot | dot -Tpdf > provenance.pdf',
  ];

  static override args = {
    id: ofKind(
      'entity',
      Args.string({
        description: 'Synapse id (syn123, or syn123.4 for a version).',
        required: true,
      }),
    ),
  };

  static override flags = {
    ...versionFlag,
    depth: Flags.integer({
      min: 0,
      description:
        'Activities to follow back: with 1, the activity of the entity and what that used. Default: all.',
      helpValue: '<number>',
    }),
    format: Flags.option({
      options: formats,
      default: 'mermaid' as const,
      description:
        'mermaid for Markdown, dot for Graphviz, svg for a picture, prov-json for other programs (W3C PROV).',
    })(),
    output: ofKind(
      'file',
      Flags.string({
        char: 'o',
        description: 'File to write to. Default: standard output.',
        helpValue: '<file>',
      }),
    ),
  };

  async run(): Promise<unknown> {
    const { args, flags } = await this.parse(ProvenanceGraphCommand);
    const { format, output } = flags;
    const syn = await this.connect(flags, { anonymous: true });
    const graph = await syn.provenance.graph(args.id, {
      depth: flags.depth,
      version: flags.version,
      signal: this.signal,
    });
    this.#reportGaps(graph);
    if (format === 'mermaid' && graph.edges.length > mostMermaidEdges && !this.jsonEnabled()) {
      this.note(
        `Mermaid draws at most ${mostMermaidEdges} lines unless maxEdges is set, and the graph has ${graph.edges.length}: use --format svg or dot.`,
      );
    }
    if (output !== undefined) await writeResult(output, await textOf(graph, format));
    else if (!this.jsonEnabled()) this.logText((await textOf(graph, format)).trimEnd());
    return graph;
  }

  /** Says what is not in the graph. */
  #reportGaps({ nodes }: ProvenanceGraph): void {
    const entities = nodes.filter((node): node is EntityNode => node.kind === 'entity');
    for (const { key, state } of entities) {
      const reason =
        state === 'missing' ? 'not found' : state === 'forbidden' ? 'you may not read it' : '';
      if (reason !== '')
        this.notice(`${printable(key)}: ${reason}`, { kind: 'left-out', id: key, reason });
    }
    const cut = entities.filter(({ state }) => state === 'notRead').length;
    if (cut > 0) {
      const what = cut === 1 ? 'the origin of 1 entity' : `the origins of ${cut} entities`;
      this.notice(`Not looked up, because of the limits: ${what}.`, {
        kind: 'left-out',
        count: cut,
      });
    }
  }
}

async function textOf(graph: ProvenanceGraph, format: (typeof formats)[number]): Promise<string> {
  const { toDot, toMermaid, toProvJson, toSvg } = await import('../../../index.js');
  const writers = {
    mermaid: toMermaid,
    dot: toDot,
    svg: toSvg,
    'prov-json': (each: ProvenanceGraph) => `${printableJson(toProvJson(each), 2)}\n`,
  };
  return writers[format](graph);
}
