/** Lets the browser save a text as a file. */
export function download(options: {
  fileName: string;
  mediaType: string;
  text: string;
}): void {
  const url = URL.createObjectURL(
    new Blob([options.text], { type: options.mediaType }),
  );
  const link = document.createElement('a');
  link.href = url;
  link.download = options.fileName;
  link.click();
  URL.revokeObjectURL(url);
}
