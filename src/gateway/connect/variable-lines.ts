/** The lines that set variables in a shell, which is known by its path. */
export function variableLines(
  variables: Readonly<Record<string, string>>,
  shell: string,
  platform: NodeJS.Platform,
): string {
  const isFish = /(^|[\\/])fish(\.exe)?$/.test(shell);
  const isPowerShell =
    /(^|[\\/])(pwsh|powershell)(\.exe)?$/i.test(shell) ||
    (platform === 'win32' && !/sh(\.exe)?$/.test(shell));
  return Object.entries(variables)
    .map(([name, value]) => {
      if (isPowerShell) return `$env:${name} = '${value.replaceAll("'", "''")}'`;
      if (isFish) return `set -gx ${name} '${value.replaceAll(/['\\]/g, String.raw`\$&`)}'`;
      return `export ${name}='${value.replaceAll("'", String.raw`'\''`)}'`;
    })
    .join('\n');
}

/** A request that shows whether the gateway answers. */
export function curlLine(address: string, model: string): string {
  const body = JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello?' }] });
  return [
    `curl ${address}/v1/chat/completions`,
    `-H "authorization: Bearer $CALLGUARD_TOKEN"`,
    `-H 'content-type: application/json'`,
    `-d '${body.replaceAll("'", String.raw`'\''`)}'`,
  ].join(' ');
}
