import net from 'node:net';

/**
 * Loaded before Portkey's gateway. Its way for streams adds headers to the very response that `fetch` gave, which
 * throws on this Node.js, as those are immutable; so it is given a copy, whose headers it may change.
 */
const { fetch: original, Response: Copy, Headers: Copied } = globalThis;

globalThis.fetch = async (input, init) => {
  const { body, status, headers } = await original(input, init);
  return new Copy(body, { status, headers: new Copied(headers) });
};

type Listen = (this: net.Server, ...given: unknown[]) => net.Server;
const listen = Reflect.get(net.Server.prototype, 'listen') as Listen;

/** It would listen on all network interfaces, and has no setting for that. */
net.Server.prototype.listen = function (this: net.Server, ...given: unknown[]): net.Server {
  const [port, ...others] = given;
  const ready = others.findLast((each) => typeof each === 'function');
  return listen.call(this, { port: Number(port), host: '127.0.0.1' }, ready);
};
