/** Bytes within a URL, as base64. */
export interface DataUrl {
  readonly mediaType: string;
  readonly data: string;
}

/** Reads `data:<media type>[;parameters];base64,<data>`; `undefined` for any other text. Looks at the head only, however long the data. */
export function parseDataUrl(url: string): DataUrl | undefined {
  if (url.slice(0, 5).toLowerCase() !== 'data:') return undefined;
  const comma = url.indexOf(',');
  if (comma < 0 || comma > 200) return undefined;
  const [mediaType = '', ...parameters] = url.slice(5, comma).split(';');
  if (parameters.at(-1)?.trim().toLowerCase() !== 'base64') return undefined;
  return {
    mediaType: mediaType.trim().toLowerCase(),
    data: url.slice(comma + 1),
  };
}

/** The URL of such bytes. */
export function toDataUrl({ mediaType, data }: DataUrl): string {
  return `data:${mediaType};base64,${data}`;
}

/** Whether a URL holds its own bytes. */
export function isDataUrl(url: string): boolean {
  return url.slice(0, 5).toLowerCase() === 'data:';
}
