// @ts-check
import { install } from './install.mjs';
import { ensureSupportedNode } from './node.mjs';

/**
 * What every command does first: a supported Node, and the dependencies.
 * Modules that need either are imported only after this.
 */
export const prepare = async () => {
  if (process.platform === 'win32') {
    const { Refusal } = await import('./terminal.mjs');
    throw new Refusal('This runs on Linux and macOS.', [
      'On Windows use the Windows Subsystem for Linux.',
    ]);
  }
  await ensureSupportedNode();
  await install();
};
