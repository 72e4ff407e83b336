// @ts-check
import { constants, openSync, write } from 'node:fs';

/** As long as what this gateway writes of a request, its intent and its event together. */
const record = Buffer.alloc(800, 'x');

/**
 * A file that records are appended to and that the disk has before anyone goes on. One write is under way at a time, and takes along all that
 * came during the one before.
 *
 * @param {string} file
 * @returns {() => Promise<void>} appends a record; resolves once the disk has it
 */
export const durableFile = file => {
  const { O_WRONLY, O_CREAT, O_DSYNC } = constants;
  const fd = openSync(file, O_WRONLY | O_CREAT | O_DSYNC, 0o600);
  /** @type {PromiseWithResolvers<void>[]} */
  let waiting = [];
  let isWriting = false;
  const flush = () => {
    if (isWriting || waiting.length === 0) return;
    isWriting = true;
    const group = waiting;
    waiting = [];
    const bytes = Buffer.concat(group.map(() => record));
    write(fd, bytes, (error, written) => {
      isWriting = false;
      for (const { resolve, reject } of group) {
        if (error) reject(error);
        else if (written < bytes.length) reject(new Error('The disk is full'));
        else resolve();
      }
      flush();
    });
  };
  return () => {
    const one = Promise.withResolvers();
    waiting.push(one);
    flush();
    return one.promise;
  };
};
