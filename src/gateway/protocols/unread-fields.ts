import * as z from 'zod';
import { isObject } from '../../shared/json.ts';

/** An object whose other members are read later, by its type. */
export function readByType<T extends z.ZodRawShape>(shape: T) {
  return z.object(shape).catchall(z.unknown().optional());
}

/**
 * The members of a value that a schema does not have, each by the names that lead to it and with its value. So a field
 * that no decoder reads is found wherever it stands. `value` is what the schema made of the client's value.
 */
export function* unreadFields(
  schema: z.core.$ZodType,
  value: unknown,
  place: string,
): Generator<readonly [field: string, value: unknown]> {
  if (value === undefined || value === null) return;
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    yield* unreadFields(schema.unwrap(), value, place);
  } else if (schema instanceof z.ZodPipe) {
    yield* unreadFields(schema.out, value, place);
  } else if (schema instanceof z.ZodUnion) {
    const option = schema.options.find((each) => matches(each, value));
    if (option !== undefined) yield* unreadFields(option, value, place);
  } else if (schema instanceof z.ZodArray) {
    for (const item of Array.isArray(value) ? value : []) yield* unreadFields(schema.element, item, place);
  } else if (schema instanceof z.ZodObject && isObject(value)) {
    const shape: Readonly<Record<string, z.core.$ZodType>> = schema.shape;
    const others = schema.def.catchall instanceof z.ZodUnknown;
    for (const [name, member] of Object.entries(value)) {
      const field = place === '' ? name : `${place}.${name}`;
      const inner = Object.hasOwn(shape, name) ? shape[name] : undefined;
      if (inner !== undefined) yield* unreadFields(inner, member, field);
      else if (others && name !== 'type') yield [field, member];
    }
  }
}

/** Lists are not parsed again: each item is looked at by itself. */
function matches(schema: z.core.$ZodType, value: unknown): boolean {
  return schema instanceof z.ZodArray ? Array.isArray(value) : z.safeParse(schema, value).success;
}
