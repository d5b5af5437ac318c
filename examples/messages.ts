// Messages between users, a discussion in the forum of a project, and subscriptions to both.
import { randomUUID } from 'node:crypto';
import { Project, Synapse } from 'synapseclient';

const syn = new Synapse();
await syn.login();
const me = await syn.users.get();
const study = await syn.store(new Project({ name: `Study ${randomUUID()}` }));

try {
  console.log('== Send a message: to users and teams, by name or id');
  const sent = await syn.messages.send({
    recipients: [me],
    subject: 'Night 3',
    body: 'Two mice slept for 20 hours. 🐭',
  });

  console.log('== Read what is new');
  for await (const message of syn.messages.inbox({ status: 'UNREAD', text: true })) {
    if (message.id !== sent.id) continue;
    console.log(`${message.subject}: ${message.text}`);
    await syn.messages.setStatus(message, 'READ');
  }

  console.log('\n== Reply, and read the conversation');
  await syn.messages.reply(sent, { body: 'The sensor was broken.' });
  for await (const { subject, text } of syn.messages.conversation(sent, { text: true })) {
    console.log(`${subject}: ${text}`);
  }

  console.log('\n== Begin a discussion in the forum of a project');
  const forum = await syn.discussions.forum(study);
  const thread = await syn.discussions.create(forum, {
    title: 'Outliers of night 3',
    text: `What happened in ${study.id}?`,
  });
  await syn.discussions.reply(thread, 'The sensor was **broken**.');
  await syn.discussions.create(forum, { title: 'Next meeting', text: 'Monday?' });

  console.log('== Pin a thread: it comes first');
  await syn.discussions.pin(thread);
  for await (const { title, numberOfReplies } of syn.discussions.threads(forum)) {
    console.log(`${title} (${numberOfReplies} replies)`);
  }

  console.log('\n== Read a thread with its replies');
  console.log(
    (await syn.discussions.get(thread, { text: true })).text?.replace(study.id, 'syn...'),
  );
  for await (const { text } of syn.discussions.replies(thread, { text: true })) console.log(text);

  console.log('\n== Search the forum, and find what mentions an entity');
  const matches = await syn.discussions.search(forum, 'sensor').toArray();
  console.log(matches.map(({ replyId }) => (replyId === undefined ? 'a thread' : 'a reply')));
  for await (const { title } of syn.discussions.threadsAbout(study)) console.log(title);

  console.log('\n== Subscribe to new threads, and end a subscription');
  await syn.subscriptions.subscribe('FORUM', forum);
  console.log(await syn.subscriptions.subscriberCount('FORUM', forum));
  await syn.subscriptions.unsubscribe('FORUM', forum);
  console.log(await syn.subscriptions.isSubscribed('FORUM', forum));
} finally {
  await syn.delete(study);
  await syn.close();
}

// Output:
//   == Send a message: to users and teams, by name or id
//   == Read what is new
//   Night 3: Two mice slept for 20 hours. 🐭
//
//   == Reply, and read the conversation
//   Night 3: Two mice slept for 20 hours. 🐭
//   Re: Night 3: The sensor was broken.
//
//   == Begin a discussion in the forum of a project
//   == Pin a thread: it comes first
//   Outliers of night 3 (1 replies)
//   Next meeting (0 replies)
//
//   == Read a thread with its replies
//   What happened in syn...?
//   The sensor was **broken**.
//
//   == Search the forum, and find what mentions an entity
//   [ 'a reply' ]
//   Outliers of night 3
//
//   == Subscribe to new threads, and end a subscription
//   1
//   false
