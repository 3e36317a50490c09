/** The least that a gateway on `node:http` can do: every byte through, nothing looked at. A process of its own. */
import http from 'node:http';
import type { AddressInfo } from 'node:net';

const [upstream = ''] = process.argv.slice(2);

const server = http.createServer((request, response) => {
  const { method, headers } = request;
  const sent = http.request(upstream + (request.url ?? ''), { method, headers }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  // A client that leaves in mid-answer is a part of the bench.
  response.once('close', () => sent.destroy());
  sent.on('error', () => response.destroy());
  request.pipe(sent);
});

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.once('disconnect', () => process.exit());
