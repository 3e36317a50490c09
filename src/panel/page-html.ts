export interface PageParts {
  readonly language: string;
  readonly title: string;
  /** Addresses of the page's bundle. */
  readonly script: string;
  readonly style: string;
  /** The source from which the page may load styles and fonts, for its content security policy. */
  readonly source: string;
  /** Random, and different for each page. */
  readonly nonce: string;
  /** Texts in the user's language, by the texts in the code. */
  readonly texts: object;
}

/** Keeps the messages that arrive before the page's program listens; they would be lost otherwise. */
const keepEarly = `{
  const early = [];
  const keep = ({ data }) => early.push(data);
  addEventListener('message', keep);
  globalThis.takeEarlyMessages = () => {
    removeEventListener('message', keep);
    return early;
  };
}`;

/** The page's HTML. It may run only its own script and load only from its own folder. */
export function pageHtml({ language, title, script, style, source, nonce, texts }: PageParts): string {
  const policy = [
    "default-src 'none'",
    `style-src ${source}`,
    `font-src ${source}`,
    `script-src 'nonce-${nonce}'`,
  ];
  return `<!DOCTYPE html>
<html lang="${escapeHtml(language)}">
<head>
  <meta charset="utf-8">
  <meta http-equiv="Content-Security-Policy" content="${escapeHtml(policy.join('; '))}">
  <meta name="viewport" content="width=device-width, initial-scale=1">
  <script nonce="${escapeHtml(nonce)}">${keepEarly}</script>
  <link rel="stylesheet" href="${escapeHtml(style)}">
  <title>${escapeHtml(title)}</title>
</head>
<body>
  <main id="panel"></main>
  <script type="application/json" id="l10n" nonce="${escapeHtml(nonce)}">${scriptJson(texts)}</script>
  <script type="module" nonce="${escapeHtml(nonce)}" src="${escapeHtml(script)}"></script>
</body>
</html>`;
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

/** JSON that cannot end the script element around it. */
function scriptJson(value: object): string {
  return JSON.stringify(value).replaceAll('<', String.raw`\u003c`);
}
