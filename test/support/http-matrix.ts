/**
 * Requests to the gateway in every mixture of good and bad parts, and an oracle that knows nothing of the gateway's
 * code: each part says by itself whether a request with it may be let in.
 */

/** `may`: the gateway decides. It must not let in a request with any bad part. */
export type Verdict = 'good' | 'may' | 'bad';

export interface Context {
  readonly port: number;
  readonly id: string;
  readonly tokens: Readonly<Record<TokenKind, string>>;
  readonly route: MatrixRoute;
}

export type TokenKind = 'calls' | 'readOnly' | 'management';

export interface MatrixRoute {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Undefined for a path that needs no token. */
  readonly needs: TokenKind | undefined;
}

/** Some lines of a head, each with its line break left out. */
export type Lines = (context: Context) => readonly string[];

export interface Part<T> {
  readonly verdict: Verdict;
  readonly name: string;
  readonly make: T;
}

export function parts<T>(verdict: Verdict, named: Readonly<Record<string, T>>): Part<T>[] {
  return Object.entries(named).map(([name, make]) => ({ verdict, name, make }));
}

const chat = '/v1/chat/completions';
export const routes: readonly MatrixRoute[] = [
  { method: 'POST', path: chat, needs: 'calls' },
  { method: 'POST', path: chat, needs: 'calls' },
  { method: 'POST', path: chat, needs: 'calls' },
  { method: 'GET', path: '/v1/models', needs: 'calls' },
  { method: 'GET', path: '/api/llm/status', needs: 'readOnly' },
  { method: 'GET', path: '/health', needs: undefined },
];

export const methods: readonly Part<(route: MatrixRoute) => string>[] = [
  ...parts('good', { right: (route: MatrixRoute) => route.method }),
  ...parts('bad', {
    ...Object.fromEntries(
      [
        'PUT',
        'DELETE',
        'PATCH',
        'OPTIONS',
        'TRACE',
        'CONNECT',
        'PROPFIND',
        'HEAD',
        'M-SEARCH',
        'post',
        'get',
        'P\0ST',
        '',
      ].map((method) => [method, () => method]),
    ),
    other: (route: MatrixRoute) => (route.method === 'GET' ? 'POST' : 'GET'),
  }),
];

export const targets: readonly Part<(context: Context) => string>[] = [
  ...parts('good', {
    path: ({ route }: Context) => route.path,
    query: ({ route }: Context) => `${route.path}?a=1`,
  }),
  ...parts('may', { 'empty query': ({ route }: Context) => `${route.path}?` }),
  ...parts('bad', {
    'full URL': ({ port, route }: Context) => `http://127.0.0.1:${port}${route.path}`,
    'full URL elsewhere': ({ route }: Context) => `http://evil.test${route.path}`,
    'two slashes': ({ route }: Context) => `/${route.path}`,
    'slash at the end': ({ route }: Context) => `${route.path}/`,
    'upper case': ({ route }: Context) => route.path.toUpperCase(),
    'dot segment': ({ route }: Context) => `/.${route.path}`,
    'step up': ({ route }: Context) => `/x/..${route.path}`,
    'percent encoding': ({ route }: Context) =>
      `${route.path.slice(0, -1)}%${Buffer.from(route.path.slice(-1)).toString('hex')}`,
    'encoded slash': ({ route }: Context) => `/%2f${route.path.slice(1)}`,
    NUL: ({ route }: Context) => `${route.path}\0`,
    fragment: ({ route }: Context) => `${route.path}#a`,
    space: ({ route }: Context) => `${route.path} x`,
    star: () => '*',
    nothing: () => '',
    authority: ({ port }: Context) => `127.0.0.1:${port}`,
    'token in the query': ({ route, tokens }: Context) => `${route.path}?x=${tokens.calls}`,
    'key in the query': ({ route }: Context) => `${route.path}?api_key=x`,
  }),
];

export const versions: readonly Part<string>[] = [
  ...parts('good', { '1.1': 'HTTP/1.1' }),
  ...parts('may', { '1.0': 'HTTP/1.0' }),
  ...parts('bad', {
    '2.0': 'HTTP/2.0',
    '0.9': 'HTTP/0.9',
    '9.9': 'HTTP/9.9',
    '1': 'HTTP/1',
    lower: 'http/1.1',
    none: '',
    ftp: 'FTP/1.1',
    words: 'HTTP/1.1 x',
  }),
];

export const hosts: readonly Part<Lines>[] = [
  ...parts<Lines>('good', {
    address: ({ port }) => [`Host: 127.0.0.1:${port}`],
    name: ({ port }) => [`hOST:localhost:${port}`],
    blanks: ({ port }) => [`Host: \t 127.0.0.1:${port} \t`],
  }),
  ...parts<Lines>('may', { 'upper case': ({ port }) => [`Host: LOCALHOST:${port}`] }),
  ...parts<Lines>('bad', {
    none: () => [],
    empty: () => ['Host:'],
    other: ({ port }) => [`Host: evil.test:${port}`],
    'without port': () => ['Host: 127.0.0.1'],
    'other port': ({ port }) => [`Host: 127.0.0.1:${port + 1}`],
    'zero before the port': ({ port }) => [`Host: 127.0.0.1:0${port}`],
    'dot at the end': ({ port }) => [`Host: localhost.:${port}`],
    'name below localhost': ({ port }) => [`Host: evil.localhost:${port}`],
    'short address': ({ port }) => [`Host: 127.1:${port}`],
    'decimal address': ({ port }) => [`Host: 2130706433:${port}`],
    'any address': ({ port }) => [`Host: 0.0.0.0:${port}`],
    IPv6: ({ port }) => [`Host: [::1]:${port}`],
    'mapped IPv6': ({ port }) => [`Host: [::ffff:127.0.0.1]:${port}`],
    user: ({ port }) => [`Host: evil@127.0.0.1:${port}`],
    list: ({ port }) => [`Host: 127.0.0.1:${port}, evil.test`],
    'twice the same': ({ port }) => [`Host: 127.0.0.1:${port}`, `Host: 127.0.0.1:${port}`],
    'another one first': ({ port }) => ['Host: evil.test', `Host: 127.0.0.1:${port}`],
    'another one last': ({ port }) => [`Host: 127.0.0.1:${port}`, 'host: evil.test'],
    'blank before the colon': ({ port }) => [`Host : 127.0.0.1:${port}`],
    folded: ({ port }) => ['Host:', ` evil.test`, ` 127.0.0.1:${port}`],
    'in X-Forwarded-Host only': ({ port }) => [`X-Forwarded-Host: 127.0.0.1:${port}`],
  }),
];

