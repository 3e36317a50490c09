/** The README's lines about the API, just as they stand there; bundled by `test/support/vscode/consumer.ts`. */
declare module 'readme:api' {
  export function nameAColour(): Promise<string>;
}
