/** By what it is called: how the text around a secret is written. */
export type Contexts = Readonly<Record<string, (secret: string) => string>>;

/** What surrounds a secret. Every text of several lines keeps its secret whole. */
export const usualContexts: Contexts = {
  alone: (secret) => secret,
  sentence: (secret) => `Why does ${secret} no longer work? Thanks.`,
  'end of a sentence': (secret) => `My key is ${secret}.`,
  quotes: (secret) => `"${secret}"`,
  'single quotes': (secret) => `'${secret}',`,
  backticks: (secret) => `Use \`${secret}\` here`,
  brackets: (secret) => `(${secret})`,
  'environment file': (secret) => `NAME=${secret}\nOTHER=1\n`,
  'shell export': (secret) => `export NAME="${secret}"; run`,
  YAML: (secret) => `name:\n  value: ${secret.replaceAll('\n', '\n    ')}\nother: 1\n`,
  JSON: (secret) => JSON.stringify({ name: secret, other: 1 }),
  'JSON in JSON': (secret) => JSON.stringify({ text: JSON.stringify({ name: secret }) }),
  'JSON behind a line break': (secret) => JSON.stringify({ text: `first\n${secret}\nlast` }),
  'escaped equals sign': (secret) => String.raw`name\u003d${secret.replaceAll('\n', String.raw`\n`)}`,
  'added line of a diff': (secret) => `+${secret.replaceAll('\n', '\n+')}\n context\n`,
  'removed line of a diff': (secret) => `-${secret.replaceAll('\n', '\n-')}\n context\n`,
  'coloured terminal': (secret) => `\u001b[32m${secret}\u001b[0m done`,
  'coloured terminal without escapes': (secret) => `[1;32m${secret}[0m done`,
  'name and underscore': (secret) => `key_${secret}`,
  'name and colon': (secret) => `key:${secret}`,
  'table in Markdown': (secret) => `| key | ${secret} | rotated |`,
  'list of values': (secret) => `a,${secret},b`,
  tab: (secret) => `key\t${secret}\tb`,
  'Windows lines': (secret) => `key:\r\n${secret.replaceAll('\n', '\r\n')}\r\nnext`,
  'comment in code': (secret) => `  // ${secret.replaceAll('\n', '\n  // ')}\n  run();`,
  'typed constant': (secret) => `const name: string = "${secret.replaceAll('\n', String.raw`\n`)}";`,
  'hash rocket': (secret) => `:name => '${secret}'`,
  'element of XML': (secret) => `<value>${secret}</value>`,
  'log line': (secret) => `2026-11-23 04:35:12.123 [error] rejected: ${secret} status=401 model=m`,
};

