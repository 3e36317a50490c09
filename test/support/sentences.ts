/** The sentences of a page in Markdown, without headings, tables and code. A list item is read by itself. */
export function sentencesOf(page: string): string[] {
  const text = page.replaceAll(/^```[\s\S]*?^```$/gm, '').replaceAll(/<!--[\s\S]*?-->/g, '');
  const blocks = text
    .split('\n')
    .filter((line) => !/^[#|]/.test(line))
    .map((line) => (/^(?:- |\d+\. )/.test(line) ? `\n\n${line.replace(/^(?:- |\d+\. )/, '')}` : line))
    .join('\n')
    .split(/\n\s*\n/);
  return blocks
    .map((block) => block.replaceAll(/\s+/g, ' ').trim())
    .flatMap((block) => block.split(/(?<=[.!?])\s+(?=[A-Z`*[])/))
    .filter((sentence) => sentence !== '');
}
