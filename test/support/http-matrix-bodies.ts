import { parts, type Context, type Lines, type Part } from './http-matrix.ts';

/** The bytes behind the head, and the lines of the head that describe them. */
export interface Framed {
  readonly lines: readonly string[];
  readonly bytes: Buffer;
  /** The body never ends, so the client ends its half of the connection. */
  readonly isCut?: boolean;
}

type Frame = (body: Buffer) => Framed;

const chunk = (body: Buffer) =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n')]);
const lastChunk = Buffer.from('0\r\n\r\n');
const whole = (body: Buffer) => Buffer.concat([...(body.length === 0 ? [] : [chunk(body)]), lastChunk]);
const chunked = 'Transfer-Encoding: chunked';
const length = (body: Buffer) => `Content-Length: ${body.length}`;
const withLines =
  (...lines: readonly ((body: Buffer) => string)[]): Frame =>
  (body) => ({ lines: lines.map((line) => line(body)), bytes: body });
const withCoding =
  (...codings: readonly string[]): Frame =>
  (body) => ({ lines: codings.map((coding) => `Transfer-Encoding: ${coding}`), bytes: whole(body) });
const inChunks =
  (bytes: (body: Buffer) => (Buffer | string)[], isCut = false): Frame =>
  (body) => ({
    lines: [chunked],
    bytes: Buffer.concat(bytes(body).map((piece) => Buffer.from(piece))),
    isCut,
  });

