/** Two sockets joined to one connection: the least that a process in between can do. A process of its own. */
import net, { type AddressInfo } from 'node:net';

const [port = ''] = process.argv.slice(2);

const server = net.createServer({ noDelay: true }, (client) => {
  const upstream = net.connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
  // A client that leaves in mid-answer is a part of the bench.
  client.on('error', () => upstream.destroy()).once('close', () => upstream.destroy());
  upstream.on('error', () => client.destroy()).once('close', () => client.destroy());
  client.pipe(upstream).pipe(client);
});

server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port });
});
process.once('disconnect', () => process.exit());
