/** The lines of docs/api.md, exactly as the page shows them; bundled by `test/support/vscode/consumer.ts`. */
declare module 'docs:api' {
  export function nameAColour(): Promise<string>;
}
