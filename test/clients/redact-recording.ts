import type { SeenRequest } from './provider-mock.ts';

/** A request of a real tool, small and with its private parts replaced. */
export interface RecordedRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** Longer texts are cut, descriptions of tools at less. */
const longestText = 300;
const longestDescription = 80;
const ofTheConnection = new Set(['host', 'connection', 'content-length', 'transfer-encoding']);

/** Makes recordings that say the same on every machine and on every day, as far as the tool allows. */
export function redactRecording(requests: readonly SeenRequest[], folder: string): RecordedRequest[] {
  const ids = new Map<string, string>();
  const replaced = (text: string) => withoutPrivateParts(text, folder, ids);
  return requests.map(({ method, path, headers, body }) => ({
    method,
    path: replaced(path),
    headers: Object.fromEntries(
      Object.entries(headers)
        .filter(([name]) => !ofTheConnection.has(name))
        .map(([name, value]) => [name, replaced(String(value))]),
    ),
    body: body === '' ? undefined : shortened(JSON.parse(replaced(body)) as unknown),
  }));
}

function withoutPrivateParts(text: string, folder: string, ids: Map<string, string>): string {
  const numbered = (id: string) => {
    const known = ids.get(id) ?? `00000000-0000-4000-8000-${String(ids.size + 1).padStart(12, '0')}`;
    ids.set(id, known);
    return known;
  };
  return text
    .replaceAll(folder, '/home/user')
    .replaceAll(/\b[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, numbered)
    .replaceAll(/\b[0-9a-f]{64}\b/g, '0'.repeat(64))
    .replaceAll(/\b17\d{11}\b/g, '1700000000000')
    .replaceAll(/127\.0\.0\.1:\d+/g, '127.0.0.1:22557');
}

function shortened(value: unknown, key = ''): unknown {
  if (typeof value === 'string') {
    const longest = key === 'description' ? longestDescription : longestText;
    // JSON inside of a text stays JSON.
    return value.length > longest && !value.startsWith('{') ? `${value.slice(0, longest)} …` : value;
  }
  if (Array.isArray(value)) return value.map((item) => shortened(item, key));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, shortened(member, name)]));
}
