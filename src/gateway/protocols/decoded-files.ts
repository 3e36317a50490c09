import type { LanguageModelV4FilePart } from '@ai-sdk/provider';
import { gatewayLimits } from '../../shared/limits.ts';

type FilePart = Pick<LanguageModelV4FilePart, 'type' | 'data' | 'mediaType' | 'filename'>;

const dataUrl = /^data:([^;,]{0,100})((?:;[^;,]{0,100}){0,4}),/i;
const extensions: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  pdf: 'application/pdf',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  mp4: 'video/mp4',
};

/** A file of these bytes, in base64. */
export function dataFile(mediaType: string, data: string, filename?: string): FilePart {
  return {
    type: 'file',
    mediaType,
    data: { type: 'data', data },
    ...(filename === undefined ? {} : { filename }),
  };
}

/**
 * The file behind a URL, or in a `data:` URL. `fallback` is its media type if the URL does not say it. Undefined for
 * what is no URL.
 */
export function urlFile(url: string, fallback: string, filename?: string): FilePart | undefined {
  const match = dataUrl.exec(url.slice(0, gatewayLimits.dataUrlHeadChars));
  if (match !== null) {
    const [head, mediaType = '', parameters = ''] = match;
    const rest = url.slice(head.length);
    const data = /;base64/i.test(parameters) ? rest : Buffer.from(decoded(rest)).toString('base64');
    return dataFile(mediaType === '' ? fallback : mediaType.toLowerCase(), data, filename);
  }
  if (!URL.canParse(url)) return undefined;
  const parsed = new URL(url);
  if (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') return undefined;
  const extension = /\.([a-z0-9]{2,4})$/i.exec(parsed.pathname)?.[1]?.toLowerCase() ?? '';
  const mediaType = extensions[extension] ?? fallback;
  const named = filename === undefined ? {} : { filename };
  return { type: 'file', mediaType, data: { type: 'url', url: parsed }, ...named };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
