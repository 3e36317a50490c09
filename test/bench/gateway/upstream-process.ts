/** The provider of the gateway's bench: answers at once, as its model says. A process of its own. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { chatEvents, goodAnswer } from '../../support/fault-upstream.ts';
import { streamedBytes } from './models.ts';

const piece = chatEvents.text('x'.repeat(40)).repeat(256);
const whole = JSON.stringify({
  choices: [{ message: { role: 'assistant', content: 'Hello' } }],
  usage: { prompt_tokens: 1, completion_tokens: 1 },
});

const server = http.createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    // A client that leaves in mid-answer is a part of the bench.
    if (!response.destroyed) throw error;
  });
});

async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
  let body = '';
  for await (const chunk of request.setEncoding('utf8')) body += String(chunk);
  const { model } = JSON.parse(body) as { model: string };
  if (model === 'short') {
    response.setHeader('content-type', 'application/json').end(whole);
    return;
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  if (model === 'open') {
    response.write(goodAnswer.slice(0, 2).join(''));
    return;
  }
  if (model === 'stream') {
    response.end(goodAnswer.join(''));
    return;
  }
  for (let sent = 0; sent < streamedBytes; sent += piece.length) {
    if (!response.write(piece)) await once(response, 'drain');
  }
  response.end(chatEvents.stop + chatEvents.done);
}

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.once('disconnect', () => process.exit());
