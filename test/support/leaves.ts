/** A place in a JSON value: the names and positions that lead to it. */
export type Place = readonly (string | number)[];

/** Every value in a JSON value that is neither an object nor a list, and every empty one. */
export function* leavesOf(value: unknown, place: Place = []): Generator<Place> {
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? value.map((item, n) => [n, item])
    : typeof value === 'object' && value !== null
      ? Object.entries(value)
      : [];
  if (entries.length === 0) yield place;
  for (const [name, member] of entries) yield* leavesOf(member, [...place, name]);
}

/** Every object in a JSON value, the value itself included. */
export function* objectsOf(value: unknown, place: Place = []): Generator<Place> {
  if (typeof value !== 'object' || value === null) return;
  if (!Array.isArray(value)) yield place;
  for (const [name, member] of Object.entries(value)) {
    yield* objectsOf(member, [...place, Array.isArray(value) ? Number(name) : name]);
  }
}

export function valueAt(value: unknown, place: Place): unknown {
  return place.reduce<unknown>((each, name) => (each as Record<string | number, unknown>)[name], value);
}

/** A copy with another value at a place; undefined takes the member or item away. */
export function withValueAt(value: unknown, place: Place, other: unknown): unknown {
  const [name, ...rest] = place;
  if (name === undefined) return other;
  const inner = (value as Record<string | number, unknown>)[name];
  const changed = rest.length === 0 ? other : withValueAt(inner, rest, other);
  if (Array.isArray(value)) {
    return value.flatMap((item: unknown, n) =>
      n !== name ? [item] : changed === undefined ? [] : [changed],
    );
  }
  const members = Object.entries(value as object).filter(([each]) => each !== name);
  return Object.fromEntries(changed === undefined ? members : [...members, [name, changed]]);
}
