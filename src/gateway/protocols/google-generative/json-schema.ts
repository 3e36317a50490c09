import { isObject } from '../../../shared/json.ts';

/** Members of a schema that hold schemas by name, and those that hold one. */
const maps = new Set(['properties', 'defs', '$defs', 'patternProperties']);
const nested = new Set(['items', 'anyOf', 'oneOf', 'allOf', 'prefixItems', 'additionalProperties', 'not']);

/** Google's form of a schema, with types in capitals and `nullable`, as JSON Schema. */
export function jsonSchemaOf(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(jsonSchemaOf);
  if (!isObject(schema)) return schema;
  const { nullable, propertyOrdering: _ordering, ...members } = schema;
  const converted: Record<string, unknown> = {};
  for (const [name, member] of Object.entries(members)) {
    if (name === 'type') converted[name] = typeOf(member);
    else if (nested.has(name)) converted[name] = jsonSchemaOf(member);
    else if (maps.has(name) && isObject(member)) {
      converted[name] = Object.fromEntries(
        Object.entries(member).map(([property, inner]) => [property, jsonSchemaOf(inner)]),
      );
    } else if (typeof member === 'string' && /^(?:min|max)(?:Items|Length|Properties)$/.test(name))
      converted[name] = Number(member);
    else converted[name] = member;
  }
  if (nullable === true && typeof converted['type'] === 'string')
    converted['type'] = [converted['type'], 'null'];
  return converted;
}

function typeOf(type: unknown): unknown {
  if (Array.isArray(type)) return type.map(typeOf);
  return typeof type === 'string' ? type.toLowerCase() : type;
}