export const frames: readonly Part<Frame>[] = [
  ...parts<Frame>('good', {
    length: withLines(length),
    chunked: (body) => ({ lines: [chunked], bytes: whole(body) }),
    'chunked in upper case': withCoding('CHUNKED'),
    'many chunks': inChunks((body) => [...Array.from(body, (byte) => chunk(Buffer.of(byte))), lastChunk]),
  }),
  ...parts<Frame>('may', {
    'zeros before the length': withLines((body) => `Content-Length: 000${body.length}`),
    'extension of a chunk': inChunks((body) => [
      chunk(body).toString().replace('\r\n', ';a=b\r\n'),
      lastChunk,
    ]),
    trailer: inChunks((body) => [chunk(body), '0\r\nX-Trailer: 1\r\n\r\n']),
    'token in a trailer': inChunks((body) => [chunk(body), '0\r\nX-Api-Key: x\r\nHost: evil\r\n\r\n']),
  }),
  ...parts<Frame>('bad', {
    'length and chunked': (body) => ({ lines: [length(body), chunked], bytes: whole(body) }),
    'chunked and length': (body) => ({ lines: [chunked, length(body)], bytes: whole(body) }),
    'chunked, and a length of nothing': (body) => ({
      lines: [chunked, 'Content-Length: 0'],
      bytes: whole(body),
    }),
    'length twice': withLines(length, length),
    'two lengths': withLines(length, (body) => `Content-Length: ${body.length + 1}`),
    'list of lengths': withLines((body) => `Content-Length: ${body.length}, ${body.length}`),
    'sign before the length': withLines((body) => `Content-Length: +${body.length}`),
    'negative length': withLines(() => 'Content-Length: -1'),
    'hexadecimal length': withLines((body) => `Content-Length: 0x${body.length.toString(16)}`),
    'length with a fraction': withLines((body) => `Content-Length: ${body.length}.0`),
    'length with a blank': withLines((body) => `Content-Length: 1 ${body.length}`),
    'huge length': withLines(() => `Content-Length: ${'9'.repeat(30)}`),
    'length of 100 MB': withLines(() => 'Content-Length: 100000000'),
    'empty length': withLines(() => 'Content-Length:'),
    'too short': withLines((body) => `Content-Length: ${body.length - 2}`),
    'too long': (body) => ({ lines: [`Content-Length: ${body.length + 9}`], bytes: body, isCut: true }),
    none: withLines(),
    'other coding': withCoding('gzip'),
    'coding before chunked': withCoding('gzip, chunked'),
    'coding behind chunked': withCoding('chunked, gzip'),
    identity: withCoding('identity'),
    'chunked twice': withCoding('chunked', 'chunked'),
    'nearly chunked': withCoding('xchunked'),
    'chunked with a parameter': withCoding('chunked;q=1'),
    'chunked in quotes': withCoding('"chunked"'),
    'folded coding': (body) => ({ lines: ['Transfer-Encoding:', ' chunked'], bytes: whole(body) }),
    'blank before the colon': (body) => ({ lines: ['Transfer-Encoding : chunked'], bytes: whole(body) }),
    'size that is none': inChunks((body) => ['zz\r\n', body, '\r\n0\r\n\r\n'], true),
    'size with a sign': inChunks((body) => [`+${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n'], true),
    'size with a prefix': inChunks(
      (body) => [`0x${body.length.toString(16)}\r\n`, body, '\r\n0\r\n\r\n'],
      true,
    ),
    'huge size': inChunks((body) => [`${'f'.repeat(20)}\r\n`, body], true),
    'short chunk': inChunks((body) => [`${(body.length - 2).toString(16)}\r\n`, body, '\r\n0\r\n\r\n'], true),
    'no last chunk': inChunks((body) => [chunk(body)], true),
    'line feed alone behind a size': inChunks(
      (body) => [`${body.length.toString(16)}\n`, body, '\r\n0\r\n\r\n'],
      true,
    ),
  }),
];

/** The only frame of a request without a body. */
export const noBody: Part<Frame> = {
  verdict: 'good',
  name: 'no body',
  make: () => ({ lines: [], bytes: Buffer.alloc(0) }),
};

export const types: readonly Part<Lines>[] = [
  ...parts<Lines>('good', {
    JSON: () => ['Content-Type: application/json'],
    'with a character set': () => ['content-type: Application/JSON; charset=utf-8'],
  }),
  ...parts<Lines>('bad', {
    none: () => [],
    text: () => ['Content-Type: text/plain'],
    form: () => ['Content-Type: application/x-www-form-urlencoded'],
    multipart: () => ['Content-Type: multipart/form-data; boundary=x'],
    'nearly JSON': () => ['Content-Type: application/jsonx'],
    'JSON as a parameter': () => ['Content-Type: text/plain; application/json'],
    encoded: () => ['Content-Type: application/json', 'Content-Encoding: gzip'],
  }),
];

export type MakeBody = (context: Context) => Buffer | string;

const fields = (id: string, more: object = {}) => ({
  model: 'acme/m',
  messages: [{ role: 'user', content: 'Hello?' }],
  user: id,
  ...more,
});
const json = (id: string, more?: object) => JSON.stringify(fields(id, more));

export const bodies: readonly Part<MakeBody>[] = [
  ...parts<MakeBody>('good', {
    plain: ({ id }) => json(id),
    spaces: ({ id }) => ` \r\n${JSON.stringify(fields(id), undefined, '\t')}\n`,
    'unknown field': ({ id }) => json(id, { unknown: { a: [1e300, null] } }),
    'limit of -1': ({ id }) => json(id, { max_tokens: -1 }),
    long: ({ id }) => json(id, { metadata: { long: 'x'.repeat(3_000) } }),
  }),
  ...parts<MakeBody>('bad', {
    empty: () => '',
    'another request': (context) => inner(context),
    list: ({ id }) => `[${json(id)}]`,
    text: ({ id }) => JSON.stringify(json(id)),
    cut: ({ id }) => json(id).slice(0, -1),
    'two values': ({ id }) => json(id) + json(id),
    'NUL behind it': ({ id }) => `${json(id)}\0`,
    'byte order mark': ({ id }) => `\ufeff${json(id)}`,
    'not UTF-8': ({ id }) =>
      Buffer.concat([
        Buffer.from(json(id).replace('Hello?', '').slice(0, -2)),
        Buffer.of(0xff),
        Buffer.from('"}'),
      ]),
    'UTF-16': ({ id }) => Buffer.from(json(id), 'utf16le'),
    deep: ({ id }) => json(id).replace('"Hello?"', '['.repeat(600) + ']'.repeat(600)),
    'two models': ({ id }) => json(id).replace('{', '{"model":"acme/m",'),
    'another spelling': ({ id }) => json(id).replace('{', '{"MODEL":"acme/m",'),
    'escaped spelling': ({ id }) => json(id).replace('{', String.raw`{"mode\u006c":"acme/m",`),
    'other models': ({ id }) => json(id, { models: ['acme/m'] }),
    'unknown model': ({ id }) => json(id, { model: 'none/m' }),
    'denied model': ({ id }) => json(id, { model: 'acme/denied' }),
    'denied model in upper case': ({ id }) => json(id, { model: 'acme/DENIED' }),
    'no model': ({ id }) => json(id, { model: undefined }),
    'no messages': ({ id }) => json(id, { messages: undefined }),
    'limit that is no number': ({ id }) => json(id, { max_tokens: 'many' }),
  }),
];

/** The request of somebody without a token, which the bytes of another request hold. */
export function inner({ port, id }: Context): string {
  const body = json(`inner-${id}`);
  return [
    'POST /v1/chat/completions HTTP/1.1',
    `Host: 127.0.0.1:${port}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    '',
    body,
  ].join('\r\n');
}

/** What is said of the connection, and what else stands in the head. */
export const connections: readonly Part<Lines>[] = [
  ...parts<Lines>('good', {
    nothing: () => [],
    close: () => ['Connection: close'],
    'keep-alive': () => ['Connection: keep-alive'],
    'many headers': () => Array.from({ length: 100 }, (_, n) => `X-${n}: ${'v'.repeat(20)}`),
    'expects 100': () => ['Expect: 100-continue'],
  }),
  ...parts<Lines>('may', {
    'drops a header': () => ['Connection: close, authorization, x-api-key, host'],
    folded: () => ['X-Folded: a', ' b'],
    'other bytes': () => ['X-Bytes: \u00e9\u0080'],
    'HTTP/2 settings': () => ['HTTP2-Settings: AAMAAABkAAQAAP__'],
    'override of the method': () => ['X-HTTP-Method-Override: DELETE'],
    'many small headers behind': () => Array.from({ length: 2_100 }, () => 'a:'),
  }),
  ...parts<Lines>('bad', {
    upgrade: () => ['Connection: Upgrade', 'Upgrade: websocket'],
    'HTTP/2': () => [
      'Connection: Upgrade, HTTP2-Settings',
      'Upgrade: h2c',
      'HTTP2-Settings: AAMAAABkAAQAAP__',
    ],
    'expects something': () => ['Expect: the-unexpected'],
    'line without a colon': () => ['nonsense'],
    'empty name': () => [': x'],
    'blank in a name': () => ['X Y: z'],
    'NUL in a name': () => ['X\0: z'],
    'NUL in a value': () => ['X: \0'],
    'carriage return in a value': () => ['X: a\rAuthorization: b'],
    'too long': () => [`X: ${'x'.repeat(40_000)}`],
  }),
];

/** What follows the request on the same connection. */
export const tails: readonly Part<(context: Context) => string>[] = [
  ...parts('good', { nothing: () => '' }),
  ...parts('may', {
    'request without a token': (context: Context) => inner(context),
    garbage: () => '\0\0\0\0',
    'line breaks': () => '\r\n\r\n',
  }),
];
