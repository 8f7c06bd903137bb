import { writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { Message, World } from '../../sandbox/world.ts';

const patientMs = 120_000;

/** The people of a simulated workspace for a shell script: `slack PERSON VERB TEXT…` goes through HTTP on loopback. */
export async function openWorkspaceDoor(world: World, command: string): Promise<Server> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const words = JSON.parse(Buffer.concat(chunks).toString()) as string[];
      act(world, words).then(
        (text) => response.end(`${text}\n`),
        (error: unknown) => response.writeHead(500).end(`slack ${words.join(' ')}: ${error}\n`),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const script = `#!${process.execPath}
const body = JSON.stringify(process.argv.slice(2));
const answer = await fetch('http://127.0.0.1:${port}', { method: 'POST', body });
process.stdout.write(await answer.text());
process.exitCode = answer.ok ? 0 : 1;
`;
  await writeFile(command, script, { mode: 0o755 });
  return server;
}

async function act(world: World, [person = '', verb = '', ...texts]: readonly string[]): Promise<string> {
  const { workspace } = world;
  switch (verb) {
    case 'connects':
      await workspace.waitFor(() => (workspace.sockets.accepted > 0 ? true : undefined), {
        timeoutMs: patientMs,
        what: 'the bot',
      });
      return 'the bot is connected';
    case 'types':
      await world.type(person, texts.join(' '));
      return `@${person}: /etcd-backup ${texts.join(' ')}`;
    case 'asks':
      return workspace.renderMessage(await answerTo(world, person, texts));
    case 'reads':
      return workspace.renderMessage(await world.reads(person, allOf(texts), patientMs));
    case 'approves': {
      const card = await world.reads(person, allOf(['Approve\\?', ...texts]), patientMs);
      await world.click(person, 'approve', card);
      return `@${person} approves “${texts.join(' ')}”`;
    }
    default:
      throw new Error('expected types, asks, reads, approves or connects');
  }
}

/** Asks until the answer fits: a cluster that was just added is known a moment later. */
async function answerTo(
  world: World,
  person: string,
  [question = '', ...fits]: readonly string[],
): Promise<Message> {
  const deadline = performance.now() + patientMs;
  for (;;) {
    await world.type(person, question);
    const answer = await world.reads(person, allOf(fits), 5_000).catch((error: unknown) => {
      if (performance.now() > deadline) throw error;
      return undefined;
    });
    if (answer) return answer;
    await pause(1_000);
  }
}

/** One message that has all of these, in this order. */
function allOf(texts: readonly string[]): RegExp {
  return new RegExp(texts.join('[\\s\\S]*'));
}
