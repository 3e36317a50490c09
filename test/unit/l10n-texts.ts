import ts from 'typescript';
import { parse, walk, type SourceTree } from './source-tree.ts';

/** A text of the code that a person may read: two words or more. */
const sentence = /\p{L}{2,}[,.:;]? \p{L}{2,}/u;

/** Every text that is given to `l10n.t`, by its place; those that are none of the code's own are in `unknown`. */
export function translatedTexts(tree: SourceTree): { texts: Set<string>; unknown: string[] } {
  const texts = new Set<string>();
  const unknown: string[] = [];
  for (const [file, text] of tree) {
    for (const node of walk(parse(file, text))) {
      if (!isTranslation(node)) continue;
      const [message] = node.arguments;
      if (message !== undefined && ts.isStringLiteralLike(message)) texts.add(message.text);
      else unknown.push(placeOf(file, node));
    }
  }
  return { texts, unknown };
}

/** Where a sentence stands that no translator will see, and that is for none but a log, a database or whoever mends the code. */
export function untranslatedSentences(file: string, text: string): string[] {
  return [...walk(parse(file, text))].flatMap((node) =>
    isText(node) && sentence.test(node.text) && !ancestorsOf(node).some(isForNobody)
      ? [`${placeOf(file, node)}: ${node.text}`]
      : [],
  );
}

/** The names of the functions that word something in a language that is given to them. */
export function wordingFunctions(tree: SourceTree): Set<string> {
  const names = [...tree].flatMap(([file, text]) =>
    [...walk(parse(file, text))].flatMap((node) =>
      ts.isFunctionDeclaration(node) &&
      node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true &&
      node.parameters.some(({ type }) => type?.getText() === 'L10n')
        ? [node.name?.text ?? '']
        : [],
    ),
  );
  return new Set(names);
}

/** Where words are asked for without saying in which language, or in English for more than a log. */
export function languageless(file: string, text: string, wording: ReadonlySet<string>): string[] {
  return [...walk(parse(file, text))].flatMap((node) => {
    if (!ts.isCallExpression(node) || !wording.has(node.expression.getText())) return [];
    const language = node.arguments.at(-1)?.getText();
    const isGiven = ['vscode.l10n', 'l10n', 'display'].includes(language ?? '');
    return isGiven || (language === 'english' && ancestorsOf(node).some(isLogCall))
      ? []
      : [`${placeOf(file, node)}: ${node.getText()}`];
  });
}

function isTranslation(node: ts.Node): node is ts.CallExpression {
  return ts.isCallExpression(node) && /(^|\.)l10n\.t$/.test(node.expression.getText());
}

function isLogCall(node: ts.Node): boolean {
  return (
    ts.isCallExpression(node) && /\blog\??\.(info|warn|error|debug|trace)$/.test(node.expression.getText())
  );
}

function isForNobody(node: ts.Node): boolean {
  if (ts.isNewExpression(node) || ts.isImportDeclaration(node)) return true;
  return isTranslation(node) || isLogCall(node) || isQuery(node);
}

function isQuery(node: ts.Node): boolean {
  return ts.isCallExpression(node) && /\.prepare$/.test(node.expression.getText());
}

type Text = ts.StringLiteralLike | ts.TemplateHead | ts.TemplateMiddle | ts.TemplateTail;

function isText(node: ts.Node): node is Text {
  return (
    ts.isStringLiteralLike(node) ||
    ts.isTemplateHead(node) ||
    ts.isTemplateMiddle(node) ||
    ts.isTemplateTail(node)
  );
}

function ancestorsOf(node: ts.Node): ts.Node[] {
  const found: ts.Node[] = [];
  for (let at = node.parent; !ts.isSourceFile(at); at = at.parent) found.push(at);
  return found;
}

function placeOf(file: string, node: ts.Node): string {
  return `${file}:${node.getSourceFile().getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}