export const origins: readonly Part<Lines>[] = [
  ...parts<Lines>('good', { none: () => [], 'typed by the user': () => ['Sec-Fetch-Site: none'] }),
  ...parts<Lines>('may', {
    referer: () => ['Referer: http://evil.test/'],
    'sec-fetch-mode': () => ['Sec-Fetch-Mode: cors'],
  }),
  ...parts<Lines>('bad', {
    web: () => ['Origin: http://evil.test'],
    own: ({ port }) => [`Origin: http://127.0.0.1:${port}`],
    null: () => ['ORIGIN: null'],
    empty: () => ['Origin:'],
    editor: () => ['Origin: vscode-webview://x'],
    two: () => ['Origin: http://evil.test', 'Origin: null'],
    'cross-site': () => ['Sec-Fetch-Site: cross-site'],
    'same-origin': () => ['sec-fetch-site: same-origin'],
    'none, and another': () => ['Sec-Fetch-Site: none', 'Sec-Fetch-Site: cross-site'],
    // Node.js keeps no more than 2,000 headers.
    'behind many headers': () => [...Array.from({ length: 2_100 }, () => 'a:'), 'Origin: http://evil.test'],
  }),
];

const own = ({ route, tokens }: Context) => tokens[route.needs ?? 'calls'];
/** A token that allows something else. */
const others = ({ route, tokens }: Context) => (route.needs === 'calls' ? tokens.readOnly : tokens.calls);
const basic = (text: string) => Buffer.from(text).toString('base64');

export const tokens: readonly Part<Lines>[] = [
  ...parts<Lines>('good', {
    bearer: (context) => [`Authorization: Bearer ${own(context)}`],
    'lower case': (context) => [`authorization:bearer ${own(context)}`],
    'x-api-key': (context) => [`X-Api-Key: ${own(context)}`],
    'x-goog-api-key': (context) => [`x-goog-api-key: ${own(context)}`],
    both: (context) => [`Authorization: Bearer ${own(context)}`, `x-api-key: ${own(context)}`],
  }),
  ...parts<Lines>('may', {
    'two blanks': (context) => [`Authorization: Bearer  ${own(context)}`],
    'basic beside a key': (context) => ['Authorization: Basic eDp5', `x-api-key: ${own(context)}`],
  }),
  ...parts<Lines>('bad', {
    none: () => [],
    empty: () => ['Authorization: Bearer', 'x-api-key:'],
    'of another kind': (context) => [`Authorization: Bearer ${others(context)}`],
    wrong: (context) => [`Authorization: Bearer ${own(context).slice(0, -1)}`],
    longer: (context) => [`x-api-key: ${own(context)}x`],
    'in lower case': (context) => [`x-api-key: ${own(context).toLowerCase()}`],
    'two different ones': (context) => [`Authorization: Bearer ${own(context)}`, 'x-api-key: callguard_x'],
    'two different ones, the good last': (context) => [
      'Authorization: Bearer callguard_x',
      `x-api-key: ${own(context)}`,
    ],
    'twice in one header': (context) => [
      `Authorization: Bearer ${own(context)}`,
      `Authorization: Bearer ${own(context)}`,
    ],
    'good behind a wrong one': (context) => [
      'Authorization: Bearer x',
      `authorization: Bearer ${own(context)}`,
    ],
    'two keys': (context) => [`x-api-key: ${own(context)}`, 'x-api-key: y'],
    list: (context) => [`x-api-key: ${own(context)}, x`],
    'more words': (context) => [`Authorization: Bearer ${own(context)} x`],
    basic: (context) => [`Authorization: Basic ${basic(`callguard:${own(context)}`)}`],
    'another scheme': (context) => [`Authorization: Token ${own(context)}`],
    'without scheme': (context) => [`Authorization: ${own(context)}`],
    cookie: (context) => [`Cookie: token=${own(context)}; x-api-key=${own(context)}`],
    'for a proxy': (context) => [`Proxy-Authorization: Bearer ${own(context)}`],
    'another header': (context) => [`api-key: ${own(context)}`, `x-auth-token: ${own(context)}`],
    'two headers of keys': (context) => [`x-api-key: ${own(context)}`, `x-goog-api-key: ${own(context)}`],
    'wrong for Google': (context) => [`x-goog-api-key: ${own(context)}x`],
    'blank before the colon': (context) => [`Authorization : Bearer ${own(context)}`],
    NUL: (context) => [`x-api-key: ${own(context)}\0`],
    'hash of it': () => [`x-api-key: ${'A'.repeat(43)}`],
  }),
];
