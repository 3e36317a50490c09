/**
 * The text in one case, so that texts which a server might take for the same compare as equal. There and back, because
 * 'ſ' has no other way to 's', nor the Kelvin sign to 'k', and Go's encoding/json takes them for those.
 */
export function foldCase(text: string): string {
  return text.toLowerCase().toUpperCase().toLowerCase().normalize('NFC');
}

/** The letters and digits of a field's name, in one case: some servers take `maxTokens`, or a padded name, for `max_tokens`. */
export function plainFieldName(name: string): string {
  // Nearly all names, and a body may have millions of them.
  if (/^[ -~]*$/.test(name)) return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  return foldCase(name.normalize('NFKC')).replaceAll(/[^\p{L}\p{N}]/gu, '');
}
