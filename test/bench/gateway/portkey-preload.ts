/**
 * Loaded before Portkey's gateway. Its way for streams adds headers to the very response that `fetch` gave, which
 * throws on this Node.js, as those are immutable; so it is given a copy, whose headers it may change.
 */
const { fetch: original, Response: Copy, Headers: Copied } = globalThis;

globalThis.fetch = async (input, init) => {
  const { body, status, headers } = await original(input, init);
  return new Copy(body, { status, headers: new Copied(headers) });
};
