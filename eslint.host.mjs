// What the oldest extension host lacks (Node.js 22.17, V8 12.4) and Node.js 24 has. The compiler's `lib` forbids most
// of it; here is what the types of Node.js bring in all the same, and what has no type at all.

const message = 'Hosts on Node.js 22 do not have it.';
const numberedParameter = `Numbered parameter of SQL, use a name or a bare ?: ${message}`;

/** @param {string} name */
const missing = (name) => ({ name, message });

/** @param {string} object @param {string} property */
const missingOf = (object, property) => ({ object, property, message });

/** For three rules of ESLint: no-restricted-syntax, -globals, and -properties. */
export const missingInOldestHost = {
  syntax: [
    { selector: 'VariableDeclaration[kind=/using$/]', message: `using: ${message}` },
    {
      // Regular expressions whose flags change inside, as in (?i:a).
      selector: 'Literal[regex.pattern=/\\(\\?(?:[ims]+(?:-[ims]*)?|-[ims]+):/]',
      message: `Modifiers of a regular expression: ${message}`,
    },
    // As in `id = ?1`, which node:sqlite before 22.20 does not bind a second time.
    { selector: 'TemplateElement[value.raw=/[\\s(=<>,]\\?\\d/]', message: numberedParameter },
    { selector: 'Literal[value=/[\\s(=<>,]\\?\\d/]', message: numberedParameter },
  ],
  globals: [
    'AsyncDisposableStack',
    'CloseEvent',
    'DisposableStack',
    'Float16Array',
    'SuppressedError',
    'URLPattern',
  ].map(missing),
  properties: [
    missingOf('Symbol', 'dispose'),
    missingOf('Symbol', 'asyncDispose'),
    missingOf('Error', 'isError'),
    missingOf('Math', 'f16round'),
    missingOf('Promise', 'try'),
    missingOf('RegExp', 'escape'),
    missingOf('Intl', 'DurationFormat'),
    missingOf('Atomics', 'pause'),
    missingOf('Iterator', 'concat'),
    missingOf('Uint8Array', 'fromBase64'),
    missingOf('Uint8Array', 'fromHex'),
  ],
};