/** More of what surrounds a secret, as strangers write it. Every text of several lines keeps its secret whole. */
export const strangeContexts: Contexts = {
  'added line of a nested diff': (secret) => `++    "key": "${inCode(secret)}",`,
  'value in a changed line': (secret) => `-API=${inCode(secret)}\n+API=\${API}\n`,
  'bold of 24 bits': (secret) => `\u001b[1;38;2;255;128;100m${secret}\u001b[0m`,
  'line that a terminal erases': (secret) => `done\r\u001b[2K${secret}\u001b[K\n`,
  'cursor moved to a column': (secret) => `\u001b[12G${secret}`,
  'link of a terminal': (secret) => `\u001b]8;;https://x.example\u0007${secret}\u001b]8;;\u0007`,
  'colour as JSON writes it': (secret) => `{"line":"\\u001b[38;5;196m${inCode(secret)}\\u001b[0m"}`,
  'escaped space of a URL': (secret) => `?q=key%20${percent(secret)}&x=1`,
  'escaped quote of a URL': (secret) => `?q=%22${percent(secret)}%22`,
  'twice escaped URL': (secret) => `?q=key%253D${encodeURIComponent(percent(secret))}`,
  'form body': (secret) => new URLSearchParams({ user: 'me', value: secret, next: '1' }).toString(),
  fragment: (secret) => `https://host.example/cb#id=${percent(secret)}&state=1`,
  'path of a URL': (secret) => `https://host.example/v1/${percent(secret)}?x`,
  'entity of HTML': (secret) => `value=&quot;${secret}&quot;&gt;`,
  'numeric entity': (secret) => `&#34;${secret}&#34;`,
  'attribute of HTML': (secret) => `<input type=hidden value='${secret}' />`,
  'twice quoted JSON': (secret) => JSON.stringify(JSON.stringify(JSON.stringify([secret]))),
  'line break in JSON in JSON': (secret) => JSON.stringify(JSON.stringify(`a\n${secret}\nb`)),
  'PHP array': (secret) => `'k' => '${inCode(secret)}',`,
  'PHP JSON': (secret) => JSON.stringify([secret]).replaceAll('/', '\\/'),
  Python: (secret) => `client = Client(token=b'${inCode(secret)}')  # prod`,
  'Python f-string': (secret) => `print(f"{x}:${inCode(secret)}")`,
  Go: (secret) => `	tok := "${inCode(secret)}" // prod`,
  Rust: (secret) => `let t: &'static str = r#"${secret}"#;`,
  Java: (secret) => `  private static final String T = "${inCode(secret)}";`,
  'C#': (secret) => `var t = @"${secret}";`,
  Ruby: (secret) => `ENV['T'] ||= %q(${secret})`,
  Swift: (secret) => `let t = #"${inCode(secret)}"#`,
  SQL: (secret) => `INSERT INTO t VALUES (1,'${secret}',NULL);`,
  PowerShell: (secret) => `$env:T = '${secret}'; Get-Item`,
  batch: (secret) => `set T=${inCode(secret)}\r\necho ok`,
  fish: (secret) => `set -gx T ${inCode(secret)}`,
  Dockerfile: (secret) => `ENV T ${inCode(secret)}\nRUN x`,
  Terraform: (secret) => `  token    = "${inCode(secret)}"`,
  'properties file': (secret) => `a.b.token:${inCode(secret)}`,
  TOML: (secret) => `token="""${secret}"""`,
  'YAML list': (secret) => `- - ${secret.replaceAll('\n', '\n    ')}`,
  'folded YAML': (secret) => `t: >-\n  ${secret.replaceAll('\n', '\n  ')}\nn: 1`,
  'Kubernetes string data': (secret) => `stringData:\n  T: |\n    ${secret.replaceAll('\n', '\n    ')}\n`,
  'command line': (secret) => `$ tool login --with='${secret}' -v`,
  'header of curl': (secret) => `curl -H "x: ${inCode(secret)}" https://h.example`,
  'user of curl': (secret) => `curl -u 'me:${inCode(secret)}' https://h.example`,
  'netrc file': (secret) => `machine h.example login me x ${inCode(secret)}`,
  'redirect of a shell': (secret) => `echo ${inCode(secret)}>token.txt; cat<x>${inCode(secret)}`,
  'here document': (secret) => `cat <<EOF\n${secret}\nEOF`,
  'subprotocol of a socket': (secret) => `Sec-WebSocket-Protocol: realtime, insecure.${inCode(secret)}`,
  'strong in Markdown': (secret) => `The key is **${secret}**!`,
  'emphasis in Markdown': (secret) => `The key is _${secret}_.`,
  'quote in Markdown': (secret) => `> ${secret.replaceAll('\n', '\n> ')}`,
  'numbered list': (secret) => `1. ${secret}\n2. other`,
  'fence in Markdown': (secret) => `\`\`\`\n${secret}\n\`\`\``,
  'link in Markdown': (secret) => `[${secret}](https://h.example)`,
  'name of a file': (secret) => `backup/${inCode(secret)} (1).txt`,
  'other scripts': (secret) => `密钥：${secret}。Schlüssel„${secret}“`,
  emoji: (secret) => `🔑${secret}🔑`,
  'stack trace': (secret) => `Error: bad token '${secret}'\n    at f (/a/b.js:1:2)`,
  'log of key=value': (secret) => `ts=1 level=error token=${inCode(secret)} status=401`,
  'log in JSON': (secret) => JSON.stringify({ level: 50, msg: `no access with ${secret}, status 401` }),
  CSV: (secret) => `id,token\n1,"${secret}"\n`,
  'end of the text after a colon': (secret) => `token:${secret}`,
  'sum of strings': (secret) => `"Bearer "+"${inCode(secret)}"`,
  template: (secret) => '`Bearer ${"' + inCode(secret) + '"}`',
  'literal carriage return': (secret) => `a\\r\\n${inCode(secret)}\\r\\nb`,
  'octal escape': (secret) => `\\033[0m${inCode(secret)}`,
  'ellipsis behind': (secret) => `${secret}...`,
  'zero-width space': (secret) => `\u200b${secret}\u200b`,
  'byte order mark': (secret) => `\ufeff${secret}`,
};

/** The lines of a private key where each has something before it. */
export const lineContexts: Contexts = {
  'numbered lines': numbered((n, line) => `${String(n).padStart(6)}\t${line}`),
  'numbers and bars': numbered((n, line) => `${n} | ${line}`),
  'numbers and colons': numbered((n, line) => `${n}: ${line}`),
  'result of grep': numbered((n, line) => `certs/server.key:${n}:${line}`),
  'log of a container': numbered((_n, line) => `web-1  | ${line}`),
  'log lines': numbered((n, line) => `2026-11-23T04:35:12.${100 + n}Z INFO [main] ${line}`),
  'JavaScript strings': numbered((_n, line) => `  "${line}\\n" +`),
  'Java strings': numbered((_n, line) => `        + "${line}\\n"`),
  'list of strings': numbered((_n, line) => `  '${line}',`),
  'C strings': numbered((_n, line) => `    "${line}\\n"`),
  'Go concatenation': numbered((_n, line) => `\t\`${line}\` + "\\n" +`),
  'shell echo': numbered((_n, line) => `echo "${line}" >> key.pem`),
  'one line with spaces': (secret) => secret.replaceAll('\n', ' '),
  'one line without breaks': (secret) => secret.replaceAll('\n', ''),
  'twice escaped breaks': (secret) => `"${secret.replaceAll('\n', '\\\\n')}"`,
  'breaks of HTML': (secret) => secret.replaceAll('\n', '<br>\n'),
  'hunk of a diff': (secret) => `@@ -1,9 +0,0 @@\n-${secret.replaceAll('\n', '\n-')}`,
  'mail quote': (secret) => `>> ${secret.replaceAll('\n', '\n>> ')}`,
  'in tabs and blanks': (secret) => `\t  ${secret.replaceAll('\n', '  \n\t  ')}`,
  'blank lines between': (secret) => secret.replaceAll('\n', '\n\n'),
  'end cut off': (secret) => secret.replace(/\n[^\n]*\n-----END[^]*/, '\n...'),
  'indented with dots': (secret) => `  ....${secret.replaceAll('\n', '\n  ....')}`,
};

function numbered(write: (n: number, line: string) => string): (secret: string) => string {
  return (secret) =>
    secret
      .split('\n')
      .map((line, n) => write(n + 1, line))
      .join('\n');
}

/** In one line, as code writes line breaks. */
function inCode(secret: string): string {
  return secret.replaceAll('\n', String.raw`\n`);
}

function percent(secret: string): string {
  return encodeURIComponent(secret);
}
