// Provenance: what a file was made from, and by which program.
import { randomUUID } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import {
  Activity,
  File,
  Project,
  Synapse,
  toMermaid,
  toSvg,
  UsedEntity,
  UsedURL,
  type ProvenanceGraph,
} from 'synapseclient';

const syn = new Synapse();
await syn.login();
const project = await syn.store(new Project({ name: `Biospecimens ${randomUUID()}` }));

try {
  const store = async (name: string, content: string, options = {}) => {
    await writeFile(name, content);
    return syn.store(new File({ path: name, parent: project }), options);
  };

  console.log('== Say what made a file when you store it');
  const raw = await store('reads.csv', 'sample,reads\nA,91\nB,12\n');
  const passed = await store('passed.csv', 'sample,reads\nA,91\n', {
    activityName: 'Quality control',
    activityDescription: 'Samples with fewer than 20 reads are left out',
    used: [raw, 'https://www.bioinformatics.babraham.ac.uk/projects/fastqc/'],
    executed: 'https://github.com/example/pipeline/blob/v1.0/quality.R',
  });
  console.log(`${passed.name} is version ${passed.versionNumber}`);

  console.log('\n== Read it again');
  const activity = new Activity(await syn.provenance.get(passed));
  console.log(activity.name);
  for (const item of activity.items) {
    console.log(item.wasExecuted ? 'executed' : 'used', item.toManifest());
  }

  console.log('\n== A new version has an activity of its own');
  const next = await store('passed.csv', 'sample,reads\nA,0.91\n', {
    activityName: 'Scale',
    used: [`${passed.id}.1`],
  });
  for (const version of [1, 2]) {
    const { name } = (await syn.provenance.get(next, { version })) ?? {};
    console.log(`version ${version}: ${name}`);
  }

  console.log('\n== Say it later, for a file that is stored already');
  const plot = await store('plot.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
  const plotting = new Activity({ name: 'Plot' })
    .used(next)
    .executed(new UsedURL('https://www.r-project.org', { name: 'R 4.5' }));
  await syn.provenance.set(plot, plotting);

  console.log('\n== One activity can generate several files');
  const table = await store('table.txt', 'A 0.91', { activity: plotting });
  for await (const { id, versionNumber } of syn.provenance.generated(plotting)) {
    console.log(id === plot.id ? 'plot.svg' : 'table.txt', versionNumber);
  }

  console.log('\n== Change it: for all of them');
  plotting.description = 'One point for each sample';
  plotting.used(new UsedEntity(raw));
  await syn.provenance.store(plotting);
  const changed = await syn.provenance.get(table);
  console.log(changed?.description, changed?.used?.length);

  console.log('\n== Keep the activity when only the text around the data changes');
  const read = await syn.get(File, passed.id, { downloadFile: false, includeActivity: true });
  read.description = 'Samples with enough reads';
  await syn.store(read, { associateActivityToNewVersion: true });
  console.log(read.versionNumber, (await syn.provenance.get(read))?.name);

  console.log('\n== Follow it back to where everything began');
  const graph = await syn.provenance.graph(plot);
  printEdges(graph);

  console.log('\n== Draw it: for Markdown, and as a picture');
  console.log(toMermaid(graph).split('\n')[0]);
  await writeFile('provenance.svg', toSvg(graph));
  console.log((await readFile('provenance.svg', 'utf8')).slice(0, 4));

  console.log('\n== Take it off one file, and delete it with the other');
  await syn.provenance.disassociate(plot);
  console.log(await syn.provenance.get(plot), (await syn.provenance.getActivity(plotting)).name);
  await syn.provenance.delete(table);
  console.log(await syn.provenance.get(table));
} finally {
  await syn.delete(project);
  await syn.close();
}

/** One line for each thing that an activity used or made. */
function printEdges({ nodes, edges }: ProvenanceGraph) {
  const names = new Map(
    nodes.map((node) => [node.key, node.kind === 'activity' ? node.name : node.key]),
  );
  for (const { kind, from, to } of edges) {
    if (kind !== 'performed') console.log(`${names.get(from)} --${kind}--> ${names.get(to)}`);
  }
}

// Output:
//   == Say what made a file when you store it
//   passed.csv is version 1
//
//   == Read it again
//   Quality control
//   used syn1.1
//   used https://www.bioinformatics.babraham.ac.uk/projects/fastqc/
//   executed https://github.com/example/pipeline/blob/v1.0/quality.R
//
//   == A new version has an activity of its own
//   version 1: Quality control
//   version 2: Scale
//
//   == Say it later, for a file that is stored already
//
//   == One activity can generate several files
//   plot.svg 1
//   table.txt 1
//
//   == Change it: for all of them
//   One point for each sample 3
//
//   == Keep the activity when only the text around the data changes
//   3 Scale
//
//   == Follow it back to where everything began
//   Plot --generated--> syn2.1
//   syn3.2 --used--> Plot
//   url:https://www.r-project.org R 4.5 --executed--> Plot
//   syn1.1 --used--> Plot
//   Scale --generated--> syn3.2
//   syn3.1 --used--> Scale
//   Quality control --generated--> syn3.1
//   syn1.1 --used--> Quality control
//   url:https://www.bioinformatics.babraham.ac.uk/projects/fastqc/ --used--> Quality control
//   url:https://github.com/example/pipeline/blob/v1.0/quality.R --executed--> Quality control
//
//   == Draw it: for Markdown, and as a picture
//   flowchart LR
//   <svg
//
//   == Take it off one file, and delete it with the other
//   undefined Plot
//   undefined
